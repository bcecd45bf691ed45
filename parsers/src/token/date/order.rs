//! What a date of numbers tells of the order of its file's dates.

use super::{Date, Order};
use crate::stamp::Dates;

/// The order with day and month exchanged.
pub(super) const fn exchanged(order: Order) -> Option<Order> {
    match order {
        Order::DayFirst => Some(Order::MonthFirst),
        Order::MonthFirst => Some(Order::DayFirst),
        Order::YearFirst | Order::Unknown => None,
    }
}

/// What a date that was read in one order, and would be `other` in the one with day and month exchanged,
/// tells of the order of its file's dates.
pub(super) fn told(read: Order, date: Date, other: Option<Date>) -> Dates {
    if exchanged(read).is_none() {
        return Dates::Plain;
    }
    let Some(other) = other else {
        return Dates::Only(read);
    };
    let days = other.days().zip(date.days()).map(|(b, a)| b - a);
    match days.map_or(Ok(0), i16::try_from) {
        _ if date.day == date.month => Dates::Plain,
        Ok(days) => Dates::Either(read, days),
        Err(_) => Dates::Plain,
    }
}

#[cfg(test)]
mod tests {
    use crate::stamp::{Dates, Reading};
    use crate::token::date::Order::{self, DayFirst, MonthFirst, Unknown};
    use crate::token::time::any;

    fn read(text: &str, order: Order) -> Reading {
        any(order)(text.as_bytes()).expect("a time").1
    }

    #[test]
    fn what_could_be_read_in_two_ways_says_so() {
        for (text, dates) in [
            ("05/07/2024 10:00:00", Dates::Either(MonthFirst, 59)),
            ("07/05/24, 10:00", Dates::Either(MonthFirst, -59)),
            ("5/7/2024 10:00:00 AM", Dates::Either(MonthFirst, 59)),
            ("05/07 10:00:00", Dates::Either(MonthFirst, 0)),
            ("25/07/2024 10:00:00", Dates::Only(DayFirst)),
            ("07/25/2024 10:00:00", Dates::Only(MonthFirst)),
            ("07/07/2024 10:00:00", Dates::Plain),
            ("05.07.2024 10:00:00", Dates::Plain),
            ("2024/05/07 10:00:00", Dates::Plain),
            ("05-07 10:00:00", Dates::Plain),
        ] {
            assert_eq!(read(text, Unknown).dates, dates, "{text}");
        }
        assert_eq!(read("05/07/2024 10:00:00", DayFirst).dates, Dates::Plain);
    }

    #[test]
    fn a_reading_changes_its_order_and_back() {
        for text in [
            "05/07/2024 10:00:00",
            "05/07 10:00:00",
            "05/07/2024 10:00:00 +0200",
        ] {
            let by_month = read(text, Unknown);
            let by_day = by_month.ordered(DayFirst);
            assert_eq!(by_day.when, read(text, DayFirst).when, "{text}");
            assert_eq!(by_day.ordered(MonthFirst), by_month, "{text}");
            assert_eq!(by_month.ordered(MonthFirst), by_month, "{text}");
        }
        let sure = read("25/07/2024 10:00:00", Unknown);
        assert_eq!(sure.ordered(MonthFirst), sure);
    }
}
