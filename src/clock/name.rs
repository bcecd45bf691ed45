//! What a file's name says of time: a date, and its place in a rotated set.

use chrono::NaiveDate;

/// Folders above a file whose names may be parts of its date (`2024/01/19/web.log`).
const FOLDERS: usize = 3;

/// A date in a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameDate {
    /// A day.
    Day(NaiveDate),
    /// A month, by its middle.
    Month(NaiveDate),
    /// A year, by its middle.
    Year(NaiveDate),
}

impl NameDate {
    /// The day, or a day in the middle.
    #[must_use]
    pub const fn middle(self) -> NaiveDate {
        match self {
            Self::Day(d) | Self::Month(d) | Self::Year(d) => d,
        }
    }
}

/// The date in a path: the finest, and of those the one nearest to the file's name.
#[must_use]
pub fn date(path: &str) -> Option<NameDate> {
    let mut parts = path.rsplit('/');
    let name = parts.next()?;
    let above: Vec<&str> = parts.take(FOLDERS).collect();
    let whole: Vec<&str> = above.iter().rev().copied().chain([name]).collect();
    let rank = |d: &NameDate| match d {
        NameDate::Day(_) => 0,
        NameDate::Month(_) => 1,
        NameDate::Year(_) => 2,
    };
    [name, &whole.join("/")]
        .into_iter()
        .flat_map(dates)
        .min_by_key(rank)
}

/// All dates in a text.
fn dates(text: &str) -> Vec<NameDate> {
    let bytes = text.as_bytes();
    let mut runs: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for run in text.split(|c: char| !c.is_ascii_digit()) {
        if !run.is_empty() {
            runs.push((at, run));
        }
        at += run.len();
        at += text[at..].chars().next().map_or(0, char::len_utf8);
    }
    let mut found = Vec::new();
    for (n, (start, run)) in runs.iter().enumerate() {
        if (8..=14).contains(&run.len()) {
            found.extend(day(&run[..4], &run[4..6], &run[6..8]).map(NameDate::Day));
        }
        if run.len() != 4 || start.checked_sub(1).is_some_and(|b| bytes[b] == b':') {
            continue;
        }
        // A run that follows behind one separator.
        let next = |n: usize| {
            let (before, own) = (runs.get(n)?, runs.get(n + 1)?);
            let end = before.0 + before.1.len();
            let joined = own.0 == end + 1 && b"-_./".contains(&bytes[end]);
            (joined && own.1.len() == 2).then_some(own.1)
        };
        let month = next(n);
        let dated = month.zip(next(n + 1)).and_then(|(m, d)| day(run, m, d));
        found.extend(
            dated
                .map(NameDate::Day)
                .or_else(|| day(run, month?, "15").map(NameDate::Month))
                .or_else(|| day(run, "07", "01").map(NameDate::Year)),
        );
    }
    found
}

fn day(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let year = year.parse().ok().filter(|y| (1990..2100).contains(y))?;
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
}

/// The rotated set that a file belongs to and its place in it, 0 the newest: `web.log` and
/// `web.log.2.gz` are 0 and 2 of one set.
#[must_use]
pub fn rotated(path: &str) -> (String, u32) {
    const PACKED: [&str; 6] = [".gz", ".zst", ".xz", ".bz2", ".lz4", ".Z"];
    const MOST: u32 = 999;
    let bare = PACKED
        .iter()
        .find_map(|e| path.strip_suffix(e))
        .unwrap_or(path);
    let number = |text: &str| {
        let digits =
            !text.is_empty() && text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit());
        digits
            .then(|| text.parse().ok())
            .flatten()
            .filter(|n| *n <= MOST)
    };
    if let Some((stem, last)) = bare.rsplit_once('.') {
        if let Some(n) = number(last) {
            return (stem.to_owned(), n);
        }
        // `web.2.log`
        if let Some((stem, n)) = stem
            .rsplit_once('.')
            .and_then(|(s, n)| Some((s, number(n)?)))
        {
            return (format!("{stem}.{last}"), n);
        }
    }
    (bare.to_owned(), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_names() {
        let found = |path| {
            date(path).map(|d| match d {
                NameDate::Day(d) => d.format("%Y-%m-%d").to_string(),
                NameDate::Month(d) => d.format("%Y-%m").to_string(),
                NameDate::Year(d) => d.format("%Y").to_string(),
            })
        };
        for (path, expected) in [
            ("logs/shop-2023-11-05.log", Some("2023-11-05")),
            ("messages-20231105.gz", Some("2023-11-05")),
            ("shop.2023_11_05.txt", Some("2023-11-05")),
            ("2023/11/05/shop.log", Some("2023-11-05")),
            ("app-20231105T0930.log", Some("2023-11-05")),
            ("audit-2023-11.log", Some("2023-11")),
            ("2021/shop-2023-11-05.log", Some("2023-11-05")),
            ("audit_2023.log", Some("2023")),
            ("case-8080/port-1234.log", None),
            ("shop-2023-13-41.log", Some("2023")),
            ("dump-1705658400.log", None),
            ("shop.log.4", None),
            ("größe-2023-11-05.log", Some("2023-11-05")),
        ] {
            assert_eq!(found(path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn places_in_rotated_sets() {
        for (path, stem, place) in [
            ("var/web.log", "var/web.log", 0),
            ("var/web.log.1", "var/web.log", 1),
            ("var/web.log.12.gz", "var/web.log", 12),
            ("var/web.3.log", "var/web.log", 3),
            ("syslog", "syslog", 0),
            ("web.2024", "web.2024", 0),
        ] {
            assert_eq!(rotated(path), (stem.to_owned(), place));
        }
    }
}
