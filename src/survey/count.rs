//! Counting one chunk: the hot loop of the survey. Everything is found by its place or by a
//! hash, and put into the survey's ordered tables once, at the end of the chunk.

mod told;

use super::own;
use super::pass::Detail;
use super::passage::{self, Passage};
use super::rate::Tape;
use super::rates::Rates;
use super::reason;
use super::sightings::{self, Limit};
use super::slots::{self, Slot};
use super::table::Table;
use super::trails::Trails;
use super::{BLOCK, Kept, Mark, Sightings, Survey, Tally, What, operation_into, outcome_of, took};
use crate::cite::FileId;
use crate::ingest::{Event, FileTally, Sighting, Skimmed};
use crate::source::Memory;
use crate::template::{self, Signature};
use recon_parsers::glance::{ByOutline, Glance, Outline};
use recon_parsers::stamp::SECOND;
use recon_parsers::{Kind, Level, Stamp};

/// What is counted of one service.
#[derive(Default)]
struct Counts {
    name: String,
    rates: Rates,
    operations: Vec<(String, Rates)>,
    by_operation: Table<String, usize>,
    templates: Vec<((Option<Level>, Signature), Tape)>,
    by_template: Table<(Option<Level>, Signature), usize>,
}

/// What a chunk is counted into.
pub(super) struct Counter<'l> {
    limit: &'l Limit,
    memory: Memory,
    /// Whether more is counted than times.
    everything: bool,
    sightings: Sightings,
    trails: Trails,
    /// Ids when the limit was last told of them.
    told: usize,
    requests: u64,
    messages: u64,
    file: FileTally,
    formats: Vec<u64>,
    services: Vec<Counts>,
    by_name: Table<String, usize>,
    kept: Vec<Kept>,
    /// The block of the index that entries fall into now, and its earliest and latest time.
    block: Option<(u64, (i64, i64))>,
    blocks: Vec<(u64, (i64, i64))>,
    /// The operation at hand, spelt out.
    operation: String,
    slots: ByOutline<Slot>,
    /// The outline of the entry of which more was asked for.
    asked: Option<Outline>,
}

/// Ids after which the other threads are told.
const TELL: usize = 2048;

impl<'l> Counter<'l> {
    /// For a chunk of inputs with so many bytes in all.
    pub(super) fn new(limit: &'l Limit, bytes: u64, detail: Detail<'_>, memory: Memory) -> Self {
        Self {
            limit,
            memory,
            everything: detail.is_everything(),
            sightings: Sightings::of(bytes),
            trails: Trails::below(sightings::largest(bytes)),
            told: 0,
            requests: 0,
            messages: 0,
            file: FileTally::default(),
            formats: Vec::new(),
            services: Vec::new(),
            by_name: Table::default(),
            kept: Vec::new(),
            block: None,
            blocks: Vec::new(),
            operation: String::new(),
            slots: ByOutline::default(),
            asked: None,
        }
    }

    /// Counts one entry. Whether more of it must be seen than a glance shows.
    #[inline]
    pub(super) fn add(&mut self, skimmed: &Skimmed<'_, '_>) -> bool {
        match skimmed {
            Skimmed::Sighting(sighting) => {
                let tells = self.sighting(sighting);
                self.asked = sighting.glance.outline.filter(|_| tells);
                self.glanced(sighting) || tells
            }
            Skimmed::Event(event) => {
                self.noted(event);
                match Glance::of(event.record) {
                    Some(glance) => {
                        let calm = own::is_calm(&glance);
                        self.sighting(&Sighting {
                            at: event.at,
                            cite: event.cite,
                            format: event.format,
                            service: event.service,
                            glance: &glance,
                            text: &[],
                            lines: (event.line, event.line_last),
                        });
                        if calm && own::may_tell(event.record.message.as_bytes()) {
                            self.told(event);
                        }
                    }
                    None => self.keep(event),
                }
                false
            }
            Skimmed::Again(event) => {
                self.noted(event);
                self.tells(event);
                false
            }
        }
    }

    /// Notes the id of an entry that was glanced at. Whether more of it must be seen for that.
    #[inline]
    fn glanced(&mut self, seen: &Sighting<'_>) -> bool {
        let Some(id) = &seen.glance.id else {
            return false;
        };
        let id = passage::name(id, 0);
        if !self.sightings.admits(id, self.limit) {
            return false;
        }
        if !seen.glance.follows {
            return true;
        }
        if let Some(passage) = Passage::of_glance(id, seen) {
            self.note(&passage);
        }
        false
    }

    /// Notes the ids of an event.
    fn noted(&mut self, event: &Event<'_, '_>) {
        if matches!(event.record.kind, Kind::Alert(_)) {
            self.sightings.add_alert(event);
        } else if let Some(passage) = Passage::of_event(event) {
            self.note(&passage);
        }
    }

    fn note(&mut self, passage: &Passage<'_>) {
        self.sightings.add(passage);
        if self.everything {
            self.trails.add(passage);
        }
        if self.sightings.len() >= self.told + TELL {
            self.told = self.sightings.len();
            self.limit.lower(&self.sightings);
        }
    }

    fn keep(&mut self, event: &Event<'_, '_>) {
        self.account(event.at, event.cite.offset, event.format);
        self.kept.push(Kept {
            at: event.at,
            since: event.since,
            cite: event.cite,
            record: event.record.clone().into_owned(),
        });
    }

    /// What every entry adds to the account of its file.
    fn account(&mut self, at: Option<Stamp>, offset: u64, format: usize) {
        self.file.entries += 1;
        self.file.undated += u64::from(at.is_none());
        if self.formats.len() <= format {
            self.formats.resize(format + 1, 0);
        }
        self.formats[format] += 1;
        let Some(at) = at else { return };
        let span = self.file.span.get_or_insert((at, at));
        // Whole stamps are compared only where the instant is new or the same.
        if at.nanos <= span.0.nanos {
            span.0 = span.0.min(at);
        }
        if at.nanos >= span.1.nanos {
            span.1 = span.1.max(at);
        }
        let block = offset / BLOCK;
        match self.block.as_mut() {
            Some((current, span)) if *current == block => {
                *span = (span.0.min(at.nanos), span.1.max(at.nanos));
            }
            _ => {
                self.blocks.extend(self.block.take());
                self.block = Some((block, (at.nanos, at.nanos)));
            }
        }
    }

    /// Counts an entry. Whether it may tell of a change, so that all of it must be seen.
    fn sighting(&mut self, seen: &Sighting<'_>) -> bool {
        self.account(seen.at, seen.cite.offset, seen.format);
        let Some(at) = seen.at.filter(|_| self.everything) else {
            return false;
        };
        let mark = Mark {
            nanos: at.nanos,
            cite: seen.cite,
        };
        let second = at.nanos.div_euclid(SECOND);
        let glance = seen.glance;
        let known = glance.outline.and_then(|o| self.slots.get(o)).copied();
        let known = known.unwrap_or_default();
        let place = self.service(seen.service, known.service);
        let mut slot = known.of_service(place);
        let Some(counts) = self.services.get_mut(place) else {
            return false;
        };
        counts.rates.entries.add(second, mark);
        if glance.level >= Some(Level::Error) {
            counts.rates.errors.add(second, mark);
        }
        if let Some(request) = &glance.request {
            let path = request.path.as_deref();
            let probed = path.filter(|_| slot.operation.is_none());
            if let Some(outcome) = outcome_of(request.status, probed) {
                let operation = slot.operation.unwrap_or_else(|| {
                    self.operation.clear();
                    operation_into(&mut self.operation, request.method.as_deref(), path);
                    counts.operation(&self.operation)
                });
                slot.operation = Some(operation)
                    .filter(|_| slot.operation.is_some() || slots::is_fixed(request));
                let step = glance.latency_ms.and_then(took);
                counts.request(operation, outcome, step, second, mark);
                self.requests += 1;
            }
        }
        let spoken = || glance.request.is_none() || reason::is_told(&glance.message);
        if glance.speaks() && spoken() {
            let signature = slot
                .signature
                .unwrap_or_else(|| template::signature(&glance.message));
            let key = (glance.level, signature);
            let template = slot.template.unwrap_or_else(|| counts.template(key));
            counts.said(template, second, mark);
            (slot.signature, slot.template) = (Some(signature), Some(template));
            self.messages += 1;
        }
        let tells = slot
            .tells
            .unwrap_or_else(|| own::is_calm(glance) && own::may_tell(seen.text));
        slot.tells = Some(tells);
        if let Some(outline) = glance.outline.filter(|_| slot != known) {
            self.slots.put(outline, slot);
        }
        tells
    }

    /// The place of a service, which may be `likely`.
    fn service(&mut self, name: &str, likely: usize) -> usize {
        if self.services.get(likely).is_some_and(|s| s.name == name) {
            return likely;
        }
        match self.by_name.get(name) {
            Some(place) => *place,
            None => {
                self.by_name.insert(name.to_owned(), self.services.len());
                self.services.push(Counts {
                    name: name.to_owned(),
                    ..Counts::default()
                });
                self.services.len() - 1
            }
        }
    }

    /// The chunk's survey, with what else the reader of its `file` counted.
    pub(super) fn survey(mut self, file: FileId, read: FileTally) -> Survey {
        let mut survey = Survey {
            memory: self.memory,
            ..Survey::default()
        };
        self.file.by_format = (0..)
            .zip(&self.formats)
            .filter(|(_, n)| **n > 0)
            .map(|(format, n)| (format, *n))
            .collect();
        self.file.merge(read);
        survey.files.insert(file, self.file);
        self.limit.lower(&self.sightings);
        survey.sightings = self.sightings;
        self.trails.settle();
        survey.trails = self.trails;
        survey.requests = self.requests;
        survey.messages = self.messages;
        survey.kept = self.kept;
        for (block, span) in self.blocks.into_iter().chain(self.block) {
            let ours = survey.index.entry((file, block)).or_insert(span);
            *ours = (ours.0.min(span.0), ours.1.max(span.1));
        }
        for counts in self.services {
            let name = counts.name.clone();
            survey.services.insert(name, counts.tally(file));
        }
        // What cannot be cut is one part, however large it is.
        survey.share_tables();
        survey.regrain(survey.grain());
        survey
    }
}

impl Counts {
    /// The place of an operation.
    fn operation(&mut self, name: &str) -> usize {
        match self.by_operation.get(name) {
            Some(place) => *place,
            None => {
                let place = self.operations.len();
                self.by_operation.insert(name.to_owned(), place);
                self.operations.push((name.to_owned(), Rates::default()));
                place
            }
        }
    }

    /// The place of a template.
    fn template(&mut self, key: (Option<Level>, Signature)) -> usize {
        *self.by_template.entry(key).or_insert_with(|| {
            self.templates.push((key, Tape::default()));
            self.templates.len() - 1
        })
    }

    fn said(&mut self, template: usize, second: i64, mark: Mark) {
        if let Some((_, tape)) = self.templates.get_mut(template) {
            tape.add(second, mark);
        }
    }

    fn request(
        &mut self,
        operation: usize,
        outcome: What,
        step: Option<u8>,
        second: i64,
        mark: Mark,
    ) {
        self.rates.requests(outcome, second, mark);
        let Some((_, rates)) = self.operations.get_mut(operation) else {
            return;
        };
        rates.requests(outcome, second, mark);
        if let Some(step) = step.filter(|_| outcome == What::Requests) {
            rates.took(step, second, mark);
        }
    }

    fn tally(self, file: FileId) -> Tally {
        let mut tally = Tally {
            rates: self.rates.done().collect(),
            ..Tally::default()
        };
        tally.files.insert(file);
        for (name, rates) in self.operations {
            let by = tally.operations.entry(&name);
            for (what, rate) in rates.done() {
                by.entry(what).or_default().merge(rate);
            }
        }
        for (key, tape) in self.templates {
            tally.templates.entry(&key).merge(tape.rate());
        }
        tally
    }
}
