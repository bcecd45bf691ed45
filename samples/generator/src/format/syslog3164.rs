//! BSD syslog as a file has it: no year, no zone, no priority.

use super::Program;
use crate::voice::{Entry, Level};

use std::fmt::Write;

/// Writes one entry; its logger is the program that speaks.
pub fn write(program: &Program, entry: &Entry, out: &mut String) {
    let severity = match entry.level {
        Level::Debug | Level::Info => "",
        Level::Warn => "warning: ",
        Level::Error => "error: ",
        Level::Fatal => "fatal: ",
    };
    let _ = writeln!(
        out,
        "{} {} {}[{}]: {severity}{}",
        entry.at.show(program.zone, "%b %e %H:%M:%S"),
        program.host,
        entry.logger,
        program.pid,
        entry.text,
    );
}
