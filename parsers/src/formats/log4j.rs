//! Java's log4j, logback, log4j2, java.util.logging and Spring Boot, in the
//! usual orders of time, level, thread and logger, with stack traces.

use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, Record, field};
use crate::stamp::Reading;
use crate::token::date::Order;
use crate::token::preamble::{Preamble, preamble, trailing_logger};
use crate::token::text::{first_line, message_from};
use crate::token::{blank, level, named, time, trace};
use std::collections::BTreeSet;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "log4j",
    title: "log4j, logback and relatives (Java)",
    reference: "https://logging.apache.org/log4j/2.x/manual/pattern-layout.html",
    cut: Cut::Line,
    specificity: 20,
    hint: |i| {
        i.first()
            .is_some_and(|b| b.is_ascii_digit() || b.is_ascii_uppercase() || *b == b'[')
    },
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/log4j/input.log"),
};

/// What a layout learnt, where the names in brackets are of services and not of threads.
const SERVICES: &str = "services";
/// Lines of a file's head that are asked, and those that suffice.
const LESSONS: usize = 200;
const ENOUGH: usize = 3;

/// `[10:30:02.118] [INFO] [till-api] …`: where several programs write one file, the third bracket may hold the name of the
/// one that does. One line does not tell `folio` from the name of a thread; all that a file has there together may.
fn learn(head: &[u8]) -> Layout {
    let lines = cut::lines(head).filter_map(|r| time_first(head.get(r)?));
    let named = lines.filter(|(_, said)| said.level.is_some() && said.thread.is_some());
    let mut names: BTreeSet<&[u8]> = BTreeSet::new();
    let (mut heard, mut classes) = (0, 0);
    for (_, said) in named.take(LESSONS) {
        if said.thread.is_none_or(|name| !is_program(name)) || said.service.is_some() {
            return Layout::default();
        }
        // Beside a class stands a thread; an error's name before its message looks like one.
        classes += usize::from(said.logger.is_some());
        names.extend(said.thread);
        heard += 1;
    }
    if 2 * classes > heard {
        return Layout::default();
    }
    let joined = names.iter().all(|name| name.contains(&b'-'));
    if heard >= ENOUGH && (names.len() > 1 || joined) {
        Layout::of_sort(SERVICES)
    } else {
        Layout::default()
    }
}

/// Whether a name in brackets may be a program's: `till-api`. Threads have numbers, capitals and paths in their names, or
/// are called what they are.
fn is_program(name: &[u8]) -> bool {
    #[rustfmt::skip]
    const THREADS: &[&[u8]] = &[
        b"acceptor", b"async", b"background", b"child", b"client", b"cluster", b"cleaner", b"consumer", b"coordinator",
        b"cron", b"daemon", b"default", b"dispatcher", b"event", b"exec", b"executor", b"finalizer", b"flusher", b"fork",
        b"gc", b"grpc", b"handler", b"http", b"https", b"io", b"job", b"kafka", b"listener", b"loop", b"main", b"master",
        b"monitor", b"netty", b"nio", b"parallel", b"poller", b"pool", b"primary", b"process", b"producer", b"quartz",
        b"reactor", b"reader", b"request", b"root", b"scheduler", b"scheduling", b"selector", b"sender", b"server",
        b"shutdown", b"system", b"task", b"thread", b"threads", b"timer", b"watcher", b"worker", b"writer",
    ];
    let plain = |b: &u8| b.is_ascii_lowercase() || b"-_".contains(b);
    name.len() > 2
        && name.iter().all(plain)
        && name.first().is_some_and(u8::is_ascii_lowercase)
        && !name
            .split(|b| !b.is_ascii_lowercase())
            .any(|w| THREADS.contains(&w) || level::word(w).is_some())
}

/// The parts that a line has, as its file means them.
pub(crate) fn meant<'a>(said: Preamble<'a>, layout: &Layout) -> Preamble<'a> {
    let services = layout.columns.first().is_some_and(|c| c == SERVICES);
    match said
        .thread
        .filter(|t| services && said.service.is_none() && is_program(t))
    {
        Some(name) => Preamble {
            service: Some(name),
            thread: None,
            ..said
        },
        None => said,
    }
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, more) = first_line(entry);
    let (at, said) = time_first(line).or_else(|| level_first(line))?;
    // A level alone is everybody's; with a thread or a class in its place it is Java's.
    said.level?;
    let logger = said.logger.or_else(|| trailing_logger(said.message));
    if logger.is_none() && said.thread.is_none() {
        return None;
    }
    let said = meant(said, cx.layout);
    let mut record = Record::new(Kind::Log, message_from(entry, said.message));
    record.at = Some(at);
    Preamble { logger, ..said }.file(&mut record);
    let class = trace::error_class(said.message)
        .or_else(|| trace::error_class(more))
        .or_else(|| trace::mentioned(said.message));
    if let Some(class) = class {
        record.fields.push(field::ERROR, class);
    }
    named::gather(&mut record);
    out.push(record);
    Some(())
}

fn stamp(i: &[u8]) -> Option<(&[u8], Reading)> {
    time::any(Order::Unknown)(i)
        .or_else(|_| time::time_of_day(i))
        .ok()
}

/// `2024-01-19 10:30:02,118 INFO [main] a.b.C - message`.
fn time_first(line: &[u8]) -> Option<(Reading, Preamble<'_>)> {
    let opened = line.strip_prefix(b"[");
    let (rest, at) = stamp(opened.unwrap_or(line))?;
    let rest = match opened {
        Some(_) => rest.strip_prefix(b"]")?,
        None => rest,
    };
    Some((at, preamble(rest)))
}

/// `INFO  [main] 2024-01-19 10:30:02,118 C.java:92 - message`.
fn level_first(line: &[u8]) -> Option<(Reading, Preamble<'_>)> {
    let (rest, level) = level::level(line.strip_prefix(b"[").unwrap_or(line)).ok()?;
    let rest = blank(rest.strip_prefix(b"]").unwrap_or(rest));
    let before = preamble(rest);
    let (rest, at) = stamp(before.message).or_else(|| stamp(rest))?;
    let behind = preamble(rest);
    let said = Preamble {
        level: Some(level),
        thread: before.thread.or(behind.thread),
        logger: before.logger.or(behind.logger),
        ..behind
    };
    Some((at, said))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The services of lines of a file.
    fn services(file: &str) -> Vec<Option<String>> {
        let layout = learn(file.as_bytes());
        let mut out = Vec::new();
        for line in file.lines() {
            parse(line.as_bytes(), &Context { layout: &layout }, &mut out);
        }
        out.iter()
            .map(|r| r.service.as_deref().map(str::to_owned))
            .collect()
    }

    fn file(names: &[&str]) -> String {
        let line =
            |name: &&str| format!("[2024-02-05T07:10:04.220Z] [WARN] [{name}] 3 crates late\n");
        names.iter().map(line).collect()
    }

    #[test]
    fn names_in_brackets_are_of_services_where_none_is_a_threads() {
        let some = |names: &[&str]| {
            names
                .iter()
                .map(|n| Some((*n).to_owned()))
                .collect::<Vec<_>>()
        };
        for names in [
            &["crates", "dock-api", "crates"][..],
            &["dock-api", "dock-api", "dock-api"],
        ] {
            assert_eq!(services(&file(names)), some(names), "{names:?}");
        }
        for names in [
            &["main", "crates", "dock-api"][..],
            &["crates", "crates", "crates"],
            &["dock-7", "dock-8", "dock-9"],
            &["nio-exec", "dock-api", "crates"],
            &["dock-api", "crates"],
            &["Dock", "dock-api", "crates"],
        ] {
            assert!(
                services(&file(names)).iter().all(Option::is_none),
                "{names:?}"
            );
        }
    }

    #[test]
    fn beside_a_class_there_is_a_thread() {
        let file =
            "2024-02-05 07:10:04,220 WARN [dock-api] quay.crates.Late - 3 crates late\n".repeat(4);
        assert!(services(&file).iter().all(Option::is_none));
    }
}
