//! The zone that the head of a file states for all of its times: `# ops, all times UTC-05:00`,
//! `Time zone: Europe/Berlin`, `tz=UTC+10:00`, `Exported in America/Lima`.

use super::dating::Undated;
use super::sample::excerpt;
use crate::clock::Zone;
use recon_parsers::cut::Shape;
use recon_parsers::token::zone::by_abbreviation;
use std::io;

/// Bytes of a head.
const HEAD: u64 = 4096;
/// Lines of a head.
const LINES: usize = 40;
/// Words between "times" and the zone that they are in, at most.
const APART: usize = 7;

/// What the head says: what stands before the first entry, and comments near it.
pub(super) fn zone(file: &Undated<'_>) -> io::Result<Option<Zone>> {
    if !matches!(file.detected.shape, Shape::Lines | Shape::Csv) {
        return Ok(None);
    }
    let head = excerpt(file.input, 0, HEAD)?;
    let first = file.samples.iter().map(|s| s.offset).min();
    let mut begin = 0;
    for line in head.split(|b| *b == b'\n').take(LINES) {
        let before = first.is_none_or(|f| begin < f);
        begin += line.len() as u64 + 1;
        let Ok(text) = std::str::from_utf8(line) else {
            continue;
        };
        // What a program tells of its zone in a value of JSON may be anybody's.
        let data = text.trim_start().starts_with(['{', '<']);
        if (before || is_comment(text))
            && !data
            && let Some(zone) = stated(text)
        {
            return Ok(Some(zone));
        }
    }
    Ok(None)
}

fn is_comment(line: &str) -> bool {
    let marks = ["#", "//", "--", ";", "==", "**", "%"];
    marks.iter().any(|m| line.trim_start().starts_with(m))
}

/// Words behind which, as behind [`ZONE`], a zone is that of the times.
const KEYS: &[&str] = &[
    "times",
    "timestamps",
    "time",
    "timestamp",
    "datetime",
    "date",
    "dates",
    "clock",
    "clocks",
    "hours",
    "exported",
    "zeitzone",
    "zeiten",
    "uhrzeiten",
    "zeit",
    "uhrzeit",
    "fuseau",
    "heures",
    "horaires",
    "zona",
    "horas",
    "horarios",
    "fuso",
];

/// Words that are followed by nothing but zones.
const ZONE: &[&str] = &[
    "timezone",
    "time-zone",
    "time_zone",
    "zone",
    "tz",
    "utc-offset",
    "utc_offset",
    "utcoffset",
];

/// Words in front of which a zone is that of the times: "PST timestamps".
const BEHIND: &[&str] = &["time", "times", "timestamps"];

/// The zone that a line states for the times of its file.
fn stated(line: &str) -> Option<Zone> {
    let words: Vec<&str> = line
        .split(|c: char| c.is_whitespace() || "()[]{}<>|,;=\"'`*".contains(c))
        .flat_map(parted)
        .filter(|w| !w.is_empty())
        .collect();
    let is = |at: usize, of: &[&str]| {
        let word = words.get(at).map(|w| w.to_lowercase());
        word.is_some_and(|w| of.contains(&w.as_str()))
    };
    let is_clock = |w: &&str| w.contains(':') && w.starts_with(|c: char| c.is_ascii_digit());
    let timed = words.iter().any(is_clock);
    let mut key: Option<usize> = None;
    for at in 0..words.len() {
        let Some((zone, sure, len)) = zone_at(&words, at) else {
            if is(at, KEYS) || is(at, ZONE) {
                key = Some(at);
            } else if words[at].starts_with(|c: char| c.is_ascii_digit()) {
                // A time of its own, and its zone.
                key = None;
            }
            continue;
        };
        let told = key.is_some_and(|k| at - k <= APART) || is(at + len, BEHIND);
        if told || sure && !timed {
            return Some(zone);
        }
    }
    None
}

/// `tz:UTC` are two words, `+05:30` is one.
fn parted(word: &str) -> impl Iterator<Item = &str> {
    let word = word.trim_matches(|c: char| ":.!#".contains(c));
    let named = word.split_once(':').filter(|(name, _)| {
        name.len() > 1 && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_')
    });
    let (first, second) = named.unwrap_or((word, ""));
    [first, second].into_iter()
}

/// The zone that begins with a word, whether it is one without more, and its words.
fn zone_at(words: &[&str], at: usize) -> Option<(Zone, bool, usize)> {
    let word = words.get(at)?.replace('\u{2212}', "-");
    let next = words.get(at + 1).map(|w| w.replace('\u{2212}', "-"));
    if word.contains('/') {
        return place(&word).map(|zone| (zone, true, 1));
    }
    if word.starts_with(['+', '-']) {
        // `-5` is any number, except behind `tz`.
        let long =
            word.len() > 4 || at > 0 && ZONE.contains(&words[at - 1].to_lowercase().as_str());
        return long
            .then(|| word.parse().ok())?
            .map(|zone| (zone, false, 1));
    }
    let upper = word.to_ascii_uppercase();
    if let Some(distance) = ["UTC", "GMT"].iter().find_map(|z| upper.strip_prefix(z)) {
        if !distance.is_empty() {
            return distance.parse().ok().map(|zone| (zone, true, 1));
        }
        let apart = next.filter(|n| n.starts_with(['+', '-']));
        if let Some(zone) = apart.and_then(|n| n.parse().ok()) {
            return Some((zone, true, 2));
        }
        return Some((Zone::UTC, false, 1));
    }
    if word == "Z" {
        return Some((Zone::UTC, false, 1));
    }
    let of = next.map(|n| n.to_lowercase());
    let long = match (word.to_lowercase().as_str(), of.as_deref()) {
        ("pacific", Some("time")) => "America/Los_Angeles",
        ("mountain", Some("time")) => "America/Denver",
        ("central", Some("time")) => "America/Chicago",
        ("eastern", Some("time")) => "America/New_York",
        _ => "",
    };
    if let Some(zone) = place(long) {
        return Some((zone, false, 2));
    }
    // Shouted, cats and pets are zones too.
    if !words
        .iter()
        .any(|w| w.bytes().any(|b| b.is_ascii_lowercase()))
    {
        return None;
    }
    let called = match word.as_str() {
        "PT" => place("America/Los_Angeles"),
        "MT" => place("America/Denver"),
        "CT" => place("America/Chicago"),
        "ET" => place("America/New_York"),
        name if (3..6).contains(&name.len()) => by_abbreviation(name.as_bytes()).map(Zone::Fixed),
        _ => None,
    };
    called.map(|zone| (zone, false, 1))
}

/// A zone by its place: `Europe/Berlin`; or by its two names: `PST/PDT`.
fn place(name: &str) -> Option<Zone> {
    let both = match name {
        "PST/PDT" => "America/Los_Angeles",
        "MST/MDT" => "America/Denver",
        "CST/CDT" => "America/Chicago",
        "EST/EDT" => "America/New_York",
        "CET/CEST" | "MEZ/MESZ" => "Europe/Berlin",
        "EET/EEST" => "Europe/Helsinki",
        "GMT/BST" => "Europe/London",
        "UTC/GMT" | "GMT/UTC" => "Etc/UTC",
        other => other,
    };
    both.contains('/').then(|| both.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::stated;

    fn zone(line: &str) -> Option<String> {
        stated(line).map(|z| z.to_string())
    }

    #[test]
    fn heads_state_zones_in_many_ways() {
        for (line, name) in [
            ("# harbour-duty, all times UTC-03:30", "-03:30"),
            ("=== duty === (times are UTC+10:00)", "+10:00"),
            ("Time zone: UTC-05:00", "-05:00"),
            ("# duty | exported by keeper | tz=UTC+5:30", "+05:30"),
            ("Exported in Europe/Berlin", "Europe/Berlin"),
            ("All timestamps in PST", "-08:00"),
            ("Timezone: (UTC+01:00) Amsterdam, Berlin", "+01:00"),
            ("# TZ: America/Lima", "America/Lima"),
            (
                "// times shown in Pacific Time (US & Canada)",
                "America/Los_Angeles",
            ),
            ("Zeitzone: MEZ", "+01:00"),
            ("Time (GMT +2),Name,Text", "+02:00"),
            ("utc_offset = -0700", "-07:00"),
            ("all times CET/CEST", "Europe/Berlin"),
            ("-- all of this is UTC time", "UTC"),
            ("timezone=Z", "UTC"),
            ("Times: UTC\u{2212}03:00", "-03:00"),
        ] {
            assert_eq!(zone(line).as_deref(), Some(name), "{line}");
        }
    }

    #[test]
    fn what_speaks_of_no_zone_states_none() {
        for line in [
            "# exported on 2024-03-05 18:00 UTC by keeper",
            "# created 2024-03-05 18:00:00 +0200",
            "Date: 5 March 2024, 9:00 PST",
            "#Fields: date time cs-uri-stem",
            "duty channel, UTC",
            "TIME FOR ART AND THE CAT",
            "times are hard -5",
            "see docs/zones and src/clock",
            "",
        ] {
            assert_eq!(zone(line), None, "{line}");
        }
    }
}
