//! What words tell in a line of a file that is known to be a change log.

use super::super::names::{is_environment, is_key, is_name, is_setting, is_version};
use super::super::{ACTORS, SERVICES};
use super::head::OTHERS;
use super::{Words, is_switch};

/// What a pair gives another value: `pool.max=40`, `bulk-labels=on`, `quay=4.2.0`.
#[derive(Clone, Copy)]
pub(in crate::token::change) enum Given<'a> {
    /// A service, and the version that it has now.
    Version(&'a str),
    /// A switch.
    Flag(&'a str),
    /// A setting.
    Setting(&'a str),
}

/// What a change is of that no word tells by its form: `tune quay timeouts`, `new route for refunds`.
#[rustfmt::skip]
const TOPICS: [(&str, &[&str]); 7] = [
    ("secret", &["cert", "certs", "certificate", "certificates", "tls", "secret", "secrets", "password", "passwords",
        "credential", "credentials", "token", "keystore", "truststore"]),
    ("flag", &["flag", "flags", "toggle", "feature", "experiment", "killswitch", "enable", "disable"]),
    ("migration", &["schema", "migration", "index", "column", "table", "backfill"]),
    ("infrastructure", &["dns", "firewall", "network", "subnet", "vpn", "loadbalancer", "proxy", "nodes", "disk", "volume"]),
    ("scale", &["replicas", "instances", "memory", "cpu", "autoscaling"]),
    ("restart", &["reboot", "bounce", "recycle"]),
    ("config", &["timeout", "timeouts", "limit", "limits", "pool", "quota", "threshold", "ttl", "route", "routes",
        "routing", "rule", "rules", "schedule", "cron", "cronjob", "retention", "retries", "cache", "setting", "settings",
        "parameter", "parameters", "permission", "permissions", "role", "account", "heap", "header", "headers"]),
];

/// Words with which a line says that nothing was changed.
const DENIALS: [&str; 13] = [
    "dry-run",
    "dryrun",
    "heartbeat",
    "no-op",
    "noop",
    "nothing",
    "skip",
    "skipped",
    "skipping",
    "unchanged",
    "waiting",
    "would",
    "idle",
];

impl<'a> Words<'a> {
    /// The words of several pieces of a line.
    pub(in crate::token::change) fn of_pieces(pieces: &[&'a str]) -> Self {
        Self(pieces.iter().flat_map(|p| Self::of(p).0).collect())
    }

    /// Whether a line says that nothing was changed, or tells of a request: it has a path or a protocol.
    pub(in crate::token::change) fn denied(&self) -> bool {
        let other = |word: &str| {
            let lower = word.to_ascii_lowercase();
            let value = word.rsplit('=').next().unwrap_or(word);
            DENIALS.contains(&lower.as_str())
                || word.ends_with('?')
                || word.contains(['{', '}'])
                || value.starts_with('/') && value.len() > 1
                || word.starts_with("HTTP/")
        };
        let levelled = self.paired(&["level", "lvl", "severity", "loglevel"]);
        levelled.is_some() || self.0.iter().any(|w| other(w.text))
    }

    /// What a pair gives another value.
    pub(in crate::token::change) fn given(&self) -> Option<Given<'a>> {
        self.0.iter().find_map(|w| {
            let (name, value) = w.text.split_once('=')?;
            let lower = name.to_ascii_lowercase();
            let about = [OTHERS, SERVICES, ACTORS, &NOTES];
            let other = about.iter().any(|list| list.contains(&lower.as_str()));
            if other || value.is_empty() || is_environment(name) {
                return None;
            }
            let named = is_key(name) || is_setting(name) || is_camel(name);
            if is_version(value) && value.contains('.') && is_name(name) && !name.contains('.') {
                return Some(Given::Version(name));
            }
            if is_switch(value) && is_name(name) && !name.contains('.') {
                return Some(Given::Flag(name));
            }
            named.then_some(Given::Setting(name))
        })
    }

    /// The kind of change that its topic tells.
    pub(in crate::token::change) fn topic(&self) -> Option<&'static str> {
        let told = |list: &[&str]| {
            let mut words = self.0.iter();
            words.any(|w| list.contains(&w.text.to_ascii_lowercase().as_str()))
        };
        TOPICS.iter().find(|(_, l)| told(l)).map(|(kind, _)| *kind)
    }

    /// The service that a pair names.
    pub(in crate::token::change) fn told_service(&self) -> Option<&'a str> {
        self.paired(SERVICES).filter(|s| is_name(s))
    }

    /// A word that is one of these names.
    pub(in crate::token::change) fn among(&self, names: &[String]) -> Option<&'a str> {
        let bare = |text: &'a str| text.rsplit('/').next().unwrap_or(text);
        let mut words = self.0.iter().map(|w| bare(w.text));
        words.find(|w| names.iter().any(|n| n == w))
    }

    /// The name in front of a version or of what is given a value; else one behind `of`, or one with a joint, which
    /// words of every day have not.
    pub(in crate::token::change) fn named(&self, others: [Option<&str>; 2]) -> Option<&'a str> {
        let free = |text: &'a str| {
            let plain = is_name(text) && !is_environment(text) && !others.contains(&Some(text));
            (plain && !super::tells(text)).then_some(text)
        };
        let mut pairs = self.0.iter().zip(self.0.iter().skip(1));
        let before = pairs.find_map(|(name, w)| {
            let value = w.text.rsplit('=').next().unwrap_or(w.text);
            (is_version(value) || w.text.contains('='))
                .then(|| free(name.text))
                .flatten()
        });
        let jointed = || {
            let words = self.0.iter().filter(|w| w.text.contains('-'));
            words.filter_map(|w| free(w.text)).next()
        };
        before
            .or_else(|| self.behind("of").and_then(|w| free(w.text)))
            .or_else(jointed)
    }
}

/// `MaxConcurrentCalls`, `poolSize`: what products of .NET and Java call their settings.
fn is_camel(word: &str) -> bool {
    let mut pairs = word.bytes().zip(word.bytes().skip(1));
    word.bytes().all(|b| b.is_ascii_alphanumeric())
        && pairs.any(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase())
}

/// Names of pairs that describe.
const NOTES: [&str; 12] = [
    "action",
    "comment",
    "desc",
    "description",
    "event",
    "message",
    "msg",
    "note",
    "op",
    "reason",
    "summary",
    "title",
];
