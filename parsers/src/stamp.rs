//! Time, as a text states it ([`Reading`]) and as it is once settled ([`Stamp`]).

use crate::token::date::Order;
use chrono::{DateTime, SecondsFormat, Utc};

/// Nanoseconds in a second.
pub const SECOND: i64 = 1_000_000_000;
/// Nanoseconds in a day.
pub const DAY: i64 = 86_400 * SECOND;

/// How finely a text states a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// Only a date.
    Day,
    /// Hours and minutes.
    Minute,
    /// Seconds with this many fraction digits, 0 to 9.
    Fraction(u8),
}

/// What a text says about time, with nothing added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reading {
    /// The time itself, as complete as the text is.
    pub when: When,
    /// How finely it is stated.
    pub precision: Precision,
    /// Whether its date could be read in another order.
    pub dates: Dates,
}

/// What a date tells of the order in which its file writes days and months. Which of two orders holds
/// is the file's to decide, not the entry's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dates {
    /// Nothing: the month is named, or the year comes first.
    #[default]
    Plain,
    /// A number above twelve: it exists in this order alone.
    Only(Order),
    /// It was read in this order, and with day and month exchanged it is so many days later.
    Either(Order, i16),
}

/// A time, as complete as the text that states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// An instant: the zone is stated, or it is an epoch.
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    Instant(i64),
    /// A date and a time of day without a zone.
    /// Nanoseconds since 1970-01-01T00:00:00 on the writer's wall clock.
    Local(i64),
    /// A month, a day and a time of day without a year.
    Yearless {
        /// 1 to 12.
        month: u8,
        /// 1 to 31.
        day: u8,
        /// Nanoseconds since midnight.
        nanos: i64,
        /// 0 (Monday) to 6 (Sunday), where the text names it: it decides the year.
        weekday: Option<u8>,
        /// Seconds east of UTC, where stated.
        offset: Option<i32>,
    },
    /// A time of day alone.
    TimeOfDay {
        /// Nanoseconds since midnight.
        nanos: i64,
        /// Seconds east of UTC, where stated.
        offset: Option<i32>,
    },
    /// Nanoseconds since something the text does not date: boot, or "T" in "T+10m".
    Since(i64),
}

impl Reading {
    /// An instant in nanoseconds since the epoch, written with `digits` fraction digits.
    #[must_use]
    pub const fn instant(nanos: i64, digits: u8) -> Self {
        Self {
            when: When::Instant(nanos),
            precision: Precision::Fraction(digits),
            dates: Dates::Plain,
        }
    }

    /// What is read of a time whose date can be read in one way.
    #[must_use]
    pub const fn new(when: When, precision: Precision) -> Self {
        Self {
            when,
            precision,
            dates: Dates::Plain,
        }
    }

    /// The time so many nanoseconds later; `None` where the text states no date or the sum is none.
    #[must_use]
    pub fn later(self, nanos: i64) -> Option<Self> {
        let when = match self.when {
            When::Instant(at) => When::Instant(at.checked_add(nanos)?),
            When::Local(at) => When::Local(at.checked_add(nanos)?),
            _ => return None,
        };
        Some(Self { when, ..self })
    }

    /// The same with its date read in this order, where the numbers leave that open.
    #[must_use]
    pub const fn ordered(self, order: Order) -> Self {
        let Dates::Either(read, days) = self.dates else {
            return self;
        };
        if read as u8 == order as u8 || !matches!(order, Order::DayFirst | Order::MonthFirst) {
            return self;
        }
        let later = days as i64 * DAY;
        let when = match self.when {
            When::Instant(n) => When::Instant(n.saturating_add(later)),
            When::Local(n) => When::Local(n.saturating_add(later)),
            When::Yearless {
                month,
                day,
                nanos,
                weekday,
                offset,
            } => When::Yearless {
                month: day,
                day: month,
                nanos,
                weekday,
                offset,
            },
            same => same,
        };
        Self {
            when,
            dates: Dates::Either(order, -days),
            ..self
        }
    }

    /// A wall-clock time without a zone, in nanoseconds as if it were UTC.
    #[must_use]
    pub const fn local(nanos: i64, digits: u8) -> Self {
        Self {
            when: When::Local(nanos),
            precision: Precision::Fraction(digits),
            dates: Dates::Plain,
        }
    }

    /// The same wall-clock time with its zone known: an instant.
    /// `offset` is in seconds east of UTC. Instants stay as they are.
    #[must_use]
    pub const fn at_offset(self, offset: i32) -> Self {
        let east = offset as i64 * SECOND;
        let when = match self.when {
            When::Local(nanos) => When::Instant(nanos - east),
            When::Yearless {
                month,
                day,
                nanos,
                weekday,
                ..
            } => When::Yearless {
                month,
                day,
                nanos,
                weekday,
                offset: Some(offset),
            },
            When::TimeOfDay { nanos, .. } => When::TimeOfDay {
                nanos,
                offset: Some(offset),
            },
            same => same,
        };
        Self { when, ..self }
    }

    /// The reading in one notation for tests and explanations:
    /// `2024-01-19T10:30:02.118Z`, without `Z` where no zone is stated,
    /// `--01-19T10:30:02` without a year, `T10:30` a time of day, `+600s` since something.
    #[must_use]
    pub fn notation(&self) -> String {
        let zone = |offset: Option<i32>| match offset {
            None => String::new(),
            Some(0) => "Z".to_owned(),
            Some(s) => {
                let m = s.abs() / 60;
                format!(
                    "{}{:02}:{:02}",
                    if s < 0 { '-' } else { '+' },
                    m / 60,
                    m % 60
                )
            }
        };
        match self.when {
            When::Instant(n) => render(n, self.precision),
            When::Local(n) => render(n, self.precision).trim_end_matches('Z').to_owned(),
            When::Yearless {
                month,
                day,
                nanos,
                offset,
                ..
            } => {
                let clock = render(nanos, self.precision);
                let clock = clock.trim_start_matches("1970-01-01").trim_end_matches('Z');
                format!("--{month:02}-{day:02}{clock}{}", zone(offset))
            }
            When::TimeOfDay { nanos, offset } => {
                let clock = render(nanos, self.precision);
                let clock = clock.trim_start_matches("1970-01-01").trim_end_matches('Z');
                format!("{clock}{}", zone(offset))
            }
            When::Since(n) => relative(n),
        }
    }
}

/// Why an instant is what it is: what was stated and what had to be supplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// Date, time and zone stand in the text.
    Stated,
    /// The zone was not stated.
    ZoneAssumed,
    /// The year was not stated.
    YearInferred,
    /// Counted from something undated.
    Relative,
    /// The payload has no time of its own: when it was received.
    Receipt,
}

impl Basis {
    /// The name in `time_basis` of the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::ZoneAssumed => "zone-assumed",
            Self::YearInferred => "year-inferred",
            Self::Relative => "relative",
            Self::Receipt => "receipt",
        }
    }
}

/// A settled time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// Nanoseconds since 1970-01-01T00:00:00Z; with [`Basis::Relative`],
    /// nanoseconds since the start of the relative clock.
    pub nanos: i64,
    /// How finely it was stated.
    pub precision: Precision,
    /// What had to be supplied to settle it.
    pub basis: Basis,
}

impl Stamp {
    /// The whole second, rounded down.
    #[must_use]
    pub const fn second(&self) -> i64 {
        self.nanos.div_euclid(SECOND)
    }

    /// RFC 3339 in UTC with the precision that was stated (at least seconds),
    /// or `T+600s` on a relative clock.
    #[must_use]
    pub fn rfc3339(&self) -> String {
        match self.basis {
            Basis::Relative => format!("T{}", relative(self.nanos)),
            _ => render(self.nanos, self.precision),
        }
    }
}

fn relative(nanos: i64) -> String {
    let sign = if nanos < 0 { '-' } else { '+' };
    let n = nanos.unsigned_abs();
    let (s, f) = (n / SECOND as u64, n % SECOND as u64);
    if f == 0 {
        format!("{sign}{s}s")
    } else {
        let frac = format!("{f:09}");
        format!("{sign}{s}.{}s", frac.trim_end_matches('0'))
    }
}

fn render(nanos: i64, precision: Precision) -> String {
    let at: DateTime<Utc> = DateTime::from_timestamp_nanos(nanos);
    match precision {
        Precision::Day | Precision::Minute | Precision::Fraction(0) => {
            at.to_rfc3339_opts(SecondsFormat::Secs, true)
        }
        Precision::Fraction(digits) => {
            let full = at.to_rfc3339_opts(SecondsFormat::Nanos, true);
            // "….123456789Z": keep as many fraction digits as were written.
            let keep = full.len() - 1 - 9 + usize::from(digits.min(9));
            format!("{}Z", &full[..keep])
        }
    }
}
