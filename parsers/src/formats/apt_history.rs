//! APT's history of packages installed, upgraded and removed: paragraphs from `Start-Date:` to `End-Date:`.

use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Record, field};
use crate::stamp::Reading;
use crate::token::text::{first_line, text};
use crate::token::{blank, payload, time};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "apt-history",
    title: "APT history (Debian, Ubuntu)",
    reference: "https://manpages.debian.org/bookworm/apt/apt.8.en.html",
    cut: Cut::Line,
    specificity: 90,
    hint: |i| i.starts_with(b"Start-Date:") || i.starts_with(b"End-Date:"),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/apt-history/input.log"),
};

/// What APT does to packages, a line for each.
const DEEDS: &[&str] = &[
    "Install",
    "Reinstall",
    "Upgrade",
    "Downgrade",
    "Remove",
    "Purge",
];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, mut more) = first_line(entry);
    if line.starts_with(b"End-Date:") {
        let mut end = Record::new(Kind::Change(ChangeState::Finished), "");
        end.continues = true;
        out.push(end);
        return Some(());
    }
    let at = stamp(line.strip_prefix(b"Start-Date:")?)?;
    let mut record = Record::new(Kind::Change(ChangeState::Finished), "");
    record.at = Some(at);
    record.service = Some(Cow::Borrowed("apt"));
    record.fields.push(field::CHANGE, "package");
    let mut said = Vec::new();
    while !more.is_empty() {
        let (line, rest) = first_line(more);
        more = rest;
        let Some((name, value)) = text(line)
            .split_once(": ")
            .map(|(n, v)| (n.to_owned(), v.trim().to_owned()))
        else {
            continue;
        };
        match name.as_str() {
            "Commandline" => said.insert(0, value),
            // `deploy (1000)`
            "Requested-By" => {
                let user = value.split(" (").next().unwrap_or_default().to_owned();
                record.actor = Some(payload::actor(user, false));
            }
            "Error" => {
                record.kind = Kind::Change(ChangeState::Failed);
                record.fields.push(field::ERROR, value);
            }
            "End-Date" => {
                if let Some(end) = stamp(value.as_bytes()) {
                    record.fields.push("end", end);
                }
            }
            deed if DEEDS.contains(&deed) => said.push(format!("{name}: {value}")),
            _ => {}
        }
    }
    record.message = Cow::Owned(said.join("\n"));
    out.push(record);
    Some(())
}

fn stamp(i: &[u8]) -> Option<Reading> {
    time::iso(blank(i)).ok().map(|(_, at)| at)
}
