//! How the entries of a declared format state their time.

use crate::stamp::{DAY, Precision, Reading, SECOND, When};
use crate::token::date::Order;
use crate::token::{blank, epoch, time, zone};
use chrono::format::{Item, Parsed, StrftimeItems, parse_and_remainder};
use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

/// How a declared format states times.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum TimeForm {
    /// Any spelling that recon knows.
    #[default]
    Auto,
    /// A count since 1970.
    Epoch(Unit),
    /// A count since something undated: the start of the program or of the machine.
    Elapsed(Unit),
    /// A pattern with `%Y`, `%m` …
    Pattern(Pattern),
}

/// Unit of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds, with or without a fraction.
    Seconds,
    /// Milliseconds.
    Millis,
    /// Microseconds.
    Micros,
    /// Nanoseconds.
    Nanos,
}

impl Unit {
    /// Decimal places between the unit and a second.
    const fn places(self) -> u8 {
        match self {
            Self::Seconds => 0,
            Self::Millis => 3,
            Self::Micros => 6,
            Self::Nanos => 9,
        }
    }
}

/// A pattern of specifiers as `strftime` has them.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern(Vec<Piece>);

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    /// What chrono reads.
    Items(Vec<Item<'static>>),
    /// The digits behind the second. chrono's `%f` counts nanoseconds, so that `.5` would be
    /// five of them; what people mean by it, and what C and Python do, is a fraction.
    Fraction { pointed: bool },
    /// A zone's abbreviation, which chrono skips unread.
    Zone,
}

/// What is written for a fraction, longest first, and whether its point belongs to it.
const FRACTIONS: [(&str, bool); 8] = [
    ("%.3f", true),
    ("%.6f", true),
    ("%.9f", true),
    ("%.f", true),
    ("%3f", false),
    ("%6f", false),
    ("%9f", false),
    ("%f", false),
];

/// The names of the forms that are no pattern.
const FORMS: [(&str, TimeForm); 7] = [
    ("auto", TimeForm::Auto),
    ("epoch-s", TimeForm::Epoch(Unit::Seconds)),
    ("epoch-ms", TimeForm::Epoch(Unit::Millis)),
    ("epoch-us", TimeForm::Epoch(Unit::Micros)),
    ("epoch-ns", TimeForm::Epoch(Unit::Nanos)),
    ("elapsed-s", TimeForm::Elapsed(Unit::Seconds)),
    ("elapsed-ms", TimeForm::Elapsed(Unit::Millis)),
];

impl std::str::FromStr for TimeForm {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((_, form)) = FORMS.iter().find(|(name, _)| *name == text) {
            return Ok(form.clone());
        }
        if text.contains('%') {
            return Pattern::new(text).map(Self::Pattern);
        }
        let names: Vec<&str> = FORMS.iter().map(|(name, _)| *name).collect();
        Err(format!(
            "`{text}` is no form of time: write {} or a pattern such as %Y-%m-%d %H:%M:%S.%f",
            names.join(", ")
        ))
    }
}

impl TimeForm {
    /// The time that all of `text` states.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Reading> {
        let text = text.trim();
        match self {
            Self::Auto => auto(text),
            Self::Epoch(unit) => {
                let (nanos, digits) = count(text, *unit)?;
                Some(Reading::instant(nanos, digits))
            }
            Self::Elapsed(unit) => {
                let (nanos, digits) = count(text, *unit)?;
                Some(Reading::new(
                    When::Since(nanos),
                    Precision::Fraction(digits),
                ))
            }
            Self::Pattern(pattern) => pattern.read(text),
        }
    }
}

fn auto(text: &str) -> Option<Reading> {
    let bytes = text.as_bytes();
    let whole = |(rest, reading): (&[u8], Reading)| blank(rest).is_empty().then_some(reading);
    let dated = time::any(Order::Unknown)(bytes).ok().and_then(whole);
    let clf = || time::clf(bytes).ok().and_then(whole);
    let clock = || time::time_of_day(bytes).ok().and_then(whole);
    let uptime = || time::uptime(bytes).ok().and_then(whole);
    dated
        .or_else(clf)
        .or_else(|| epoch::epoch(text))
        .or_else(clock)
        .or_else(uptime)
}

/// A decimal number in `unit`: nanoseconds, and the digits of the second that are stated.
fn count(text: &str, unit: Unit) -> Option<(i64, u8)> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let places = usize::from(unit.places());
    let digits = (places + fraction.len()).min(9);
    let kept = fraction.get(..digits - places)?;
    let scale = 10i64.checked_pow(u32::try_from(9 - digits).ok()?)?;
    let number: i64 = format!("{whole}{kept}").parse().ok()?;
    let nanos = number.checked_mul(scale)?;
    let nanos = if negative { -nanos } else { nanos };
    Some((nanos, u8::try_from(digits).ok()?))
}

impl Pattern {
    /// A pattern; the error says what is wrong with it.
    pub fn new(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let fraction = FRACTIONS.iter().find(|(name, _)| rest.starts_with(name));
            if let Some((name, pointed)) = fraction {
                pieces.extend(items(&plain)?);
                plain.clear();
                pieces.push(Piece::Fraction { pointed: *pointed });
                rest = rest.get(name.len()..).unwrap_or_default();
            } else if let Some(behind) = rest.strip_prefix("%Z") {
                pieces.extend(items(&plain)?);
                plain.clear();
                pieces.push(Piece::Zone);
                rest = behind;
            } else {
                // A specifier stays in one piece, so that the Z of "%%Z" is a letter.
                let len = match (first, rest.chars().nth(1)) {
                    ('%', Some(second)) => 1 + second.len_utf8(),
                    _ => first.len_utf8(),
                };
                let (taken, behind) = rest.split_at(len);
                plain.push_str(taken);
                rest = behind;
            }
        }
        pieces.extend(items(&plain)?);
        Ok(Self(pieces))
    }

    fn read(&self, text: &str) -> Option<Reading> {
        let mut parsed = Parsed::new();
        let (mut rest, mut fraction, mut east) = (text, None, None);
        for piece in &self.0 {
            rest = match piece {
                Piece::Items(items) => parse_and_remainder(&mut parsed, rest, items.iter()).ok()?,
                Piece::Fraction { pointed } => {
                    let digits = if *pointed {
                        rest.strip_prefix(['.', ','])
                    } else {
                        Some(rest)
                    };
                    match digits {
                        Some(digits) => {
                            let (read, behind) = subsecond(digits)?;
                            fraction = Some(read);
                            behind
                        }
                        None => rest,
                    }
                }
                Piece::Zone => {
                    let (behind, seconds) = zone::letters(rest.as_bytes()).ok()?;
                    east = Some(seconds);
                    rest.get(rest.len() - behind.len()..)?
                }
            };
        }
        rest.is_empty()
            .then(|| reading(&parsed, fraction, east))
            .flatten()
    }
}

fn items(text: &str) -> Result<Option<Piece>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    StrftimeItems::new(text)
        .parse_to_owned()
        .map(|items| Some(Piece::Items(items)))
        .map_err(|_| {
            format!(
                "`{text}` has a specifier that is unknown; \
                 https://docs.rs/chrono/latest/chrono/format/strftime lists them"
            )
        })
}

/// Up to nine digits as nanoseconds, how many there are, and what stands behind all digits.
fn subsecond(text: &str) -> Option<((i64, u8), &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let kept = digits.get(..digits.len().min(9))?;
    let scale = 10i64.checked_pow(u32::try_from(9 - kept.len()).ok()?)?;
    let nanos = kept.parse::<i64>().ok()?.checked_mul(scale)?;
    Some(((nanos, u8::try_from(kept.len()).ok()?), rest))
}

fn reading(parsed: &Parsed, fraction: Option<(i64, u8)>, east: Option<i32>) -> Option<Reading> {
    let (below, digits) = fraction.unwrap_or((0, 0));
    if let Some(seconds) = parsed.timestamp() {
        let nanos = seconds.checked_mul(SECOND)?.checked_add(below)?;
        return Some(Reading::instant(nanos, digits));
    }
    let clock = parsed.to_naive_time().ok();
    let of_day = clock.map_or(0, |t| since_midnight(t) + below);
    let precision = match clock {
        None => Precision::Day,
        Some(_) if parsed.second().is_none() => Precision::Minute,
        Some(_) => Precision::Fraction(digits),
    };
    let when = if let Ok(date) = parsed.to_naive_date() {
        let days = i64::from(date.num_days_from_ce() - NaiveDate::default().num_days_from_ce());
        When::Local(days.checked_mul(DAY)?.checked_add(of_day)?)
    } else if parsed.year().is_some() || parsed.year_mod_100().is_some() {
        return None; // a day that no calendar has
    } else if let (Some(month), Some(day)) = (parsed.month(), parsed.day()) {
        When::Yearless {
            month: u8::try_from(month).ok()?,
            day: u8::try_from(day).ok()?,
            nanos: of_day,
            weekday: parsed
                .weekday()
                .and_then(|d| u8::try_from(d.num_days_from_monday()).ok()),
            offset: None,
        }
    } else {
        clock?;
        When::TimeOfDay {
            nanos: of_day,
            offset: None,
        }
    };
    let reading = Reading::new(when, precision);
    Some(match parsed.offset().or(east) {
        Some(east) => reading.at_offset(east),
        None => reading,
    })
}

fn since_midnight(time: NaiveTime) -> i64 {
    i64::from(time.num_seconds_from_midnight()) * SECOND + i64::from(time.nanosecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &str, text: &str) -> Option<String> {
        let form: TimeForm = form.parse().expect("a form");
        form.read(text).map(|r| r.notation())
    }

    #[test]
    fn every_form_reads_what_it_says() {
        for (form, text, expected) in [
            ("auto", "2031-05-06 07:08:09,125", "2031-05-06T07:08:09.125"),
            ("auto", "1936000800", "2031-05-08T10:00:00Z"),
            ("auto", "07:08:09", "T07:08:09"),
            ("epoch-s", "1936000800.25", "2031-05-08T10:00:00.25Z"),
            ("epoch-ms", "1936000800250", "2031-05-08T10:00:00.250Z"),
            (
                "epoch-us",
                "1936000800250125",
                "2031-05-08T10:00:00.250125Z",
            ),
            ("elapsed-ms", "90500", "+90.5s"),
            (
                "%d.%m.%Y %H:%M:%S",
                "06.05.2031 07:08:09",
                "2031-05-06T07:08:09",
            ),
            (
                "%Y%m%d-%H%M%S.%f",
                "20310506-070809.5",
                "2031-05-06T07:08:09.5",
            ),
            ("%H:%M:%S%.f", "07:08:09", "T07:08:09"),
            ("%H:%M:%S%.f", "07:08:09,250", "T07:08:09.250"),
            ("%m/%d %H:%M", "05/06 07:08", "--05-06T07:08:00"),
            (
                "%d/%b/%Y:%H:%M:%S %z",
                "06/May/2031:07:08:09 +0200",
                "2031-05-06T05:08:09Z",
            ),
            (
                "%Y-%m-%d %H:%M:%S %Z",
                "2031-05-06 07:08:09 CEST",
                "2031-05-06T05:08:09Z",
            ),
            ("%s.%f", "1936000800.125", "2031-05-08T10:00:00.125Z"),
            ("%I:%M:%S %p", "11:08:09 PM", "T23:08:09"),
        ] {
            assert_eq!(
                read(form, text).as_deref(),
                Some(expected),
                "{form}: {text}"
            );
        }
    }

    #[test]
    fn what_does_not_fit_whole_is_no_time() {
        for (form, text) in [
            ("auto", "2031-05-06 07:08:09 tail"),
            ("epoch-s", "12a"),
            ("epoch-s", ""),
            ("epoch-ns", "99999999999999999999"),
            ("%H:%M:%S", "07:08:09.5"),
            ("%H:%M:%S", "25:00:00"),
            ("%Y-%m-%d", "2031-02-30"),
            ("%Y-%m-%d %H:%M:%S %Z", "2031-05-06 07:08:09 NOWHERE"),
        ] {
            assert_eq!(read(form, text), None, "{form}: {text}");
        }
    }

    #[test]
    fn a_form_that_is_none_says_what_there_is() {
        let error = "epoch".parse::<TimeForm>().expect_err("no unit");
        assert!(error.contains("epoch-ms"), "{error}");
        assert!("%Q".parse::<TimeForm>().is_err());
    }
}
