//! What `docker compose logs` prints: the container's name before every line, and with `-t`
//! the time at which the line was read.

use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::Record;
use crate::stamp::{Reading, When};
use crate::token::time;
use crate::token::wrapped::{self, Line};
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::char;
use nom::combinator::opt;
use nom::sequence::terminated;
use nom::{IResult, Parser};
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "compose",
    title: "docker compose logs",
    reference: "https://docs.docker.com/reference/cli/docker/compose/logs/",
    cut: Cut::Line,
    specificity: 70,
    hint: |i| memchr::memchr(b'|', i.get(..NAME_MAX).unwrap_or(i)).is_some(),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/compose/input.log"),
};

/// Room for a container's name and what pads it.
const NAME_MAX: usize = 128;

fn learn(head: &[u8]) -> Layout {
    let plain = crate::token::ansi::strip(head);
    let lines = cut::lines(&plain).filter_map(|r| line(plain.get(r)?).ok());
    wrapped::layout_of_named(lines.map(|(_, (container, l))| (container, l.text)))
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let from = out.len();
    let line = |i: &'a [u8]| line(i).ok().map(|(_, read)| read);
    let container = wrapped::read_named(entry, cx.layout, line, out)?;
    for record in out.iter_mut().skip(from) {
        record
            .service
            .get_or_insert(Cow::Borrowed(service(container)));
        record.host.get_or_insert(Cow::Borrowed(container));
    }
    Some(())
}

/// `shop-web-1` and `web_1` without the number of the replica.
fn service(container: &str) -> &str {
    let name = container.trim_end_matches(|c: char| c.is_ascii_digit());
    match name.strip_suffix(['-', '_']) {
        Some(name) if !name.is_empty() && name.len() + 1 < container.len() => name,
        _ => container,
    }
}

/// A time as compose itself writes it: with its `T` and its zone. Others are the program's.
fn stamp(i: &[u8]) -> IResult<&[u8], Reading, ()> {
    let (rest, at) = time::iso(i)?;
    let own = i.get(10) == Some(&b'T') && matches!(at.when, When::Instant(_));
    if own {
        Ok((rest, at))
    } else {
        Err(nom::Err::Error(()))
    }
}

/// `web-1  | 2024-01-19T10:30:02.118042007Z text`
fn line(i: &[u8]) -> IResult<&[u8], (&str, Line<'_>), ()> {
    let whole = i.len();
    let word = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    let (i, container) = take_while1(word).parse(i)?;
    let (i, _) = take_while(|b| b == b' ').parse(i)?;
    let (i, _) = tag("|").parse(i)?;
    if whole - i.len() > NAME_MAX {
        return Err(nom::Err::Error(()));
    }
    let (i, _) = opt(char(' ')).parse(i)?;
    let (text, at) = opt(terminated(stamp, opt(char(' ')))).parse(i)?;
    let line = Line {
        at,
        stream: None,
        text: Cow::Borrowed(text),
        partial: false,
    };
    let container = std::str::from_utf8(container).map_err(|_| nom::Err::Error(()))?;
    Ok((&[], (container, line)))
}
