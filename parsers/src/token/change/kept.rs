//! A line of a file that is known to be a change log: whatever has a place, a service or a person in it is a
//! change there, unless it says that it is none.
//!
//! Elsewhere a line must say more ([`super::line`]); here its neighbours have said what it is.

use super::job::job;
use super::line::{Line, line};
use super::names::{is_environment, is_name};
use super::placed::{by_program, listed};
use super::words::{Change, Given, Words};
use crate::token::level;

/// Names of programs that change others.
const CHANGERS: [&str; 14] = [
    "deploy",
    "release",
    "rollout",
    "ship",
    "argo",
    "flux",
    "spinnaker",
    "octopus",
    "jenkins",
    "ansible",
    "change",
    "config",
    "ops",
    "pipeline",
];

/// What stands in front of a line: a level, and the program that wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Core<'a> {
    said: &'a str,
    levelled: bool,
    /// The program is one that changes others.
    changer: bool,
}

/// `INFO deploy[900]: flag of quay …` without what stands in front.
fn core(said: &str) -> Core<'_> {
    let mut core = Core {
        said: said.trim(),
        levelled: false,
        changer: false,
    };
    for n in 0..4 {
        let (word, rest) = core.said.split_once([' ', '\t']).unwrap_or((core.said, ""));
        let bare = word.trim_matches(['[', ']', '(', ')', ':', ',', '-', '|', '<', '>']);
        let is_level = level::word(bare.as_bytes()).is_some()
            && super::status(&bare.to_ascii_lowercase()).is_none();
        let program = word.ends_with(':')
            || word.ends_with(']') && word.contains('[')
            || core.levelled && rest.starts_with(['-', '|']);
        let name = bare.split('[').next().unwrap_or(bare);
        let numbered = bare.len() > name.len();
        let script = [".sh", ".py", ".rb", ".pl", "er", "bot", "ctl"];
        let called = script.iter().any(|end| name.ends_with(end)) || word.starts_with('[');
        // `deploy: quay: …` can only be the program.
        let called = called || word.ends_with(':') && by_program(rest).is_some();
        let changer = program && (core.levelled || numbered || called) && is_changer(name);
        if is_level && !core.levelled {
            core.levelled = true;
        } else if changer {
            core.changer = true;
        } else if !(bare.is_empty() && core.levelled || n == 0 && tagged(rest)) {
            break;
        }
        core.said = rest.trim_start();
    }
    core
}

/// Whether a program that changes others stands first, with its number: what stands before it is its host.
fn tagged(said: &str) -> bool {
    let tag = said.split(' ').next().and_then(|w| w.strip_suffix("]:"));
    let tag = tag.and_then(|t| t.split_once('['));
    let numbered = |n: &str| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit());
    tag.is_some_and(|(name, number)| numbered(number) && is_changer(name))
}

fn is_changer(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    CHANGERS.iter().any(|c| lower.contains(c))
}

/// The pieces of a line that are no description: that stands behind a dash, in quotes, or in brackets with
/// several words.
fn pieces(said: &str) -> Vec<&str> {
    let (mut found, mut from, mut open, mut depth) = (Vec::new(), 0, 0, 0usize);
    for (at, c) in said.char_indices() {
        match c {
            '(' if depth == 0 => (open, depth) = (at, 1),
            '(' => depth += 1,
            ')' if depth == 1 => {
                depth = 0;
                let inner = said.get(open + 1..at).unwrap_or_default();
                let places = inner.split([' ', ',']).any(is_environment);
                if inner.trim().contains(' ') && !places {
                    found.push(said.get(from..open).unwrap_or_default());
                    from = at + 1;
                }
            }
            ')' => depth = depth.saturating_sub(1),
            '"' if depth == 0 => {
                let behind = said.get(at + 1..).unwrap_or_default();
                // What is opened twice is seen twice; its end is that of a piece without words.
                if let Some(inner) = behind
                    .split('"')
                    .next()
                    .filter(|i| i.contains(' ') && i.len() < behind.len())
                    && at >= from
                {
                    found.push(said.get(from..at).unwrap_or_default());
                    from = at + inner.len() + 2;
                }
            }
            _ => {}
        }
    }
    found.push(said.get(from..).unwrap_or_default());
    for (n, piece) in found.iter_mut().enumerate() {
        let dash = [" - ", " – ", " — ", " # "]
            .iter()
            .filter_map(|d| piece.find(d))
            .min();
        let told = |head: &&str| n > 0 || is_told(&Words::of(head));
        if let Some(head) = dash.and_then(|at| piece.get(..at)).filter(told) {
            *piece = head;
            found.truncate(n + 1);
            break;
        }
    }
    found
}

/// Whether words tell where or who, and what was changed.
fn is_told(words: &Words<'_>) -> bool {
    let whose = words.environment().is_some() || words.actor().is_some();
    whose && (words.version().is_some() || words.given().is_some() || words.change().is_some())
}

/// A name alone in square brackets, which is no place: `[quay]`.
fn bracketed(said: &str) -> Option<&str> {
    let mut parts = said
        .split('[')
        .skip(1)
        .filter_map(|p| p.split_once(']'))
        .map(|(inner, _)| inner);
    parts.find(|i| is_service(i))
}

fn is_service(word: &str) -> bool {
    let other = is_environment(word) || job(word).is_some();
    is_name(word) && !other && level::word(word.as_bytes()).is_none()
}

/// A person with a first and a last name, in round brackets or behind `by`.
fn person(said: &str) -> Option<&str> {
    let full = |name: &&str| {
        let mut words = name.split(' ');
        let capital = |w: &str| w.chars().next().is_some_and(char::is_uppercase);
        let letters = |w: &str| {
            w.chars()
                .all(|c| c.is_alphabetic() || matches!(c, '\'' | '-' | '.'))
        };
        let count = name.split(' ').count();
        (2..=3).contains(&count) && words.all(|w| capital(w) && letters(w))
    };
    let mut inside = said.split('(').skip(1).filter_map(|p| p.split(')').next());
    let by = || {
        let behind = said.split(" by ").nth(1)?;
        let first = behind.find(' ')?;
        let second = behind.get(first + 1..)?;
        let end = second.find(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '-'));
        behind.get(..first + 1 + end.unwrap_or(second.len()))
    };
    let cells = || said.split(['|', ';', '\t']).map(str::trim);
    inside
        .find(full)
        .or_else(|| by().filter(full))
        .or_else(|| cells().find(full))
}

/// What a line tells that says first what was changed. A program that changes others says so of what it changes.
fn in_place(core: Core<'_>) -> Option<Line<'_>> {
    let program = || {
        let placed = by_program(core.said).filter(|_| core.changer)?;
        let words = Words::of(placed.said);
        let told = words.environment().is_some() || words.version().is_some();
        let kind = words.version().map_or("change", |_| "deploy");
        let kind = words.topic().unwrap_or(kind);
        (!words.denied()).then_some(())?;
        placed.line(told.then_some(kind))
    };
    listed(core.said).or_else(program)
}

/// Reads a line without its time of a file that is known to be a change log. `known` are the services that its
/// other lines name.
#[must_use]
pub fn kept<'a>(said: &'a str, known: &[String]) -> Option<Line<'a>> {
    let core = core(said);
    if let Some(told) = in_place(core) {
        return Some(told);
    }
    let core = core.said;
    let pieces = pieces(core);
    let (words, all) = (Words::of_pieces(&pieces), Words::of(core));
    if all.denied() {
        return None;
    }
    let head = pieces.first().copied().unwrap_or_default();
    let whole = line(core);
    let strict = line(head).or(whole);
    let environment = words.environment().or_else(|| all.environment());
    let actor = person(core)
        .or_else(|| strict?.actor)
        .or_else(|| words.actor())
        .or_else(|| whole?.actor);
    let change = words.change();
    let item = match (words.given(), change) {
        (Some(Given::Flag(item) | Given::Setting(item)), _) => Some(item),
        (_, Some(change)) => words.item(change),
        _ => None,
    };
    let item = item.or_else(|| strict?.item).or_else(|| whole?.item);
    let others = [actor, item];
    let service = bracketed(core)
        .filter(|s| !others.contains(&Some(*s)))
        .or_else(|| service(&words, change, others, strict, known));
    // `quay: set …`: who would have spoken is what was changed.
    let speaks = || actor.filter(|a| words.speaker() == Some(*a));
    let service = service.or_else(speaks);
    let actor = actor.filter(|a| Some(*a) != service);
    let (kind, begins) = kind(&words, &all, change, strict);
    let version = strict.and_then(|l| l.version).or_else(|| words.version());
    (environment.is_some() || service.is_some() || actor.is_some()).then_some(Line {
        kind,
        state: words.state(begins),
        service,
        version,
        item,
        environment,
        actor,
    })
}

/// The kind of a change, and whether it only begins.
fn kind(
    words: &Words<'_>,
    all: &Words<'_>,
    change: Option<Change>,
    strict: Option<Line<'_>>,
) -> (&'static str, bool) {
    if let Some(change) = change {
        return (change.kind, change.begins);
    }
    let given = match words.given() {
        Some(Given::Version(_)) => Some("deploy"),
        Some(Given::Flag(_)) => Some("flag"),
        Some(Given::Setting(_)) => Some("config"),
        None => None,
    };
    let deployed = || words.version().map(|_| "deploy");
    let told = given.or_else(deployed).or(strict.map(|l| l.kind));
    (told.or_else(|| all.topic()).unwrap_or("change"), false)
}

/// What was changed; `others` are who did it and the flag or the setting.
fn service<'a>(
    words: &Words<'a>,
    change: Option<Change>,
    others: [Option<&'a str>; 2],
    strict: Option<Line<'a>>,
    known: &[String],
) -> Option<&'a str> {
    let free = |s: &&str| !others.contains(&Some(*s));
    let given = || match words.given() {
        Some(Given::Version(name)) => Some(name),
        _ => None,
    };
    let headed = || words.headed(change?.at).map(|(name, _)| name);
    let told = words.told_service().or_else(given).or_else(headed);
    let known = told.or_else(|| words.among(known)).filter(free);
    // Behind a verb stands what it changes only with a version or a value: `deploy quay 4.2.0`, but `tune quay timeouts`.
    let firm = words.version().is_some() || words.given().is_some();
    let jointed = |s: &&str| s.contains(['-', '_', '.']);
    let of_change = || words.service(change?.at, others[0]);
    let strict = strict.and_then(|l| l.service).filter(free);
    known
        .or(strict.filter(|_| firm))
        .or_else(|| of_change().filter(free).filter(|s| firm || jointed(s)))
        .or_else(|| words.named(others).filter(free))
        // `Tune`, as a sentence begins.
        .or(strict.filter(|s| jointed(s) || !s.starts_with(char::is_uppercase)))
}

/// Lines without any change after which a file is no change log.
const NONE_YET: usize = 40;

/// What lines of a file teach: whether it is a change log, and which services its changes name.
#[must_use]
pub fn lessons<'a>(lines: impl Iterator<Item = &'a str>) -> Option<Vec<String>> {
    let (mut all, mut changes, mut perhaps) = (0usize, 0usize, 0usize);
    let (mut known, mut distinct): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for said in lines {
        if all >= NONE_YET && changes + perhaps == 0 {
            return None;
        }
        all += 1;
        let core = core(said);
        let pieces = pieces(core.said);
        let words = Words::of_pieces(&pieces);
        let Some(told) = kept(said, &[]) else {
            continue;
        };
        let placed = in_place(core);
        let named = words.told_service().or(placed.and_then(|p| p.service));
        if let Some(name) = named.filter(|n| !known.iter().any(|k| k == n)) {
            known.push(name.to_owned());
        }
        // Whoever speaks and an id in hexadecimal digits stand in any log: a place tells changes from it, or a verb.
        let sure = told.environment.is_some() || line(core.said).is_some();
        if placed.is_none() && (!sure || !is_told(&words)) {
            let placed = told.environment.is_some() && !core.levelled;
            perhaps += usize::from(placed && told.kind != "change");
            continue;
        }
        // A program's log tells of deployments only where it is a deployer's, or says everything about them.
        let whole = told.service.is_some() && told.actor.is_some() && told.environment.is_some();
        if core.levelled && !core.changer && !whole
            || words.told_service().or(told.service).is_none() && told.item.is_none()
        {
            continue;
        }
        changes += 1;
        let what = format!(
            "{:?}",
            (told.kind, told.state, told.service, told.version, told.item)
        );
        if !distinct.contains(&what) {
            distinct.push(what);
        }
        let firm = told.version.is_some() || told.item.is_some();
        if let Some(name) = told
            .service
            .filter(|n| firm && !known.iter().any(|k| k == n))
        {
            known.push(name.to_owned());
        }
    }
    // Requests have places and versions, too, but the same ones again and again.
    let most = changes * 2 > all || changes * 3 >= all && (changes + perhaps) * 3 > all * 2;
    (changes > 1 && most && distinct.len() * 2 >= changes).then_some(known)
}

#[cfg(test)]
mod tests {
    use super::{kept, lessons};

    fn told(said: &str) -> Option<String> {
        let known = ["quay".to_owned(), "tide-api".to_owned()];
        let l = kept(said, &known)?;
        let parts = [l.service, l.version, l.item, l.environment, l.actor];
        let parts = parts.map(|p| p.unwrap_or("-"));
        Some(format!("{} {:?} {}", l.kind, l.state, parts.join(" ")))
    }

    #[test]
    fn beside_other_changes_whatever_names_a_place_is_one() {
        for (said, expected) in [
            (
                "[live] Relax quay timeouts started by mira",
                "config Started quay - - live mira",
            ),
            (
                "[live] Relax quay timeouts finished, service=quay",
                "config Finished quay - - live -",
            ),
            (
                "[live] Revert: Relax quay timeouts started by mira",
                "rollback Started quay - - live mira",
            ),
            (
                "production  tide-api 4.2.0 by mira - new ferry map, config clean-up",
                "deploy Finished tide-api 4.2.0 - production mira",
            ),
            (
                "production  tide-api tide_api.max_wait=7 by mira - set tide_api.max_wait to 7 (was 5)",
                "config Finished tide-api - tide_api.max_wait production mira",
            ),
            (
                "production  berth bulk-berths=on by mira - turn bulk-berths on for all",
                "flag Finished berth - bulk-berths production mira",
            ),
            (
                "INFO deploy[77]: begin config of quay to production (quay.retry=9s) by tomas",
                "config Started quay - quay.retry production tomas",
            ),
            (
                "INFO deploy[77]: flag of quay to production (bulk-berths=on) by tomas succeeded",
                "flag Finished quay - bulk-berths production tomas",
            ),
            (
                "INFO deployer: production -> tide-api tide.issuer=strict (set tide.issuer to strict (was lax)) by mira: begin",
                "config Started tide-api - tide.issuer production mira",
            ),
            (
                "INFO deployer: production -> tide-api 4.2.0 (failed maps retried) by mira: done in 41s",
                "deploy Finished tide-api 4.2.0 - production mira",
            ),
            (
                "CHG20441  production   berth: rotate log files after 9 days [berth] (Mira Holt)",
                "config Finished berth - - production Mira Holt",
            ),
            (
                "CHG20442  UAT   berth: new nightly schedule [berth] (Mira Holt)",
                "config Finished berth - - UAT Mira Holt",
            ),
            (
                "prod: new route for refunds on quay (Tomas)",
                "config Finished quay - - prod Tomas",
            ),
            (
                "berth: set MaxBookedCalls=3 in production",
                "config Finished berth - MaxBookedCalls production -",
            ),
            (
                "renewed the certificate of quay in production, by Mira Holt",
                "secret Finished quay - - production Mira Holt",
            ),
            (
                "quay limit of parallel bookings raised by mira",
                "config Finished quay - - - mira",
            ),
            (
                "production | quay | config | berth.max=70 | mira | OK",
                "config Finished quay - berth.max production mira",
            ),
        ] {
            assert_eq!(told(said).as_deref(), Some(expected), "{said}");
        }
    }

    #[test]
    fn what_names_nothing_or_denies_is_none() {
        for said in [
            "production: nothing to do for quay",
            "[live] skipped quay 4.2.0, freeze",
            "should quay go to production?",
            "good morning",
            "GET /berths quay production",
            "level=info service=quay env=production version=4.2.0",
        ] {
            assert_eq!(told(said), None, "{said}");
        }
    }

    #[test]
    fn most_lines_make_a_change_log() {
        let log = |lines: &[&'static str]| lessons(lines.iter().copied());
        let known = log(&[
            "[live] Deploy quay 4.2.0 started by mira",
            "[live] Deploy quay 4.2.0 finished, service=quay",
            "[live] Relax tide-api timeouts started by mira",
            "[live] Relax tide-api timeouts finished, service=tide-api",
        ]);
        assert_eq!(known, Some(vec!["quay".to_owned(), "tide-api".to_owned()]));
        assert!(
            log(&[
                "INFO deploy[77]: begin deploy of quay to production (4.2.0) by mira",
                "INFO deploy[77]: deploy of quay to production (4.2.0) by mira succeeded",
            ])
            .is_some()
        );
        for others in [
            &[
                "production quay 4.2.0 booked berth 7",
                "production quay 4.2.0 booked berth 9",
                "production quay 4.2.0 booked berth 8",
            ][..],
            &[
                "INFO quay started 4.2.0 in production",
                "INFO quay config reloaded in production",
            ],
            &[
                "mira: deployed quay 4.2.0 to production",
                "tomas: thanks",
                "mira: looks good",
                "tomas: yes",
            ],
            &[
                "desk.INFO: seat 77 held {\"rid\":\"827747a2\"} []",
                "desk.INFO: seat 91 sold {\"rid\":\"e10ad4a0\"} []",
            ],
            &[
                "desk: seat held for 827747a2",
                "desk: seat sold to e10ad4a0",
            ],
            &["quay deployed 4.2.0 by mira in production"],
            &[
                "WARN quay: order of user=7 env=production limit.max=4 hit",
                "WARN quay: order of user=8 env=production limit.max=3 hit",
            ],
        ] {
            assert_eq!(log(others), None, "{others:?}");
        }
    }
}
