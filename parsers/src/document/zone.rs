//! Time zones as people write them: `UTC`, `(PST)`, `GMT+1`, `Pacific Standard Time`.

use chrono::{Datelike, NaiveDate, Weekday};
use std::ops::Range;

/// A zone and where its name stands in the text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Zone {
    /// Where the name stands.
    pub(crate) range: Range<usize>,
    /// What it means.
    pub(crate) offset: Offset,
}

/// What a zone's name says about the distance from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offset {
    /// Seconds east of UTC.
    Fixed(i32),
    /// "PT", "Eastern Time": the winter offset; in summer, by the rule of the United States,
    /// an hour more.
    American(i32),
    /// The name stands for several zones: CST is Chicago's and Shanghai's.
    Ambiguous,
}

impl Offset {
    /// Seconds east of UTC, if the name and the date settle them.
    pub(crate) fn seconds(self, date: Option<NaiveDate>) -> Option<i32> {
        match self {
            Self::Fixed(s) => Some(s),
            Self::American(winter) => {
                date.map(|d| winter + i32::from(is_american_summer(d)) * 3600)
            }
            Self::Ambiguous => None,
        }
    }
}

/// Second Sunday of March to first Sunday of November, the rule since 2007.
fn is_american_summer(date: NaiveDate) -> bool {
    let sunday = |month, nth| {
        NaiveDate::from_weekday_of_month_opt(date.year(), month, Weekday::Sun, nth)
            .unwrap_or(NaiveDate::MAX)
    };
    (sunday(3, 2)..sunday(11, 1)).contains(&date)
}

const fn hours(h: i32) -> Offset {
    Offset::Fixed(h * 3600)
}

/// Abbreviations; `true` where the name in small letters is an ordinary word.
const SHORT: &[(&str, Offset, bool)] = &[
    ("UTC", hours(0), false),
    ("GMT", hours(0), false),
    ("Z", hours(0), true),
    ("PST", hours(-8), false),
    ("PDT", hours(-7), false),
    ("MST", hours(-7), false),
    ("MDT", hours(-6), false),
    ("CDT", hours(-5), false),
    ("EST", hours(-5), true),
    ("EDT", hours(-4), false),
    ("AKST", hours(-9), false),
    ("AKDT", hours(-8), false),
    ("HST", hours(-10), false),
    ("PT", Offset::American(-8 * 3600), true),
    ("MT", Offset::American(-7 * 3600), true),
    ("CT", Offset::American(-6 * 3600), true),
    ("ET", Offset::American(-5 * 3600), true),
    ("WAT", hours(1), true),
    ("CAT", hours(2), true),
    ("EAT", hours(3), true),
    ("SAST", hours(2), false),
    ("WET", hours(0), true),
    ("WEST", hours(1), true),
    ("CET", hours(1), false),
    ("CEST", hours(2), false),
    ("MEZ", hours(1), false),
    ("MESZ", hours(2), false),
    ("EET", hours(2), false),
    ("EEST", hours(3), false),
    ("MSK", hours(3), false),
    ("TRT", hours(3), false),
    ("GST", hours(4), false),
    ("PKT", hours(5), false),
    ("NPT", Offset::Fixed(20_700), false),
    ("ICT", hours(7), false),
    ("WIB", hours(7), false),
    ("SGT", hours(8), false),
    ("HKT", hours(8), false),
    ("PHT", hours(8), false),
    ("AWST", hours(8), false),
    ("JST", hours(9), false),
    ("KST", hours(9), false),
    ("AEST", hours(10), false),
    ("AEDT", hours(11), false),
    ("NZST", hours(12), false),
    ("NZDT", hours(13), false),
    ("BRT", hours(-3), false),
    ("ART", hours(-3), true),
    ("COT", hours(-5), true),
    ("PET", hours(-5), true),
    ("CLT", hours(-4), false),
    ("CST", Offset::Ambiguous, false),
    ("IST", Offset::Ambiguous, true),
    ("BST", hours(1), false),
    ("AST", Offset::Ambiguous, false),
];

/// Names in words, in small letters; longer ones first where one begins another.
const LONG: &[(&str, Offset)] = &[
    ("coordinated universal time", hours(0)),
    ("universal time", hours(0)),
    ("greenwich mean time", hours(0)),
    ("pacific standard time", hours(-8)),
    ("pacific daylight time", hours(-7)),
    ("pacific time", Offset::American(-8 * 3600)),
    ("mountain standard time", hours(-7)),
    ("mountain daylight time", hours(-6)),
    ("mountain time", Offset::American(-7 * 3600)),
    ("central standard time", hours(-6)),
    ("central daylight time", hours(-5)),
    ("eastern standard time", hours(-5)),
    ("eastern daylight time", hours(-4)),
    ("eastern time", Offset::American(-5 * 3600)),
    ("central european summer time", hours(2)),
    ("central european time", hours(1)),
    ("eastern european summer time", hours(3)),
    ("eastern european time", hours(2)),
    ("british summer time", hours(1)),
    ("india standard time", Offset::Fixed(19_800)),
    ("indian standard time", Offset::Fixed(19_800)),
    ("west africa standard time", hours(1)),
    ("west africa time", hours(1)),
    ("west african time", hours(1)),
    ("west central africa standard", hours(1)),
    ("central africa time", hours(2)),
    ("central african time", hours(2)),
    ("east africa time", hours(3)),
    ("east african time", hours(3)),
    ("east africa standard time", hours(3)),
    ("south africa standard time", hours(2)),
    ("south african standard time", hours(2)),
    ("japan standard time", hours(9)),
    ("singapore time", hours(8)),
];

/// The zone that follows a clock time ending at `from`: `10:30 UTC`, `10:30 (GMT+1)`, and,
/// if the time has a date, `10:30-05:00`, which else is a time span.
pub(crate) fn after(text: &str, from: usize, dated: bool) -> Option<Zone> {
    let rest = text.get(from..)?;
    let distance = signed(rest).filter(|(_, len)| *len > 3 && (dated || rest.starts_with('+')));
    if let Some((offset, len)) = distance {
        return Some(Zone {
            range: from..from + len,
            offset,
        });
    }
    let lead = rest.len() - rest.trim_start_matches([' ', ',', '(', '[', '-']).len();
    // A comma or a dash between may begin another thought; a word that is a zone is still one.
    (lead <= 3).then(|| at(text, from + lead)).flatten()
}

/// The zone whose name begins at `from`.
pub(crate) fn at(text: &str, from: usize) -> Option<Zone> {
    let rest = text.get(from..)?;
    let (offset, mut len) = long(rest).or_else(|| short(rest))?;
    let mut offset = offset;
    if offset == hours(0) {
        let tail = rest.get(len..).unwrap_or_default();
        let gap = tail.len() - tail.trim_start_matches(' ').len();
        if let Some((shift, n)) = tail.get(gap..).and_then(signed).filter(|_| gap <= 1) {
            offset = shift;
            len += gap + n;
        }
    }
    Some(Zone {
        range: from..from + len,
        offset,
    })
}

/// A zone named in a heading or a note above a list: "Timeline (all times in UTC)".
pub(crate) fn anywhere(text: &str) -> Option<Zone> {
    let starts = text.char_indices().filter(|(n, c)| {
        c.is_ascii_alphabetic()
            && !text
                .as_bytes()
                .get(n.wrapping_sub(1))
                .is_some_and(u8::is_ascii_alphanumeric)
    });
    starts.map(|(n, _)| n).find_map(|n| at(text, n))
}

fn ends_word(rest: &str, len: usize) -> bool {
    !rest
        .as_bytes()
        .get(len)
        .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_')
}

fn long(rest: &str) -> Option<(Offset, usize)> {
    LONG.iter()
        .find(|(name, _)| {
            rest.get(..name.len())
                .is_some_and(|t| t.eq_ignore_ascii_case(name))
                && ends_word(rest, name.len())
        })
        .map(|(name, offset)| (*offset, name.len()))
}

fn short(rest: &str) -> Option<(Offset, usize)> {
    let (name, offset, _) = SHORT.iter().find(|(name, _, word)| {
        let same = rest
            .get(..name.len())
            .is_some_and(|t| t == *name || (!word && t.eq_ignore_ascii_case(name)));
        same && ends_word(rest, name.len())
    })?;
    Some((*offset, name.len()))
}

/// `+1`, `-05:00`, `+0530`: a distance from UTC.
fn signed(rest: &str) -> Option<(Offset, usize)> {
    let sign = match rest.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = |from: usize| {
        rest.get(from..)
            .unwrap_or_default()
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count()
    };
    let number = |r: Range<usize>| rest.get(r).and_then(|t| t.parse::<i32>().ok());
    let n = digits(1);
    let (h, m, len) = match n {
        1 | 2 if rest.as_bytes().get(1 + n) == Some(&b':') && digits(2 + n) == 2 => {
            (number(1..1 + n)?, number(2 + n..4 + n)?, 4 + n)
        }
        1 | 2 => (number(1..1 + n)?, 0, 1 + n),
        4 => (number(1..3)?, number(3..5)?, 5),
        _ => return None,
    };
    (h <= 14 && m < 60 && ends_word(rest, len))
        .then_some((Offset::Fixed(sign * (h * 3600 + m * 60)), len))
}

#[cfg(test)]
mod tests {
    use super::{Offset, after, anywhere};
    use chrono::NaiveDate;

    #[test]
    fn names_and_distances() {
        let found =
            |text: &str| after(text, 5, false).map(|z| (text[z.range].to_owned(), z.offset));
        let fixed = |name: &str, s| Some((name.to_owned(), Offset::Fixed(s)));
        assert_eq!(found("10:30 UTC"), fixed("UTC", 0));
        assert_eq!(found("10:30 (GMT+1)"), fixed("GMT+1", 3600));
        assert_eq!(found("10:30+05:30"), fixed("+05:30", 19_800));
        assert_eq!(found("10:30 (UTC-5) x"), fixed("UTC-5", -18_000));
        assert_eq!(
            found("10:30 Pacific Standard Time"),
            fixed("Pacific Standard Time", -28_800)
        );
        assert_eq!(found("10:30 eat lunch"), None);
        assert_eq!(
            found("10:30 CST"),
            Some(("CST".to_owned(), Offset::Ambiguous))
        );
        assert_eq!(found("10:30 the PST"), None);
    }

    #[test]
    fn american_summer_follows_the_date() {
        let pt = anywhere("Timeline (all times PT)").map(|z| z.offset);
        let on = |m, d| pt.and_then(|o| o.seconds(NaiveDate::from_ymd_opt(2024, m, d)));
        assert_eq!(on(1, 15), Some(-8 * 3600));
        assert_eq!(on(7, 15), Some(-7 * 3600));
        assert_eq!(pt.and_then(|o| o.seconds(None)), None);
    }
}
