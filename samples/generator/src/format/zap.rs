//! zap's production encoder: JSON with the time in epoch seconds.

use super::Program;
use crate::json::Json;
use crate::voice::Entry;

use std::fmt::Write;

/// Writes one entry.
pub fn write(program: &Program, entry: &Entry, out: &mut String) {
    let ts = format!("{}.{:06}", entry.at.0 / 1_000_000, entry.at.0 % 1_000_000);
    let mut members: Vec<(&'static str, Json)> = vec![
        ("level", entry.level.lower().into()),
        ("ts", Json::Number(ts)),
        ("logger", program.name.into()),
        ("caller", entry.logger.into()),
        ("msg", entry.text.as_str().into()),
    ];
    if let Some(request) = &entry.request {
        members.push(("requestId", request.as_str().into()));
    }
    if let Some(user) = &entry.user {
        members.push(("user", user.as_str().into()));
    }
    if !entry.trace.is_empty() {
        members.push(("stacktrace", entry.trace.join("\n").into()));
    }
    let _ = writeln!(out, "{}", Json::Object(members));
}
