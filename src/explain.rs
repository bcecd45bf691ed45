//! `recon explain`: how each input was read, and why.

use crate::analysis::Account;
use crate::cite::{Cite, Notice, Weight};
use crate::clock::{ClockOffset, DateOrder, Ground};
use crate::ingest::{FilePlan, FileTally};
use crate::source::{Extent, Library, Unread};
use serde_json::json;
use std::fmt::Write;
use std::io;

/// Characters of a line left over that are shown.
const WIDTH: usize = 160;
/// Lines left over that an account shows.
const SHOWN: usize = 5;

/// The account of one file.
pub fn account(library: &mut Library, plan: &FilePlan, tally: &FileTally) -> io::Result<Account> {
    let used = |n: &usize| tally.by_format.contains_key(n);
    let mut formats: Vec<(u64, &'static str)> = plan
        .detected
        .formats
        .iter()
        .enumerate()
        .filter(|(n, _)| used(n))
        .map(|(n, c)| {
            (
                tally.by_format.get(&n).copied().unwrap_or_default(),
                c.format.name,
            )
        })
        .collect();
    formats.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    if formats.is_empty() {
        // Known, and nothing in it is an event: a list of members, a header.
        formats.extend(plan.detected.main().map(|f| (0, f.name)));
    }
    let main = formats.first().map(|(_, name)| *name);
    let (votes, runner_up) = standing(plan, main);
    let mut unparsed_samples = Vec::new();
    for cite in left_over(tally).take(SHOWN) {
        let place = library.locate(cite)?;
        unparsed_samples.push((place.line, place.text));
    }
    let zoneless = !matches!(tally.span, Some((a, b)) if is_stated(a) && is_stated(b));
    let input = library.input(plan.file);
    Ok(Account {
        path: input.path.clone(),
        formats: formats.into_iter().map(|(_, name)| name).collect(),
        votes,
        sampled: plan.detected.sampled,
        declared: plan.declared.iter().any(|d| Some(d.format().name) == main),
        runner_up,
        wrapped: input.wrapped.clone(),
        bytes: input.bytes,
        lines: tally.lines,
        entries: tally.entries,
        unparsed_lines: tally.unparsed_lines(),
        unparsed_samples,
        undated: tally.undated,
        cut: tally.cut,
        first: tally.span.map(|s| s.0),
        last: tally.span.map(|s| s.1),
        zone: (zoneless && tally.span.is_some()).then(|| plan.clock.zone.to_string()),
        zone_basis: if zoneless {
            plan.clock.zone_basis
        } else {
            Ground::Stated
        },
        dates: (plan.clock.dates, plan.clock.dates_basis),
        year_basis: plan.clock.year_basis,
    })
}

/// Sampled entries that the main format reads, and those that the next best one would read: it
/// may be more, since a format that says more goes before one that reads nearly anything.
fn standing(plan: &FilePlan, main: Option<&str>) -> (usize, Option<(&'static str, usize)>) {
    let ranking = &plan.detected.ranking;
    let own = ranking.iter().find(|(f, _)| Some(f.name) == main);
    let second = ranking.iter().find(|(f, _)| Some(f.name) != main);
    (
        own.map_or(0, |(_, votes)| *votes),
        second.map(|(f, votes)| (f.name, *votes)),
    )
}

fn is_stated(stamp: recon_parsers::Stamp) -> bool {
    stamp.basis == recon_parsers::Basis::Stated
}

fn left_over(tally: &FileTally) -> impl Iterator<Item = Cite> + '_ {
    let before_all = tally.unparsed > 0;
    tally
        .unparsed_samples
        .iter()
        .filter(move |c| before_all || tally.first_entry.is_none_or(|f| c.offset < f))
        .copied()
}

/// What a reader should know of how a file was read.
pub fn notices(a: &Account) -> Vec<Notice> {
    let mut found = Vec::new();
    let mut say =
        |weight, text: String| found.push(Notice::new(weight, format!("{}: {text}", a.path)));
    if a.bytes > 0 && a.formats.is_empty() {
        say(
            Weight::Warning,
            format!(
                "no format known fits any of its {} lines; nothing in it was used",
                a.lines
            ),
        );
    } else if a.unparsed_lines > 0 {
        say(
            Weight::Warning,
            format!(
                "{} of {} lines are in no entry that its format reads",
                a.unparsed_lines, a.lines
            ),
        );
    }
    if a.cut > 0 {
        say(
            Weight::Warning,
            format!(
                "{} of its entries are too long for a log's; only their beginning was read",
                a.cut
            ),
        );
    }
    if a.undated > 0 {
        say(
            Weight::Info,
            format!("{} of {} entries state no time", a.undated, a.entries),
        );
    }
    if let Some(zone) = &a.zone {
        say(
            Weight::Info,
            format!(
                "its times state no zone; read as {zone} ({})",
                a.zone_basis.of_zone()
            ),
        );
    }
    if a.year_basis != Ground::Stated {
        let weight = if a.year_basis == Ground::Assumed {
            Weight::Warning
        } else {
            Weight::Info
        };
        say(
            weight,
            format!("its dates are incomplete: {}", a.year_basis.of_year()),
        );
    }
    if let Some((weight, text)) = order_of_dates(a) {
        say(weight, text);
    }
    found
}

/// How days and months were told apart, where the file itself does not tell.
fn order_of_dates(a: &Account) -> Option<(Weight, String)> {
    let (order, why) = a.dates;
    let read = match order {
        DateOrder::DayFirst => "day first",
        DateOrder::MonthFirst => "month first",
        DateOrder::AsRead => "as such files mostly write them",
    };
    let weight = match why {
        Ground::Stated | Ground::Lines => return None,
        Ground::Assumed => Weight::Warning,
        _ => Weight::Info,
    };
    let first = a.first.map_or_else(String::new, |first| {
        format!(", from {} on", first.rfc3339().get(..10).unwrap_or("?"))
    });
    Some((
        weight,
        format!(
            "its dates could be read day first or month first; read {read}{first} ({})",
            why.of_dates()
        ),
    ))
}

/// Inputs with nothing in them, named together: a rotation leaves many.
pub fn empty(accounts: &[Account]) -> Option<Notice> {
    let empty = accounts.iter().filter(|a| a.lines == 0);
    let names: Vec<&str> = empty.map(|a| a.path.as_str()).collect();
    let (shown, rest) = names.split_at(names.len().min(SHOWN));
    let more = match rest.len() {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    let text = format!("nothing is in {}{more}", shown.join(", "));
    (!names.is_empty()).then(|| Notice::new(Weight::Warning, text))
}

/// The accounts for people.
#[must_use]
pub fn render(accounts: &[Account]) -> String {
    let mut text = String::new();
    for a in accounts {
        let _ = one(&mut text, a);
    }
    text
}

/// The accounts for programs, and the inputs that could not be read.
#[must_use]
pub fn json(accounts: &[Account], clocks: &[ClockOffset], unread: &[Unread]) -> String {
    let one = |a: &Account| {
        let samples = a.unparsed_samples.iter();
        let samples = samples.map(|(line, text)| json!({ "line": line, "text": cut(text) }));
        json!({
            "path": a.path,
            "formats": a.formats,
            "declared": a.declared,
            "votes": a.votes,
            "sampled": a.sampled,
            "runner_up": a.runner_up.map(|(name, votes)| {
                json!({ "format": name, "votes": votes })
            }),
            "unwrapped": a.wrapped,
            "bytes": a.bytes,
            "lines": a.lines,
            "entries": a.entries,
            "undated": a.undated,
            "first": a.first.map(|s| s.rfc3339()),
            "last": a.last.map(|s| s.rfc3339()),
            "zone": a.zone,
            "zone_basis": a.zone_basis.name(),
            "year_basis": a.year_basis.name(),
            "unparsed_lines": a.unparsed_lines,
            "unparsed_samples": samples.collect::<Vec<_>>(),
        })
    };
    let unread = unread.iter();
    let unread = unread
        .map(|u| json!({ "path": u.path, "extent": extent(u).trim_end(), "reason": u.reason }));
    let clock = |c: &ClockOffset| {
        json!({
            "host": c.host,
            "reference": c.reference,
            "shared_ids": c.ids,
            "applied": c.applied,
            "verdict": c.verdict(),
        })
    };
    let all = json!({
        "schema": "recon.explain/1",
        "inputs": accounts.iter().map(one).collect::<Vec<_>>(),
        "clocks": clocks.iter().map(clock).collect::<Vec<_>>(),
        "unread": unread.collect::<Vec<_>>(),
    });
    format!("{all:#}\n")
}

/// The inputs that could not be read, or not to their end, for people.
#[must_use]
pub fn unread(unread: &[Unread]) -> String {
    let mut text = String::new();
    for u in unread {
        let _ = writeln!(text, "{}\n  {} {}\n", u.path, extent(u), u.reason);
    }
    text
}

/// How much of an input was not read, in one width.
const fn extent(unread: &Unread) -> &'static str {
    match unread.extent {
        Extent::Whole => "not read ",
        Extent::Rest => "in part  ",
        Extent::Nothing => "no log   ",
    }
}

/// A line as an account shows it.
fn cut(line: &str) -> String {
    match line.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}

fn one(out: &mut String, a: &Account) -> std::fmt::Result {
    writeln!(out, "{}", a.path)?;
    let format = if a.formats.is_empty() {
        "none known".to_owned()
    } else {
        a.formats.join(", then ")
    };
    let declared = if a.declared { ", declared" } else { "" };
    let why = if a.sampled > 0 && a.votes > 0 {
        format!(" (reads {} of {} sampled{declared})", a.votes, a.sampled)
    } else {
        String::new()
    };
    let second = a.runner_up.map_or_else(String::new, |(f, votes)| {
        format!(" (runner-up {f} would read {votes})")
    });
    writeln!(out, "  format    {format}{why}{second}")?;
    if !a.wrapped.is_empty() {
        writeln!(out, "  unwrapped {}", a.wrapped.join(", then "))?;
    }
    writeln!(out, "  size      {} bytes, {} lines", a.bytes, a.lines)?;
    writeln!(
        out,
        "  entries   {} ({} undated); {} lines in none",
        a.entries, a.undated, a.unparsed_lines
    )?;
    if let (Some(first), Some(last)) = (a.first, a.last) {
        writeln!(out, "  span      {} to {}", first.rfc3339(), last.rfc3339())?;
        let zone = a.zone.as_deref().unwrap_or("in every entry");
        let (of_zone, of_year) = (a.zone_basis, a.year_basis);
        writeln!(
            out,
            "  zone      {zone} ({})",
            named(of_zone, of_zone.of_zone())
        )?;
        writeln!(out, "  year      {}", named(of_year, of_year.of_year()))?;
    }
    for (line, sample) in &a.unparsed_samples {
        writeln!(out, "  left over line {line}: {}", cut(sample))?;
    }
    writeln!(out)
}

/// How the hosts' clocks compare, for people; nothing if they share no ids.
#[must_use]
pub fn clocks(clocks: &[ClockOffset]) -> String {
    if clocks.is_empty() {
        return String::new();
    }
    let width = clocks.iter().map(|c| c.host.chars().count()).max();
    let width = width.unwrap_or(0).max(4);
    let mut text = String::from("clocks, by the request ids that they share\n");
    for c in clocks {
        let against = if c.ids == 0 {
            String::new()
        } else {
            let ids = c.ids;
            format!(
                " ({}, by {ids} ids shared; against {})",
                c.between(),
                c.reference
            )
        };
        let _ = writeln!(text, "  {:width$}  {}{against}", c.host, c.verdict());
    }
    text.push('\n');
    text
}

/// What a reader should know of a clock that is off.
pub fn off(clock: &ClockOffset) -> Option<Notice> {
    let wanted = clock.applied || clock.drift.is_some();
    wanted.then(|| {
        Notice::new(
            Weight::Warning,
            format!(
                "the clock of {} was {} (against {}, by {} shared ids{})",
                clock.host,
                clock.verdict(),
                clock.reference,
                clock.ids,
                believed(clock)
            ),
        )
    })
}

/// Why the clock was corrected rather than the one that it was held against.
fn believed(clock: &ClockOffset) -> String {
    if clock.applied {
        format!("; the latter is {}", clock.belief.words())
    } else {
        String::new()
    }
}

/// What decided, by the name that the report for programs has for it, and in words.
fn named(ground: Ground, words: &str) -> String {
    match ground.name() {
        name if name == words => name.to_owned(),
        name => format!("{name}: {words}"),
    }
}
