//! Customers who report failures: more of them in a short time than is usual, or one alone.

use super::{Rule, Sign, Signal};
use crate::cite::Evidence;
use crate::lexicon;
use crate::survey::{Kept, Survey};
use recon_parsers::record::field;
use recon_parsers::stamp::SECOND;
use recon_parsers::{Kind, Stamp};
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    name: "ticket-burst",
    find,
};

/// Reports that make a burst.
const REPORTS: usize = 3;
/// Within so long.
const WITHIN: i64 = 600 * SECOND;
/// A ticket is told of within so long of its opening.
const OPENING: i64 = 60 * SECOND;
/// A report so long after the one before begins another burst.
const PAUSE: i64 = 1800 * SECOND;
/// What two write in the same words within so long (a minute) before a burst, or in it, is of it.
const SOON: i64 = 60 * SECOND;
/// Words that two reports have in common that are of the same thing.
const COMMON: usize = 2;
/// Letters of a word that tells what a report is about, at least.
const LETTERS: usize = 4;
/// Words as long as that, which tell nothing of it.
#[rustfmt::skip]
const COURTESY: [&str; 24] = [
    "again", "anyone", "asap", "been", "check", "could", "from", "going", "have", "hello", "help", "hours", "minutes",
    "morning", "please", "since", "still", "that", "this", "today", "urgent", "what", "while", "with",
];
/// Times the usual number of reports in the same time.
const TIMES: f64 = 4.0;

fn find(survey: &Survey) -> Vec<Signal> {
    let reports = reports(survey);
    let complaints: Vec<(Stamp, &Kept)> = reports
        .iter()
        .filter(|(_, k)| lexicon::is_complaint(&k.record.message))
        .copied()
        .collect();
    let mut found = Vec::new();
    let mut next = 0;
    while next < complaints.len() {
        let run = run(&complaints[next..]);
        if run.len() >= REPORTS && stands_out(&complaints, run) {
            found.extend(signal(&with_echoes(run, &reports)));
        } else {
            found.extend(run.chunks(1).filter_map(signal));
        }
        next += run.len().max(1);
    }
    found
}

/// Tickets when they were opened, each once: what happens to one later is no further report.
fn reports(survey: &Survey) -> Vec<(Stamp, &Kept)> {
    let mut known = BTreeSet::new();
    let tickets = survey.kept.iter().filter(|k| k.record.kind == Kind::Ticket);
    tickets
        .filter_map(|k| Some((k.at?, k)))
        .filter(|(at, k)| k.since.is_none_or(|s| at.nanos - s.nanos <= OPENING))
        .filter(|(_, k)| {
            let id = k.record.fields.text(field::ID);
            id.is_none_or(|id| known.insert(id))
        })
        .collect()
}

/// The reports from the first one on that is followed by enough others in time, as long as they keep
/// coming; otherwise just the first report.
fn run<'c, 'k>(reports: &'c [(Stamp, &'k Kept)]) -> &'c [(Stamp, &'k Kept)] {
    let dense = reports
        .get(REPORTS - 1)
        .is_some_and(|r| r.0.nanos - reports[0].0.nanos <= WITHIN);
    if !dense {
        return &reports[..1];
    }
    let pause = reports
        .windows(2)
        .position(|w| w[1].0.nanos - w[0].0.nanos > PAUSE);
    &reports[..pause.map_or(reports.len(), |p| p + 1)]
}

/// A burst and what as many others write in it, and somewhat before, in words of their own that no customer writes at
/// other times: "labels come out upside down" complains, whatever else the words may mean.
fn with_echoes<'k>(
    run: &[(Stamp, &'k Kept)],
    reports: &[(Stamp, &'k Kept)],
) -> Vec<(Stamp, &'k Kept)> {
    let mut all = run.to_vec();
    let (Some(first), Some(last)) = (run.first(), run.last()) else {
        return all;
    };
    // Who writes the same a while later writes of the same.
    let span = first.0.nanos - WITHIN..=last.0.nanos + WITHIN;
    let near = first.0.nanos - SOON..=last.0.nanos;
    let told = reports
        .iter()
        .map(|(at, k)| (*at, *k, words(&k.record.message)));
    let (within, outside): (Vec<_>, Vec<_>) = told.partition(|(at, ..)| span.contains(&at.nanos));
    let alike = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.intersection(b).count() >= COMMON;
    for (at, kept, own) in &within {
        let plain = !lexicon::is_complaint(&kept.record.message);
        let alike_to = |same: &dyn Fn(&BTreeSet<String>) -> bool| {
            within.iter().filter(|(.., w)| same(w)).count()
        };
        let twice = near.contains(&at.nanos) && alike_to(&|w| !own.is_empty() && w == own) >= 2;
        let many = twice || alike_to(&|w| alike(own, w)) >= REPORTS;
        let many = many && at.nanos <= last.0.nanos;
        if plain && many && !outside.iter().any(|(.., w)| alike(own, w)) {
            all.push((*at, *kept));
        }
    }
    all.sort_by_key(|(at, k)| (at.nanos, k.cite));
    all
}

/// The words of a report that say what it is about.
fn words(text: &str) -> BTreeSet<String> {
    let all = text
        .split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase);
    let telling = |w: &String| w.chars().count() >= LETTERS && !COURTESY.contains(&w.as_str());
    all.filter(telling).collect()
}

#[allow(clippy::cast_precision_loss)]
fn stands_out(all: &[(Stamp, &Kept)], run: &[(Stamp, &Kept)]) -> bool {
    let length = |r: &[(Stamp, &Kept)]| match (r.first(), r.last()) {
        (Some(a), Some(b)) => (b.0.nanos - a.0.nanos).max(WITHIN) as f64,
        _ => 1.0,
    };
    let others = all.len() - run.len();
    let usual = others as f64 / (length(all) - length(run)).max(length(all) * 0.2);
    run.len() as f64 / length(run) >= TIMES * usual
}

fn signal(run: &[(Stamp, &Kept)]) -> Option<Signal> {
    let (first, last) = (run.first()?, run.last()?);
    Some(Signal {
        rule: RULE.name,
        from: first.0,
        to: Some(last.0),
        service: None,
        sign: Sign::Tickets {
            count: run.len() as u64,
            alone: (run.len() == 1).then(|| first.1.record.message.to_string()),
        },
        evidence: Evidence::of(run.iter().take(3).map(|(_, k)| k.cite))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, FileId};
    use recon_parsers::{Basis, Precision, Record};

    /// When bursts of these reports begin, and how many each has.
    fn bursts(reports: &[(i64, &'static str)]) -> Vec<(i64, u64)> {
        let kept = reports.iter().map(|(second, said)| Kept {
            at: Some(Stamp {
                nanos: second * SECOND,
                precision: Precision::Fraction(0),
                basis: Basis::Stated,
            }),
            since: None,
            cite: Cite {
                file: FileId(0),
                offset: second.unsigned_abs(),
                len: 1,
            },
            record: Record::new(Kind::Ticket, *said),
        });
        let survey = Survey {
            kept: kept.collect(),
            ..Survey::default()
        };
        let of = |s: Signal| match s.sign {
            Sign::Tickets { count, alone: None } => Some((s.from.second(), count)),
            _ => None,
        };
        find(&survey).into_iter().filter_map(of).collect()
    }

    const ERRORS: [(i64, &str); 3] = [
        (10_100, "error when I print a sheet"),
        (10_200, "printing fails"),
        (10_300, "printing fails!"),
    ];

    #[test]
    fn what_many_write_in_a_burst_is_of_it() {
        let strange = [
            (10_000, "sheets come out in mauve"),
            (10_150, "mauve sheets again"),
            (10_250, "all my sheets are mauve?"),
        ];
        let mut all = [strange, ERRORS].concat();
        all.sort_by_key(|r| r.0);
        assert_eq!(bursts(&all), [(10_000, 6)]);
        // Though some say in known words that it fails.
        all[2].1 = "mauve sheets are an error";
        assert_eq!(bursts(&all), [(10_000, 6)]);
    }

    #[test]
    fn what_few_write_or_what_is_written_on_other_days_is_not() {
        let few = [
            (10_000, "sheets come out in mauve"),
            (10_150, "mauve sheets again"),
        ];
        let mut all = [few.as_slice(), ERRORS.as_slice()].concat();
        all.sort_by_key(|r| r.0);
        assert_eq!(bursts(&all), [(10_100, 3)]);
        let usual = [
            (10_000, "copy of my invoice for May"),
            (10_150, "invoice copy please"),
            (10_250, "a copy of the invoice"),
            (90_000, "invoice copy for June"),
        ];
        let mut all = [usual.as_slice(), ERRORS.as_slice()].concat();
        all.sort_by_key(|r| r.0);
        assert_eq!(bursts(&all), [(10_100, 3)]);
    }

    #[test]
    fn two_in_the_same_words_right_before_a_burst_are_the_first_of_it() {
        let with = |first: i64, second: &'static str, later: i64| {
            let mut all = [
                &[(first, "my sheet is mauve"), (later, second)],
                ERRORS.as_slice(),
            ]
            .concat();
            all.sort_by_key(|r| r.0);
            bursts(&all)
        };
        assert_eq!(with(10_060, "my sheet is mauve", 10_250), [(10_060, 5)]);
        assert_eq!(with(10_060, "how do I pay?", 10_250), [(10_100, 3)]);
        assert_eq!(with(9_900, "my sheet is mauve", 90_000), [(10_100, 3)]);
    }

    #[test]
    fn what_is_still_written_after_the_burst_was_written_of_it_before() {
        let strange = [
            (10_000, "sheets come out in mauve"),
            (10_250, "all my sheets are mauve?"),
            (10_500, "mauve sheets again"),
        ];
        let mut all = [strange, ERRORS].concat();
        all.sort_by_key(|r| r.0);
        assert_eq!(bursts(&all), [(10_000, 5)]);
    }
}
