//! Capistrano's `revisions.log`: `Branch main (at 4f1c09b) deployed as release 20250617084112 by mira`. A release is called by
//! when it was made, in the zone of whoever deployed or UTC, and does not say which.

use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Record, field};
use crate::stamp::Reading;
use crate::token::payload;
use crate::token::text::first_line;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "capistrano",
    title: "Capistrano's revisions.log",
    reference: "https://capistranorb.com/documentation/getting-started/structure/",
    cut: Cut::Line,
    specificity: 90,
    hint: |i| memchr::memmem::find(i, b" release ").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/capistrano/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let line = std::str::from_utf8(line).ok()?.trim_end();
    out.push(deployed(line).or_else(|| rolled_back(line))?);
    Some(())
}

/// `Branch main (at 4f1c09b) deployed as release 20250617084112 by mira`
fn deployed(line: &str) -> Option<Record<'_>> {
    let rest = line.strip_prefix("Branch ")?;
    let (branch, rest) = rest.split_once(" (at ")?;
    let (commit, rest) = rest.split_once(") deployed as release ")?;
    let (release, who) = match rest.split_once(" by ") {
        Some((release, who)) => (release, Some(who)),
        None => (rest.trim_end_matches([';', ' ']), None),
    };
    let mut record = told(line, "deploy", release, who)?;
    record
        .fields
        .push(field::VERSION, payload::short_version(commit));
    record.fields.push("branch", branch);
    record.fields.push("release", release);
    Some(record)
}

/// `mira rolled back to release 20250617080000`: that release's time is not when it was done, and no other is told.
fn rolled_back(line: &str) -> Option<Record<'_>> {
    let (who, release) = line.split_once(" rolled back to release ")?;
    made(release)?;
    let mut record = Record::new(Kind::Change(ChangeState::Finished), line);
    record.actor = Some(payload::actor(who, false));
    record.fields.push(field::CHANGE, "rollback");
    record.fields.push(field::VERSION, release);
    Some(record)
}

fn told<'a>(
    line: &'a str,
    kind: &'static str,
    release: &str,
    who: Option<&'a str>,
) -> Option<Record<'a>> {
    let mut record = Record::new(Kind::Change(ChangeState::Finished), line);
    record.at = Some(made(release)?);
    record.actor = who.map(|w| payload::actor(w.trim_end_matches(';'), false));
    record.fields.push(field::CHANGE, kind);
    Some(record)
}

/// `20250617084112`
fn made(release: &str) -> Option<Reading> {
    let whole = release.len() == 14 && release.bytes().all(|b| b.is_ascii_digit());
    let part = |from: usize, to: usize| release.get(from..to).filter(|_| whole);
    let (day, clock) = (
        [part(0, 4)?, part(4, 6)?, part(6, 8)?],
        [part(8, 10)?, part(10, 12)?, part(12, 14)?],
    );
    payload::text_instant(&format!("{} {}", day.join("-"), clock.join(":")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::changes_told;

    #[test]
    fn revisions_are_changes() {
        for (line, expected) in [
            (
                "Branch main (at 4f1c09b) deployed as release 20250617084112 by mira",
                "deploy finished - 4f1c09b -",
            ),
            (
                "Branch v3.1 (at 4f1c09be7d2a4d20b8a51f6e3c7b9d0a5e2f8c13) deployed as release 20250617084112 by mira;",
                "deploy finished - 4f1c09be -",
            ),
            (
                "mira rolled back to release 20250617080000",
                "rollback finished - 20250617080000 -",
            ),
        ] {
            assert_eq!(
                changes_told(&FORMAT, line),
                Some(vec![expected.to_owned()]),
                "{line}"
            );
        }
        for line in [
            "mira rolled back to release 7",
            "Branch main deployed as release 20250617084112",
            "a release ",
        ] {
            assert_eq!(changes_told(&FORMAT, line), None, "{line}");
        }
    }
}
