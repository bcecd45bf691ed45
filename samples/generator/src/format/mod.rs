//! Output formats, one a file.

pub mod alertmanager;
pub mod change_lines;
pub mod cri;
pub mod docker;
pub mod github;
pub mod go_log;
pub mod json_lines;
pub mod klog;
pub mod logback;
pub mod logfmt;
pub mod nginx;
pub mod nginx_error;
pub mod pagerduty;
pub mod pagerduty_log;
pub mod postgres;
pub mod python;
pub mod slack;
pub mod syslog3164;
pub mod syslog5424;
pub mod tickets;
pub mod zap;

use crate::time::Zone;
use crate::voice::Entry;

/// A running program that logs.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// Service name.
    pub name: &'static str,
    /// Machine or pod.
    pub host: &'static str,
    /// Process id.
    pub pid: u32,
    /// The zone that its clock writes.
    pub zone: Zone,
}

/// Writes one entry, final line break included.
pub type Writer = fn(&Program, &Entry, &mut String);

/// All entries in time order, as one file.
#[must_use]
pub fn render(program: &Program, writer: Writer, mut entries: Vec<Entry>) -> String {
    entries.sort_by_key(|e| e.at);
    let mut out = String::new();
    for entry in &entries {
        writer(program, entry, &mut out);
    }
    out
}

/// The lines that continue an entry, each on its own line.
fn continued(entry: &Entry, out: &mut String) {
    for line in entry.trace {
        out.push_str(line);
        out.push('\n');
    }
}

/// A 64-bit identity that depends on nothing but `parts`.
fn fingerprint(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|p| p.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |h: u64, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
    })
}
