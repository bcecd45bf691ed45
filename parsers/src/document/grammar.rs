//! The grammar of dates and clock times as people write them.

use chrono::NaiveDate;
use nom::branch::alt;
use nom::bytes::complete::{tag, tag_no_case, take_while, take_while_m_n, take_while1};
use nom::character::complete::{one_of, space0};
use nom::combinator::{map_opt, opt, verify};
use nom::{IResult, Parser};

/// What a parser of this grammar gives.
pub(crate) type Parsed<'a, T> = IResult<&'a [u8], T, ()>;

/// Nanoseconds in a minute.
pub(crate) const MINUTE: i64 = 60 * crate::stamp::SECOND;

/// A date, as complete as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day {
    /// Absent where not written.
    pub(crate) year: Option<i32>,
    /// 1 to 12.
    pub(crate) month: u32,
    /// 1 to 31.
    pub(crate) day: u32,
    /// Both numbers could be the month: `02/08/2024`.
    pub(crate) either: bool,
}

impl Day {
    /// The date, with `year` where it names none.
    pub(crate) fn date(self, year: Option<i32>) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year.or(year)?, self.month, self.day)
    }

    /// The other reading of a date in numbers.
    pub(crate) fn swapped(self) -> Self {
        Self {
            month: self.day,
            day: self.month,
            ..self
        }
    }
}

/// A time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clock {
    /// Nanoseconds since midnight.
    pub(crate) nanos: i64,
    /// Whether seconds are written.
    pub(crate) seconds: bool,
    /// Whether it is certain which half of the day is meant.
    pub(crate) half: Half,
}

/// How a clock time says which half of the day it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Half {
    /// By `AM` or `PM`; true for the second.
    Stated(bool),
    /// Not at all: 24 hours, or left to the reader.
    Open,
}

fn number(min: usize, max: usize) -> impl Fn(&[u8]) -> Parsed<'_, u32> {
    move |i| {
        map_opt(
            take_while_m_n(min, max, |b: u8| b.is_ascii_digit()),
            |d: &[u8]| std::str::from_utf8(d).ok()?.parse().ok(),
        )
        .parse(i)
    }
}

fn half(i: &[u8]) -> Parsed<'_, bool> {
    let (rest, (_, m, _)) = (
        space0,
        one_of("aApP"),
        alt((tag_no_case("m"), tag_no_case(".m."), tag_no_case(".m"))),
    )
        .parse(i)?;
    ends_word(rest)?;
    Ok((rest, matches!(m, 'p' | 'P')))
}

/// Fails where a letter or a digit follows.
fn ends_word(i: &[u8]) -> Result<(), nom::Err<()>> {
    match i.first() {
        Some(b) if b.is_ascii_alphanumeric() => Err(nom::Err::Error(())),
        _ => Ok(()),
    }
}

fn clock_of(hour: u32, minute: u32, second: Option<u32>, pm: Option<bool>) -> Option<Clock> {
    let hour = match pm {
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    let day = hour < 24 || (hour == 24 && minute == 0);
    let valid = day && minute < 60 && second.unwrap_or(0) < 60;
    let total = (hour * 3600 + minute * 60 + second.unwrap_or(0)) % 86_400;
    valid.then_some(Clock {
        nanos: i64::from(total) * crate::stamp::SECOND,
        seconds: second.is_some(),
        half: pm.map_or(Half::Open, Half::Stated),
    })
}

/// `10:30`, `9:05:12 PM`, `15h30`.
fn clock_full(i: &[u8]) -> Parsed<'_, Clock> {
    let (rest, (hour, mark, minute)) = (number(1, 2), one_of(":hH"), number(2, 2)).parse(i)?;
    let (rest, second) = opt((tag(":"), number(2, 2)).map(|(_, s)| s)).parse(rest)?;
    let (rest, _) = opt((one_of(".,"), take_while1(|b: u8| b.is_ascii_digit()))).parse(rest)?;
    let goes_on = rest.first() == Some(&b':') && rest.get(1).is_some_and(u8::is_ascii_digit);
    if mark == ':' && goes_on {
        return Err(nom::Err::Error(()));
    }
    let (rest, pm) = opt(half).parse(rest)?;
    let rest_word = rest.strip_prefix(b"Z").unwrap_or(rest);
    if pm.is_none() && !rest_word.starts_with(b"T") {
        ends_word(rest_word)?;
    }
    match clock_of(hour, minute, second, pm) {
        Some(clock) => Ok((rest, clock)),
        None => Err(nom::Err::Error(())),
    }
}

/// `4pm`, `11 AM`, `3:AM`, `10.15 am`: only with a half of the day.
fn clock_half(i: &[u8]) -> Parsed<'_, Clock> {
    let (rest, hour) = number(1, 2)(i)?;
    let (rest, minute) = opt((one_of(".:"), number(2, 2)).map(|(_, m)| m)).parse(rest)?;
    let (rest, _) = opt(tag(":")).parse(rest)?;
    let (rest, pm) = half(rest)?;
    match clock_of(hour, minute.unwrap_or(0), None, Some(pm)).filter(|_| hour <= 12) {
        Some(clock) => Ok((rest, clock)),
        None => Err(nom::Err::Error(())),
    }
}

/// `noon`, `midnight`.
fn clock_word(i: &[u8]) -> Parsed<'_, Clock> {
    let noon = tag_no_case("noon").map(|_| 12);
    let (rest, hour) = alt((noon, tag_no_case("midnight").map(|_| 0))).parse(i)?;
    ends_word(rest)?;
    match clock_of(hour, 0, None, None) {
        Some(clock) => Ok((rest, clock)),
        None => Err(nom::Err::Error(())),
    }
}

/// `14.43` or `1430`: a time of day only beside a date or a zone.
pub(crate) fn clock_bare(i: &[u8]) -> Parsed<'_, Clock> {
    let (rest, (hour, _, minute)) = (number(2, 2), opt(tag(".")), number(2, 2)).parse(i)?;
    let (rest, _) = opt((space0, alt((tag_no_case("hrs"), tag_no_case("hours"))))).parse(rest)?;
    ends_word(rest.strip_prefix(b"Z").unwrap_or(rest))?;
    match clock_of(hour, minute, None, None).filter(|_| rest.first() != Some(&b'.')) {
        Some(clock) => Ok((rest, clock)),
        None => Err(nom::Err::Error(())),
    }
}

pub(crate) fn clock(i: &[u8]) -> Parsed<'_, Clock> {
    alt((clock_full, clock_half, clock_word)).parse(i)
}

fn day_of(year: Option<u32>, month: u32, day: u32, either: bool) -> Option<Day> {
    let year = year.map(|y| if y < 100 { y + 2000 } else { y });
    let fits = (1..=12).contains(&month) && (1..=31).contains(&day);
    let known = year.is_none_or(|y| (1990..2100).contains(&y));
    (fits && known).then_some(Day {
        year: year.and_then(|y| i32::try_from(y).ok()),
        month,
        day,
        either: either && month != day,
    })
}

/// `2024-01-19`, `2024/01/19`.
fn day_iso(i: &[u8]) -> Parsed<'_, Day> {
    map_opt(
        (
            number(4, 4),
            one_of("-/."),
            number(1, 2),
            one_of("-/."),
            number(1, 2),
        ),
        |(y, a, m, b, d)| day_of(Some(y), m, d, false).filter(|_| a == b),
    )
    .parse(i)
}

/// `19/01/2024`, `5-26-21`: which number is the month is decided by what they allow.
fn day_numbers(i: &[u8]) -> Parsed<'_, Day> {
    let year = alt((number(4, 4), number(2, 2)));
    let (rest, day) = map_opt(
        (
            number(1, 2),
            one_of("-/."),
            number(1, 2),
            one_of("-/."),
            year,
        ),
        |(first, a, second, b, y)| {
            if a != b {
                None
            } else if first > 12 || a == '.' {
                day_of(Some(y), second, first, false)
            } else {
                day_of(Some(y), first, second, second <= 12)
            }
        },
    )
    .parse(i)?;
    ends_word(rest)?;
    Ok((rest, day))
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

fn month(i: &[u8]) -> Parsed<'_, u32> {
    let (rest, word) = take_while1(|b: u8| b.is_ascii_alphabetic())(i)?;
    let found = MONTHS.iter().zip(1..).find(|(name, _)| {
        let whole = word.eq_ignore_ascii_case(name.as_bytes());
        let short = word.len() == 3 || (word.len() == 4 && word.eq_ignore_ascii_case(b"sept"));
        whole
            || (short
                && name
                    .as_bytes()
                    .get(..word.len())
                    .is_some_and(|n| n.eq_ignore_ascii_case(word)))
    });
    match found {
        Some((_, n)) => Ok((rest.strip_prefix(b".").unwrap_or(rest), n)),
        None => Err(nom::Err::Error(())),
    }
}

fn ordinal(i: &[u8]) -> Parsed<'_, u32> {
    let (rest, n) = number(1, 2)(i)?;
    let suffix = alt((
        tag_no_case("st"),
        tag_no_case("nd"),
        tag_no_case("rd"),
        tag_no_case("th"),
    ));
    let (rest, _) = opt(suffix).parse(rest)?;
    ends_word(rest)?;
    Ok((rest, n))
}

fn gap(i: &[u8]) -> Parsed<'_, &[u8]> {
    take_while(|b: u8| matches!(b, b' ' | b',' | b'-' | b'/' | b'.'))(i)
}

/// A year after a day: four digits that are no clock time.
fn year(i: &[u8]) -> Parsed<'_, u32> {
    let (rest, (_, y)) = (gap, verify(number(4, 4), |y| (1990..2100).contains(y))).parse(i)?;
    match rest.first() {
        Some(b) if b.is_ascii_alphanumeric() || *b == b':' => Err(nom::Err::Error(())),
        _ => Ok((rest, y)),
    }
}

/// `January 19, 2024`, `Jan 19th`, `January 14-19, 2026` (its first day).
fn day_month_first(i: &[u8]) -> Parsed<'_, Day> {
    let (rest, (m, _, d)) = (month, gap, ordinal).parse(i)?;
    if rest.first() == Some(&b':') && rest.get(1).is_some_and(u8::is_ascii_digit) {
        return Err(nom::Err::Error(())); // "Jan 10:30"
    }
    let mut until = (
        space0,
        alt((tag("-"), tag("–"))),
        space0,
        opt((month, gap)),
        ordinal,
        year,
    );
    let (rest, y) = match opt(year).parse(rest)? {
        (rest, None) => (rest, until.parse(rest).ok().map(|(_, (.., y))| y)),
        found => found,
    };
    match day_of(y, m, d, false) {
        Some(day) => Ok((rest, day)),
        None => Err(nom::Err::Error(())),
    }
}

/// `19 January 2024`, `19th of Jan`.
fn day_day_first(i: &[u8]) -> Parsed<'_, Day> {
    map_opt(
        (
            ordinal,
            opt(tag(".")),
            space0,
            opt(tag("of ")),
            opt(tag("-")),
            month,
            opt(year),
        ),
        |(d, .., m, y)| day_of(y, m, d, false),
    )
    .parse(i)
}

pub(crate) fn day(i: &[u8]) -> Parsed<'_, Day> {
    alt((day_iso, day_numbers, day_month_first, day_day_first)).parse(i)
}
