//! Records kept whole: alerts, pages, changes, chat, tickets and notes.

use super::{Rows, Sheet, cite, digits, stamp, stamp_cells};
use crate::cite::FileId;
use crate::survey::Kept;
use crate::table::{Cell, Damaged, Kind as Of, Row, Schema};
use recon_parsers::stamp::Dates;
use recon_parsers::token::date::Order;
use recon_parsers::{
    Actor, AlertState, ChangeState, Fields, Kind, Level, PageAct, Precision, Reading, Record,
    Value, When,
};
use serde::{Deserialize, Serialize};
use std::io;

pub(super) const ENTRIES: Schema = &[
    ("input", Of::Int),
    ("byte", Of::Int),
    ("len", Of::Int),
    ("time_ns", Of::Int),
    ("time_digits", Of::Int),
    ("time_basis", Of::Text),
    ("since_ns", Of::Int),
    ("since_digits", Of::Int),
    ("since_basis", Of::Text),
    ("kind", Of::Text),
    ("state", Of::Text),
    ("level", Of::Text),
    ("service", Of::Text),
    ("host", Of::Text),
    ("actor", Of::Text),
    ("bot", Of::Flag),
    ("message", Of::Text),
    ("fields", Of::Text),
    ("stated", Of::Text),
    ("received", Of::Flag),
    ("part_start", Of::Int),
    ("part_end", Of::Int),
    ("continues", Of::Flag),
];

const KINDS: &[Kind] = &[
    Kind::Log,
    Kind::Access,
    Kind::Alert(AlertState::Firing),
    Kind::Alert(AlertState::Resolved),
    Kind::Alert(AlertState::Pending),
    Kind::Alert(AlertState::Unknown),
    Kind::Page(PageAct::Triggered),
    Kind::Page(PageAct::Notified),
    Kind::Page(PageAct::Acknowledged),
    Kind::Page(PageAct::Unacknowledged),
    Kind::Page(PageAct::Escalated),
    Kind::Page(PageAct::Reassigned),
    Kind::Page(PageAct::Annotated),
    Kind::Page(PageAct::Resolved),
    Kind::Page(PageAct::Reopened),
    Kind::Change(ChangeState::Requested),
    Kind::Change(ChangeState::Started),
    Kind::Change(ChangeState::Finished),
    Kind::Change(ChangeState::Failed),
    Kind::Chat,
    Kind::Ticket,
    Kind::Note,
];

const LEVELS: [Level; 6] = [
    Level::Trace,
    Level::Debug,
    Level::Info,
    Level::Warn,
    Level::Error,
    Level::Fatal,
];

/// A time as it is stated.
#[derive(Serialize, Deserialize)]
struct Stated {
    /// See [`digits`].
    digits: i64,
    /// Whether its date was read day first, and how many days later it is in the other order, if it
    /// exists in both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    numbers: Option<(bool, Option<i16>)>,
    #[serde(flatten)]
    when: StatedWhen,
}

/// See [`When`].
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StatedWhen {
    InstantNs(i64),
    LocalNs(i64),
    Yearless(u8, u8, i64, Option<u8>, Option<i32>),
    TimeOfDay(i64, Option<i32>),
    SinceNs(i64),
}

impl From<Reading> for Stated {
    fn from(reading: Reading) -> Self {
        let when = match reading.when {
            When::Instant(n) => StatedWhen::InstantNs(n),
            When::Local(n) => StatedWhen::LocalNs(n),
            When::Yearless {
                month,
                day,
                nanos,
                weekday,
                offset,
            } => StatedWhen::Yearless(month, day, nanos, weekday, offset),
            When::TimeOfDay { nanos, offset } => StatedWhen::TimeOfDay(nanos, offset),
            When::Since(n) => StatedWhen::SinceNs(n),
        };
        Self {
            digits: digits(reading.precision),
            numbers: match reading.dates {
                Dates::Plain => None,
                Dates::Only(read) => Some((read == Order::DayFirst, None)),
                Dates::Either(read, days) => Some((read == Order::DayFirst, Some(days))),
            },
            when,
        }
    }
}

impl From<Stated> for Reading {
    fn from(stated: Stated) -> Self {
        let when = match stated.when {
            StatedWhen::InstantNs(n) => When::Instant(n),
            StatedWhen::LocalNs(n) => When::Local(n),
            StatedWhen::Yearless(month, day, nanos, weekday, offset) => When::Yearless {
                month,
                day,
                nanos,
                weekday,
                offset,
            },
            StatedWhen::TimeOfDay(nanos, offset) => When::TimeOfDay { nanos, offset },
            StatedWhen::SinceNs(n) => When::Since(n),
        };
        let precision = match stated.digits {
            -2 => Precision::Day,
            -1 => Precision::Minute,
            digits => Precision::Fraction(u8::try_from(digits).unwrap_or(0).min(9)),
        };
        let dates = stated.numbers.map_or(Dates::Plain, |(by_day, days)| {
            let read = if by_day {
                Order::DayFirst
            } else {
                Order::MonthFirst
            };
            days.map_or(Dates::Only(read), |days| Dates::Either(read, days))
        });
        Self {
            when,
            precision,
            dates,
        }
    }
}

/// The value of a field. Texts and whole numbers are plain JSON; a float is its shortest notation
/// that reads back as the same, which numbers in JSON need not.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Plain {
    Int(i64),
    Text(String),
    Float { float: String },
    Time { time: Stated },
}

impl From<&Value<'_>> for Plain {
    fn from(value: &Value<'_>) -> Self {
        match value {
            Value::Text(text) => Self::Text(text.clone().into_owned()),
            Value::Int(n) => Self::Int(*n),
            Value::Float(f) => Self::Float {
                float: f.to_string(),
            },
            Value::Time(reading) => Self::Time {
                time: (*reading).into(),
            },
        }
    }
}

impl Plain {
    fn value(self) -> Option<Value<'static>> {
        Some(match self {
            Self::Text(text) => Value::from(text),
            Self::Int(n) => Value::Int(n),
            Self::Float { float } => Value::Float(float.parse().ok()?),
            Self::Time { time } => Value::Time(time.into()),
        })
    }
}

pub(super) fn write(input: FileId, kept: &[Kept], to: &mut Rows<'_>) -> io::Result<()> {
    for entry in kept {
        let record = &entry.record;
        let fields = record.fields.iter().map(|(name, v)| (name, Plain::from(v)));
        let fields = serde_json::to_string(&fields.collect::<Vec<_>>())?;
        let stated = record.at.map(|at| serde_json::to_string(&Stated::from(at)));
        let stated = stated.transpose()?;
        let [time, time_digits, time_basis] = stamp_cells(entry.at);
        let [since, since_digits, since_basis] = stamp_cells(entry.since);
        let part = |n: usize| n as u64;
        let cells = [
            input.0.into(),
            entry.cite.offset.into(),
            entry.cite.len.into(),
            time,
            time_digits,
            time_basis,
            since,
            since_digits,
            since_basis,
            Cell::Text(record.kind.name()),
            record.kind.state().into(),
            record.level.map(Level::name).into(),
            record.service.as_deref().into(),
            record.host.as_deref().into(),
            record.actor.as_ref().map(|a| &*a.name).into(),
            record.actor.as_ref().map(|a| a.bot).into(),
            Cell::Text(&record.message),
            Cell::Text(&fields),
            stated.as_ref().into(),
            record.received.into(),
            record.part.as_ref().map(|p| part(p.start)).into(),
            record.part.as_ref().map(|p| part(p.end)).into(),
            record.continues.into(),
        ];
        to(Sheet::Entries, &cells)?;
    }
    Ok(())
}

pub(super) fn read(input: FileId, kept: &mut Vec<Kept>, row: &mut Row<'_>) -> Result<(), Damaged> {
    let cite = cite(input, row)?;
    let (at, since) = (stamp(row)?, stamp(row)?);
    let kind = kind(row)?;
    let level = match row.maybe_text()? {
        None => None,
        Some(name) => {
            let level = LEVELS.into_iter().find(|l| l.name() == name);
            Some(level.ok_or_else(|| row.damaged())?)
        }
    };
    let mut own = || Ok(row.maybe_text()?.map(|text| text.to_owned().into()));
    let (service, host) = (own()?, own()?);
    let (name, bot) = (row.maybe_text()?, row.maybe_flag()?);
    let actor = name.zip(bot).map(|(name, bot)| Actor {
        name: name.to_owned().into(),
        bot,
    });
    let mut record = Record::new(kind, row.text()?.to_owned());
    record.level = level;
    record.service = service;
    record.host = host;
    record.actor = actor;
    record.fields = fields(row)?;
    record.at = match row.maybe_text()? {
        None => None,
        Some(text) => {
            let stated: Option<Stated> = serde_json::from_str(text).ok();
            Some(stated.ok_or_else(|| row.damaged())?.into())
        }
    };
    record.received = row.flag()?;
    let part: (Option<usize>, Option<usize>) = (row.maybe_number()?, row.maybe_number()?);
    record.part = part.0.zip(part.1).map(|(start, end)| start..end);
    record.continues = row.flag()?;
    kept.push(Kept {
        at,
        since,
        cite,
        record,
    });
    Ok(())
}

fn kind(row: &mut Row<'_>) -> Result<Kind, Damaged> {
    let (name, state) = (row.text()?, row.maybe_text()?);
    let kind = KINDS
        .iter()
        .find(|k| k.name() == name && k.state() == state);
    kind.copied().ok_or_else(|| row.damaged())
}

fn fields(row: &mut Row<'_>) -> Result<Fields<'static>, Damaged> {
    let plain: Option<Vec<(String, Plain)>> = serde_json::from_str(row.text()?).ok();
    let mut fields = Fields::default();
    for (name, plain) in plain.ok_or_else(|| row.damaged())? {
        fields.push(name, plain.value().ok_or_else(|| row.damaged())?);
    }
    Ok(fields)
}
