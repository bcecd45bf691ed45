//! Instants, days, and the clock that a story is told by.

use chrono::{DateTime, FixedOffset, NaiveDate, Offset, Utc};

/// An instant: microseconds since 1970 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub i64);

impl Time {
    /// So many milliseconds later (earlier, where negative).
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0 + ms * 1_000)
    }

    /// So many seconds later.
    #[must_use]
    pub const fn plus_s(self, s: i64) -> Self {
        Self(self.0 + s * 1_000_000)
    }

    /// So many minutes later.
    #[must_use]
    pub const fn plus_min(self, min: i64) -> Self {
        self.plus_s(min * 60)
    }

    /// Microseconds from `earlier` to this.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// As a clock at `zone` shows it, in chrono's notation.
    #[must_use]
    pub fn show(self, zone: Zone, pattern: &str) -> String {
        let utc = DateTime::<Utc>::from_timestamp_micros(self.0).unwrap_or_default();
        utc.with_timezone(&zone.offset())
            .format(pattern)
            .to_string()
    }

    /// RFC 3339 in UTC, as short as it can be without loss.
    #[must_use]
    pub fn rfc3339(self) -> String {
        let pattern = match self.0 {
            t if t % 1_000_000 == 0 => "%Y-%m-%dT%H:%M:%SZ",
            t if t % 1_000 == 0 => "%Y-%m-%dT%H:%M:%S%.3fZ",
            _ => "%Y-%m-%dT%H:%M:%S%.6fZ",
        };
        self.show(Zone::UTC, pattern)
    }

    /// RFC 3339 with milliseconds and the offset of `zone` (`Z` for UTC).
    #[must_use]
    pub fn stamp_ms(self, zone: Zone) -> String {
        if zone == Zone::UTC {
            self.show(zone, "%Y-%m-%dT%H:%M:%S%.3fZ")
        } else {
            self.show(zone, "%Y-%m-%dT%H:%M:%S%.3f%:z")
        }
    }

    /// RFC 3339 in whole seconds with the offset of `zone` (`Z` for UTC).
    #[must_use]
    pub fn stamp_s(self, zone: Zone) -> String {
        if zone == Zone::UTC {
            self.show(zone, "%Y-%m-%dT%H:%M:%SZ")
        } else {
            self.show(zone, "%Y-%m-%dT%H:%M:%S%:z")
        }
    }
}

/// Hours east of Greenwich.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(pub i8);

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(0);
    /// Pacific standard time.
    pub const PST: Self = Self(-8);

    fn offset(self) -> FixedOffset {
        FixedOffset::east_opt(i32::from(self.0) * 3_600).unwrap_or_else(|| Utc.fix())
    }
}

/// A calendar day at a place: what `10_30_00` means in a story.
#[derive(Clone, Copy, Debug)]
pub struct Day {
    /// Year, month, day.
    pub date: (i32, u32, u32),
    /// Where the people are.
    pub zone: Zone,
}

impl Day {
    /// The instant at which the clock on the wall shows `hhmmss`, written `10_30_00`.
    /// Hours beyond 23 are the next day's.
    #[must_use]
    pub fn at(self, hhmmss: u32) -> Time {
        let (year, month, day) = self.date;
        let midnight = NaiveDate::from_ymd_opt(year, month, day)
            .unwrap_or_default()
            .and_time(chrono::NaiveTime::MIN)
            .and_utc()
            .timestamp();
        let clock = (hhmmss / 10_000) * 3_600 + (hhmmss / 100 % 100) * 60 + hhmmss % 100;
        Time((midnight + i64::from(clock) - i64::from(self.zone.0) * 3_600) * 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::{Day, Zone};

    #[test]
    fn a_wall_clock_becomes_an_instant() {
        let day = Day {
            date: (2024, 2, 13),
            zone: Zone::PST,
        };
        assert_eq!(day.at(10_00_04).rfc3339(), "2024-02-13T18:00:04Z");
        assert_eq!(day.at(24_20_00).rfc3339(), "2024-02-14T08:20:00Z");
        assert_eq!(
            day.at(10_00_04).plus_ms(250).stamp_ms(Zone::PST),
            "2024-02-13T10:00:04.250-08:00"
        );
    }
}
