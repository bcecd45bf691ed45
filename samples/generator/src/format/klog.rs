//! klog, the log of Kubernetes components: no year, no zone.

use super::Program;
use crate::voice::{Entry, Level};

use std::fmt::Write;

/// Writes one entry; its logger is the source file and line.
pub fn write(program: &Program, entry: &Entry, out: &mut String) {
    let letter = match entry.level {
        Level::Debug | Level::Info => 'I',
        Level::Warn => 'W',
        Level::Error => 'E',
        Level::Fatal => 'F',
    };
    let _ = writeln!(
        out,
        "{letter}{} {:>7} {}] {}",
        entry.at.show(program.zone, "%m%d %H:%M:%S%.6f"),
        program.pid,
        entry.logger,
        entry.text,
    );
}
