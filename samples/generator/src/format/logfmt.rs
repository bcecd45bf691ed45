//! logfmt: `ts=… level=… svc=… msg="…"`.

use super::Program;
use crate::json;
use crate::voice::Entry;

use std::fmt::Write;

/// Writes one entry.
pub fn write(program: &Program, entry: &Entry, out: &mut String) {
    let _ = write!(
        out,
        "ts={} level={} svc={} component={} msg={}",
        entry.at.stamp_ms(program.zone),
        entry.level.lower(),
        program.name,
        entry.logger,
        json::quoted(&entry.text),
    );
    if let Some(user) = &entry.user {
        let _ = write!(out, " user={user}");
    }
    if let Some(request) = &entry.request {
        let _ = write!(out, " request_id={request}");
    }
    out.push('\n');
}
