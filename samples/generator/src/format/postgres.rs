//! PostgreSQL's stderr log with `log_line_prefix = '%m [%p] %q%u@%d '`.

use super::Program;
use crate::voice::{Entry, Level};

use std::fmt::Write;

/// Writes one entry; its logger is `user@database`, empty for the server itself. Lines
/// of its trace (`STATEMENT`, `DETAIL`) get the prefix too, as the server does it.
pub fn write(program: &Program, entry: &Entry, out: &mut String) {
    let level = match entry.level {
        Level::Debug | Level::Info => "LOG",
        Level::Warn => "WARNING",
        Level::Error => "ERROR",
        Level::Fatal => "FATAL",
    };
    let pid = match entry.logger {
        "" => i64::from(program.pid),
        _ => i64::from(program.pid) + 40 + entry.at.0 / 3_571 % 36,
    };
    let gap = if entry.logger.is_empty() { "" } else { " " };
    let prefix = format!(
        "{} UTC [{pid}] {}{gap}",
        entry.at.show(program.zone, "%Y-%m-%d %H:%M:%S%.3f"),
        entry.logger
    );
    let _ = writeln!(out, "{prefix}{level}:  {}", entry.text);
    for line in entry.trace {
        let _ = writeln!(out, "{prefix}{line}");
    }
}
