//! Every spelling of a time that `token::time` knows.

use proptest::prelude::*;
use recon_parsers::stamp::{Precision, Reading, When};
use recon_parsers::token::date::Order;
use recon_parsers::token::{Found, time};

fn notation(found: Found<'_, Reading>) -> Option<(String, usize)> {
    found.ok().map(|(rest, r)| (r.notation(), rest.len()))
}

fn spelt(text: &str) -> Option<(String, usize)> {
    notation(time::any(Order::Unknown)(text.as_bytes()))
}

#[test]
fn spellings() {
    let whole = [
        // ISO 8601 and its neighbours
        ("2024-01-19T10:30:02Z", "2024-01-19T10:30:02Z"),
        ("2024-01-19T10:30:02.118Z", "2024-01-19T10:30:02.118Z"),
        ("2024-01-19t10:30:02.118z", "2024-01-19T10:30:02.118Z"),
        ("2024-01-19 10:30:02,118", "2024-01-19T10:30:02.118"),
        ("2024-01-19 10:30:02:118", "2024-01-19T10:30:02.118"),
        (
            "2024-01-19T10:30:02.123456789+01:00",
            "2024-01-19T09:30:02.123456789Z",
        ),
        ("2024-01-19T10:30:02+0530", "2024-01-19T05:00:02Z"),
        ("2024-01-19 10:30:02 +0100", "2024-01-19T09:30:02Z"),
        ("2024-01-19 10:30:02-08", "2024-01-19T18:30:02Z"),
        ("2024-01-19T10:30Z", "2024-01-19T10:30:00Z"),
        ("2024-01-19 10:30", "2024-01-19T10:30:00"),
        ("2024-01-19 10:30:02.118 UTC", "2024-01-19T10:30:02.118Z"),
        ("2024-07-19 10:30:02 CEST", "2024-07-19T08:30:02Z"),
        ("2024-07-19 10:30:02 PDT", "2024-07-19T17:30:02Z"),
        ("2024-01-19_10:30:02", "2024-01-19T10:30:02"),
        (
            "2024-01-19 10:30:02.118 +0100 CET",
            "2024-01-19T09:30:02.118Z",
        ),
        ("2024-01-19 10:30:02 Europe/Berlin", "2024-01-19T09:30:02Z"),
        ("2024-07-19 10:30:02 Europe/Berlin", "2024-07-19T08:30:02Z"),
        ("2024-01-19 Fri 10:30:02", "2024-01-19T10:30:02"),
        ("2024-01-19 time=10:30:02", "2024-01-19T10:30:02"),
        ("2024 Jan 19 10:30:02.118 UTC", "2024-01-19T10:30:02.118Z"),
        ("2024 01 19 10:30:02", "2024-01-19T10:30:02"),
        ("2024年01月19日 10:30:02", "2024-01-19T10:30:02"),
        ("20240119103002118", "2024-01-19T10:30:02.118"),
        ("240119-10:30:02.118", "2024-01-19T10:30:02.118"),
        (
            "2024-01-19-10.30.02.123456-300",
            "2024-01-19T15:30:02.123456Z",
        ),
        ("19/1/2024 -- 10:30:02", "2024-01-19T10:30:02"),
        ("01/19-10:30:02.118042", "--01-19T10:30:02.118042"),
        ("19/01 10:30:02", "--01-19T10:30:02"),
        ("jan/19/2024 10:30:02", "2024-01-19T10:30:02"),
        ("January 19th, 2024 10:30:02", "2024-01-19T10:30:02"),
        ("19th of January 2024 10:30:02", "2024-01-19T10:30:02"),
        ("19 de janeiro de 2024 10:30:02", "2024-01-19T10:30:02"),
        ("19-JAN-24 10.30.02.118000 PM", "2024-01-19T22:30:02.118000"),
        ("1月 19 10:30:02", "--01-19T10:30:02"),
        ("2024-01-19, 10:30:02", "2024-01-19T10:30:02"),
        ("2024-01-19\t10:30:02", "2024-01-19T10:30:02"),
        ("2024-01-19-10.30.02.123456", "2024-01-19T10:30:02.123456"),
        ("2024-1-9 9:05:02", "2024-01-09T09:05:02"),
        ("2024/01/19 10:30:02.123456", "2024-01-19T10:30:02.123456"),
        ("2024.01.19 10:30:02", "2024-01-19T10:30:02"),
        ("20240119T103002Z", "2024-01-19T10:30:02Z"),
        ("20240119 103002", "2024-01-19T10:30:02"),
        ("20240119 10:30:02.118", "2024-01-19T10:30:02.118"),
        ("20240119-0:5:9:6", "2024-01-19T00:05:09.006"),
        ("20240119-10:30:02:118", "2024-01-19T10:30:02.118"),
        ("2024-1-9 9:5:2", "2024-01-09T09:05:02"),
        ("20240119103002", "2024-01-19T10:30:02"),
        ("2024-Jan-19 10:30:02", "2024-01-19T10:30:02"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
        // syslog and ctime
        ("Jan  2 15:04:05", "--01-02T15:04:05"),
        ("Jan 19 10:30:02.118", "--01-19T10:30:02.118"),
        ("Jan 19 2024 10:30:02", "2024-01-19T10:30:02"),
        ("Jan 19 10:30:02 2024", "2024-01-19T10:30:02"),
        ("Fri Jan 19 10:30:02 2024", "2024-01-19T10:30:02"),
        (
            "Fri Jan 19 10:30:02.123456 2024",
            "2024-01-19T10:30:02.123456",
        ),
        ("Fri Jan 19 10:30:02 UTC 2024", "2024-01-19T10:30:02Z"),
        ("Fri Jan 19 10:30:02 2024 +0100", "2024-01-19T09:30:02Z"),
        ("*Jan 19 10:30:02.118", "--01-19T10:30:02.118"),
        ("Jan 19 10:30:02.118 UTC", "--01-19T10:30:02.118Z"),
        ("Fri Jan 19 10:30:02", "--01-19T10:30:02"),
        ("Jan 19, 2024 3:04:05 PM", "2024-01-19T15:04:05"),
        ("January 19, 2024 at 3:04 PM", "2024-01-19T15:04:00"),
        (
            "Jan 19, 2024 12:04:05,118 AM PST",
            "2024-01-19T08:04:05.118Z",
        ),
        // day before month
        ("19/Jan/2024:10:30:02 +0000", "2024-01-19T10:30:02Z"),
        ("19-Jan-2024 10:30:02.118", "2024-01-19T10:30:02.118"),
        ("19-JAN-2024::10:30:02", "2024-01-19T10:30:02"),
        ("Fri, 19 Jan 2024 10:30:02 GMT", "2024-01-19T10:30:02Z"),
        ("Friday, 19-Jan-24 10:30:02 UTC", "2024-01-19T10:30:02Z"),
        ("19 Jan 10:30:02.118", "--01-19T10:30:02.118"),
        ("19 janv. 2024 10:30:02", "2024-01-19T10:30:02"),
        ("3 août 2024 10:30:02", "2024-08-03T10:30:02"),
        ("3 Okt 2024 10:30:02", "2024-10-03T10:30:02"),
        ("19Jan2024 10:30:02", "2024-01-19T10:30:02"),
        // numbers alone
        ("01/19/2024 3:04:05 PM", "2024-01-19T15:04:05"),
        ("19/01/2024 10:30:02", "2024-01-19T10:30:02"),
        ("19.01.2024 10:30:02", "2024-01-19T10:30:02"),
        ("02.01.2024 10:30:02", "2024-01-02T10:30:02"),
        ("24/01/19 10:30:02", "2024-01-19T10:30:02"),
        ("01/19/24 10:30:02", "2024-01-19T10:30:02"),
        ("240119 10:30:02", "2024-01-19T10:30:02"),
        ("240119  9:05:02", "2024-01-19T09:05:02"),
        ("240119 103002", "2024-01-19T10:30:02"),
        ("01-19 10:30:02.118", "--01-19T10:30:02.118"),
        ("I0119 10:30:02.123456", "--01-19T10:30:02.123456"),
        ("I20240119 10:30:02.123456", "2024-01-19T10:30:02.123456"),
    ];
    for (text, want) in whole {
        assert_eq!(spelt(text), Some((want.to_owned(), 0)), "{text}");
        let followed = format!("{text} - worker-2 said 7");
        let rest = " - worker-2 said 7".len();
        assert_eq!(
            spelt(&followed),
            Some((want.to_owned(), rest)),
            "{followed}"
        );
    }
}

#[test]
fn a_known_order_decides_ambiguous_dates() {
    let read = |order, text: &'static str| notation(time::any(order)(text.as_bytes())).map(|r| r.0);
    let text = "02/01/2024 10:30:02";
    assert_eq!(
        read(Order::Unknown, text).as_deref(),
        Some("2024-02-01T10:30:02")
    );
    assert_eq!(
        read(Order::DayFirst, text).as_deref(),
        Some("2024-01-02T10:30:02")
    );
    let text = "02/01/24 10:30:02";
    assert_eq!(
        read(Order::YearFirst, text).as_deref(),
        Some("2002-01-24T10:30:02")
    );
}

#[test]
fn what_is_no_time() {
    for text in [
        "",
        "2024-13-19 10:30:02",
        "2023-02-29T10:30:02Z",
        "2024-01-19",
        "2024-01-19T25:30:02Z",
        "Jan 32 10:30:02",
        "January",
        "Maybe 12 10:30:02",
        "10:30:02",
        "192.0.2.10 10:30:02",
        "123456 items",
        "Info 10:30:02",
        "0001-01-01T00:00:00Z",
    ] {
        assert_eq!(spelt(text), None, "{text}");
    }
}

#[test]
fn times_without_a_date() {
    let clock = |t: &'static str| notation(time::time_of_day(t.as_bytes())).map(|r| r.0);
    assert_eq!(
        clock("10:30:02.118 [main]").as_deref(),
        Some("T10:30:02.118")
    );
    assert_eq!(clock("10:30:02 UTC").as_deref(), Some("T10:30:02Z"));
    assert_eq!(clock("10:30"), None);
    let uptime = |t: &'static str| notation(time::uptime(t.as_bytes())).map(|r| r.0);
    assert_eq!(uptime("12.345678] usb").as_deref(), Some("+12.345678s"));
}

proptest! {
    /// What is rendered from an instant parses back to it, whatever is around it.
    #[test]
    fn rendered_stamps_parse_back(seconds in 0i64..4_000_000_000, nanos in 0i64..1_000_000_000, digits in 0u8..=9) {
        let unit = 10i64.pow(u32::from(9 - digits));
        let at = Reading::instant(seconds * 1_000_000_000 + nanos / unit * unit, digits);
        let text = at.notation();
        let (rest, back) = time::iso(text.as_bytes()).expect("our own notation");
        prop_assert!(rest.is_empty());
        prop_assert_eq!(back, at);
    }

    /// The same for every offset: the wall clock differs, the instant does not.
    #[test]
    fn offsets_cancel_out(seconds in 86_400i64..4_000_000_000, minutes in -840i32..=840) {
        let wall = Reading::local((seconds + i64::from(minutes) * 60) * 1_000_000_000, 0);
        let sign = if minutes < 0 { '-' } else { '+' };
        let text = format!("{}{sign}{:02}:{:02}", wall.notation(), minutes.abs() / 60, minutes.abs() % 60);
        let (_, back) = time::iso(text.as_bytes()).expect("a stamp with an offset");
        prop_assert_eq!(back.when, When::Instant(seconds * 1_000_000_000));
        prop_assert_eq!(back.precision, Precision::Fraction(0));
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let _ = time::any(Order::Unknown)(&bytes);
        let _ = time::time_of_day(&bytes);
        let _ = time::uptime(&bytes);
    }

    /// Digits and marks in no order: nearer to times than arbitrary bytes are.
    #[test]
    fn near_times_are_survived(text in "[0-9]{1,4}[-/. ]?[0-9A-Za-z]{1,4}[-/. :T]?[0-9]{1,4}[ :T._-]{0,2}[0-9:.,]{0,18}[ +-]?[A-Z0-9:]{0,6}") {
        for order in [Order::Unknown, Order::DayFirst, Order::MonthFirst, Order::YearFirst] {
            if let Ok((rest, _)) = time::any(order)(text.as_bytes()) {
                prop_assert!(rest.len() < text.len());
            }
        }
    }
}
