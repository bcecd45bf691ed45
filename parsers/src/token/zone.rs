//! Zones as logs write them: `Z`, numeric offsets, abbreviations.

use super::{Found, NOT, at_boundary, number};
use chrono::{Offset, TimeZone};

const HOUR: i32 = 3600;
const HALF: i32 = 1800;

/// Abbreviations and their seconds east of UTC. Where one is used on several
/// continents, the reading is the one met most in server logs (`CST` is
/// Chicago, `IST` is India, `BST` is London).
const ABBREVIATIONS: &[(&str, i32)] = &[
    ("ACDT", 10 * HOUR + HALF),
    ("ACST", 9 * HOUR + HALF),
    ("ADT", -3 * HOUR),
    ("AEDT", 11 * HOUR),
    ("AEST", 10 * HOUR),
    ("AKDT", -8 * HOUR),
    ("AKST", -9 * HOUR),
    ("ART", -3 * HOUR),
    ("AWST", 8 * HOUR),
    ("BRST", -2 * HOUR),
    ("BRT", -3 * HOUR),
    ("BST", HOUR),
    ("CAT", 2 * HOUR),
    ("CDT", -5 * HOUR),
    ("CEDT", 2 * HOUR),
    ("CEST", 2 * HOUR),
    ("CET", HOUR),
    ("CLST", -3 * HOUR),
    ("CLT", -4 * HOUR),
    ("COT", -5 * HOUR),
    ("CST", -6 * HOUR),
    ("EAT", 3 * HOUR),
    ("EDT", -4 * HOUR),
    ("EEST", 3 * HOUR),
    ("EET", 2 * HOUR),
    ("EST", -5 * HOUR),
    ("GMT", 0),
    ("GST", 4 * HOUR),
    ("HKT", 8 * HOUR),
    ("HST", -10 * HOUR),
    ("ICT", 7 * HOUR),
    ("IDT", 3 * HOUR),
    ("IRST", 3 * HOUR + HALF),
    ("IST", 5 * HOUR + HALF),
    ("JST", 9 * HOUR),
    ("KRAT", 7 * HOUR),
    ("KST", 9 * HOUR),
    ("MDT", -6 * HOUR),
    ("MEST", 2 * HOUR),
    ("MESZ", 2 * HOUR),
    ("MEZ", HOUR),
    ("MSD", 4 * HOUR),
    ("MSK", 3 * HOUR),
    ("MST", -7 * HOUR),
    ("MYT", 8 * HOUR),
    ("NDT", -2 * HOUR - HALF),
    ("NOVT", 7 * HOUR),
    ("NPT", 5 * HOUR + 2700),
    ("NST", -3 * HOUR - HALF),
    ("NZDT", 13 * HOUR),
    ("NZST", 12 * HOUR),
    ("PDT", -7 * HOUR),
    ("PET", -5 * HOUR),
    ("PHT", 8 * HOUR),
    ("PKT", 5 * HOUR),
    ("PST", -8 * HOUR),
    ("PYT", -4 * HOUR),
    ("SAST", 2 * HOUR),
    ("SGT", 8 * HOUR),
    ("TRT", 3 * HOUR),
    ("UT", 0),
    ("UTC", 0),
    ("UYT", -3 * HOUR),
    ("VET", -4 * HOUR),
    ("WAT", HOUR),
    ("WEST", HOUR),
    ("WET", 0),
    ("WIB", 7 * HOUR),
    ("WIT", 9 * HOUR),
    ("WITA", 8 * HOUR),
    ("YEKT", 5 * HOUR),
    ("Z", 0),
];

/// The seconds east of UTC of a zone abbreviation, spelt in capitals.
#[must_use]
pub fn by_abbreviation(name: &[u8]) -> Option<i32> {
    let at = ABBREVIATIONS
        .binary_search_by(|(n, _)| n.as_bytes().cmp(name))
        .ok()?;
    ABBREVIATIONS.get(at).map(|(_, seconds)| *seconds)
}

/// `+hh:mm`, `-hhmm`, `+hh`: seconds east of UTC.
pub fn offset(i: &[u8]) -> Found<'_, i32> {
    let (sign, rest) = match i.split_first() {
        Some((b'+', rest)) => (1, rest),
        Some((b'-', rest)) => (-1, rest),
        // U+2212, the typographer's minus, as ISO 8601 itself prefers it.
        _ => match i.strip_prefix("\u{2212}".as_bytes()) {
            Some(rest) => (-1, rest),
            None => return Err(NOT),
        },
    };
    let (rest, hours) = number(2, 2)(rest)?;
    let (rest, minutes) = minutes_after_hours(rest);
    if hours > 15 || minutes > 59 || !at_boundary(rest) {
        return Err(NOT);
    }
    let seconds = i32::try_from(hours * 3600 + minutes * 60).map_err(|_| NOT)?;
    Ok((rest, sign * seconds))
}

fn minutes_after_hours(i: &[u8]) -> (&[u8], i64) {
    let digits = i.strip_prefix(b":").unwrap_or(i);
    number(2, 2)(digits).unwrap_or((i, 0))
}

/// `Z`, `UTC`, `CEST`, `GMT+2`: a letter zone, with an offset of its own where one follows.
pub fn letters(i: &[u8]) -> Found<'_, i32> {
    let len = i.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let (name, rest) = i.split_at_checked(len).ok_or(NOT)?;
    let zone = match name {
        b"z" | b"utc" | b"gmt" => 0,
        _ if len <= 4 => by_abbreviation(name).ok_or(NOT)?,
        _ => return Err(NOT),
    };
    if matches!(name, b"UTC" | b"GMT")
        && let Ok((rest, seconds)) = short_offset(rest)
    {
        return Ok((rest, seconds));
    }
    if at_boundary(rest) {
        Ok((rest, zone))
    } else {
        Err(NOT)
    }
}

/// The offset behind `UTC` or `GMT`, which may leave out a leading zero.
fn short_offset(i: &[u8]) -> Found<'_, i32> {
    if let found @ Ok(_) = offset(i) {
        return found;
    }
    let (sign, rest) = match i.split_first() {
        Some((b'+', rest)) => (1, rest),
        Some((b'-', rest)) => (-1, rest),
        _ => return Err(NOT),
    };
    let (rest, hours) = number(1, 1)(rest)?;
    let (rest, minutes) = minutes_after_hours(rest);
    if !at_boundary(rest) {
        return Err(NOT);
    }
    let seconds = i32::try_from(hours * 3600 + minutes * 60).map_err(|_| NOT)?;
    Ok((rest, sign * seconds))
}

/// The zone behind a time of day: at once, or after one space.
pub fn suffix(i: &[u8]) -> Found<'_, i32> {
    let spaced = i.strip_prefix(b" ").unwrap_or(i);
    match offset(spaced) {
        Ok((rest, zone)) => {
            // Go says it twice: `+0100 CET`.
            let again = rest.strip_prefix(b" ").map(letters);
            Ok(match again {
                Some(Ok((rest, same))) if same == zone => (rest, zone),
                _ => (rest, zone),
            })
        }
        Err(_) => letters(spaced),
    }
}

/// Minutes east of UTC, as Db2 writes them behind its times: `-300`, `+060`.
pub fn minutes(i: &[u8]) -> Found<'_, i32> {
    let (sign, rest) = match i.split_first() {
        Some((b'+', rest)) => (60, rest),
        Some((b'-', rest)) => (-60, rest),
        _ => return Err(NOT),
    };
    let (rest, minutes) = number(3, 3)(rest)?;
    if minutes > 14 * 60 || !at_boundary(rest) {
        return Err(NOT);
    }
    Ok((rest, sign * i32::try_from(minutes).map_err(|_| NOT)?))
}

/// The zone of a place, ` Europe/Berlin`, as PHP writes it, at a wall-clock time there (in
/// nanoseconds as if it were UTC). Of an hour that comes twice it is the first.
pub fn place(i: &[u8], local: i64) -> Found<'_, i32> {
    let rest = i.strip_prefix(b" ").ok_or(NOT)?;
    let len = rest
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || b"/_+-".contains(b))
        .count();
    let (name, rest) = rest.split_at_checked(len).ok_or(NOT)?;
    if !name.contains(&b'/') {
        return Err(NOT);
    }
    let name = std::str::from_utf8(name).map_err(|_| NOT)?;
    let zone: chrono_tz::Tz = name.parse().map_err(|_| NOT)?;
    let local = chrono::DateTime::from_timestamp_nanos(local).naive_utc();
    let found = zone.offset_from_local_datetime(&local);
    let offset = found.earliest().ok_or(NOT)?.fix().local_minus_utc();
    Ok((rest, offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_are_sorted() {
        assert!(ABBREVIATIONS.is_sorted());
    }

    #[test]
    fn every_spelling() {
        let read = |s: &'static str| suffix(s.as_bytes()).map(|(_, z)| z).ok();
        assert_eq!(read("Z"), Some(0));
        assert_eq!(read("+0530"), Some(19800));
        assert_eq!(read("-07:00 x"), Some(-25200));
        assert_eq!(read(" +02"), Some(7200));
        assert_eq!(read(" CEST:"), Some(7200));
        assert_eq!(read(" GMT+2"), Some(7200));
        assert_eq!(read("UTC-03:30"), Some(-12600));
        assert_eq!(read(" - name"), None);
        assert_eq!(read(" -100 items"), None);
        assert_eq!(read(" PSTORE"), None);
        assert_eq!(read(" INFO"), None);
    }
}
