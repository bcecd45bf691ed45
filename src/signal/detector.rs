//! Finding the stretches of time in which a count is raised, to the second.
//!
//! Two states, *usual* and *raised*, with Poisson counts of different rates per unit of
//! exposure (seconds, or requests where they are known). The most likely sequence of states
//! (Viterbi) gives the stretches; a generalised likelihood ratio on seconds then places
//! their ends. A change of state costs [`SWITCH`] nats, so single errors never are a stretch.

use super::bins::{Bin, bins, windows};
use super::remainder;
use super::scatter;
use super::strays::Run;
use std::ops::{Range, RangeInclusive};

/// Seconds of a bin of the coarse search.
pub(super) const BIN: i64 = 10;
/// What a change of state costs, in nats: about one false stretch in a hundred thousand bins.
const SWITCH: f64 = 9.0;
/// The raised state is at least this many times the usual one.
const RISE: f64 = 3.0;
/// Stretches closer than this many seconds, or a quarter of the shorter, are one with a pause.
const PAUSE: i64 = 300;
/// Seconds before the onset in which a foot of it is looked for.
pub(super) const RAMP: i64 = 180;
/// Share of the windows, the quietest, that the usual rate is first estimated from.
const QUIET: f64 = 0.3;
/// Seconds of such a window at least.
const WINDOW: i64 = 300;
/// Counts in each of the quietest windows from which on they tell what is usual.
const TELLING: f64 = 4.0;
/// So many windows are in the data at least.
const MANY: u64 = 8;
/// Deviations by which the quietest windows ([`QUIET`] of them) lie below the mean by chance.
const LUCK: f64 = 1.159;

/// A stretch in which a count is raised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stretch {
    /// The first second of it.
    pub(super) start: i64,
    /// The last second with a count.
    pub(super) end: i64,
    /// Usual rate per unit of exposure.
    pub(super) base: f64,
    /// Rate within, per unit of exposure.
    pub(super) level: f64,
    /// Counts within.
    pub(super) count: f64,
    /// Exposure after its end was long enough to say that it is over.
    pub(super) over: bool,
}

/// Counts and exposure, both per second.
pub(super) struct Series<'s> {
    /// Second and count, in order, without zeros.
    pub(super) counts: &'s [(i64, f64)],
    /// Second and exposure, in order; `None`: every second counts alike.
    pub(super) exposure: Option<&'s [(i64, f64)]>,
    /// The seconds that the data cover.
    pub(super) span: Range<i64>,
}

impl Series<'_> {
    /// How much likelier, in nats, two rates explain the counts than one: one in a stretch, one
    /// outside of all.
    pub(super) fn contrast(&self, stretch: &Stretch, all: &[Stretch]) -> f64 {
        let inside = |s: &Stretch| {
            let count = within(self.counts, s.start, s.end + 1);
            (count, exposure(self, s.start, s.end + 1))
        };
        let (count, exposed) = inside(stretch);
        let sum = |a: (f64, f64), b: (f64, f64)| (a.0 + b.0, a.1 + b.1);
        let (found, covered) = all.iter().map(inside).fold((0.0, 0.0), sum);
        let whole = within(self.counts, self.span.start, self.span.end);
        let passed = exposure(self, self.span.start, self.span.end);
        let (others, otherwise) = ((whole - found).max(0.0), (passed - covered).max(0.0));
        let pooled = (count + others) / (exposed + otherwise).max(1e-9);
        let gain = |n: f64, e: f64| {
            if n > 0.0 {
                n * (n / (pooled * e).max(1e-9)).ln()
            } else {
                0.0
            }
        };
        gain(count, exposed) + gain(others, otherwise)
    }
}

/// The raised stretches of a series.
pub(super) fn stretches(series: &Series<'_>) -> Vec<Stretch> {
    let bins = bins(series, BIN);
    let Usual {
        rate: mut usual,
        least,
    } = quiet_rate(&bins);
    let mut raised = vec![false; bins.len()];
    for _ in 0..4 {
        let flagged = rate(&bins, |i| raised[i]).filter(|_| raised.contains(&true));
        let high = flagged.map_or(usual * 8.0, |r| r * 0.4).max(usual * RISE);
        let next = viterbi(&bins, usual, high);
        if next == raised {
            break;
        }
        raised = next;
        usual = rate(&bins, |i| !raised[i])
            .unwrap_or(usual)
            .max(least * 0.2);
    }
    let spread = scatter::spread(&bins, &raised, usual);
    let located: Vec<Stretch> = runs(&bins, &raised, series.span.start)
        .into_iter()
        .filter_map(|r| locate(series, r, usual, spread))
        .collect();
    // The quietest windows are quieter than usual by chance: what is hardly above them is noise.
    merge(series, located)
        .into_iter()
        .filter(|s| s.level >= RISE * s.base)
        .collect()
}

/// The rate that is usual, and the least that it can be.
struct Usual {
    rate: f64,
    least: f64,
}

/// The rate in the quietest windows, with half a count added so that it is never zero.
///
/// The quietest windows are so by chance as well: by how much is known of a Poisson process. Short
/// windows tell little of what is rare, long ones have what is not usual in them: the least counts.
fn quiet_rate(bins: &[Bin]) -> Usual {
    let all: u64 = bins.iter().map(|b| b.length).sum();
    let mut length = (WINDOW / BIN).unsigned_abs();
    let mut usual: Option<Usual> = None;
    loop {
        let quiet = quietest(bins, length);
        let mean = quiet.count / quiet.windows.max(1.0);
        let root = f64::midpoint(LUCK, (LUCK * LUCK + 4.0 * mean).sqrt());
        let corrected = root * root * quiet.windows / quiet.exposure.max(1.0);
        let plain = (quiet.count + 0.5) / quiet.exposure.max(1.0);
        // Of a few windows the quietest are not so by chance.
        let rate = if length * MANY > all {
            plain
        } else {
            corrected
        };
        let so_far = usual.get_or_insert(Usual { rate, least: plain });
        so_far.rate = so_far.rate.min(rate).max(so_far.least);
        length *= 2;
        if mean >= TELLING || length * MANY > all {
            break;
        }
    }
    usual.unwrap_or(Usual {
        rate: 0.5,
        least: 0.5,
    })
}

/// The quietest windows together.
#[derive(Default)]
struct Quiet {
    count: f64,
    exposure: f64,
    windows: f64,
}

fn quietest(bins: &[Bin], length: u64) -> Quiet {
    let mut windows = windows(bins, |_| false, length);
    windows.retain(|w| w.exposure > 0.0);
    let pace = |count: f64, exposure: f64| (count + 0.1) / exposure;
    windows.sort_by(|a, b| pace(a.count, a.exposure).total_cmp(&pace(b.count, b.exposure)));
    let all: u64 = windows.iter().map(|w| w.times).sum();
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )]
    let mut keep = ((all as f64 * QUIET).ceil() as u64).max(1);
    let mut quiet = Quiet::default();
    for window in windows {
        let times = window.times.min(keep);
        #[allow(clippy::cast_precision_loss)]
        let weight = times as f64;
        quiet.count += window.count * weight;
        quiet.exposure += window.exposure * weight;
        quiet.windows += weight;
        keep -= times;
    }
    quiet
}

fn rate(bins: &[Bin], chosen: impl Fn(usize) -> bool) -> Option<f64> {
    let some = bins.iter().enumerate().filter(|(i, _)| chosen(*i));
    let (count, exposure) = some.fold((0.0, 0.0), |a, (_, b)| (a.0 + b.count, a.1 + b.exposure));
    (exposure > 0.0).then(|| (count + 0.5) / exposure)
}

/// Whether each bin is raised, in the most likely sequence. Within empty bins that follow one
/// another a change of state gains nothing that it would not gain before or after them.
fn viterbi(bins: &[Bin], usual: f64, high: f64) -> Vec<bool> {
    let gain = (high / usual).ln();
    let (mut low, mut up) = (0.0, -SWITCH);
    let mut back = Vec::with_capacity(bins.len());
    for bin in bins {
        let raise = bin.count * gain - (high - usual) * bin.exposure;
        let from_up = up - SWITCH > low;
        let from_low = low - SWITCH > up;
        let stay_low = if from_up { up - SWITCH } else { low };
        let stay_up = if from_low { low - SWITCH } else { up } + raise;
        back.push((from_up, from_low));
        (low, up) = (stay_low, stay_up);
    }
    let mut state = up > low;
    let mut raised = vec![false; bins.len()];
    for (i, (from_up, from_low)) in back.into_iter().enumerate().rev() {
        raised[i] = state;
        state = if state { !from_low } else { from_up };
    }
    raised
}

/// The seconds of the raised bins, those that touch together.
fn runs(bins: &[Bin], raised: &[bool], start: i64) -> Vec<Range<i64>> {
    let second = |bin: u64| start.saturating_add(bin.cast_signed().saturating_mul(BIN));
    let mut runs: Vec<Range<i64>> = Vec::new();
    for (bin, _) in bins.iter().zip(raised).filter(|(_, up)| **up) {
        let (from, to) = (second(bin.first), second(bin.first + bin.length));
        match runs.last_mut() {
            Some(run) if run.end == from => run.end = to,
            _ => runs.push(from..to),
        }
    }
    runs
}

/// Places the ends of a coarse stretch on seconds.
fn locate(series: &Series<'_>, coarse: Range<i64>, base: f64, spread: f64) -> Option<Stretch> {
    let level = within(series.counts, coarse.start, coarse.end)
        / exposure(series, coarse.start, coarse.end).max(1e-9);
    if level <= base {
        return None;
    }
    // The search ends between requests; the stretch does with a count.
    let coarse = tighten(series.counts, coarse)?;
    let gain = (level / base).ln() / spread;
    let loss = loss(series, base, level) / spread;
    let pace = |a: i64, b: i64| {
        let count = within(series.counts, a, b);
        let spared = match series.exposure {
            Some(_) => (exposure(series, a, b) - count).max(0.0),
            None => exposure(series, a, b),
        };
        count * gain - spared * loss
    };
    let near = |range: Range<i64>| -> Vec<i64> {
        let from = series.counts.partition_point(|(s, _)| *s < range.start);
        series.counts[from..]
            .iter()
            .map(|(s, _)| *s)
            .take_while(|s| *s < range.end)
            .collect()
    };
    // The onset: the second from which on the counts are best explained as raised.
    let firm = (coarse.start + 300).min(coarse.end);
    let onsets = near(coarse.start - 600..firm);
    let start = *onsets
        .iter()
        .max_by(|a, b| pace(**a, firm).total_cmp(&pace(**b, firm)).then(b.cmp(a)))?;
    let firm = (coarse.end - 300).max(start);
    let ends = near(firm..coarse.end + 600);
    let end = ends
        .iter()
        .max_by(|a, b| {
            pace(firm, **a + 1)
                .total_cmp(&pace(firm, **b + 1))
                .then(a.cmp(b))
        })
        .copied()
        .unwrap_or(start);
    let tried = series.exposure.is_some();
    let run = |from: i64, to: i64| {
        let first = series.counts.partition_point(|(s, _)| *s < from);
        let own = series.counts.get(first..).unwrap_or_default();
        let own = own.iter().copied().take_while(|(s, _)| *s <= to);
        let passed = |a: i64, b: i64| exposure(series, a, b);
        Run::new(own, passed, tried, (base, spread))
    };
    let foot = run(start - RAMP, start).foot().filter(|_| tried);
    let start = foot.unwrap_or(start);
    let (start, end) = run(start, end)
        .trimmed()
        .map_or((start, end), RangeInclusive::into_inner);
    let count = within(series.counts, start, end + 1);
    let level = count / exposure(series, start, end + 1).max(1e-9);
    Some(Stretch {
        start,
        end,
        base,
        level,
        count,
        over: false,
    })
}

/// From the first count of a range to behind its last.
fn tighten(counts: &[(i64, f64)], range: Range<i64>) -> Option<Range<i64>> {
    let from = counts.partition_point(|(s, _)| *s < range.start);
    let to = counts.partition_point(|(s, _)| *s < range.end);
    let own = counts.get(from..to)?;
    Some(own.first()?.0..own.last()?.0 + 1)
}

/// What each unit of exposure without a count speaks against the raised state, in nats: where
/// requests are counted each fails or not, and most of them failing leaves little room.
fn loss(series: &Series<'_>, base: f64, level: f64) -> f64 {
    const SURE: f64 = 0.98;
    if series.exposure.is_none() {
        return level - base;
    }
    ((1.0 - base.min(SURE)) / (1.0 - level.min(SURE))).ln()
}

fn merge(series: &Series<'_>, found: Vec<Stretch>) -> Vec<Stretch> {
    let mut merged: Vec<Stretch> = Vec::new();
    for next in found {
        match merged.last_mut() {
            Some(last)
                if next.start - last.end
                    < PAUSE.max((next.end - next.start).min(last.end - last.start) / 4) =>
            {
                last.end = last.end.max(next.end);
                last.count = within(series.counts, last.start, last.end + 1);
                last.level = last.count / exposure(series, last.start, last.end + 1).max(1e-9);
            }
            _ => merged.push(next),
        }
    }
    let starts: Vec<i64> = merged.iter().skip(1).map(|s| s.start).collect();
    for (n, stretch) in merged.iter_mut().enumerate() {
        // It is over if as much exposure as followed would have shown it if it were not.
        let after = starts.get(n).copied().unwrap_or(series.span.end);
        if let Some(end) = remainder::end_before(series, stretch.start, stretch.end) {
            stretch.end = end;
            stretch.count = within(series.counts, stretch.start, end + 1);
            stretch.level = stretch.count / exposure(series, stretch.start, end + 1).max(1e-9);
        }
        let missed = exposure(series, stretch.end + 1, after) * stretch.level;
        stretch.over = missed >= 5.0;
    }
    merged
}

pub(super) fn within(counts: &[(i64, f64)], from: i64, to: i64) -> f64 {
    let first = counts.partition_point(|(s, _)| *s < from);
    counts[first..]
        .iter()
        .take_while(|(s, _)| *s < to)
        .map(|(_, n)| n)
        .sum()
}

pub(super) fn exposure(series: &Series<'_>, from: i64, to: i64) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    series
        .exposure
        .map_or_else(|| (to - from).max(0) as f64, |e| within(e, from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pseudo-random sequence that is the same in every run.
    fn noise(seed: u64) -> impl FnMut() -> f64 {
        let mut state = seed;
        move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            #[allow(clippy::cast_precision_loss)]
            let unit = (state >> 11) as f64 / (1u64 << 53) as f64;
            unit
        }
    }

    /// Four hours with a request a second, of which `usual` fail, and `high` from 3600 to `to`.
    fn day(usual: f64, high: f64, to: i64, seed: u64) -> Vec<Stretch> {
        let mut random = noise(seed);
        let exposure: Vec<(i64, f64)> = (0..14_400).map(|s| (s, 1.0)).collect();
        let failing = |s: i64| if (3600..to).contains(&s) { high } else { usual };
        let counts: Vec<(i64, f64)> = (0..14_400)
            .filter(|s| random() < failing(*s))
            .map(|s| (s, 1.0))
            .collect();
        stretches(&Series {
            counts: &counts,
            exposure: Some(&exposure),
            span: 0..14_400,
        })
    }

    #[test]
    fn an_outage_is_found_to_the_second() {
        for seed in 0..20 {
            let found = day(0.002, 0.6, 9000, seed);
            assert_eq!(found.len(), 1, "seed {seed}: {found:?}");
            assert!((found[0].start - 3600).abs() <= 5, "seed {seed}: {found:?}");
            assert!(
                (found[0].end - 9000).abs() <= 10 && found[0].over,
                "seed {seed}: {found:?}"
            );
        }
    }

    #[test]
    fn most_of_the_data_may_be_the_outage() {
        let found = day(0.002, 0.5, 13_000, 7);
        assert_eq!(found.len(), 1);
        assert!((found[0].start - 3600).abs() <= 5);
    }

    #[test]
    fn an_outage_at_the_end_of_the_data_is_not_over() {
        let found = day(0.002, 0.6, 14_400, 3);
        assert!(!found[0].over);
    }

    #[test]
    fn ordinary_noise_is_nothing() {
        for seed in 0..50 {
            assert_eq!(day(0.01, 0.01, 9000, seed), vec![], "seed {seed}");
        }
    }

    /// What chance makes of one rate stands out less from the rest than a few failures in a row.
    #[test]
    fn a_few_in_a_row_stand_out_and_chance_does_not() {
        let exposure: Vec<(i64, f64)> = (0..1400).map(|n| (n * 10, 1.0)).collect();
        let contrast = |counts: &[(i64, f64)], start: i64, end: i64| {
            let series = Series {
                counts,
                exposure: Some(&exposure),
                span: 0..14_000,
            };
            let stretch = Stretch {
                start,
                end,
                base: 0.001,
                level: 0.02,
                count: 14.0,
                over: true,
            };
            series.contrast(&stretch, &[stretch])
        };
        let sparse: Vec<(i64, f64)> = (0..15).map(|n| (n * n * 60, 1.0)).collect();
        assert!(contrast(&sparse, 60, 7000) < 8.0);
        let dense: Vec<(i64, f64)> = (0..10).map(|n| (5000 + n * 20, 1.0)).collect();
        assert!(contrast(&dense, 5000, 5200) > 30.0);
    }

    /// Noise that never stops does not stretch an outage, however little of it there is.
    #[test]
    fn rare_noise_is_no_part_of_an_outage() {
        for seed in 0..30 {
            let found = day(0.004, 0.5, 4500, seed);
            let ends: Vec<_> = found.iter().map(|s| (s.start, s.end)).collect();
            assert_eq!(found.len(), 1, "seed {seed}: {ends:?}");
            assert!((found[0].start - 3600).abs() <= 10, "seed {seed}: {ends:?}");
            assert!((found[0].end - 4500).abs() <= 20, "seed {seed}: {ends:?}");
        }
    }

    /// An operation that is asked for every 40 s, half of the time in vain for half an hour.
    #[test]
    fn a_rare_operation_has_an_onset_and_an_end() {
        let exposure: Vec<(i64, f64)> = (0..360).map(|n| (n * 40, 1.0)).collect();
        let counts: Vec<(i64, f64)> = (150..198).step_by(2).map(|n| (n * 40, 1.0)).collect();
        let found = stretches(&Series {
            counts: &counts,
            exposure: Some(&exposure),
            span: 0..14_400,
        });
        let ends: Vec<_> = found.iter().map(|s| (s.start, s.end)).collect();
        assert_eq!(ends, [(6000, 7840)]);
    }

    /// Where every request fails, one that failed a minute before, with others between that did
    /// not, is noise.
    #[test]
    fn noise_just_before_an_outage_is_no_part_of_it() {
        let exposure: Vec<(i64, f64)> = (0..3600).map(|n| (n * 4, 1.0)).collect();
        let mut counts: Vec<(i64, f64)> = vec![(700, 1.0), (3540, 1.0)];
        counts.extend((900..1300).map(|n| (n * 4, 1.0)));
        let found = stretches(&Series {
            counts: &counts,
            exposure: Some(&exposure),
            span: 0..14_400,
        });
        assert_eq!(found.first().map(|s| s.start), Some(3600), "{found:?}");
    }
}
