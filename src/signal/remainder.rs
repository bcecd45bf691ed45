//! What is left when an outage is over: now and then a request still fails, far fewer than before and
//! hardly worth a word, yet more than ever failed before. It is no part of the outage.
//!
//! The search knows two rates, the usual one and a raised one. Where nothing at all used to fail, one in
//! three hundred is as far from the first as from the second.

use super::detector::{Series, exposure, within};

/// Share of requests from which on failures are no remainder.
const LITTLE: f64 = 0.02;
/// Times the rate of what is left that the outage had at least.
const TIMES: f64 = 5.0;
/// How much likelier, in nats, two rates explain the failures than one.
const CERTAIN: f64 = 14.0;

/// Where a stretch of failed requests, from a second to its last with a failure, ended if what follows is but a
/// remainder: the last second with a failure before it.
pub(super) fn end_before(series: &Series<'_>, start: i64, end: i64) -> Option<i64> {
    series.exposure?;
    let from = series.counts.partition_point(|(s, _)| *s < start);
    let to = series.counts.partition_point(|(s, _)| *s <= end);
    let own = series.counts.get(from..to)?;
    let whole = (
        within(series.counts, start, end + 1),
        exposure(series, start, end + 1),
    );
    let mut best: Option<(f64, i64)> = None;
    let (mut head, mut next) = ((0.0, 0.0), start);
    for (second, count) in own {
        head = (head.0 + count, head.1 + exposure(series, next, second + 1));
        next = second + 1;
        let rest = (whole.0 - head.0, whole.1 - head.1);
        if rest.0 < 0.5 {
            break;
        }
        let rate = |(count, exposure): (f64, f64)| count / exposure.max(1e-9);
        let is_remainder = rate(rest) < LITTLE && rate(rest) * TIMES <= rate(head);
        let worth = |part: (f64, f64)| part.0 * (rate(part) / rate(whole)).ln();
        let gain = worth(head) + worth(rest);
        if is_remainder && gain >= CERTAIN && best.is_none_or(|(most, _)| gain > most) {
            best = Some((gain, *second));
        }
    }
    best.map(|(_, second)| second)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where an outage from 3600 to 4500 ends, of which so many in a thousand fail, and so many after it until 7000.
    fn end(during: i64, after: i64) -> Option<i64> {
        let exposure: Vec<(i64, f64)> = (0..7000).map(|s| (s, 4.0)).collect();
        // As many as so many in a thousand are, one after the other.
        let fails = |s: &i64| {
            let rate = if *s < 4500 { during } else { after };
            (s * 4 * rate) / 1000 != ((s + 1) * 4 * rate) / 1000
        };
        let counts: Vec<(i64, f64)> = (3600..7000).filter(fails).map(|s| (s, 1.0)).collect();
        let series = Series {
            counts: &counts,
            exposure: Some(&exposure),
            span: 0..7000,
        };
        end_before(&series, 3600, counts.last()?.0)
    }

    #[test]
    fn a_few_that_still_fail_are_left_over() {
        for (during, after) in [(100, 3), (50, 3), (200, 10)] {
            let end = end(during, after).expect("an end");
            assert!((end - 4500).abs() <= 20, "{during}, {after}: {end}");
        }
    }

    #[test]
    fn what_goes_on_or_still_hurts_is_no_remainder() {
        assert_eq!(end(100, 100), None);
        assert_eq!(end(100, 40), None);
        assert_eq!(end(200, 30), None);
        assert_eq!(end(20, 8), None);
    }
}
