//! Python's `logging` with its default time (a comma before the milliseconds, no zone).

use super::{Program, continued};
use crate::voice::{Entry, Level};

use std::fmt::Write;

/// Writes one entry, its traceback below.
pub fn write(program: &Program, entry: &Entry, out: &mut String) {
    let level = match entry.level {
        Level::Warn => "WARNING",
        Level::Fatal => "CRITICAL",
        other => other.upper(),
    };
    let _ = write!(
        out,
        "{},{:03} {level} {}: {}",
        entry.at.show(program.zone, "%Y-%m-%d %H:%M:%S"),
        entry.at.0 / 1_000 % 1_000,
        entry.logger,
        entry.text,
    );
    if let Some(request) = &entry.request {
        let _ = write!(out, " [req={request}]");
    }
    out.push('\n');
    continued(entry, out);
}
