//! Alerts as scripts log them in words, a line a change of state: `2025-05-07T21:14:20Z [FIRING:1] OrdersSlow
//! (orders prod page) p99 above 3 s`, `21:14 PROBLEM: …` and later `RECOVERY: …`.
//!
//! Programs shout CRITICAL, too. So the head of the file decides: words that only alerts have, or both
//! an alert and its end.

use super::change_words::stamp;
use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{AlertState, Kind, Record, field};
use crate::token::alert::{Labels, state};
use crate::token::payload;
use crate::token::text::first_line;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "alert-words",
    title: "Log of alerts in words",
    reference: "https://prometheus.io/docs/alerting/latest/notifications/",
    cut: Cut::Line,
    specificity: 46,
    hint: |i| {
        i.first()
            .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'[')
    },
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/alert-words/input.log"),
};

/// The longest line that is one.
const LONGEST: usize = 400;
/// Lines of a file's head that are looked at.
const LESSONS: usize = 100;

fn learn(head: &[u8]) -> Layout {
    let (mut all, mut told, mut own) = (0, 0, false);
    let (mut begins, mut ends) = (false, false);
    for line in cut::first_lines(head, LESSONS) {
        all += 1;
        let Some(alert) = alert(line) else { continue };
        told += 1;
        own |= alert.own;
        begins |= matches!(alert.state, AlertState::Firing | AlertState::Pending);
        ends |= alert.state == AlertState::Resolved;
    }
    match (own || begins && ends) && told * 5 >= all * 4 {
        true => Layout::of_sort("alerts"),
        false => Layout::default(),
    }
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let _ = cx.layout.columns.first()?;
    (FORMAT.hint)(entry).then_some(())?;
    let (line, _) = first_line(entry);
    let alert = alert(line)?;
    let mut record = Record::new(Kind::Alert(alert.state), alert.message);
    record.at = Some(stamp(line)?.1);
    record.service = alert.labels.service.map(Cow::Borrowed);
    record.host = alert.labels.host.map(Cow::Borrowed);
    let severity = alert.labels.severity;
    let ends = alert.state == AlertState::Resolved;
    record.level = severity
        .or(alert.grade.filter(|_| !ends))
        .and_then(payload::severity);
    let fields = &mut record.fields;
    fields.push_known([
        (field::ID, alert.labels.id),
        (field::ALERT, alert.name),
        (field::SEVERITY, severity.or(alert.grade)),
        (field::ENVIRONMENT, alert.labels.environment),
    ]);
    out.push(record);
    Some(())
}

/// What a line tells.
struct Alert<'l> {
    state: AlertState,
    /// The word is of alerts alone.
    own: bool,
    /// How bad it is, by the word itself.
    grade: Option<&'static str>,
    name: Option<&'l str>,
    labels: Labels<'l>,
    message: &'l str,
}

fn alert(line: &[u8]) -> Option<Alert<'_>> {
    if line.len() > LONGEST {
        return None;
    }
    let (said, _) = stamp(line)?;
    let said = std::str::from_utf8(said.trim_ascii()).ok()?;
    let mut front = said.split_whitespace().take(4).enumerate();
    let (place, word, told) = front.find_map(|(n, w)| {
        let told = state(w)?;
        // Further on only words that nobody else writes.
        (n == 0 || told.1).then_some((n, w, told))
    })?;
    let end = word.as_ptr() as usize - said.as_ptr() as usize + word.len();
    let rest = said.get(end..)?;
    let rest = rest.trim_start_matches([' ', '\t', ':', '-', '|', ';', ',', '*']);
    let (state, own, grade) = told;
    let labels = Labels::of(rest);
    let plain = |w: &str| w.trim_matches(['*', ':', ',', '|', '"', ';']).len() > 1;
    let first = match place {
        0 => rest.split_whitespace().find(|w| plain(w) && !is_filler(w)),
        _ => said.split_whitespace().next(),
    };
    let name = labels.name.or_else(|| {
        let bare = first?.trim_matches(['*', ':', ',', '|', '"', ';']);
        (!bare.contains('=') && bare.starts_with(char::is_alphabetic)).then_some(bare)
    });
    (!rest.is_empty() && name.is_some()).then_some(())?;
    Some(Alert {
        state,
        own,
        grade,
        name,
        labels,
        message: rest,
    })
}

/// Words between the state and the name.
fn is_filler(word: &str) -> bool {
    let lower = word
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_ascii_lowercase();
    ["alert", "alerts", "service", "host", "is", "check", "for"].contains(&lower.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(AlertState, Option<String>, Option<String>)> {
        let layout = learn(text.as_bytes());
        let cx = Context { layout: &layout };
        let mut out = Vec::new();
        for line in text.lines() {
            let _ = parse(line.as_bytes(), &cx, &mut out);
        }
        let state = |r: &Record<'_>| match r.kind {
            Kind::Alert(state) => state,
            _ => AlertState::Unknown,
        };
        let name = |r: &Record<'_>| r.fields.text(field::ALERT).map(str::to_owned);
        let service = |r: &Record<'_>| r.service.as_deref().map(str::to_owned);
        out.iter()
            .map(|r| (state(r), name(r), service(r)))
            .collect()
    }

    #[test]
    fn states_names_and_services() {
        let told = |state, name: &str, service: &str| {
            let some = |t: &str| (!t.is_empty()).then(|| t.to_owned());
            (state, some(name), some(service))
        };
        for (line, state, name, service) in [
            (
                "2025-05-07T21:14:20Z FIRING: OrdersSlow service=orders p99",
                AlertState::Firing,
                "OrdersSlow",
                "orders",
            ),
            (
                "2025-05-07T21:14:20Z [RESOLVED:2] OrdersSlow (orders prod page)",
                AlertState::Resolved,
                "OrdersSlow",
                "orders",
            ),
            (
                "2025-05-07 21:14:20 OrdersSlow FIRING service=orders",
                AlertState::Firing,
                "OrdersSlow",
                "orders",
            ),
            (
                "[2025-05-07 21:14:20] FIRING {alertname=\"OrdersSlow\",app=\"orders\"}",
                AlertState::Firing,
                "OrdersSlow",
                "orders",
            ),
        ] {
            assert_eq!(read(line), [told(state, name, service)], "{line}");
        }
        let both = "2025-05-07 21:14:20 PROBLEM: kiosk-7/ping is CRITICAL\n2025-05-07 21:20:00 RECOVERY: kiosk-7/ping is OK\n";
        let expected = [
            told(AlertState::Firing, "kiosk-7/ping", ""),
            told(AlertState::Resolved, "kiosk-7/ping", ""),
        ];
        assert_eq!(read(both), expected);
    }

    #[test]
    fn what_programs_shout_is_no_alert() {
        for text in [
            "2025-05-07 21:14:20 CRITICAL: database is gone\n2025-05-07 21:14:21 WARNING: retry\n",
            "2025-05-07 21:14:20 INFO start\n2025-05-07 21:14:21 CRITICAL gone\n2025-05-07 21:14:21 INFO OK\n",
            "2025-05-07 21:14:20 ERROR the alert is FIRING now\n2025-05-07 21:14:21 INFO x\n",
            "2025-05-07 21:14:20 the promise was resolved\n",
        ] {
            assert_eq!(read(text), [], "{text}");
        }
    }
}
