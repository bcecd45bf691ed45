//! Durations as people write them: `2 hours and 45 minutes`, `1h50m`, `an hour and a half`.

use std::ops::Range;

/// Numbers in words.
const NUMBERS: &[(&str, f64)] = &[
    ("a", 1.0),
    ("an", 1.0),
    ("one", 1.0),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("eleven", 11.0),
    ("twelve", 12.0),
    ("fifteen", 15.0),
    ("twenty", 20.0),
    ("thirty", 30.0),
    ("forty", 40.0),
    ("forty-five", 45.0),
    ("fifty", 50.0),
    ("sixty", 60.0),
    ("ninety", 90.0),
];

/// Every duration in `text`, in minutes.
pub(crate) fn durations(text: &str) -> Vec<(Range<usize>, f64)> {
    let words = words(text);
    let mut found = Vec::new();
    let mut n = 0;
    while n < words.len() {
        match chain(text, &words, n) {
            Some((after, minutes)) => {
                if let (Some(first), Some(last)) = (words.get(n), words.get(after - 1)) {
                    found.push((first.start..last.end, minutes));
                }
                n = after;
            }
            None => n += 1,
        }
    }
    found
}

/// Runs of letters and runs of digits (with their decimal point): "1h50m" is four.
fn words(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while let Some(b) = bytes.get(at) {
        let run = |keep: &dyn Fn(&u8) -> bool| {
            bytes
                .get(at..)
                .unwrap_or_default()
                .iter()
                .take_while(|b| keep(b))
                .count()
        };
        let len = if b.is_ascii_digit() {
            let len = run(&|b| b.is_ascii_digit() || *b == b'.' || *b == b':');
            text.get(at..at + len)
                .map_or(len, |t| t.trim_end_matches(['.', ':']).len())
        } else if b.is_ascii_alphabetic() {
            run(&u8::is_ascii_alphabetic)
        } else {
            at += 1;
            continue;
        };
        found.push(at..at + len);
        at += len.max(1);
    }
    found
}

/// A chain of amounts with falling units from the word `n` on: where it ends, and its minutes.
fn chain(text: &str, words: &[Range<usize>], mut n: usize) -> Option<(usize, f64)> {
    let (mut next, mut total, mut unit) = amount(text, words, n)?;
    loop {
        n = next;
        let end = words.get(n - 1)?.end;
        let joined = |a: usize| {
            let between = words
                .get(a)
                .and_then(|w| text.get(end..w.start))
                .unwrap_or("?");
            between.trim_matches([' ', ',']).trim() == ""
        };
        let skip = usize::from(word(text, words, n).eq_ignore_ascii_case("and"));
        if !joined(n) {
            return Some((n, total));
        }
        if skip == 1 && word(text, words, n + 1) == "a" && word(text, words, n + 2) == "half" {
            return Some((n + 3, total + unit / 2.0));
        }
        match amount(text, words, n + skip) {
            Some((after, minutes, smaller)) if smaller < unit => {
                total += minutes;
                unit = smaller;
                next = after;
            }
            _ => return Some((n, total)),
        }
    }
}

fn word<'t>(text: &'t str, words: &[Range<usize>], n: usize) -> &'t str {
    words
        .get(n)
        .and_then(|r| text.get(r.clone()))
        .unwrap_or_default()
}

/// A number and its unit: the word after them, the minutes, and the unit in minutes.
fn amount(text: &str, words: &[Range<usize>], n: usize) -> Option<(usize, f64, f64)> {
    let first = word(text, words, n).to_ascii_lowercase();
    let second = word(text, words, n + 1);
    if first == "half" {
        let n = n + 1 + usize::from(matches!(second, "a" | "an"));
        let unit = minutes_in(word(text, words, n), false)?;
        return Some((n + 1, unit / 2.0, unit));
    }
    let number = match first.parse::<f64>() {
        Ok(number) => number,
        Err(_) => spelled(&first, second)?,
    };
    let compound = first.parse::<f64>().is_err() && spelled(&first, second) != spelled(&first, "");
    let at = n + 1 + usize::from(compound);
    let (Some(last), Some(name)) = (words.get(at - 1), words.get(at)) else {
        return None;
    };
    let between = text.get(last.end..name.start)?;
    if !matches!(between, "" | " " | "-") {
        return None;
    }
    let unit = minutes_in(text.get(name.clone())?, first.parse::<f64>().is_ok())?;
    Some((at + 1, number * unit, unit))
}

/// A number in words; `forty five` and `forty-five` are two.
fn spelled(first: &str, second: &str) -> Option<f64> {
    let value = |w: &str| NUMBERS.iter().find(|(name, _)| *name == w).map(|(_, v)| *v);
    let tens = value(first)?;
    match value(&second.to_ascii_lowercase()) {
        Some(ones) if tens >= 20.0 && ones < 10.0 && second.len() > 2 => Some(tens + ones),
        _ => Some(tens),
    }
}

/// Minutes in a unit; letters alone only after a number in digits.
fn minutes_in(unit: &str, digits: bool) -> Option<f64> {
    Some(match unit.to_ascii_lowercase().as_str() {
        "week" | "weeks" => 10_080.0,
        "day" | "days" => 1440.0,
        "hour" | "hours" | "hr" | "hrs" => 60.0,
        "minute" | "minutes" | "min" | "mins" => 1.0,
        "second" | "seconds" | "sec" | "secs" => 1.0 / 60.0,
        "d" if digits => 1440.0,
        "h" if digits => 60.0,
        "m" if digits => 1.0,
        "s" if digits => 1.0 / 60.0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::durations;

    fn minutes(text: &str) -> Vec<f64> {
        durations(text).into_iter().map(|(_, m)| m).collect()
    }

    #[test]
    fn written_in_many_ways() {
        assert_eq!(minutes("2 hours and 45 minutes"), [165.0]);
        assert_eq!(minutes("1h50m"), [110.0]);
        assert_eq!(minutes("4h 33m, 0h 36m"), [273.0, 36.0]);
        assert_eq!(minutes("about 2.5 hours"), [150.0]);
        assert_eq!(minutes("approximately three hours"), [180.0]);
        assert_eq!(minutes("half an hour; an hour and a half"), [30.0, 90.0]);
        assert_eq!(minutes("forty five minutes"), [45.0]);
        assert_eq!(minutes("a 40-minute outage"), [40.0]);
        assert_eq!(minutes("1 day, 2 hours"), [1560.0]);
        assert_eq!(minutes("673h 34m"), [40_414.0]);
        assert!(minutes("a hard day's night at 10:30, 5xx, a minuteman").is_empty());
    }

    #[test]
    fn places_are_exact() {
        let text = "lasted for about 2 hours and 5 minutes.";
        let found: Vec<_> = durations(text).into_iter().map(|(r, _)| &text[r]).collect();
        assert_eq!(found, ["2 hours and 5 minutes"]);
    }
}
