//! Daylight saving: the hour that passes twice when clocks are put back, told apart by the order
//! of the entries in the file.

use super::{Order, Zone};
use recon_parsers::stamp::{DAY, SECOND};
use std::ops::Range;

/// Where in a file an hour passes for the second time.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Fold {
    /// The wall-clock times that pass twice.
    pub wall: Range<i64>,
    /// The bytes of the second pass.
    pub second: Range<u64>,
}

impl Fold {
    /// Whether a wall-clock time at a byte is of the second pass.
    #[must_use]
    pub fn is_second(&self, wall: i64, offset: u64) -> bool {
        self.wall.contains(&wall) && self.second.contains(&offset)
    }
}

/// A night in which clocks are put back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Night {
    /// The wall-clock times that pass twice.
    pub wall: Range<i64>,
}

/// Without entries for so long, a file does not go on from one entry to the next.
const GOES_ON: i64 = 1800 * SECOND;

impl Night {
    /// The nights of a zone between two wall-clock times.
    #[must_use]
    pub fn between(zone: &Zone, first: i64, last: i64) -> Vec<Self> {
        let Zone::Named(_) = zone else {
            return Vec::new();
        };
        let mut nights = Vec::new();
        let (mut at, end) = (first.saturating_sub(DAY), last.saturating_add(DAY));
        // A file of a thousand years is damaged.
        let mut left = 366_000;
        while at < end && left > 0 {
            left -= 1;
            let next = at + DAY;
            let (before, after) = (zone.offset_at(at), zone.offset_at(next));
            if after < before {
                let turn = turn(zone, at, next);
                let wall = turn + i64::from(after) * SECOND..turn + i64::from(before) * SECOND;
                if wall.start <= last && wall.end > first {
                    nights.push(Self { wall });
                }
            }
            at = next;
        }
        nights
    }

    /// Whether entries between two neighbouring samples may show where the hour begins again: the
    /// stated time goes back between them, or by so much on that it may have gone back and on.
    #[must_use]
    pub fn may_turn(&self, before: i64, after: i64) -> bool {
        let (low, high) = (before.min(after), before.max(after));
        let touches = low < self.wall.end && high >= self.wall.start;
        touches && (high - low) > (self.wall.end - self.wall.start) / 6
    }

    /// Where the hour begins again among entries in file order with their wall-clock times.
    #[must_use]
    pub fn turn(&self, entries: &[(u64, i64)], order: Order) -> Option<Fold> {
        // Less is entries out of order.
        let back = (self.wall.end - self.wall.start) / 2;
        let near = |wall: i64| (self.wall.start - back..self.wall.end + back).contains(&wall);
        let mut extreme: Option<i64> = None;
        for (offset, wall) in entries.iter().filter(|(_, w)| near(*w)) {
            let (again, further) = if order.backward {
                (
                    extreme.is_some_and(|earliest| wall - earliest > back),
                    extreme.map_or(*wall, |e| e.min(*wall)),
                )
            } else {
                (
                    extreme.is_some_and(|latest| latest - wall > back),
                    extreme.map_or(*wall, |e| e.max(*wall)),
                )
            };
            if again {
                let second = if order.backward {
                    0..*offset
                } else {
                    *offset..u64::MAX
                };
                let wall = self.wall.clone();
                return Some(Fold { wall, second });
            }
            extreme = Some(further);
        }
        None
    }

    /// Without such a point: all of it is of the second pass if the file goes on from it into the
    /// hour behind, and does not come from the hour before.
    #[must_use]
    pub fn unturned(&self, walls: &[i64]) -> Option<Fold> {
        let within = || walls.iter().filter(|w| self.wall.contains(w));
        let (first, last) = (within().min()?, within().max()?);
        let before = walls.iter().filter(|w| **w < self.wall.start).max();
        let behind = walls.iter().filter(|w| **w >= self.wall.end).min();
        let comes = before.is_some_and(|b| first - b <= GOES_ON);
        let goes = behind.is_some_and(|b| b - last <= GOES_ON);
        (goes && !comes).then(|| Fold {
            wall: self.wall.clone(),
            second: 0..u64::MAX,
        })
    }
}

/// The second at which the offset changes, between two instants a day apart.
fn turn(zone: &Zone, mut low: i64, mut high: i64) -> i64 {
    let before = zone.offset_at(low);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if zone.offset_at(middle) == before {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60 * SECOND;
    const FORWARD: Order = Order {
        backward: false,
        loose: false,
    };
    const BACKWARD: Order = Order {
        backward: true,
        ..FORWARD
    };

    fn berlin() -> Zone {
        "Europe/Berlin".parse().expect("a zone")
    }

    fn wall(text: &str) -> i64 {
        let at = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").expect("a time");
        at.and_utc().timestamp_nanos_opt().expect("in range")
    }

    fn night() -> Night {
        let nights = Night::between(
            &berlin(),
            wall("2025-10-25T12:00"),
            wall("2025-10-26T12:00"),
        );
        assert_eq!(nights.len(), 1);
        nights[0].clone()
    }

    #[test]
    fn nights_are_found_and_spring_has_none() {
        assert_eq!(
            night().wall,
            wall("2025-10-26T02:00")..wall("2025-10-26T03:00")
        );
        let year =
            |zone: &Zone| Night::between(zone, wall("2023-01-01T00:00"), wall("2025-01-01T00:00"));
        assert_eq!(year(&berlin()).len(), 2);
        assert_eq!(year(&Zone::UTC).len(), 0);
        let spring = Night::between(
            &berlin(),
            wall("2025-03-29T00:00"),
            wall("2025-04-02T00:00"),
        );
        assert_eq!(spring, []);
    }

    #[test]
    fn the_hour_begins_again_where_the_clock_goes_back() {
        let start = wall("2025-10-26T01:50");
        // Every ten minutes for three hours, two of which are the same by the clock.
        let log: Vec<(u64, i64)> = (0..18)
            .map(|n| {
                let passed = i64::try_from(n).expect("small") * 10;
                let shown = if passed < 70 { passed } else { passed - 60 };
                (n, start + shown * MINUTE)
            })
            .collect();
        let fold = night().turn(&log, FORWARD).expect("a turn");
        assert_eq!(fold.second, 7..u64::MAX);
        let walls = log.iter().rev().map(|(_, wall)| *wall);
        let newest_first: Vec<(u64, i64)> = (0..).zip(walls).collect();
        let fold = night().turn(&newest_first, BACKWARD).expect("a turn");
        assert_eq!(fold.second, 0..11);
        let late = [(0, start + 40 * MINUTE), (1, start + 35 * MINUTE)];
        assert_eq!(night().turn(&late, FORWARD), None, "disorder");
    }

    #[test]
    fn a_file_that_goes_on_into_the_next_hour_is_of_the_second_pass() {
        let walls = |times: &[&str]| -> Vec<i64> {
            let day = |t: &&str| wall(&format!("2025-10-26T{t}"));
            times.iter().map(day).collect()
        };
        let second = night().unturned(&walls(&["02:40", "02:50", "03:01"]));
        assert_eq!(second.map(|f| f.second), Some(0..u64::MAX));
        assert_eq!(night().unturned(&walls(&["01:55", "02:10"])), None);
        assert_eq!(night().unturned(&walls(&["01:55", "02:10", "03:05"])), None);
    }
}
