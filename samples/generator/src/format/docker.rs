//! Docker's `json-file` driver around what a program writes.

use super::{Program, Writer, go_log};
use crate::json::object;
use crate::time::Zone;
use crate::voice::{Entry, Level};

use std::fmt::Write;

/// A Go program in a container.
pub fn go(program: &Program, entry: &Entry, out: &mut String) {
    wrap(go_log::write, program, entry, out);
}

fn wrap(inner: Writer, program: &Program, entry: &Entry, out: &mut String) {
    let mut text = String::new();
    inner(program, entry, &mut text);
    let stream = match entry.level {
        Level::Debug | Level::Info => "stdout",
        _ => "stderr",
    };
    for (i, line) in text.lines().enumerate() {
        // The driver stamps when it reads, a moment later, in nanoseconds.
        let delay = 180 + 9 * i64::try_from(i).unwrap_or(0);
        let at = crate::time::Time(entry.at.0 + delay);
        let record = object([
            ("log", format!("{line}\n").into()),
            ("stream", stream.into()),
            (
                "time",
                at.show(Zone::UTC, "%Y-%m-%dT%H:%M:%S%.6f417Z").into(),
            ),
        ]);
        let _ = writeln!(out, "{record}");
    }
}
