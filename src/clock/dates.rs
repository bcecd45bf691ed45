//! Dates of numbers alone that could be read in two ways: `03/12/2024` is of March or of December. Which
//! of them is decided once per file, by all of its dates and by the times of the other inputs.

use super::{Ground, NameDate};
use chrono::Datelike;
use recon_parsers::stamp::DAY;
use recon_parsers::stamp::Dates;
use recon_parsers::token::date::Order;
use recon_parsers::{Reading, When};
use serde::{Deserialize, Serialize};

/// One reading that moves so many times less from line to line than the other is that of the file.
const STEADIER: i64 = 4;
/// Days by which one reading is nearer to the other inputs, or it is as far from them.
const NEARER: i64 = 2;

/// The order of days and months in the dates that leave it open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// As each is most often written.
    #[default]
    AsRead,
    /// Day, month, year.
    DayFirst,
    /// Month, day, year.
    MonthFirst,
}

impl DateOrder {
    /// A time read in this order.
    #[must_use]
    pub const fn read(self, reading: Reading) -> Reading {
        match self {
            Self::AsRead => reading,
            Self::DayFirst => reading.ordered(Order::DayFirst),
            Self::MonthFirst => reading.ordered(Order::MonthFirst),
        }
    }

    /// The same for parsers; nothing where nothing was decided.
    #[must_use]
    pub const fn order(self) -> Option<Order> {
        match self {
            Self::AsRead => None,
            Self::DayFirst => Some(Order::DayFirst),
            Self::MonthFirst => Some(Order::MonthFirst),
        }
    }
}

/// What is known of the times of the other inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The first and the last day of each, counted since 1970.
    pub spans: Vec<(i64, i64)>,
    /// The days of those that state no year.
    pub yearless: Vec<(u8, u8)>,
}

impl Known {
    /// What a file's times say that can be read in one way.
    #[must_use]
    pub fn of(readings: &[Reading]) -> Self {
        let sure = || {
            let sure = |r: &&Reading| !matches!(r.dates, Dates::Either(..));
            readings.iter().filter(sure)
        };
        let days = || sure().filter_map(|r| day(r.when));
        let mut yearless: Vec<(u8, u8)> = sure()
            .filter_map(|r| match r.when {
                When::Yearless { month, day, .. } => Some((month, day)),
                _ => None,
            })
            .collect();
        yearless.sort_unstable();
        yearless.dedup();
        Self {
            spans: days().min().zip(days().max()).into_iter().collect(),
            yearless,
        }
    }

    /// Both.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.spans.extend(&other.spans);
        self.yearless.extend(&other.yearless);
        self
    }

    /// Whether nothing is known.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.spans.is_empty() && self.yearless.is_empty()
    }

    /// How many inputs have entries within a day of these, and how many days the nearest of all is away.
    fn distance(&self, first: i64, last: i64) -> Option<(usize, i64)> {
        let away = |(a, b): (i64, i64)| (first - b).max(a - last).max(0);
        let spans = self.spans.iter().map(|s| away(*s));
        let years = [year(first), year(last)];
        let placed = self.yearless.iter().filter_map(|(month, day)| {
            let of = |year: Option<i32>| {
                let date =
                    chrono::NaiveDate::from_ymd_opt(year?, u32::from(*month), u32::from(*day))?;
                let day = i64::from(date.to_epoch_days());
                Some(away((day, day)))
            };
            years.into_iter().filter_map(of).min()
        });
        // The days of files without a year count as one input.
        let all = spans.chain(placed.min());
        let (near, nearest) = all.fold((0, None), |(n, nearest): (usize, Option<i64>), d| {
            let nearest = nearest.map_or(d, |x| x.min(d));
            (n + usize::from(d <= 1), Some(nearest))
        });
        Some((near, nearest?))
    }
}

fn day(when: When) -> Option<i64> {
    match when {
        When::Instant(n) | When::Local(n) => Some(n.div_euclid(DAY)),
        _ => None,
    }
}

fn year(day: i64) -> Option<i32> {
    let days = i32::try_from(day).ok()?;
    chrono::NaiveDate::from_epoch_days(days).map(|d| d.year())
}

/// The order of a file's dates, and what decided it; `None` where only habit is left to decide. `name` is the
/// date in the file's name, `modified` the day of its last change.
#[must_use]
pub fn choose(
    readings: &[Reading],
    others: &Known,
    name: Option<NameDate>,
    modified: Option<i64>,
) -> Option<(DateOrder, Ground)> {
    let open = |r: &Reading| matches!(r.dates, Dates::Either(..));
    if !readings.iter().any(open) {
        return Some((DateOrder::AsRead, Ground::Stated));
    }
    if let Some(order) = by_numbers(readings) {
        return Some((order, Ground::Stated));
    }
    let orders = [DateOrder::MonthFirst, DateOrder::DayFirst];
    let read = orders.map(|order| Series::of(readings, order, others));
    let [by_month, by_day] = &read;
    let decided = by_steps(by_month, by_day)
        .map(|order| (order, Ground::Lines))
        .or_else(|| {
            let named = Known {
                spans: vec![span_of(name?)?],
                ..Known::default()
            };
            Some((nearer(by_month, by_day, &named)?, Ground::Name))
        })
        .or_else(|| Some((nearer(by_month, by_day, others)?, Ground::Inputs)));
    decided.or_else(|| {
        // Nobody wrote what was yet to come.
        let before = |s: &Series| Some(s.last? <= modified? + 1);
        match (before(by_month)?, before(by_day)?) {
            (true, false) => Some((DateOrder::MonthFirst, Ground::Modified)),
            (false, true) => Some((DateOrder::DayFirst, Ground::Modified)),
            _ => None,
        }
    })
}

/// The order in which most dates exist that exist in one alone.
fn by_numbers(readings: &[Reading]) -> Option<DateOrder> {
    let count = |order| {
        let only = |r: &&Reading| r.dates == Dates::Only(order);
        readings.iter().filter(only).count()
    };
    let (by_day, by_month) = (count(Order::DayFirst), count(Order::MonthFirst));
    match by_day.cmp(&by_month) {
        std::cmp::Ordering::Greater => Some(DateOrder::DayFirst),
        std::cmp::Ordering::Less => Some(DateOrder::MonthFirst),
        std::cmp::Ordering::Equal => None,
    }
}

/// The dates of a file, read in one order.
struct Series {
    first: Option<i64>,
    last: Option<i64>,
    /// Days that pass from line to line, there and back.
    steps: i64,
}

impl Series {
    fn of(readings: &[Reading], order: DateOrder, others: &Known) -> Self {
        // A date without its year is of a year of the others.
        let known = others.spans.iter().map(|s| s.1).max();
        let year = known.and_then(year).unwrap_or(2000);
        let dated = |r: &Reading| {
            let when = order.read(*r).when;
            day(when).or_else(|| match when {
                When::Yearless { month, day, .. } => {
                    let (month, day) = (u32::from(month), u32::from(day));
                    let date = chrono::NaiveDate::from_ymd_opt(year, month, day)?;
                    Some(i64::from(date.to_epoch_days()))
                }
                _ => None,
            })
        };
        let open = readings
            .iter()
            .filter(|r| matches!(r.dates, Dates::Either(..)));
        let days: Vec<i64> = open.filter_map(dated).collect();
        Self {
            first: days.iter().min().copied(),
            last: days.iter().max().copied(),
            steps: days.windows(2).map(|w| (w[1] - w[0]).abs()).sum(),
        }
    }
}

/// Lines follow each other by days rather than by months.
fn by_steps(by_month: &Series, by_day: &Series) -> Option<DateOrder> {
    let (m, d) = (by_month.steps, by_day.steps);
    if d * STEADIER < m {
        Some(DateOrder::DayFirst)
    } else if m * STEADIER < d {
        Some(DateOrder::MonthFirst)
    } else {
        None
    }
}

/// The order in which more of what is known happened on the same days, or is nearer by far.
fn nearer(by_month: &Series, by_day: &Series, known: &Known) -> Option<DateOrder> {
    let of = |s: &Series| known.distance(s.first?, s.last?);
    let ((many_m, far_m), (many_d, far_d)) = (of(by_month)?, of(by_day)?);
    let by_month = (many_m > many_d) || (many_m == many_d && far_m + NEARER <= far_d);
    let by_day = (many_d > many_m) || (many_m == many_d && far_d + NEARER <= far_m);
    match (by_month, by_day) {
        (true, _) => Some(DateOrder::MonthFirst),
        (_, true) => Some(DateOrder::DayFirst),
        _ => None,
    }
}

/// The days of a date in a name; a year says nothing of months.
fn span_of(name: NameDate) -> Option<(i64, i64)> {
    let middle = i64::from(name.middle().to_epoch_days());
    match name {
        NameDate::Day(_) => Some((middle, middle)),
        NameDate::Month(_) => Some((middle - 15, middle + 15)),
        NameDate::Year(_) => None,
    }
}
