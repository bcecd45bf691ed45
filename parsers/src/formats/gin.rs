//! Gin's access log (Go): `[GIN] 2024/01/19 - 10:30:02 | 502 |  7.4s |  192.0.2.7 | POST  "/cart"`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::duration::{Unit, millis};
use crate::token::text::{first_line, quoted, text, unescape, word};
use crate::token::{blank, time};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "gin",
    title: "Gin access log (Go)",
    reference: "https://gin-gonic.com/en/docs/examples/custom-log-format/",
    cut: Cut::Line,
    specificity: 85,
    hint: |i| i.starts_with(b"[GIN] "),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/gin/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, at) = time::slashed(line.strip_prefix(b"[GIN] ")?).ok()?;
    let mut cells = rest
        .splitn(5, |b| *b == b'|')
        .skip(1)
        .map(<[u8]>::trim_ascii);
    let (status, took) = (cells.next()?, cells.next()?);
    let (client, asked) = (cells.next()?, cells.next()?);
    let status: i64 = std::str::from_utf8(status).ok()?.parse().ok()?;
    let (rest, method) = word(asked).ok()?;
    let (_, target) = quoted(blank(rest)).ok()?;
    let target = unescape(target);
    let path = target.split('?').next().unwrap_or_default().to_owned();

    let mut record = Record::new(Kind::Access, format!("{} {target} {status}", text(method)));
    record.at = Some(at);
    record.fields.push(field::METHOD, method);
    record.fields.push(field::PATH, path);
    record.fields.push(field::STATUS, status);
    record.fields.push(field::CLIENT, client);
    if let Some(ms) = millis(&text(took), Unit::Seconds) {
        record.fields.push(field::LATENCY_MS, ms);
    }
    out.push(record);
    Some(())
}
