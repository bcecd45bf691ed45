//! The figures at the head of the page, and how the inputs were read at its end.

use super::text::html;
use crate::analysis::Account;
use crate::incident::Incident;
use crate::metrics::{Extent, Metric};
use crate::report::Options;
use crate::report::prose::{self, percent, thousands};
use std::fmt::Write as _;

/// A card for each figure that is known.
pub(super) fn cards(out: &mut String, incident: &Incident, _options: &Options) {
    let impact = &incident.impact;
    let mut cards: Vec<(&str, String, String)> = Vec::new();
    cards.extend(length("Impact", Metric::ImpactDuration, incident));
    if let (Some(failed), Some(total)) = (impact.requests_failed, impact.requests_total) {
        let share = impact.error_rate_mean.map(percent).unwrap_or_default();
        let of = format!("{share} of {}", thousands(total));
        cards.push(("Failed requests", thousands(failed), of));
    }
    if let (Some(affected), Some(active)) = (impact.users_affected, impact.users_active) {
        #[allow(clippy::cast_precision_loss)]
        let share = percent(affected as f64 / active.max(1) as f64);
        let of = format!("{share} of {}", thousands(active));
        cards.push(("Users affected", thousands(affected), of));
    }
    cards.extend(length("To detect", Metric::TimeToDetect, incident));
    cards.extend(length("To identify", Metric::TimeToIdentify, incident));
    cards.extend(length("To mitigate", Metric::TimeToMitigate, incident));
    cards.extend(length("To resolve", Metric::TimeToResolve, incident));
    if cards.is_empty() {
        return;
    }
    out.push_str("<dl class=\"cards\">\n");
    for (name, value, under) in cards {
        let _ = writeln!(
            out,
            "<div><dt>{name}</dt><dd><b>{}</b> <small>{}</small></dd></div>",
            html(&value),
            html(&under)
        );
    }
    out.push_str("</dl>\n");
}

fn length(
    name: &'static str,
    metric: Metric,
    incident: &Incident,
) -> Option<(&'static str, String, String)> {
    let extent = metric.of(incident);
    let (value, under) = match &extent {
        Extent::Exact { nanos, .. } => (prose::duration(*nanos), String::new()),
        Extent::AtLeast { nanos, .. } => (
            format!("≥ {}", prose::duration(*nanos)),
            "not ended where the evidence ends".to_owned(),
        ),
        Extent::Unknown { .. } => return None,
    };
    let grade = extent.grade();
    let under = if under.is_empty() && grade != crate::cite::Grade::Observed {
        grade.name().to_owned()
    } else {
        under
    };
    Some((name, value, under))
}

/// How each input was read.
pub(super) fn coverage(out: &mut String, inputs: &[Account], options: &Options) {
    if inputs.is_empty() {
        return;
    }
    let heads = [
        "Input", "Format", "Lines", "Entries", "Unparsed", "Undated", "Zone", "From", "To",
    ];
    out.push_str("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Inputs\"><table><thead><tr>");
    for head in heads {
        let _ = write!(out, "<th scope=\"col\">{head}</th>");
    }
    out.push_str("</tr></thead><tbody>\n");
    let time = |at: Option<recon_parsers::Stamp>| {
        at.map_or_else(|| "–".to_owned(), |t| prose::moment(t, options.zone))
    };
    for a in inputs {
        let format = match a.formats.as_slice() {
            [] => "unknown".to_owned(),
            formats => formats.join(", "),
        };
        let zone = crate::report::markdown::clock_of(a);
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td>",
            html(&a.path),
            html(&format)
        );
        for number in [a.lines, a.entries, a.unparsed_lines, a.undated] {
            let _ = write!(out, "<td class=\"n\">{}</td>", thousands(number));
        }
        let _ = writeln!(
            out,
            "<td>{}</td><td>{}</td><td>{}</td></tr>",
            html(&zone),
            html(&time(a.first)),
            html(&time(a.last))
        );
    }
    out.push_str("</tbody></table></div>\n");
}
