//! The slots of templates: what each gives, in one list.

use super::{
    actions, cause, figures, lessons, overview, response, single, summary, tasks, timeline,
};
use crate::cite::Line;
use crate::incident::{Horizon, Incident, Milestone};
use crate::metrics::Metric;
use crate::report::Options;
use std::fmt;

/// A slot.
pub struct Slot {
    /// What stands between the braces.
    pub name: &'static str,
    /// What it gives, for those who write templates.
    pub about: &'static str,
    /// How.
    pub fill: Fill,
}

/// What fills a slot.
#[derive(Clone, Copy)]
pub enum Fill {
    /// Statements and questions, each a line.
    Lines(fn(&Incident, &Options) -> Vec<Line>),
    /// A few words, or a question in their place; may stand in a sentence.
    Figure(fn(&Incident, &Options) -> Line),
    /// The appendix: how the inputs were read, notices, and every cited line.
    Evidence,
}

impl PartialEq for Slot {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{{{}}}}}", self.name)
    }
}

const fn lines(
    name: &'static str,
    about: &'static str,
    fill: fn(&Incident, &Options) -> Vec<Line>,
) -> Slot {
    Slot {
        name,
        about,
        fill: Fill::Lines(fill),
    }
}

const fn figure(
    name: &'static str,
    about: &'static str,
    fill: fn(&Incident, &Options) -> Line,
) -> Slot {
    Slot {
        name,
        about,
        fill: Fill::Figure(fill),
    }
}

/// All slots: those that give lines, then those that give figures.
#[rustfmt::skip]
pub const SLOTS: &[Slot] = &[
    lines("actions", "what people and machines did about it, in sentences", |i, o| actions::lines(i, o.zone)),
    lines("cause", "the cause as it was named, else the first candidate", |i, o| cause::cause(i, o.zone)),
    lines("detection", "how it was noticed, and how soon", |i, o| response::detection(i, o.zone)),
    lines("escalation", "who was asked in, and when", |i, o| response::escalation(i, o.zone)),
    Slot { name: "evidence", about: "how the inputs were read, notices, and every cited line", fill: Fill::Evidence },
    lines("facts", "duration, start, end, impact, users, services, each with its name in front", |i, o| summary::lines(i, o.zone)),
    lines("impact", "failed requests by service, how they were counted, the error budget", figures::impact),
    lines("lucky", "where luck helped: a question, since logs do not tell", |_, _| lessons::lucky()),
    lines("measures", "what documents say will be done, else a question", |i, o| cause::measures(i, o.zone)),
    lines("metrics", "every duration with both of its ends", |i, _| figures::metrics(i)),
    lines("milestones", "the points of the response in order of time", |i, o| timeline::milestones(i, o.zone)),
    lines("misleading", "suspicions that led nowhere", |i, o| response::misleading(i, o.zone)),
    lines("people", "who took part, by role, and with what", |i, o| lessons::people(i, o.zone)),
    lines("questions", "the open questions; a section of nothing else goes if there are none", |i, o| lessons::questions(i, o.zone)),
    lines("resolution", "what ended it: fix, recovery, closing", |i, o| response::resolution(i, o.zone)),
    lines("root_cause", "what was named as the cause, and the candidates that the data give", |i, o| cause::root_cause(i, o.zone)),
    lines("summary", "a few sentences for those who read no further", |i, o| overview::summary(i, o.zone)),
    lines("tasks", "things to do, as written in documents", |i, o| tasks::written(i, o.zone)),
    lines("tasks_immediate", "things to do now", |i, _| tasks::due(i, Horizon::Immediate)),
    lines("tasks_long", "things to do later", |i, _| tasks::due(i, Horizon::Long)),
    lines("tasks_short", "things to do in the next weeks", |i, _| tasks::due(i, Horizon::Short)),
    lines("timeline", "everything that happened, in order of time", |i, o| timeline::lines(i, o.zone)),
    lines("trigger", "the change that came before it, if one did", |i, o| cause::trigger(i, o.zone)),
    lines("went_badly", "what was slow or missing in the response", |i, o| lessons::went_badly(i, o.zone)),
    lines("went_well", "what was quick in the response", |i, o| lessons::went_well(i, o.zone)),
    figure("acknowledged", "when a person took it", |i, o| single::when(i, o.zone, Milestone::Acknowledged)),
    figure("culprit", "the service that failed first", |i, _| single::culprit(i)),
    figure("date", "the day that it began", |i, o| single::date(i, o.zone)),
    figure("detected", "when it was noticed", |i, o| single::when(i, o.zone, Milestone::Detected)),
    figure("detection_method", "what noticed it first", |i, _| single::method(i)),
    figure("duration", "how long users felt it", |i, _| single::length(i, Metric::ImpactDuration)),
    figure("end", "when users stopped feeling it", |i, o| single::end(i, o.zone)),
    figure("escalated", "when others were asked in", |i, o| single::when(i, o.zone, Milestone::Escalated)),
    figure("fixed", "when a fix took effect in production", |i, o| single::when(i, o.zone, Milestone::FixDeployed)),
    figure("id", "the incident's short name", |i, _| single::id(i)),
    figure("identified", "when the cause was named", |i, o| single::when(i, o.zone, Milestone::Identified)),
    figure("incident_duration", "from the first sign to the closing", |i, _| single::length(i, Metric::IncidentDuration)),
    figure("mitigated", "when service was back to normal", |i, o| single::when(i, o.zone, Milestone::Mitigated)),
    figure("requests_failed", "failed requests of all, and their share", |i, _| single::requests(i)),
    figure("resolved", "when it was closed", |i, o| single::when(i, o.zone, Milestone::Resolved)),
    figure("services", "the services that took part", |i, _| single::services(i)),
    figure("start", "when users began to feel it", |i, o| single::start(i, o.zone)),
    figure("status", "resolved, mitigated or ongoing", |i, _| single::status(i)),
    figure("time_to_acknowledge", "from detection to a person's taking it", |i, _| single::length(i, Metric::TimeToAcknowledge)),
    figure("time_to_detect", "from the first failure to detection", |i, _| single::length(i, Metric::TimeToDetect)),
    figure("time_to_escalate", "from detection to the first escalation", |i, _| single::length(i, Metric::TimeToEscalate)),
    figure("time_to_identify", "from detection to the naming of the cause", |i, _| single::length(i, Metric::TimeToIdentify)),
    figure("time_to_mitigate", "from the first failure to recovery", |i, _| single::length(i, Metric::TimeToMitigate)),
    figure("time_to_resolve", "from the first failure to the closing", |i, _| single::length(i, Metric::TimeToResolve)),
    figure("title", "what failed, in one line", |i, _| single::title(i)),
    figure("users_affected", "users with a failure, and their share", |i, _| single::users(i)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_sorted_told_and_unlike() {
        let of = |figures: bool| -> Vec<&str> {
            let all = SLOTS.iter();
            all.filter(|s| matches!(s.fill, Fill::Figure(_)) == figures)
                .map(|s| s.name)
                .collect()
        };
        for names in [of(false), of(true)] {
            let mut sorted = names.clone();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(names, sorted);
        }
        assert!(of(true).iter().all(|n| !of(false).contains(n)));
        assert!(SLOTS.iter().all(|s| s.about.len() > 10));
    }

    /// The page for those who write templates has a row for every slot, and no other.
    #[test]
    fn every_slot_is_documented() {
        let page = include_str!("../templates/README.md");
        let rows: Vec<String> = SLOTS
            .iter()
            .map(|s| format!("| `{}` | {} |", s.name, s.about))
            .collect();
        let written: Vec<&str> = page.lines().filter(|l| l.starts_with("| `")).collect();
        assert_eq!(written, rows);
    }
}
