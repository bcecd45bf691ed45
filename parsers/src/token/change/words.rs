//! A line or a title in which a change is told, word by word.

use super::job::job;
use super::{ACTORS, SERVICES, class, status};
use crate::record::ChangeState;
use crate::token::level;

/// A change: its kind in the words of [`crate::field::CHANGE`], and the word that told it.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// The kind.
    pub kind: &'static str,
    /// The place of the word.
    pub at: usize,
    /// The word tells of something under way: `deploying`.
    pub begins: bool,
}

/// A word of a line, without what stands around it.
#[derive(Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    /// Between brackets, alone.
    enclosed: bool,
    /// A colon stands behind it.
    names: bool,
}

/// The words of a line.
pub struct Words<'a>(Vec<Word<'a>>);

#[rustfmt::skip]
const ENVIRONMENTS: &[&str] = &[
    "canary", "demo", "dev", "development", "integration", "live", "prd", "pre-prod", "preprod",
    "preproduction", "prod", "production", "qa", "sandbox", "stage", "staging", "stg", "test",
    "testing", "uat",
];

/// Words that are no name of anything that is changed.
#[rustfmt::skip]
const COMMON: &[&str] = &[
    "a", "about", "after", "again", "all", "also", "an", "and", "app", "application", "as", "at",
    "automated", "automatically", "back", "be", "been", "before", "being", "branch", "build", "by",
    "change", "changes", "cluster", "code", "commit", "component", "container", "deployment", "due",
    "emergency", "environment", "every", "everywhere", "false", "feature", "for", "from", "full",
    "fully", "has", "have", "helm", "host", "hosts", "hot", "image", "in", "instance", "instances",
    "into", "is", "it", "its", "job", "kubectl", "latest", "main", "manual", "manually", "master",
    "minor", "module", "namespace", "new", "nightly", "no", "node", "nodes", "now", "of", "off", "old",
    "on", "onto", "or", "out", "over", "percent", "pipeline", "planned", "pod", "pods", "previous",
    "ref", "region", "regular", "replicas", "rolling", "routine", "run", "scheduled", "server",
    "servers", "service", "set", "started", "step", "successfully", "system", "tag", "task",
    "terraform", "that", "the", "this", "through", "ticket", "to", "true", "undo", "up", "update",
    "user", "using", "value", "values", "version", "via", "was", "weekly", "were", "with", "workflow",
    "zone",
];

impl<'a> Words<'a> {
    /// Those of `said`.
    #[must_use]
    pub fn of(said: &'a str) -> Self {
        let blanks = |c: char| c.is_whitespace() || matches!(c, '|' | ';' | ',' | '"' | '\'' | '`');
        let words = said.split(blanks).filter(|w| !w.is_empty()).map(Word::of);
        Self(words.filter(|w| !w.text.is_empty()).collect())
    }

    /// Whether a level stands among the first words, or a value that a program would log.
    #[must_use]
    pub fn logged(&self) -> bool {
        let level = |w: &Word<'_>| {
            level::word(w.text.as_bytes()).is_some()
                && status(&w.text.to_ascii_lowercase()).is_none()
        };
        self.0.iter().take(3).any(level)
    }

    /// The change: a job's name says what it does only where no other word does.
    #[must_use]
    pub fn change(&self) -> Option<Change> {
        let told = |enclosed: bool| {
            let words = self.0.iter().enumerate();
            words
                .filter(|(_, w)| w.enclosed == enclosed)
                .find_map(|(at, word)| {
                    let kind = verb(word.text)
                        .or_else(|| job(word.text).map(|job| job.kind))
                        .or_else(|| self.goes_back(at).then_some("rollback"))?;
                    let begins = word.text.ends_with("ing");
                    Some(Change { kind, at, begins })
                })
        };
        told(false)
            .or_else(|| told(true))
            .or_else(|| self.named_kind())
            .or_else(|| self.setting())
    }

    /// `roll back`, `quay back to 2.5.9`.
    fn goes_back(&self, at: usize) -> bool {
        let is = |n: usize, word: &str| {
            let found = self.0.get(n);
            found.is_some_and(|w| w.text.eq_ignore_ascii_case(word))
        };
        let version = |n: usize| self.0.get(n).is_some_and(|w| is_version(w.text));
        let rolls = is(at, "roll") || is(at, "rolling") || is(at, "rolls");
        rolls && is(at + 1, "back") || is(at, "back") && is(at + 1, "to") && version(at + 2)
    }

    /// The change in a pair: `action=deploy`.
    fn named_kind(&self) -> Option<Change> {
        const NAMES: [&str; 7] = [
            "action",
            "type",
            "change",
            "change_type",
            "kind",
            "event",
            "op",
        ];
        let levelled = self
            .paired(&["level", "lvl", "severity", "loglevel"])
            .is_some();
        let mut words = self.0.iter().enumerate().filter(|_| !levelled);
        words.find_map(|(at, w)| {
            let (name, value) = w.text.split_once('=')?;
            let value = value.trim_matches('"');
            let kind = NAMES.contains(&name).then(|| verb(value)).flatten()?;
            let begins = value.ends_with("ing");
            Some(Change { kind, at, begins })
        })
    }

    /// A setting by its name, and that it was changed: `POOL_SIZE … (update POOL_SIZE)`.
    fn setting(&self) -> Option<Change> {
        let at = self.0.iter().position(|w| is_setting(w.text))?;
        let changed = self.0.iter().any(|w| {
            let word = w.text.to_ascii_lowercase();
            SETS.contains(&word.as_str())
        });
        changed.then_some(Change {
            kind: "config",
            at,
            begins: false,
        })
    }

    /// The word behind another.
    fn behind(&self, word: &str) -> Option<&Word<'a>> {
        let at = self
            .0
            .iter()
            .position(|w| w.text.eq_ignore_ascii_case(word))?;
        self.0.get(at + 1)
    }

    /// The value of a pair with one of these names: `user=mira`.
    fn paired(&self, names: &[&str]) -> Option<&'a str> {
        let mut pairs = self.0.iter().filter_map(|w| w.text.split_once('='));
        pairs.find_map(|(name, value)| names.contains(&name).then_some(value))
    }

    /// Who did it: `by mira`, `user=mira`, `(mira)`, `mira:` in front.
    #[must_use]
    pub fn actor(&self) -> Option<&'a str> {
        let first = self.0.first().filter(|w| w.names && !w.enclosed);
        let last = self.0.last().filter(|w| w.enclosed);
        let mut alone = first.into_iter().chain(last).map(|w| w.text);
        let named = self.behind("by").map(|w| w.text);
        let name = named.or_else(|| self.paired(ACTORS));
        let name = name.or_else(|| alone.find(|name| is_plain(name)))?;
        Some(name.trim_start_matches('@')).filter(|n| !n.is_empty())
    }

    /// The environment that a word or a job's name tells.
    #[must_use]
    pub fn environment(&self) -> Option<&'a str> {
        let words = self
            .0
            .iter()
            .map(|w| w.text.rsplit('=').next().unwrap_or(w.text));
        let told = words.into_iter().find(|w| is_environment(w));
        told.or_else(|| self.0.iter().find_map(|w| job(w.text)?.environment))
    }

    /// The version: the one that it was changed to, where two are told.
    #[must_use]
    pub fn version(&self) -> Option<&'a str> {
        let own = |w: &Word<'a>| {
            w.text
                .rsplit(['=', '@', ':'])
                .next()
                .filter(|v| is_version(v))
        };
        let words = || self.0.iter();
        let target = words().zip(words().skip(1)).find_map(|(before, w)| {
            before
                .text
                .eq_ignore_ascii_case("to")
                .then(|| own(w))
                .flatten()
        });
        target.or_else(|| words().find_map(own))
    }

    /// How far the change has come; `begins` where its word tells of something under way.
    #[must_use]
    pub fn state(&self, begins: bool) -> ChangeState {
        let mut words = self.0.iter().enumerate().rev();
        let said = words.find_map(|(n, w)| {
            // `started by mira` says who.
            let who = self
                .0
                .get(n + 1)
                .is_some_and(|next| next.text.eq_ignore_ascii_case("by"));
            let word = w.text.rsplit('=').next()?.to_ascii_lowercase();
            let plain = !matches!(word.as_str(), "live" | "open" | "true" | "deployed");
            status(&word).filter(|_| !who && plain)
        });
        said.unwrap_or(if begins {
            ChangeState::Started
        } else {
            ChangeState::Finished
        })
    }

    /// What was changed. `verb` is the place of the word that says how.
    #[must_use]
    pub fn service(&self, verb: usize, actor: Option<&str>) -> Option<&'a str> {
        let named = |w: &Word<'a>| {
            let name = w.text.split(['@', ':']).next()?;
            let name = name.rsplit('/').next().unwrap_or(name);
            let free = is_name(name) && Some(name) != actor && !is_environment(name);
            (free && job(name).is_none() && !tells(name)).then_some(name)
        };
        let jobs = || self.0.iter().find_map(|w| job(w.text)?.service);
        let before = verb
            .checked_sub(1)
            .and_then(|at| self.0.get(at))
            .filter(|w| !w.names);
        let at_verb = before.and_then(named);
        let setting = |w: &Word<'_>| matches!(w.text, "flag" | "setting" | "toggle" | "feature");
        let mut after = self.0.iter().skip(verb + 1).enumerate();
        let switched = |at: usize| {
            let to = |n: usize| self.0.get(n).is_some_and(|w| w.text == "to");
            let value = at + 1 + usize::from(to(at + 1));
            self.0.get(value).is_some_and(|w| is_switch(w.text))
        };
        let follows = || {
            let mut set = None;
            let found = after.find_map(|(n, w)| {
                let of_flag = self.0.get(verb + n).is_some_and(setting);
                let name = named(w).filter(|_| !of_flag)?;
                // `config change: bulk-labels -> on … parcels`: what is switched is of something else.
                if switched(verb + 1 + n) {
                    set = set.or(Some(name));
                    return None;
                }
                Some(name)
            });
            found.or(set)
        };
        self.paired(SERVICES)
            .or_else(jobs)
            .or_else(|| self.behind("of").and_then(named))
            .or(at_verb)
            .or_else(follows)
            .or_else(|| self.0.iter().take(verb).find_map(named))
    }
}

impl<'a> Word<'a> {
    fn of(word: &'a str) -> Self {
        if matches!(word, "->" | "=>" | "→") {
            return Self {
                text: "to",
                enclosed: false,
                names: false,
            };
        }
        let open = word.starts_with(['[', '(', '<']);
        let inner = word.trim_start_matches(['[', '(', '<', '#', '*', '-']);
        let bare = inner.trim_end_matches([']', ')', '>', ':', '.', '!', '*']);
        Self {
            text: bare,
            enclosed: open
                && inner
                    .trim_end_matches([':', '.'])
                    .ends_with([']', ')', '>']),
            names: inner.ends_with(':'),
        }
    }
}

/// The value of a switch.
fn is_switch(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let share = lower.strip_suffix('%');
    ["on", "off", "true", "false", "enabled", "disabled"].contains(&lower.as_str())
        || share.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// Words that say that a setting has another value.
const SETS: [&str; 9] = [
    "change", "changed", "edit", "edited", "modified", "set", "unset", "update", "updated",
];

/// Words in which a change's stem stands and that tell none.
const NOUNS: [&str; 3] = ["deployment", "deployer", "releases"];

/// The kind of change that a single word tells.
fn verb(word: &str) -> Option<&'static str> {
    let lower = word.to_ascii_lowercase();
    let other = match lower.as_str() {
        "rolled" | "rolling-back" => "rollback",
        "bounced" | "recycled" | "rebooted" => "restart",
        "enabled" | "disabled" | "switched" | "flipped" => "flag",
        "applied" => "config",
        _ => {
            let plain = lower.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
            return class(&lower)
                .filter(|kind| plain && *kind != "change" && !NOUNS.contains(&lower.as_str()));
        }
    };
    Some(other)
}

fn tells(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    verb(word).is_some() || status(&lower).is_some() || SETS.contains(&lower.as_str())
}

/// Whether a word names an environment.
#[must_use]
pub fn is_environment(word: &str) -> bool {
    ENVIRONMENTS.contains(&word.to_ascii_lowercase().as_str())
}

/// Whether a word names an environment without users and hardly means anything else.
#[must_use]
pub fn is_staging(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    [
        "staging",
        "stg",
        "preprod",
        "preproduction",
        "uat",
        "qa",
        "nonprod",
    ]
    .contains(&word.as_str())
}

/// A word that may name a service: letters first, and no word of every day.
pub(super) fn is_name(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.len() > 1
        && word.chars().all(letters)
        && !COMMON.contains(&lower.as_str())
        && !is_version(word)
        && !is_setting(word)
}

/// The name of a setting: `POOL_SIZE`.
fn is_setting(word: &str) -> bool {
    word.contains('_')
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// A person's name, as it stands alone.
fn is_plain(word: &str) -> bool {
    is_name(word) && !is_environment(word) && !tells(word) && job(word).is_none()
}

/// `4.2.0`, `v17`, `2025.03.11-2`, `9f3c2ab`.
#[must_use]
pub fn is_version(word: &str) -> bool {
    const NAMED: [&str; 5] = ["rel-", "release-", "ver-", "version-", "rel_"];
    let named = NAMED.iter().find_map(|p| word.strip_prefix(p));
    let word = named.filter(|n| n.contains('.')).unwrap_or(word);
    let bare = word.strip_prefix(['v', 'V']).unwrap_or(word);
    let digits = |c: char| c.is_ascii_digit();
    let dotted = bare.starts_with(digits)
        && (bare.contains('.') || bare.len() < word.len())
        && bare
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+' | '_'))
        && !bare.ends_with(['s', '%']);
    let hash = (7..=40).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_hexdigit())
        && word.bytes().any(|b| b.is_ascii_digit())
        && word.bytes().any(|b| b.is_ascii_alphabetic());
    dotted || hash
}
