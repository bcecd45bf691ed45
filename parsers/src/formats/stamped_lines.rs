//! Lines of programs behind the stamp of who kept them, as CloudWatch exports them to S3 and `aws logs tail` prints
//! them: the keeper's time, perhaps the stream's name, and an object or pairs as the program wrote them.

use super::store_export::origin;
use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::Record;
use crate::stamp::Reading;
use crate::token::text::first_line;
use crate::token::time;
use crate::token::wrapped;
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "stamped-lines",
    title: "Lines behind a store's stamp (CloudWatch, S3)",
    reference: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3Export.html",
    cut: Cut::Line,
    specificity: 40,
    hint: |i| i.first().is_some_and(u8::is_ascii_digit),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/stamped-lines/input.log"),
};

/// A line: when it was kept, the stream that it is of, what the program wrote.
struct Kept<'a> {
    at: Reading,
    stream: Option<&'a str>,
    said: &'a [u8],
}

fn learn(head: &[u8]) -> Layout {
    let lines = cut::lines(head).filter_map(|r| kept(head.get(r)?));
    wrapped::layout_of_spoken(lines.map(|l| (l.stream.unwrap_or_default(), Cow::Borrowed(l.said))))
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, more) = first_line(entry);
    let kept = kept(line)?;
    let from = out.len();
    wrapped::read_spoken(kept.said, Some(kept.at), cx.layout, out)?;
    for record in out.iter_mut().skip(from) {
        record.continues = false;
        if let Some(stream) = kept.stream {
            record.fields.push("logStreamName", stream);
            record.service = record.service.take().or_else(|| origin(record));
        }
        if !more.trim_ascii().is_empty() {
            let rest = String::from_utf8_lossy(more);
            record.message = Cow::Owned(format!("{}\n{}", record.message, rest.trim_end()));
        }
    }
    Some(())
}

/// `2024-06-11T08:58:12.004Z {…}`, `2024-06-11T08:58:12.004000+00:00 quay/quay/0f3c… level=info …`
fn kept(line: &[u8]) -> Option<Kept<'_>> {
    let (rest, at) = time::iso(line).ok()?;
    let said = rest
        .strip_prefix(b" ")
        .or_else(|| rest.strip_prefix(b"\t"))?;
    if is_spoken(said) {
        return Some(Kept {
            at,
            stream: None,
            said,
        });
    }
    // A stream's name has parts.
    let end = said.iter().position(|b| *b == b' ')?;
    let (stream, said) = said.split_at(end);
    let stream = std::str::from_utf8(stream).ok()?;
    let said = said.trim_ascii_start();
    (stream.contains('/') && is_spoken(said)).then_some(Kept {
        at,
        stream: Some(stream),
        said,
    })
}

/// What has names for its parts: an object, or pairs that begin with their time or level.
fn is_spoken(said: &[u8]) -> bool {
    const NAMES: [&[u8]; 5] = [b"ts=", b"time=", b"level=", b"lvl=", b"timestamp="];
    said.starts_with(b"{") || NAMES.iter().any(|name| said.starts_with(name))
}
