//! Counts and exposure in bins of equal length. Bins without either are kept as one with its
//! length, so that a stray date of another century costs nothing.

use super::detector::Series;

/// Equal bins that follow one another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bin {
    /// The number of the first, from the start of the span.
    pub(super) first: u64,
    /// How many there are; more than one only where nothing was counted.
    pub(super) length: u64,
    /// Counts within.
    pub(super) count: f64,
    /// Exposure of all of them.
    pub(super) exposure: f64,
}

/// The bins of a series, each of `size` seconds, in order and without gaps.
pub(super) fn bins(series: &Series<'_>, size: i64) -> Vec<Bin> {
    let span = &series.span;
    let length = (span.end - span.start).max(0) / size + 1;
    let at = |second: i64| {
        let bin = (second - span.start).div_euclid(size);
        (0..length).contains(&bin).then(|| bin.unsigned_abs())
    };
    let counted = series.counts.iter().map(|(s, n)| (at(*s), *n, 0.0));
    let exposed = series.exposure.unwrap_or_default().iter();
    let mut seen: Vec<(u64, f64, f64)> = counted
        .chain(exposed.map(|(s, n)| (at(*s), 0.0, *n)))
        .filter_map(|(bin, count, exposure)| Some((bin?, count, exposure)))
        .collect();
    seen.sort_by_key(|s| s.0);
    #[allow(clippy::cast_precision_loss)]
    let plain = if series.exposure.is_some() {
        0.0
    } else {
        size as f64
    };
    let mut bins: Vec<Bin> = Vec::new();
    for (first, count, exposure) in seen {
        if bins.last().is_none_or(|b| b.first < first) {
            fill(&mut bins, first, plain);
            bins.push(Bin {
                first,
                length: 1,
                count: 0.0,
                exposure: plain,
            });
        }
        if let Some(bin) = bins.last_mut() {
            bin.count += count;
            bin.exposure += exposure;
        }
    }
    fill(&mut bins, length.unsigned_abs(), plain);
    bins
}

/// Empty bins up to the one numbered `until`.
fn fill(bins: &mut Vec<Bin>, until: u64, plain: f64) {
    let first = bins.last().map_or(0, |b| b.first + b.length);
    if first < until {
        let length = until - first;
        #[allow(clippy::cast_precision_loss)]
        let exposure = plain * length as f64;
        bins.push(Bin {
            first,
            length,
            count: 0.0,
            exposure,
        });
    }
}

/// Some bins together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Window {
    /// Counts within.
    pub(super) count: f64,
    /// Exposure.
    pub(super) exposure: f64,
    /// Whether a bin of it was chosen.
    pub(super) chosen: bool,
    /// How many such windows follow one another.
    pub(super) times: u64,
}

/// The windows of `size` bins each, and whether `chosen` holds of any bin in them. The last
/// may be shorter.
pub(super) fn windows(bins: &[Bin], chosen: impl Fn(usize) -> bool, size: u64) -> Vec<Window> {
    let mut windows: Vec<Window> = Vec::new();
    let (mut open, mut room) = (Window::default(), size);
    for (i, bin) in bins.iter().enumerate() {
        #[allow(clippy::cast_precision_loss)]
        let share = |part: u64| bin.exposure * (part as f64 / bin.length as f64);
        let mut left = bin.length;
        while left > 0 {
            if room == size && left >= size && bin.count == 0.0 {
                windows.push(Window {
                    count: 0.0,
                    exposure: share(size),
                    chosen: chosen(i),
                    times: left / size,
                });
                left %= size;
                continue;
            }
            let part = left.min(room);
            open.count += bin.count;
            open.exposure += share(part);
            open.chosen |= chosen(i);
            open.times = 1;
            (left, room) = (left - part, room - part);
            if room == 0 {
                windows.push(std::mem::take(&mut open));
                room = size;
            }
        }
    }
    windows.extend((room < size).then_some(open));
    windows
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same without runs, as one would write it first.
    fn plainly(series: &Series<'_>, size: i64) -> Vec<(f64, f64)> {
        let length = (series.span.end - series.span.start) / size + 1;
        let sum = |of: &[(i64, f64)], bin: i64| -> f64 {
            let within = |s: &&(i64, f64)| (s.0 - series.span.start).div_euclid(size) == bin;
            of.iter().filter(within).map(|s| s.1).sum()
        };
        #[allow(clippy::cast_precision_loss)]
        let exposure = |bin| {
            series
                .exposure
                .map_or(size as f64, |exposure| sum(exposure, bin))
        };
        (0..length)
            .map(|bin| (sum(series.counts, bin), exposure(bin)))
            .collect()
    }

    fn counts() -> impl Strategy<Value = Vec<(i64, f64)>> {
        prop::collection::btree_map(-20..900_i64, 1..5_u8, 0..30).prop_map(|seconds| {
            let seconds = seconds.into_iter();
            seconds.map(|(s, n)| (s, f64::from(n))).collect()
        })
    }

    proptest! {
        #[test]
        fn runs_say_what_single_bins_say(
            counts in counts(),
            exposure in prop::option::of(counts()),
            end in 0..900_i64,
        ) {
            let series = Series { counts: &counts, exposure: exposure.as_deref(), span: 0..end };
            let runs = bins(&series, 10);
            let single = plainly(&series, 10);
            #[allow(clippy::cast_precision_loss)]
            let spread: Vec<(f64, f64)> = runs
                .iter()
                .flat_map(|b| (0..b.length).map(|_| (b.count, b.exposure / b.length as f64)))
                .collect();
            prop_assert_eq!(&spread, &single);

            let told: Vec<(f64, f64)> = windows(&runs, |_| false, 6)
                .iter()
                .flat_map(|w| (0..w.times).map(|_| (w.count, w.exposure)))
                .collect();
            let chunks: Vec<(f64, f64)> = single
                .chunks(6)
                .map(|c| c.iter().fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1)))
                .collect();
            prop_assert_eq!(told.len(), chunks.len());
            for (told, chunk) in told.iter().zip(&chunks) {
                prop_assert_eq!(told.0, chunk.0);
                prop_assert!((told.1 - chunk.1).abs() < 1e-6);
            }
        }
    }
}
