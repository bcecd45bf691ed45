//! Logback's customary pattern, without a zone, stack traces below.

use super::{Program, continued};
use crate::voice::Entry;

use std::fmt::Write;

/// Writes one entry. The thread number comes out of the time.
pub fn write(program: &Program, entry: &Entry, out: &mut String) {
    let _ = writeln!(
        out,
        "{} [{}-exec-{}] {:<5} {} [{}] - {}",
        entry.at.show(program.zone, "%Y-%m-%d %H:%M:%S%.3f"),
        program.name,
        entry.at.0 / 7_919 % 24 + 1,
        entry.level.upper(),
        entry.logger,
        entry.request.as_deref().unwrap_or(""),
        entry.text,
    );
    continued(entry, out);
}
