//! What `git log` prints. Its dates are the authors', days before the change landed perhaps;
//! with `--format=fuller` the committers' stand beside them. Neither is that of a deploy.

use crate::cut;
use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Record, field};
use crate::token::payload;
use std::borrow::Cow;
use std::ops::Range;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "git-log",
    title: "git log",
    reference: "https://git-scm.com/docs/git-log#_pretty_formats",
    cut: Cut::Document,
    specificity: 90,
    hint: |i| begins(i),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/git-log/input.txt"),
};

fn parse<'a>(text: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    begins(text).then_some(())?;
    let mut open: Option<Range<usize>> = None;
    for line in cut::lines(text) {
        let bytes = text.get(line.clone()).unwrap_or_default();
        if begins(bytes) {
            out.extend(open.take().and_then(|range| commit(text, range)));
            open = Some(line);
        } else if let Some(range) = open.as_mut().filter(|_| !bytes.is_empty()) {
            range.end = line.end;
        }
    }
    out.extend(open.and_then(|range| commit(text, range)));
    Some(())
}

/// `commit 5bc9c85…`, and the names of what points at it
fn begins(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"commit ") else {
        return false;
    };
    let sha = rest.iter().take_while(|b| b.is_ascii_hexdigit()).count();
    (7..=64).contains(&sha) && matches!(rest.get(sha), None | Some(b'\n' | b'\r' | b' '))
}

fn commit<'a>(text: &'a [u8], range: Range<usize>) -> Option<Record<'a>> {
    let entry = text.get(range.clone())?;
    let mut record = Record::new(Kind::Change(ChangeState::Finished), "");
    record.part = Some(range);
    record.fields.push(field::CHANGE, "commit");
    let mut said = Vec::new();
    let (mut landed, mut written) = (None, None);
    for line in cut::lines(entry).filter_map(|r| entry.get(r)) {
        let line = String::from_utf8_lossy(line);
        if let Some(indented) = line.strip_prefix("    ") {
            said.push(indented.trim_end().to_owned());
            continue;
        }
        if let Some(sha) = line.strip_prefix("commit ") {
            let sha = sha.split_whitespace().next().unwrap_or_default();
            record.fields.push(field::VERSION, sha.to_owned());
        } else if let Some((name, value)) = line.split_once(':') {
            match (name, value.trim()) {
                ("Author", who) => record.actor = Some(payload::actor(person(who), false)),
                ("CommitDate", date) => landed = payload::text_instant(date),
                ("Date" | "AuthorDate", date) => written = payload::text_instant(date),
                _ => {}
            }
        }
    }
    record.at = landed.or(written);
    if let (Some(_), Some(written)) = (landed, written) {
        record.fields.push("authored_at", written);
    }
    let message = said.join("\n");
    if let Some(sha) = reverted(&message) {
        record.fields.push("reverts", sha);
    }
    let trimmed = message.trim();
    record.message = Cow::Owned(trimmed.to_owned());
    Some(record)
}

/// `Maria Lind <maria@example.com>` without the address
fn person(who: &str) -> String {
    let name = who.split('<').next().unwrap_or_default().trim();
    if name.is_empty() {
        who.to_owned()
    } else {
        name.to_owned()
    }
}

/// `This reverts commit 5bc9c85….`
pub(super) fn reverted(message: &str) -> Option<String> {
    let (_, tail) = message.split_once("This reverts commit ")?;
    let sha: String = tail.chars().take_while(char::is_ascii_hexdigit).collect();
    (sha.len() >= 7).then_some(sha)
}
