//! What `kubectl logs --prefix` prints of several pods: pod and container before every line, and with
//! `--timestamps` the time at which the line was read.

use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::Record;
use crate::token::pod::workload;
use crate::token::time;
use crate::token::wrapped::{self, Line};
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::char;
use nom::combinator::opt;
use nom::sequence::terminated;
use nom::{IResult, Parser};
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "kubectl-logs",
    title: "kubectl logs --prefix",
    reference: "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_logs/",
    cut: Cut::Line,
    specificity: 91,
    hint: |i| i.starts_with(b"[pod/"),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/kubectl-logs/input.log"),
};

fn learn(head: &[u8]) -> Layout {
    let plain = crate::token::ansi::strip(head);
    let lines = cut::lines(&plain).filter_map(|r| line(plain.get(r)?).ok());
    wrapped::layout_of_named(lines.map(|(_, (pod, _, l))| (workload(pod), l.text)))
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let first = cut::lines(entry).find(|r| !r.is_empty())?;
    let (_, (pod, container, _)) = line(entry.get(first)?).ok()?;
    let from = out.len();
    let read = |i: &'a [u8]| line(i).ok().map(|(_, (pod, _, line))| (pod, line));
    wrapped::read_named(entry, cx.layout, read, out)?;
    // A pod's name tells whose it is; what runs in it may be any product.
    let named = |rest: &str| rest.starts_with('-');
    let service = match pod.strip_prefix(container).is_some_and(named) {
        true => container,
        false => workload(pod),
    };
    for record in out.iter_mut().skip(from) {
        record.service.get_or_insert(Cow::Borrowed(service));
        record.host.get_or_insert(Cow::Borrowed(pod));
        record.fields.push("container", container);
    }
    Some(())
}

/// `[pod/web-6d4b75cb6d-hx2lq/web] 2024-01-19T10:30:02.118042007Z text`
fn line(i: &[u8]) -> IResult<&[u8], (&str, &str, Line<'_>), ()> {
    let name = || take_while1(|b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    let (i, _) = tag("[pod/").parse(i)?;
    let (i, pod) = name().parse(i)?;
    let (i, _) = char('/').parse(i)?;
    let (i, container) = name().parse(i)?;
    let (i, _) = char(']').parse(i)?;
    let (i, _) = opt(char(' ')).parse(i)?;
    let (text, at) = opt(terminated(time::iso, opt(char(' ')))).parse(i)?;
    // A program's own time has no zone or stands behind kubectl's.
    let (text, at) = match at {
        Some(at) if i.get(10) == Some(&b'T') => (text, Some(at)),
        _ => (i, None),
    };
    let line = Line {
        at,
        stream: None,
        text: Cow::Borrowed(text),
        partial: false,
    };
    let utf8 = |name| std::str::from_utf8(name).map_err(|_| nom::Err::Error(()));
    Ok((&[], (utf8(pod)?, utf8(container)?, line)))
}
