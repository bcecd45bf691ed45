//! Who is slow only because it waits for another that is slow.
//!
//! A front is as slow as what it asks, and is what alerts watch. Two things tell it from that: it is slow
//! at some operations only where the other is slow at all, and it has its answer an instant later.

use super::group::Group;
use super::names;
use crate::signal::{Burst, Sign, Signal};
use crate::survey::What;
use recon_parsers::stamp::SECOND;
use recon_parsers::{Precision, Stamp};

/// What waits begins to be slow within so long (two minutes) of what it waits for.
const TOGETHER: i64 = 120 * SECOND;
/// An answer is passed on within so long.
const INSTANT: i64 = 2 * SECOND;

/// Whether a service waits for another that is slow.
pub(super) fn waits(group: &Group<'_>, service: &str) -> bool {
    let others = slow(group).filter(|(t, _)| !is(t, service));
    let mut pairs = others.flat_map(|t| own(group, service).map(move |s| (s, t)));
    pairs.any(|(s, t)| waits_for(s, t))
}

/// Whether others that are slow wait for a service.
pub(super) fn is_waited_for(group: &Group<'_>, service: &str) -> bool {
    let others = slow(group).filter(|(s, _)| !is(s, service));
    let mut pairs = others.flat_map(|s| own(group, service).map(move |t| (s, t)));
    pairs.any(|(s, t)| waits_for(s, t))
}

fn is(signal: &Signal, service: &str) -> bool {
    let own = signal.service.as_deref();
    own.is_some_and(|s| names::same(s, service))
}

fn own<'g>(
    group: &'g Group<'_>,
    service: &'g str,
) -> impl Iterator<Item = (&'g Signal, &'g Burst)> {
    slow(group).filter(move |(s, _)| is(s, service))
}

fn slow<'g>(group: &'g Group<'_>) -> impl Iterator<Item = (&'g Signal, &'g Burst)> {
    group.bursts.iter().filter_map(|s| match &s.sign {
        Sign::Burst(burst) if burst.what == What::Slow => Some((*s, burst)),
        _ => None,
    })
}

fn waits_for((front, at): (&Signal, &Burst), (behind, of): (&Signal, &Burst)) -> bool {
    let later = front.from.nanos - behind.from.nanos;
    match (at.operations.is_empty(), of.operations.is_empty()) {
        (false, true) => later.abs() <= TOGETHER,
        (true, false) => false,
        _ => later >= unit(behind.from) && later <= INSTANT,
    }
}

/// The nanoseconds within which a time is not told apart from another.
fn unit(at: Stamp) -> i64 {
    match at.precision {
        Precision::Fraction(digits) => SECOND / 10_i64.pow(u32::from(digits).min(9)),
        _ => 60 * SECOND,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, Evidence, FileId};
    use recon_parsers::Basis;

    fn slow(service: &str, millis: i64, digits: u8, operations: &[&str]) -> Signal {
        let stamp = |nanos: i64| Stamp {
            nanos,
            precision: Precision::Fraction(digits),
            basis: Basis::Stated,
        };
        let cite = Cite {
            file: FileId(0),
            offset: millis.unsigned_abs(),
            len: 1,
        };
        Signal {
            rule: "latency",
            from: stamp(millis * 1_000_000),
            to: Some(stamp(2000 * SECOND)),
            service: Some(service.to_owned()),
            sign: Sign::Burst(Burst {
                operations: operations.iter().map(ToString::to_string).collect(),
                ..Burst::specimen(What::Slow, cite)
            }),
            evidence: Evidence::new(cite),
        }
    }

    /// Whether the quay waits for the crane, and the crane for the quay.
    fn waiting(quay: &Signal, crane: &Signal) -> (bool, bool) {
        let group = Group {
            bursts: vec![quay, crane],
            ..Group::default()
        };
        assert_eq!(waits(&group, "quay"), is_waited_for(&group, "crane"));
        (waits(&group, "quay"), waits(&group, "crane"))
    }

    #[test]
    fn a_front_waits_for_whom_it_asks() {
        let crane = slow("crane", 900_000, 3, &[]);
        let later = slow("quay", 900_012, 3, &[]);
        assert_eq!(waiting(&later, &crane), (true, false));
        // Slow at some operations only, whichever is seen first.
        let some = slow("quay", 880_000, 3, &["POST /lift"]);
        assert_eq!(waiting(&some, &crane), (true, false));
    }

    #[test]
    fn two_that_are_slow_at_other_times_or_at_one_do_not_wait() {
        let crane = slow("crane", 900_000, 3, &[]);
        let much_later = slow("quay", 960_000, 3, &[]);
        assert_eq!(waiting(&much_later, &crane), (false, false));
        let long_after = slow("quay", 1_200_000, 3, &["POST /lift"]);
        assert_eq!(waiting(&long_after, &crane), (false, false));
        // Whole seconds do not tell which of them was first.
        let whole = slow("crane", 900_000, 0, &[]);
        let soon = slow("quay", 900_900, 3, &[]);
        assert_eq!(waiting(&soon, &whole), (false, false));
    }
}
