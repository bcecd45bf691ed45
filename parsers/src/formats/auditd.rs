//! The Linux audit log: `type=SYSCALL msg=audit(1705660202.118:7): arch=… uid=0 …`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::preamble::message_from;
use crate::token::text::{first_line, until, word};
use crate::token::{epoch, pairs};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "auditd",
    title: "Linux audit log",
    reference: "https://github.com/linux-audit/audit-documentation/wiki/SPEC-Writing-Good-Events",
    cut: Cut::Line,
    specificity: 90,
    hint: |i| i.starts_with(b"type=") || i.starts_with(b"node="),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/auditd/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, node) = match line.strip_prefix(b"node=") {
        Some(rest) => word(rest).map(|(rest, node)| (rest, Some(node))).ok()?,
        None => (line, None),
    };
    let rest = rest.trim_ascii_start().strip_prefix(b"type=")?;
    let (rest, kind) = word(rest).ok()?;
    let rest = rest.strip_prefix(b" msg=audit(")?;
    let (rest, id) = until(b')')(rest).ok()?;
    let rest = rest.strip_prefix(b":")?.trim_ascii_start();
    let id = std::str::from_utf8(id).ok()?;
    let (time, serial) = id.split_once(':')?;

    let mut record = Record::new(Kind::Log, message_from(entry, rest));
    record.at = Some(epoch::epoch(time)?);
    record.host = node.map(String::from_utf8_lossy);
    record.service = Some(Cow::Borrowed("auditd"));
    record.fields.push("type", kind);
    record.fields.push("serial", serial);
    let account = pairs::among_words(&record.message)
        .find(|(name, _)| *name == "acct")
        .map(|(_, account)| account.to_owned());
    if let Some(account) = account {
        record.fields.push(field::USER, account);
    }
    out.push(record);
    Some(())
}
