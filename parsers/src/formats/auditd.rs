//! The Linux audit log: `type=SYSCALL msg=audit(1705660202.118:7): arch=… uid=0 …`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::stamp::Reading;
use crate::token::date::Order;
use crate::token::text::{first_line, message_from, until, word};
use crate::token::{epoch, pairs, time};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "auditd",
    title: "Linux audit log",
    reference: "https://github.com/linux-audit/audit-documentation/wiki/SPEC-Writing-Good-Events",
    cut: Cut::Line,
    specificity: 90,
    hint: |i| {
        let all: [&[u8]; 4] = [b"type=", b"node=", b"----", b"time->"];
        all.iter().any(|begin| i.starts_with(begin))
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/auditd/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    // What `ausearch` prints between events.
    if line == b"----" || line.starts_with(b"time->") {
        return Some(());
    }
    let (rest, node) = match line.strip_prefix(b"node=") {
        Some(rest) => word(rest).map(|(rest, node)| (rest, Some(node))).ok()?,
        None => (line, None),
    };
    let rest = rest.trim_ascii_start().strip_prefix(b"type=")?;
    let (rest, kind) = word(rest).ok()?;
    let rest = rest.strip_prefix(b" msg=audit(")?;
    let (rest, id) = until(b')')(rest).ok()?;
    // `ausearch -i` puts a blank before the colon.
    let rest = rest
        .trim_ascii_start()
        .strip_prefix(b":")?
        .trim_ascii_start();
    let id = std::str::from_utf8(id).ok()?;
    let (time, serial) = match id.rsplit_once(':')? {
        (time, serial) if !serial.is_empty() => (time, serial),
        _ => return None,
    };

    let mut record = Record::new(Kind::Log, message_from(entry, rest));
    record.at = Some(epoch::epoch(time).or_else(|| interpreted(time))?);
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

/// The time as `ausearch -i` prints it, in the order of the locale: `01/19/2024 10:30:02.118`.
fn interpreted(time: &str) -> Option<Reading> {
    time::any(Order::Unknown)(time.as_bytes())
        .ok()
        .map(|(_, at)| at)
}
