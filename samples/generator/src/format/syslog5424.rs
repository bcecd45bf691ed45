//! Syslog after RFC 5424, with structured data where there is a request.

use super::Program;
use crate::voice::Entry;

use std::fmt::Write;

/// Facility "local0".
const FACILITY: u8 = 16;

/// Writes one entry; its logger is the message id.
pub fn write(program: &Program, entry: &Entry, out: &mut String) {
    let data = match (&entry.request, &entry.user) {
        (Some(r), Some(u)) => format!("[req@32473 id=\"{r}\" user=\"{u}\"]"),
        (Some(r), None) => format!("[req@32473 id=\"{r}\"]"),
        _ => "-".to_owned(),
    };
    let _ = writeln!(
        out,
        "<{}>1 {} {} {} {} {} {data} {}",
        FACILITY * 8 + entry.level.syslog(),
        entry.at.stamp_ms(program.zone),
        program.host,
        program.name,
        program.pid,
        entry.logger,
        entry.text,
    );
}
