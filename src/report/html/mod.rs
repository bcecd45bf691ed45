//! The report as one HTML file that needs no network: the draft, a chart, a timeline that can
//! be filtered, and every citation with the lines around it.
//!
//! It reads without its script: the script filters, zooms and opens citations beside the
//! text, all of which stand in the page anyway.

mod chart;
mod curves;
mod figures;
mod lines;
mod quote;
mod text;
mod timeline;

use super::build::all_notices;
use super::draft::{Body, Draft, Section, draft};
use super::prose::{self, count};
use super::{Locator, Options};
use crate::analysis::Analysis;
use crate::cite::Evidence;
use crate::incident::{Incident, Series};
use crate::source::Library;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use quote::Quotes;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io;
use text::{html, json as data};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The page of all incidents, or what was read and why nothing in it qualifies.
pub fn page(analysis: &Analysis, library: &mut Library, options: &Options) -> io::Result<String> {
    let mut page = Page {
        out: String::new(),
        locator: Locator::new(library),
        quotes: Quotes::default(),
        data: Vec::new(),
        options,
    };
    let cast = super::cast(analysis, options);
    let incidents = cast.all_told(&analysis.incidents);
    let drafts: Vec<Draft> = incidents
        .iter()
        .map(|i| draft(i, options).admitting(&analysis.inputs))
        .collect();
    page.body(analysis, &incidents, &drafts)?;
    let quotes = std::mem::take(&mut page.quotes);
    let quotes = quotes.read(&mut page.locator, &cast)?;
    let mut appendix = String::new();
    quote::appendix(&mut appendix, &quotes, !cast.is_empty());
    let title = match incidents.as_slice() {
        [] => "No incident found".to_owned(),
        [one] => one.title.clone(),
        many => count(many.len() as u64, "incident"),
    };
    let incidents = json!(page.data);
    let quotes = quote::data(&quotes);
    Ok(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
         <meta name=\"generator\" content=\"recon\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n\
         <body>\n{}{appendix}</main>\n{}\
         <script type=\"application/json\" id=\"data\">{}</script>\n\
         <script type=\"application/json\" id=\"quotes\">{}</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
        policy(),
        html(&title),
        page.out,
        quote::DIALOG,
        data(&incidents),
        data(&quotes),
    ))
}

/// What the page may do: show itself and run its own script, nothing else; so that text which
/// slipped past the escaping could neither run nor call out.
fn policy() -> String {
    let script = BASE64.encode(Sha256::digest(SCRIPT.as_bytes()));
    format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'"
    )
}

struct Page<'a> {
    out: String,
    locator: Locator<'a>,
    quotes: Quotes,
    data: Vec<Value>,
    options: &'a Options,
}

impl Page<'_> {
    fn body(
        &mut self,
        analysis: &Analysis,
        incidents: &[Incident],
        drafts: &[Draft],
    ) -> io::Result<()> {
        self.top(incidents, drafts);
        self.out.push_str("<main id=\"main\">\n");
        if analysis.incidents.is_empty() {
            let why = super::markdown::nothing(analysis, self.options);
            self.out.push_str(
                "<article>\n<header class=\"head\"><h1>No incident found</h1></header>\n",
            );
            for paragraph in why {
                let _ = writeln!(self.out, "<p>{}</p>", html(&paragraph));
            }
            self.out.push_str("</article>\n");
        }
        for (n, (incident, draft)) in incidents.iter().zip(drafts).enumerate() {
            self.incident(incident, draft, n)?;
        }
        self.evidence(analysis)
    }

    /// The bar at the top: where one is, and the way to the sections.
    fn top(&mut self, incidents: &[Incident], drafts: &[Draft]) {
        self.out.push_str(
            "<a class=\"skip\" href=\"#main\">Skip to the report</a>\n<nav class=\"top\" aria-label=\"Sections\">\n\
             <span class=\"brand\">recon</span>\n<ol>\n",
        );
        let several = incidents.len() > 1;
        for (n, (incident, draft)) in incidents.iter().zip(drafts).enumerate() {
            if several {
                let title = html(&incident.id);
                let _ = writeln!(self.out, "<li><a href=\"#i{n}\">{title}</a></li>");
                continue;
            }
            let headed = |s: &&Section| s.depth == 0 && !s.title.is_empty();
            for section in draft.sections.iter().filter(headed) {
                let (id, title) = (slug(n, &section.title), html(&section.title));
                let _ = writeln!(self.out, "<li><a href=\"#{id}\">{title}</a></li>");
            }
        }
        self.out.push_str(
            "<li><a href=\"#evidence\">Evidence</a></li>\n</ol>\n\
             <button type=\"button\" id=\"theme\" hidden>Dark</button>\n</nav>\n",
        );
    }

    fn incident(&mut self, incident: &Incident, draft: &Draft, n: usize) -> io::Result<()> {
        let _ = writeln!(self.out, "<article id=\"i{n}\" data-incident=\"{n}\">");
        self.head(incident);
        figures::cards(&mut self.out, incident, self.options);
        let mut drawn = false;
        for section in &draft.sections {
            // After what is said first, and in any case before the timeline, which belongs to it.
            if !drawn && has_timeline(section) {
                self.chart(incident, n);
                drawn = true;
            }
            self.section(section, incident, n)?;
            if !drawn && !section.title.is_empty() {
                self.chart(incident, n);
                drawn = true;
            }
        }
        if !drawn {
            self.chart(incident, n);
        }
        self.out.push_str("</article>\n");
        Ok(())
    }

    fn head(&mut self, incident: &Incident) {
        let status = incident.status.name();
        let services: Vec<String> = incident
            .services
            .iter()
            .map(|s| s.service.clone())
            .collect();
        let services = if services.is_empty() {
            String::new()
        } else {
            format!(" · {}", html(&prose::list(&services)))
        };
        let _ = writeln!(
            self.out,
            "<header class=\"head\"><p class=\"kicker\">Postmortem draft · {}</p>\n<h1>{}</h1>\n\
             <p class=\"under\"><span class=\"status {status}\">{status}</span>{services}</p></header>",
            html(&incident.id),
            html(&incident.title),
        );
    }

    fn section(&mut self, section: &Section, incident: &Incident, n: usize) -> io::Result<()> {
        let level = (2 + section.depth).min(6);
        let id = slug(n, &section.title);
        let depth = section.depth.min(2);
        if section.title.is_empty() {
            self.out.push_str("<section class=\"depth0\">");
        } else {
            let _ = writeln!(
                self.out,
                "<section aria-labelledby=\"{id}\" class=\"depth{depth}\"><h{level} id=\"{id}\">{}</h{level}>",
                html(&section.title)
            );
        }
        for block in &section.blocks {
            match &block.body {
                Body::Words(words) => self.words(words)?,
                Body::Lines {
                    slot: "timeline", ..
                } if !incident.timeline.is_empty() && !self.has_rows() => {
                    self.timeline(incident, n)?;
                }
                Body::Lines { form, lines, .. } => self.lines(*form, lines)?,
            }
        }
        self.out.push_str("</section>\n");
        Ok(())
    }

    /// The filterable timeline of the incident stands in the page; there is one of it.
    fn has_rows(&self) -> bool {
        self.data.last().is_some_and(|d| d.get("rows").is_some())
    }

    fn chart(&mut self, incident: &Incident, n: usize) {
        let zone = self.options.zone;
        let Some(chart) = chart::chart(incident, zone, &format!("chart{n}")) else {
            self.data.push(json!({}));
            return;
        };
        let _ = writeln!(
            self.out,
            "<figure class=\"figure\" aria-label=\"Chart\">\n<div class=\"tools\" hidden><button type=\"button\" data-zoom=\"in\" \
             aria-label=\"Zoom in\">+</button><button type=\"button\" data-zoom=\"out\" aria-label=\"Zoom out\">−</button>\
             <button type=\"button\" data-zoom=\"all\">All</button></div>\n<div class=\"drawing\">{}</div><p class=\"readout\" aria-live=\"polite\"></p>\n<figcaption><ol>",
            chart.svg
        );
        for (which, at) in chart::marks(incident) {
            let _ = writeln!(
                self.out,
                "<li><b>{}</b> {}</li>",
                which.title(),
                prose::clock(at, zone)
            );
        }
        self.out.push_str("</ol></figcaption>\n</figure>\n");
        self.data.push(json!({
            "offset_ms": i64::from(zone.offset_at(chart.span.start)) * 1000,
            "series": incident.series.as_ref().map(series),
        }));
    }

    fn evidence(&mut self, analysis: &Analysis) -> io::Result<()> {
        self.out.push_str(
            "<section class=\"evidence\" aria-labelledby=\"evidence\"><h2 id=\"evidence\">Evidence</h2>\n",
        );
        figures::coverage(&mut self.out, &analysis.inputs, self.options);
        let notices = all_notices(analysis);
        if !notices.is_empty() {
            self.out
                .push_str("<h3>Notices</h3>\n<ul class=\"notices\">\n");
            for notice in notices {
                let level = notice.weight.name();
                let _ = write!(
                    self.out,
                    "<li class=\"{level}\"><b>{level}</b> {}",
                    html(&notice.message)
                );
                for cite in notice.evidence.iter().flat_map(Evidence::iter) {
                    self.out.push(' ');
                    self.cite(cite)?;
                }
                self.out.push_str("</li>\n");
            }
            self.out.push_str("</ul>\n");
        }
        self.out.push_str("</section>\n");
        Ok(())
    }
}

fn has_timeline(section: &Section) -> bool {
    let mut slots = section.blocks.iter().map(|b| &b.body);
    slots.any(|b| {
        matches!(
            b,
            Body::Lines {
                slot: "timeline",
                ..
            }
        )
    })
}

/// An id for a section of an incident.
fn slug(incident: usize, title: &str) -> String {
    let words = title.to_ascii_lowercase();
    let words: Vec<&str> = words.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    format!("i{incident}-{}", words.join("-"))
}

fn series(series: &Series) -> Value {
    let points = series.points.iter();
    let whole = |ms: f64| (ms * 10.0).round() / 10.0;
    json!({
        "start": chart::millis(series.start),
        "step": chart::millis(series.step),
        "requests": series.requests.then(|| points.clone().map(|p| p.requests).collect::<Vec<_>>()),
        "failed": points.clone().map(|p| p.failed).collect::<Vec<_>>(),
        "p50": points.clone().map(|p| p.p50_ms.map(whole)).collect::<Vec<_>>(),
        "p99": points.map(|p| p.p99_ms.map(whole)).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests;
