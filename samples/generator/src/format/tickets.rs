//! A support desk's CSV export.

use crate::time::{Time, Zone};

use std::fmt::Write;

/// A ticket.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// When it came in.
    pub at: Time,
    /// Who wrote it.
    pub requester: String,
    /// Subject.
    pub subject: String,
    /// Body.
    pub body: String,
    /// email, web, phone …
    pub channel: &'static str,
    /// low, normal, high, urgent.
    pub priority: &'static str,
    /// new, open, pending, solved.
    pub status: &'static str,
}

/// All tickets as one file, numbered from `first`.
#[must_use]
pub fn render(tickets: &[Ticket], first: usize) -> String {
    let mut out =
        "id,created_at,channel,requester,subject,description,priority,status\n".to_owned();
    for (i, t) in tickets.iter().enumerate() {
        let _ = writeln!(
            out,
            "{},{},{},{},{},{},{},{}",
            first + i,
            t.at.stamp_s(Zone::UTC),
            t.channel,
            t.requester,
            cell(&t.subject),
            cell(&t.body),
            t.priority,
            t.status,
        );
    }
    out
}

fn cell(text: &str) -> String {
    if text.contains(['"', ',', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
