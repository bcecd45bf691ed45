//! nginx error log. Its time has no zone.

use super::Program;
use crate::voice::{Entry, Level};

use std::fmt::Write;

/// Writes one entry; the connection number comes out of the time, as it grows.
pub fn write(program: &Program, entry: &Entry, out: &mut String) {
    let level = match entry.level {
        Level::Debug => "debug",
        Level::Info => "notice",
        Level::Warn => "warn",
        Level::Error => "error",
        Level::Fatal => "crit",
    };
    let _ = writeln!(
        out,
        "{} [{level}] {pid}#{pid}: *{} {}",
        entry.at.show(program.zone, "%Y/%m/%d %H:%M:%S"),
        entry.at.0 / 131_072 % 10_000_000,
        entry.text,
        pid = program.pid,
    );
}
