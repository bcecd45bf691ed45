//! Go's standard logger: date and time without a zone, then a level as people add it.

use super::{Program, continued};
use crate::voice::Entry;

use std::fmt::Write;

/// Writes one entry.
pub fn write(program: &Program, entry: &Entry, out: &mut String) {
    let _ = write!(
        out,
        "{} {} {}: {}",
        entry.at.show(program.zone, "%Y/%m/%d %H:%M:%S%.6f"),
        entry.level.upper(),
        entry.logger,
        entry.text,
    );
    if let Some(user) = &entry.user {
        let _ = write!(out, " user={user}");
    }
    if let Some(request) = &entry.request {
        let _ = write!(out, " request_id={request}");
    }
    out.push('\n');
    continued(entry, out);
}
