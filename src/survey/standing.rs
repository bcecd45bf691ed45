//! What speaks for each clock where two of them disagree.

use super::Sightings;
use super::admissions::Admission;
use super::align::Clock;
use crate::cite::FileId;
use crate::clock::skew::Standing;
use crate::ingest::FilePlan;
use std::collections::{BTreeMap, BTreeSet};

/// What speaks for each clock.
pub(super) fn standing(
    sightings: &Sightings,
    clocks: &[Clock],
    names: &BTreeMap<Clock, (Option<String>, bool)>,
    plans: &[FilePlan],
    admitted: &[Admission],
) -> Vec<Standing> {
    let (mut voices, mut machines) = (Places::default(), Places::default());
    let seen = ids_seen(sightings, clocks);
    let one = |(clock, seen): (&Clock, usize)| {
        let host = names[clock].0.as_deref().unwrap_or_default();
        let service = plans.iter().find(|p| p.file == clock.0);
        let service = service.map_or("", |p| p.service.as_str());
        let stem = stem(host);
        let machine = if is_pod(host) { stem } else { host };
        // A file whose entries name no host, and whose service nothing tells, speaks for itself.
        let own = if service.is_empty() && host.is_empty() {
            Some(clock.0)
        } else {
            None
        };
        let admits = admitted.iter().filter(|a| a.is_of(clock.0, host));
        Standing {
            voice: voices.of((own, service.to_owned(), stem.to_owned())),
            machine: machines.of((own, service.to_owned(), machine.to_owned())),
            seen,
            admits: admits.map(|a| a.by).collect(),
        }
    };
    clocks.iter().zip(seen).map(one).collect()
}

/// Numbers for things that are told apart.
#[derive(Default)]
struct Places(BTreeMap<(Option<FileId>, String, String), usize>);

impl Places {
    fn of(&mut self, thing: (Option<FileId>, String, String)) -> usize {
        let next = self.0.len();
        *self.0.entry(thing).or_insert(next)
    }
}

/// What the names of a service's pods and machines have in common: `berths` of `berths-7d9f8-x2lqp` and `berths2.quay`.
fn stem(host: &str) -> &str {
    let first = host.split('.').next().unwrap_or(host);
    let digit = first.find(|c: char| c.is_ascii_digit());
    let Some(digit) = digit else { return first };
    let part = first[..digit].rfind(['-', '_']);
    let stem = part.map_or(&first[..digit], |end| &first[..end]);
    if stem.is_empty() { host } else { stem }
}

/// Whether a name is drawn for one of many pods: it ends in a hash and five characters.
fn is_pod(host: &str) -> bool {
    let drawn = |part: &str| {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        (5..=10).contains(&part.len()) && part.bytes().all(plain)
    };
    let mut parts = host.rsplit('-');
    let (last, hash) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let named = parts.next().is_some();
    named
        && last.len() == 5
        && drawn(last)
        && drawn(hash)
        && hash.bytes().any(|b| b.is_ascii_digit())
}

/// How many of the ids that were kept each clock saw.
fn ids_seen(sightings: &Sightings, clocks: &[Clock]) -> Vec<usize> {
    let mut seen = vec![0; clocks.len()];
    for (_, _, by) in sightings.all().filter(|(alert, ..)| !alert) {
        let own: BTreeSet<Clock> = by.iter().map(|(w, _)| (w.file, w.host)).collect();
        for clock in own {
            if let Ok(place) = clocks.binary_search(&clock) {
                seen[place] += 1;
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_for_a_pod_is_no_part_of_its_service() {
        assert_eq!(stem("berths-7d9f8-x2lqp"), "berths");
        assert_eq!(stem("tide-table-66d4b9c5f-zz9tk"), "tide-table");
        assert_eq!(stem("berths2.quay.example"), "berths");
        assert_eq!(stem("harbour"), "harbour");
        assert_eq!(stem("10.0.0.7"), "10.0.0.7");
        assert!(is_pod("berths-7d9f8-x2lqp") && !is_pod("berths-2"));
        assert!(!is_pod("tide-table-store"));
    }
}
