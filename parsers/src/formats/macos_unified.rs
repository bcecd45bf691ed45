//! macOS' unified log as `log show` prints it:
//! `2024-01-19 10:30:02.118042+0000 0x1f3c  Error  0x0  4117  0  ledgerd: (Network) [com.example:net] message`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::stamp::When;
use crate::token::text::{bracketed, first_line, message_from, text, until, word};
use crate::token::{blank, time};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "macos-unified",
    title: "macOS unified log",
    reference: "https://developer.apple.com/documentation/os/logging",
    cut: Cut::Line,
    specificity: 88,
    hint: |i| i.first().is_some_and(|b| b.is_ascii_digit() || *b == b'T'),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/macos-unified/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    if line.starts_with(b"Timestamp  ") {
        return Some(()); // the names of the columns
    }
    let (rest, at) = time::iso(line).ok()?;
    if !matches!(at.when, When::Instant(_)) {
        return None;
    }
    let (rest, thread) = word(blank(rest)).ok()?;
    thread.strip_prefix(b"0x")?;
    let (rest, kind) = word(blank(rest)).ok()?;
    let (rest, activity) = word(blank(rest)).ok()?;
    activity.strip_prefix(b"0x")?;
    let (rest, pid) = word(blank(rest)).ok()?;
    pid.iter().all(u8::is_ascii_digit).then_some(())?;
    // Since macOS 10.13 a time to live stands before the process.
    let rest = blank(rest);
    let ttl = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let rest = blank(rest.get(ttl..)?);
    let (rest, process) = until(b':')(rest).ok()?;
    let mut record = Record::new(Kind::Log, message_from(entry, blank(rest)));
    record.at = Some(at);
    record.level = match kind {
        b"Default" | b"Info" | b"Activity" | b"Notice" => Some(Level::Info),
        b"Debug" => Some(Level::Debug),
        b"Error" => Some(Level::Error),
        b"Fault" => Some(Level::Fatal),
        _ => return None,
    };
    record.service = Some(text(process));
    record.fields.push("thread", thread);
    record.fields.push("pid", pid);
    let rest = blank(rest);
    let behind_library = match rest.strip_prefix(b"(") {
        Some(library) => blank(until(b')')(library).ok()?.0),
        None => rest,
    };
    if let Ok((_, subsystem)) = bracketed(behind_library)
        && subsystem.contains(&b':')
    {
        record.fields.push(field::LOGGER, subsystem);
    }
    out.push(record);
    Some(())
}
