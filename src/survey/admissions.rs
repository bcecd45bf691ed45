//! What logs say themselves of how wrong their clocks are: chrony's "System clock wrong by 48.002 seconds", ntpd's steps.
//! Looked for only where clocks are found to be apart.

use super::{Rate, Survey};
use crate::cite::FileId;
use crate::source::Library;
use recon_parsers::stamp::SECOND;
use std::collections::BTreeMap;

/// Bytes of a line that are looked at.
const LINE: u64 = 2048;
/// Names of programs that set clocks, and of what they set.
const CLOCKS: [&str; 7] = [
    "chrony",
    "ntpd",
    "ntpdate",
    "timesyncd",
    "system clock",
    "time server",
    "clock skew",
];
/// How they say that it was wrong.
const WRONG: [&str; 9] = [
    "wrong", "behind", "ahead", "off by", "offset", "stepped", "step ", "skew", "slow of",
];

/// A line by which a host's clock is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Admission {
    file: FileId,
    text: String,
    /// By how much, in nanoseconds, without a sign.
    pub(super) by: i64,
}

impl Admission {
    /// Whether it is of this host of a file; of the file's own if its entries name none.
    pub(super) fn is_of(&self, file: FileId, host: &str) -> bool {
        if host.is_empty() {
            return self.file == file;
        }
        self.text.contains(&host.to_lowercase())
    }
}

/// All such lines, each way of saying it once for a service.
pub(super) fn of(files: &BTreeMap<usize, Survey>, library: &Library) -> Vec<Admission> {
    let tallies = files.values().flat_map(|part| part.services.values());
    let first = tallies.flat_map(|t| t.templates.values().filter_map(Rate::first));
    let mut bytes = Vec::new();
    let mut found = Vec::new();
    for mark in first {
        let text = &library.input(mark.cite.file).text;
        let end = mark.cite.offset + u64::from(mark.cite.len).min(LINE);
        bytes.clear();
        if text.read(mark.cite.offset, end, &mut bytes).is_err() {
            continue;
        }
        let line = String::from_utf8_lossy(&bytes).to_lowercase();
        found.extend(admitted(&line).map(|by| Admission {
            file: mark.cite.file,
            text: line,
            by,
        }));
    }
    found
}

/// By how much a line in lower case says that the clock is wrong: the number of seconds behind those words.
fn admitted(line: &str) -> Option<i64> {
    let at = CLOCKS.iter().filter_map(|w| line.find(w)).min()?;
    let said = &line[at..];
    WRONG.iter().find(|w| said.contains(**w))?;
    let words: Vec<&str> = said
        .split([' ', '=', ',', '"'])
        .filter(|w| !w.is_empty())
        .collect();
    let second = |n: usize| {
        let word = words[n].trim_start_matches(['+', '-']);
        let unit = words.get(n + 1).copied().unwrap_or_default();
        let joined = word.trim_end_matches(['.', ')', ';']).strip_suffix('s');
        let number = joined.or_else(|| unit.starts_with("sec").then_some(word));
        let number = number.or_else(|| (unit.trim_matches(['.', ')']) == "s").then_some(word))?;
        number
            .parse::<f64>()
            .ok()
            .filter(|n| n.is_finite() && *n < 1e6)
    };
    let found = (0..words.len()).find_map(second)?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
    let by = (found.abs() * SECOND as f64) as i64;
    Some(by)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_that_set_clocks_say_how_wrong_they_were() {
        let by = |line: &str| admitted(&line.to_lowercase()).map(|n| n / 1_000_000);
        let chrony = "Mar  4 06:12:00 quay3 chronyd[611]: System clock wrong by -48.002 seconds";
        assert_eq!(by(chrony), Some(48_002));
        let ntp = "ntpdate[88]: step time server 192.0.2.7 offset 143.250000 sec";
        assert_eq!(by(ntp), Some(143_250));
        let json =
            r#"{"msg":"chronyd: system clock is behind by 17.5 seconds compared to time server"}"#;
        assert_eq!(by(json), Some(17_500));
        assert_eq!(by("ntpd[7]: time stepped by -3.5s"), Some(3500));
    }

    #[test]
    fn other_numbers_of_seconds_are_none() {
        assert_eq!(admitted("chronyd[611]: selected source 192.0.2.7"), None);
        assert_eq!(
            admitted("request took 48 seconds, far behind the others"),
            None
        );
        assert_eq!(admitted("the system clock was read 3 seconds ago"), None);
    }
}
