//! Changes as scripts and deployment jobs of one's own log them in words, a line a change: `2025-03-11
//! 08:14:02 production shop deployed 4.2.0 by mira`.
//!
//! Everybody writes these in another order. What is common: a word for the change, what was changed, and at
//! least one of where, to what and by whom. A line with a level is a program's log, whatever it is about.

use super::change_lines::{ACTORS, SERVICES, class, status};
use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Record, field};
use crate::stamp::Reading;
use crate::token::date::Order;
use crate::token::text::{first_line, text};
use crate::token::{level, payload, time};
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "change-words",
    title: "Change log in words",
    reference: "https://en.wikipedia.org/wiki/Change_management_(IT)",
    cut: Cut::Line,
    specificity: 45,
    hint: |i| {
        i.first()
            .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'[')
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/change-words/input.log"),
};

/// The longest line that is one: a program that tells more than a change is not a change log.
const LONGEST: usize = 240;

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, more) = first_line(entry);
    if line.len() > LONGEST || !more.is_empty() {
        return None;
    }
    let (said, at) = stamp(line)?;
    let said = std::str::from_utf8(said.trim_ascii()).ok()?;
    let words = Words::of(said);
    if words.logged() {
        return None;
    }
    let change = words.change()?;
    let actor = words.actor();
    let environment = words.environment();
    let version = words.version();
    let told = actor.is_some() || environment.is_some() || version.is_some();
    let service = words.service(change.at, actor);
    // Of a flag or a setting it is mostly not said whose it is.
    let known = service.is_some() || matches!(change.kind, "flag" | "config" | "infrastructure");
    (told && known).then_some(())?;
    let mut record = Record::new(
        Kind::Change(words.state(change.begins)),
        text(said.as_bytes()),
    );
    record.at = Some(at);
    record.service = service.map(Cow::Borrowed);
    record.actor = actor.map(|name| payload::actor(Cow::Borrowed(name), false));
    record.fields.push(field::CHANGE, change.kind);
    for (name, value) in [(field::VERSION, version), (field::ENVIRONMENT, environment)] {
        if let Some(value) = value {
            record.fields.push(name, value);
        }
    }
    out.push(record);
    Some(())
}

/// The time at the beginning, in brackets or not, and what stands behind it.
pub(super) fn stamp(line: &[u8]) -> Option<(&[u8], Reading)> {
    let open = line.strip_prefix(b"[");
    let i = open.unwrap_or(line);
    let any = time::any(Order::default());
    let (rest, at) = any(i).or_else(|_| time::time_of_day(i)).ok()?;
    let rest = match open {
        Some(_) => rest.strip_prefix(b"]")?,
        None => rest,
    };
    let rest = rest.strip_prefix(b":").unwrap_or(rest);
    matches!(rest.first(), Some(b' ' | b'\t' | b',' | b'|' | b';')).then(|| (&rest[1..], at))
}

/// A change: its kind in the words of [`field::CHANGE`], and the word that told it.
struct Change {
    kind: &'static str,
    at: usize,
    /// The word tells of something under way: `deploying`.
    begins: bool,
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

struct Words<'a>(Vec<Word<'a>>);

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
    fn of(said: &'a str) -> Self {
        let blanks = |c: char| c.is_whitespace() || matches!(c, '|' | ';' | ',' | '"' | '\'' | '`');
        let words = said.split(blanks).filter(|w| !w.is_empty()).map(Word::of);
        Self(words.filter(|w| !w.text.is_empty()).collect())
    }

    /// Whether a level stands among the first words, or a value that a program would log.
    fn logged(&self) -> bool {
        let level = |w: &Word<'_>| {
            level::word(w.text.as_bytes()).is_some()
                && status(&w.text.to_ascii_lowercase()).is_none()
        };
        self.0.iter().take(3).any(level)
    }

    /// The change: a job's name says what it does only where no other word does.
    fn change(&self) -> Option<Change> {
        let told = |enclosed: bool| {
            let words = self.0.iter().enumerate();
            words
                .filter(|(_, w)| w.enclosed == enclosed)
                .find_map(|(at, word)| {
                    let kind = verb(word.text).or_else(|| job(word.text).map(|(kind, _)| kind))?;
                    let begins = word.text.ends_with("ing");
                    Some(Change { kind, at, begins })
                })
        };
        told(false).or_else(|| told(true))
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
    fn actor(&self) -> Option<&'a str> {
        let first = self.0.first().filter(|w| w.names && !w.enclosed);
        let last = self.0.last().filter(|w| w.enclosed);
        let mut alone = first.into_iter().chain(last).map(|w| w.text);
        let named = self.behind("by").map(|w| w.text);
        let name = named.or_else(|| self.paired(ACTORS));
        let name = name.or_else(|| alone.find(|name| is_plain(name)))?;
        Some(name.trim_start_matches('@')).filter(|n| !n.is_empty())
    }

    fn environment(&self) -> Option<&'a str> {
        let words = self
            .0
            .iter()
            .map(|w| w.text.rsplit('=').next().unwrap_or(w.text));
        words.into_iter().find(|w| is_environment(w))
    }

    /// The version: the one that it was changed to, where two are told.
    fn version(&self) -> Option<&'a str> {
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

    fn state(&self, begins: bool) -> ChangeState {
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
    fn service(&self, verb: usize, actor: Option<&str>) -> Option<&'a str> {
        let named = |w: &Word<'a>| {
            let name = w.text.split(['@', ':']).next()?;
            let name = name.rsplit('/').next().unwrap_or(name);
            let free = is_name(name) && Some(name) != actor && !is_environment(name);
            (free && job(name).is_none() && !tells(name)).then_some(name)
        };
        let jobs = || self.0.iter().find_map(|w| job(w.text)?.1);
        let before = verb
            .checked_sub(1)
            .and_then(|at| self.0.get(at))
            .filter(|w| !w.names);
        let at_verb = before.and_then(named);
        let setting = |w: &Word<'_>| matches!(w.text, "flag" | "setting" | "toggle" | "feature");
        let mut after = self.0.iter().skip(verb + 1).enumerate();
        let follows = || {
            after.find_map(|(n, w)| {
                let of_flag = self.0.get(verb + n).is_some_and(setting);
                named(w).filter(|_| !of_flag)
            })
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
    verb(word).is_some() || status(&lower).is_some()
}

/// A job that is named after what it does: `deploy-shop`, `shop_deploy`; its kind of change and
/// what it changes.
fn job(word: &str) -> Option<(&'static str, Option<&str>)> {
    let joined = |c: char| matches!(c, '-' | '_' | '/' | ':' | '.');
    let (first, behind) = word.split_once(joined)?;
    let (before, last) = word.rsplit_once(joined)?;
    let kind = |stem: &str| {
        let known = [
            "deploy", "release", "rollback", "restart", "rollout", "promote", "migrate", "scale",
        ];
        let stem = stem.to_ascii_lowercase();
        known
            .contains(&stem.as_str())
            .then(|| class(&stem))
            .flatten()
    };
    match (kind(first), kind(last)) {
        (Some(kind), _) => Some((kind, subject(behind))),
        (None, Some(kind)) => Some((kind, subject(before))),
        _ => None,
    }
}

fn subject(name: &str) -> Option<&str> {
    (is_name(name) && !is_environment(name)).then_some(name)
}

pub(super) fn is_environment(word: &str) -> bool {
    ENVIRONMENTS.contains(&word.to_ascii_lowercase().as_str())
}

/// A word that may name a service: letters first, and no word of every day.
fn is_name(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.len() > 1
        && word.chars().all(letters)
        && !COMMON.contains(&lower.as_str())
        && !is_version(word)
}

/// A person's name, as it stands alone.
fn is_plain(word: &str) -> bool {
    is_name(word) && !is_environment(word) && !tells(word) && job(word).is_none()
}

/// `4.2.0`, `v17`, `2025.03.11-2`, `9f3c2ab`.
fn is_version(word: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Layout;

    #[test]
    fn what_programs_log_is_no_change() {
        let layout = Layout::default();
        for line in [
            "2025-03-11 08:12:40 INFO deployed shop v4.2.0 to production",
            "2025-03-11 08:12:40 [WARN] restarting worker 7 of shop in production by signal",
            "2025-03-11 08:12:40 restarting worker 7",
            "2025-03-11 08:12:40 shop 4.2.0 started in production",
            "2025-03-11 08:12:40 GET /deploy/shop by mira",
            "2025-03-11 08:12:40 <mira> should we deploy?",
            "deployed shop 4.2.0 to production by mira",
        ] {
            let mut records = Vec::new();
            let cx = Context { layout: &layout };
            assert_eq!(parse(line.as_bytes(), &cx, &mut records), None, "{line}");
        }
    }
}
