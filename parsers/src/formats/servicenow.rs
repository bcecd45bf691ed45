//! ServiceNow's tables as its API gives them. With `sysparm_display_value=all` a time stands
//! there twice: as its viewer sees it, and in UTC; such a pair tells how to read other times.

use crate::format::{Context, Cut, Format};
use crate::record::{Actor, Kind, Record, field};
use crate::stamp::{Reading, SECOND, When};
use crate::token::change::Request;
use crate::token::date::Order;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use crate::token::time;
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "servicenow",
    title: "ServiceNow records",
    reference: "https://docs.servicenow.com/bundle/washingtondc-api-reference/page/integrate/inbound-rest/concept/c_TableAPI.html",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        ["opened_at", "sys_created_on", "short_description"]
            .iter()
            .any(|name| memmem::find(i, name.as_bytes()).is_some())
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/servicenow/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    is_row(object) || object.object("result").is_some_and(is_row) || rows(object).any(is_row)
}

fn rows<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let lists = ["result", "records"]
        .into_iter()
        .flat_map(|name| object.list(name));
    lists.filter_map(Json::object)
}

fn is_row(object: &Object<'_>) -> bool {
    is_change(object) || is_opened(object)
}

/// A request for change, of which only what was asked for may be there.
fn is_change(object: &Object<'_>) -> bool {
    const TIMES: [&str; 4] = ["work_start", "work_end", "start_date", "end_date"];
    object.get("short_description").is_some()
        && TIMES.iter().any(|name| object.get(name).is_some())
        && shown(object, "number").is_some_and(|n| Request::is_number(&n))
}

fn is_opened(object: &Object<'_>) -> bool {
    object.get("number").is_some()
        && (object.get("opened_at").is_some() || object.get("sys_created_on").is_some())
        && [
            "short_description",
            "state",
            "incident_state",
            "sys_id",
            "table_name",
        ]
        .iter()
        .any(|name| object.get(name).is_some())
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    if let Some(one) = Some(object)
        .filter(|o| is_row(o))
        .or_else(|| object.object("result"))
    {
        return out.push(row(one));
    }
    for one in rows(object).filter(|r| is_row(r)) {
        let mut record = row(one);
        record.part = payload.place(one);
        out.push(record);
    }
}

/// What a person reads at `name`.
pub(super) fn shown<'x>(row: &Object<'x>, name: &str) -> Option<Cow<'x, str>> {
    let pair = [
        format!("{name}.display_value"),
        format!("{name}.value"),
        name.to_owned(),
    ];
    row.scalar(&[pair[0].as_str(), pair[1].as_str(), pair[2].as_str()])
}

/// How a row's viewer reads times: the order of the numbers in dates and the zone's offset.
#[derive(Clone, Copy, Default)]
pub(super) struct Viewer {
    order: Order,
    offset: Option<i32>,
}

impl Viewer {
    /// As far as a pair of a row tells, whose value is in UTC and spelt as the database does.
    pub(super) fn of(row: &Object<'_>) -> Self {
        let pairs = row.iter().filter_map(|(_, value)| value.object());
        let told = pairs.filter_map(|p| Some((p.text(&["display_value"])?, p.text(&["value"])?)));
        let usual = Self {
            order: Order::Unknown,
            offset: None,
        };
        told.filter(|(_, value)| is_plain(value))
            .find_map(|(shown, value)| Self::from_pair(&shown, &value))
            .unwrap_or(usual)
    }

    fn from_pair(shown: &str, value: &str) -> Option<Self> {
        let utc = local(read(value, Order::Unknown)?)?;
        [Order::MonthFirst, Order::DayFirst]
            .into_iter()
            .find_map(|order| {
                let east = (local(read(shown, order)?)? - utc) / SECOND;
                // Zones are whole quarters of an hour, at most 14 hours from UTC.
                let offset = i32::try_from(east).ok()?;
                let zone = offset % 900 == 0 && offset.abs() <= 14 * 3600;
                zone.then_some(Self {
                    order,
                    offset: Some(offset),
                })
            })
    }

    /// The time at `name`: the value in UTC, if there is a pair and it is; else what is shown.
    pub(super) fn when(self, row: &Object<'_>, name: &str) -> Option<Reading> {
        let pair = row.object(name);
        let value = pair.and_then(|p| p.text(&["value"]));
        if let Some(value) = value.as_ref().filter(|v| pair.is_some() && is_plain(v)) {
            return Some(read(value, Order::Unknown)?.at_offset(0));
        }
        let shown = pair.map_or_else(
            || row.text(&[name]),
            |p| p.text(&["display_value", "value"]),
        );
        let found = read(&shown?, self.order)?;
        Some(self.offset.map_or(found, |east| found.at_offset(east)))
    }
}

/// Spelt as the database does: `2024-05-14 09:30:00`.
fn is_plain(value: &str) -> bool {
    value.len() == 19 && value.as_bytes().get(4) == Some(&b'-')
}

fn local(reading: Reading) -> Option<i64> {
    match reading.when {
        When::Local(nanos) => Some(nanos),
        _ => None,
    }
}

fn read(text: &str, order: Order) -> Option<Reading> {
    match time::any(order)(text.trim().as_bytes()) {
        Ok(([], found)) => Some(found),
        _ => None,
    }
}

fn row<'x>(row: &Object<'x>) -> Record<'x> {
    let viewer = Viewer::of(row);
    let when = |name: &str| viewer.when(row, name);
    if let Some(change) = change(row, &when) {
        return change;
    }
    let text = shown(row, "short_description").or_else(|| shown(row, "number"));
    let mut record = Record::new(Kind::Ticket, text.unwrap_or_default());
    record.at = when("opened_at").or_else(|| when("sys_created_on"));
    let names = ["business_service", "cmdb_ci", "service"];
    record.service = names.iter().find_map(|n| shown(row, n));
    let people = ["caller_id", "opened_by", "sys_created_by"];
    let name = people.iter().find_map(|n| shown(row, n));
    record.actor = name.map(|name| Actor { name, bot: false });
    let severity = shown(row, "priority").or_else(|| shown(row, "severity"));
    let severity = severity.or_else(|| shown(row, "urgency"));
    record.level = severity.as_deref().and_then(priority);
    let fields = &mut record.fields;
    for (name, column) in [
        (field::ID, "number"),
        ("table", "table_name"),
        ("status", "state"),
        ("assigned_to", "assigned_to"),
        ("assignment_group", "assignment_group"),
        ("category", "category"),
        ("close_notes", "close_notes"),
    ] {
        if let Some(value) = shown(row, column) {
            fields.push(name, value);
        }
    }
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    for name in ["resolved_at", "closed_at", "work_start", "work_end"] {
        if let Some(time) = when(name) {
            fields.push(name, time);
        }
    }
    record
}

/// A request for change, once it is told when.
fn change<'x>(row: &Object<'x>, when: &dyn Fn(&str) -> Option<Reading>) -> Option<Record<'x>> {
    let number = shown(row, "number")?;
    Request::is_number(&number).then_some(())?;
    let text = |name: &str| {
        let value = shown(row, name)?;
        Some(value.trim().to_owned()).filter(|v| !v.is_empty())
    };
    let request = Request {
        text: &text,
        time: when,
    };
    request.record()
}

/// `1 - Critical`
fn priority(word: &str) -> Option<crate::Level> {
    let (number, name) = word.split_once(" - ").unwrap_or((word, word));
    payload::severity(name).or_else(|| payload::severity(&format!("p{}", number.trim())))
}
