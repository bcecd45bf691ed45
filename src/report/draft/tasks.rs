//! Things to do, by how soon.

use super::{or_ask, remarks};
use crate::cite::{Grade, Line};
use crate::clock::Zone;
use crate::incident::{Horizon, Incident};
use crate::report::prose;

/// The tasks of written documents, in their own words.
pub(super) fn written(incident: &Incident, zone: Zone) -> Vec<Line> {
    remarks(incident, "tasks", zone).collect()
}

/// The tasks of one horizon, each tied to the gap or the act that it follows from.
pub(super) fn due(incident: &Incident, horizon: Horizon) -> Vec<Line> {
    let due = incident.tasks.iter().filter(|t| t.horizon == horizon);
    let line = |task: &crate::incident::Task| {
        Line::said(prose::sentence(&task.text), task.evidence.clone()).graded(Grade::Inferred)
    };
    or_ask(
        due.map(line).collect(),
        match horizon {
            Horizon::Immediate => "What must be done now, and by whom?",
            Horizon::Short => "What must be done in the next weeks?",
            Horizon::Long => "What should be done later?",
        },
    )
}
