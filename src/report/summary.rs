//! The summary of one or many incidents, from their reports for programs.

use super::json::{Incident, Number, Report};
use super::prose::{count, duration};
#[cfg(feature = "tables")]
use crate::metrics::frame::Frame;
use crate::metrics::{Metric, Population, Trend, population, trend};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How a summary is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Aligned columns for people.
    Table,
    /// For programs.
    Json,
    /// One row an incident.
    Csv,
}

/// The metrics of every incident of these reports, and over all of them. An incident that
/// several reports hold in the same words counts once.
pub fn summary(reports: &[Report], format: Format) -> anyhow::Result<String> {
    let mut incidents: Vec<&Incident> = Vec::new();
    for incident in reports.iter().flat_map(|r| &r.incidents) {
        if !incidents.contains(&incident) {
            incidents.push(incident);
        }
    }
    incidents.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(match format {
        Format::Table => table(&incidents),
        Format::Json => json(&incidents)?,
        Format::Csv => csv(&incidents)?,
    })
}

fn value(incident: &Incident, metric: Metric) -> Option<f64> {
    let known = incident.metrics.get(metric.name()).copied().flatten();
    known.map(|Number(v)| v)
}

/// A metric over all incidents; its quantiles come from the table where this build has tables.
fn over_all(incidents: &[&Incident], metric: Metric) -> Option<Population> {
    let values: Vec<f64> = incidents.iter().filter_map(|i| value(i, metric)).collect();
    let plain = population(&values)?;
    #[cfg(feature = "tables")]
    if let Ok(Some(q)) = frame(incidents).and_then(|f| f.quantiles(metric.name())) {
        return Some(Population {
            n: q.n,
            median: q.median,
            p75: q.p75,
            p90: q.p90,
            ..plain
        });
    }
    Some(plain)
}

#[allow(clippy::cast_possible_truncation)]
fn shown(seconds: f64) -> String {
    duration((seconds * 1e9) as i64)
}

/// Incidents that are not resolved.
fn open(incidents: &[&Incident]) -> usize {
    incidents.iter().filter(|i| i.status != "resolved").count()
}

/// The incidents with a date, in the order of their start.
fn dated<'a>(incidents: &[&'a Incident]) -> Vec<&'a Incident> {
    let start = |i: &Incident| -> Option<DateTime<Utc>> {
        let times = i.milestones.0.iter().map(|(_, m)| m.time.as_str());
        times
            .filter_map(|t| Some(DateTime::parse_from_rfc3339(t).ok()?.to_utc()))
            .min()
    };
    let mut dated: Vec<_> = incidents
        .iter()
        .filter_map(|i| Some((start(i)?, *i)))
        .collect();
    dated.sort_by(|(a, i), (b, j)| a.cmp(b).then_with(|| i.id.cmp(&j.id)));
    dated.into_iter().map(|(_, i)| i).collect()
}

/// The trend of a metric over incidents in the order of their start.
fn trend_of(dated: &[&Incident], metric: Metric) -> Trend {
    let values: Vec<f64> = dated.iter().filter_map(|i| value(i, metric)).collect();
    trend(&values)
}

/// What the populations leave out, and whether durations change from incident to incident.
fn remarks(incidents: &[&Incident]) -> String {
    let mut out = count(incidents.len() as u64, "incident");
    let open = open(incidents);
    if open > 0 {
        let verb = if open == 1 { "is" } else { "are" };
        let _ = write!(
            out,
            ", of which {open} {verb} not resolved. What had not ended (≥) counts in no median, \
             so the medians are too low"
        );
    }
    out.push_str(".\n");
    let dated = dated(incidents);
    let trends = Metric::ALL.map(|m| (m, trend_of(&dated, m)));
    if trends.iter().all(|(_, t)| matches!(t, Trend::TooFew(_))) {
        let _ = writeln!(out, "Too few incidents for a trend (n={}).", dated.len());
        return out;
    }
    for (metric, trend) in trends {
        let words = match trend {
            Trend::TooFew(0) => continue,
            Trend::TooFew(n) => format!("too few incidents for a trend (n={n})"),
            Trend::None => "no trend that chance does not explain".to_owned(),
            Trend::PerIncident(s) if s < 0.0 => {
                format!("falls, by {} from one incident to the next", shown(-s))
            }
            Trend::PerIncident(s) => {
                format!("rises, by {} from one incident to the next", shown(s))
            }
        };
        let _ = writeln!(out, "{}: {words}.", metric.title());
    }
    out
}

fn table(incidents: &[&Incident]) -> String {
    if incidents.is_empty() {
        return "No incident.\n".to_owned();
    }
    let mut each = vec![heads(
        ["Incident", "Status"],
        Metric::ALL.map(Metric::short),
    )];
    for incident in incidents {
        let mut row = vec![incident.id.clone(), incident.status.clone()];
        row.extend(Metric::ALL.map(|m| match value(incident, m) {
            Some(v) => shown(v),
            None => match incident.at_least.get(m.name()) {
                Some(Number(bound)) => format!("≥ {}", shown(*bound)),
                None => "–".to_owned(),
            },
        }));
        each.push(row);
    }
    let stats = [
        "n",
        "Median",
        "95 % interval",
        "p75",
        "p90",
        "Geometric mean",
    ];
    let mut all = vec![heads(["Metric"], stats)];
    for metric in Metric::ALL {
        let Some(p) = over_all(incidents, metric) else {
            continue;
        };
        let interval = p.interval;
        let interval = interval.map(|(low, high)| format!("{} to {}", shown(low), shown(high)));
        all.push(vec![
            metric.title().to_owned(),
            p.n.to_string(),
            shown(p.median),
            interval.unwrap_or_else(|| "–".to_owned()),
            shown(p.p75),
            shown(p.p90),
            p.geometric_mean.map_or_else(|| "–".to_owned(), shown),
        ]);
    }
    let (each, all) = (aligned(&each), aligned(&all));
    format!("{each}\n{all}\n{}", remarks(incidents))
}

fn heads<const A: usize, const B: usize>(a: [&str; A], b: [&str; B]) -> Vec<String> {
    a.into_iter().chain(b).map(str::to_owned).collect()
}

/// Columns padded to their widest cell, two spaces apart.
#[must_use]
pub fn aligned(rows: &[Vec<String>]) -> String {
    let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
    for (column, cell) in rows.iter().flat_map(|r| r.iter().enumerate()) {
        let width = widths.entry(column).or_default();
        *width = cell.chars().count().max(*width);
    }
    let mut out = String::new();
    for row in rows {
        let cells = row.iter().enumerate();
        let cells = cells.map(|(c, cell)| {
            let width = widths.get(&c).copied().unwrap_or_default();
            format!("{cell:<width$}")
        });
        out.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        out.push('\n');
    }
    out
}

/// One row an incident, one column a metric.
#[cfg(feature = "tables")]
fn frame(incidents: &[&Incident]) -> anyhow::Result<Frame> {
    let texts = vec![
        ("id", incidents.iter().map(|i| i.id.clone()).collect()),
        (
            "status",
            incidents.iter().map(|i| i.status.clone()).collect(),
        ),
    ];
    let column = |m: Metric| (m.name(), incidents.iter().map(|i| value(i, m)).collect());
    Frame::new(texts, Metric::ALL.into_iter().map(column).collect())
}

#[cfg(feature = "tables")]
fn csv(incidents: &[&Incident]) -> anyhow::Result<String> {
    frame(incidents)?.csv()
}

#[cfg(not(feature = "tables"))]
fn csv(_: &[&Incident]) -> anyhow::Result<String> {
    anyhow::bail!(
        "this build has no tables: build it with its default features, or use --format json"
    )
}

fn json(incidents: &[&Incident]) -> anyhow::Result<String> {
    #[derive(Serialize)]
    struct All<'a> {
        schema: &'static str,
        incidents: Vec<serde_json::Value>,
        not_resolved: usize,
        populations: Vec<Over<'a>>,
    }
    #[derive(Serialize)]
    struct Over<'a> {
        metric: &'a str,
        n: usize,
        median: Number,
        interval_95: Option<[Number; 2]>,
        p75: Number,
        p90: Number,
        geometric_mean: Option<Number>,
        trend: &'static str,
        trend_s_per_incident: Option<Number>,
    }
    let round = |v| Number::rounded(v, 3);
    let dated = dated(incidents);
    let over = |m: Metric| {
        let (trend, slope) = match trend_of(&dated, m) {
            Trend::TooFew(_) => ("too-few-incidents", None),
            Trend::None => ("none", None),
            Trend::PerIncident(s) if s < 0.0 => ("falling", Some(round(s))),
            Trend::PerIncident(s) => ("rising", Some(round(s))),
        };
        over_all(incidents, m).map(|p| Over {
            metric: m.name(),
            n: p.n,
            median: round(p.median),
            interval_95: p.interval.map(|(low, high)| [round(low), round(high)]),
            p75: round(p.p75),
            p90: round(p.p90),
            geometric_mean: p.geometric_mean.map(round),
            trend,
            trend_s_per_incident: slope,
        })
    };
    let one = |i: &&Incident| {
        serde_json::json!({
            "id": i.id, "status": i.status, "metrics": i.metrics, "at_least": i.at_least,
        })
    };
    let all = All {
        schema: "recon.metrics/1",
        incidents: incidents.iter().map(one).collect(),
        not_resolved: open(incidents),
        populations: Metric::ALL.into_iter().filter_map(over).collect(),
    };
    Ok(format!("{}\n", serde_json::to_string_pretty(&all)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::json::Ordered;

    fn report(id: &str, detect: Option<f64>) -> Report {
        let detect = ("time_to_detect_s".to_owned(), detect.map(Number));
        let incident = Incident {
            id: id.to_owned(),
            status: "ongoing".to_owned(),
            metrics: Ordered(vec![detect]),
            at_least: Ordered(vec![("time_to_resolve_s".to_owned(), Number(8040.0))]),
            ..Incident::default()
        };
        Report {
            incidents: vec![incident],
            ..Report::default()
        }
    }

    #[test]
    fn a_table_and_an_object() {
        let a = report("2025-03-04-basket", Some(300.0));
        let b = report("=cmd,x", None);
        let reports = [a.clone(), b, a];
        let table = summary(&reports, Format::Table).expect("a table");
        assert!(table.contains("≥ 2h 14m"), "{table}");
        assert!(table.contains("Time to detect  1  5m"), "{table}");
        let open = "2 incidents, of which 2 are not resolved.";
        assert!(table.contains(open), "{table}");
        let json = summary(&reports, Format::Json).expect("an object");
        let json: serde_json::Value = serde_json::from_str(&json).expect("its own output");
        assert_eq!(json["populations"][0]["median"], 300);
    }

    #[test]
    #[cfg(feature = "tables")]
    fn rows_for_a_sheet() {
        let a = report("2025-03-04-basket", Some(300.0));
        let reports = [a.clone(), report("=cmd,x", None), a];
        let csv = summary(&reports, Format::Csv).expect("rows");
        let rows: Vec<&str> = csv.lines().skip(1).collect();
        assert_eq!(
            rows,
            [
                "2025-03-04-basket,ongoing,300.0,,,,,,,",
                "\"'=cmd,x\",ongoing,,,,,,,,"
            ]
        );
    }

    #[test]
    #[cfg(not(feature = "tables"))]
    fn without_tables_there_are_no_rows_and_that_is_said() {
        let error = summary(&[], Format::Csv).expect_err("no tables");
        assert!(error.to_string().contains("has no tables"), "{error}");
    }

    /// The nth incident of a month, in which detection is a minute faster every time.
    fn nth(n: u32) -> Report {
        let mut report = report(
            &format!("basket-{}", 40 - n),
            Some(f64::from(1200 - 60 * n)),
        );
        let milestone = super::super::json::Milestone {
            time: format!("2025-03-{n:02}T10:00:00Z"),
            ..Default::default()
        };
        let incident = &mut report.incidents[0];
        incident.milestones = Ordered(vec![("impact_start".to_owned(), milestone)]);
        incident.status = "resolved".to_owned();
        report
    }

    #[test]
    fn a_trend_needs_incidents_and_their_order_in_time() {
        let three: Vec<Report> = (1..=3).map(nth).collect();
        let table = summary(&three, Format::Table).expect("a table");
        let end = "\n3 incidents.\nToo few incidents for a trend (n=3).\n";
        assert!(table.ends_with(end), "{table}");
        let many: Vec<Report> = (1..=12).map(nth).collect();
        let table = summary(&many, Format::Table).expect("a table");
        let falls = "Time to detect: falls, by 1m from one incident to the next.";
        assert!(table.contains(falls), "{table}");
        let json = summary(&many, Format::Json).expect("an object");
        let json: serde_json::Value = serde_json::from_str(&json).expect("its own output");
        assert_eq!(json["populations"][0]["trend"], "falling");
        assert_eq!(json["populations"][0]["trend_s_per_incident"], -60);
    }
}
