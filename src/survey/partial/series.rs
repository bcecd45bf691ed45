//! Counts per second: of services, of their operations and of their messages' templates.

use super::{Rows, Sheet, cite, hash_of, hex};
use crate::cite::FileId;
use crate::survey::{Mark, Rate, Second, Survey, What};
use crate::table::{Cell, Damaged, Kind, Row, Schema};
use crate::template::Signature;
use recon_parsers::Level;
use std::io;

pub(super) const SERIES: Schema = &[
    ("input", Kind::Int),
    ("service", Kind::Text),
    ("scope", Kind::Text),
    ("operation", Kind::Text),
    ("template", Kind::Text),
    ("level", Kind::Text),
    ("counts", Kind::Text),
    ("step", Kind::Int),
    ("width", Kind::Int),
    ("second", Kind::Int),
    ("count", Kind::Int),
    ("first_ns", Kind::Int),
    ("first_byte", Kind::Int),
    ("first_len", Kind::Int),
    ("last_ns", Kind::Int),
    ("last_byte", Kind::Int),
    ("last_len", Kind::Int),
];

/// All entries of a service together.
const SERVICE: &str = "service";
/// One of its operations, and those that are counted together.
const OPERATION: &str = "operation";
const OPERATIONS: &str = "further operations";
/// One template of its messages, and those that are counted together.
const TEMPLATE: &str = "template";
const TEMPLATES: &str = "further templates";

const LEVELS: [Level; 6] = [
    Level::Trace,
    Level::Debug,
    Level::Info,
    Level::Warn,
    Level::Error,
    Level::Fatal,
];

/// What a rate counts: its name and, of durations, their step.
const fn counted(what: What) -> (&'static str, Option<u8>) {
    match what {
        What::Entries => ("entries", None),
        What::Errors => ("errors", None),
        What::Requests => ("requests", None),
        What::Failed => ("failed", None),
        What::Denied => ("denied", None),
        What::Gone => ("gone", None),
        What::Slow => ("slow", None),
        What::Took(step) => ("took", Some(step)),
    }
}

fn what(row: &mut Row<'_>) -> Result<What, Damaged> {
    let name = row.text()?;
    let step: Option<u8> = row.maybe_number()?;
    Ok(match (name, step) {
        ("entries", None) => What::Entries,
        ("errors", None) => What::Errors,
        ("requests", None) => What::Requests,
        ("failed", None) => What::Failed,
        ("denied", None) => What::Denied,
        ("gone", None) => What::Gone,
        ("slow", None) => What::Slow,
        ("took", Some(step)) => What::Took(step),
        _ => return Err(row.damaged()),
    })
}

/// What the seconds of one rate have in common.
#[derive(Clone, Copy)]
struct Name<'n> {
    service: &'n str,
    scope: &'static str,
    operation: Option<&'n str>,
    template: Option<&'n str>,
    level: Option<Level>,
}

impl<'n> Name<'n> {
    const fn of(service: &'n str, scope: &'static str) -> Self {
        Self {
            service,
            scope,
            operation: None,
            template: None,
            level: None,
        }
    }
}

pub(super) fn write(input: FileId, survey: &Survey, to: &mut Rows<'_>) -> io::Result<()> {
    for (service, tally) in &survey.services {
        let mut all =
            |name: Name<'_>, counts: What, rate: &Rate| write_rate(input, name, counts, rate, to);
        for (counts, rate) in &tally.rates {
            all(Name::of(service, SERVICE), *counts, rate)?;
        }
        for (operation, rates) in tally.operations.iter() {
            let name = Name {
                operation: Some(operation),
                ..Name::of(service, OPERATION)
            };
            for (counts, rate) in rates {
                all(name, *counts, rate)?;
            }
        }
        for (counts, rate) in tally.operations.together() {
            all(Name::of(service, OPERATIONS), *counts, rate)?;
        }
        for ((level, signature), rate) in tally.templates.iter() {
            let name = Name {
                template: Some(&hex(signature.0)),
                level: *level,
                ..Name::of(service, TEMPLATE)
            };
            all(name, What::Entries, rate)?;
        }
        let name = Name::of(service, TEMPLATES);
        all(name, What::Entries, tally.templates.together())?;
    }
    Ok(())
}

fn write_rate(
    input: FileId,
    name: Name<'_>,
    counts: What,
    rate: &Rate,
    to: &mut Rows<'_>,
) -> io::Result<()> {
    let (counts, step) = counted(counts);
    for (at, second) in rate.seconds() {
        let (first, last) = (second.first, second.last);
        let cells = [
            input.0.into(),
            name.service.into(),
            name.scope.into(),
            name.operation.into(),
            name.template.into(),
            name.level.map(Level::name).into(),
            Cell::Text(counts),
            step.into(),
            rate.width().into(),
            at.into(),
            second.count.into(),
            first.nanos.into(),
            first.cite.offset.into(),
            first.cite.len.into(),
            last.nanos.into(),
            last.cite.offset.into(),
            last.cite.len.into(),
        ];
        to(Sheet::Series, &cells)?;
    }
    Ok(())
}

pub(super) fn read(input: FileId, survey: &mut Survey, row: &mut Row<'_>) -> Result<(), Damaged> {
    let service = row.text()?;
    // Looked up first: a service has millions of rows and one name.
    if !survey.services.contains_key(service) {
        survey.services.entry(service.to_owned()).or_default();
    }
    let Some(tally) = survey.services.get_mut(service) else {
        return Err(row.damaged());
    };
    tally.files.insert(input);
    let scope = row.text()?;
    let operation = row.maybe_text()?;
    let template = row.maybe_text()?;
    let level = row.maybe_text()?;
    let level = match level {
        None => None,
        Some(name) => Some(
            LEVELS
                .into_iter()
                .find(|l| l.name() == name)
                .ok_or_else(|| row.damaged())?,
        ),
    };
    let counts = what(row)?;
    let signature = template.map(hash_of);
    let rate = match (scope, operation, signature) {
        (SERVICE, None, None) => tally.rates.entry(counts).or_default(),
        (OPERATION, Some(operation), None) => {
            let rates = tally.operations.put_back(operation.to_owned());
            rates.entry(counts).or_default()
        }
        (OPERATIONS, None, None) => {
            let rates = tally.operations.put_back_together();
            rates.entry(counts).or_default()
        }
        (TEMPLATE, None, Some(Some(hash))) => tally.templates.put_back((level, Signature(hash))),
        (TEMPLATES, None, None) => tally.templates.put_back_together(),
        _ => return Err(row.damaged()),
    };
    let (width, at) = (row.number()?, row.int()?);
    let count = row.number()?;
    let mut mark = || {
        Ok(Mark {
            nanos: row.int()?,
            cite: cite(input, row)?,
        })
    };
    let second = Second {
        count,
        first: mark()?,
        last: mark()?,
    };
    if rate.put_back(width, at, second) {
        Ok(())
    } else {
        Err(row.damaged())
    }
}
