//! `recon events`: every entry, normalised, in time order, in memory that does not grow.
//!
//! Entries are rendered in parallel, sorted in runs that are spilled to temporary files
//! where they do not fit, and merged.

use crate::ingest::{self, Chunk, Event, FilePlan};
use crate::source::Library;
use crate::template;
use rayon::prelude::*;
use recon_parsers::{Kind, Value};
use serde_json::{Map, Value as Json, json};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};
use std::ops::RangeInclusive;

/// Bytes of rendered entries in memory before a run is spilled.
const RUN: usize = 128 << 20;
/// Chunks rendered at a time.
const BATCH: usize = 16;

/// The place of an entry in the output: time, file, byte, record within its entry.
type Key = (i64, u32, u64, u32);

/// Writes all entries within `range` (nanoseconds since the epoch) as JSON lines.
pub fn write_jsonl(
    library: &mut Library,
    plans: &[FilePlan],
    chunk_size: u64,
    range: Option<RangeInclusive<i64>>,
    done: &(dyn Fn(u64) + Sync),
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut runs = Vec::new();
    let mut open: Vec<(Key, String)> = Vec::new();
    let mut held = 0;
    // Undated entries follow the entry before them in their file.
    let mut before: BTreeMap<usize, i64> = BTreeMap::new();
    let chunks = ingest::chunks(library, plans, chunk_size);
    for batch in chunks.chunks(BATCH) {
        let mut counted = Vec::new();
        for chunk in batch {
            counted.push((
                chunk,
                library.lines_before(plans[chunk.plan].file, chunk.bytes.start)?,
            ));
        }
        let shared: &Library = library;
        let rendered: Vec<io::Result<Vec<Row>>> = counted
            .par_iter()
            .map(|(chunk, lines)| {
                let rows = render(shared, &plans[chunk.plan], chunk, *lines);
                done(chunk.bytes.end - chunk.bytes.start);
                rows
            })
            .collect();
        for ((chunk, _), rows) in counted.iter().zip(rendered) {
            let last = before.entry(chunk.plan).or_insert(i64::MIN);
            for row in rows? {
                *last = row.nanos.unwrap_or(*last);
                if range.as_ref().is_some_and(|r| !r.contains(last)) {
                    continue;
                }
                held += row.text.len() + 64;
                open.push((
                    (*last, plans[chunk.plan].file.0, row.offset, row.nth),
                    row.text,
                ));
            }
        }
        if held > RUN {
            runs.push(spill(&mut open)?);
            held = 0;
        }
    }
    open.sort_unstable_by_key(|(key, _)| *key);
    if runs.is_empty() {
        return open
            .iter()
            .try_for_each(|(_, text)| writeln!(out, "{text}"));
    }
    runs.push(spill(&mut open)?);
    merge(runs, out)
}

struct Row {
    nanos: Option<i64>,
    offset: u64,
    nth: u32,
    text: String,
}

fn render(library: &Library, plan: &FilePlan, chunk: &Chunk, lines: u64) -> io::Result<Vec<Row>> {
    let path = &library.input(plan.file).path;
    let mut rows: Vec<Row> = Vec::new();
    ingest::read(library, plan, chunk.bytes.clone(), lines, &mut |event| {
        let offset = event.cite.offset;
        let nth = rows
            .last()
            .filter(|r| r.offset == offset)
            .map_or(0, |r| r.nth + 1);
        let text = object(path, plan, &event).to_string();
        rows.push(Row {
            nanos: event.at.map(|a| a.nanos),
            offset,
            nth,
            text,
        });
    })?;
    Ok(rows)
}

/// One entry in the output's form.
fn object(path: &str, plan: &FilePlan, event: &Event<'_, '_>) -> Json {
    let record = event.record;
    let mut object = Map::new();
    let mut put = |key: &str, value: Option<Json>| {
        if let Some(value) = value {
            object.insert(key.to_owned(), value);
        }
    };
    put("time", event.at.map(|a| a.rfc3339().into()));
    put("level", record.level.map(|l| l.name().into()));
    // A file speaks for a service in its log, not in the payloads that it holds.
    let logged = matches!(record.kind, Kind::Log | Kind::Access) || plan.service_given;
    let service = record.service.as_deref().filter(|_| !logged);
    let service = service.or_else(|| logged.then_some(event.service));
    put("service", service.map(Into::into));
    put("host", record.host.as_deref().map(Into::into));
    put(
        "actor",
        record.actor.as_ref().map(|a| a.name.as_ref().into()),
    );
    put("kind", Some(record.kind.name().into()));
    put("state", record.kind.state().map(Into::into));
    put(
        "format",
        plan.detected
            .formats
            .get(event.format)
            .map(|c| c.format.name.into()),
    );
    put("message", Some(record.message.as_ref().into()));
    put(
        "template",
        Some(format!("{:016x}", template::signature(&record.message).0).into()),
    );
    let mut fields = Map::new();
    for (name, value) in record.fields.iter() {
        fields
            .entry(name)
            .or_insert_with(|| field(value, plan, event.cite.offset));
    }
    put(
        "fields",
        (!fields.is_empty()).then_some(Json::Object(fields)),
    );
    put(
        "source",
        Some(
            json!({"path": path, "line": event.line, "line_last": event.line_last, "byte": event.cite.offset}),
        ),
    );
    put("time_basis", event.at.map(|a| a.basis.name().into()));
    let ahead = plan.clock.skew(record.host.as_deref());
    if ahead != 0 {
        // `time` is without what the host's clock was ahead; the source has it with it.
        put("clock_ahead_s", Some((ahead as f64 / 1e9).into()));
    }
    Json::Object(object)
}

fn field(value: &Value<'_>, plan: &FilePlan, offset: u64) -> Json {
    match value {
        Value::Text(t) => t.as_ref().into(),
        Value::Int(i) => (*i).into(),
        Value::Float(f) => (*f).into(),
        Value::Time(r) => plan
            .clock
            .settle(*r, offset)
            .map_or_else(|| r.notation(), |s| s.rfc3339())
            .into(),
    }
}

/// Sorts the held entries into a temporary file of their own: a line with the key, then the entry.
fn spill(open: &mut Vec<(Key, String)>) -> io::Result<File> {
    open.sort_unstable_by_key(|(key, _)| *key);
    let mut file = BufWriter::with_capacity(1 << 20, tempfile::tempfile()?);
    for ((nanos, input, offset, nth), text) in open.drain(..) {
        writeln!(file, "{nanos} {input} {offset} {nth}\t{text}")?;
    }
    let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.rewind()?;
    Ok(file)
}

fn merge(runs: Vec<File>, out: &mut dyn Write) -> io::Result<()> {
    let mut readers: Vec<_> = runs
        .into_iter()
        .map(|f| BufReader::with_capacity(256 << 10, f))
        .collect();
    let mut heap = BinaryHeap::new();
    for (n, reader) in readers.iter_mut().enumerate() {
        if let Some((key, text)) = next(reader)? {
            heap.push(Reverse((key, n, text)));
        }
    }
    while let Some(Reverse((_, n, text))) = heap.pop() {
        out.write_all(text.as_bytes())?;
        if let Some((key, text)) = next(&mut readers[n])? {
            heap.push(Reverse((key, n, text)));
        }
    }
    Ok(())
}

fn next(reader: &mut impl BufRead) -> io::Result<Option<(Key, String)>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a temporary file was damaged");
    let (key, text) = line.split_once('\t').ok_or_else(damaged)?;
    let mut parts = key.split(' ');
    let mut part = || parts.next().ok_or_else(damaged);
    let key = (
        part()?.parse().map_err(|_| damaged())?,
        part()?.parse().map_err(|_| damaged())?,
        part()?.parse().map_err(|_| damaged())?,
        part()?.parse().map_err(|_| damaged())?,
    );
    Ok(Some((key, text.to_owned())))
}
