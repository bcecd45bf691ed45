//! Which lines of a file are recon's and which are people's, and where people's go.

use super::Block;
use super::marker::{Entry, digest};
use std::collections::BTreeMap;

/// A line of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// The empty lines before it.
    pub(super) empty: &'a str,
    /// The line itself.
    pub(super) text: &'a str,
}

impl<'a> Line<'a> {
    /// The lines of a text that are not empty.
    pub(super) fn all(text: &'a str) -> Vec<Self> {
        let mut lines = Vec::new();
        let (mut begin, mut at) = (0, 0);
        for line in text.split_inclusive('\n') {
            let next = at + line.len();
            if !line.trim().is_empty() {
                let empty = text.get(begin..at).unwrap_or_default();
                let text = line.trim_end_matches(['\n', '\r']);
                lines.push(Self { empty, text });
                begin = next;
            }
            at = next;
        }
        lines
    }
}

/// Who wrote which line, by place.
#[derive(Debug, Default)]
pub(super) struct Spoken {
    /// Lines of recon's that stand as they were written: name and line.
    pub(super) kept: BTreeMap<String, usize>,
    /// People's lines before the block of this number, in its place, …
    pub(super) before: BTreeMap<usize, Vec<usize>>,
    /// … after it …
    pub(super) after: BTreeMap<usize, Vec<usize>>,
    /// … and at the top.
    pub(super) at_top: Vec<usize>,
    lost: bool,
}

impl Spoken {
    /// Tells the lines apart and finds a place among `blocks` for people's; `places` has the places of
    /// blocks by name.
    pub(super) fn tell(
        lines: &[Line<'_>],
        entries: &[Entry],
        places: &BTreeMap<String, usize>,
        blocks: &[Block],
    ) -> Self {
        let mut matched = matches(lines, entries);
        also_as_now(&mut matched, lines, entries, places, blocks);
        let place = |entry: usize| entries.get(entry).and_then(|e| places.get(&e.key)).copied();
        let mut spoken = Self::default();
        for (line, entry) in matched.iter().enumerate() {
            if let Some(entry) = entry.and_then(|e| entries.get(e)) {
                spoken.kept.insert(entry.key.clone(), line);
            }
        }
        let mut from = 0;
        while from < lines.len() {
            let run: Vec<usize> = (from..lines.len())
                .take_while(|n| matched.get(*n).is_some_and(Option::is_none))
                .collect();
            if run.is_empty() {
                from += 1;
                continue;
            }
            let to = from + run.len();
            let above = matched.get(..from).unwrap_or_default().iter().flatten();
            let below = matched.get(to..).unwrap_or_default().iter().flatten();
            let last = above.clone().next_back().copied();
            let next = below.clone().next().copied();
            // Lines of recon's that are gone from just here: people's stand in their place.
            let gone = last.map_or(0, |l| l + 1)..next.unwrap_or(entries.len());
            let instead = { gone }.find_map(&place);
            let behind = above.rev().find_map(|e| place(*e));
            let ahead = below.copied().find_map(&place);
            match (instead, behind, ahead) {
                (Some(n), ..) | (None, None, Some(n)) => {
                    spoken.before.entry(n).or_default().extend(run);
                }
                (None, Some(n), _) => spoken.after.entry(n).or_default().extend(run),
                (None, None, None) => {
                    spoken.lost = true;
                    spoken.at_top.extend(run);
                }
            }
            from = to;
        }
        spoken
    }

    /// Whether there is a place for all that people wrote.
    pub(super) const fn finds_its_place(&self) -> bool {
        !self.lost
    }
}

/// For each line the entry that it is, if it is one: the longest way through both in order, by
/// lines that are unlike all others, and between those in order.
fn matches(lines: &[Line<'_>], entries: &[Entry]) -> Vec<Option<usize>> {
    let hashes: Vec<String> = lines.iter().map(|l| digest(l.text)).collect();
    let shown = entries.iter().map(|e| e.shown.as_deref());
    let ours: Vec<Option<&str>> = shown.collect();
    let mut times: BTreeMap<&str, (usize, usize, usize, usize)> = BTreeMap::new();
    for (n, hash) in hashes.iter().enumerate() {
        let seen = times.entry(hash).or_default();
        (seen.0, seen.1) = (seen.0 + 1, n);
    }
    for (n, hash) in ours.iter().enumerate() {
        if let Some(seen) = hash.and_then(|h| times.get_mut(h)) {
            (seen.2, seen.3) = (seen.2 + 1, n);
        }
    }
    let alone = times.values().filter(|t| t.0 == 1 && t.2 == 1);
    let mut pairs: Vec<(usize, usize)> = alone.map(|t| (t.1, t.3)).collect();
    pairs.sort_unstable();
    let mut matched = vec![None; lines.len()];
    let mut from = (0, 0);
    let ends = (lines.len(), ours.len());
    for (line, entry) in rising(&pairs).into_iter().chain([ends]) {
        between(&hashes, &ours, from, (line, entry), &mut matched);
        if let Some(slot) = matched.get_mut(line) {
            *slot = Some(entry);
        }
        from = (line + 1, entry + 1);
    }
    matched
}

/// Lines that are like others, matched in order between two that are not: as many as can be.
/// Taking the first that fits would let a line that people put in take the place of one further
/// down, and leave those between without theirs.
fn between(
    hashes: &[String],
    ours: &[Option<&str>],
    from: (usize, usize),
    to: (usize, usize),
    matched: &mut [Option<usize>],
) {
    /// Pairs that are weighed; of longer stretches the first that fits is taken.
    const MOST: usize = 1 << 20;
    let same = |line: usize, entry: usize| {
        let hash = hashes.get(line).map(String::as_str);
        hash.is_some() && ours.get(entry).copied().flatten() == hash
    };
    let (lines, entries) = (to.0.saturating_sub(from.0), to.1.saturating_sub(from.1));
    let width = entries + 1;
    let weighed = lines.saturating_mul(width) <= MOST;
    // For each pair how many lines from it on find their entries.
    let mut best = vec![0_u32; if weighed { (lines + 1) * width } else { 0 }];
    let at = |line: usize, entry: usize| line * width + entry;
    if weighed {
        for line in (0..lines).rev() {
            for entry in (0..entries).rev() {
                let value = |n: usize| best.get(n).copied().unwrap_or_default();
                let without = value(at(line + 1, entry)).max(value(at(line, entry + 1)));
                let with = value(at(line + 1, entry + 1)) + 1;
                let here = if same(from.0 + line, from.1 + entry) {
                    without.max(with)
                } else {
                    without
                };
                if let Some(slot) = best.get_mut(at(line, entry)) {
                    *slot = here;
                }
            }
        }
    }
    let value = |line: usize, entry: usize| best.get(at(line, entry)).copied().unwrap_or_default();
    let (mut line, mut entry) = (0, 0);
    while line < lines && entry < entries {
        let fits = same(from.0 + line, from.1 + entry);
        if fits && (!weighed || value(line, entry) == value(line + 1, entry + 1) + 1) {
            if let Some(slot) = matched.get_mut(from.0 + line) {
                *slot = Some(from.1 + entry);
            }
            (line, entry) = (line + 1, entry + 1);
        } else if weighed && value(line, entry + 1) >= value(line + 1, entry)
            || !weighed && entry + 1 < entries
        {
            entry += 1;
        } else {
            line += 1;
        }
    }
}

/// The longest run of pairs whose second parts rise (their first do already).
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // The pair that ends the best run of each length, and the pair before each in its run.
    let mut tails: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = vec![None; pairs.len()];
    for (n, (_, second)) in pairs.iter().enumerate() {
        let second_of = |t: &usize| pairs.get(*t).map_or(0, |p| p.1);
        let length = tails.partition_point(|t| second_of(t) < *second);
        if let Some(slot) = previous.get_mut(n) {
            *slot = length.checked_sub(1).and_then(|l| tails.get(l).copied());
        }
        match tails.get_mut(length) {
            Some(tail) => *tail = n,
            None => tails.push(n),
        }
    }
    let mut run = Vec::new();
    let mut at = tails.last().copied();
    while let Some(n) = at {
        run.extend(pairs.get(n));
        at = previous.get(n).copied().flatten();
    }
    run.reverse();
    run
}

/// A line that says just what recon says now is recon's as well, although it was written
/// otherwise: somebody took out the mark of an update.
fn also_as_now(
    matched: &mut [Option<usize>],
    lines: &[Line<'_>],
    entries: &[Entry],
    places: &BTreeMap<String, usize>,
    blocks: &[Block],
) {
    let taken: Vec<usize> = matched.iter().flatten().copied().collect();
    let mut free: BTreeMap<&str, usize> = BTreeMap::new();
    for (n, entry) in entries.iter().enumerate() {
        let block = places.get(&entry.key).and_then(|b| blocks.get(*b));
        if let Some(block) = block.filter(|_| entry.shown.is_some() && !taken.contains(&n)) {
            free.entry(block.text.trim_end()).or_insert(n);
        }
    }
    for n in 0..matched.len() {
        let Some(line) = lines.get(n).filter(|_| matched.get(n) == Some(&None)) else {
            continue;
        };
        let Some(entry) = free.get(line.text.trim_end()).copied() else {
            continue;
        };
        // Only where it stands between its neighbours.
        let above = matched.get(..n).unwrap_or_default().iter().flatten().max();
        let below = matched
            .get(n + 1..)
            .unwrap_or_default()
            .iter()
            .flatten()
            .min();
        if above.is_none_or(|a| *a < entry) && below.is_none_or(|b| entry < *b) {
            if let Some(slot) = matched.get_mut(n) {
                *slot = Some(entry);
            }
            free.remove(line.text.trim_end());
        }
    }
}
