//! What was changed, where it stands with its version in front of the word for the change or right behind
//! it: `tide-api build-5512: deployed, new ferry map`, `deploy tide-api=4.2.0 "new ferry map"`. The words of the
//! description are no names then.

use super::super::names::{is_environment, is_key, is_name, is_setting, is_version};
use super::super::{ACTORS, SERVICES};
use super::{Words, tells};

/// Names of pairs that say something else than what was changed.
pub(super) const OTHERS: &[&str] = &[
    "env",
    "environment",
    "stage",
    "cluster",
    "region",
    "version",
    "tag",
    "to",
    "from",
    "id",
    "ticket",
    "change",
    "build",
    "commit",
    "ref",
    "revision",
    "release",
    "image",
    "status",
    "state",
    "kind",
    "type",
    "duration",
    "took",
    "replicas",
    "count",
];

impl<'a> Words<'a> {
    /// What was changed and to what, where the change stands at `verb`.
    pub(in crate::token::change) fn headed(&self, verb: usize) -> Option<(&'a str, &'a str)> {
        self.before_colon(verb).or_else(|| self.given_version(verb))
    }

    /// `[live] tide-api build-5512: deployed`, `tide-api PR #77: config applied`: a number stands before the colon.
    fn before_colon(&self, verb: usize) -> Option<(&'a str, &'a str)> {
        let colon = verb.checked_sub(1)?;
        let last = self.0.get(colon).filter(|w| w.names)?.text;
        let mut before = self.0.get(..colon)?.iter();
        let name = before
            .find(|w| !w.names && is_name(w.text) && !is_environment(w.text) && !tells(w.text))?;
        is_numbered(last).then_some((name.text, last))
    }

    /// `deploy tide-api=4.2.0`: a name that no pair has, and a version.
    fn given_version(&self, verb: usize) -> Option<(&'a str, &'a str)> {
        let (name, value) = self.0.get(verb + 1)?.text.split_once('=')?;
        let lower = name.to_ascii_lowercase();
        let other = [OTHERS, SERVICES, ACTORS]
            .iter()
            .any(|list| list.contains(&lower.as_str()));
        let setting = is_key(name) || is_setting(name) || is_environment(name);
        // `CHG4711`, but not `40` and `15s`.
        let ticket = value.starts_with(|c: char| c.is_ascii_alphabetic())
            && value.bytes().filter(u8::is_ascii_digit).count() > 1;
        (is_name(name) && !other && !setting && (is_version(value) || ticket))
            .then_some((name, value))
    }
}

/// A version, a build, a pull request or a ticket; not a host (`dock3`), an instance (`web-3`), a process (`gate[7]`) or
/// the id of a container.
fn is_numbered(text: &str) -> bool {
    let number = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let id = text.len() > 6 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let kind = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let letters = kind.trim_end_matches('-');
    let ticket = kind.len() < text.len()
        && letters.len() > 1
        && letters.bytes().all(|b| b.is_ascii_uppercase());
    number(text.trim_start_matches('#')) || ticket || !id && is_version(text)
}

#[cfg(test)]
mod tests {
    use super::is_numbered;

    #[test]
    fn versions_builds_and_tickets_have_numbers_hosts_and_processes_only_look_so() {
        for numbered in [
            "4.2.0",
            "v17",
            "build-5512",
            "#771",
            "771",
            "CHG20771",
            "FF-12",
        ] {
            assert!(is_numbered(numbered), "{numbered}");
        }
        for other in [
            "dock3",
            "web-3",
            "gate[7]",
            "5f1e07c2ab9d",
            "5f1e07c2ab9d[811]",
            "gate",
        ] {
            assert!(!is_numbered(other), "{other}");
        }
    }
}
