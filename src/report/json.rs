//! The report for programs, schema `recon.report/1`. It is written from an analysis
//! ([`super::build`]) and read back to summarise many incidents.

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::marker::PhantomData;

/// The schema that is written.
pub const SCHEMA: &str = "recon.report/1";

/// A whole report.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: String,
    /// The range of time that was looked at; absent if nothing is dated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// Every input, sorted by path.
    #[serde(default)]
    pub inputs: Vec<Input>,
    /// How the hosts' clocks compare, where they share ids.
    #[serde(default)]
    pub clocks: Vec<Clock>,
    /// Incidents in order of their start.
    #[serde(default)]
    pub incidents: Vec<Incident>,
    /// What was assumed, left out or contradictory.
    #[serde(default)]
    pub notices: Vec<Notice>,
    /// How many different values of each kind were replaced by pseudonyms.
    #[serde(default, skip_serializing_if = "Ordered::is_empty")]
    pub redacted: Ordered<usize>,
}

/// The range of time that was looked at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// RFC 3339, or `T+600s`.
    pub start: String,
    /// The same.
    pub end: String,
    /// auto, user or all.
    pub chosen_by: String,
}

/// How one input was read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// As it is cited.
    pub path: String,
    /// The main format; null if none is known.
    pub format: Option<String>,
    /// Further formats in the same input.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Compression and encodings that were undone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wrapped: Vec<String>,
    /// Bytes on disk.
    pub bytes: u64,
    /// Lines of the decompressed text.
    pub lines: u64,
    /// Entries read.
    pub entries: u64,
    /// Lines in no entry.
    pub unparsed_lines: u64,
    /// Entries without any time.
    #[serde(default)]
    pub undated: u64,
    /// Earliest time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// Latest time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// The zone of times that state none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Why that zone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub zone_basis: String,
    /// Why that year.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub year_basis: String,
}

/// A host's clock compared with the others by shared ids.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// The host, or the file whose entries name none.
    pub host: String,
    /// The clock that counts as right.
    pub reference: String,
    /// Seconds it is ahead; null if the ids only bound it.
    pub offset_s: Option<Number>,
    /// Not less, not more, in seconds.
    pub bounds: [Number; 2],
    /// Ids that it shares with its neighbour.
    pub ids: usize,
    /// Seconds by which the offset grows over the data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift_s: Option<Number>,
    /// Whether its times were corrected by the offset.
    pub applied: bool,
}

/// An incident.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Date and service.
    pub id: String,
    /// One line for people.
    pub title: String,
    /// resolved, mitigated or ongoing.
    pub status: String,
    /// The service that most likely failed first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub culprit: Option<Culprit>,
    /// Services that took part.
    #[serde(default)]
    pub services: Vec<Service>,
    /// How it was noticed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detection: Option<Detection>,
    /// Those with evidence, in the order a smooth incident passes them.
    #[serde(default)]
    pub milestones: Ordered<Milestone>,
    /// What happened when.
    #[serde(default)]
    pub timeline: Vec<Moment>,
    /// Suspicions that led nowhere.
    #[serde(default)]
    pub false_leads: Vec<Lead>,
    /// Candidates for the cause, best first.
    #[serde(default)]
    pub suspects: Vec<Suspect>,
    /// Every duration by name; null where an end is missing.
    #[serde(default)]
    pub metrics: Ordered<Option<Number>>,
    /// Lower bounds of durations that had not ended where the evidence ends.
    #[serde(default, skip_serializing_if = "Ordered::is_empty")]
    pub at_least: Ordered<Number>,
    /// Requests and users.
    #[serde(default)]
    pub impact: Impact,
    /// Failures and durations over time; absent where the logs count none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Series>,
    /// What written documents state of themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated: Option<Stated>,
    /// Things to do that follow from the evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<Task>,
    /// What people said, by section of the draft.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// What only people can answer.
    #[serde(default)]
    pub open_questions: Vec<String>,
}

/// A citation, looked up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The input.
    pub path: String,
    /// First line, from 1.
    pub line: u64,
    /// Last line.
    pub line_last: u64,
    /// First byte of the decompressed text, from 0.
    pub byte: u64,
    /// The beginning of the entry.
    pub text: String,
}

/// The service that most likely failed first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Culprit {
    /// Its name.
    pub service: String,
    /// 0 to 1.
    pub confidence: Number,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

/// A service that took part.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// culprit or affected.
    pub role: String,
}

/// How an incident was noticed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// alert, ticket, human or logs.
    pub method: String,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

/// A milestone, or another time for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Milestone {
    /// When.
    pub time: String,
    /// It may have been as early as this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<String>,
    /// observed, inferred or claimed.
    pub basis: String,
    /// high, medium or low; absent from times that were not chosen.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub confidence: String,
    /// The rule that found it.
    pub rule: String,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// Other times that other evidence gives.
    #[serde(default)]
    pub alternatives: Vec<Milestone>,
}

/// One line of the timeline.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// When.
    pub time: String,
    /// What kind of record tells of it: log, alert, page, change, ticket or person.
    #[serde(default)]
    pub origin: String,
    /// Which part of the incident's life.
    pub phase: String,
    /// What happened.
    pub text: String,
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Which service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// observed, inferred or claimed.
    pub basis: String,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

/// A suspicion that led nowhere.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lead {
    /// What was suspected.
    pub hypothesis: String,
    /// When it was first voiced.
    pub from: String,
    /// When it was ruled out or superseded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// It was ruled out in so many words.
    #[serde(default)]
    pub ruled_out: bool,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

/// A candidate for the cause.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Suspect {
    /// 1 is the best.
    pub rank: u64,
    /// change, template, service or silence.
    pub kind: String,
    /// The thing itself.
    pub what: String,
    /// Its service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// When it happened or began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// 0 to 1; comparable within one incident.
    pub score: Number,
    /// What the score is made of.
    #[serde(default)]
    pub features: Ordered<Number>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

/// Requests and users; null where it could not be measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Impact {
    /// Requests within the impact window.
    pub requests_total: Option<u64>,
    /// Of these, failed.
    pub requests_failed: Option<u64>,
    /// Highest share of failed requests in any minute.
    pub error_rate_peak: Option<Number>,
    /// Share of failed requests over the window.
    pub error_rate_mean: Option<Number>,
    /// The same before the impact.
    pub error_rate_baseline: Option<Number>,
    /// Distinct users within the window.
    pub users_active: Option<u64>,
    /// Of these, with a failed request.
    pub users_affected: Option<u64>,
    /// Affected ÷ active.
    pub users_affected_share: Option<Number>,
    /// Of the affected, without any success.
    pub users_blocked: Option<u64>,
    /// 99th percentile of the request duration, in milliseconds.
    pub latency_p99_ms: Option<Number>,
    /// The same before the impact.
    pub latency_p99_baseline_ms: Option<Number>,
    /// Customers' tickets within the window.
    #[serde(default)]
    pub tickets: u64,
    /// The numbers by service.
    #[serde(default)]
    pub by_service: Vec<ServiceImpact>,
    /// What it cost of the error budget; null without requests.
    pub error_budget: Option<Budget>,
    /// How users were told apart and what was counted.
    #[serde(default)]
    pub basis: String,
    /// First and last failure.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}

/// Impact on one service's requests.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ServiceImpact {
    /// The service.
    pub service: String,
    /// The operation, where impact is limited to some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Requests within the window.
    pub requests_total: u64,
    /// Of these, failed.
    pub requests_failed: u64,
    /// Failed ÷ total; null without requests.
    pub error_rate: Option<Number>,
    /// First failed request.
    pub evidence: Vec<Evidence>,
}

/// Failures and durations over time, point after point without gaps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The beginning of the first point.
    pub start: String,
    /// Seconds from one point to the next.
    pub step_s: Number,
    /// Requests to the affected operations; absent where only errors are counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<u64>,
    /// Of these, failed; or entries of level error.
    pub failed: Vec<u64>,
    /// Median of the request duration in milliseconds; null where too few were measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub p50_ms: Vec<Option<Number>>,
    /// 99th percentile of the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub p99_ms: Vec<Option<Number>>,
}

/// What an incident cost of the error budget.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    /// The objective as a share.
    pub slo: Number,
    /// The period that it is kept over.
    pub period_days: i64,
    /// At 1 the budget lasts exactly the period.
    pub burn_rate: Number,
    /// Share of the budget that went; null where the length of the impact is unknown.
    pub spent_share: Option<Number>,
    /// The requests of the period are extrapolated from those of the impact window.
    pub estimated: bool,
}

/// What a written document states of itself; absent where it is silent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stated {
    /// `2024-01-19T10:30` or `10:30`, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// The same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// As written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// As stated, else from the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_minutes: Option<Number>,
    /// As stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users_affected_percent: Option<Number>,
    /// Entries of its timeline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline_entries: Option<i64>,
    /// Where it contradicts itself.
    #[serde(default)]
    pub contradictions: Vec<Contradiction>,
}

/// Two statements that cannot both be true.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contradiction {
    /// The kind.
    pub code: String,
    /// What contradicts what.
    pub text: String,
    /// Both places.
    pub evidence: Vec<Evidence>,
}

/// Something to do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// immediate, short or long.
    pub horizon: String,
    /// An imperative sentence.
    pub text: String,
    /// What it follows from.
    pub evidence: Vec<Evidence>,
}

/// What somebody said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Remark {
    /// Section of the draft.
    pub section: String,
    /// When, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Who, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The words.
    pub text: String,
    /// Where.
    pub evidence: Vec<Evidence>,
}

/// Something the reader should know.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// info, warning or error.
    pub level: String,
    /// What it is.
    pub message: String,
    /// Where, if it is about certain entries.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}

/// A number that is written without a fraction if it has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Deserialize)]
#[serde(transparent)]
pub struct Number(pub f64);

impl Number {
    /// Rounded to this many digits after the point, so that the last bits of a sum show nowhere.
    #[must_use]
    pub fn rounded(value: f64, digits: i32) -> Self {
        let scale = 10_f64.powi(digits);
        let rounded = (value * scale).round() / scale;
        Self(if rounded.is_finite() { rounded } else { value })
    }

    /// A share: four digits.
    #[must_use]
    pub fn share(value: f64) -> Self {
        Self::rounded(value, 4)
    }

    /// Nanoseconds in seconds: three digits.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn seconds(nanos: i64) -> Self {
        Self::rounded(nanos as f64 / 1e9, 3)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        #[allow(clippy::cast_possible_truncation)]
        if self.0.fract() == 0.0 && self.0.abs() < EXACT {
            to.serialize_i64(self.0 as i64)
        } else {
            to.serialize_f64(self.0)
        }
    }
}

/// An object whose keys keep the order they were put in.
#[derive(Clone, Debug, PartialEq)]
pub struct Ordered<T>(pub Vec<(String, T)>);

impl<T> Ordered<T> {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&T> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    /// Whether there is no key.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> FromIterator<(String, T)> for Ordered<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl<T: Serialize> Serialize for Ordered<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(k, v)| (k, v)))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ordered<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Pairs<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Pairs<T> {
            type Value = Ordered<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Ordered(pairs))
            }
        }
        from.deserialize_map(Pairs(PhantomData))
    }
}
