//! The log of a container runtime (containerd, CRI-O): a stamp, the stream and whether the
//! line is full before every line that a container writes.

use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::Record;
use crate::token::time;
use crate::token::wrapped::{self, Line};
use nom::branch::alt;
use nom::bytes::complete::{tag, take_till};
use nom::character::complete::char;
use nom::{IResult, Parser};
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "cri",
    title: "Kubernetes container log (CRI)",
    reference: "https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md",
    cut: Cut::Line,
    specificity: 92,
    hint: |i| i.first().is_some_and(u8::is_ascii_digit),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/cri/input.log"),
};

fn learn(head: &[u8]) -> Layout {
    let lines = cut::lines(head).filter_map(|r| line(head.get(r)?).ok());
    wrapped::layout(lines.map(|(_, l)| l.text))
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let mut lines = cut::lines(entry).filter(|r| !r.is_empty());
    let (_, first) = line(entry.get(lines.next()?)?).ok()?;
    let rest = lines.filter_map(|r| line(entry.get(r)?).ok());
    let rest = rest.map(|(_, line)| line);
    wrapped::read(std::iter::once(first).chain(rest).collect(), cx.layout, out)
}

/// `2024-01-19T10:30:02.118042007Z stderr F text`; further tags may follow the first
/// after a colon, and an empty line has no text.
pub(super) fn line(i: &[u8]) -> IResult<&[u8], Line<'_>, ()> {
    let (i, at) = time::iso(i)?;
    let (i, _) = char(' ').parse(i)?;
    let (i, stream) = alt((tag("stdout"), tag("stderr"))).parse(i)?;
    let (i, _) = char(' ').parse(i)?;
    let (i, mark) = alt((char('F'), char('P'))).parse(i)?;
    let (i, _) = take_till(|b| b == b' ').parse(i)?;
    let text = Cow::Borrowed(i.get(1..).unwrap_or_default());
    let line = Line {
        at: Some(at),
        stream: Some(String::from_utf8_lossy(stream)),
        text,
        partial: mark == 'P',
    };
    Ok((&[], line))
}
