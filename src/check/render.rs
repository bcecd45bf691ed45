//! The findings for people and programs.

use super::{Finding, Findings, Gap, Place, Verdict};
use crate::report::escape::{json as safe_json, markdown as plain, verbatim};
use crate::report::{Locator, json::Number, prose};
use crate::source::Library;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::io;

/// How the findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Markdown.
    Md,
    /// JSON, schema `recon.check/1`.
    Json,
}

/// The schema that is written.
const SCHEMA: &str = "recon.check/1";

/// Writes the findings; `document` holds the postmortem, `inputs` the rest.
pub fn render(
    findings: &Findings,
    document: &mut Library,
    inputs: &mut Library,
    form: Form,
) -> io::Result<String> {
    let mut findings = findings.clone();
    for finding in &mut findings.findings {
        finding.claim = inputs.shown(&finding.claim).into_owned();
        finding.found = inputs.shown(&finding.found).into_owned();
    }
    findings.incident = findings.incident.map(|i| inputs.shown(&i).into_owned());
    let path = document.iter().next().map(|(_, input)| &input.path);
    let name = path.map_or_else(String::new, |p| document.shown(p).into_owned());
    let mut page = Page {
        name,
        document: Locator::new(document),
        inputs: Locator::new(inputs),
    };
    match form {
        Form::Md => page.markdown(&findings),
        Form::Json => page.json(&findings),
    }
}

struct Page<'d, 'i> {
    name: String,
    document: Locator<'d>,
    inputs: Locator<'i>,
}

impl Page<'_, '_> {
    /// A citation looked up, and its name.
    fn at(&mut self, place: Place) -> io::Result<(crate::source::Place, String)> {
        match place {
            Place::Document(cite) => Ok((self.document.place(cite)?, self.document.name(cite)?)),
            Place::Input(cite) => Ok((self.inputs.place(cite)?, self.inputs.name(cite)?)),
        }
    }

    fn markdown(&mut self, findings: &Findings) -> io::Result<String> {
        let mut out = format!("# Check of {}\n\n", plain(&self.name));
        let counts = Verdict::ALL.map(|v| format!("{} {}", findings.count(v), v.name()));
        let claims = prose::count(findings.findings.len() as u64, "claim");
        let _ = writeln!(out, "{claims}: {}.", counts.join(", "));
        match &findings.incident {
            Some(id) => {
                let _ = writeln!(out, "Held against incident {} of the inputs.", plain(id));
            }
            None => out.push_str(
                "The inputs show no incident, so nothing but the document itself was compared.\n",
            ),
        }
        if let Some(east) = findings.read_at {
            let _ = writeln!(
                out,
                "The document states no zone; its times are read as {}{}.",
                zone(east),
                if east == 0 {
                    ""
                } else {
                    ", in which most of its entries agree with the inputs"
                }
            );
        }
        let mut cited: BTreeSet<Place> = BTreeSet::new();
        for verdict in Verdict::ALL {
            let of: Vec<&Finding> = findings
                .findings
                .iter()
                .filter(|f| f.verdict == verdict)
                .collect();
            if of.is_empty() {
                continue;
            }
            let _ = writeln!(
                out,
                "\n## {}\n",
                prose::sentence(verdict.name()).trim_end_matches('.')
            );
            for finding in of {
                self.item(&mut out, finding)?;
                cited.extend(finding.stated.iter().chain(&finding.evidence));
            }
        }
        if !cited.is_empty() {
            out.push_str("\n## Cited lines\n\n");
        }
        let mut lines = Vec::new();
        for place in cited {
            let (found, name) = self.at(place)?;
            let line = format!("- {}: {}", plain(&name), verbatim(&found.text));
            lines.push((
                matches!(place, Place::Input(_)),
                found.path,
                found.line,
                line,
            ));
        }
        lines.sort();
        lines.dedup();
        for (.., line) in lines {
            let _ = writeln!(out, "{line}");
        }
        Ok(out)
    }

    fn item(&mut self, out: &mut String, finding: &Finding) -> io::Result<()> {
        let stated = self.names(&finding.stated)?;
        let _ = write!(
            out,
            "- **{}**: {}{stated}",
            finding.rule,
            plain(&finding.claim)
        );
        let evidence = self.names(&finding.evidence)?;
        let _ = write!(out, " {}{evidence}", plain(&format!("– {}", finding.found)));
        if let Some(gap) = finding.difference {
            let _ = write!(out, " {}", plain(&format!("({})", difference(gap))));
        }
        out.push('\n');
        Ok(())
    }

    fn names(&mut self, places: &[Place]) -> io::Result<String> {
        let mut names = Vec::new();
        for place in places {
            let name = plain(&self.at(*place)?.1);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        Ok(match names.is_empty() {
            true => String::new(),
            false => format!(" [{}]", names.join(", ")),
        })
    }

    fn json(&mut self, findings: &Findings) -> io::Result<String> {
        let mut claims = Vec::new();
        for f in &findings.findings {
            let (mut difference, mut tolerance, mut unit) = (Value::Null, Value::Null, Value::Null);
            match f.difference {
                Some(Gap::Time {
                    nanos,
                    tolerance: t,
                }) => {
                    (difference, tolerance) =
                        (json!(Number::seconds(nanos)), json!(Number::seconds(t)));
                    unit = "s".into();
                }
                Some(Gap::Share {
                    points,
                    tolerance: t,
                }) => {
                    (difference, tolerance) = (
                        json!(Number::rounded(points, 2)),
                        json!(Number::rounded(t, 2)),
                    );
                    unit = "percentage points".into();
                }
                None => {}
            }
            claims.push(json!({
                "verdict": f.verdict.name(),
                "rule": f.rule,
                "claim": f.claim,
                "found": f.found,
                "difference": difference,
                "tolerance": tolerance,
                "unit": unit,
                "stated": self.evidence(&f.stated)?,
                "evidence": self.evidence(&f.evidence)?,
            }));
        }
        let counts = Verdict::ALL.map(|v| (v.name().to_owned(), Value::from(findings.count(v))));
        let report = json!({
            "schema": SCHEMA,
            "postmortem": self.name,
            "incident": findings.incident,
            "zone_assumed": findings.read_at.map(zone),
            "counts": Value::Object(counts.into_iter().collect()),
            "claims": claims,
        });
        Ok(safe_json(&format!("{report:#}\n")))
    }

    fn evidence(&mut self, places: &[Place]) -> io::Result<Vec<Value>> {
        let mut all = Vec::new();
        for place in places {
            let (p, _) = self.at(*place)?;
            all.push(json!({
                "path": p.path, "line": p.line, "line_last": p.line_last, "byte": p.byte, "text": p.text,
            }));
        }
        Ok(all)
    }
}

/// "2m 8s later than stated; a minute is allowed".
fn difference(gap: Gap) -> String {
    match gap {
        Gap::Time { nanos, tolerance } => {
            let off = prose::duration(nanos.abs());
            let side = match nanos.signum() {
                0 => "no difference".to_owned(),
                1 => format!("{off} more than stated"),
                _ => format!("{off} less than stated"),
            };
            format!("{side}, ± {} allowed", prose::duration(tolerance))
        }
        Gap::Share { points, tolerance } => {
            let side = if points == 0.0 {
                "no difference".to_owned()
            } else {
                format!("{points:+.1} percentage points")
            };
            format!("{side}, ± {tolerance} allowed")
        }
    }
}

fn zone(east: i32) -> String {
    if east == 0 {
        return "UTC".to_owned();
    }
    let sign = if east < 0 { '-' } else { '+' };
    let minutes = east.abs() / 60;
    format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}
