//! Request logs that show but a sample of the failures, beside logs that show each of them.
//!
//! An edge logs one request in twenty, and its first failure comes minutes after the trouble began; the application's own
//! log has every error. So errors that began before the first failed request tell the onset, where the request log shows
//! so few failures that none of the first need be among them. Where it shows nearly all, errors without a failed request
//! are something that no user met.

use super::super::group::Group;
use crate::signal::{Burst, Sign, Signal};
use crate::survey::What;
use recon_parsers::Stamp;
use recon_parsers::stamp::SECOND;

/// So many errors for a failed request show that most failures are not in the request log.
const SHOWN: u64 = 3;
/// Failures that a request log may lack by chance where so many are expected: one time in a hundred.
const CHANCE: f64 = 4.6;

/// Errors that had nothing to do with it come before and after it, too: nearer than this (half a minute), what the
/// request log shows stands.
const LEAST: i64 = 30 * SECOND;

fn burst(signal: &Signal) -> Option<&Burst> {
    match &signal.sign {
        Sign::Burst(burst) => Some(burst),
        _ => None,
    }
}

/// The errors of a log of which failed requests are a sample.
fn whole<'s>(group: &Group<'s>, failed: &Signal) -> impl Iterator<Item = &'s Signal> {
    let shown = burst(failed).filter(|b| b.requests.is_some() && b.what != What::Slow);
    let (from, to) = (failed.from.nanos, failed.to.map(|t| t.nanos));
    let count = shown.map_or(u64::MAX, |b| b.count.saturating_mul(SHOWN));
    let errors = group.bursts.clone().into_iter();
    errors.filter(move |s| {
        let lasts = s.to.is_none_or(|t| t.nanos >= from) && to.is_none_or(|t| s.from.nanos <= t);
        let many = burst(s).is_some_and(|b| b.what == What::Errors && b.count >= count);
        lasts && many
    })
}

/// Whether no failure need be shown in a time, by how many are in the whole.
#[allow(clippy::cast_precision_loss)]
fn may_lack(failed: &Signal, gap: i64) -> bool {
    let (Some(shown), Some(to)) = (burst(failed), failed.to) else {
        return false;
    };
    if gap < LEAST {
        return false;
    }
    let lasted = (to.nanos - failed.from.nanos).max(1) as f64;
    shown.count as f64 * gap as f64 / lasted <= CHANCE
}

/// The errors that began before the first failed request of a sample.
pub(super) fn earlier<'s>(group: &Group<'s>, failed: &Signal) -> Option<&'s Signal> {
    let at = failed.from.nanos;
    let before = whole(group, failed).filter(|s| s.from.nanos < at);
    let before = before.filter(|s| may_lack(failed, at - s.from.nanos));
    before.min_by_key(|s| (s.from.nanos, s.evidence.first()))
}

/// The errors that ended after the last failed request of a sample.
pub(super) fn later<'s>(group: &Group<'s>, failed: &Signal) -> Option<(Stamp, &'s Signal)> {
    let at = failed.to?.nanos;
    let after = whole(group, failed).filter_map(|s| Some((s.to?, s)));
    let after = after.filter(|(to, _)| to.nanos > at && may_lack(failed, to.nanos - at));
    after.max_by_key(|(to, s)| (to.nanos, s.evidence.first()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, Evidence, FileId};
    use recon_parsers::{Basis, Precision};
    use std::ops::Range;

    fn signal(seconds: Range<i64>, what: What, count: u64) -> Signal {
        let stamp = |second: i64| Stamp {
            nanos: second * SECOND,
            precision: Precision::Fraction(0),
            basis: Basis::Stated,
        };
        let cite = Cite {
            file: FileId(0),
            offset: seconds.start.unsigned_abs(),
            len: 1,
        };
        Signal {
            rule: "error-burst",
            from: stamp(seconds.start),
            to: Some(stamp(seconds.end)),
            service: Some("tolls".to_owned()),
            sign: Sign::Burst(Burst {
                requests: (what == What::Failed).then_some(200),
                count,
                ..Burst::specimen(what, cite)
            }),
            evidence: Evidence::new(cite),
        }
    }

    /// The onset and the end where `failed` requests of 1000 to 2800 stand beside errors.
    fn ends(failed: u64, errors: Range<i64>, count: u64) -> (Option<i64>, Option<i64>) {
        let failed = signal(1000..2800, What::Failed, failed);
        let errors = signal(errors, What::Errors, count);
        let group = Group {
            bursts: vec![&failed, &errors],
            ..Group::default()
        };
        let start = earlier(&group, &failed).map(|s| s.from.nanos / SECOND);
        (start, later(&group, &failed).map(|(t, _)| t.nanos / SECOND))
    }

    #[test]
    fn the_whole_tells_when_what_a_sample_shows_began_and_ended() {
        assert_eq!(ends(40, 905..2890, 900), (Some(905), Some(2890)));
    }

    #[test]
    fn where_failures_would_have_shown_or_most_are_shown_errors_tell_nothing() {
        assert_eq!(ends(40, 300..3500, 900), (None, None), "too long before");
        assert_eq!(ends(400, 905..2890, 900), (None, None), "as many");
        assert_eq!(ends(40, 905..990, 900), (None, None), "over before");
        assert_eq!(ends(40, 988..2810, 900), (None, None), "too near");
    }
}
