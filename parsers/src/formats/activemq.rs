//! ActiveMQ's broker: `2024-01-19 10:30:02,118 | WARN  | message | org.apache.activemq.broker.region.Queue | main`.

use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, Record, field};
use crate::token::preamble::is_dotted;
use crate::token::text::{first_line, text, until};
use crate::token::{blank, level, time, trace};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "activemq",
    title: "ActiveMQ",
    reference: "https://activemq.apache.org/components/classic/documentation/how-can-i-enable-detailed-logging",
    cut: Cut::Line,
    specificity: 60,
    hint: |i| i.first().is_some_and(u8::is_ascii_digit),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/activemq/input.log"),
};

/// Lines of a file's head that are looked at.
const LESSONS: usize = 400;
/// How the layout says that the broker writes the file.
const BROKER: &str = "broker";

/// Bars between time, level and message are anybody's. The broker's own loggers are of its house.
fn learn(head: &[u8]) -> Layout {
    let ours =
        |line: &[u8]| memchr::memmem::find(line, b"org.apache.").is_some() && line.contains(&b'|');
    if cut::first_lines(head, LESSONS).any(ours) {
        Layout::of_sort(BROKER)
    } else {
        Layout::default()
    }
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    if cx.layout.columns.first().is_none_or(|c| c != BROKER) {
        return None;
    }
    let (line, more) = first_line(entry);
    let (rest, at) = time::iso(line).ok()?;
    // NLog's default layout has bars, too, but no blanks around them.
    let bars = rest.starts_with(b" ").then(|| blank(rest))?;
    let (rest, severity) = until(b'|')(bars.strip_prefix(b"|")?).ok()?;
    let level = level::word(severity.trim_ascii())?;
    let mut record = Record::new(Kind::Log, "");
    record.at = Some(at);
    record.level = Some(level);
    record.service = Some(Cow::Borrowed("activemq"));
    // The message may have bars itself; the last two part logger and thread from it. A message
    // of several lines has them at the end of its last one.
    let parts = split_last(rest).filter(|(before, _)| before.contains(&b'|'));
    let said = match parts.and_then(|(before, thread)| Some((split_last(before)?, thread))) {
        Some(((said, logger), thread)) if is_dotted(logger.trim_ascii()) => {
            record.fields.push(field::LOGGER, logger.trim_ascii());
            record.fields.push("thread", thread.trim_ascii());
            said
        }
        _ => rest,
    };
    let said = text(said.trim_ascii());
    record.message = match more.trim_ascii_end() {
        [] => said,
        more => Cow::Owned(format!("{said}\n{}", text(more))),
    };
    if let Some(class) = trace::error_class(more) {
        record.fields.push(field::ERROR, class);
    }
    out.push(record);
    Some(())
}

fn split_last(i: &[u8]) -> Option<(&[u8], &[u8])> {
    let bar = i.iter().rposition(|b| *b == b'|')?;
    Some((i.get(..bar)?, i.get(bar + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_without_blanks_are_of_others() {
        let layout = Layout::of_sort(BROKER);
        let cx = Context { layout: &layout };
        let mut out = Vec::new();
        let line = b"2025-03-12 10:30:02.1180|WARN|Harbour.Quay.Gate|gate is slow|";
        assert_eq!(parse(line, &cx, &mut out), None);
        let line =
            b"2025-03-12 10:30:02,118 | WARN  | slow | org.apache.activemq.broker.Queue | main";
        assert_eq!(parse(line, &cx, &mut out), Some(()));
    }

    #[test]
    fn bars_alone_are_anybodys() {
        let theirs = b"2025-03-12 10:30:02.118 | INFO  | [GateKeeper] | opened | rid=77ab\n";
        assert_eq!(learn(theirs).columns.len(), 0);
        let ours =
            b"2025-03-12 10:30:02,118 | WARN  | slow | org.apache.activemq.broker.Queue | main\n";
        assert_eq!(learn(ours).columns.len(), 1);
    }
}
