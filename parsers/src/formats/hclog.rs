//! HashiCorp's programs (Vault, Consul, Nomad, Terraform):
//! `2024-01-19T10:30:02.118Z [ERROR] core: message: key=value`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::text::{bracketed, first_line, message_from, word};
use crate::token::{blank, level, named, time, trace};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "hclog",
    title: "HashiCorp log (Vault, Consul, Nomad)",
    reference: "https://pkg.go.dev/github.com/hashicorp/go-hclog",
    cut: Cut::Line,
    specificity: 65,
    hint: |i| {
        i.iter()
            .find(|b| **b != b' ')
            .is_some_and(u8::is_ascii_digit)
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/hclog/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, more) = first_line(entry);
    // Agents indent what they print behind their banner.
    let indent = line.len() - blank(line).len();
    let (rest, at) = time::iso(blank(line)).ok().filter(|_| indent <= 4)?;
    let (rest, severity) = bracketed(rest.strip_prefix(b" ")?).ok()?;
    let known = matches!(
        severity,
        b"TRACE" | b"DEBUG" | b"INFO" | b"WARN" | b"ERROR" | b"ERR"
    );
    let level = known.then(|| level::word(severity))??;
    let message = blank(rest);
    // Levels are padded behind their bracket, so that messages begin in one column.
    let padding = if severity.len() == 5 { 1 } else { 2 };
    let padded = rest.len() - message.len() == padding;
    let (behind, name) = word(message).ok()?;
    let logger = name.strip_suffix(b":").filter(|n| is_name(n));
    // Go's own stamps, which these programs had at first, are not padded.
    let dated = |at: usize, mark: u8| blank(line).get(at) == Some(&mark);
    let slashed = dated(4, b'/') && logger.is_some();
    let columned = dated(10, b'T') && padded;
    if !slashed && !columned {
        return None;
    }
    let said = match logger {
        Some(_) => blank(behind),
        None => message,
    };
    let mut record = Record::new(Kind::Log, message_from(entry, said));
    record.at = Some(at);
    record.level = Some(level);
    if let Some(logger) = logger {
        record.fields.push(field::LOGGER, logger);
    }
    named::gather(&mut record);
    if let Some(class) = trace::error_class(more) {
        record.fields.push(field::ERROR, class);
    }
    out.push(record);
    Some(())
}

/// `core`, `storage.raft`, `agent.server.raft`, `client.driver_mgr.docker`.
fn is_name(name: &[u8]) -> bool {
    name.first().is_some_and(u8::is_ascii_alphanumeric)
        && name
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b"._-/()".contains(b))
}
