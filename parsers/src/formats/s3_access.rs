//! Access logs of Amazon S3:
//! `owner bucket [19/Jan/2024:10:30:02 +0000] 192.0.2.7 requester 3E57427F REST.GET.OBJECT key "GET /key HTTP/1.1" 200 - 113 - 7 5 "-" "agent" -`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::text::{bracketed, first_line, quoted, text, word};
use crate::token::{Found, blank, time};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "s3-access",
    title: "Amazon S3 access log",
    reference: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html",
    cut: Cut::Line,
    specificity: 90,
    hint: |i| i.first().is_some_and(u8::is_ascii_alphanumeric),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/s3-access/input.log"),
};

/// The next column, which may be quoted.
fn column(i: &[u8]) -> Found<'_, &[u8]> {
    let i = blank(i);
    quoted(i).or_else(|_| word(i))
}

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    (FORMAT.hint)(entry).then_some(())?;
    let (line, _) = first_line(entry);
    let (rest, _owner) = column(line).ok()?;
    let (rest, bucket) = column(rest).ok()?;
    let (rest, stamp) = bracketed(blank(rest)).ok()?;
    let (_, at) = time::clf(stamp).ok()?;
    let mut columns = [&b""[..]; 11];
    let mut rest = blank(rest);
    let said = rest;
    for place in &mut columns {
        (rest, *place) = column(rest).ok()?;
    }
    let [
        client,
        requester,
        request,
        operation,
        _key,
        asked,
        status,
        error,
        _,
        _,
        total,
    ] = columns;
    // `REST.GET.OBJECT`, `BATCH.DELETE.OBJECT`, `S3.EXPIRE.OBJECT`
    if !operation.contains(&b'.') {
        return None;
    }
    let mut record = Record::new(Kind::Access, text(said));
    record.at = Some(at);
    let named = [
        ("bucket", bucket),
        ("operation", operation),
        (field::CLIENT, client),
        (field::USER, requester),
        (field::REQUEST_ID, request),
        (field::ERROR, error),
    ];
    for (name, value) in named {
        if value != b"-" {
            record.fields.push(name, value);
        }
    }
    let mut words = asked.split(|b| *b == b' ');
    match (words.next(), words.next()) {
        (Some(method), Some(target)) => {
            record.fields.push(field::METHOD, method);
            let path = target.split(|b| *b == b'?').next().unwrap_or(target);
            record.fields.push(field::PATH, path);
        }
        _ => record.kind = Kind::Log, // a lifecycle rule, not a request
    }
    let number = |i: &[u8]| std::str::from_utf8(i).ok()?.parse::<i64>().ok();
    if let Some(status) = number(status) {
        record.fields.push(field::STATUS, status);
    }
    if let Some(total) = number(total).and_then(|ms| i32::try_from(ms).ok()) {
        record.fields.push(field::LATENCY_MS, f64::from(total));
    }
    out.push(record);
    Some(())
}
