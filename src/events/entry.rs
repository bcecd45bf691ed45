//! One entry, and how each textual form writes it.

use super::json::{self, Object};
use crate::ingest::{Event, FilePlan};
use crate::report::escape::is_unseen;
use crate::template::Settled;
use recon_parsers::{Basis, Kind, Stamp, Value};
use std::borrow::Cow;
use std::io::Write;

/// An entry with what a form may say of it.
#[derive(Clone, Copy)]
pub(super) struct Entry<'e> {
    pub(super) path: &'e str,
    pub(super) plan: &'e FilePlan,
    pub(super) event: &'e Event<'e, 'e>,
    /// Its place in time: its own, else that of the entry before it in its file.
    pub(super) nanos: i64,
    pub(super) templates: &'e Settled,
    /// What it says as it stands in the input: its template is the same, whatever is redacted.
    pub(super) message: &'e str,
}

/// A form of entries: each is written by itself, by any thread.
pub(super) trait Form: Sync {
    /// What stands before all entries.
    fn head(&self) -> &'static [u8] {
        b""
    }

    /// Whether the text of an entry's time, its fields and its place are all that differs between
    /// entries that say the same: then they can be poured into a mould.
    fn is_textual(&self) -> bool {
        false
    }

    /// Writes one; says whether the form has a place for it.
    fn entry(&self, entry: Entry<'_>, out: &mut Vec<u8>) -> bool;
}

impl Entry<'_> {
    pub(super) fn format(&self) -> Option<&'static str> {
        let choice = self.plan.detected.formats.get(self.event.format)?;
        Some(choice.format.name)
    }

    pub(super) fn actor(&self) -> Option<&str> {
        let actor = self.event.record.actor.as_ref()?;
        Some(&actor.name)
    }

    pub(super) fn level(&self) -> Option<&'static str> {
        Some(self.event.record.level?.name())
    }

    /// The service, unless that is only the file's and the entry a payload: a file speaks for a
    /// service in its log, not in the payloads that it holds.
    pub(super) fn service(&self) -> Option<&str> {
        let record = self.event.record;
        if matches!(record.kind, Kind::Log | Kind::Access) || self.plan.service_given {
            Some(self.event.service)
        } else {
            record.service.as_deref()
        }
    }

    /// Seconds that the clock of the entry's host is ahead; `time` is without them.
    #[allow(clippy::cast_precision_loss)]
    fn clock_ahead(&self) -> Option<f64> {
        let host = self.event.record.host.as_deref();
        let ahead = self.plan.clock.skew(host);
        (ahead != 0).then_some(ahead as f64 / 1e9)
    }

    pub(super) fn template(&self) -> u64 {
        self.templates.id(self.message)
    }

    /// The names and values of the fields, the first of each name.
    fn fields(&self) -> impl Iterator<Item = (&str, &Value<'_>)> {
        let fields = &self.event.record.fields;
        fields
            .iter()
            .enumerate()
            .filter_map(move |(n, (name, value))| {
                let first = fields.iter().take(n).all(|(earlier, _)| earlier != name);
                first.then_some((name, value))
            })
    }

    /// A time among the fields as text.
    fn stated(&self, value: &Value<'_>) -> Option<String> {
        let Value::Time(reading) = value else {
            return None;
        };
        let settled = self.plan.clock.settle(reading, self.event.cite.offset);
        Some(settled.map_or_else(|| reading.notation(), |s| s.rfc3339()))
    }

    fn value(&self, value: &Value<'_>, out: &mut Vec<u8>) {
        match value {
            Value::Text(text) => json::string(text, out),
            Value::Int(number) => json::whole(*number, out),
            Value::Float(number) => json::float(*number, out),
            Value::Time(_) => json::string(&self.stated(value).unwrap_or_default(), out),
        }
    }

    /// A value as text.
    fn plain<'v>(&self, value: &'v Value<'_>) -> Cow<'v, str> {
        match value {
            Value::Text(text) => Cow::Borrowed(text),
            Value::Int(number) => Cow::Owned(number.to_string()),
            Value::Float(number) => Cow::Owned(number.to_string()),
            Value::Time(_) => Cow::Owned(self.stated(value).unwrap_or_default()),
        }
    }

    /// All fields as an object.
    pub(super) fn fields_object(&self, out: &mut Vec<u8>) {
        let mut object = Object::new(out);
        for (name, value) in self.fields() {
            self.value(value, object.key(name));
        }
        object.end();
    }

    pub(super) fn has_fields(&self) -> bool {
        !self.event.record.fields.is_empty()
    }
}

/// One JSON object a line.
pub(super) struct JsonLines;

impl Form for JsonLines {
    fn is_textual(&self) -> bool {
        true
    }

    fn entry(&self, entry: Entry<'_>, out: &mut Vec<u8>) -> bool {
        let event = entry.event;
        let record = event.record;
        let mut object = Object::new(out);
        if let Some(at) = event.at {
            let out = object.key("time");
            out.push(b'"');
            json::time(at, out);
            out.push(b'"');
        }
        object.text("level", entry.level());
        object.text("service", entry.service());
        object.text("host", record.host.as_deref());
        object.text("actor", entry.actor());
        object.text("kind", Some(record.kind.name()));
        object.text("state", record.kind.state());
        object.text("format", entry.format());
        object.text("message", Some(&record.message));
        let _ = write!(object.key("template"), "\"{:016x}\"", entry.template());
        if entry.has_fields() {
            entry.fields_object(object.key("fields"));
        }
        let mut source = Object::new(object.key("source"));
        source.text("path", Some(entry.path));
        source.number("line", event.line);
        source.number("line_last", event.line_last);
        source.number("byte", event.cite.offset);
        source.end();
        object.text("time_basis", event.at.map(|at| at.basis.name()));
        if let Some(seconds) = entry.clock_ahead() {
            json::float(seconds, object.key("clock_ahead_s"));
        }
        object.end();
        out.push(b'\n');
        true
    }
}

/// One row an entry (RFC 4180).
pub(super) struct Csv;

impl Form for Csv {
    fn head(&self) -> &'static [u8] {
        b"time,level,service,host,actor,kind,state,format,message,template,fields,path,line,line_last,\
          byte,time_basis\r\n"
    }

    fn is_textual(&self) -> bool {
        true
    }

    fn entry(&self, entry: Entry<'_>, out: &mut Vec<u8>) -> bool {
        let event = entry.event;
        let record = event.record;
        if let Some(at) = event.at {
            json::time(at, out);
        }
        let mut fields = Vec::new();
        if entry.has_fields() {
            entry.fields_object(&mut fields);
        }
        let texts = [
            entry.level(),
            entry.service(),
            record.host.as_deref(),
            entry.actor(),
            Some(record.kind.name()),
            record.kind.state(),
            entry.format(),
            Some(&*record.message),
        ];
        for text in texts {
            out.push(b',');
            cell(text.unwrap_or_default(), out);
        }
        let _ = write!(out, ",{:016x},", entry.template());
        cell(&String::from_utf8_lossy(&fields), out);
        out.push(b',');
        cell(entry.path, out);
        let (line, last, byte) = (event.line, event.line_last, event.cite.offset);
        let _ = write!(out, ",{line},{last},{byte},");
        cell(event.at.map_or("", |at| at.basis.name()), out);
        out.extend_from_slice(b"\r\n");
        true
    }
}

/// A cell, quoted where it must be. What a spreadsheet would run as a formula begins with an
/// apostrophe: logs hold what strangers typed.
fn cell(text: &str, out: &mut Vec<u8>) {
    let held = |c: char| !matches!(c, '\n' | '\r' | '\t') && (c.is_control() || is_unseen(c));
    if text.contains(held) {
        let shown: String = text.split(held).collect::<Vec<_>>().join("\u{fffd}");
        return cell(&shown, out);
    }
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let quoted = text.contains([',', '"', '\n', '\r']);
    if quoted {
        out.push(b'"');
    }
    if formula {
        out.push(b'\'');
    }
    for (n, part) in text.split('"').enumerate() {
        if n > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(part.as_bytes());
    }
    if quoted {
        out.push(b'"');
    }
}

/// What Timesketch imports: one flat object a line, each with an instant.
pub(super) struct Timesketch;

impl Form for Timesketch {
    fn entry(&self, entry: Entry<'_>, out: &mut Vec<u8>) -> bool {
        let event = entry.event;
        let record = event.record;
        let relative = event.at.is_some_and(|at| at.basis == Basis::Relative);
        if relative || entry.nanos == i64::MIN {
            return false; // an event without an instant is refused there
        }
        let at = event.at.unwrap_or(Stamp {
            nanos: entry.nanos,
            precision: recon_parsers::Precision::Fraction(9),
            basis: Basis::Stated,
        });
        let mut object = Object::new(out);
        object.text("message", Some(&record.message));
        let _ = write!(object.key("timestamp"), "{}", at.nanos.div_euclid(1000));
        let datetime = object.key("datetime");
        datetime.push(b'"');
        json::time(at, datetime);
        // "Z" is written as an offset, as its importers expect.
        datetime.pop();
        datetime.extend_from_slice(b"+00:00\"");
        let own = event.at.is_some();
        object.text(
            "timestamp_desc",
            Some(if own { meaning(record.kind) } else { BORROWED }),
        );
        object.text("level", entry.level());
        object.text("service", entry.service());
        object.text("host", record.host.as_deref());
        object.text("actor", entry.actor());
        object.text("kind", Some(record.kind.name()));
        object.text("state", record.kind.state());
        object.text("data_type", entry.format());
        let _ = write!(object.key("template"), "\"{:016x}\"", entry.template());
        object.text("source_path", Some(entry.path));
        object.number("source_line", event.line);
        object.text("time_basis", event.at.map(|at| at.basis.name()));
        for (name, value) in entry.fields() {
            // An index has one type a field; as text, a value fits whoever wrote it.
            let name = format!("field_{}", name.replace('.', "_"));
            object.text(&name, Some(&entry.plain(value)));
        }
        object.end();
        out.push(b'\n');
        true
    }
}

/// The meaning of the time of an entry that states none.
const BORROWED: &str = "Not stated: time of the entry before";

/// What happened at the time of an entry of a kind.
const fn meaning(kind: Kind) -> &'static str {
    match kind {
        Kind::Log => "Event Logged",
        Kind::Access => "Request Served",
        Kind::Alert(_) => "Alert",
        Kind::Page(_) => "Page",
        Kind::Change(_) => "Change",
        Kind::Chat => "Message Sent",
        Kind::Ticket => "Ticket",
        Kind::Note => "Noted",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_run_nothing() {
        for (text, expected) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("=HYPERLINK(\"u\")", "\"'=HYPERLINK(\"\"u\"\")\""),
            ("a=b", "a=b"),
        ] {
            let mut out = Vec::new();
            cell(text, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), expected, "{text}");
        }
    }
}
