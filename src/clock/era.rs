//! Years and days that a file does not state: from which byte on they hold.

use super::turn::Turn;
use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// From `from` on, the file's times are of this year or day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Era {
    /// First byte.
    pub from: u64,
    /// Year or day.
    #[serde(flatten)]
    pub unit: EraUnit,
}

/// What an [`Era`] supplies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EraUnit {
    /// The year of dates without one.
    Year(i32),
    /// The day of times without one.
    #[serde(serialize_with = "write_day", deserialize_with = "read_day")]
    Day(NaiveDate),
}

fn write_day<S: Serializer>(day: &NaiveDate, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(day)
}

fn read_day<'d, D: Deserializer<'d>>(from: D) -> Result<NaiveDate, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(serde::de::Error::custom)
}

impl EraUnit {
    /// So many years or days later.
    #[must_use]
    pub fn later(self, by: i32) -> Self {
        match self {
            Self::Year(y) => Self::Year(y.saturating_add(by)),
            Self::Day(d) => {
                let moved = d.checked_add_signed(TimeDelta::days(i64::from(by)));
                Self::Day(moved.unwrap_or(d))
            }
        }
    }
}

/// The eras that begin at the start of the file and at each turn.
#[must_use]
pub fn eras(first: EraUnit, turns: &[Turn]) -> Vec<Era> {
    let begin = Era {
        from: 0,
        unit: first,
    };
    let mut later = 0;
    let turned = turns.iter().map(|turn| {
        later += turn.step;
        Era {
            from: turn.from,
            unit: first.later(later),
        }
    });
    std::iter::once(begin).chain(turned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_out_of_order_at_new_year_goes_back_and_on_again() {
        let turns = [1, -1, 1].map(|step| Turn { from: 7, step });
        let years: Vec<_> = eras(EraUnit::Year(2023), &turns)
            .iter()
            .map(|e| e.unit)
            .collect();
        assert_eq!(years, [2023, 2024, 2023, 2024].map(EraUnit::Year));
    }
}
