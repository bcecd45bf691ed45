//! vCenter's and ESXi's logs: `2024-01-19T10:30:02.118Z info hostd[4117] [Originator@6876 sub=Vmsvc opID=7f] message`
//! of the management agents, and `…Z cpu3:2097552)WARNING: message` of the kernel, each as its own file or as
//! syslog has it.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::token::text::{bracketed, first_line, message_from, text, until, word};
use crate::token::{Found, NOT, blank, level, pairs, time, trace};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "vmware",
    title: "VMware vCenter and ESXi",
    reference: "https://knowledge.broadcom.com/external/article?legacyId=2032076",
    cut: Cut::Line,
    specificity: 86,
    hint: |i| i.first().is_some_and(|b| b.is_ascii_digit() || *b == b'['),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/vmware/input.log"),
};

/// What an entry says before its message.
#[derive(Default)]
struct Said<'a> {
    level: Option<Level>,
    service: Option<&'a [u8]>,
    thread: Option<&'a [u8]>,
    logger: Option<&'a [u8]>,
    origin: Option<&'a [u8]>,
}

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, more) = first_line(entry);
    // Before release 6 all of the head stands in brackets.
    let line = line.strip_prefix(b"[").unwrap_or(line);
    let (rest, at) = time::iso(line).ok()?;
    let rest = rest.strip_prefix(b" ")?;
    let (rest, said) = agent(rest).or_else(|_| kernel(rest)).ok()?;
    let mut record = Record::new(Kind::Log, message_from(entry, blank(rest)));
    record.at = Some(at);
    record.level = said.level;
    record.service = said.service.map(text);
    if let Some(thread) = said.thread {
        record.fields.push("thread", thread);
    }
    if let Some(logger) = said.logger {
        record.fields.push(field::LOGGER, logger);
    }
    let origin = said.origin.map(text).unwrap_or_default();
    for (name, value) in pairs::among_words(&origin) {
        let name = match name {
            "sub" => field::LOGGER,
            "opID" => field::REQUEST_ID,
            "user" => field::USER,
            _ => continue,
        };
        record.fields.push(name, value.to_owned());
    }
    if let Some(class) = trace::error_class(more) {
        record.fields.push(field::ERROR, class);
    }
    out.push(record);
    Some(())
}

/// `info hostd[4117] [Originator@6876 sub=Vmsvc opID=7f] `, `[7F1 info 'Default' opID=7f] `.
fn agent(i: &[u8]) -> Found<'_, Said<'_>> {
    if let Ok((rest, level)) = level::level(i) {
        let (rest, program) = word(blank(rest))?;
        let open = program.iter().position(|b| *b == b'[').ok_or(NOT)?;
        let (service, thread) = program.split_at_checked(open).ok_or(NOT)?;
        let (_, thread) = bracketed(thread)?;
        let (rest, origin) = bracketed(blank(rest))?;
        if !origin.starts_with(b"Originator@") {
            return Err(NOT);
        }
        let said = Said {
            level: Some(level),
            service: Some(service),
            thread: Some(thread),
            origin: Some(origin),
            ..Said::default()
        };
        return Ok((rest, said));
    }
    let inner = i.strip_prefix(b"[").unwrap_or(i);
    let (rest, thread) = word(inner)?;
    let (rest, level) = level::level(blank(rest))?;
    let (rest, logger) = until(b'\'')(blank(rest).strip_prefix(b"'").ok_or(NOT)?)?;
    let (rest, origin) = until(b']')(rest)?;
    if logger.is_empty() || !thread.iter().all(u8::is_ascii_hexdigit) {
        return Err(NOT);
    }
    let said = Said {
        level: Some(level),
        thread: Some(thread),
        logger: Some(logger),
        origin: Some(origin),
        ..Said::default()
    };
    Ok((rest, said))
}

/// `cpu3:2097552)WARNING: NMP: …`, since release 7 behind `Wa(180) vmkwarning: `.
fn kernel(i: &[u8]) -> Found<'_, Said<'_>> {
    let (rest, severity) = match i.split_at_checked(2) {
        Some((short, rest)) if rest.starts_with(b"(") => {
            let (rest, _) = until(b')')(rest)?;
            let (after, program) = word(blank(rest))?;
            let level = severity(short).ok_or(NOT)?;
            let Some(_) = program.strip_suffix(b":") else {
                // A virtual machine's own log.
                let said = Said {
                    level: Some(level),
                    service: Some(program),
                    ..Said::default()
                };
                return Ok((blank(after), said));
            };
            (blank(after), Some(level))
        }
        _ => (i, None),
    };
    let (rest, cpu) = until(b')')(rest)?;
    let numbers = cpu.strip_prefix(b"cpu").ok_or(NOT)?;
    if !numbers.iter().all(|b| b.is_ascii_digit() || *b == b':') {
        return Err(NOT);
    }
    let (rest, warned) = [(&b"WARNING: "[..], Level::Warn), (b"ALERT: ", Level::Fatal)]
        .into_iter()
        .find_map(|(word, level)| Some((rest.strip_prefix(word)?, Some(level))))
        .unwrap_or((rest, None));
    let said = Said {
        level: warned.or(severity),
        service: Some(b"vmkernel"),
        thread: Some(cpu),
        ..Said::default()
    };
    Ok((rest, said))
}

/// The first two letters of a severity, as release 7 writes them.
fn severity(short: &[u8]) -> Option<Level> {
    Some(match short {
        b"Db" => Level::Debug,
        b"In" | b"No" => Level::Info,
        b"Wa" => Level::Warn,
        b"Er" => Level::Error,
        b"Cr" | b"Al" | b"Em" => Level::Fatal,
        _ => return None,
    })
}
