//! `--window`: which range of time to look at.

use crate::clock::Zone;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use recon_parsers::stamp::{DAY, SECOND};
use std::str::FromStr;

/// Which range of time to look at.
#[derive(Clone, Debug, PartialEq)]
pub enum Window {
    /// All of the input.
    All,
    /// Around the incidents that are found.
    Auto,
    /// The last so many nanoseconds of the data.
    Last(i64),
    /// From one time to another, either of which may be left open.
    Between(Option<Edge>, Option<Edge>),
}

/// One end of a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Edge {
    /// Date and time with a zone: nanoseconds since the epoch.
    Instant(i64),
    /// Date and time as shown: nanoseconds on the wall clock.
    Wall(i64),
    /// A time of day: nanoseconds since midnight, on the day of the other end or of the data.
    Clock(i64),
    /// So many nanoseconds after the other end.
    After(i64),
}

impl Window {
    /// Its ends in nanoseconds since the epoch, given those of the data.
    /// Times without a zone are in `zone`.
    #[must_use]
    pub fn resolve(&self, data: (i64, i64), zone: &Zone) -> (i64, i64) {
        match self {
            Self::All | Self::Auto => data,
            Self::Last(length) => (data.1.saturating_sub(*length).max(data.0), data.1),
            Self::Between(from, to) => {
                let start = from
                    .and_then(|e| instant(e, None, data, zone))
                    .unwrap_or(data.0);
                let end = to
                    .and_then(|e| instant(e, Some(start), data, zone))
                    .unwrap_or(data.1);
                (start, end)
            }
        }
    }
}

/// The first day on which a time of day falls inside the data, else the first day of the data.
fn instant(edge: Edge, start: Option<i64>, data: (i64, i64), zone: &Zone) -> Option<i64> {
    match edge {
        Edge::Instant(n) => Some(n),
        Edge::Wall(n) => zone.to_utc(n),
        Edge::After(n) => start?.checked_add(n),
        Edge::Clock(n) => {
            let from = start.unwrap_or(data.0);
            let midnight = zone.from_utc(from)?.div_euclid(DAY).checked_mul(DAY)?;
            let today = zone.to_utc(midnight.checked_add(n)?)?;
            if today < from {
                today.checked_add(DAY)
            } else {
                Some(today)
            }
        }
    }
}

impl FromStr for Window {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const HELP: &str = "expected a length such as 2h, or a range such as 10:00..12:00, 2024-01-19T10:00..14:45 or 2024-01-19T10:00+3h";
        if text == "auto" {
            return Ok(Self::Auto);
        }
        if let Some(length) = length(text) {
            return Ok(Self::Last(length));
        }
        if let Some((from, to)) = text.split_once("..") {
            let end = |t: &str| {
                if t.is_empty() {
                    Ok(None)
                } else {
                    edge(t).map(Some).ok_or(HELP)
                }
            };
            let (from, to) = (end(from)?, end(to)?);
            if from.is_none() && to.is_none() {
                return Ok(Self::All);
            }
            return Ok(Self::Between(from, to));
        }
        // The last plus sign: an offset such as +02:00 may stand before it.
        if let Some((from, span)) = text.rsplit_once('+')
            && let (Some(from), Some(span)) = (edge(from), length(span))
        {
            return Ok(Self::Between(Some(from), Some(Edge::After(span))));
        }
        Err(HELP.to_owned())
    }
}

fn edge(text: &str) -> Option<Edge> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(Edge::Instant(at.timestamp_nanos_opt()?));
    }
    for form in [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M",
    ] {
        if let Ok(at) = NaiveDateTime::parse_from_str(text.trim_end_matches('Z'), form) {
            let nanos = at.and_utc().timestamp_nanos_opt()?;
            return Some(if text.ends_with('Z') {
                Edge::Instant(nanos)
            } else {
                Edge::Wall(nanos)
            });
        }
    }
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(Edge::Wall(
            day.and_time(NaiveTime::MIN)
                .and_utc()
                .timestamp_nanos_opt()?,
        ));
    }
    for form in ["%H:%M:%S%.f", "%H:%M"] {
        if let Ok(clock) = NaiveTime::parse_from_str(text, form) {
            let since = clock.signed_duration_since(NaiveTime::MIN);
            return Some(Edge::Clock(since.num_nanoseconds()?));
        }
    }
    None
}

/// A length of time such as `90s`, `15m`, `2h`, `1h30m`, `1d`.
fn length(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut total = 0i64;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, tail) = rest.split_at(digits);
        let unit = match tail.chars().next()? {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'w' => 7 * 86_400,
            _ => return None,
        };
        let seconds = number.parse::<i64>().ok()?.checked_mul(unit)?;
        total = total.checked_add(seconds.checked_mul(SECOND)?)?;
        rest = &tail[1..];
    }
    (total > 0).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600 * SECOND;

    /// 2024-01-19T09:00Z to 15:00Z.
    fn data() -> (i64, i64) {
        let start = 1_705_654_800 * SECOND;
        (start, start + 6 * HOUR)
    }

    fn hours(text: &str) -> (i64, i64) {
        let (start, end) = text
            .parse::<Window>()
            .expect(text)
            .resolve(data(), &Zone::UTC);
        ((start - data().0) * 60 / HOUR, (end - data().0) * 60 / HOUR)
    }

    #[test]
    fn every_form() {
        assert_eq!(hours("auto"), (0, 360));
        assert_eq!(hours("2h"), (240, 360));
        assert_eq!(hours("1h30m"), (270, 360));
        assert_eq!(hours("10:00..12:00"), (60, 180));
        assert_eq!(hours("2024-01-19T10:00..14:45"), (60, 345));
        assert_eq!(hours("2024-01-19T10:00+3h"), (60, 240));
        assert_eq!(hours("2024-01-19T12:00:00+02:00+1h"), (60, 120));
        assert_eq!(hours("..12:00"), (0, 180));
        assert_eq!(hours("12:00.."), (180, 360));
        assert_eq!(
            hours("2024-01-19T10:00:00Z..2024-01-19T11:00:00Z"),
            (60, 120)
        );
        assert_eq!(hours("14:00..01:00"), (300, 960));
    }

    /// Nanoseconds since 1970 end in 2262, within a day.
    #[test]
    fn days_that_nanoseconds_do_not_reach_leave_the_end_open() {
        for text in [
            "2262-04-11T23:47:16Z..23:59:59",
            "2262-04-11T23:47:16Z..00:00",
        ] {
            let window: Window = text.parse().expect(text);
            let (start, end) = window.resolve(data(), &Zone::UTC);
            assert_eq!((start, end), (9_223_372_036 * SECOND, data().1), "{text}");
        }
        let window: Window = "1677-09-21T00:12:44Z..23:59".parse().expect("a window");
        assert_eq!(window.resolve(data(), &Zone::UTC).1, data().1);
    }

    #[test]
    fn what_is_no_window_says_what_one_is() {
        for text in ["logs/auth.log", "yesterday", "2x", "h", "10:00..noon"] {
            assert!(text.parse::<Window>().is_err(), "{text}");
        }
    }
}
