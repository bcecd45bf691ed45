//! The container runtime's log under `/var/log/containers` around what a program writes.

use super::{Program, logfmt};
use crate::time::{Time, Zone};
use crate::voice::Entry;

use std::fmt::Write;

/// A program that writes logfmt, in a pod.
pub fn logfmt(program: &Program, entry: &Entry, out: &mut String) {
    let mut text = String::new();
    logfmt::write(program, entry, &mut text);
    for line in text.lines() {
        let at = Time(entry.at.0 + 240);
        let time = at.show(Zone::UTC, "%Y-%m-%dT%H:%M:%S%.6f038Z");
        let _ = writeln!(out, "{time} stdout F {line}");
    }
}
