//! OpenStack's services (oslo.log):
//! `2024-01-19 10:30:02.118 4117 INFO nova.api.server [req-… user project - - -] message`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::text::{bracketed, first_line, message_from, quoted, text, word};
use crate::token::{blank, level, time, trace};
use memchr::memmem;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "openstack",
    title: "OpenStack (oslo.log)",
    reference: "https://docs.openstack.org/oslo.log/latest/configuration/index.html",
    cut: Cut::Line,
    specificity: 70,
    hint: |i| i.iter().take(200).any(u8::is_ascii_digit),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/openstack/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, more) = first_line(entry);
    // Collected files may have the name of the file in front.
    let dated = if line.first().is_some_and(u8::is_ascii_digit) {
        line
    } else {
        blank(word(line).ok()?.0)
    };
    let (rest, at) = time::iso(dated).ok()?;
    let (rest, pid) = word(blank(rest)).ok()?;
    pid.iter().all(u8::is_ascii_digit).then_some(())?;
    let (rest, level) = level::level(blank(rest)).ok()?;
    let (rest, logger) = word(blank(rest)).ok()?;
    let (rest, context) = bracketed(blank(rest)).ok()?;
    let mut ids = context.split(|b| *b == b' ').filter(|w| !w.is_empty());
    let request = ids.next()?;
    if request != b"-" && !request.starts_with(b"req-") && !request.starts_with(b"None") {
        return None;
    }
    let said = blank(rest);
    let mut record = Record::new(Kind::Log, message_from(entry, said));
    record.at = Some(at);
    record.level = Some(level);
    record.service = logger.split(|b| *b == b'.').next().map(text);
    record.fields.push(field::LOGGER, logger);
    record.fields.push("pid", pid);
    if request.starts_with(b"req-") {
        record.fields.push(field::REQUEST_ID, request);
        // Since 2022 the id of the caller's request may stand between.
        let mut ids = ids.filter(|id| !id.starts_with(b"req-"));
        for name in [field::USER, "project"] {
            if let Some(id) = ids.next().filter(|id| *id != b"-" && *id != b"None") {
                record.fields.push(name, id);
            }
        }
    }
    served(&mut record, said);
    if let Some(class) = trace::error_class(said).or_else(|| trace::error_class(more)) {
        record.fields.push(field::ERROR, class);
    }
    out.push(record);
    Some(())
}

/// `192.0.2.7 "GET /v2/servers HTTP/1.1" status: 200 len: 1893 time: 0.2477829`.
fn served<'a>(record: &mut Record<'a>, said: &'a [u8]) -> Option<()> {
    let open = memchr::memchr(b'"', said)?;
    let (rest, request) = quoted(said.get(open..)?).ok()?;
    let value = |key: &[u8]| {
        let at = memmem::find(rest, key)?;
        let (_, value) = word(blank(rest.get(at + key.len()..)?)).ok()?;
        std::str::from_utf8(value).ok()
    };
    let status: i64 = value(b"status:")?.parse().ok()?;
    let mut words = request.split(|b| *b == b' ');
    let (method, target) = (words.next()?, words.next()?);
    record.kind = Kind::Access;
    if let Ok((_, client)) = word(said)
        && !client.starts_with(b"\"")
    {
        let client = client.split(|b| *b == b',').next().unwrap_or(client);
        record.fields.push(field::CLIENT, client);
    }
    record.fields.push(field::METHOD, method);
    let path = target.split(|b| *b == b'?').next().unwrap_or(target);
    record.fields.push(field::PATH, path);
    record.fields.push(field::STATUS, status);
    if let Some(seconds) = value(b"time:").and_then(|v| v.parse::<f64>().ok()) {
        // To the microsecond.
        let ms = (seconds * 1e6).round() / 1e3;
        record.fields.push(field::LATENCY_MS, ms);
    }
    Some(())
}
