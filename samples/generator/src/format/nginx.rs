//! nginx access log: `combined` with request time, user and request id added, as a
//! `log_format` of one's own does.

use crate::time::Zone;
use crate::traffic::Request;

use std::fmt::Write;

/// How this edge's `log_format` differs from the others.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Zone of `$time_local`.
    pub zone: Zone,
    /// Whether the user stands in the third column rather than in a field at the end.
    pub user_column: bool,
    /// Name of the user's field.
    pub user: &'static str,
    /// Name of the request id's field.
    pub id: &'static str,
    /// Host of the referring page.
    pub site: &'static str,
}

/// All requests as one file.
#[must_use]
pub fn render(style: &Style, requests: &[Request]) -> String {
    let mut out = String::new();
    for request in requests {
        write(style, request, &mut out);
    }
    out
}

fn write(style: &Style, r: &Request, out: &mut String) {
    let user = r.user.as_deref().unwrap_or("-");
    let column = if style.user_column { user } else { "-" };
    let time = r.at.show(style.zone, "%d/%b/%Y:%H:%M:%S %z");
    let referer = match r.user {
        Some(_) => format!("https://{}/", style.site),
        None => "-".to_owned(),
    };
    let _ = write!(
        out,
        "{} - {column} [{time}] \"{} {} HTTP/{}\" {} {} \"{referer}\" \"{}\" rt={}.{:03}",
        r.client,
        r.method,
        r.path,
        if r.user.is_some() { "2.0" } else { "1.1" },
        r.status,
        r.bytes,
        r.agent,
        r.took_ms / 1_000,
        r.took_ms % 1_000,
    );
    if !style.user_column {
        let _ = write!(out, " {}={user}", style.user);
    }
    let _ = writeln!(out, " {}={}", style.id, r.id);
}
