//! What the programs say: message templates, filled in and set in time.

use crate::rng::Rng;
use crate::time::Time;
use crate::traffic::Request;

/// Severity of a log entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// For developers.
    Debug,
    /// Business as usual.
    Info,
    /// Odd.
    Warn,
    /// Failed.
    Error,
    /// Gave up.
    Fatal,
}

impl Level {
    /// As most programs write it.
    #[must_use]
    pub const fn upper(self) -> &'static str {
        match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
            Self::Fatal => "FATAL",
        }
    }

    /// As structured loggers write it.
    #[must_use]
    pub const fn lower(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }

    /// Syslog severity.
    #[must_use]
    pub const fn syslog(self) -> u8 {
        match self {
            Self::Debug => 7,
            Self::Info => 6,
            Self::Warn => 4,
            Self::Error => 3,
            Self::Fatal => 2,
        }
    }
}

/// A message template. In `text`, `{3..40}` is a number, `{#8}` eight hexadecimal
/// digits, `{a|b}` a choice, `{ip}` an address, and `{user}`, `{rid}`, `{took}`,
/// `{method}`, `{path}`, `{status}`, `{client}` come from the request.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// An hour, or against the other lines of an answer to a request.
    pub rate: u32,
    /// Severity.
    pub level: Level,
    /// Logger, module, process or source file, as the format wants.
    pub logger: &'static str,
    /// The message.
    pub text: &'static str,
    /// Further lines, such as a stack trace.
    pub trace: &'static [&'static str],
}

impl Line {
    /// The same with a stack trace after it.
    #[must_use]
    pub const fn trace(mut self, trace: &'static [&'static str]) -> Self {
        self.trace = trace;
        self
    }
}

/// A template of this severity.
#[must_use]
pub const fn line(rate: u32, level: Level, logger: &'static str, text: &'static str) -> Line {
    Line {
        rate,
        level,
        logger,
        text,
        trace: &[],
    }
}

/// An informational template.
#[must_use]
pub const fn info(rate: u32, logger: &'static str, text: &'static str) -> Line {
    line(rate, Level::Info, logger, text)
}

/// A warning template.
#[must_use]
pub const fn warn(rate: u32, logger: &'static str, text: &'static str) -> Line {
    line(rate, Level::Warn, logger, text)
}

/// An error template.
#[must_use]
pub const fn error(rate: u32, logger: &'static str, text: &'static str) -> Line {
    line(rate, Level::Error, logger, text)
}

/// One log entry, before a format writes it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When.
    pub at: Time,
    /// Severity.
    pub level: Level,
    /// Logger, module, process or source file.
    pub logger: &'static str,
    /// The message.
    pub text: String,
    /// Lines that continue it.
    pub trace: &'static [&'static str],
    /// The request that it is about.
    pub request: Option<String>,
    /// The user whom it is about.
    pub user: Option<String>,
}

/// Lines that come by themselves, each at its own rate an hour, throughout `span`.
#[must_use]
pub fn chatter(rng: &mut Rng, span: (Time, Time), lines: &[Line]) -> Vec<Entry> {
    let minutes = span.1.since(span.0) / 60_000_000;
    let mut entries = Vec::new();
    for line in lines {
        for minute in 0..minutes {
            let due = i64::from(line.rate) * rng.between(700, 1_300) / 60;
            let count = due / 1_000 + i64::from(rng.between(0, 999) < due % 1_000);
            for _ in 0..count {
                let at = span.0.plus_min(minute).plus_ms(rng.between(0, 59_999));
                entries.push(speak(rng, line, at, None));
            }
        }
    }
    entries
}

/// One of `lines` for each request that `about` accepts, shortly before its answer.
#[must_use]
pub fn echo(
    rng: &mut Rng,
    requests: &[Request],
    about: impl Fn(&Request) -> bool,
    lines: &[Line],
) -> Vec<Entry> {
    let answer = |r: &Request| {
        let line = *rng.weigh(lines, |l| l.rate);
        let before = rng.between(1, 9).min(r.took_ms);
        speak(rng, &line, r.at.plus_ms(-before), Some(r))
    };
    requests.iter().filter(|r| about(r)).map(answer).collect()
}

/// `line` said once.
#[must_use]
pub fn once(rng: &mut Rng, at: Time, line: &Line) -> Entry {
    speak(rng, line, at, None)
}

fn speak(rng: &mut Rng, line: &Line, at: Time, request: Option<&Request>) -> Entry {
    Entry {
        at: Time(at.0 + rng.between(0, 999)),
        level: line.level,
        logger: line.logger,
        text: fill(line.text, rng, request),
        trace: line.trace,
        request: request.map(|r| r.id.clone()),
        user: request.and_then(|r| r.user.clone()),
    }
}

/// `text` with its placeholders filled.
#[must_use]
pub fn fill(text: &str, rng: &mut Rng, request: Option<&Request>) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            break;
        };
        out.push_str(&value(name, rng, request));
        rest = tail;
    }
    out.push_str(rest);
    out
}

fn value(name: &str, rng: &mut Rng, request: Option<&Request>) -> String {
    if let Some((low, high)) = name.split_once("..") {
        let low = low.parse().unwrap_or(0);
        return rng.between(low, high.parse().unwrap_or(low)).to_string();
    }
    if let Some(digits) = name.strip_prefix('#') {
        return rng.hex(digits.parse().unwrap_or(8));
    }
    if name.contains('|') {
        let choices: Vec<&str> = name.split('|').collect();
        return (*rng.pick(&choices)).to_owned();
    }
    let of = |f: &dyn Fn(&Request) -> String| request.map_or_else(|| "-".to_owned(), f);
    match name {
        "ip" => format!("198.51.100.{}", rng.between(1, 254)),
        "user" => of(&|r| r.user.clone().unwrap_or_else(|| "-".to_owned())),
        "rid" => of(&|r| r.id.clone()),
        "took" => of(&|r| r.took_ms.to_string()),
        "method" => of(&|r| r.method.to_owned()),
        "path" => of(&|r| r.path.clone()),
        "status" => of(&|r| r.status.to_string()),
        "client" => of(&|r| r.client.clone()),
        other => format!("{{{other}}}"),
    }
}

#[cfg(test)]
mod tests {
    use super::fill;
    use crate::rng::Rng;

    #[test]
    fn fills_placeholders_and_leaves_the_rest() {
        let mut rng = Rng::new(3);
        assert_eq!(fill("a {7..7} {b} {x|x}", &mut rng, None), "a 7 {b} x");
        assert_eq!(fill("{#4}", &mut rng, None).len(), 4);
        assert_eq!(fill("no end {", &mut rng, None), "no end {");
    }
}
