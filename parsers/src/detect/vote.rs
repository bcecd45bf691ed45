//! Which formats read most of some lines.

use super::{Choice, Detected, MIX, VERBATIM};
use crate::custom::{self, Custom};
use crate::cut::Shape;
use crate::format::{Context, Cut, Format, Layout};
use crate::formats::FORMATS;
use std::borrow::Cow;
use std::sync::Arc;

/// The format of lines in which a product's payload stands behind other words.
const EMBEDDED: &str = "webhook-log";
/// A more specific format wins over one that reads more lines if it reads at least this share of them.
const NEAR: f64 = 0.6;

/// As [`elect`], for a file.
pub(super) fn vote(
    head: &[u8],
    voters: &[Cow<'_, [u8]>],
    shape: Shape,
    declared: &[Arc<Custom>],
    admit: &dyn Fn(&Format) -> bool,
) -> Detected {
    elect(head, voters, shape, declared, MIX, admit)
}

/// Chooses the best format for all voters, then the best for those it does not read, and so on.
pub(super) fn elect(
    head: &[u8],
    voters: &[Cow<'_, [u8]>],
    shape: Shape,
    declared: &[Arc<Custom>],
    mix: usize,
    admit: &dyn Fn(&Format) -> bool,
) -> Detected {
    let candidates: Vec<Candidate> = FORMATS
        .iter()
        .copied()
        .filter(|f| admit(f))
        .map(|f| (f, f.layout(head)))
        .chain(declared.iter().map(|c| {
            let choice = c.choice(0);
            (choice.format, choice.layout)
        }))
        .map(|(f, layout)| {
            let ballot = voters.iter().map(|v| reads(f, v, &layout)).collect();
            (f, layout, ballot)
        })
        .collect();
    let ranking = ranking(&candidates);
    let mut open = vec![true; voters.len()];
    let mut formats: Vec<Choice> = Vec::new();
    while formats.len() < mix {
        let verbatim = formats.iter().any(|c| VERBATIM.contains(&c.format.name));
        let count = |ballot: &[bool]| ballot.iter().zip(&open).filter(|(b, o)| **b && **o).count();
        let top = candidates
            .iter()
            .filter(|(f, ..)| !(verbatim && f.specificity == 0))
            .map(|(_, _, b)| count(b))
            .max()
            .unwrap_or(0);
        if top == 0 {
            break;
        }
        #[allow(clippy::cast_precision_loss)]
        let near = |n: usize| n as f64 >= top as f64 * NEAR;
        let claims = |l: &Layout, n: usize| !l.declared.is_empty() && custom::most(n, voters.len());
        let best = candidates
            .iter()
            .filter(|(f, ..)| !(verbatim && f.specificity == 0))
            .map(|(f, l, b)| (*f, l, b, count(b)))
            .filter(|(f, l, _, n)| *n > 0 && (near(*n) || is_product(f) || claims(l, *n)))
            .max_by_key(|(f, _, _, n)| (f.specificity, *n, std::cmp::Reverse(f.name)));
        let Some((format, layout, ballot, votes)) = best else {
            break;
        };
        for (o, b) in open.iter_mut().zip(ballot) {
            *o &= !b;
        }
        formats.push(Choice {
            format,
            layout: layout.clone(),
            votes,
        });
    }
    Detected {
        shape,
        formats,
        ranking,
        sampled: voters.len(),
    }
}

/// A format, its layout, and which voters it reads.
type Candidate = (&'static Format, Layout, Vec<bool>);

fn ranking(candidates: &[Candidate]) -> Vec<(&'static Format, usize)> {
    let mut ranking: Vec<_> = candidates
        .iter()
        .map(|(f, _, b)| (*f, b.iter().filter(|v| **v).count()))
        .filter(|(_, n)| *n > 0)
        .collect();
    ranking.sort_by_key(|(f, n)| {
        (
            std::cmp::Reverse(*n),
            std::cmp::Reverse(f.specificity),
            f.name,
        )
    });
    ranking
}

/// A JSON object in which a format finds what it knows is no accident: one is enough, among
/// other products' payloads and among lines that a format reads which reads nearly anything.
fn is_product(format: &Format) -> bool {
    format.cut == Cut::Json && format.specificity > 0 || format.name == EMBEDDED
}

pub(super) fn reads(format: &Format, entry: &[u8], layout: &Layout) -> bool {
    // Every format of JSON reads an object; most lines of text need not be asked four dozen times.
    (format.cut != Cut::Json || entry.trim_ascii_start().starts_with(b"{"))
        && (format.hint)(entry)
        && (format.parse)(entry, &Context { layout }, &mut Vec::new()).is_some()
}

/// Whether the format finds anything in `entry`: a header is read, too, and says nothing.
pub(super) fn records(format: &Format, entry: &[u8], layout: &Layout) -> bool {
    let mut found = Vec::new();
    let read = (format.parse)(entry, &Context { layout }, &mut found);
    read.is_some() && !found.is_empty()
}
