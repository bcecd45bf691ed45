//! The facts of a document's head: title, window, zone, duration, users, entries.

use super::account::Fact;
use super::block::Shape;
use super::broke::broke;
use super::dating::{Calendar, Moment};
use super::moment::{self, MINUTE};
use super::outline::Part;
use super::section::{self, Section};
use super::share;
use super::shown::{self, Dated};
use super::span;
use super::timeline::Entry;
use super::window::{self, Edge, Window};
use crate::record::Value;
use std::ops::Range;

/// What the facts are read from.
pub(crate) struct Facts<'d> {
    /// The document.
    pub(crate) parts: &'d [Part],
    /// Its dates and zone.
    pub(crate) calendar: &'d Calendar,
    /// Its timeline.
    pub(crate) entries: &'d [Entry],
    /// The times of the timeline.
    pub(crate) moments: &'d [Option<Moment>],
}

impl Facts<'_> {
    /// All facts that the document states.
    pub(crate) fn all(&self) -> Vec<Fact> {
        let window = self.window();
        let mut facts = Vec::new();
        facts.extend(self.title());
        facts.extend(window.start.as_ref().and_then(|e| self.edge("start", e)));
        facts.extend(window.end.as_ref().and_then(|e| self.edge("end", e)));
        facts.extend(self.zone(&window));
        facts.extend(self.duration(&window));
        facts.extend(self.share());
        facts.extend(self.count());
        facts
    }

    fn fact(
        &self,
        name: &'static str,
        value: Value<'static>,
        part: usize,
        range: Range<usize>,
    ) -> Option<Fact> {
        let part = self.parts.get(part)?;
        Some(Fact {
            name,
            value,
            part: part.block.text.source(range),
        })
    }

    fn title(&self) -> Option<Fact> {
        let heading = |p: &&Part| {
            p.block.shape == Shape::Heading(1) && section::of(p.text()) != Some(Section::Timeline)
        };
        let named = |p: &&Part| {
            section::label(p.text()).is_some_and(|(l, _)| l.eq_ignore_ascii_case("title"))
        };
        let first = self
            .parts
            .iter()
            .find(named)
            .or_else(|| self.parts.iter().find(heading))
            .or_else(|| {
                self.parts.first().filter(|p| {
                    p.block.shape != Shape::Code && p.text().len() <= 120 && p.lead.is_none()
                })
            })?;
        let text = first.text();
        let from = section::label(text)
            .filter(|(l, _)| l.eq_ignore_ascii_case("title"))
            .map_or(0, |(_, b)| b);
        let title = text.get(from..)?.trim();
        let at = text.len() - text.get(from..)?.trim_start().len();
        Some(Fact {
            name: "title",
            value: title.trim_end_matches(':').to_owned().into(),
            part: first.block.text.source(at..at + title.len()),
        })
        .filter(|_| !title.is_empty())
    }

    fn edge(&self, name: &'static str, edge: &Edge) -> Option<Fact> {
        let text = self.parts.get(edge.part)?.text();
        self.fact(
            name,
            edge.notation()?.into(),
            edge.part,
            around(text, edge.range.clone()),
        )
    }

    fn zone(&self, window: &Window) -> Option<Fact> {
        let edges = [&window.start, &window.end].into_iter().flatten();
        let beside = edges.clone().find_map(|e| Some((e.zone.clone()?, e)));
        let (zone, part, range) = match beside {
            Some((zone, e)) => (zone, e.part, e.range.clone()),
            None => {
                let zone = self.calendar.zone.as_ref()?.0.clone();
                let (part, at) = self
                    .parts
                    .iter()
                    .enumerate()
                    .find_map(|(n, p)| Some((n, p.text().find(&zone)?)))?;
                let range = at..at + zone.len();
                (zone, part, range)
            }
        };
        let text = self.parts.get(part)?.text();
        self.fact("zone", zone.into(), part, around(text, range))
    }

    /// The stated window; where the document leaves an edge out, what its text and timeline show.
    pub(super) fn window(&self) -> Window {
        let mut stated = window::stated(self.parts, self.calendar);
        let dated = self.dated();
        let explicit = |e: &Option<Edge>| e.as_ref().is_some_and(|e| e.dated || e.zone.is_some());
        let full = dated.len() >= 2 && dated.iter().all(|d| d.edge.dated && d.edge.zone.is_some());
        if full && !explicit(&stated.start) && !explicit(&stated.end) {
            stated = Window::default(); // the timeline says more: days and zones
        }
        if stated.start.is_some() && stated.end.is_some() {
            return stated;
        }
        let broke = broke(self.parts, self.calendar);
        // "About three hours" is too round to choose between entries by.
        let exact = |(m, part, range): (f64, usize, Range<usize>)| {
            let said = self.parts.get(part).map_or("", |p| p.block.text.get(range));
            (m % 60.0 != 0.0 || section::label(said).is_some()).then_some(m)
        };
        let recovery = self
            .stated_minutes()
            .and_then(exact)
            .or_else(|| self.told_minutes().and_then(exact));
        let detection = self.labelled_minutes(&["time to detect"]).map(|(m, ..)| m);
        let told = if dated.is_empty() {
            self.told_times()
        } else {
            Vec::new()
        };
        let shown = match recovery.and_then(|r| shown::apart(&told, r, detection)) {
            Some((start, end)) => Window {
                start: Some(start.edge.clone()),
                end: Some(end.edge.clone()),
                sum: None,
            },
            None if dated.is_empty() => shown::counted(self).unwrap_or_default(),
            None => shown::shown(&dated, recovery, detection),
        };
        let before = |b: &Edge, s: &Edge| (b.date, b.nanos) <= (s.date, s.nanos);
        let near = |b: &Edge, s: &Edge| {
            let (b, s) = (b.nanos.unwrap_or(0), s.nanos.unwrap_or(0));
            s - b <= 3 * 60 * MINUTE
        };
        let start = match (broke, shown.start) {
            (Some(b), Some(s)) if !before(&b, &s) || !near(&b, &s) => Some(s),
            (b, s) => b.or(s),
        };
        Window {
            start: stated.start.or(start),
            end: stated.end.or(shown.end),
            sum: None,
        }
    }

    fn dated(&self) -> Vec<Dated> {
        let each = self.entries.iter().zip(self.moments);
        each.filter_map(|(entry, moment)| {
            let ((mention, _), moment) = (entry.clock()?, (*moment)?);
            let part = self.parts.get(entry.part)?;
            let zone = mention
                .zone
                .as_ref()
                .and_then(|z| part.text().get(z.range.clone()));
            let below = self
                .entries
                .iter()
                .filter(|o| !o.counts && o.time == entry.time && o.part > entry.part);
            let words = std::iter::once(entry).chain(below.take(3));
            let said = words.filter_map(|e| self.parts.get(e.part)?.text().get(e.text.clone()));
            let said = said.collect::<Vec<_>>().join(" ").to_lowercase();
            entry.counts.then(|| Dated {
                said,
                edge: Edge {
                    date: moment.date,
                    nanos: Some(moment.nanos),
                    zone: zone.map(str::to_owned),
                    part: entry.part,
                    range: mention.range.clone(),
                    dated: mention.day.is_some(),
                },
                minutes: moment.minutes(),
            })
        })
        .collect()
    }

    /// The times that a summary in prose names.
    fn told_times(&self) -> Vec<Dated> {
        let mut found: Vec<Dated> = Vec::new();
        for (number, part) in self.parts.iter().enumerate() {
            if part.section != Section::Summary || part.block.shape != Shape::Text {
                continue;
            }
            for mention in moment::mentions(part.text()) {
                let Some(clock) = mention.clock else { continue };
                let above = found.last().and_then(|d| d.edge.date).or(self.calendar.day);
                let date = mention.day.and_then(|d| self.calendar.date(d)).or(above);
                let nanos = clock.nanos;
                let zone = mention
                    .zone
                    .as_ref()
                    .and_then(|z| part.text().get(z.range.clone()));
                found.push(Dated {
                    said: String::new(),
                    edge: Edge {
                        date,
                        nanos: Some(nanos),
                        zone: zone.map(str::to_owned),
                        part: number,
                        range: mention.range.clone(),
                        dated: mention.day.is_some(),
                    },
                    minutes: Moment {
                        date,
                        nanos,
                        nights: 0,
                    }
                    .minutes(),
                });
            }
        }
        found
    }

    fn duration(&self, window: &Window) -> Option<Fact> {
        let (minutes, part, range) = match (
            self.stated_minutes().filter(|_| window.sum.is_none()),
            window.sum.or_else(|| window.minutes()),
        ) {
            (Some(stated), _) => stated,
            (None, Some(minutes)) => {
                let end = window.end.as_ref()?;
                let text = self.parts.get(end.part)?.text();
                (minutes, end.part, around(text, end.range.clone()))
            }
            (None, None) => self.told_minutes()?,
        };
        self.fact("duration_minutes", minutes.into(), part, range)
    }

    /// The duration that a label or a plain statement gives.
    pub(super) fn stated_minutes(&self) -> Option<(f64, usize, Range<usize>)> {
        let labels = [
            &[
                "duration",
                "time to resol",
                "length of outage",
                "total time",
                "total duration",
            ][..],
            &[
                "time to recover",
                "time to restor",
                "total downtime",
                "downtime",
            ],
            &["time to repair", "time to mitigat", "time to fix"],
        ];
        labels
            .iter()
            .find_map(|l| self.labelled_minutes(l))
            .or_else(|| self.prose_minutes(&["lasted", "lasting", "duration of", "total duration"]))
    }

    /// The duration that a sentence mentions.
    fn told_minutes(&self) -> Option<(f64, usize, Range<usize>)> {
        self.prose_minutes(&[
            "down for",
            "unavailable for",
            "unusable for",
            "downtime of",
            "outage of",
            "offline for",
            "for about",
            "for approximately",
            "for around",
            "for nearly",
            "hour outage",
            "minute outage",
            "from the start",
        ])
    }

    pub(super) fn labelled_minutes(&self, labels: &[&str]) -> Option<(f64, usize, Range<usize>)> {
        let mut above = String::new();
        for (number, part) in self
            .parts
            .iter()
            .enumerate()
            .filter(|(_, p)| p.block.shape != Shape::Code)
        {
            let text = part.text();
            let own = section::label(text).map(|(l, body)| (l.to_lowercase(), body));
            let (label, body) = match (&own, &part.block.shape) {
                (Some((label, body)), _) => (label.clone(), *body),
                (None, Shape::Row(cells)) => {
                    let first = cells.first().cloned().unwrap_or(0..0);
                    (
                        text.get(first.clone()).unwrap_or_default().to_lowercase(),
                        first.end,
                    )
                }
                (None, _) => (above.clone(), 0),
            };
            above = if part.is_label {
                text.to_lowercase()
            } else {
                String::new()
            };
            let skip = part.lead.is_some()
                || matches!(part.section, Section::Tasks | Section::Measures)
                    && !label.starts_with("time to");
            if skip || !labels.iter().any(|l| section::has_word(&label, l)) {
                continue;
            }
            let body_text = text.get(body..).unwrap_or_default();
            if let Some((range, minutes)) = span::durations(body_text).into_iter().next() {
                return Some((
                    minutes,
                    number,
                    around(text, body + range.start..body + range.end),
                ));
            }
        }
        None
    }

    pub(super) fn prose_minutes(&self, words: &[&str]) -> Option<(f64, usize, Range<usize>)> {
        for (number, part) in self.parts.iter().enumerate() {
            let section = matches!(
                part.section,
                Section::Summary | Section::Impact | Section::Timeline
            );
            let head = section && part.speaks() && part.lead.is_none();
            for range in super::sentences(part.text()).into_iter().filter(|_| head) {
                let sentence = part.text().get(range.clone()).unwrap_or_default();
                let lower = sentence.to_lowercase();
                let found = span::durations(sentence).into_iter().find(|(r, _)| {
                    let after = lower.get(r.end..).unwrap_or_default().trim_start();
                    !["after", "later", "before", "ago", "earlier"]
                        .iter()
                        .any(|w| after.starts_with(w))
                });
                if let Some((_, minutes)) =
                    found.filter(|_| words.iter().any(|w| lower.contains(w)))
                {
                    return Some((minutes, number, range));
                }
            }
        }
        None
    }

    fn share(&self) -> Option<Fact> {
        let share = share::users_affected(self.parts)?;
        self.fact(
            "users_affected_percent",
            share.percent.into(),
            share.part,
            share.range,
        )
    }

    /// How many entries the timeline has: none is a count, too.
    fn count(&self) -> Option<Fact> {
        let count = self.entries.iter().filter(|e| e.counts).count();
        let place = |e: Option<&Entry>| Some(self.parts.get(e?.part)?.block.text.whole());
        let all =
            self.parts.first()?.block.text.whole().start..self.parts.last()?.block.text.whole().end;
        let first = place(self.entries.first()).unwrap_or(all.clone());
        let last = place(self.entries.last()).unwrap_or(all);
        Some(Fact {
            name: "timeline_entries",
            value: i64::try_from(count).ok()?.into(),
            part: first.start..last.end,
        })
    }
}

/// The sentence in which a range stands; a line of labels is one.
fn around(text: &str, range: Range<usize>) -> Range<usize> {
    super::sentences(text)
        .into_iter()
        .find(|s| s.start <= range.start && range.end <= s.end)
        .unwrap_or(range)
}
