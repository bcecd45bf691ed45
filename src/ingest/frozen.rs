//! The plan of a file as it is written down, so that another process reads the file alike.

use super::{Declared, FilePlan};
use crate::cite::FileId;
use crate::clock::FileClock;
use recon_parsers::custom::Custom;
use recon_parsers::cut::Shape;
use recon_parsers::detect::Choice;
use recon_parsers::format::{Layout, Spelling, Stamps};
use recon_parsers::formats::FORMATS;
use recon_parsers::token::date::Order;
use recon_parsers::{Detected, Format};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a [`FilePlan`] holds, with formats by their names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FrozenPlan {
    /// How the file falls into entries: `lines`, `json`, `csv` or `document`.
    shape: String,
    /// Its formats, in the order in which they are tried.
    formats: Vec<FrozenChoice>,
    /// Every format that read any sampled entry, with how many, best first.
    ranking: Vec<(String, usize)>,
    /// Sampled entries.
    sampled: usize,
    /// The declared formats that it may be in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    declared: Vec<String>,
    /// How its times are settled.
    clock: FileClock,
    /// The service that it speaks for.
    service: String,
    /// That service was set by an option.
    service_given: bool,
    /// It was rotated away, and the piece that goes on from it is not among the inputs.
    closed: bool,
}

/// A format that a file is in, and what it learnt from the file's head.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct FrozenChoice {
    name: String,
    /// Sampled entries that it reads.
    votes: usize,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    columns: Vec<String>,
    /// Formats of the lines that its entries wrap.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    inner: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    declared: Vec<String>,
    /// How dates of numbers alone are read.
    dates: String,
    /// What sort of time entries state.
    times: String,
    /// How far into a line the time may begin.
    reach: usize,
    indented: bool,
    spaced: bool,
}

const SHAPES: &[(&str, Shape)] = &[
    ("lines", Shape::Lines),
    ("json", Shape::Json),
    ("csv", Shape::Csv),
    ("document", Shape::Document),
];

const ORDERS: &[(&str, Order)] = &[
    ("unknown", Order::Unknown),
    ("month-first", Order::MonthFirst),
    ("day-first", Order::DayFirst),
    ("year-first", Order::YearFirst),
];

const SPELLINGS: &[(&str, Spelling)] = &[
    ("dated", Spelling::Dated),
    ("clock", Spelling::Clock),
    ("epoch", Spelling::Epoch),
    ("uptime", Spelling::Uptime),
];

fn name_of<T: PartialEq>(table: &[(&str, T)], value: &T) -> String {
    let found = table.iter().find(|(_, v)| v == value);
    found.map_or("", |(name, _)| *name).to_owned()
}

fn named<T: Copy>(table: &[(&str, T)], name: &str) -> Result<T, String> {
    let found = table.iter().find(|(n, _)| *n == name);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = table.iter().map(|(name, _)| *name).collect();
        format!("`{name}` is none of {}", names.join(", "))
    })
}

impl FilePlan {
    /// The plan as it is written down.
    #[must_use]
    pub fn freeze(&self) -> FrozenPlan {
        let detected = &self.detected;
        let ranking = detected.ranking.iter();
        FrozenPlan {
            shape: name_of(SHAPES, &detected.shape),
            formats: detected.formats.iter().map(FrozenChoice::of).collect(),
            ranking: ranking.map(|(f, n)| (f.name.to_owned(), *n)).collect(),
            sampled: detected.sampled,
            declared: names(&self.declared),
            clock: self.clock.clone(),
            service: self.service.clone(),
            service_given: self.service_given,
            closed: self.closed,
        }
    }
}

fn names(declared: &[Arc<Custom>]) -> Vec<String> {
    let names = declared.iter().map(|d| d.format().name.to_owned());
    names.collect()
}

impl FrozenPlan {
    /// The plan that was written down, of what is `file` now. `declared` are the formats that were
    /// declared when it was made.
    pub fn thaw(&self, file: FileId, declared: &[Declared]) -> Result<FilePlan, String> {
        let known = Known(declared);
        let ranking = self.ranking.iter();
        let ranking = ranking.map(|(name, votes)| Ok((known.format(name)?, *votes)));
        let formats = self.formats.iter().map(|choice| choice.thaw(&known));
        Ok(FilePlan {
            file,
            detected: Detected {
                shape: named(SHAPES, &self.shape)?,
                formats: formats.collect::<Result<_, String>>()?,
                ranking: ranking.collect::<Result<_, String>>()?,
                sampled: self.sampled,
            },
            declared: known.all(&self.declared)?,
            clock: self.clock.clone(),
            service: self.service.clone(),
            closed: self.closed,
            service_given: self.service_given,
        })
    }

    /// Whether the file can be cut anywhere.
    #[must_use]
    pub fn is_lines(&self) -> bool {
        self.shape == name_of(SHAPES, &Shape::Lines)
    }

    /// The format that is tried first, for people.
    #[must_use]
    pub fn first_format(&self) -> &str {
        self.formats.first().map_or("no format", |f| &f.name)
    }
}

/// The formats that a name can mean.
struct Known<'d>(&'d [Declared]);

impl Known<'_> {
    fn declared(&self, name: &str) -> Option<&Arc<Custom>> {
        let all = self.0.iter().map(|d| &d.format);
        all.into_iter().find(|d| d.format().name == name)
    }

    fn format(&self, name: &str) -> Result<&'static Format, String> {
        let built_in = FORMATS.iter().copied().find(|f| f.name == name);
        let declared = || self.declared(name).map(|d| d.format());
        built_in
            .or_else(declared)
            .ok_or_else(|| format!("no format is called `{name}`"))
    }

    fn all(&self, names: &[String]) -> Result<Vec<Arc<Custom>>, String> {
        let find = |name: &String| {
            self.declared(name)
                .cloned()
                .ok_or_else(|| format!("the format `{name}` is not declared in the plan"))
        };
        names.iter().map(find).collect()
    }
}

impl FrozenChoice {
    fn of(choice: &Choice) -> Self {
        let Choice {
            format,
            layout,
            votes,
        } = choice;
        let Layout {
            columns,
            inner,
            declared,
            dates,
            stamps,
        } = layout;
        Self {
            name: format.name.to_owned(),
            votes: *votes,
            columns: columns.clone(),
            inner: inner.iter().map(|f| f.name.to_owned()).collect(),
            declared: names(declared),
            dates: name_of(ORDERS, dates),
            times: name_of(SPELLINGS, &stamps.spelling),
            reach: stamps.reach,
            indented: stamps.indented,
            spaced: stamps.spaced,
        }
    }

    fn thaw(&self, known: &Known<'_>) -> Result<Choice, String> {
        let inner = self.inner.iter().map(|name| known.format(name));
        Ok(Choice {
            format: known.format(&self.name)?,
            votes: self.votes,
            layout: Layout {
                columns: self.columns.clone(),
                inner: inner.collect::<Result<_, String>>()?,
                declared: known.all(&self.declared)?,
                dates: named(ORDERS, &self.dates)?,
                stamps: Stamps {
                    spelling: named(SPELLINGS, &self.times)?,
                    reach: self.reach,
                    indented: self.indented,
                    spaced: self.spaced,
                },
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::{self, Options};
    use crate::source::{self, Library};
    use std::path::Path;

    /// Of every sample, through JSON and back: the same plan.
    #[test]
    fn what_is_frozen_thaws() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folders = ["samples/formats", "samples/incidents"].map(|f| root.join(f));
        let found = source::discover(&folders, source::Limits::default());
        let library = Library::new(found.inputs);
        let plans = ingest::plan(&library, &Options::default()).expect("readable samples");
        assert!(plans.len() > 100, "{} samples", plans.len());
        for plan in &plans {
            let text = serde_json::to_string(&plan.freeze()).expect("JSON");
            let frozen: super::FrozenPlan = serde_json::from_str(&text).expect("the same");
            assert_eq!(frozen, plan.freeze());
            let thawed = frozen.thaw(plan.file, &[]).expect("known formats");
            assert_eq!(thawed.detected, plan.detected, "{text}");
            assert_eq!(thawed.clock, plan.clock, "{text}");
            assert_eq!(frozen.is_lines(), thawed.freeze().shape == "lines");
        }
        let mut frozen = plans.first().expect("some").freeze();
        frozen.formats.first_mut().expect("one").name = "wax-tablet".to_owned();
        let unknown = frozen.thaw(crate::cite::FileId(0), &[]);
        assert!(unknown.is_err_and(|e| e.contains("wax-tablet")));
    }
}
