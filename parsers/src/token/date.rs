//! Calendar dates in the spellings of logs.

mod order;

use super::month::month;
use super::{Found, NOT, at_boundary, number};
use crate::stamp::Dates;
use chrono::{Datelike, NaiveDate};
use order::{exchanged, told};

/// A date, as complete as it is written. Its month and day exist in the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// Absent where not written.
    pub year: Option<i32>,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// What it tells of the order of the file's dates.
    pub order: Dates,
}

/// How to read a date of numbers alone whose year is not its first, four-digit, part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Order {
    /// What the numbers allow, then what the separator suggests.
    #[default]
    Unknown,
    /// Month, day, year.
    MonthFirst,
    /// Day, month, year.
    DayFirst,
    /// Two-digit year, month, day.
    YearFirst,
}

impl Date {
    /// A date that exists, in a year that a file of our time can speak of
    /// (nanoseconds in 64 bits end in 2262).
    #[must_use]
    pub fn new(year: i64, month: i64, day: i64) -> Option<Self> {
        let date = Self {
            year: Some(
                i32::try_from(year)
                    .ok()
                    .filter(|y| (1900..2200).contains(y))?,
            ),
            month: u8::try_from(month).ok()?,
            day: u8::try_from(day).ok()?,
            order: Dates::Plain,
        };
        date.chrono().map(|_| date)
    }

    /// A date without its year; 29 February may exist.
    #[must_use]
    pub fn yearless(month: i64, day: i64) -> Option<Self> {
        Self::new(2000, month, day).map(|d| Self { year: None, ..d })
    }

    /// The same day of `year`, where that exists.
    #[must_use]
    pub fn in_year(self, year: i64) -> Option<Self> {
        Self::new(year, i64::from(self.month), i64::from(self.day))
    }

    fn chrono(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year?, u32::from(self.month), u32::from(self.day))
    }

    /// Days since 1970-01-01, where the year is known.
    #[must_use]
    pub fn days(self) -> Option<i64> {
        self.chrono()
            .map(|d| i64::from(d.num_days_from_ce()) - 719_163)
    }
}

/// An English weekday, short or long, with the comma or dot behind it: 0 is Monday.
pub fn weekday(i: &[u8]) -> Found<'_, u8> {
    const DAYS: [(&str, &str); 7] = [
        ("mon", "day"),
        ("tue", "sday"),
        ("wed", "nesday"),
        ("thu", "rsday"),
        ("fri", "day"),
        ("sat", "urday"),
        ("sun", "day"),
    ];
    let len = i.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let (name, rest) = i.split_at_checked(len).ok_or(NOT)?;
    let (short, long) = name.split_at_checked(3).ok_or(NOT)?;
    let day = DAYS
        .iter()
        .position(|(s, l)| {
            s.as_bytes().eq_ignore_ascii_case(short)
                && (long.is_empty() || l.as_bytes().eq_ignore_ascii_case(long))
        })
        .and_then(|n| u8::try_from(n).ok())
        .ok_or(NOT)?;
    let rest = rest
        .strip_prefix(b",")
        .or_else(|| rest.strip_prefix(b"."))
        .unwrap_or(rest);
    Ok((rest, day))
}

fn separator(i: &[u8]) -> Found<'_, u8> {
    match i.split_first() {
        Some((sep @ (b'-' | b'/' | b'.'), rest)) => Ok((rest, *sep)),
        _ => Err(NOT),
    }
}

fn same(i: &[u8], sep: u8) -> Result<&[u8], nom::Err<()>> {
    match i.split_first() {
        Some((b, rest)) if *b == sep => Ok(rest),
        _ => Err(NOT),
    }
}

/// `2024-01-19`, `2024/1/9`, `2024.01.19`, `2024-Jan-19`, `2024 Jan 19`, `2024年1月19日`.
pub fn year_first(i: &[u8]) -> Found<'_, Date> {
    let (rest, year) = number(4, 4)(i)?;
    if let Ok(found) = spaced(rest, year).or_else(|_| with_characters(rest, year)) {
        return Ok(found);
    }
    let (rest, sep) = separator(rest)?;
    let (rest, month) =
        number(1, 2)(rest).or_else(|_| month(rest).map(|(rest, m)| (rest, i64::from(m))))?;
    let (rest, day) = number(1, 2)(same(rest, sep)?)?;
    whole(rest, Date::new(year, month, day))
}

/// The month and the day of `2024 Jan 19` and `2024 01 19`.
fn spaced(i: &[u8], year: i64) -> Found<'_, Date> {
    let rest = i.strip_prefix(b" ").ok_or(NOT)?;
    let (rest, day, month) = match month(rest) {
        Ok((rest, month)) => {
            let (rest, day) = number(1, 2)(super::blank(rest))?;
            (rest, day, i64::from(month))
        }
        Err(_) => {
            let (rest, month) = number(2, 2)(rest)?;
            let (rest, day) = number(2, 2)(same(rest, b' ')?)?;
            (rest, day, month)
        }
    };
    whole(rest, Date::new(year, month, day))
}

/// The month and the day of `2024年1月19日`.
fn with_characters(i: &[u8], year: i64) -> Found<'_, Date> {
    let rest = super::blank(i.strip_prefix("年".as_bytes()).ok_or(NOT)?);
    let (rest, month) = month(rest)?;
    let (rest, day) = number(1, 2)(super::blank(rest))?;
    let rest = rest.strip_prefix("日".as_bytes()).ok_or(NOT)?;
    whole(rest, Date::new(year, i64::from(month), day))
}

/// `20240119`.
pub fn compact(i: &[u8]) -> Found<'_, Date> {
    let (rest, year) = number(4, 4)(i)?;
    let (rest, month) = number(2, 2)(rest)?;
    let (rest, day) = number(2, 2)(rest)?;
    let date = Date::new(year, month, day).ok_or(NOT)?;
    Ok((rest, date))
}

/// `240119`.
pub fn short(i: &[u8]) -> Found<'_, Date> {
    let (rest, year) = number(2, 2)(i)?;
    let (rest, month) = number(2, 2)(rest)?;
    let (rest, day) = number(2, 2)(rest)?;
    whole(rest, Date::new(century(year), month, day))
}

/// `Jan  2`, `Jan 19 2024`, `January 19th, 2024`, `jan/19/2024`.
pub fn month_first(i: &[u8]) -> Found<'_, Date> {
    let (rest, month) = month(i)?;
    let spaces = super::blank(rest);
    let (rest, day) = number(1, 2)(if spaces.len() < rest.len() {
        spaces
    } else {
        same(rest, b'-').or_else(|_| same(rest, b'/'))?
    })?;
    let rest = ordinal(rest);
    let date = Date::yearless(i64::from(month), day).ok_or(NOT)?;
    if let Some((rest, dated)) = year_behind(rest, date) {
        return Ok((rest, dated));
    }
    whole(rest, Some(date))
}

/// What English adds to the number of a day.
fn ordinal(i: &[u8]) -> &[u8] {
    [&b"st"[..], b"nd", b"rd", b"th"]
        .iter()
        .find_map(|ending| i.strip_prefix(*ending))
        .filter(|rest| at_boundary(rest))
        .unwrap_or(i)
}

/// `de ` and `of `, which Spanish, Portuguese and English put between the parts of a date.
fn of(i: &[u8]) -> &[u8] {
    i.strip_prefix(b"de ")
        .or_else(|| i.strip_prefix(b"of "))
        .unwrap_or(i)
}

/// The year behind a month and a day, unless it is the hour of a time.
fn year_behind(i: &[u8], date: Date) -> Option<(&[u8], Date)> {
    let rest = i.strip_prefix(b",").unwrap_or(i);
    let rest = rest
        .strip_prefix(b" ")
        .or_else(|| rest.strip_prefix(b"-"))
        .or_else(|| rest.strip_prefix(b"/"))?;
    let (rest, year) = number(4, 4)(rest).ok()?;
    let stands = at_boundary(rest);
    stands.then_some((rest, date.in_year(year)?))
}

/// `19/Jan/2024`, `19-Jan-24`, `19 Jan 2024`, `19 Jan`, `19Jan2024`, `19th of January 2024`,
/// `19 de enero de 2024`.
pub fn day_first(i: &[u8]) -> Found<'_, Date> {
    let (rest, day) = number(1, 2)(i)?;
    let rest = ordinal(rest);
    // German writes the ordinal's dot: "19. Jan".
    let rest = match rest.strip_prefix(b". ") {
        Some(_) => rest.get(1..).unwrap_or_default(),
        None => rest,
    };
    let sep = rest.first().copied().filter(|b| b"/- .".contains(b));
    let rest = if sep.is_some() {
        rest.get(1..).unwrap_or_default()
    } else {
        rest
    };
    let (rest, month) = month(of(rest))?;
    let date = Date::yearless(i64::from(month), day).ok_or(NOT)?;
    let after = match sep {
        Some(b' ') => {
            let comma = rest.strip_prefix(b",").unwrap_or(rest);
            same(comma, b' ').ok().map(of)
        }
        Some(sep) => same(rest, sep).ok(),
        None => Some(rest),
    };
    let years = after.map(|i| {
        let (rest, year) = number(4, 4)(i).or_else(|_| {
            // A two-digit year, unless it is the hour of a time.
            let (rest, year) = number(2, 2)(i)?;
            let hour = rest.first() == Some(&b':') && sep == Some(b' ');
            if hour {
                Err(NOT)
            } else {
                Ok((rest, century(year)))
            }
        })?;
        whole(rest, date.in_year(year))
    });
    match years {
        Some(Ok(found)) => Ok(found),
        _ if sep == Some(b' ') || sep == Some(b'-') => whole(rest, Some(date)),
        _ => Err(NOT),
    }
}

/// `01/19/2024`, `19.01.2024`, `17/06/09` and their like, in this order.
pub fn numeric(order: Order) -> impl Fn(&[u8]) -> Found<'_, Date> {
    move |i| {
        let (rest, ([a, b, c], sep, long_year)) = three_numbers(i)?;
        let dated = |order| ordered(order, [a, b, c], long_year);
        // A file's order is a strong hint, not a law: what does not exist in it is tried in others.
        let found = std::iter::once(order)
            .filter(|o| *o != Order::Unknown)
            .chain(guesses(sep, [a, b, c], long_year))
            .find_map(|o| Some((o, dated(o)?)));
        let date = found.map(|(read, date)| match order {
            // Between dots days come first, wherever dots are written.
            Order::Unknown if sep != b'.' => Date {
                order: told(read, date, exchanged(read).and_then(dated)),
                ..date
            },
            _ => date,
        });
        whole(rest, date)
    }
}

/// The parts of a date of numbers, its separator, and whether its year has four digits.
fn three_numbers(i: &[u8]) -> Found<'_, ([i64; 3], u8, bool)> {
    let (rest, a) = number(1, 2)(i)?;
    let (rest, sep) = separator(rest)?;
    let (rest, b) = number(1, 2)(rest)?;
    let rest = same(rest, sep)?;
    let (rest, c, long) = match number(4, 4)(rest) {
        Ok((rest, c)) => (rest, c, true),
        Err(_) => number(2, 2)(rest).map(|(rest, c)| (rest, c, false))?,
    };
    Ok((rest, ([a, b, c], sep, long)))
}

fn ordered(order: Order, [a, b, c]: [i64; 3], long_year: bool) -> Option<Date> {
    let year = if long_year { c } else { century(c) };
    match order {
        Order::DayFirst => Date::new(year, b, a),
        Order::YearFirst if !long_year => Date::new(century(a), b, c),
        Order::YearFirst => None,
        Order::MonthFirst | Order::Unknown => Date::new(year, a, b),
    }
}

/// The orders to try for a date about which nothing else is known.
fn guesses(sep: u8, [a, _, c]: [i64; 3], long_year: bool) -> [Order; 3] {
    use Order::{DayFirst, MonthFirst, YearFirst};
    match sep {
        b'.' => [DayFirst, MonthFirst, YearFirst],
        _ if long_year => [MonthFirst, DayFirst, YearFirst],
        // "17/06/09" as Java's log layouts write it, against "6/17/24".
        _ if a > 12 || !(13..50).contains(&c) => [YearFirst, MonthFirst, DayFirst],
        _ => [MonthFirst, DayFirst, YearFirst],
    }
}

/// The orders in which `i` is a date of numbers, most likely first; for
/// deciding over many lines what one line leaves open.
#[must_use]
pub fn orders(i: &[u8]) -> Vec<Order> {
    let Ok((_, (parts, sep, long))) = three_numbers(i) else {
        return two_number_orders(i);
    };
    let mut possible = guesses(sep, parts, long).to_vec();
    possible.retain(|o| ordered(*o, parts, long).is_some());
    possible
}

/// The same for a date without its year.
fn two_number_orders(i: &[u8]) -> Vec<Order> {
    let read = |order| month_day(order)(i).ok().map(|(_, date)| date);
    let (by_month, by_day) = (read(Order::MonthFirst), read(Order::DayFirst));
    match (by_month, by_day) {
        (Some(a), Some(b)) if a.day != b.day => vec![Order::MonthFirst, Order::DayFirst],
        // One number is over twelve: only one order gives a date.
        (Some(date), _) if i.starts_with(format!("{:02}", date.month).as_bytes()) => {
            vec![Order::MonthFirst]
        }
        (Some(_), _) => vec![Order::DayFirst],
        (None, _) => Vec::new(),
    }
}

/// `01-19`, `10.30`, `19/01`: month and day in numbers alone, in this order or in the one
/// that exists.
pub fn month_day(order: Order) -> impl Fn(&[u8]) -> Found<'_, Date> {
    move |i| {
        let (rest, a) = number(2, 2)(i)?;
        let (rest, sep) = separator(rest)?;
        let (rest, b) = number(2, 2)(rest)?;
        let by_month = Date::yearless(a, b).map(|d| (Order::MonthFirst, d));
        let by_day = Date::yearless(b, a).map(|d| (Order::DayFirst, d));
        let (first, second) = match order {
            Order::DayFirst => (by_day, by_month),
            _ => (by_month, by_day),
        };
        let other = first.and(second).map(|(_, d)| d);
        let date = first.or(second).map(|(read, date)| match order {
            // As ISO 8601 without its year.
            Order::Unknown if sep != b'-' => Date {
                order: told(read, date, other),
                ..date
            },
            _ => date,
        });
        whole(rest, date)
    }
}

const fn century(two_digits: i64) -> i64 {
    if two_digits < 70 {
        2000 + two_digits
    } else {
        1900 + two_digits
    }
}

fn whole(rest: &[u8], date: Option<Date>) -> Found<'_, Date> {
    match date {
        Some(date) if !rest.first().is_some_and(u8::is_ascii_digit) => Ok((rest, date)),
        _ => Err(NOT),
    }
}
