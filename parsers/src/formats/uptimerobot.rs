//! UptimeRobot's webhook, whose body is the user's template of its variables. Most have no
//! time: a monitor that comes up says for how long it was down.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, Record, field};
use crate::stamp::{Reading, SECOND, When};
use crate::token::json::Object;
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "uptimerobot",
    title: "UptimeRobot webhook",
    reference: "https://help.uptimerobot.com/en/articles/11360832-webhook-integration",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        memmem::find(i, b"monitorFriendlyName").is_some()
            || memmem::find(i, b"monitor_friendly_name").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/uptimerobot/input.jsonl"),
};

const NAME: &[&str] = &["monitorFriendlyName", "monitor_friendly_name"];
const TYPE: &[&str] = &["alertType", "alert_type"];
const WORD: &[&str] = &["alertTypeFriendlyName", "alert_type_friendly_name"];
const TIME: &[&str] = &["alertDateTime", "alert_date_time", "alertDateTimeUTC"];
const DURATION: &[&str] = &["alertDuration", "alert_duration"];
const DURATION_WORDS: &[&str] = &["alertFriendlyDuration", "alert_friendly_duration"];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_monitor, records, out)
}

fn is_monitor(object: &Object<'_>) -> bool {
    object.text(NAME).is_some() && (object.scalar(TYPE).is_some() || object.text(WORD).is_some())
}

fn state(object: &Object<'_>) -> AlertState {
    let word = object.text(WORD).map(|w| w.to_ascii_lowercase());
    match (word.as_deref(), object.scalar(TYPE).as_deref()) {
        (Some("down"), _) | (None, Some("1")) => AlertState::Firing,
        (Some("up"), _) | (None, Some("2")) => AlertState::Resolved,
        _ => AlertState::Unknown,
    }
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let state = state(object);
    let name = object.text(NAME).unwrap_or_default();
    let details = object.text(&["alertDetails", "alert_details"]);
    let details = details.map_or_else(String::new, |d| format!(": {d}"));
    let mut record = Record::new(Kind::Alert(state), format!("{name}{details}"));
    record.at = payload::time_at(object, TIME);
    record.service = Some(name.clone());
    record.host = object.text(&["monitorURL", "monitor_url"]).and_then(host);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, object, &["monitorID", "monitor_id"]);
    fields.push(field::ALERT, name);
    payload::file_first(fields, "state", object, WORD);
    payload::file_first(fields, "url", object, &["monitorURL", "monitor_url"]);
    let down = object
        .scalar(DURATION)
        .and_then(|d| d.parse::<i64>().ok())
        .or_else(|| seconds(&object.text(DURATION_WORDS)?));
    if let (Some(down), AlertState::Resolved) = (down, state) {
        fields.push("duration_s", down);
        let up = record.at.or(payload.received);
        if let Some(starts) = up.and_then(|at| before(at, down)) {
            fields.push(field::STARTS_AT, starts);
        }
    }
    out.push(record);
}

fn before(at: Reading, seconds: i64) -> Option<Reading> {
    let back = seconds.checked_mul(SECOND)?;
    let when = match at.when {
        When::Instant(n) => When::Instant(n.checked_sub(back)?),
        When::Local(n) => When::Local(n.checked_sub(back)?),
        _ => return None,
    };
    Some(Reading { when, ..at })
}

/// `1 hours, 2 minutes and 5 seconds`
fn seconds(words: &str) -> Option<i64> {
    let mut total = 0i64;
    let mut number = None;
    for word in words.split([' ', ',']).filter(|w| !w.is_empty()) {
        if let Ok(n) = word.parse::<i64>() {
            number = Some(n);
            continue;
        }
        let unit = match word.trim_end_matches('s') {
            "second" | "sec" => 1,
            "minute" | "min" => 60,
            "hour" | "hr" => 3600,
            "day" => 86_400,
            _ => continue,
        };
        total = total.checked_add(number.take()?.checked_mul(unit)?)?;
    }
    (total > 0).then_some(total)
}

/// The machine that an address names.
fn host(url: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let rest = url.split_once("://").map_or(url.as_ref(), |(_, rest)| rest);
    let name = rest.split(['/', ':', '?']).next()?;
    (!name.is_empty()).then(|| Cow::Owned(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn durations_in_words() {
        assert_eq!(seconds("1 minutes and 0 seconds"), Some(60));
        assert_eq!(seconds("2 hours, 3 minutes and 4 seconds"), Some(7384));
        assert_eq!(seconds("*alertFriendlyDuration*"), None);
        assert_eq!(seconds(""), None);
    }
}
