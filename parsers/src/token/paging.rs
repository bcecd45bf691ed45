//! The words in which pagers tell what was done about an incident.

use crate::record::PageAct;

/// What a word says was done, and whether none but pagers say so.
#[must_use]
pub fn act(word: &str) -> Option<(PageAct, bool)> {
    let lower = word.rsplit('=').next()?.to_ascii_lowercase();
    Some(match lower.as_str() {
        "triggered" | "trigger" => (PageAct::Triggered, true),
        "created" | "opened" | "raised" => (PageAct::Triggered, false),
        "paged" | "paging" => (PageAct::Notified, true),
        "notified" | "called" | "texted" | "notify" | "delivered" => (PageAct::Notified, false),
        "accepted" | "accept" => (PageAct::Acknowledged, false),
        "acked" | "acknowledged" | "ack" | "acknowledge" | "ack'd" => (PageAct::Acknowledged, true),
        "unacked" | "unacknowledged" => (PageAct::Unacknowledged, true),
        "escalated" | "escalate" => (PageAct::Escalated, true),
        "reassigned" | "reassign" | "delegated" | "assigned" => (PageAct::Reassigned, false),
        "resolved" | "resolve" | "autoresolved" | "auto-resolved" | "closed" | "close"
        | "terminated" => (PageAct::Resolved, false),
        "reopened" | "retriggered" | "re-triggered" => (PageAct::Reopened, false),
        "annotated" | "snoozed" | "note" | "commented" | "declined" | "decline" | "rejected"
        | "reject" | "undelivered" => (PageAct::Annotated, false),
        _ => return None,
    })
}

/// Whether a word names the sort of thing that people are paged for.
#[must_use]
pub fn is_case(word: &str) -> bool {
    case(word).is_some()
}

/// The sort of thing that people are paged for, where a word names it.
#[must_use]
pub fn case(word: &str) -> Option<&'static str> {
    let lower = word.to_ascii_lowercase();
    let cases = ["incident", "page", "alert", "case", "inc", "event"];
    cases.into_iter().find(|c| *c == lower)
}

/// `#6149`, `INC-6149`, `incident=6149`.
#[must_use]
pub fn number_of(word: &str) -> Option<&str> {
    let value = match word.split_once('=') {
        Some((name, value)) if is_case(name) || name == "id" => value,
        Some(_) => return None,
        None => word,
    };
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let alone = value.strip_prefix('#').filter(|n| digits(n));
    let lettered = || {
        let (letters, n) = value.split_once('-')?;
        let known = (2..=5).contains(&letters.len())
            && letters.bytes().all(|b| b.is_ascii_uppercase())
            && digits(n);
        known.then_some(value)
    };
    alone
        .or_else(lettered)
        .or_else(|| Some(value).filter(|v| v.len() < word.len() && digits(v)))
}

/// A name of several words, each written as one.
#[must_use]
pub fn is_full(name: &str) -> bool {
    name.contains(' ') && name.split(' ').all(|w| w.starts_with(char::is_uppercase))
}

/// How somebody was reached or answered.
#[must_use]
pub fn is_medium(word: &str) -> bool {
    const MEDIA: [&str; 10] = [
        "phone", "sms", "voice", "email", "e-mail", "app", "push", "web", "text", "mobile",
    ];
    let first = word.split(' ').next().unwrap_or_default();
    MEDIA.contains(&first.to_ascii_lowercase().as_str())
}

/// `Ana Weiss responded "Acknowledge"`
#[must_use]
pub fn answers(word: &str) -> bool {
    ["responded", "replied", "answered"].contains(&word.to_ascii_lowercase().as_str())
}

/// Products that page people, where one stands before the number.
#[must_use]
pub fn is_pager(word: &str) -> bool {
    const PAGERS: [&str; 12] = [
        "xmatters",
        "pagerduty",
        "opsgenie",
        "victorops",
        "on-call",
        "oncall",
        "squadcast",
        "ilert",
        "signl4",
        "alertops",
        "onpage",
        "everbridge",
    ];
    PAGERS.contains(&word.to_ascii_lowercase().as_str())
}

/// `P1`, `SEV2`, `severity=critical`.
#[must_use]
pub fn severity(word: &str) -> Option<&str> {
    if let Some((name, value)) = word.split_once('=') {
        return ["severity", "priority", "urgency"]
            .contains(&name)
            .then_some(value)
            .filter(|v| !v.is_empty());
    }
    let digits = word
        .strip_prefix('P')
        .or_else(|| word.strip_prefix("SEV"))?;
    (digits.trim_start_matches('-').len() == 1 && digits.ends_with(|c: char| c.is_ascii_digit()))
        .then_some(word)
}
