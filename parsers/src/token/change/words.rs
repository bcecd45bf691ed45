//! A line or a title in which a change is told, word by word.

mod head;
mod kept;
mod phrase;

pub(super) use kept::Given;

use super::job::job;
use super::names::{is_environment, is_key, is_name, is_setting, is_version};
use super::{ACTORS, SERVICES, class, short, status};
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
    /// An arrow or a sign of equality: what stands before it has now the value behind it.
    gives: bool,
}

/// The words of a line.
pub struct Words<'a>(Vec<Word<'a>>);

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
                    let kind = self
                        .rotates(at)
                        .or_else(|| verb(word.text))
                        .or_else(|| job(word.text).map(|job| job.kind))
                        .or_else(|| self.goes_back(at).then_some("rollback"))?;
                    // A setting is none under way.
                    let begins = word.text.ends_with("ing") && !word.text.ends_with("setting");
                    Some(Change { kind, at, begins })
                })
        };
        told(false)
            .or_else(|| self.setting())
            .or_else(|| told(true))
            .or_else(|| self.named_kind())
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

    /// A setting by its name, and that it was changed: `POOL_SIZE … (update POOL_SIZE)`, `pool.max -> 40`.
    fn setting(&self) -> Option<Change> {
        let at = self.setting_at()?;
        Some(Change {
            kind: "config",
            at,
            begins: false,
        })
    }

    /// Where a setting is named that was changed.
    fn setting_at(&self) -> Option<usize> {
        let sets = |w: &Word<'_>| SETS.contains(&w.text.to_ascii_lowercase().as_str());
        let set = || self.0.iter().any(sets);
        let mut words = self.0.iter().enumerate();
        let given = |at: usize| self.0.get(at + 1).is_some_and(|w| w.gives) || self.is_given(at);
        let set_here = |at: usize| {
            let before = self.0.get(at.saturating_sub(2)..at).unwrap_or_default();
            before.iter().any(sets)
        };
        words.find_map(|(at, w)| {
            let (name, value) = w.text.split_once('=').unwrap_or((w.text, ""));
            let known = is_setting(name) && (set() || given(at))
                || is_key(name) && (self.is_given(at) || set_here(at) && !value.is_empty());
            known.then_some(at)
        })
    }

    /// Whether a word may be the name of a setting and stands where one is given another value.
    fn is_given(&self, at: usize) -> bool {
        let word = |n: usize| self.0.get(n);
        let sets = |w: &Word<'_>| SETS.contains(&w.text.to_ascii_lowercase().as_str());
        let before = at.checked_sub(1).and_then(word).is_some_and(sets);
        let gives = |w: &Word<'_>| w.gives || before && matches!(w.text, "to" | "from");
        // What is set to a version is what runs.
        let value = word(at + 2).is_some_and(|v| !is_version(v.text) || !v.text.contains('.'));
        // `pool.max 40 -> 60`
        let later = word(at + 2).is_some_and(|w| w.gives)
            && word(at + 1).is_some_and(|v| v.text.starts_with(|c: char| c.is_ascii_digit()));
        word(at).is_some_and(|w| is_key(w.text) || is_setting(w.text))
            && (later || word(at + 1).is_some_and(gives) && value)
    }

    /// What was set or switched, by its name.
    #[must_use]
    pub fn item(&self, change: Change) -> Option<&'a str> {
        match change.kind {
            "config" => {
                let word = self.0.get(self.setting_at()?)?.text;
                Some(word.split('=').next().unwrap_or(word))
            }
            "flag" => {
                let behind = self.0.iter().position(of_flag).map(|at| at + 1);
                let named = |at: usize| {
                    let word = self.0.get(at)?;
                    (is_name(word.text) && !tells(word.text)).then_some(word.text)
                };
                behind.and_then(named).or_else(|| {
                    (0..self.0.len())
                        .find(|at| self.switched(*at))
                        .and_then(named)
                })
            }
            _ => None,
        }
    }

    /// Whether behind a word stands what it is switched to.
    fn switched(&self, at: usize) -> bool {
        let gives = |n: usize| self.0.get(n).is_some_and(|w| w.text == "to" || w.gives);
        let value = at + 1 + usize::from(gives(at + 1));
        self.0.get(value).is_some_and(|w| is_switch(w.text))
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
        let mut last = self.0.iter().rev().take(2).filter(|w| w.enclosed);
        let named = self.behind("by").map(|w| w.text);
        let name = named.or_else(|| self.paired(ACTORS));
        // `quay: deploy 4.2.0 (mira)`: who stands behind is who did it.
        let name = name.or_else(|| last.find_map(|w| is_plain(w.text).then_some(w.text)));
        let name = name.or_else(|| self.speaker())?;
        Some(name.trim_start_matches('@')).filter(|n| !n.is_empty())
    }

    /// Who would speak in `mira: deployed 4.2.0`.
    #[must_use]
    pub fn speaker(&self) -> Option<&'a str> {
        let first = self.0.first().filter(|w| w.names && !w.enclosed)?;
        Some(first.text).filter(|name| is_plain(name))
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
        let numbered = || {
            words().zip(words().skip(1)).find_map(|(before, w)| {
                let names = ["build", "version", "release", "revision"];
                let named = names.iter().any(|n| before.text.eq_ignore_ascii_case(n));
                (named && !w.text.is_empty() && w.text.bytes().all(|b| b.is_ascii_digit()))
                    .then_some(w.text)
            })
        };
        target.or_else(|| words().find_map(own)).or_else(numbered)
    }

    /// How far the change has come; `begins` where its word tells of something under way.
    #[must_use]
    pub fn state(&self, begins: bool) -> ChangeState {
        let mut words = self.0.iter().enumerate().rev();
        let said = words.find_map(|(n, w)| {
            // `approved by mira` says who.
            let who = self
                .0
                .get(n + 1)
                .is_some_and(|next| next.text.eq_ignore_ascii_case("by"));
            let word = w.text.rsplit('=').next()?.to_ascii_lowercase();
            let plain = !matches!(word.as_str(), "live" | "open" | "true" | "deployed");
            status(&word).filter(|s| plain && (!who || *s == ChangeState::Started))
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
        // `feature bulk-labels switched on` is of something else.
        let switch = verb >= 2 && self.0.get(verb - 2).is_some_and(of_flag);
        let at_verb = before.filter(|_| !switch).and_then(named);
        let mut after = self.0.iter().skip(verb + 1).enumerate();
        let follows = || {
            let mut set = None;
            let found = after.find_map(|(n, w)| {
                let at = verb + 1 + n;
                let of_flag = self.0.get(at - 1).is_some_and(of_flag);
                // `pool.max = small`: neither the setting nor its value.
                let value =
                    self.0.get(at - 1).is_some_and(|w| w.gives) || at >= 2 && self.is_given(at - 2);
                let name = named(w).filter(|_| !of_flag && !value && !self.is_given(at))?;
                // `config change: bulk-labels -> on … parcels`: what is switched is of something else.
                if self.switched(at) {
                    set = set.or(Some(name));
                    return None;
                }
                Some(name)
            });
            found.or(set)
        };
        self.paired(SERVICES)
            .or_else(jobs)
            .or_else(|| self.headed(verb).map(|(name, _)| name))
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
                gives: true,
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
            gives: matches!(word, "=" | ":="),
        }
    }
}

/// A word behind which the name of a switch stands.
fn of_flag(word: &Word<'_>) -> bool {
    matches!(word.text, "flag" | "setting" | "toggle" | "feature")
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
            // "TLS" and "password" stand in lines of any program.
            let noun = NOUNS.contains(&lower.as_str()) || short(&lower).is_some();
            return class(&lower).filter(|kind| plain && *kind != "change" && !noun);
        }
    };
    Some(other)
}

fn tells(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    verb(word).is_some() || status(&lower).is_some() || SETS.contains(&lower.as_str())
}

/// A person's name, as it stands alone.
fn is_plain(word: &str) -> bool {
    is_name(word) && !is_environment(word) && !tells(word) && job(word).is_none()
}
