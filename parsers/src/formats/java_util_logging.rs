//! `java.util.logging` in its own layout of two lines, as Tomcat before 8, GlassFish's clients
//! and Jenkins have it: time, class and method, then level and message.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::token::preamble::is_dotted;
use crate::token::text::{first_line, text, until, word};
use crate::token::{blank, level, time, trace};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "java-util-logging",
    title: "java.util.logging (two lines an entry)",
    reference: "https://docs.oracle.com/en/java/javase/21/docs/api/java.logging/java/util/logging/SimpleFormatter.html",
    cut: Cut::Line,
    specificity: 60,
    hint: |i| {
        i.first()
            .is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80)
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/java-util-logging/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, more) = first_line(entry);
    let (rest, at) = time::rfc3164(line)
        .or_else(|_| time::day_month(line))
        .ok()?;
    let (rest, class) = word(blank(rest)).ok()?;
    let (rest, method) = word(blank(rest)).ok()?;
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"_$<>".contains(b);
    if !is_dotted(class) || !method.iter().all(plain) || !blank(rest).is_empty() {
        return None;
    }
    let (second, trace) = first_line(more);
    let (said, level) = match until(b':')(second) {
        Ok((said, name)) => (blank(said), localised(name)),
        Err(_) => (second, None),
    };
    let message = match more.len() {
        0 => text(line),
        _ if level.is_none() => text(more.trim_ascii_end()),
        all => {
            let from = second.len() - said.len();
            text(more.get(from..all).unwrap_or_default().trim_ascii_end())
        }
    };
    let mut record = Record::new(Kind::Log, message);
    record.at = Some(at);
    record.level = level;
    record.fields.push(field::LOGGER, class);
    record.fields.push("method_name", method);
    if let Some(class) = trace::error_class(said).or_else(|| trace::error_class(trace)) {
        record.fields.push(field::ERROR, class);
    }
    out.push(record);
    Some(())
}

/// The JDK translates its levels into the language of the machine.
fn localised(name: &[u8]) -> Option<Level> {
    Some(match &*text(name).to_lowercase() {
        "grave" | "schwerwiegend" | "severo" | "致命的" | "严重" => Level::Error,
        "avertissement" | "warnung" | "advertencia" | "avvertenza" | "警告" => Level::Warn,
        "infos" | "información" | "informazioni" | "情報" | "信息" => Level::Info,
        "config" | "précis" | "fein" => Level::Debug,
        _ => level::word(name)?,
    })
}
