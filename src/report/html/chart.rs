//! The chart of an incident: failures and durations over time, with its phases, milestones,
//! alerts, changes and people on the same axis. Plain SVG; the page's script only moves what
//! is here, so that the picture is whole without it.

use super::text::html;
use crate::clock::Zone;
use crate::incident::{Incident, Milestone, Moment, Origin};
use crate::report::draft::told;
use crate::report::prose;
use recon_parsers::stamp::SECOND;
use recon_parsers::{Basis, Precision, Stamp};
use std::fmt::Write;
use std::ops::Range;

/// Width of the whole picture and of the margin for labels, in user units.
const WIDTH: f64 = 960.0;
/// Where the plot begins: labels stand left of it.
pub(super) const LEFT: f64 = 84.0;
/// Where it ends.
pub(super) const RIGHT: f64 = 944.0;
const LANE: f64 = 26.0;
/// Events of a lane beyond which those nearer to each other than a few units are drawn as one.
const CROWD: usize = 400;
const NEAR: f64 = 3.0;
/// Height of a row of milestone numbers above the curves.
const ROW: f64 = 19.0;

/// A part of the response: from one milestone to another.
const STAGES: [(&str, &str, &[Milestone], &[Milestone]); 4] = [
    (
        "undetected",
        "Undetected",
        &[Milestone::ImpactStart],
        &[Milestone::Detected],
    ),
    (
        "diagnosis",
        "Diagnosis",
        &[Milestone::Detected],
        &[Milestone::Identified],
    ),
    (
        "repair",
        "Repair",
        &[Milestone::Identified, Milestone::Detected],
        &[Milestone::Mitigated],
    ),
    (
        "watching",
        "Watching",
        &[Milestone::Mitigated],
        &[Milestone::Resolved],
    ),
];

/// The lanes below the curves, and what stands in them.
const LANES: [(&str, &[Origin]); 3] = [
    ("Alerts", &[Origin::Alert, Origin::Page]),
    ("Changes", &[Origin::Change]),
    ("People", &[Origin::Person, Origin::Ticket]),
];

/// A chart, and the time that it spans.
pub(super) struct Chart {
    pub(super) svg: String,
    pub(super) span: Range<i64>,
}

/// The chart of an incident; `None` if nothing of it has a time on the calendar.
pub(super) fn chart(incident: &Incident, zone: Zone, id: &str) -> Option<Chart> {
    let span = span(incident)?;
    let mut drawing = Drawing {
        out: String::new(),
        span: span.clone(),
        zone,
        y: 10.0,
    };
    let marks = marks(incident);
    let rows = drawing.rows(&marks);
    drawing.y += ROW * (rows.iter().max().map_or(0.0, |r| f64::from(*r) + 1.0)) + 4.0;
    if let Some(series) = &incident.series {
        drawing.failures(series);
        drawing.durations(series);
    }
    drawing.stages(incident);
    for (name, origins) in LANES {
        drawing.lane(incident, name, origins);
    }
    let bottom = drawing.y;
    drawing.milestones(&marks, &rows, bottom);
    drawing.axis(bottom);
    let height = bottom + 26.0;
    let label = html(&described(incident, zone));
    let svg = format!(
        "<svg class=\"chart\" id=\"{id}\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{label}\" \
         data-from=\"{}\" data-to=\"{}\" data-bottom=\"{bottom}\">\n\
         <defs><clipPath id=\"{id}-clip\"><rect x=\"{LEFT}\" y=\"0\" width=\"{}\" height=\"{height}\"/></clipPath></defs>\n\
         {}<g class=\"cursor\" hidden><line y1=\"10\" y2=\"{bottom}\"/></g>\n</svg>\n",
        millis(span.start),
        millis(span.end),
        RIGHT - LEFT,
        drawing
            .out
            .replace("url(#clip)", &format!("url(#{id}-clip)")),
    );
    Some(Chart { svg, span })
}

/// The milestones of an incident in order of time.
pub(super) fn marks(incident: &Incident) -> Vec<(Milestone, Stamp)> {
    let mut marks: Vec<(Milestone, Stamp)> = Milestone::ALL
        .into_iter()
        .filter_map(|m| Some((m, incident.when(m)?)))
        .filter(|(_, at)| dated(*at))
        .collect();
    marks.sort_by_key(|(which, at)| (at.nanos, *which as usize));
    marks
}

fn dated(at: Stamp) -> bool {
    at.basis != Basis::Relative && at.precision != Precision::Day
}

fn span(incident: &Incident) -> Option<Range<i64>> {
    if let Some(series) = &incident.series {
        let length = series.step.saturating_mul(series.points.len() as i64);
        return Some(series.start..series.start.saturating_add(length));
    }
    let times = incident
        .timeline
        .iter()
        .map(|m| m.at)
        .filter(|at| dated(*at));
    let times = times.chain(marks(incident).into_iter().map(|(_, at)| at));
    let (from, to) = times
        .map(|at| (at.nanos, at.nanos))
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
    let margin = ((to - from) / 20).max(60 * SECOND);
    Some(from.saturating_sub(margin)..to.saturating_add(margin))
}

fn described(incident: &Incident, zone: Zone) -> String {
    let mut text = String::from("Chart of failures, durations and events over time.");
    for (which, at) in marks(incident) {
        let _ = write!(text, " {}: {}.", which.title(), prose::clock(at, zone));
    }
    text
}

pub(super) const fn millis(nanos: i64) -> i64 {
    nanos.div_euclid(1_000_000)
}

pub(super) struct Drawing {
    pub(super) out: String,
    span: Range<i64>,
    zone: Zone,
    /// Where the next part begins.
    pub(super) y: f64,
}

#[allow(clippy::cast_precision_loss)]
impl Drawing {
    pub(super) fn x(&self, nanos: i64) -> f64 {
        let length = (self.span.end - self.span.start).max(1) as f64;
        let share = (nanos.saturating_sub(self.span.start)) as f64 / length;
        LEFT + share.clamp(-1.0, 2.0) * (RIGHT - LEFT)
    }

    pub(super) fn label(&mut self, y: f64, class: &str, text: &str) {
        let x = LEFT - 8.0;
        let _ = writeln!(
            self.out,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y:.1}\" text-anchor=\"end\">{}</text>",
            html(text)
        );
    }

    fn stages(&mut self, incident: &Incident) {
        let first = |all: &[Milestone]| all.iter().find_map(|m| incident.when(*m));
        let mut drawn = false;
        for (class, name, from, to) in STAGES {
            let (Some(from), Some(to)) = (first(from), first(to)) else {
                continue;
            };
            if to.nanos <= from.nanos || !dated(from) || !dated(to) {
                continue;
            }
            let (a, b) = (self.x(from.nanos), self.x(to.nanos));
            let length = prose::duration(to.nanos - from.nanos);
            let y = self.y;
            let _ = writeln!(
                self.out,
                "<g clip-path=\"url(#clip)\"><rect class=\"stage {class}\" data-from=\"{}\" data-to=\"{}\" \
                 x=\"{a:.2}\" y=\"{y:.1}\" width=\"{:.2}\" height=\"20\" rx=\"3\"><title>{name}: {length}</title></rect>",
                millis(from.nanos),
                millis(to.nanos),
                b - a,
            );
            // About six units a letter.
            if b - a > 6.2 * (name.len() + length.len() + 4) as f64 {
                let _ = write!(
                    self.out,
                    "<text class=\"on-stage\" data-at=\"{}\" x=\"{:.2}\" y=\"{:.1}\" text-anchor=\"middle\">{name} · {length}</text>",
                    millis(from.nanos.midpoint(to.nanos)),
                    f64::midpoint(a, b),
                    y + 14.0,
                );
            }
            self.out.push_str("</g>\n");
            drawn = true;
        }
        if drawn {
            let y = self.y + 14.0;
            self.label(y, "lane", "Response");
            self.y += LANE;
        }
    }

    fn lane(&mut self, incident: &Incident, name: &str, origins: &[Origin]) {
        let events: Vec<_> = incident
            .timeline
            .iter()
            .filter(|m| origins.contains(&m.origin) && dated(m.at))
            .filter(|m| self.span.contains(&m.at.nanos))
            .collect();
        if events.is_empty() {
            return;
        }
        let y = self.y + 10.0;
        let _ = writeln!(
            self.out,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/><g clip-path=\"url(#clip)\">"
        );
        for (event, alike) in self.thinned(&events) {
            let x = self.x(event.at.nanos);
            let class = event.origin.name();
            let shape = match event.origin {
                Origin::Change => "M0 -6L6 0L0 6L-6 0Z",
                Origin::Alert | Origin::Page => "M0 -6L6 5L-6 5Z",
                _ => "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z",
            };
            let mut title = format!(
                "{} {}",
                prose::clock(event.at, self.zone),
                told(incident, event)
            );
            if alike > 0 {
                let more = prose::count(alike, "more event");
                let _ = write!(title, " (and {more} beside it)");
            }
            let _ = writeln!(
                self.out,
                "<path class=\"event {class}\" data-at=\"{}\" data-y=\"{y:.1}\" transform=\"translate({x:.2} {y:.1})\" d=\"{shape}\"><title>{}</title></path>",
                millis(event.at.nanos),
                html(&title)
            );
        }
        self.out.push_str("</g>\n");
        self.label(y + 4.0, "lane", name);
        self.y += LANE;
    }

    /// The events of a lane, each with how many others it stands for. Of very many, those that
    /// would lie on each other are one mark: nobody sees more, and a page of them opens late.
    fn thinned<'e>(&self, events: &[&'e Moment]) -> Vec<(&'e Moment, u64)> {
        let apart = if events.len() > CROWD { NEAR } else { -1.0 };
        let mut marks: Vec<(&Moment, u64)> = Vec::new();
        for event in events {
            let x = self.x(event.at.nanos);
            let near = |m: &&mut (&Moment, u64)| {
                m.0.origin == event.origin && x - self.x(m.0.at.nanos) < apart
            };
            match marks.iter_mut().rev().take(Origin::ALL.len()).find(near) {
                Some((_, alike)) => *alike += 1,
                None => marks.push((event, 0)),
            }
        }
        marks
    }

    /// The row of each milestone's number: numbers that would lie on each other go one below
    /// the other.
    fn rows(&self, marks: &[(Milestone, Stamp)]) -> Vec<u8> {
        let mut ends = [f64::NEG_INFINITY; 6];
        let row = |(_, at): &(Milestone, Stamp)| {
            let x = self.x(at.nanos);
            let free = ends.iter().position(|end| x - end >= ROW).unwrap_or(0);
            if let Some(end) = ends.get_mut(free) {
                *end = x;
            }
            u8::try_from(free).unwrap_or_default()
        };
        marks.iter().map(row).collect()
    }

    fn milestones(&mut self, marks: &[(Milestone, Stamp)], rows: &[u8], bottom: f64) {
        self.out.push_str("<g clip-path=\"url(#clip)\">\n");
        for (n, ((which, at), row)) in marks.iter().zip(rows).enumerate() {
            let x = self.x(at.nanos);
            let y = 12.0 + ROW * f64::from(*row);
            let _ = writeln!(
                self.out,
                "<g class=\"milestone\" data-at=\"{}\" data-y=\"0\" transform=\"translate({x:.2} 0)\"><title>{} {}</title>\
                 <line y1=\"{y:.1}\" y2=\"{bottom:.1}\"/><circle cy=\"{y:.1}\" r=\"8\"/><text y=\"{:.1}\" text-anchor=\"middle\">{}</text></g>",
                millis(at.nanos),
                prose::clock(*at, self.zone),
                which.title(),
                y + 3.6,
                n + 1,
            );
        }
        self.out.push_str("</g>\n");
    }

    fn axis(&mut self, bottom: f64) {
        let _ = writeln!(self.out, "<g class=\"axis\">");
        for at in ticks(&self.span, self.zone) {
            let x = self.x(at);
            let stamp = Stamp {
                nanos: at,
                precision: Precision::Minute,
                basis: Basis::Stated,
            };
            let clock = prose::clock(stamp, self.zone);
            let clock = clock.split(' ').next().unwrap_or_default();
            let _ = writeln!(
                self.out,
                "<line x1=\"{x:.2}\" x2=\"{x:.2}\" y1=\"{bottom:.1}\" y2=\"{:.1}\"/><text x=\"{x:.2}\" y=\"{:.1}\" text-anchor=\"middle\">{clock}</text>",
                bottom + 4.0,
                bottom + 17.0
            );
        }
        self.out.push_str("</g>\n");
    }
}

/// Times for the axis: at most ten, round on the clock of the zone.
fn ticks(span: &Range<i64>, zone: Zone) -> Vec<i64> {
    const STEPS: [i64; 11] = [
        60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
    ];
    let length = (span.end - span.start) / SECOND;
    let step = STEPS.iter().find(|s| length / **s <= 10).copied();
    let step = step.unwrap_or((length / 10 / 86_400 + 1) * 86_400) * SECOND;
    let offset = i64::from(zone.offset_at(span.start)) * SECOND;
    let first = (span.start + offset).div_euclid(step) * step + step - offset;
    (0..12)
        .map(|n| first + n * step)
        .take_while(|at| *at < span.end)
        .collect()
}
