//! The table that `kubectl get events` and `kubectl events` print. It tells ages, not times:
//! without knowing when it was printed, its entries have no date.

use super::kubernetes_event;
use crate::format::{Context, Cut, Format};
use crate::record::{Level, Record};
use crate::token::text::first_line;
use crate::token::{Found, NOT};
use memchr::memmem;
use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::combinator::{opt, recognize};
use nom::multi::many1_count;
use nom::sequence::{delimited, preceded, terminated};

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "kubectl-events",
    title: "Kubernetes events (kubectl table)",
    reference: "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_events/",
    cut: Cut::Line,
    specificity: 85,
    hint: |i| {
        memmem::find(i, b"Normal").is_some()
            || memmem::find(i, b"Warning").is_some()
            || memmem::find(i, b"LAST SEEN").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/kubectl-events/input.txt"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    if is_header(line) {
        return Some(());
    }
    let (_, row) = row(line).ok()?;
    let text = |bytes: &'a [u8]| String::from_utf8_lossy(bytes);
    let (kind, name) = (text(row.kind), text(row.name));
    let reason = text(row.reason);
    let mut record = kubernetes_event::about(&reason, text(row.message), &kind, name);
    record.level = Some(if row.sort == b"Warning" {
        Level::Warn
    } else {
        Level::Info
    });
    if let Some(namespace) = row.namespace {
        record.fields.push("namespace", text(namespace));
        kubernetes_event::place(&mut record, &text(namespace));
    }
    record.fields.push("age", text(row.age));
    if let Some(repeats) = row.repeats {
        record.fields.push("repeats", text(repeats));
    }
    out.push(record);
    Some(())
}

fn is_header(line: &[u8]) -> bool {
    let line = line.strip_prefix(b"NAMESPACE").unwrap_or(line).trim_ascii();
    line.starts_with(b"LAST SEEN") && memmem::find(line, b"REASON").is_some()
}

struct Row<'a> {
    namespace: Option<&'a [u8]>,
    age: &'a [u8],
    repeats: Option<&'a [u8]>,
    sort: &'a [u8],
    reason: &'a [u8],
    kind: &'a [u8],
    name: &'a [u8],
    message: &'a [u8],
}

fn row(line: &[u8]) -> Found<'_, Row<'_>> {
    let (rest, namespace) = opt(terminated(word, gap)).parse(line)?;
    // The first word is the age where no namespace stands before it.
    let (rest, namespace) = match age(line) {
        Ok(_) => (line, None),
        Err(_) => (rest, namespace),
    };
    let (rest, age) = age(rest)?;
    let repeated = delimited(tag("("), take_while1(|b| b != b')' && b != b'('), tag(")"));
    let (rest, repeats) = opt(preceded(gap, repeated)).parse(rest)?;
    let sort = alt((tag("Normal"), tag("Warning")));
    let (rest, sort) = delimited(gap, sort, gap).parse(rest)?;
    let (rest, reason) = terminated(word, gap).parse(rest)?;
    let (rest, kind) = terminated(take_while1(is_name), tag("/")).parse(rest)?;
    let (rest, name) = word(rest)?;
    let row = Row {
        namespace,
        age,
        repeats,
        sort,
        reason,
        kind,
        name,
        message: rest.trim_ascii(),
    };
    Ok((&[], row))
}

/// `29m`, `3m29s`, `2d3h`, `<unknown>`
fn age(i: &[u8]) -> Found<'_, &[u8]> {
    let part = (
        take_while1(|b: u8| b.is_ascii_digit()),
        alt((tag("ms"), unit)),
    );
    let (rest, found) = alt((
        tag("<unknown>"),
        tag("<invalid>"),
        recognize(many1_count(part)),
    ))
    .parse(i)?;
    match rest.first() {
        Some(b' ' | b'\t') => Ok((rest, found)),
        _ => Err(NOT),
    }
}

fn unit(i: &[u8]) -> Found<'_, &[u8]> {
    alt((tag("s"), tag("m"), tag("h"), tag("d"), tag("y"))).parse(i)
}

fn gap(i: &[u8]) -> Found<'_, &[u8]> {
    take_while1(|b| b == b' ' || b == b'\t').parse(i)
}

fn word(i: &[u8]) -> Found<'_, &[u8]> {
    take_while1(|b: u8| !b.is_ascii_whitespace()).parse(i)
}

fn is_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"-.".contains(&b)
}
