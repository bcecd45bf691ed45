//! Changes as people's own tools record them: one JSON object a change, by whatever names its members go. Each is read as the row
//! of a table of changes would be ([`super::changes_csv`]); what says its kind, [`super::change_lines`] reads.

use super::change_lines::{ENDS, ENVIRONMENTS, STARTS, SUMMARIES, TIMES, VERSIONS};
use super::change_requests_json::{shown, snake};
use super::changes_csv::{
    self, MORE_ENDS, MORE_STARTS, MORE_SUMMARIES, MORE_TIMES, PEOPLE, PLACES, Row, SYSTEMS, plain,
};
use crate::format::{Context, Cut, Format};
use crate::record::Record;
use crate::token::change::{self, ACTORS, SERVICES};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "change-records",
    title: "Change records in JSON",
    reference: "https://jsonlines.org/",
    cut: Cut::Json,
    specificity: 79,
    hint: |i| i.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{'),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/change-records/input.jsonl"),
};

/// What lists of changes are called.
const LISTS: [&str; 8] = [
    "changes",
    "change_records",
    "changelog",
    "records",
    "entries",
    "items",
    "data",
    "results",
];
/// Numbers that only changes have.
const NUMBERS: [&str; 7] = [
    "change_id",
    "change_no",
    "change_number",
    "change_ref",
    "deployment_id",
    "deploy_id",
    "rfc",
];
/// What entries of logs, alerts, pages and tickets have and changes have not.
#[rustfmt::skip]
const OTHERS: [&str; 36] = [
    "level", "severity", "lvl", "log.level", "logger", "thread", "pid", "pod", "method", "path", "url", "uri", "status_code",
    "duration_ms", "latency", "latency_ms", "elapsed_ms", "request_id", "trace_id", "span_id", "session", "error", "exception",
    "alert", "alertname", "incident", "subject", "requester", "caller", "reporter", "assignee", "customer", "issue_key",
    "channel", "room", "root_cause",
];
/// Members in which programs say anything at all.
const ANYTHING: [&str; 4] = ["message", "msg", "text", "title"];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let from = out.len();
    payload::read(entry, is_mine, records, out)?;
    (out.len() > from).then_some(())
}

fn is_mine(object: &Object<'_>) -> bool {
    all(object).next().is_some()
}

fn all<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = (&'o Object<'a>, Members)> {
    let listed = LISTS.iter().flat_map(|name| object.list(name));
    std::iter::once(object)
        .chain(listed.filter_map(Json::object))
        .map(|o| (o, Members::of(o)))
        .filter(|(_, members)| members.are_of_a_change())
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    for (object, members) in all(&payload.object) {
        if let Some(mut record) = changes_csv::record(&members.row()) {
            record.part = payload.place(object);
            out.push(record);
        }
    }
}

/// What an object says, by the plain names of its members.
struct Members(Vec<(String, String)>);

impl Members {
    fn of(object: &Object<'_>) -> Self {
        let named = object
            .iter()
            .map(|(name, value)| (plain(&snake(name)), value));
        Self(named.filter_map(|(n, v)| Some((n, shown(v)?))).collect())
    }

    fn row(&self) -> Row<'_> {
        Row {
            cells: self
                .0
                .iter()
                .map(|(name, value)| (name.as_str(), Cow::Borrowed(value.as_str())))
                .collect(),
            inside: Vec::new(),
        }
    }

    fn has(&self, known: &[&[&str]]) -> bool {
        let mut all = known.iter().copied().flatten();
        all.any(|k| self.0.iter().any(|(n, _)| n == k))
    }

    /// A change says when, what was changed and how, who did it or where; and something that entries of a log have not: a
    /// number of its own, a beginning and an end, or words that tell a change.
    fn are_of_a_change(&self) -> bool {
        let placed = self.has(&[ENVIRONMENTS, PLACES]);
        let who = self.has(&[ACTORS, PEOPLE]);
        let said = self.has(&[SUMMARIES, MORE_SUMMARIES]);
        let begins = self.has(&[STARTS, MORE_STARTS]);
        let ends = self.has(&[ENDS, MORE_ENDS]);
        let timed = begins || ends || self.has(&[TIMES, MORE_TIMES]);
        let what = self.has(&[SERVICES, SYSTEMS]);
        if !(timed && what) || self.has(&[&OTHERS]) {
            return false;
        }
        let numbered = self.has(&[&NUMBERS]) && (said || self.has(&[VERSIONS])) && (placed || who);
        let spanned = begins && ends && said && placed && who;
        numbered || spanned || self.tells() && placed && who
    }

    /// Whether a member that programs do not fill with anything at all tells a change.
    fn tells(&self) -> bool {
        let row = self.row();
        let texts = SUMMARIES.iter().chain(MORE_SUMMARIES);
        let own = texts.filter(|name| !ANYTHING.contains(name));
        let mut cells = own.filter_map(|name| row.cells.iter().find(|(n, _)| n == name));
        cells.any(|(_, said)| {
            let kept = change::kept(said.trim(), &[]);
            kept.is_some_and(|t| t.kind != "change" || t.item.is_some())
                || change::title(said.trim()).is_some_and(|t| t.leads)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Layout, changes_told};

    #[test]
    fn members_go_by_many_names() {
        for (entry, expected) in [
            (
                r#"{"change_id":"C-7","start":"2025-06-17T08:40:00Z","finish":"2025-06-17T08:41:12Z","env":"production","target":"quay","what":"quay 4.2.1","by":"Mira Lund","outcome":"success"}"#,
                "deploy finished quay 4.2.1 production",
            ),
            (
                r#"{"rfc":711,"executedBy":"ola","where":"production","system":"berth-map","description":"berth.cache 20 -> 40","at":1750149672}"#,
                "config finished berth-map - production",
            ),
            (
                r#"{"when":"2025-06-17 08:41:12","who":{"name":"Mira"},"environment":"staging","component":"quay","what":"rolled back to 4.1.9"}"#,
                "rollback finished quay 4.1.9 staging",
            ),
            (
                r#"{"begin":"2025-06-17 08:41:12","end":"2025-06-17 08:43:00","who":"Mira","env":"prod","app":"quay","summary":"certificate of the front renewed","result":"failed"}"#,
                "secret failed quay - prod",
            ),
        ] {
            assert_eq!(
                changes_told(&FORMAT, entry),
                Some(vec![expected.to_owned()]),
                "{entry}"
            );
        }
    }

    #[test]
    fn entries_of_others_are_none() {
        let layout = Layout::default();
        for entry in [
            r#"{"ts":"2025-06-17T08:41:12Z","service":"quay","env":"prod","user":"u7","msg":"deploying a crane"}"#,
            r#"{"time":"2025-06-17T08:41:12Z","app":"quay","env":"prod","user":"u7","message":"booked berth 4"}"#,
            r#"{"start":"2025-06-17T08:41:12Z","end":"2025-06-17T08:43:00Z","service":"quay","env":"prod","user":"u7","duration_ms":12,"description":"export"}"#,
            r#"{"created":"2025-06-17T08:41:12Z","component":"quay","environment":"prod","reporter":"u7","description":"rolled back?"}"#,
            r#"{"change_id":7,"at":"2025-06-17T08:41:12Z"}"#,
        ] {
            let mut out = Vec::new();
            let cx = Context { layout: &layout };
            assert_eq!(parse(entry.as_bytes(), &cx, &mut out), None, "{entry}");
        }
    }
}
