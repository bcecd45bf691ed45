//! Docker's `json-file` driver: one JSON object around every line that a container writes.

use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::Record;
use crate::token::ansi;
use crate::token::json::{self, Json, Object};
use crate::token::payload;
use crate::token::wrapped::{self, Line};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "docker-json",
    title: "Docker json-file",
    reference: "https://docs.docker.com/engine/logging/drivers/json-file/",
    cut: Cut::Line,
    specificity: 92,
    hint: |i| i.starts_with(b"{") && memmem::find(i, b"\"stream\"").is_some(),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/docker-json/input.log"),
};

fn learn(head: &[u8]) -> Layout {
    if !(FORMAT.hint)(head) {
        return Layout::default();
    }
    let lines = cut::lines(head).filter_map(|r| line(head.get(r)?));
    wrapped::layout(lines.map(|l| l.text))
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let mut lines = cut::lines(entry).filter(|r| !r.is_empty());
    let first = line(entry.get(lines.next()?)?)?;
    let rest = lines.filter_map(|r| line(entry.get(r)?));
    wrapped::read(std::iter::once(first).chain(rest).collect(), cx.layout, out)
}

/// Whether this is the driver's own object, not one of a shipper that adds to it.
pub(super) fn is_wrapper(object: &Object<'_>) -> bool {
    let known = |name: &str| matches!(name, "log" | "stream" | "time" | "attrs");
    ["log", "stream", "time"]
        .iter()
        .all(|n| object.get(n).is_some())
        && object.iter().all(|(name, _)| known(name))
}

fn line(bytes: &[u8]) -> Option<Line<'_>> {
    let object = json::object(bytes).filter(is_wrapper)?;
    let Some(Json::Text(log)) = object.get("log") else {
        return None;
    };
    let whole = log.without_line_end();
    let text = match whole.decode() {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        // Colours hide as escapes within the JSON string.
        Cow::Owned(text) => Cow::Owned(ansi::strip(text.as_bytes()).into_owned()),
    };
    Some(Line {
        at: Some(payload::time_at(&object, &["time"])?),
        stream: Some(object.text(&["stream"])?),
        text,
        // The driver keeps the line end; what has none was broken at 16 KiB.
        partial: whole.raw().len() == log.raw().len(),
    })
}
