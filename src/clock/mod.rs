//! Settling times: what a text leaves out (zone, year, day) is decided once per file,
//! from constraints, before the file is read; never entry by entry.

pub mod align;
mod dates;
mod era;
mod fold;
mod ground;
mod name;
mod offset;
pub mod skew;
mod turn;
mod year;
mod zone;

pub use dates::{DateOrder, Known, choose};
pub use era::{Era, EraUnit, eras};
pub use fold::{Fold, Night};
pub use ground::Ground;
pub use name::{NameDate, date as date_of_name, rotated};
pub use offset::{Belief, ClockOffset};
pub use skew::Span;
pub use turn::{Order, Sample, Turn, order};
pub use year::{Hints, first_year};
pub use zone::Zone;

use chrono::{Datelike, Days, NaiveDate};
use recon_parsers::stamp::{DAY, SECOND};
use recon_parsers::{Basis, Reading, Stamp, When};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How the times of one file are settled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileClock {
    /// The zone of times that state none.
    pub zone: Zone,
    /// Why that zone.
    pub zone_basis: Ground,
    /// The year or day that holds from each byte on, in order; empty if the file needs none.
    pub eras: Vec<Era>,
    /// Why these years or days.
    pub year_basis: Ground,
    /// The order of days and months in dates that numbers leave open.
    #[serde(default)]
    pub dates: DateOrder,
    /// Why that order.
    #[serde(default = "stated")]
    pub dates_basis: Ground,
    /// A time of day that cannot be dated counts from this one, in nanoseconds since midnight.
    pub origin: i64,
    /// Hours that clocks being put back make pass twice.
    pub folds: Vec<Fold>,
    /// How far ahead the clocks of hosts are found to be, by the host that entries name (none: those
    /// that name none), in nanoseconds. It is taken off their times.
    #[serde(with = "pairs")]
    pub skews: BTreeMap<Option<String>, i64>,
}

const fn stated() -> Ground {
    Ground::Stated
}

/// A map as a list of pairs: JSON has no key for the host that has no name.
mod pairs {
    use serde::{Deserialize, Deserializer, Serializer};
    use std::collections::BTreeMap;

    type Skews = BTreeMap<Option<String>, i64>;

    pub(super) fn serialize<S: Serializer>(skews: &Skews, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(skews)
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Skews, D::Error> {
        Ok(Vec::deserialize(from)?.into_iter().collect())
    }
}

/// The first of January 1970, counted in days from the first of January of the year 1, which is day 1.
const EPOCH: i64 = 719_163;

impl FileClock {
    /// A clock for a file whose times need nothing but a zone.
    #[must_use]
    pub const fn zoned(zone: Zone, zone_basis: Ground) -> Self {
        Self {
            zone,
            zone_basis,
            eras: Vec::new(),
            year_basis: Ground::Stated,
            dates: DateOrder::AsRead,
            dates_basis: Ground::Stated,
            origin: 0,
            folds: Vec::new(),
            skews: BTreeMap::new(),
        }
    }

    /// The instant of a reading at a byte of the file.
    /// `None` only where no calendar has such a day.
    #[must_use]
    #[inline]
    pub fn settle(&self, reading: &Reading, offset: u64) -> Option<Stamp> {
        // Most entries leave nothing open.
        match (reading.when, self.dates) {
            (When::Instant(nanos), DateOrder::AsRead) => Some(Stamp {
                nanos,
                precision: reading.precision,
                basis: Basis::Stated,
            }),
            _ => self.work_out(*reading, offset),
        }
    }

    fn work_out(&self, reading: Reading, offset: u64) -> Option<Stamp> {
        let reading = self.dates.read(reading);
        let (nanos, basis) = match reading.when {
            When::Instant(n) => (n, Basis::Stated),
            When::Local(n) => (self.instant(n, offset)?, Basis::ZoneAssumed),
            When::Since(n) => (n, Basis::Relative),
            When::Yearless { offset: east, .. } => {
                (self.dated(reading.when, offset, east)?, Basis::YearInferred)
            }
            When::TimeOfDay {
                nanos,
                offset: east,
            } => match self.era(offset) {
                Some(EraUnit::Day(_)) => {
                    (self.dated(reading.when, offset, east)?, Basis::YearInferred)
                }
                _ => (self.count(nanos), Basis::Relative),
            },
        };
        Some(Stamp {
            nanos,
            precision: reading.precision,
            basis,
        })
    }

    /// How far ahead the clock of a host is found to be, in nanoseconds.
    #[must_use]
    pub fn skew(&self, host: Option<&str>) -> i64 {
        if self.skews.is_empty() {
            return 0;
        }
        let host = host.filter(|h| !h.is_empty()).map(str::to_owned);
        self.skews.get(&host).copied().unwrap_or_default()
    }

    /// A settled time of a host, with what its clock is ahead taken off.
    #[must_use]
    pub fn correct(&self, stamp: Stamp, host: Option<&str>) -> Stamp {
        if stamp.basis == Basis::Relative {
            return stamp;
        }
        Stamp {
            nanos: stamp.nanos.saturating_sub(self.skew(host)),
            ..stamp
        }
    }

    /// Moves the years or days that were supplied.
    pub fn shift(&mut self, by: i32) {
        for era in &mut self.eras {
            era.unit = era.unit.later(by);
        }
    }

    fn era(&self, offset: u64) -> Option<EraUnit> {
        let after = self.eras.partition_point(|e| e.from <= offset);
        self.eras.get(after.checked_sub(1)?).map(|e| e.unit)
    }

    /// The wall-clock time that a reading at a byte comes to, as if its zone were UTC; `None`
    /// for what is an instant already, and for what has no date.
    #[must_use]
    pub fn wall(&self, when: When, offset: u64) -> Option<i64> {
        let (date, nanos) = match (when, self.era(offset)) {
            (When::Local(n), _) => return Some(n),
            (
                When::Yearless {
                    month, day, nanos, ..
                },
                Some(era),
            ) => {
                let year = match era {
                    EraUnit::Year(y) => y,
                    EraUnit::Day(d) => d.year(),
                };
                let date = NaiveDate::from_ymd_opt(year, u32::from(month), u32::from(day))?;
                (date, nanos)
            }
            (When::TimeOfDay { nanos, .. }, Some(EraUnit::Day(date))) => (date, nanos),
            _ => return None,
        };
        let days = i64::from(date.num_days_from_ce()) - EPOCH;
        days.checked_mul(DAY)?.checked_add(nanos)
    }

    fn dated(&self, when: When, offset: u64, east: Option<i32>) -> Option<i64> {
        let wall = self.wall(when, offset)?;
        match east {
            None => self.instant(wall, offset),
            Some(e) => wall.checked_sub(i64::from(e) * SECOND),
        }
    }

    /// The instant of a wall-clock time at a byte. Of an hour that passes twice, what
    /// stands behind the point where it begins again is of its second pass.
    fn instant(&self, wall: i64, offset: u64) -> Option<i64> {
        let second = self.folds.iter().any(|f| f.is_second(wall, offset));
        if second {
            self.zone.to_utc_later(wall)
        } else {
            self.zone.to_utc(wall)
        }
    }

    /// A clock time without any date, counted from the file's first; before it means the next day.
    const fn count(&self, nanos: i64) -> i64 {
        let since = nanos - self.origin;
        if since < 0 { since + DAY } else { since }
    }
}

/// The day on which an undated clock time falls nearest to `first`, a dated instant.
#[must_use]
pub fn nearest_day(zone: &Zone, clock: i64, first: i64) -> Option<NaiveDate> {
    let wall = zone.from_utc(first)?;
    let today = NaiveDate::from_ymd_opt(1970, 1, 1)?
        .checked_add_signed(chrono::Duration::days(wall.div_euclid(DAY)))?;
    let ahead = clock - wall.rem_euclid(DAY);
    if ahead > DAY / 2 {
        today.checked_sub_days(Days::new(1))
    } else if ahead < -DAY / 2 {
        today.checked_add_days(Days::new(1))
    } else {
        Some(today)
    }
}
