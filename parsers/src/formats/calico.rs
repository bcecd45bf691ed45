//! Calico's components: `2024-01-19 10:30:02.118 [INFO][77] felix/int_dataplane.go 1234: message key="value"`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::text::{bracketed, first_line, message_from, text, word};
use crate::token::{blank, level, named, number, time};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "calico",
    title: "Calico (felix, confd, CNI)",
    reference: "https://docs.tigera.io/calico/latest/operations/troubleshoot/component-logs",
    cut: Cut::Line,
    specificity: 75,
    hint: |i| i.first().is_some_and(u8::is_ascii_digit),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/calico/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, at) = time::iso(line).ok()?;
    let (rest, severity) = bracketed(rest.strip_prefix(b" ")?).ok()?;
    let level = level::word(severity)?;
    let (rest, pid) = bracketed(rest).ok()?;
    let (rest, file) = word(rest.strip_prefix(b" ")?).ok()?;
    let component = file.strip_suffix(b".go")?;
    let (rest, line_number) = number(1, 6)(blank(rest)).ok()?;
    let message = blank(rest.strip_prefix(b":")?);
    let mut record = Record::new(Kind::Log, message_from(entry, message));
    record.at = Some(at);
    record.level = Some(level);
    // `felix/health.go`: the component is the folder.
    record.service = component.split(|b| *b == b'/').next().map(text);
    let place = format!("{}:{line_number}", text(file));
    record.fields.push(field::LOGGER, place);
    record.fields.push("pid", pid);
    named::gather(&mut record);
    out.push(record);
    Some(())
}
