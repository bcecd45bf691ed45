//! Syslog as CloudWatch exports it: its own time of receipt, then the line as the machine wrote it.

use super::syslog_3164;
use crate::format::{Context, Cut, Format};
use crate::record::Record;
use crate::stamp::When;
use crate::token::text::first_line;
use crate::token::{blank, time};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "cloudwatch-syslog",
    title: "Syslog exported from CloudWatch",
    reference: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3Export.html",
    cut: Cut::Line,
    specificity: 75,
    hint: |i| i.first().is_some_and(u8::is_ascii_digit),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/cloudwatch-syslog/input.log"),
};

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, at) = time::iso(line).ok()?;
    if !matches!(at.when, When::Instant(_)) {
        return None;
    }
    let skipped = line.len() - blank(rest).len();
    let inner = entry.get(skipped..)?;
    let first = inner.first()?;
    // A line of syslog begins with its month.
    if skipped == line.len() - rest.len() || !first.is_ascii_uppercase() {
        return None;
    }
    let from = out.len();
    (syslog_3164::FORMAT.parse)(inner, cx, out)?;
    // The machine's own time lacks year and zone.
    for record in out.iter_mut().skip(from) {
        if let Some(own) = record.at.replace(at) {
            record.fields.push("logged_at", own);
        }
    }
    Some(())
}
