//! Uvicorn's access log (Python): `INFO:     192.0.2.7:50112 - "GET /cart HTTP/1.1" 502 Bad Gateway`.
//! It states no time: whoever collects it does.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::text::{first_line, quoted, text, without_port, word};
use crate::token::{blank, level, number};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "uvicorn",
    title: "Uvicorn access log (Python)",
    reference: "https://www.uvicorn.org/settings/#logging",
    cut: Cut::Line,
    specificity: 85,
    hint: |i| i.first().is_some_and(u8::is_ascii_uppercase),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/uvicorn/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    (FORMAT.hint)(entry).then_some(())?;
    let (line, _) = first_line(entry);
    let (rest, severity) = level::level(line).ok()?;
    let (rest, client) = word(blank(rest.strip_prefix(b":")?)).ok()?;
    let asked = blank(rest).strip_prefix(b"- ")?;
    let (rest, request) = quoted(asked).ok()?;
    let (rest, status) = number(3, 3)(blank(rest)).ok()?;
    if !rest.is_empty() && !rest.starts_with(b" ") {
        return None;
    }
    let mut words = request.split(|b| *b == b' ');
    let (method, target) = (words.next()?, words.next()?);
    words.next()?.starts_with(b"HTTP/").then_some(())?;
    let path = target.split(|b| *b == b'?').next().unwrap_or(target);

    let mut record = Record::new(Kind::Access, text(asked));
    record.level = Some(severity);
    record.fields.push(field::METHOD, method);
    record.fields.push(field::PATH, path);
    record.fields.push(field::STATUS, status);
    let client = text(client);
    record
        .fields
        .push(field::CLIENT, without_port(&client).to_owned());
    out.push(record);
    Some(())
}
