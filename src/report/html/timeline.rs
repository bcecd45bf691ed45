//! The timeline of the page: rows to read, filters, and the same rows for the script.

use super::text::html;
use super::{Page, chart};
use crate::cite::Grade;
use crate::incident::{Incident, Moment, Origin, Phase};
use crate::report::draft::told;
use crate::report::escape::visible;
use crate::report::prose::{self, count};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io;

/// Rows of a timeline that stand in the page itself; the script adds the others.
const ROWS: usize = 250;

impl Page<'_> {
    pub(super) fn timeline(&mut self, incident: &Incident, n: usize) -> io::Result<()> {
        let moments = &incident.timeline;
        self.out.push_str("<div class=\"timeline\">\n");
        self.filters(moments, n);
        let _ = writeln!(self.out, "<ol class=\"events\" id=\"events{n}\">");
        let mut day = None;
        let mut rows = Vec::new();
        for (row, moment) in moments.iter().enumerate() {
            let today = prose::day(moment.at, self.options.zone);
            let new_day = today.clone().filter(|_| today != day);
            day = today.or(day);
            if row < ROWS {
                self.row(incident, moment, new_day.as_deref())?;
            }
            rows.push(self.row_data(incident, moment, new_day.as_deref())?);
        }
        self.out.push_str("</ol>\n");
        if moments.len() > ROWS {
            let more = count((moments.len() - ROWS) as u64, "further event");
            let _ = writeln!(
                self.out,
                "<p class=\"more\">{more}: shown as you scroll, where scripts may run.</p>"
            );
        }
        self.out.push_str("</div>\n");
        if let Some(Value::Object(data)) = self.data.last_mut() {
            data.insert("rows".to_owned(), Value::Array(rows));
        }
        Ok(())
    }

    fn filters(&mut self, moments: &[Moment], n: usize) {
        if moments.len() < 2 {
            return;
        }
        let _ = writeln!(
            self.out,
            "<form class=\"filters\" hidden aria-controls=\"events{n}\">\n\
             <label class=\"find\"><span>Search</span><input type=\"search\" name=\"text\" autocomplete=\"off\"></label>\n\
             <fieldset><legend>Source</legend>"
        );
        for origin in Origin::ALL {
            let uses = moments.iter().filter(|m| m.origin == origin).count();
            if uses > 0 {
                let name = origin.name();
                let _ = writeln!(
                    self.out,
                    "<label class=\"chip {name}\"><input type=\"checkbox\" name=\"origin\" value=\"{name}\" checked><span>{name} <small>{uses}</small></span></label>"
                );
            }
        }
        self.out
            .push_str("</fieldset>\n<output></output>\n</form>\n");
    }

    fn row(&mut self, incident: &Incident, moment: &Moment, day: Option<&str>) -> io::Result<()> {
        if let Some(day) = day {
            let _ = writeln!(self.out, "<li class=\"day\">{}</li>", html(day));
        }
        let zone = self.options.zone;
        let _ = write!(
            self.out,
            "<li class=\"{} {}\"><time datetime=\"{}\">{}</time><span class=\"phase\">{}</span><div>{}",
            moment.origin.name(),
            phase_class(moment.phase),
            html(&moment.at.rfc3339()),
            html(&prose::clock(moment.at, zone)),
            moment.phase.name(),
            html(&told(incident, moment)),
        );
        self.grade(moment.grade);
        for cite in moment.evidence.iter() {
            self.out.push(' ');
            self.cite(cite)?;
        }
        self.out.push_str("</div></li>\n");
        Ok(())
    }

    /// The same row for the script.
    fn row_data(
        &mut self,
        incident: &Incident,
        moment: &Moment,
        day: Option<&str>,
    ) -> io::Result<Value> {
        let mut cites = Vec::new();
        for cite in moment.evidence.iter() {
            let name = self.locator.name(cite)?;
            cites.push(json!([self.quotes.number(cite), name]));
        }
        Ok(json!({
            "d": day,
            "t": prose::clock(moment.at, self.options.zone),
            "m": chart::millis(moment.at.nanos),
            "o": moment.origin.name(),
            "p": moment.phase.name(),
            "x": visible(&told(incident, moment)),
            "s": moment.service,
            "g": (moment.grade != Grade::Observed).then(|| moment.grade.name()),
            "c": cites,
        }))
    }
}

const fn phase_class(phase: Phase) -> &'static str {
    match phase {
        Phase::Before | Phase::Followup => "calm",
        Phase::Impact => "bad",
        Phase::Detection | Phase::Escalation => "alarm",
        Phase::Investigation | Phase::Identification => "search",
        Phase::Mitigation => "work",
        Phase::Resolution => "good",
    }
}
