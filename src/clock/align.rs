//! The zone, and the year or day, that make a file's times meet those of files whose times are
//! known, where both write the same ids.

use chrono::{DateTime, Datelike};
use recon_parsers::stamp::{DAY, SECOND};

/// Shared ids that an alignment needs.
pub const FEWEST: usize = 20;
/// Alerts that it needs: there are few, and each is told apart by name and state.
pub const FEWEST_ALERTS: usize = 3;
/// Of a hundred ids, so many must agree.
const AGREE: usize = 80;
/// They agree within this, to each side.
const BIN: i64 = 5 * SECOND;
/// What is left beside a zone's offset is the hosts' clocks being apart; more than this is no zone.
const LEFT_OVER: i64 = 300 * SECOND;
/// Offsets of zones: from 14 hours behind to 14 ahead.
const FARTHEST: i64 = 14 * 3600 * SECOND;
const MINUTE: i64 = 60 * SECOND;

/// Times as read by the file's clock so far, each with the time of the same thing elsewhere.
pub type Pairs = [(i64, i64)];

/// The years by which the file's times must move, if the pairs agree on it.
#[must_use]
pub fn years(pairs: &Pairs) -> Option<i32> {
    agreed(pairs, |own, other| {
        let year = DateTime::from_timestamp_nanos(own).year();
        let near = DateTime::from_timestamp_nanos(other).year() - year;
        (near - 1..=near + 1)
            .filter_map(|by| Some((by, in_year(own, by)?)))
            .min_by_key(|(_, moved)| (moved - other).abs())
            .map(|(by, _)| by)
    })
}

/// The days by which they must move.
#[must_use]
pub fn days(pairs: &Pairs) -> Option<i32> {
    agreed(pairs, |own, other| {
        i32::try_from((other - own + DAY / 2).div_euclid(DAY)).ok()
    })
}

/// The same day and time in another year, if that year has it.
#[must_use]
pub fn in_year(nanos: i64, by: i32) -> Option<i64> {
    let at = DateTime::from_timestamp_nanos(nanos);
    let moved = at.with_year(at.year().checked_add(by)?)?;
    moved.timestamp_nanos_opt()
}

/// What most pairs say.
fn agreed(pairs: &Pairs, says: impl Fn(i64, i64) -> Option<i32>) -> Option<i32> {
    let mut votes: Vec<i32> = pairs.iter().filter_map(|(a, b)| says(*a, *b)).collect();
    votes.sort_unstable();
    let most = votes
        .chunk_by(|a, b| a == b)
        .max_by_key(|same| same.len())?;
    (most.len() * 100 >= pairs.len() * AGREE).then(|| most[0])
}

/// Seconds east of UTC of times that were read as UTC, if `fewest` pairs or more say so: most differ
/// by the same, no other difference comes near, and it is one that zones have.
#[must_use]
pub fn zone(pairs: &Pairs, fewest: usize) -> Option<i32> {
    if pairs.len() < fewest {
        return None;
    }
    let mut apart: Vec<i64> = pairs.iter().map(|(own, other)| own - other).collect();
    apart.sort_unstable();
    let (count, middle) = densest(&apart)?;
    let others: Vec<i64> = apart
        .iter()
        .copied()
        .filter(|d| (d - middle).abs() > 2 * BIN)
        .collect();
    let runner_up = densest(&others).map_or(0, |(n, _)| n);
    if count * 100 < apart.len() * AGREE || runner_up * 4 >= count {
        return None;
    }
    let quarter = (middle + 15 * MINUTE / 2).div_euclid(15 * MINUTE) * 15;
    let near = (middle - quarter * MINUTE).abs() <= LEFT_OVER;
    let east = quarter * MINUTE;
    (near && east.abs() <= FARTHEST && is_a_zone(quarter))
        .then(|| i32::try_from(quarter * 60).ok())
        .flatten()
}

/// Whole and half hours, and the quarters of Nepal, Eucla and the Chatham Islands.
const fn is_a_zone(minutes: i64) -> bool {
    const QUARTERS: [i64; 4] = [5 * 60 + 45, 8 * 60 + 45, 12 * 60 + 45, 13 * 60 + 45];
    let mut n = 0;
    while n < QUARTERS.len() {
        if QUARTERS[n] == minutes {
            return true;
        }
        n += 1;
    }
    minutes % 30 == 0
}

/// The bin that holds most of some sorted numbers, and the middle one of them.
fn densest(sorted: &[i64]) -> Option<(usize, i64)> {
    let mut best: Option<(usize, i64)> = None;
    let mut end = 0;
    for (start, low) in sorted.iter().enumerate() {
        while sorted.get(end).is_some_and(|high| high - low <= 2 * BIN) {
            end += 1;
        }
        if best.is_none_or(|(n, _)| end - start > n) {
            best = Some((end - start, sorted[start + (end - start) / 2]));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600 * SECOND;

    /// Pairs so far apart, give or take a second.
    fn pairs(count: i64, apart: i64) -> Vec<(i64, i64)> {
        (0..count)
            .map(|n| {
                let at = 1_750_000_000 * SECOND + n * 17 * SECOND;
                (at + apart + n % 3 * SECOND / 2, at)
            })
            .collect()
    }

    #[test]
    fn a_zone_is_a_difference_that_nearly_all_ids_share() {
        for (minutes, left) in [(540, 0), (-210, 3), (345, 0), (0, 1), (120, -90)] {
            let apart = minutes * MINUTE + left * SECOND;
            let east = i32::try_from(minutes * 60).expect("small");
            assert_eq!(zone(&pairs(40, apart), FEWEST), Some(east), "{minutes}");
        }
    }

    #[test]
    fn too_few_or_divided_or_no_zone_at_all() {
        assert_eq!(zone(&pairs(19, HOUR), FEWEST), None);
        assert_eq!(zone(&pairs(3, HOUR), FEWEST_ALERTS), Some(3600));
        let mut divided = pairs(40, HOUR);
        divided.extend(pairs(12, 2 * HOUR));
        assert_eq!(zone(&divided, FEWEST), None, "77 % are not enough");
        assert_eq!(zone(&pairs(40, 15 * MINUTE), FEWEST), None, "+00:15");
        assert_eq!(
            zone(&pairs(40, 22 * MINUTE), FEWEST),
            None,
            "a clock gone wrong"
        );
        assert_eq!(zone(&pairs(40, 15 * HOUR), FEWEST), None, "+15:00");
    }

    #[test]
    fn years_and_days_by_what_is_nearest() {
        let year = |by: i32| {
            let old: Vec<_> = pairs(30, 9 * HOUR)
                .into_iter()
                .map(|(own, other)| (in_year(own, by).expect("no leap day"), other))
                .collect();
            years(&old)
        };
        assert_eq!(year(-4), Some(4));
        assert_eq!(year(0), Some(0));
        assert_eq!(days(&pairs(30, -3 * DAY + 2 * HOUR)), Some(3));
        assert_eq!(days(&pairs(30, 5 * HOUR)), Some(0));
    }
}
