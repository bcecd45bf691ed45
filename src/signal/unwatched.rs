//! Times of which nothing is known: nobody logged anything, so nobody was seen to be well or silent.
//!
//! Logs that were collected for some stretches of time only are full of those. One service that says
//! nothing may be down, or have nothing to say; that several fall silent in one second and
//! come back in another is a matter of who collected them.

use crate::survey::{Survey, What};
use std::collections::BTreeSet;
use std::ops::Range;

/// Services that log without which a gap may as well be an outage, or the habit of a quiet one.
const SERVICES: usize = 3;
/// Entries without which a service is none that logs all the time.
const ENTRIES: u64 = 100;

/// Seconds within the data in which no service logged, in order.
pub(super) struct Unwatched(Vec<Range<i64>>);

impl Unwatched {
    /// The gaps of more than so many seconds.
    pub(super) fn of(survey: &Survey, seconds: i64) -> Self {
        let all = survey.services.values();
        let rates: Vec<_> = all.filter_map(|t| t.rates.get(&What::Entries)).collect();
        let steady = rates.iter().filter(|r| r.total() >= ENTRIES).count();
        if steady < SERVICES {
            return Self(Vec::new());
        }
        let busy: BTreeSet<i64> = rates
            .iter()
            .flat_map(|r| r.seconds())
            .map(|s| s.0)
            .collect();
        let pairs = busy.iter().zip(busy.iter().skip(1));
        let gaps = pairs.filter(|(a, b)| *b - *a > seconds + 1);
        Self(gaps.map(|(a, b)| a + 1..*b).collect())
    }

    /// How many seconds of a range are known of.
    pub(super) fn watched(&self, range: &Range<i64>) -> i64 {
        let shared = |gap: &Range<i64>| gap.end.min(range.end) - gap.start.max(range.start);
        let lost: i64 = self.0.iter().map(|gap| shared(gap).max(0)).sum();
        range.end - range.start - lost
    }

    /// A second on a clock on which each gap lasts `seconds` only.
    pub(super) fn squeeze(&self, second: i64, seconds: i64) -> i64 {
        let before = self.0.iter().take_while(|gap| gap.start < second);
        let left_out = |gap: &Range<i64>| {
            let (length, passed) = (gap.end - gap.start, second.min(gap.end) - gap.start);
            passed - passed.min(seconds.min(length))
        };
        second - before.map(left_out).sum::<i64>()
    }

    /// The second that [`Self::squeeze`] made this of.
    pub(super) fn expand(&self, squeezed: i64, seconds: i64) -> i64 {
        let mut second = squeezed;
        for gap in &self.0 {
            if second < gap.start + seconds {
                break;
            }
            second += (gap.end - gap.start - seconds).max(0);
        }
        second
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::cite::{Cite, FileId};
    use crate::survey::Mark;
    use recon_parsers::stamp::SECOND;

    /// Services that log every second of some.
    pub(in crate::signal) fn logged(services: &[(&str, Vec<i64>)]) -> Survey {
        let mut survey = Survey::default();
        for (name, seconds) in services {
            let tally = survey.services.entry((*name).to_owned()).or_default();
            let all = tally.rates.entry(What::Entries).or_default();
            for at in seconds {
                let cite = Cite {
                    file: FileId(0),
                    offset: at.unsigned_abs(),
                    len: 1,
                };
                all.add(Mark {
                    nanos: at * SECOND,
                    cite,
                });
            }
        }
        survey
    }

    /// So many services that log every second, except for 200 to 899.
    fn survey(services: usize) -> Survey {
        let seconds: Vec<i64> = (0..200).chain(900..1000).collect();
        let names = ["edge", "stock", "store"].into_iter().take(services);
        logged(
            &names
                .map(|name| (name, seconds.clone()))
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn what_nobody_logged_in_is_not_known_of() {
        let gaps = Unwatched::of(&survey(3), 60);
        assert_eq!(gaps.watched(&(150..950)), 100);
        assert_eq!(gaps.watched(&(300..500)), 0);
        assert_eq!(gaps.watched(&(0..100)), 100);
    }

    #[test]
    fn one_service_alone_may_be_down() {
        let gaps = Unwatched::of(&survey(1), 60);
        assert_eq!(gaps.watched(&(150..950)), 800);
        assert_eq!(gaps.squeeze(950, 60), 950);
    }

    #[test]
    fn a_squeezed_second_expands_to_itself() {
        let gaps = Unwatched::of(&survey(3), 60);
        assert_eq!(gaps.squeeze(900, 60), 260);
        for second in (0..200).chain(900..1000) {
            assert_eq!(gaps.expand(gaps.squeeze(second, 60), 60), second);
        }
    }
}
