//! `git log` with one commit a line: its hash, a date, its author and its subject, between
//! tabs or bars (`--format='%H%x09%cI%x09%an%x09%s'`).

use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Record, field};
use crate::token::payload;
use crate::token::text::first_line;
use crate::token::{Found, NOT};
use nom::Parser;
use nom::bytes::complete::take_while_m_n;
use nom::character::complete::one_of;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "git-lines",
    title: "git log, one line a commit",
    reference: "https://git-scm.com/docs/git-log#_pretty_formats",
    cut: Cut::Line,
    specificity: 85,
    hint: |i| i.first().is_some_and(u8::is_ascii_hexdigit),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/git-lines/input.tsv"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, (sha, separator)) = head(line).ok()?;
    let text = String::from_utf8_lossy(rest);
    let mut cells = text.splitn(3, separator).map(str::trim);
    let (one, two, subject) = (cells.next()?, cells.next()?, cells.next()?);
    // The date may stand before or behind the author.
    let (at, author) = match (payload::text_instant(one), payload::text_instant(two)) {
        (Some(at), _) => (at, two),
        (None, Some(at)) => (at, one),
        _ => return None,
    };
    let mut record = Record::new(Kind::Change(ChangeState::Finished), subject.to_owned());
    record.at = Some(at);
    record.actor = Some(payload::actor(author.to_owned(), false));
    record.fields.push(field::CHANGE, "commit");
    record
        .fields
        .push(field::VERSION, String::from_utf8_lossy(sha));
    out.push(record);
    Some(())
}

fn head(line: &[u8]) -> Found<'_, (&[u8], char)> {
    let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    let (rest, sha) = take_while_m_n(7, 64, hex).parse(line)?;
    // A number is some other column.
    if sha.iter().all(u8::is_ascii_digit) && sha.len() < 40 {
        return Err(NOT);
    }
    let (rest, separator) = one_of("\t|;,")(rest)?;
    Ok((rest, (sha, separator)))
}
