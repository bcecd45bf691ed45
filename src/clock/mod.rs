//! Settling times: what a text leaves out (zone, year, day) is decided once per file,
//! from constraints, before the file is read; never entry by entry.

mod era;
mod zone;

pub use era::{Era, EraUnit, Hints, Sample, Turn, days, eras, recedes, step};
pub use zone::Zone;

use chrono::{Datelike, Days, NaiveDate};
use recon_parsers::stamp::{DAY, SECOND};
use recon_parsers::{Basis, Reading, Stamp, When};

/// How the times of one file are settled.
#[derive(Clone, Debug, PartialEq)]
pub struct FileClock {
    /// The zone of times that state none.
    pub zone: Zone,
    /// Why that zone.
    pub zone_basis: &'static str,
    /// The year or day that holds from each byte on, in order; empty if the file needs none.
    pub eras: Vec<Era>,
    /// Why these years or days; empty if the file needs none.
    pub year_basis: &'static str,
    /// A time of day that cannot be dated counts from this one, in nanoseconds since midnight.
    pub origin: i64,
}

impl FileClock {
    /// A clock for a file whose times need nothing but a zone.
    #[must_use]
    pub const fn zoned(zone: Zone, zone_basis: &'static str) -> Self {
        Self {
            zone,
            zone_basis,
            eras: Vec::new(),
            year_basis: "",
            origin: 0,
        }
    }

    /// The instant of a reading at a byte of the file.
    /// `None` only where no calendar has such a day.
    #[must_use]
    pub fn settle(&self, reading: Reading, offset: u64) -> Option<Stamp> {
        let (nanos, basis) = match reading.when {
            When::Instant(n) => (n, Basis::Stated),
            When::Local(n) => (self.zone.to_utc(n)?, Basis::ZoneAssumed),
            When::Since(n) => (n, Basis::Relative),
            When::Yearless {
                month,
                day,
                nanos,
                offset: east,
                ..
            } => {
                let year = match self.era(offset) {
                    Some(EraUnit::Year(y)) => y,
                    Some(EraUnit::Day(d)) => d.year(),
                    None => return None,
                };
                let date = NaiveDate::from_ymd_opt(year, u32::from(month), u32::from(day))?;
                (self.place(date, nanos, east)?, Basis::YearInferred)
            }
            When::TimeOfDay {
                nanos,
                offset: east,
            } => match self.era(offset) {
                Some(EraUnit::Day(date)) => (self.place(date, nanos, east)?, Basis::YearInferred),
                _ => (self.count(nanos), Basis::Relative),
            },
        };
        Some(Stamp {
            nanos,
            precision: reading.precision,
            basis,
        })
    }

    fn era(&self, offset: u64) -> Option<EraUnit> {
        let after = self.eras.partition_point(|e| e.from <= offset);
        self.eras.get(after.checked_sub(1)?).map(|e| e.unit)
    }

    fn place(&self, date: NaiveDate, nanos: i64, east: Option<i32>) -> Option<i64> {
        let days = date
            .signed_duration_since(NaiveDate::from_ymd_opt(1970, 1, 1)?)
            .num_days();
        let wall = days.checked_mul(DAY)?.checked_add(nanos)?;
        east.map_or_else(
            || self.zone.to_utc(wall),
            |e| Some(wall - i64::from(e) * SECOND),
        )
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
