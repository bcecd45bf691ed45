//! How far two clocks are apart, from the ids that both have written.
//!
//! What happens inside a request that passes from one host to another happens within the time that
//! the outer one spends on it. Each id therefore bounds the offset between the clocks from both
//! sides, and the offset lies where nearly all of these intervals overlap (Marzullo).

use super::offset::Belief;
use recon_parsers::stamp::SECOND;
use std::collections::BTreeSet;

/// When a clock saw an id first and last, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First.
    pub first: i64,
    /// Last.
    pub last: i64,
    /// How long one step of the notation lasts: the time was up to so much later.
    pub slack: i64,
}

impl Span {
    /// The smallest span that holds both.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
            slack: self.slack.max(other.slack),
        }
    }

    /// The same span on a clock that is ahead by `by`.
    #[must_use]
    pub const fn later(self, by: i64) -> Self {
        Self {
            first: self.first.saturating_add(by),
            last: self.last.saturating_add(by),
            slack: self.slack,
        }
    }

    /// Its middle.
    #[must_use]
    pub const fn middle(self) -> i64 {
        self.first + (self.last - self.first + self.slack) / 2
    }
}

/// An offset up to this is left alone: logs are written when a thread gets to it.
pub const THRESHOLD: i64 = SECOND;
/// Ids that a comparison of two clocks needs.
pub const FEWEST: usize = 10;
/// Ids in a hundred that may not fit: reused, or logged late.
const OUTLIERS: usize = 5;
/// What one host logs before the call and another behind it makes intervals that do not
/// contain the offset by so much; half the threshold, so it cannot make an offset.
const TOLERANCE: i64 = SECOND / 2;

/// What shared ids say of two clocks: how far the second is ahead of the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Ids that both saw.
    pub ids: usize,
    /// The offset; absent where the ids contradict each other and only bound it.
    pub offset: Option<i64>,
    /// It is not less, and not more.
    pub bounds: (i64, i64),
    /// By how much it grows from the first to the second half of the ids, where both halves have
    /// an offset and it is not the same.
    pub drift: Option<i64>,
}

/// Compares two clocks by the spans in which they saw the same ids; `None` with too few of them.
#[must_use]
pub fn compare(met: &mut [(Span, Span)]) -> Option<Estimate> {
    if met.len() < FEWEST {
        return None;
    }
    let whole = overlap(met);
    met.sort_unstable_by_key(|(a, b)| (a.first, b.first));
    let (early, late) = met.split_at(met.len() / 2);
    let drift = overlap(early)
        .zip(overlap(late))
        .map(|(e, l)| middle(l) - middle(e))
        .filter(|d| d.abs() > 2 * TOLERANCE);
    Some(Estimate {
        ids: met.len(),
        offset: whole.map(middle).filter(|_| drift.is_none()),
        bounds: whole.unwrap_or_else(|| envelope(met)),
        drift,
    })
}

/// The offsets that one id allows.
fn interval((a, b): &(Span, Span)) -> (i64, i64) {
    let (x, y) = (b.first - a.first, b.last - a.last);
    (
        x.min(y) - a.slack - TOLERANCE,
        x.max(y) + b.slack + TOLERANCE,
    )
}

const fn middle((lo, hi): (i64, i64)) -> i64 {
    lo + (hi - lo) / 2
}

/// Where most intervals overlap, if all but the outliers do.
fn overlap(met: &[(Span, Span)]) -> Option<(i64, i64)> {
    let mut edges: Vec<(i64, i32)> = Vec::with_capacity(2 * met.len());
    for pair in met {
        let (lo, hi) = interval(pair);
        // At one point, beginnings count before ends: touching intervals overlap.
        edges.push((lo, -1));
        edges.push((hi, 1));
    }
    edges.sort_unstable();
    let (mut open, mut best) = (0, (0, None));
    for (n, (at, edge)) in edges.iter().enumerate() {
        open -= edge;
        if open > best.0 {
            best = (open, edges.get(n + 1).map(|(end, _)| (*at, *end)));
        }
    }
    let wanted = met.len() - met.len() * OUTLIERS / 100;
    (usize::try_from(best.0).ok()? >= wanted)
        .then_some(best.1)
        .flatten()
}

/// The bounds that hold whatever happens between the hosts, but for the outliers.
fn envelope(met: &[(Span, Span)]) -> (i64, i64) {
    let mut lows: Vec<i64> = met.iter().map(|m| interval(m).0).collect();
    let mut highs: Vec<i64> = met.iter().map(|m| interval(m).1).collect();
    lows.sort_unstable();
    highs.sort_unstable();
    let cut = met.len() * OUTLIERS / 100;
    let low = lows.get(cut).copied().unwrap_or(i64::MIN);
    let high = highs.get(highs.len().saturating_sub(cut + 1)).copied();
    (low, high.unwrap_or(i64::MAX))
}

/// Two compared clocks, by their places in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The first.
    pub a: usize,
    /// The second.
    pub b: usize,
    /// How far `b` is ahead of `a`.
    pub estimate: Estimate,
}

/// A clock against the one that it was set against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset {
    /// The place of the clock that counts as right.
    pub reference: usize,
    /// How far it is ahead; absent if it is only bounded.
    pub offset: Option<i64>,
    /// Not less, not more.
    pub bounds: (i64, i64),
    /// Ids that it shares with its neighbour in the tree.
    pub ids: usize,
    /// Growth of the offset over the data.
    pub drift: Option<i64>,
    /// Why the other clock is believed.
    pub belief: Belief,
}

/// What speaks for a clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Which service it is of: its pods and machines have one voice.
    pub voice: usize,
    /// Which machine it is of; pods of one workload count as one, as they may run on one.
    pub machine: usize,
    /// Ids that it saw at all.
    pub seen: usize,
    /// By how much its own log says that it is wrong, in nanoseconds without a sign.
    pub admits: Vec<i64>,
}

/// Offsets of clocks: along the tree of the edges with most ids, from the clock with most edges. Then the largest group
/// of services that agree counts as right, so that as few as can be are corrected, unless one of them admits to be wrong;
/// of as many, that of the clock that saw most: a front sees the requests of all services, and runs
/// where clocks are looked after. Clocks that no edge reaches have none.
#[must_use]
pub fn solve(clocks: &[Standing], edges: &[Edge]) -> Vec<Option<Offset>> {
    let count = clocks.len();
    let mut solved: Vec<Option<Offset>> = vec![None; count];
    let usable: Vec<&Edge> = edges
        .iter()
        .filter(|e| e.estimate.offset.is_some())
        .collect();
    let weight = |n: usize| {
        let own = usable.iter().filter(|e| e.a == n || e.b == n);
        let (edges, ids) = own.fold((0, 0), |(k, i), e| (k + 1, i + e.estimate.ids));
        (edges, ids, std::cmp::Reverse(n))
    };
    loop {
        let open = (0..count).filter(|n| solved[*n].is_none());
        let Some(hub) = open.max_by_key(|n| weight(*n)).filter(|n| weight(*n).0 > 0) else {
            break;
        };
        let members = grow(hub, &usable, &mut solved);
        recentre(hub, &members, clocks, &mut solved);
    }
    for edge in edges.iter().filter(|e| e.estimate.offset.is_none()) {
        let Estimate {
            ids, bounds, drift, ..
        } = edge.estimate;
        for (n, reference, bounds, drift) in [
            (edge.b, edge.a, bounds, drift),
            (edge.a, edge.b, (-bounds.1, -bounds.0), drift.map(|d| -d)),
        ] {
            if solved[n].is_none() && solved[reference].is_none_or(|r| r.offset.is_some()) {
                solved[n] = Some(Offset {
                    reference,
                    offset: None,
                    bounds,
                    ids,
                    drift,
                    belief: Belief::default(),
                });
                break;
            }
        }
    }
    solved
}

/// Prim's tree from a hub: its members, the hub first.
fn grow(hub: usize, edges: &[&Edge], solved: &mut [Option<Offset>]) -> Vec<usize> {
    solved[hub] = Some(Offset {
        reference: hub,
        offset: Some(0),
        bounds: (0, 0),
        ids: 0,
        drift: None,
        belief: Belief::default(),
    });
    let mut members = vec![hub];
    loop {
        let out = |e: &&&Edge| members.contains(&e.a) != members.contains(&e.b);
        let rank = |e: &&&Edge| (e.estimate.ids, std::cmp::Reverse((e.a, e.b)));
        let Some(edge) = edges.iter().filter(out).max_by_key(rank) else {
            return members;
        };
        let forward = members.contains(&edge.a);
        let (known, new) = if forward {
            (edge.a, edge.b)
        } else {
            (edge.b, edge.a)
        };
        let Estimate {
            ids,
            offset,
            bounds,
            ..
        } = edge.estimate;
        let (ahead, (lo, hi)) = if forward {
            (offset.unwrap_or(0), bounds)
        } else {
            (-offset.unwrap_or(0), (-bounds.1, -bounds.0))
        };
        // Where zero is allowed, nothing speaks against their being the same.
        let step = if lo <= 0 && hi >= 0 { 0 } else { ahead };
        let base = solved[known].and_then(|o| o.offset).unwrap_or(0);
        solved[new] = Some(Offset {
            reference: hub,
            offset: Some(base + step),
            bounds: (base + lo, base + hi),
            ids,
            drift: None,
            belief: Belief::default(),
        });
        members.push(new);
    }
}

/// What speaks for the time of a clock, the strongest first; see [`solve`].
type Rank = (bool, usize, usize, usize);

/// Moves zero to the offset on which most clocks agree; of as many to that of the clock that saw most, or of the hub.
fn recentre(hub: usize, members: &[usize], clocks: &[Standing], solved: &mut [Option<Offset>]) {
    let of = |solved: &[Option<Offset>], n: usize| solved[n].and_then(|o| o.offset).unwrap_or(0);
    let rank = |n: usize| -> Rank {
        let apart = |m: usize| (of(solved, m) - of(solved, n)).abs();
        let (own, others): (Vec<usize>, Vec<usize>) =
            members.iter().partition(|m| apart(**m) <= THRESHOLD);
        let differs = |by: i64| others.iter().any(|m| alike(apart(*m), by));
        let honest = !own
            .iter()
            .any(|m| clocks[*m].admits.iter().any(|by| differs(*by)));
        let distinct = |of: fn(&Standing) -> usize| {
            let all: BTreeSet<usize> = own.iter().map(|m| of(&clocks[*m])).collect();
            all.len()
        };
        (
            honest,
            distinct(|c| c.voice),
            distinct(|c| c.machine),
            clocks[n].seen,
        )
    };
    let right = members
        .iter()
        .copied()
        .max_by_key(|n| (rank(*n), *n == hub, std::cmp::Reverse(*n)))
        .unwrap_or(hub);
    let best = rank(right);
    let beliefs: Vec<(usize, Belief)> = members
        .iter()
        .map(|n| (*n, belief(best, rank(*n))))
        .collect();
    for (n, belief) in beliefs {
        if let Some(offset) = &mut solved[n] {
            offset.belief = belief;
        }
    }
    let zero = of(solved, right);
    if right == hub {
        return;
    }
    // The clock that counts as right is measured against none; the hub now is.
    let shared = solved[right].map_or(0, |o| o.ids);
    for (n, ids) in [(right, 0), (hub, shared)] {
        if let Some(offset) = &mut solved[n] {
            offset.ids = ids;
        }
    }
    for n in members {
        if let Some(offset) = &mut solved[*n] {
            offset.reference = right;
            offset.offset = offset.offset.map(|o| o - zero);
            offset.bounds = (offset.bounds.0 - zero, offset.bounds.1 - zero);
        }
    }
}

/// Why the one rank is believed before the other.
fn belief(best: Rank, other: Rank) -> Belief {
    if best.0 != other.0 {
        Belief::Admitted
    } else if (best.1, best.2) == (other.1, other.2) {
        Belief::Busiest
    } else {
        Belief::Most
    }
}

/// Whether two clocks are as far apart as one of them says that it is wrong: people write whole seconds.
fn alike(apart: i64, admitted: i64) -> bool {
    (apart - admitted).abs() <= SECOND.max(apart / 50)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLI: i64 = 1_000_000;

    fn span(first: i64, last: i64) -> Span {
        Span {
            first,
            last,
            slack: MILLI,
        }
    }

    /// `count` requests a second apart, 200 ms at the first host and 20 to 120 ms of them at the
    /// second, whose clock is ahead.
    fn calls(count: i64, ahead: i64) -> Vec<(Span, Span)> {
        (0..count)
            .map(|n| {
                let start = n * SECOND;
                let work = (20 + n * 37 % 100) * MILLI;
                let inner = start + 40 * MILLI + ahead;
                (span(start, start + 200 * MILLI), span(inner, inner + work))
            })
            .collect()
    }

    #[test]
    fn nested_calls_give_the_offset_within_their_tolerance() {
        for ahead in [-90 * SECOND, -3 * SECOND, 0, 7 * SECOND, 3600 * SECOND] {
            let found = compare(&mut calls(50, ahead)).expect("enough ids");
            let offset = found.offset.expect("they agree");
            assert!((offset - ahead).abs() < 200 * MILLI, "{ahead}: {found:?}");
            assert!(found.bounds.0 <= ahead && ahead <= found.bounds.1);
            assert_eq!(found.drift, None);
        }
    }

    #[test]
    fn a_few_reused_ids_do_not_matter_and_many_do() {
        let spoilt = |every: usize| {
            let mut met = calls(100, 9 * SECOND);
            for (_, b) in met.iter_mut().step_by(every) {
                *b = b.later(5000 * SECOND);
            }
            compare(&mut met).expect("enough ids")
        };
        let few = spoilt(25).offset.expect("outliers are left out");
        assert!((few - 9 * SECOND).abs() < SECOND, "{few}");
        assert_eq!(spoilt(4).offset, None);
        assert_eq!(compare(&mut calls(FEWEST as i64 - 1, 0)), None);
    }

    #[test]
    fn a_queue_bounds_the_offset_and_no_more() {
        // Jobs wait from nothing to a minute before another host takes them.
        let mut met: Vec<_> = (0..60)
            .map(|n| {
                let at = n * 10 * SECOND;
                let taken = at + n * 7919 % 60_000 * MILLI;
                (span(at, at), span(taken, taken))
            })
            .collect();
        let found = compare(&mut met).expect("enough ids");
        assert_eq!(found.offset, None);
        assert!(found.bounds.0 < 5 * SECOND && found.bounds.1 > 50 * SECOND);
    }

    #[test]
    fn a_clock_that_is_set_half_way_drifts() {
        let mut met = calls(40, 0);
        for (_, b) in &mut met[20..] {
            *b = b.later(30 * SECOND);
        }
        let found = compare(&mut met).expect("enough ids");
        assert_eq!(found.offset, None);
        let drift = found.drift.expect("the halves differ");
        assert!((drift - 30 * SECOND).abs() < SECOND, "{drift}");
    }

    fn edge(a: usize, b: usize, ahead: i64, ids: usize) -> Edge {
        let bounds = (ahead - TOLERANCE / 2, ahead + TOLERANCE / 2);
        Edge {
            a,
            b,
            estimate: Estimate {
                ids,
                offset: Some(ahead),
                bounds,
                drift: None,
            },
        }
    }

    fn offsets(solved: &[Option<Offset>]) -> Vec<Option<i64>> {
        solved.iter().map(|o| (*o)?.offset).collect()
    }

    /// Clocks that saw so many ids, each of a service of its own.
    fn standing(seen: &[usize]) -> Vec<Standing> {
        let one = |(n, seen): (usize, &usize)| Standing {
            voice: n,
            machine: n,
            seen: *seen,
            admits: Vec::new(),
        };
        seen.iter().enumerate().map(one).collect()
    }

    #[test]
    fn offsets_add_up_along_the_tree() {
        let edges = [
            edge(0, 1, 40 * SECOND, 90),
            edge(2, 1, 45 * SECOND, 50),
            edge(1, 3, -40 * SECOND, 60),
        ];
        let solved = solve(&standing(&[0; 5]), &edges);
        // The hub is 1, yet 0 and 3 agree with each other: they are right.
        assert_eq!(
            offsets(&solved),
            [Some(0), Some(40 * SECOND), Some(-5 * SECOND), Some(0), None]
        );
        assert_eq!(solved[1].map(|o| o.reference), Some(0));
    }

    #[test]
    fn of_two_clocks_the_first_counts_as_right() {
        let solved = solve(&standing(&[30, 30]), &[edge(0, 1, -8 * SECOND, 30)]);
        assert_eq!(offsets(&solved), [Some(0), Some(-8 * SECOND)]);
    }

    #[test]
    fn of_two_clocks_the_one_that_saw_more_counts_as_right() {
        let solved = solve(&standing(&[30, 900]), &[edge(0, 1, -8 * SECOND, 30)]);
        assert_eq!(offsets(&solved), [Some(8 * SECOND), Some(0)]);
        // Two that agree outvote it.
        let edges = [edge(0, 1, -8 * SECOND, 30), edge(1, 2, 8 * SECOND, 40)];
        let solved = solve(&standing(&[30, 900, 40]), &edges);
        assert_eq!(offsets(&solved), [Some(0), Some(-8 * SECOND), Some(0)]);
    }

    #[test]
    fn many_pods_of_one_service_have_one_voice() {
        // Three pods of a service against a front and another service, which agree.
        let mut clocks = standing(&[90, 90, 90, 60, 60]);
        for clock in &mut clocks[..3] {
            clock.voice = 0;
        }
        let ahead = -48 * SECOND;
        let edges = [
            edge(0, 1, 0, 90),
            edge(1, 2, 0, 90),
            edge(3, 0, ahead, 60),
            edge(3, 4, 0, 60),
        ];
        let solved = solve(&clocks, &edges);
        let late = Some(ahead);
        assert_eq!(offsets(&solved), [late, late, late, Some(0), Some(0)]);
        assert_eq!(solved[0].map(|o| o.belief), Some(Belief::Most));
    }

    #[test]
    fn a_clock_that_admits_to_be_wrong_by_as_much_is() {
        let solved = |admits: i64| {
            let mut clocks = standing(&[900, 30]);
            clocks[0].admits.push(admits * SECOND);
            let solved = solve(&clocks, &[edge(0, 1, -48 * SECOND, 30)]);
            (offsets(&solved), solved[0].map(|o| o.belief))
        };
        let (found, belief) = solved(48);
        assert_eq!(found, [Some(48 * SECOND), Some(0)]);
        assert_eq!(belief, Some(Belief::Admitted));
        assert_eq!(solved(3).0, [Some(0), Some(-48 * SECOND)]);
    }
}
