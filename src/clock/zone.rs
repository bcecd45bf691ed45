//! Zones: a fixed offset or a name of the IANA database.

use chrono::{DateTime, MappedLocalTime, Offset, TimeZone};
use recon_parsers::stamp::SECOND;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A zone of local times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Zone {
    /// Seconds east of UTC.
    Fixed(i32),
    /// A zone with rules.
    Named(chrono_tz::Tz),
}

impl Zone {
    /// Coordinated Universal Time.
    pub const UTC: Self = Self::Fixed(0);

    /// The instant of a wall-clock time, both in nanoseconds since 1970. Of an hour that
    /// passes twice the first is meant; a time within a gap counts as if the gap were not.
    #[must_use]
    pub fn to_utc(&self, wall: i64) -> Option<i64> {
        self.instant(wall, false)
    }

    /// The same, but of an hour that passes twice the second is meant.
    #[must_use]
    pub fn to_utc_later(&self, wall: i64) -> Option<i64> {
        self.instant(wall, true)
    }

    fn instant(&self, wall: i64, later: bool) -> Option<i64> {
        let east = match self {
            Self::Fixed(s) => *s,
            Self::Named(tz) => {
                let local = DateTime::from_timestamp_nanos(wall).naive_utc();
                match tz.offset_from_local_datetime(&local) {
                    MappedLocalTime::Ambiguous(_, second) if later => {
                        second.fix().local_minus_utc()
                    }
                    MappedLocalTime::Single(o) | MappedLocalTime::Ambiguous(o, _) => {
                        o.fix().local_minus_utc()
                    }
                    MappedLocalTime::None => {
                        let before = local.checked_sub_signed(chrono::Duration::hours(3))?;
                        tz.offset_from_local_datetime(&before)
                            .earliest()?
                            .fix()
                            .local_minus_utc()
                    }
                }
            }
        };
        wall.checked_sub(i64::from(east) * SECOND)
    }

    /// The wall-clock time of an instant, both in nanoseconds since 1970.
    #[must_use]
    pub fn from_utc(&self, nanos: i64) -> Option<i64> {
        nanos.checked_add(i64::from(self.offset_at(nanos)) * SECOND)
    }

    /// Seconds east of UTC at an instant.
    #[must_use]
    pub fn offset_at(&self, nanos: i64) -> i32 {
        match self {
            Self::Fixed(s) => *s,
            Self::Named(tz) => {
                let at = DateTime::from_timestamp_nanos(nanos).naive_utc();
                tz.offset_from_utc_datetime(&at).fix().local_minus_utc()
            }
        }
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(0) => f.write_str("UTC"),
            Self::Fixed(s) => {
                let m = s.abs() / 60;
                write!(
                    f,
                    "{}{:02}:{:02}",
                    if *s < 0 { '-' } else { '+' },
                    m / 60,
                    m % 60
                )
            }
            Self::Named(tz) => f.write_str(tz.name()),
        }
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.to_string()
    }
}

impl TryFrom<String> for Zone {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl FromStr for Zone {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.eq_ignore_ascii_case("utc") || text.eq_ignore_ascii_case("z") {
            return Ok(Self::UTC);
        }
        if let Some(fixed) = offset(text) {
            return Ok(Self::Fixed(fixed));
        }
        chrono_tz::Tz::from_str_insensitive(text)
            .map(Self::Named)
            .map_err(|_| {
                format!(
                    "no zone `{text}`: give an offset such as +02:00 or a name such as Europe/Paris"
                )
            })
    }
}

/// `+02:00`, `-0800`, `+2`.
fn offset(text: &str) -> Option<i32> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let (hours, minutes) = match rest.split_once(':') {
        Some(split) => split,
        None if rest.len() == 4 && rest.is_ascii() => rest.split_at(2),
        None => (rest, "0"),
    };
    let (h, m): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let known = (0..=18).contains(&h) && (0..60).contains(&m);
    known.then(|| sign * (h * 3600 + m * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_that_no_zone_has_are_none() {
        for text in ["+999999", "-2147483647", "+9:99999999", "+18:60", "+", "+é"] {
            assert!(text.parse::<Zone>().is_err(), "{text}");
        }
    }

    #[test]
    fn zones_read_and_write() {
        for (text, shown) in [
            ("+02:00", "+02:00"),
            ("-0800", "-08:00"),
            ("utc", "UTC"),
            ("europe/paris", "Europe/Paris"),
            ("+5:30", "+05:30"),
        ] {
            assert_eq!(
                text.parse::<Zone>().map(|z| z.to_string()),
                Ok(shown.to_owned())
            );
        }
        assert!("Mars/Base".parse::<Zone>().is_err());
        assert!("+25:00".parse::<Zone>().is_err());
    }

    #[test]
    fn the_hour_that_is_skipped_and_the_hour_that_comes_twice() {
        let paris: Zone = "Europe/Paris".parse().expect("a zone");
        let wall = |text: &str| {
            let at = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").expect("a time");
            at.and_utc().timestamp_nanos_opt().expect("in range")
        };
        assert_eq!(
            paris.to_utc(wall("2024-03-31T02:30")),
            Some(wall("2024-03-31T01:30"))
        );
        assert_eq!(
            paris.to_utc(wall("2024-10-27T02:30")),
            Some(wall("2024-10-27T00:30"))
        );
        assert_eq!(
            paris.to_utc_later(wall("2024-10-27T02:30")),
            Some(wall("2024-10-27T01:30"))
        );
    }
}
