//! Alerts of VMware's vRealize (Aria) Operations. While one is active its `cancelDate` says
//! nothing.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, Record, field};
use crate::token::json::Object;
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "vrealize",
    title: "VMware vRealize Operations alert",
    reference: "https://docs.vmware.com/en/vRealize-Operations/8.10/com.vmware.vcom.config.doc/GUID-93EE9137-1F7B-4F6E-A8E4-6C5C4F1D0B4E.html",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"criticality").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/vrealize/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_alert, records, out)
}

fn is_alert(object: &Object<'_>) -> bool {
    object.text(&["alertId"]).is_some()
        && object.text(&["criticality"]).is_some()
        && object.text(&["status"]).is_some()
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let said = object.text(&["status"]).unwrap_or_default();
    let state = match said.to_ascii_uppercase().as_str() {
        "ACTIVE" | "NEW" | "UPDATED" => AlertState::Firing,
        "CANCELED" | "CANCELLED" => AlertState::Resolved,
        _ => AlertState::Unknown,
    };
    let text = object.text(&["alertName", "info", "resourceName"]);
    let mut record = Record::new(Kind::Alert(state), text.unwrap_or_default());
    let starts = payload::time_at(object, &["startDate"]);
    record.at = match state {
        AlertState::Resolved => payload::time_at(object, &["cancelDate", "updateDate"]),
        _ => starts,
    };
    record.service = object.text(&["resourceName"]);
    let severity = object.text(&["criticality"]).map(plain);
    record.level = severity.as_deref().and_then(|s| match s {
        "immediate" => Some(crate::Level::Error),
        other => payload::severity(other),
    });
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, object, &["alertId"]);
    payload::file_first(fields, field::ALERT, object, &["alertName", "subType"]);
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    fields.push("state", said);
    for name in ["type", "resourceKind", "resourceId", "adapterKind"] {
        payload::file_first(fields, name, object, &[name]);
    }
    if let (Some(starts), AlertState::Resolved) = (starts, state) {
        fields.push(field::STARTS_AT, starts);
    }
    out.push(record);
}

/// `ALERT_CRITICALITY_LEVEL_WARNING` is `warning`.
fn plain(word: Cow<'_, str>) -> Cow<'_, str> {
    match word.rsplit_once('_') {
        Some((_, last)) => Cow::Owned(last.to_ascii_lowercase()),
        None => Cow::Owned(word.to_ascii_lowercase()),
    }
}
