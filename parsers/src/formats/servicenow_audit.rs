//! The history of ServiceNow's records as its API gives it (`sys_audit`, `sys_history_line`): a row a field.

use super::servicenow::{Viewer, shown};
use crate::format::{Context, Cut, Format};
use crate::record::Record;
use crate::token::audit::Step;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "servicenow-audit",
    title: "ServiceNow history of records (sys_audit)",
    reference: "https://www.servicenow.com/docs/bundle/washingtondc-platform-security/page/administer/security/concept/c_UnderstandingTheSysAuditTable.html",
    cut: Cut::Json,
    specificity: 91,
    hint: |i| memmem::find(i, b"fieldname").is_some() || memmem::find(i, b"update_time").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/servicenow-audit/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

const FIELDS: [&str; 2] = ["fieldname", "field"];
const TIMES: [&str; 2] = ["sys_created_on", "update_time"];

fn is_mine(object: &Object<'_>) -> bool {
    is_row(object) || rows(object).next().is_some()
}

fn rows<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let lists = ["result", "records"].into_iter();
    let all = lists.flat_map(|name| object.list(name));
    all.filter_map(Json::object).filter(|r| is_row(r))
}

fn is_row(object: &Object<'_>) -> bool {
    let any = |names: &[&str]| names.iter().any(|n| object.get(n).is_some());
    let audit = any(&["documentkey"]) && any(&["newvalue", "oldvalue"]);
    let line = any(&["update_time"]) && any(&["new", "old"]) && any(&["set"]);
    (audit || line) && any(&FIELDS) && any(&TIMES)
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    if is_row(object) {
        return out.extend(record(object));
    }
    for row in rows(object) {
        let Some(mut record) = record(row) else {
            continue;
        };
        record.part = payload.place(row);
        out.push(record);
    }
}

fn record<'x>(row: &Object<'x>) -> Option<Record<'x>> {
    let text = |names: &[&str]| {
        let mut each = names.iter().filter_map(|n| shown(row, n));
        each.next().map(std::borrow::Cow::into_owned)
    };
    let step = Step {
        key: text(&["documentkey", "set", "id"])?,
        table: text(&["tablename"]),
        field: text(&FIELDS)?,
        old: text(&["oldvalue", "old"]).unwrap_or_default(),
        new: text(&["newvalue", "new"]).unwrap_or_default(),
        user: text(&["user_name", "user", "sys_created_by"]),
    };
    let viewer = Viewer::of(row);
    let mut record = step.record()?;
    record.at = TIMES.iter().find_map(|name| viewer.when(row, name));
    Some(record)
}
