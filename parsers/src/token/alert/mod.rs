//! The words in which alerts are told: states, labels, subjects of mails and their bodies.

mod facts;
mod subject;

pub use facts::Facts;
pub use subject::{Subject, read};

use super::change::is_environment;
use super::payload;
use crate::record::AlertState;

/// The state that a word tells, whether only alerts have it, and how bad it is. In capitals or in brackets: in
/// small letters they are words of sentences.
#[must_use]
pub fn state(word: &str) -> Option<(AlertState, bool, Option<&'static str>)> {
    let bracketed = word.starts_with(['[', '*']);
    let bare = word.trim_matches(['[', ']', ':', '*', '(', ')', '!', '|']);
    let counted = bare
        .split_once(':')
        .map_or(bare, |(w, n)| match n.parse::<u32>() {
            Ok(_) => w,
            Err(_) => bare,
        });
    let paired = ["state=", "status=", "alertstate="]
        .iter()
        .find_map(|p| counted.strip_prefix(p));
    let shouted = counted.len() > 1 && counted.bytes().all(|b| b.is_ascii_uppercase() || b == b' ');
    let upper = paired.unwrap_or(counted).to_ascii_uppercase();
    if !(shouted || bracketed || paired.is_some()) {
        return None;
    }
    use AlertState::{Firing, Pending, Resolved};
    Some(match upper.as_str() {
        "FIRING" | "ALERTING" => (Firing, true, None),
        "RESOLVED" | "RECOVERED" => (Resolved, true, None),
        "PENDING" => (Pending, false, None),
        "ALERT" | "PROBLEM" | "TRIGGERED" | "DOWN" | "ALARM" => (Firing, false, None),
        "CRITICAL" | "CRIT" => (Firing, false, Some("critical")),
        "WARNING" | "WARN" => (Firing, false, Some("warning")),
        "RECOVERY" | "OK" | "CLEARED" | "CLEAR" | "UP" | "NORMAL" => (Resolved, false, None),
        "NODATA" | "UNKNOWN" => (AlertState::Unknown, false, None),
        _ => return None,
    })
}

/// What pairs or brackets say of an alert.
#[derive(Debug, Default)]
pub struct Labels<'l> {
    /// The rule or check.
    pub name: Option<&'l str>,
    /// What it is about.
    pub service: Option<&'l str>,
    /// Where.
    pub host: Option<&'l str>,
    /// How bad it is.
    pub severity: Option<&'l str>,
    /// Of which environment.
    pub environment: Option<&'l str>,
    /// Its fingerprint.
    pub id: Option<&'l str>,
}

impl<'l> Labels<'l> {
    /// `service=orders severity=page`, or the values alone in brackets, as Alertmanager's title has them.
    #[must_use]
    pub fn of(text: &'l str) -> Self {
        let mut labels = Self::default();
        let ends =
            |c: char| c.is_whitespace() || matches!(c, ',' | '{' | '}' | '(' | ')' | ';' | '|');
        for pair in text.split(ends) {
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            let value = value.trim_matches('"');
            let slot = match name.to_ascii_lowercase().as_str() {
                "alertname" | "alert" | "check" | "monitor" | "rule" => &mut labels.name,
                "service" | "app" | "job" | "application" => &mut labels.service,
                "host" | "instance" | "node" | "server" => &mut labels.host,
                "severity" | "sev" | "priority" | "level" => &mut labels.severity,
                "env" | "environment" | "stage" => &mut labels.environment,
                "fingerprint" | "id" | "alert_id" | "alertid" => &mut labels.id,
                _ => continue,
            };
            if !value.is_empty() {
                slot.get_or_insert(value);
            }
        }
        if let Some(inside) = text.split_once('(').and_then(|(_, t)| t.split_once(')')) {
            labels.values(inside.0);
        }
        labels
    }

    fn values(&mut self, inside: &'l str) {
        let words = || inside.split([' ', ',']).filter(|w| !w.is_empty());
        // Words in brackets are of a sentence, unless one of them is what only labels say.
        let graded = |w: &str| payload::severity(w).is_some();
        if inside.contains('=') || !words().any(|w| is_environment(w) || graded(w)) {
            return;
        }
        for word in words() {
            let name = word
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
            if is_environment(word) {
                self.environment.get_or_insert(word);
            } else if graded(word) {
                self.severity.get_or_insert(word);
            } else if name {
                self.service.get_or_insert(word);
            }
        }
    }
}
