//! Times as logs write them, read into a [`Reading`].
//!
//! One function a spelling, for formats that know theirs, and [`any`] for the rest.

use super::clock::{self, Clock, clock};
use super::date::{self, Date, Order};
use super::{Found, NOT, blank, number, zone};
use crate::stamp::{DAY, Precision, Reading, SECOND, When};
use nom::Parser;
use nom::branch::alt;

/// Puts a date, a time of day and a zone together.
fn reading(date: Date, weekday: Option<u8>, clock: Clock, zone: Option<i32>) -> Option<Reading> {
    let when = match date.year {
        Some(_) => When::Local(date.days()? * DAY + clock.nanos),
        None => When::Yearless {
            month: date.month,
            day: date.day,
            nanos: clock.nanos,
            weekday,
            offset: None,
        },
    };
    let reading = Reading {
        when,
        precision: clock.precision,
        dates: date.order,
    };
    Some(zone.map_or(reading, |z| reading.at_offset(z)))
}

/// The zone behind a time, if there is one.
fn maybe_zone(i: &[u8]) -> (&[u8], Option<i32>) {
    zone::suffix(i).map_or((i, None), |(rest, z)| (rest, Some(z)))
}

fn finish(i: &[u8], date: Date, clock: Clock) -> Found<'_, Reading> {
    let (rest, zone) = maybe_zone(i);
    let read = reading(date, None, clock, zone).ok_or(NOT)?;
    match (zone, read.when) {
        (None, When::Local(local)) => match zone::place(rest, local) {
            Ok((rest, offset)) => Ok((rest, read.at_offset(offset))),
            Err(_) => Ok((rest, read)),
        },
        _ => Ok((rest, read)),
    }
}

/// ISO 8601 and its neighbours: `2024-01-19T10:30:02.118Z`,
/// `2024-01-19 10:30:02,118 +0100`, `2024/01/19 10:30`, `20240119T103002Z`,
/// `2024-01-19-10.30.02.123456`.
pub fn iso(i: &[u8]) -> Found<'_, Reading> {
    if let Ok((rest, date)) = date::year_first(i) {
        let (after, ()) = joint(rest)?;
        if let Ok((rest, clock)) = clock::dotted(after) {
            // Db2 counts its zone in minutes.
            let minutes = zone::minutes(rest).map(|(rest, zone)| (rest, Some(zone)));
            let (rest, zone) = minutes.unwrap_or_else(|_| maybe_zone(rest));
            let read = reading(date, None, clock, zone).ok_or(NOT)?;
            return Ok((rest, read));
        }
        let (rest, clock) = clock(after).or_else(|_| clock::unpadded(after))?;
        return finish(rest, date, clock);
    }
    iso_basic(i)
}

/// ISO 8601 without separators: `20240119T103002.118Z`, `20240119 10:30:02`, `20240119103002`.
fn iso_basic(i: &[u8]) -> Found<'_, Reading> {
    let (rest, date) = date::compact(i)?;
    let (rest, clock) = match rest.first() {
        Some(b'0'..=b'9') => clock::compact(rest)?,
        _ => {
            let (rest, _) = joint(rest)?;
            clock::compact(rest)
                .or_else(|_| full_clock(rest))
                .or_else(|_| clock::unpadded(rest))?
        }
    };
    finish(rest, date, clock)
}

/// A time of day with its fraction read to the end: `10:30:02:6` is unpadded.
fn full_clock(i: &[u8]) -> Found<'_, Clock> {
    let (rest, found) = clock(i)?;
    match rest {
        [b':', b'0'..=b'9', ..] => Err(NOT),
        _ => Ok((rest, found)),
    }
}

/// A date alone: `2024-01-19`, the start of that day.
pub fn iso_date(i: &[u8]) -> Found<'_, Reading> {
    let (rest, date) = date::year_first(i)?;
    day(rest, date)
}

fn day(rest: &[u8], date: Date) -> Found<'_, Reading> {
    let clock = Clock {
        nanos: 0,
        precision: Precision::Day,
    };
    reading(date, None, clock, None)
        .map(|r| (rest, r))
        .ok_or(NOT)
}

/// What stands between a date and a time of day.
fn joint(i: &[u8]) -> Found<'_, ()> {
    if let Some(rest) = i.strip_prefix(b"T").or_else(|| i.strip_prefix(b"t")) {
        return Ok((rest, ()));
    }
    let spaces = blank(i);
    if spaces.len() < i.len() {
        let rest = [&b"at "[..], b"- ", b"-- ", b"| ", b"time="]
            .iter()
            .find_map(|word| spaces.strip_prefix(*word))
            .unwrap_or(spaces);
        // Org mode and some routers: the weekday behind the date.
        let rest = date::weekday(rest).map_or(rest, |(rest, _)| blank(rest));
        return Ok((rest.strip_prefix(b"\"").unwrap_or(rest), ()));
    }
    let marks: [&[u8]; 11] = [
        b", ",
        b"::",
        b": ",
        b":",
        b",",
        b"_",
        b"-",
        b".",
        b";",
        b"|",
        b"\" time=\"",
    ];
    let rest = marks
        .iter()
        .find_map(|mark| i.strip_prefix(*mark))
        .ok_or(NOT)?;
    Ok((rest, ()))
}

/// RFC 3164 and ctime: `Jan  2 15:04:05`, with a fraction, a weekday before, a
/// year before or behind, a zone, and the `*` or `.` of an unsynchronised router.
pub fn rfc3164(i: &[u8]) -> Found<'_, Reading> {
    let i = i
        .strip_prefix(b"*")
        .or_else(|| i.strip_prefix(b"."))
        .unwrap_or(i);
    let (rest, weekday) = match date::weekday(i) {
        Ok((rest, weekday)) => (blank(rest), Some(weekday)),
        Err(_) => (i, None),
    };
    let (rest, date) = date::month_first(rest)?;
    let (rest, _) = joint(rest)?;
    let (rest, clock) = clock(rest)?;
    year_and_zone(rest, date, weekday, clock)
}

/// Behind the time of a date that may lack its year: a zone, then a year, or the other way round.
fn year_and_zone(i: &[u8], date: Date, weekday: Option<u8>, clock: Clock) -> Found<'_, Reading> {
    let (mut rest, mut zone) = maybe_zone(i);
    let mut date = date;
    if date.year.is_none()
        && let Some((after, year)) = trailing_year(rest)
        && let Some(dated) = date.in_year(year)
    {
        (rest, date) = (after, dated);
        if zone.is_none() {
            (rest, zone) = maybe_zone(rest);
        }
    }
    reading(date, weekday, clock, zone)
        .map(|r| (rest, r))
        .ok_or(NOT)
}

fn trailing_year(i: &[u8]) -> Option<(&[u8], i64)> {
    let (rest, year) = number(4, 4)(i.strip_prefix(b" ")?).ok()?;
    // A year that is still to come is a process or a port.
    let stands = !matches!(
        rest.first(),
        Some(b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'.')
    );
    (stands && (1990..2070).contains(&year)).then_some((rest, year))
}

/// Common Log Format: `19/Jan/2024:10:30:02 +0000`.
pub fn clf(i: &[u8]) -> Found<'_, Reading> {
    let (rest, date) = date::day_first(i)?;
    let (rest, _) = joint(rest)?;
    let (rest, clock) = clock(rest)?;
    finish(rest, date, clock)
}

/// RFC 822, RFC 850 and what resembles them: `Fri, 19 Jan 2024 10:30:02 GMT`,
/// `19-Jan-2024 10:30:02.123`, `19 Jan 10:30:02.118`, `19-JAN-24 10.30.02.118000 PM`.
pub fn day_month(i: &[u8]) -> Found<'_, Reading> {
    let (rest, weekday) = match date::weekday(i) {
        Ok((rest, weekday)) => (blank(rest), Some(weekday)),
        Err(_) => (i, None),
    };
    let (rest, date) = date::day_first(rest)?;
    let (rest, _) = joint(rest)?;
    let (rest, clock) = clock(rest).or_else(|_| clock::dotted(rest))?;
    year_and_zone(rest, date, weekday, clock)
}

/// nginx's error log and Go's log package: `2024/01/19 10:30:02.123456`.
pub fn slashed(i: &[u8]) -> Found<'_, Reading> {
    match i.get(4) {
        Some(b'/') => iso(i),
        _ => Err(NOT),
    }
}

/// klog and glog: the level's letter, then `0119 10:30:02.123456`.
pub fn klog(i: &[u8]) -> Found<'_, (u8, Reading)> {
    let (letter, rest) = match i.split_first() {
        Some((letter @ (b'I' | b'W' | b'E' | b'F' | b'D' | b'V' | b'C'), rest)) => (*letter, rest),
        _ => return Err(NOT),
    };
    let (rest, reading) = klog_stamp(rest)?;
    Ok((rest, (letter, reading)))
}

/// What stands behind the letter of klog and glog.
pub fn klog_stamp(i: &[u8]) -> Found<'_, Reading> {
    let (rest, date) = match date::compact(i) {
        Ok(found) => found,
        // CockroachDB leaves out the century.
        Err(_) if date::short(i).is_ok() => date::short(i)?,
        Err(_) => {
            let (rest, month) = number(2, 2)(i)?;
            let (rest, day) = number(2, 2)(rest)?;
            (rest, Date::yearless(month, day).ok_or(NOT)?)
        }
    };
    let (rest, clock) = clock(rest.strip_prefix(b" ").ok_or(NOT)?)?;
    if clock.precision < Precision::Fraction(1) {
        return Err(NOT);
    }
    let reading = reading(date, None, clock, None).ok_or(NOT)?;
    Ok((rest, reading))
}

/// `081109 203615`, `240119  9:05:02`: a date of six digits.
pub fn six_digits(i: &[u8]) -> Found<'_, Reading> {
    let (rest, date) = date::short(i)?;
    if let Some(rest) = rest.strip_prefix(b"-") {
        let (rest, clock) = clock(rest)?;
        return finish(rest, date, clock);
    }
    let spaces = blank(rest);
    if spaces.len() == rest.len() {
        return Err(NOT);
    }
    let (rest, clock) = clock(spaces).or_else(|_| clock::compact(spaces))?;
    finish(rest, date, clock)
}

/// A date of numbers whose order is not given by its first part: `01/19/2024 3:04:05 PM`.
pub fn numeric(order: Order) -> impl Fn(&[u8]) -> Found<'_, Reading> {
    move |i| {
        let (rest, date) = date::numeric(order)(i)?;
        let (rest, _) = joint(rest)?;
        let (rest, clock) = clock(rest).or_else(|_| clock::dotted(rest))?;
        finish(rest, date, clock)
    }
}

/// `01-19 10:30:02.118`, `[10.30 16:49:06]`, `01/19-10:30:02.118042`: month and day in numbers.
pub fn month_day(order: Order) -> impl Fn(&[u8]) -> Found<'_, Reading> {
    move |i| {
        let (rest, date) = date::month_day(order)(i)?;
        let rest = match rest.strip_prefix(b"-") {
            // Snort; with other marks it might be a range or a file's name.
            Some(rest) if i.get(2) == Some(&b'/') => rest,
            _ => {
                let rest = rest.strip_prefix(b".").unwrap_or(rest);
                rest.strip_prefix(b" ").ok_or(NOT)?
            }
        };
        let (rest, clock) = clock(rest)?;
        if clock.precision == Precision::Minute {
            return Err(NOT);
        }
        finish(rest, date, clock)
    }
}

/// A time of day alone, to the second or finer.
pub fn time_of_day(i: &[u8]) -> Found<'_, Reading> {
    let (rest, clock) = clock(i)?;
    if clock.precision == Precision::Minute {
        return Err(NOT);
    }
    let (rest, zone) = maybe_zone(rest);
    let nanos = clock.nanos;
    let when = When::TimeOfDay {
        nanos,
        offset: None,
    };
    let reading = Reading::new(when, clock.precision);
    Ok((rest, zone.map_or(reading, |z| reading.at_offset(z))))
}

/// Seconds since something undated, as the kernel prints them: `12.345678`.
pub fn uptime(i: &[u8]) -> Found<'_, Reading> {
    let (rest, seconds) = number(1, 8)(i)?;
    let frac = rest.strip_prefix(b".").ok_or(NOT)?;
    let len = frac
        .iter()
        .take_while(|b| b.is_ascii_digit())
        .count()
        .min(9);
    let (rest, fraction) = number(1, 9)(frac)?;
    let digits = u8::try_from(len).unwrap_or(9);
    let scale = 10i64.pow(u32::from(9 - digits));
    Ok((
        rest,
        Reading::new(
            When::Since(seconds * SECOND + fraction * scale),
            Precision::Fraction(digits),
        ),
    ))
}

/// Any date and time that begins here, in any of these spellings.
pub fn any(order: Order) -> impl Fn(&[u8]) -> Found<'_, Reading> {
    move |i| match i.first() {
        Some(b'0'..=b'9') => alt((
            iso,
            day_month,
            numeric(order),
            six_digits,
            month_day(order),
            // `1月 19`
            rfc3164,
        ))
        .parse(i),
        Some(b'*' | b'.' | b'A'..=b'Z' | b'a'..=b'z') => {
            let klog = |i| klog(i).map(|(rest, (_, reading))| (rest, reading));
            alt((rfc3164, day_month, klog)).parse(i)
        }
        _ => Err(NOT),
    }
}
