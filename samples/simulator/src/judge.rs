//! A report held against the truth.

use crate::truth::{Incident, Truth};
use chrono::DateTime;
use recon_samples::time::Time;
use serde_json::Value;

/// What is checked, in the order of the table. The first is checked once a bundle.
pub const CHECKS: [&str; 18] = [
    "count",
    "start",
    "slow-start",
    "detected",
    "acked",
    "escalated",
    "identified",
    "fix",
    "mitigated",
    "resolved",
    "lead",
    "ruled-out",
    "culprit",
    "cause-top3",
    "cause-first",
    "users",
    "failed",
    "extra-lead",
];

/// A culprit that is named with at least this confidence is named with a high one.
const HIGH: f64 = 0.6;

/// One thing that was checked.
#[derive(Clone, Debug)]
pub struct Check {
    /// What: one of [`CHECKS`].
    pub name: &'static str,
    /// Whether the report is right.
    pub right: bool,
    /// How far off it is: seconds, or a share of the true number.
    pub off: Option<f64>,
    /// How sure the report says it is, where it does: high, medium or low.
    pub graded: Option<String>,
    /// What it says and what is true, for those who look for the reason.
    pub detail: String,
}

/// Everything about a bundle's report.
#[must_use]
pub fn judge(truth: &Truth, report: &Value) -> Vec<Check> {
    let empty = Vec::new();
    let found = report["incidents"].as_array().unwrap_or(&empty);
    let mut checks = vec![Check {
        name: "count",
        right: found.len() == truth.incidents.len(),
        off: None,
        graded: None,
        detail: format!(
            "{} incidents, {} are true: {}",
            found.len(),
            truth.incidents.len(),
            titles(found)
        ),
    }];
    let mut left: Vec<&Value> = found.iter().collect();
    for incident in &truth.incidents {
        let nearest = (0..left.len()).min_by_key(|n| {
            start_of(left[*n]).map_or(i64::MAX, |t| (t - incident.impact_start.0).abs())
        });
        let report = nearest.map(|n| left.remove(n));
        Judge {
            incident,
            report: report.unwrap_or(&Value::Null),
            checks: &mut checks,
        }
        .all();
    }
    checks
}

fn titles(found: &[Value]) -> String {
    let title = |i: &Value| {
        format!(
            "{} at {}",
            i["title"], i["milestones"]["impact_start"]["time"]
        )
    };
    found.iter().map(title).collect::<Vec<_>>().join("; ")
}

fn micros(time: &Value) -> Option<i64> {
    Some(
        DateTime::parse_from_rfc3339(time.as_str()?)
            .ok()?
            .timestamp_micros(),
    )
}

fn start_of(report: &Value) -> Option<i64> {
    let times = &report["milestones"];
    micros(&times["impact_start"]["time"]).or_else(|| micros(&times["detected"]["time"]))
}

struct Judge<'a> {
    incident: &'a Incident,
    report: &'a Value,
    checks: &'a mut Vec<Check>,
}

impl Judge<'_> {
    fn all(&mut self) {
        let i = self.incident;
        if i.slow {
            self.time("slow-start", "impact_start", Some(i.impact_start), 60.0);
        } else {
            self.time("start", "impact_start", Some(i.impact_start), 10.0);
        }
        self.time("detected", "detected", i.detected, 5.0);
        self.time("acked", "acknowledged", i.acknowledged, 5.0);
        self.time("escalated", "escalated", i.escalated, 5.0);
        self.time("identified", "identified", i.identified, 60.0);
        self.time("fix", "fix_deployed", i.fix_deployed, 60.0);
        self.time("mitigated", "mitigated", i.mitigated, 60.0);
        self.time("resolved", "resolved", i.resolved, 5.0);
        self.leads();
        self.cause();
        self.number("users", "users_affected", i.users);
        self.number("failed", "requests_failed", i.failed);
    }

    #[allow(clippy::cast_precision_loss)]
    fn time(&mut self, name: &'static str, milestone: &str, truth: Option<Time>, within: f64) {
        let Some(truth) = truth else { return };
        let told = &self.report["milestones"][milestone];
        let off = micros(&told["time"]).map(|t| (t - truth.0) as f64 / 1e6);
        let cite = &told["evidence"][0];
        let within = if self.incident.coarse {
            within.max(60.0)
        } else {
            within
        };
        self.checks.push(Check {
            name,
            right: off.is_some_and(|o| o.abs() <= within),
            off: off.map(f64::abs),
            graded: told["confidence"].as_str().map(str::to_owned),
            detail: format!(
                "{} ({} {}), true {}",
                told["time"],
                told["rule"],
                cite["text"],
                truth.rfc3339()
            ),
        });
    }

    fn leads(&mut self) {
        let empty = Vec::new();
        let told = self.report["false_leads"].as_array().unwrap_or(&empty);
        let near =
            |at: &Value, truth: Time| micros(at).is_some_and(|t| (t - truth.0).abs() <= 60_000_000);
        let mut matched = 0;
        for lead in &self.incident.leads {
            let names = |l: &&Value| {
                let said = l["hypothesis"].as_str().unwrap_or_default().to_lowercase();
                lead.words.iter().any(|w| said.contains(w))
            };
            let found = told
                .iter()
                .find(|l| names(l) && near(&l["from"], lead.from))
                .or_else(|| told.iter().find(names));
            matched += usize::from(found.is_some());
            let detail = format!(
                "{:?} {} to {} in {}",
                lead.words,
                lead.from.rfc3339(),
                lead.to.rfc3339(),
                brief(told)
            );
            let check = |name, right| Check {
                name,
                right,
                off: None,
                graded: None,
                detail: detail.clone(),
            };
            self.checks.push(check(
                "lead",
                found.is_some_and(|l| near(&l["from"], lead.from)),
            ));
            self.checks.push(check(
                "ruled-out",
                found.is_some_and(|l| near(&l["to"], lead.to)),
            ));
        }
        self.checks.push(Check {
            name: "extra-lead",
            right: told.len() <= matched,
            off: None,
            graded: None,
            detail: brief(told),
        });
    }

    fn cause(&mut self) {
        let report = self.report;
        if let Some(culprit) = &self.incident.culprit {
            let told = report["culprit"]["service"].as_str().unwrap_or_default();
            self.checks.push(Check {
                name: "culprit",
                right: told == culprit,
                off: report["culprit"]["confidence"].as_f64(),
                graded: report["culprit"]["confidence"].as_f64().map(|c| {
                    let grade = if c >= HIGH { "high" } else { "medium" };
                    grade.to_owned()
                }),
                detail: format!(
                    "{told} ({}), true {culprit}",
                    report["culprit"]["confidence"]
                ),
            });
        }
        let Some(cause) = self.incident.cause else {
            return;
        };
        let empty = Vec::new();
        let suspects = report["suspects"].as_array().unwrap_or(&empty);
        let is = |s: &Value| {
            s["kind"] == "change"
                && micros(&s["time"]).is_some_and(|t| (t - cause.0).abs() <= 5_000_000)
        };
        let rank = suspects.iter().position(is);
        let shown: Vec<String> = suspects
            .iter()
            .take(4)
            .map(|s| format!("{} {} {}", s["score"], s["kind"], s["what"]))
            .collect();
        let detail = format!("true {} in {}", cause.rfc3339(), shown.join("; "));
        for (name, right) in [
            ("cause-top3", rank.is_some_and(|r| r < 3)),
            ("cause-first", rank == Some(0)),
        ] {
            self.checks.push(Check {
                name,
                right,
                off: None,
                graded: None,
                detail: detail.clone(),
            });
        }
    }

    #[allow(clippy::cast_precision_loss)]
    fn number(&mut self, name: &'static str, key: &str, truth: Option<u64>) {
        let Some(truth) = truth else { return };
        let told = self.report["impact"][key].as_f64();
        let off = told.map(|t| (t - truth as f64).abs());
        self.checks.push(Check {
            name,
            // Of few, one more or less is no matter.
            right: off.is_some_and(|o| o <= (truth as f64 * 0.03).max(1.0)),
            off: off.map(|o| o / (truth as f64).max(1.0)),
            graded: None,
            detail: format!("{told:?}, true {truth}; {}", self.report["impact"]["basis"]),
        });
    }
}

fn brief(leads: &[Value]) -> String {
    let one = |l: &Value| format!("{} {}..{}", l["hypothesis"], l["from"], l["to"]);
    leads.iter().map(one).collect::<Vec<_>>().join(" | ")
}
