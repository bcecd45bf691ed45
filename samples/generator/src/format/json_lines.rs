//! One JSON object a line, as pino- and slog-like loggers write it.

use super::Program;
use crate::json::Json;
use crate::voice::Entry;

use std::fmt::Write;

/// Writes one entry; a stack trace becomes one string.
pub fn write(program: &Program, entry: &Entry, out: &mut String) {
    let mut members: Vec<(&'static str, Json)> = vec![
        ("timestamp", entry.at.stamp_ms(program.zone).into()),
        ("level", entry.level.lower().into()),
        ("service", program.name.into()),
        ("host", program.host.into()),
        ("logger", entry.logger.into()),
        ("message", entry.text.as_str().into()),
    ];
    if let Some(request) = &entry.request {
        members.push(("request_id", request.as_str().into()));
    }
    if let Some(user) = &entry.user {
        members.push(("user_id", user.as_str().into()));
    }
    if !entry.trace.is_empty() {
        members.push(("stack", entry.trace.join("\n").into()));
    }
    let _ = writeln!(out, "{}", Json::Object(members));
}
