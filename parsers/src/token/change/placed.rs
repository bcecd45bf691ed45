//! A line whose first words can only be what was changed: `accounts (production): release 8.28.2 (Priya Nair)`,
//! `[live] quay: new price list (Tomas Holt)`. Whatever words follow, they are no name then.

use super::line::Line;
use super::names::{is_environment, is_name, is_version};
use super::status;
use super::words::Words;

/// The words of the longest name: `booking site west`.
const WORDS: usize = 3;

/// What stands where in such a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed<'a> {
    /// What was changed.
    pub(super) service: &'a str,
    /// Where, if it stands beside the name.
    pub(super) environment: Option<&'a str>,
    /// What was done, without who did it.
    pub(super) said: &'a str,
    /// Who did it.
    pub(super) actor: Option<&'a str>,
}

/// Reads a line without its time.
pub(super) fn placed(said: &str) -> Option<Placed<'_>> {
    let (service, environment, rest) = environment_behind(said)
        .or_else(|| environment_joined(said))
        .or_else(|| environment_before(said))?;
    let (said, actor) = without_who(rest);
    // `[live] mira: …` and `Mira Holt (live): …` may be who speaks.
    let spoken = is_person(service);
    (!said.is_empty() && (!spoken || actor.is_some())).then_some(Placed {
        service,
        environment: Some(environment),
        said,
        actor,
    })
}

/// What a program that changes others says of one: `quay: release 4.2.0 to production finished`.
pub(super) fn by_program(said: &str) -> Option<Placed<'_>> {
    let (service, rest) = said.split_once(": ")?;
    let (said, actor) = without_who(rest.trim());
    (is_thing(service) && !service.contains(' ') && !said.is_empty()).then_some(Placed {
        service,
        environment: None,
        said,
        actor,
    })
}

impl<'a> Placed<'a> {
    /// What it tells; `kind` is that of a change that no word tells by its form.
    pub(super) fn line(self, kind: Option<&'static str>) -> Option<Line<'a>> {
        let words = Words::of(self.said);
        let change = words.change();
        Some(Line {
            kind: change.map(|c| c.kind).or(kind)?,
            state: words.state(change.is_some_and(|c| c.begins)),
            service: Some(self.service),
            version: words.version(),
            item: change.and_then(|c| words.item(c)),
            environment: self.environment.or_else(|| words.environment()),
            actor: self.actor,
        })
    }
}

/// Whether a name that stands in a text can only be what was changed there: it has a joint or a number, stands alone in
/// its cell or its brackets, first with its place, behind `service=`, or beside a version. Any other word may be one of
/// what the change was about: `connection limit lowered`.
#[must_use]
pub fn is_certain(said: &str, name: &str) -> bool {
    let joint = |c: char| matches!(c, '-' | '_' | '.' | '/') || c.is_ascii_digit();
    if name.contains(joint) || placed(said).is_some_and(|p| p.service == name) {
        return true;
    }
    let part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let mut found = said.match_indices(name).map(|(at, _)| at);
    found.any(|at| {
        let before = said.get(..at).unwrap_or_default();
        let after = said.get(at + name.len()..).unwrap_or_default();
        let whole = !before.ends_with(part) && !after.starts_with(part);
        whole && stands_apart(before, after)
    })
}

/// Whether what stands around a name makes it one.
fn stands_apart(before: &str, after: &str) -> bool {
    if before.ends_with(['=', '@']) || after.starts_with(['=', '@']) {
        return true;
    }
    let (left, right) = (before.trim_end(), after.trim_start());
    let opens = left.is_empty() || left.ends_with(['[', '(', '|', ';', '"', '\t']);
    let closes = right.is_empty() || right.starts_with([']', ')', '|', ';', '"', ':']);
    if opens && closes && !(left.is_empty() && right.is_empty()) {
        return true;
    }
    let mut next = right.split(' ');
    let (first, second) = (
        next.next().unwrap_or_default(),
        next.next().unwrap_or_default(),
    );
    let bare = |w: &str| {
        w.trim_matches(['(', ')', '[', ']', ',', ':', '.'])
            .to_owned()
    };
    let given = |w: &str| is_version(&bare(w)) || is_environment(&bare(w));
    if given(first) || ["to", "in", "on", "from"].contains(&first) && given(second) {
        return true;
    }
    // `restarted quay`, `rollback of quay`, and nothing behind it that could be what was meant.
    let mut words = left.rsplit(' ');
    let prior = words.next().filter(|w| *w != "of").or_else(|| words.next());
    let done = prior.and_then(|w| Words::of(w).change());
    let acts = ["deploy", "rollback", "restart"];
    let ends = [
        "", "by", "started", "finished", "done", "failed", "on", "-", "–", "—",
    ];
    let last = ends.contains(&first) || right.starts_with([',', '.', '(', '[']);
    last && done.is_some_and(|c| acts.contains(&c.kind))
}

/// A line of a list whose title says that it is one of changes: `quay: new price list (Mira Holt)`. Who did it must be
/// told, or the name before the colon may be theirs.
#[must_use]
pub fn listed_plainly(said: &str) -> Option<Line<'_>> {
    let placed = by_program(said)?;
    let words = Words::of(placed.said);
    let deployed = || words.version().map(|_| "deploy");
    let kind = deployed().or_else(|| words.topic()).unwrap_or("change");
    placed
        .line(Some(kind))
        .filter(|l| l.actor.is_some() && !Words::of(said).denied())
}

/// A line of a list of changes that says what was changed before it says how, in whatever words.
#[must_use]
pub fn listed(said: &str) -> Option<Line<'_>> {
    let placed = placed(said)?;
    let words = Words::of(placed.said);
    let deployed = || words.version().map(|_| "deploy");
    let kind = deployed().or_else(|| words.topic()).unwrap_or("change");
    placed
        .line(Some(kind))
        .filter(|_| !Words::of(said).denied())
}

/// `accounts (production): …`, `accounts [production] - …`.
fn environment_behind(said: &str) -> Option<(&str, &str, &str)> {
    let open = said.find(['(', '['])?;
    let (name, rest) = said.split_at(open);
    let close = rest.find([')', ']'])?;
    let environment = environment(rest.get(1..close)?)?;
    let rest = behind_mark(rest.get(close + 1..)?)?;
    let name = name.trim();
    is_thing(name).then_some((name, environment, rest))
}

/// `accounts@production: …`, `accounts/production: …`, `accounts in production: …`.
fn environment_joined(said: &str) -> Option<(&str, &str, &str)> {
    let (head, rest) = said.split_once(": ")?;
    let joints = ["@", "/", " in ", " on "];
    let mut parts = joints.iter().filter_map(|j| head.split_once(j));
    let (name, place) = parts.find(|(_, place)| is_environment(place))?;
    is_thing(name).then_some((name, place, rest.trim()))
}

/// `[production] accounts: …`.
fn environment_before(said: &str) -> Option<(&str, &str, &str)> {
    let inner = said.strip_prefix(['(', '['])?;
    let (place, rest) = inner.split_once([')', ']'])?;
    let environment = environment(place)?;
    let (name, rest) = rest.trim_start_matches(':').split_once(": ")?;
    let name = name.trim();
    let (_, actor) = without_who(rest.trim());
    // Who speaks stands there, too, unless somebody else did it.
    (!name.contains(' ') && is_thing(name) && actor.is_some()).then_some((
        name,
        environment,
        rest.trim(),
    ))
}

/// The environment that words in brackets name, perhaps with others: `prod, west`.
fn environment(inside: &str) -> Option<&str> {
    let mut words = inside.split([',', ';', ' ', '/']).filter(|w| !w.is_empty());
    let first = words.next().filter(|w| is_environment(w))?;
    (words.count() < 3).then_some(first)
}

/// What stands behind a colon or a dash.
fn behind_mark(rest: &str) -> Option<&str> {
    let rest = rest.trim_start();
    let behind = rest.strip_prefix([':', '|', '–', '—']);
    let behind = behind.or_else(|| rest.strip_prefix("- "))?;
    Some(behind.trim())
}

/// What was done, and who did it at its end: `… (Priya Nair)`, `… by priya`, `… – Priya Nair`, `… @priya`.
fn without_who(said: &str) -> (&str, Option<&str>) {
    let said = said.trim().trim_end_matches(['.', ' ']);
    let closed = said.strip_suffix([')', ']']);
    let inner = closed.and_then(|s| s.rsplit_once(['(', '[']));
    if let Some((left, name)) = inner {
        let name = name.trim().trim_start_matches('@');
        let name = name.strip_prefix("by ").unwrap_or(name);
        if is_who(name) {
            return (left.trim_end(), Some(name));
        }
    }
    for mark in [
        " by ", " durch ", " von ", " par ", " por ", " – ", " — ", " - ", " / ", " @",
    ] {
        let Some((left, name)) = said.rsplit_once(mark) else {
            continue;
        };
        let name = name.trim().trim_start_matches('@');
        let sure = matches!(mark, " by " | " durch " | " @") && is_who(name);
        if sure || is_person(name) {
            return (left.trim_end(), Some(name));
        }
    }
    (said, None)
}

/// A person with a first and a last name.
fn is_person(name: &str) -> bool {
    let capital = |w: &str| w.chars().next().is_some_and(char::is_uppercase);
    (2..=WORDS).contains(&name.split(' ').count())
        && name.split(' ').all(|w| capital(w) && is_letters(w))
}

/// A person, or a short name of one.
fn is_who(name: &str) -> bool {
    let one = || is_letters(name) && is_free(name) && name.chars().count() > 1;
    is_person(name) || one()
}

fn is_letters(word: &str) -> bool {
    let part = |c: char| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '.' | '_');
    word.chars().all(part) && word.chars().any(char::is_alphabetic)
}

/// No word that tells a change, how far it has come or where.
fn is_free(word: &str) -> bool {
    let known = Words::of(word).change().is_some();
    !known && !is_environment(word) && status(&word.to_lowercase()).is_none()
}

/// What may have been changed: a name, or up to three words.
fn is_thing(name: &str) -> bool {
    let first = |w: &str| w.starts_with(char::is_alphabetic);
    let letters = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let whole = |w: &str| w.chars().all(letters) && is_free(w);
    let words = name.split(' ');
    // Only what is written in ASCII is looked up among the words of every day.
    let named = || name.split(' ').any(|w| is_name(w) || !w.is_ascii());
    (1..=WORDS).contains(&words.clone().count())
        && first(name)
        && words.clone().all(whole)
        && named()
}

#[cfg(test)]
mod tests {
    use super::{by_program, is_certain, listed, placed};

    fn told(said: &str) -> Option<String> {
        let l = listed(said)?;
        let parts = [l.service, l.version, l.environment, l.actor];
        let parts = parts.map(|p| p.unwrap_or("-"));
        Some(format!("{} {}", l.kind, parts.join(", ")))
    }

    #[test]
    fn what_was_changed_stands_in_front_with_its_place() {
        for (said, expected) in [
            (
                "quay (production): release 4.2.0 (Mira Holt)",
                "deploy quay, 4.2.0, production, Mira Holt",
            ),
            (
                "quay (production): new price list (Ödön Ágoston)",
                "change quay, -, production, Ödön Ágoston",
            ),
            (
                "quay (production): pool set to 5 (mira)",
                "config quay, -, production, mira",
            ),
            (
                "berth maps [live] - logo changed by mira",
                "change berth maps, -, live, mira",
            ),
            (
                "quay@staging: settings cleaned up",
                "config quay, -, staging, -",
            ),
            (
                "quay in production: certificate renewed – Tomas Lund",
                "secret quay, -, production, Tomas Lund",
            ),
            (
                "[prod] quay: request limits lowered (Tomas Lund)",
                "config quay, -, prod, Tomas Lund",
            ),
            (
                "quay (prod, west): rollback to 4.1.9 (Mira Holt).",
                "rollback quay, 4.1.9, prod, Mira Holt",
            ),
        ] {
            assert_eq!(told(said).as_deref(), Some(expected), "{said}");
        }
    }

    #[test]
    fn who_speaks_and_what_is_asked_is_no_change() {
        for said in [
            "Mira Holt (production): the quay is slow",
            "[prod] mira: deployed quay 4.2.0",
            "quay (production): should we restart it?",
            "deploy (production): quay 4.2.0",
            "quay (west): new price list (Mira Holt)",
            "quay: new price list (Mira Holt)",
            "the quay of the harbour (production): closed",
            "quay (production)",
        ] {
            assert_eq!(told(said), None, "{said}");
        }
    }

    #[test]
    fn a_name_is_certain_by_its_place() {
        for (said, name) in [
            ("deployed quay 4.2.0 by mira", "quay"),
            ("deployed quay to production", "quay"),
            ("quay (production): limits lowered", "quay"),
            ("production | quay | limits lowered", "quay"),
            ("restarted quay", "quay"),
            ("rollback of quay, tables kept", "quay"),
            ("limits lowered [quay]", "quay"),
            ("lower the limits of tide-api", "tide-api"),
            ("limits lowered, service=quay", "quay"),
        ] {
            assert!(is_certain(said, name), "{said}");
        }
        for (said, name) in [
            ("connection limit lowered to 10", "connection"),
            ("connection limit lowered to 10", "limit"),
            ("logo updated", "logo"),
            ("set request limits", "request"),
            ("settings cleaned up", "cleaned"),
            ("Mira Holt;quay;production;package upgrade", "package"),
            ("new endpoint for the ferries", "endpoint"),
            ("restart request limits", "request"),
        ] {
            assert!(!is_certain(said, name), "{said}");
        }
    }

    #[test]
    fn programs_that_change_others_name_them_first() {
        let of = |said| by_program(said).map(|p| (p.service, p.actor));
        assert_eq!(
            of("quay: release 4.2.0 to production started by Mira Holt"),
            Some(("quay", Some("Mira Holt")))
        );
        assert_eq!(of("quay: finished"), Some(("quay", None)));
        assert_eq!(of("all done: see above"), None);
        assert_eq!(of("release: 4.2.0 to production"), None);
        assert!(placed("quay: release 4.2.0 to production").is_none());
    }
}
