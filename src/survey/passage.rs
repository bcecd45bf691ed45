//! An entry that has the id of a request, as far as the comparison of clocks and the trails of
//! requests ask: told by a whole record, or by a glance that was sure of all of it.

use super::request::outcome;
use super::{What, operation_into, outcome_of};
use crate::cite::Cite;
use crate::ingest::{Event, Sighting};
use crate::template::{hash, place};
use recon_parsers::glance::{Glance, Request};
use recon_parsers::record::field;
use recon_parsers::{Kind, Level, Stamp, Value, When};

/// Shorter texts are no ids.
const SHORTEST: usize = 3;

/// An entry of a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passage<'e> {
    /// The hash of the request's id.
    pub(super) id: u64,
    /// When.
    pub(super) at: Stamp,
    /// The time as the entry states it.
    pub(super) stated: When,
    /// The time is that of receipt.
    pub(super) received: bool,
    /// Where.
    pub(super) cite: Cite,
    /// The service it is about.
    pub(super) service: &'e str,
    /// Who wrote it; empty if the entry does not say.
    pub(super) host: &'e str,
    /// How long it took, in milliseconds.
    pub(super) latency_ms: Option<f64>,
    /// How bad it is.
    pub(super) level: Option<Level>,
    /// It is a step of the request: a log line, or the request served.
    pub(super) step: bool,
    /// How the request ended, if it was served.
    pub(super) outcome: Option<What>,
    method: Option<&'e str>,
    path: Option<&'e str>,
    message: &'e str,
}

impl<'e> Passage<'e> {
    /// As a record tells it; `None` without an id or without a time.
    pub(super) fn of_event(event: &Event<'e, '_>) -> Option<Self> {
        let record = event.record;
        Some(Self {
            id: ident(record.fields.get(field::REQUEST_ID)?)?,
            at: event.at?,
            stated: record.at?.when,
            received: record.received,
            cite: event.cite,
            service: event.service,
            host: record.host.as_deref().unwrap_or_default(),
            latency_ms: record.fields.get(field::LATENCY_MS).and_then(Value::as_f64),
            level: record.level,
            step: matches!(record.kind, Kind::Log | Kind::Access),
            outcome: outcome(record),
            method: record.fields.text(field::METHOD),
            path: record.fields.text(field::PATH),
            message: &record.message,
        })
    }

    /// As a glance tells it that [`Glance::follows`]; `None` without a time.
    pub(super) fn of_glance(id: u64, seen: &Sighting<'e>) -> Option<Self> {
        let glance: &'e Glance<'e> = seen.glance;
        let request: Option<&'e Request<'e>> = glance.request.as_ref();
        let path = request.and_then(|r| r.path.as_deref());
        Some(Self {
            id,
            at: seen.at?,
            stated: glance.at?.when,
            received: false,
            cite: seen.cite,
            service: seen.service,
            host: glance.host.as_deref().unwrap_or_default(),
            latency_ms: glance.latency_ms,
            level: glance.level,
            step: true,
            outcome: request.and_then(|r| outcome_of(r.status, path)),
            method: request.and_then(|r| r.method.as_deref()),
            path,
            message: &glance.message,
        })
    }

    /// What is said, the same for all that say the same but for their values.
    pub(super) fn words(&self) -> u64 {
        if self.outcome.is_none() {
            return place(self.message).0;
        }
        let mut operation = String::new();
        operation_into(&mut operation, self.method, self.path);
        hash(operation.as_bytes(), 2)
    }
}

/// The hash of an id, however its letters are spelt.
fn ident(id: &Value<'_>) -> Option<u64> {
    match id {
        Value::Text(t) if t.len() >= SHORTEST => Some(name(t, 0)),
        Value::Int(n) if *n > 99 => Some(name(&n.to_string(), 0)),
        _ => None,
    }
}

/// What of an id its request has wherever it goes. Amazon's load balancers write `Root=1-65aa4f1a-3f1b…` with its time in
/// the middle, perhaps behind a `Self=…;` of their own; a `traceparent` says with each hop anew who asks.
fn lasting(id: &str) -> &str {
    let hex = |t: &str| t.len() >= 8 && t.bytes().all(|b| b.is_ascii_hexdigit());
    if let Some(trace) = id.strip_prefix("00-") {
        let trace = trace.split('-').next().unwrap_or_default();
        return if trace.len() == 32 && hex(trace) {
            trace
        } else {
            id
        };
    }
    let root = match id.as_bytes().first() {
        Some(b'1') => id,
        Some(b'R' | b'S') => id
            .split(';')
            .find_map(|p| p.strip_prefix("Root="))
            .unwrap_or(id),
        _ => return id,
    };
    let own = || {
        let (time, own) = root.strip_prefix("1-")?.split_once('-')?;
        let own = own.split(';').next()?;
        (time.len() == 8 && hex(time) && hex(own)).then_some(own)
    };
    own().unwrap_or(id)
}

/// The bit that tells a small letter from a capital one; digits have it.
const LOWER: u32 = 0x2020_2020;

/// Whether four bytes are letters and digits.
const fn is_plain(four: [u8; 4]) -> bool {
    const EACH: u32 = 0x0101_0101;
    const HIGH: u32 = 0x80 * EACH;
    /// Sets the high bit of each byte, none of which has it yet, that is at least as large.
    const fn from(all: u32, least: u8) -> u32 {
        all + (0x80 - least as u32) * EACH
    }
    let all = u32::from_ne_bytes(four);
    let small = all | LOWER;
    if all & HIGH != 0 {
        return false;
    }
    let digits = from(all, b'0') & !from(all, b'9' + 1);
    let letters = from(small, b'a') & !from(small, b'z' + 1);
    (digits | letters) & HIGH == HIGH
}

/// The hash of the letters and digits of a name, whatever their case.
pub(super) fn name(id: &str, seed: u64) -> u64 {
    let id = lasting(id);
    const SPREAD: u64 = 0xff51_afd7_ed55_8ccd;
    let mix = |h: u64, n: u64| {
        let h = (h ^ n).wrapping_mul(SPREAD);
        h ^ (h >> 29)
    };
    // Four at a time, and eight to a step: nearly every line of much input has an id.
    let (mut h, mut eight, mut held) = (hash(&[], seed), 0u64, 0u64);
    let mut rest = id.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        match rest.split_first_chunk::<4>() {
            Some((four, behind)) if held % 8 <= 4 && is_plain(*four) => {
                eight = eight << 32 | u64::from(u32::from_be_bytes(*four) | LOWER);
                held += 4;
                rest = behind;
            }
            _ => {
                rest = behind;
                if !first.is_ascii_alphanumeric() {
                    continue;
                }
                eight = eight << 8 | u64::from(first.to_ascii_lowercase());
                held += 1;
            }
        }
        if held.is_multiple_of(8) {
            h = mix(h, eight);
            eight = 0;
        }
    }
    // Ids are compared from the top, which must depend on the last bytes, too.
    let h = mix(mix(h, eight), held);
    let h = (h ^ (h >> 33)).wrapping_mul(SPREAD);
    h ^ (h >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn four_bytes_are_plain_if_each_is() {
        for byte in 0..=u8::MAX {
            for place in 0..4 {
                let mut four = *b"a0Z9";
                four[place] = byte;
                assert_eq!(is_plain(four), byte.is_ascii_alphanumeric(), "{four:?}");
            }
        }
    }

    #[test]
    fn an_id_is_known_wherever_its_signs_stand() {
        let plain = name("ab12cd34ef56gh78", 0);
        for signs in 1_u32..1 << 15 {
            let cut = |(n, c): (usize, char)| {
                let sign = signs >> n & 1 == 1;
                [c].into_iter().chain(sign.then_some('-'))
            };
            let spelt: String = "AB12cd34EF56gh78"
                .chars()
                .enumerate()
                .flat_map(cut)
                .collect();
            assert_eq!(name(&spelt, 0), plain, "{spelt}");
        }
    }

    #[test]
    fn an_id_is_known_however_it_is_spelt() {
        let uuid = "9b2c1f04-77aa-4d0e-8c11-53f0e1a2b3c4";
        let bare = uuid.replace('-', "").to_uppercase();
        assert_eq!(name(uuid, 0), name(&bare, 0));
        assert_ne!(name(uuid, 0), name(uuid, 1));
        let near = ["ab1", "ab10", "ab100", "ab1000000", "ab10000000", "b1a", ""];
        let hashes: BTreeSet<u64> = near.iter().map(|id| name(id, 0)).collect();
        assert_eq!(hashes.len(), near.len());
    }

    #[test]
    fn an_id_is_known_whatever_a_hop_adds() {
        let own = name("3f1b77aa4d0e8c1153f0e1a2", 0);
        for other in [
            "Root=1-65aa4f1a-3f1b77aa4d0e8c1153f0e1a2",
            "1-65aa4f1a-3f1b77aa4d0e8c1153f0e1a2",
            "Self=1-65aa4f1b-77aa4d0e8c1153f0;Root=1-65aa4f1a-3f1b77aa4d0e8c1153f0e1a2",
            "Root=1-65aa4f1a-3f1b77aa4d0e8c1153f0e1a2;Parent=53995c3f42cd8ad8;Sampled=1",
        ] {
            assert_eq!(name(other, 0), own, "{other}");
        }
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        let parent = format!("00-{trace}-00f067aa0ba902b7-01");
        assert_eq!(name(&parent, 0), name(trace, 0));
        for other in [
            "1-65aa4f1a-17",
            "1-2-3f1b77aa4d0e8c1153f0e1a2",
            "00-3f1b77aa4d0e",
        ] {
            assert_eq!(lasting(other), other);
        }
    }

    #[test]
    fn hashes_of_counted_ids_are_spread_from_the_top() {
        let low = (0..40_000).filter(|n| name(&format!("req-{n}"), 0) < u64::MAX / 16);
        let low = low.count();
        assert!((2_300..2_700).contains(&low), "{low} of 2,500");
    }
}
