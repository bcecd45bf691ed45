//! An entry as the close-up counts it: told by a whole record, or by a glance and by what is known of lines
//! like it.

use super::badge;
use crate::cite::Cite;
use crate::ingest::{Event, FilePlan, Line, Sighting, Span};
use recon_parsers::glance::{ByOutline, Glance, Request};
use recon_parsers::record::field;
use recon_parsers::{Level, Record, Stamp, Value};
use std::borrow::Cow;

/// A log line or a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'e> {
    pub(super) at: Stamp,
    pub(super) cite: Cite,
    pub(super) level: Option<Level>,
    /// Of a request that was served: what and how it ended.
    pub(super) request: Option<&'e Request<'e>>,
    /// How long it took, in milliseconds.
    pub(super) latency_ms: Option<f64>,
    pub(super) user: Option<&'e str>,
    pub(super) client: Option<&'e str>,
    /// What the request is called.
    pub(super) id: Option<&'e str>,
}

impl<'e> Entry<'e> {
    /// An entry that was read whole, and the glance at its record; `None` without a time.
    /// `key` is the field that tells users apart where none is called so.
    pub(super) fn of(
        event: &Event<'e, '_>,
        glance: &'e Glance<'e>,
        key: Option<&str>,
    ) -> Option<Self> {
        Some(Self {
            at: event.at?,
            cite: event.cite,
            level: glance.level,
            request: glance.request.as_ref(),
            latency_ms: glance.latency_ms,
            user: event
                .record
                .fields
                .text(field::USER)
                .or_else(|| badge::value(event.record, key?)),
            client: event.record.fields.text(field::CLIENT),
            id: glance.id.as_deref(),
        })
    }
}

/// Where in lines of an outline it is said who asked.
#[derive(Clone, Copy, Debug)]
struct Asker {
    user: Option<Span>,
    client: Option<Span>,
    took: Took,
}

/// How long something took, as a glance at lines of an outline tells it.
#[derive(Clone, Copy, Debug)]
enum Took {
    /// Where the line says.
    Told,
    /// Every line says, and most glances tell it.
    Mostly,
    /// No line says.
    Never,
}

impl Took {
    /// By a line of the outline; `None` if a glance does not tell what the line says.
    fn of(seen: &Sighting<'_>, record: &Record<'_>) -> Option<Self> {
        let glance = seen.glance;
        if glance.request.is_some() || glance.follows {
            return Some(Self::Told);
        }
        match record.fields.get(field::LATENCY_MS) {
            None => Some(Self::Never),
            Some(ms) => (ms.as_f64() == Some(glance.latency_ms?)).then_some(Self::Mostly),
        }
    }

    /// What it took; the outer `None` is "not sure".
    const fn ms(self, glance: &Glance<'_>) -> Option<Option<f64>> {
        match (self, glance.latency_ms) {
            (Self::Told, ms) | (Self::Mostly, ms @ Some(_)) => Some(ms),
            (Self::Mostly, None) => None,
            (Self::Never, _) => Some(None),
        }
    }
}

impl Asker {
    /// As the grammar reads this line; `None` if another line of the outline may differ in more than digits and ids.
    fn of(seen: &Sighting<'_>, plan: &FilePlan, key: Option<&str>) -> Option<Self> {
        let line = Line::of(seen).filter(|_| seen.lines.0 == seen.lines.1)?;
        let mut records = Vec::new();
        let detected = &plan.detected;
        detected.read_as(seen.format, seen.text, &mut records)?;
        let [record] = records.as_slice() else {
            return None;
        };
        Some(Self {
            user: match key.filter(|_| record.fields.get(field::USER).is_none()) {
                Some(key) => match badge::value(record, key) {
                    Some(text) => Some(line.stands(&Cow::Borrowed(text))?),
                    None => None,
                },
                None => stands(record, field::USER, &line)?,
            },
            client: stands(record, field::CLIENT, &line)?,
            took: Took::of(seen, record)?,
        })
    }

    /// What an entry of the outline says; `None` without a time.
    fn entry<'e>(self, seen: &Sighting<'e>) -> Option<Entry<'e>> {
        let text = |span: Option<Span>| match span {
            Some(span) => span.text(seen.text).map(Some),
            None => Some(None),
        };
        Some(Entry {
            at: seen.at?,
            cite: seen.cite,
            level: seen.glance.level,
            request: seen.glance.request.as_ref(),
            latency_ms: self.took.ms(seen.glance)?,
            user: text(self.user)?,
            client: text(self.client)?,
            id: seen.glance.id.as_deref(),
        })
    }
}

/// Where a field of all lines of an outline stands, if they have it; `None` if it may be another kind of
/// value in some of them.
fn stands(record: &Record<'_>, name: &str, line: &Line<'_>) -> Option<Option<Span>> {
    match record.fields.get(name) {
        None => Some(None),
        Some(Value::Text(text)) => line.stands(text).map(Some),
        Some(_) => None,
    }
}

/// Where it is said who asked, by outline.
#[derive(Debug, Default)]
pub(super) struct Askers<'k> {
    known: ByOutline<Option<Asker>>,
    key: Option<&'k str>,
}

impl<'k> Askers<'k> {
    /// Those of logs in which this field tells users apart.
    pub(super) fn by(key: Option<&'k str>) -> Self {
        Self {
            known: ByOutline::default(),
            key,
        }
    }

    /// The entry that was glanced at; `None` if it must be read whole.
    pub(super) fn entry<'e>(&mut self, seen: &Sighting<'e>, plan: &FilePlan) -> Option<Entry<'e>> {
        let outline = seen.glance.outline?;
        let asker = match self.known.get(outline) {
            Some(known) => *known,
            None => {
                let asker = Asker::of(seen, plan, self.key);
                self.known.put(outline, asker);
                asker
            }
        };
        asker?.entry(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::dice::{Dice, samples};
    use crate::ingest::{self, Scratch, Skimmed};
    use crate::source::{self, Library};
    use proptest::prelude::*;

    /// What an entry says, apart from its bytes.
    fn said(entry: &Entry<'_>) -> String {
        format!("{entry:?}")
    }

    /// Compares what is told of entries by their outlines with what the grammar says; gives the number of those that
    /// were told so.
    fn compare(text: &str, name: &str) -> usize {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(name), text).expect("room");
        let found = source::discover(&[folder.path().to_owned()], source::Limits::default());
        let library = Library::new(found.inputs);
        let plans = ingest::plan(&library, &ingest::Options::default()).expect("readable");
        let mut known = 0;
        for plan in &plans {
            let (mut scratch, mut askers) = (Scratch::default(), Askers::by(None));
            let mut told = None;
            let whole = 0..library.input(plan.file).text.len();
            let read = ingest::skim(&library, plan, whole, &mut scratch, &mut |seen| {
                match seen {
                    Skimmed::Sighting(seen) => {
                        told = askers.entry(&seen, plan).as_ref().map(said);
                        return told.is_some();
                    }
                    Skimmed::Again(event) => {
                        let glance = Glance::of(event.record).expect("a log line or a request");
                        let entry = Entry::of(&event, &glance, None).expect("a time");
                        assert_eq!(told.take(), Some(said(&entry)), "{name}");
                        known += 1;
                    }
                    Skimmed::Event(_) => {}
                }
                false
            });
            read.expect("readable");
        }
        known
    }

    #[test]
    fn what_outlines_tell_is_what_is_read() {
        for (name, sample) in samples() {
            let text = Dice(11).multiplied(sample, 24);
            assert!(compare(&text, &format!("{name}.log")) > 0, "{name}");
        }
    }

    #[test]
    fn durations_of_what_is_no_request_are_told_too() {
        let logfmt = "ts=2026-03-05T04:10:00.125Z level=warn svc=till msg=\"drawer counted\" user=u77 took_ms=183\n";
        let json = r#"{"time":"2026-03-05T04:10:00.125Z","level":"warn","msg":"drawer counted","user":"u77","duration":"183ms"}"#;
        for (name, line) in [("till.log", logfmt), ("till.jsonl", json)] {
            let text = Dice(5).multiplied(line, 24);
            let told = compare(&text, name);
            assert!(told >= 12, "{name}: {told}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn whatever_the_numbers_are(seed in any::<u64>(), which in any::<prop::sample::Index>()) {
            let samples: Vec<_> = samples().collect();
            let (name, sample) = samples[which.index(samples.len())];
            compare(&Dice(seed).multiplied(sample, 12), &format!("{name}.log"));
        }
    }
}
