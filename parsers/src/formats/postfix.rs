//! Postfix in syslog: `Jan 19 10:30:02 mx-1 postfix/smtp[4117]: 4B2F7C: to=<ana@example.com>, relay=…, delay=1.2, status=sent`.
//! The queue id is what the entries about one mail share.

use super::syslog_3164;
use crate::format::{Context, Cut, Format};
use crate::record::{Level, Record, field};
use crate::token::text::part_of;
use crate::token::{login, pairs};
use memchr::memchr_iter;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "postfix",
    title: "Postfix",
    reference: "https://www.postfix.org/DEBUG_README.html#logging",
    cut: Cut::Line,
    specificity: 70,
    hint: |i| memchr_iter(b'x', i).any(|n| i.get(..=n).is_some_and(|i| i.ends_with(b"postfix"))),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/postfix/input.log"),
};

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let from = out.len();
    (syslog_3164::FORMAT.parse)(entry, cx, out)?;
    let record = out.get_mut(from)?;
    if !record
        .service
        .as_ref()
        .is_some_and(|s| s.starts_with("postfix"))
    {
        out.truncate(from);
        return None;
    }
    mail(record);
    login::file_sasl(record);
    Some(())
}

fn mail(record: &mut Record<'_>) {
    let message = record.message.clone();
    if let Some((id, _)) = message.split_once(": ")
        && is_queue_id(id)
    {
        record.fields.push(field::REQUEST_ID, part_of(&message, id));
    }
    for (name, value) in pairs::among_words(&message) {
        match name {
            "to" | "from" => {
                let bare = part_of(&message, value.trim_matches(['<', '>']));
                record.fields.push(part_of(&message, name), bare);
            }
            "sasl_username" => record.fields.push(field::USER, part_of(&message, value)),
            "delay" => {
                if let Some(ms) = delay(value) {
                    record.fields.push(field::LATENCY_MS, ms);
                }
            }
            "status" => {
                record.fields.push("outcome", part_of(&message, value));
                record.level = record.level.or(outcome(value));
            }
            _ => {}
        }
    }
}

/// A number of seconds in milliseconds, to the microsecond.
pub(crate) fn delay(seconds: &str) -> Option<f64> {
    let seconds: f64 = seconds.parse().ok()?;
    Some((seconds * 1e6).round() / 1e3)
}

/// How bad it is that the mail had this status.
pub(crate) fn outcome(status: &str) -> Option<Level> {
    match status {
        "bounced" | "undeliverable" => Some(Level::Error),
        "deferred" => Some(Level::Warn),
        _ => None,
    }
}

/// `4B2F7C0A1D`, with long ids `4TGq2x5Vjnz1R9`; `NOQUEUE` is none.
pub(crate) fn is_queue_id(word: &str) -> bool {
    (6..=20).contains(&word.len())
        && word != "NOQUEUE"
        && word.bytes().all(|b| b.is_ascii_alphanumeric())
        && word.bytes().any(|b| b.is_ascii_digit())
}
