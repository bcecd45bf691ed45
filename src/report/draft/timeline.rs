//! What happened when.

use crate::cite::Line;
use crate::clock::Zone;
use crate::incident::{Incident, Moment};
use crate::report::prose;

pub(super) fn lines(incident: &Incident, zone: Zone) -> Vec<Line> {
    let mut days = incident.timeline.iter().map(|m| prose::day(m.at, zone));
    let first = days.next();
    let one_day = days.all(|d| Some(d) == first);
    let time = |m: &Moment| match one_day {
        true => prose::clock(m.at, zone),
        false => prose::moment(m.at, zone),
    };
    let event = |m: &Moment| line(m, format!("{} · {}", time(m), m.phase.name()));
    let lines = incident.timeline.iter().map(event).collect();
    super::or_ask(lines, "What happened when? The inputs date no event.")
}

/// An event: its time, what happened, and who did it unless the sentence says so.
pub(super) fn line(moment: &Moment, label: String) -> Line {
    let mut what = prose::sentence(&moment.text);
    if let Some(actor) = &moment.actor
        && !moment.text.contains(actor.as_str())
    {
        what = format!("{what} ({actor})");
    }
    Line::said(what, moment.evidence.clone())
        .graded(moment.grade)
        .labelled(label)
}
