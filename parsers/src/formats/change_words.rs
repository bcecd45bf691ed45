//! Changes as scripts and deployment jobs of one's own log them in words, a line a change: `2025-03-11
//! 08:14:02 production shop deployed 4.2.0 by mira`.
//!
//! Everybody writes these in another order. What is common: a word for the change, what was changed, and at
//! least one of where, to what and by whom. A line with a level is a program's log, whatever it is about.

use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::Record;
use crate::stamp::Reading;
use crate::token::change;
use crate::token::date::Order;
use crate::token::level;
use crate::token::text::first_line;
use crate::token::time;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "change-words",
    title: "Change log in words",
    reference: "https://en.wikipedia.org/wiki/Change_management_(IT)",
    cut: Cut::Line,
    specificity: 45,
    hint: |i| {
        i.first()
            .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'[')
    },
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/change-words/input.log"),
};

/// What the head of a file that is a change log teaches; behind it, the services that it names.
const KEPT: &str = "kept";
/// A log of steps of changes, each with a level.
const STEPS: &str = "steps";
/// Such lines that make a log of them.
const FEWEST: usize = 2;
/// Lines of a file's head that are looked at.
const LESSONS: usize = 200;
/// The longest line that is one: a program that tells more than a change is not a change log.
const LONGEST: usize = 240;

/// Whether a program that changes things wrote the file: every line has a level, and tells how far a change has come.
fn are_steps(head: &[u8]) -> bool {
    let lines = cut::first_lines(head, LESSONS).filter(|l| !l.trim_ascii().is_empty());
    let (mut steps, mut others) = (0, 0);
    for line in lines {
        match said(line).and_then(|(said, _)| step(said)) {
            Some(_) => steps += 1,
            None => others += 1,
        }
        // The last line of a head may be cut.
        if others > 1 {
            return false;
        }
    }
    steps >= FEWEST
}

/// A line behind its level, if it tells of a change that begins or ends.
fn step(said: &str) -> Option<(&str, change::Line<'_>)> {
    const STEPS: [&str; 12] = [
        "started",
        "starting",
        "begun",
        "began",
        "finished",
        "completed",
        "complete",
        "done",
        "succeeded",
        "failed",
        "aborted",
        "cancelled",
    ];
    let marks = |c: char| !c.is_alphanumeric();
    let (first, rest) = said.split_once(' ')?;
    level::word(first.trim_matches(marks).as_bytes())?;
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '-' || c == '|');
    let mut words = rest.split_whitespace().take(8);
    let told = words.any(|w| STEPS.contains(&w.trim_matches(marks).to_ascii_lowercase().as_str()));
    let line = change::line(rest).filter(|_| told)?;
    Some((rest, line))
}

/// A file whose lines are changes: whatever it tells of a place, a service or a person is one.
fn learn(head: &[u8]) -> Layout {
    if are_steps(head) {
        let told = cut::first_lines(head, LESSONS).filter_map(|l| Some(step(said(l)?.0)?.0));
        let mut layout = Layout::of_sort(STEPS);
        layout
            .columns
            .extend(change::lessons(told).unwrap_or_default());
        return layout;
    }
    let lines = cut::first_lines(head, LESSONS);
    // Lines without a time are headings and what goes on with the line before.
    let told = lines
        .filter(|l| l.len() <= LONGEST)
        .filter_map(|l| Some(said(l)?.0));
    let Some(known) = change::lessons(told) else {
        return Layout::default();
    };
    let mut layout = Layout::of_sort(KEPT);
    layout.columns.extend(known);
    layout
}

/// A line without its time, and the time.
fn said(line: &[u8]) -> Option<(&str, Reading)> {
    let (said, at) = stamp(line)?;
    let said = std::str::from_utf8(said.trim_ascii()).ok()?;
    Some((said.trim_start_matches(['|', ',', ';', ' ', '\t']), at))
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, more) = first_line(entry);
    if line.len() > LONGEST || !more.is_empty() {
        return None;
    }
    let (said, at) = said(line)?;
    let told = match cx.layout.columns.split_first() {
        Some((sort, known)) if sort == KEPT => change::kept(said, known),
        Some((sort, known)) if sort == STEPS => {
            let (said, told) = step(said)?;
            let kept = change::kept(said, known).filter(|_| !known.is_empty());
            let mut record = kept.unwrap_or(told).record(said);
            record.at = Some(at);
            out.push(record);
            return Some(());
        }
        _ => change::line(said),
    };
    let mut record = told?.record(said);
    record.at = Some(at);
    out.push(record);
    Some(())
}

/// The time at the beginning, in brackets or not, and what stands behind it.
pub(super) fn stamp(line: &[u8]) -> Option<(&[u8], Reading)> {
    let open = line.strip_prefix(b"[");
    let i = open.unwrap_or(line);
    let any = time::any(Order::default());
    let (rest, at) = any(i).or_else(|_| time::time_of_day(i)).ok()?;
    let rest = match open {
        Some(_) => rest.strip_prefix(b"]")?,
        None => rest,
    };
    let rest = rest.strip_prefix(b":").unwrap_or(rest);
    matches!(rest.first(), Some(b' ' | b'\t' | b',' | b'|' | b';')).then(|| (&rest[1..], at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Layout;

    #[test]
    fn what_programs_log_is_no_change() {
        let layout = Layout::default();
        for line in [
            "2025-03-11 08:12:40 INFO deployed shop v4.2.0 to production",
            "2025-03-11 08:12:40 [WARN] restarting worker 7 of shop in production by signal",
            "2025-03-11 08:12:40 restarting worker 7",
            "2025-03-11 08:12:40 shop 4.2.0 started in production",
            "2025-03-11 08:12:40 GET /deploy/shop by mira",
            "2025-03-11 08:12:40 <mira> should we deploy?",
            "deployed shop 4.2.0 to production by mira",
            "2025-03-11 08:12:40 UTC shop read POOL_SIZE in production",
            "2025-03-11T08:12:40.113Z post1 imapd: login: Login: user=<mira@shop.example>, method=PLAIN, rip=10.2.1.9, TLS",
        ] {
            let mut records = Vec::new();
            let cx = Context { layout: &layout };
            assert_eq!(parse(line.as_bytes(), &cx, &mut records), None, "{line}");
        }
    }

    #[test]
    fn a_log_of_steps_with_levels_is_told_by_all_of_its_lines() {
        let steps = "2025-03-11 08:12:40 INFO [production] deploy started: shop v4.2.0 by mira\n\
                     2025-03-11 08:14:10 INFO [production] deploy finished: shop v4.2.0 in 90s\n";
        let sort = |head: &str| learn(head.as_bytes()).columns.into_iter().next();
        assert_eq!(sort(steps).as_deref(), Some(STEPS));
        let program = format!(
            "2025-03-11 08:12:39 INFO 12 orders placed\n2025-03-11 08:12:39 INFO queue drained\n{steps}"
        );
        assert_ne!(sort(&program).as_deref(), Some(STEPS));
    }
}
