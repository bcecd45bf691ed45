//! The systemd journal as `journalctl -o json` writes it.

use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, Level, Record, field};
use crate::stamp::Reading;
use crate::token::json::{self, Json};
use crate::token::{account, ansi, level, named, trace, wrapped};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "journald-json",
    title: "systemd journal (JSON)",
    reference: "https://systemd.io/JOURNAL_EXPORT_FORMATS/#journal-json-format",
    cut: Cut::Json,
    specificity: 85,
    hint: |i| i.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{'),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/journald-json/input.jsonl"),
};

/// The formats that programs speak in their messages.
fn learn(head: &[u8]) -> Layout {
    let entries = cut::json(head, 0, false).0.into_iter();
    let said: Vec<(String, String)> = entries
        .filter_map(|range| {
            let object = json::object(head.get(range)?)?;
            let text = |name: &str| object.get(name).and_then(first);
            let program = text("SYSLOG_IDENTIFIER").unwrap_or_default();
            Some((program.into_owned(), text("MESSAGE")?.into_owned()))
        })
        .collect();
    let lines = said.iter().map(|(name, text)| (name.as_str(), text));
    wrapped::layout_of_spoken(lines.map(|(name, text)| (name, Cow::Borrowed(text.as_bytes()))))
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let object = json::object(entry)?;
    let micros = first(object.get("__REALTIME_TIMESTAMP")?)?;
    let at = realtime(&micros)?;
    let message = object.get("MESSAGE").and_then(first).unwrap_or_default();
    let get = |name: &str| object.get(name).and_then(first);
    let mut record = record(at, message, &get);
    for (name, value) in object.iter() {
        if !is_known(name)
            && let Some(value) = first(value).filter(|v| !v.is_empty())
        {
            record.fields.push(name.clone(), value);
        }
    }
    wrapped::push_spoken(record, cx.layout, out);
    Some(())
}

/// Microseconds since 1970.
pub(super) fn realtime(micros: &str) -> Option<Reading> {
    let micros: i64 = micros.trim().parse().ok().filter(|m| *m > 0)?;
    Some(Reading::instant(micros.checked_mul(1000)?, 6))
}

/// What the journal's fields say, wherever they come from.
pub(super) fn record<'a>(
    at: Reading,
    message: Cow<'a, str>,
    get: &dyn Fn(&str) -> Option<Cow<'a, str>>,
) -> Record<'a> {
    let message = match ansi::strip(message.as_bytes()) {
        Cow::Borrowed(_) => message,
        Cow::Owned(plain) => Cow::Owned(String::from_utf8_lossy(&plain).into_owned()),
    };
    let mut record = Record::new(Kind::Log, message);
    record.at = Some(at);
    record.level = severity(get("PRIORITY").as_deref(), &record.message);
    let unit = || {
        let unit = get("_SYSTEMD_UNIT").or_else(|| get("_SYSTEMD_USER_UNIT"))?;
        let name = unit.strip_suffix(".service").map(str::to_owned);
        Some(name.map_or(unit, Cow::Owned))
    };
    record.service = get("CONTAINER_NAME")
        .or_else(|| get("SYSLOG_IDENTIFIER"))
        .or_else(|| get("_COMM"))
        .or_else(unit);
    record.host = get("_HOSTNAME");
    for (name, key) in [("pid", "_PID"), ("unit", "_SYSTEMD_UNIT")] {
        if let Some(value) = get(key) {
            record.fields.push(name, value);
        }
    }
    account::file(&mut record);
    if let Some(class) = trace::error_class(record.message.as_bytes()) {
        let class = class.to_owned();
        record.fields.push(field::ERROR, class);
    }
    named::gather(&mut record);
    record
}

/// What a service prints has the priority of its stream; a level in the words is surer.
fn severity(priority: Option<&str>, message: &str) -> Option<Level> {
    let stated = priority.and_then(|p| level::syslog(p.trim().parse().ok()?));
    match stated {
        Some(Level::Info) | None => level::spotted(message.as_bytes()).or(stated),
        stated => stated,
    }
}

/// Fields that say nothing about what happened, or that the record has already.
pub(super) fn is_known(name: &str) -> bool {
    matches!(
        name,
        "MESSAGE"
            | "PRIORITY"
            | "SYSLOG_IDENTIFIER"
            | "SYSLOG_TIMESTAMP"
            | "SYSLOG_RAW"
            | "_HOSTNAME"
            | "_PID"
            | "_SYSTEMD_UNIT"
            | "_SOURCE_REALTIME_TIMESTAMP"
            | "_SOURCE_BOOTTIME_TIMESTAMP"
            | "_SOURCE_MONOTONIC_TIMESTAMP"
            | "_BOOT_ID"
            | "_MACHINE_ID"
            | "_CAP_EFFECTIVE"
            | "_STREAM_ID"
            | "_SYSTEMD_CGROUP"
            | "_SYSTEMD_SLICE"
            | "_SYSTEMD_INVOCATION_ID"
            | "_RUNTIME_SCOPE"
            | "_SELINUX_CONTEXT"
    ) || name.starts_with("__")
}

/// The value of a field: of several the first, of bytes (what is no UTF-8 or holds control
/// characters is an array of numbers) their text. What was too long is null.
fn first<'a>(value: &Json<'a>) -> Option<Cow<'a, str>> {
    match value {
        Json::List(list) => match list.first()? {
            Json::Number(_) => bytes(list),
            other => first(other),
        },
        other => other.scalar(),
    }
}

fn bytes<'a>(list: &[Json<'_>]) -> Option<Cow<'a, str>> {
    let bytes: Option<Vec<u8>> = list
        .iter()
        .map(|n| match n {
            Json::Number(n) => n.parse().ok(),
            _ => None,
        })
        .collect();
    Some(Cow::Owned(String::from_utf8_lossy(&bytes?).into_owned()))
}
