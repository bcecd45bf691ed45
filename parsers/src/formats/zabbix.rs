//! Zabbix: problems as its real-time export writes them, and the media type's webhook, which
//! has no time. A recovery names its problem by `p_eventid` and nothing else.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, Record, field};
use crate::token::change::is_environment;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "zabbix",
    title: "Zabbix problem",
    reference: "https://www.zabbix.com/documentation/current/en/manual/appendix/protocols/real_time_export",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"eventid").is_some() || memmem::find(i, b"trigger").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/zabbix/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    is_event(object) || is_message(object)
}

fn is_event(object: &Object<'_>) -> bool {
    ["clock", "value", "eventid"]
        .iter()
        .all(|name| object.get(name).is_some())
}

fn is_message(object: &Object<'_>) -> bool {
    object.text(&["trigger"]).is_some()
        && object.text(&["hostname", "host"]).is_some()
        && object
            .text(&["status"])
            .is_some_and(|s| status(&s).is_some())
        && object.text(&["severity"]).is_some()
}

fn status(word: &str) -> Option<AlertState> {
    match word.to_ascii_uppercase().as_str() {
        "PROBLEM" => Some(AlertState::Firing),
        "OK" | "RESOLVED" | "RECOVERY" => Some(AlertState::Resolved),
        "UPDATE" | "UNKNOWN" => Some(AlertState::Unknown),
        _ => None,
    }
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    out.push(if is_event(object) {
        event(object)
    } else {
        message(object)
    });
}

fn event<'x>(event: &Object<'x>) -> Record<'x> {
    let fires = event.scalar(&["value"]).is_some_and(|v| v == "1");
    let state = if fires {
        AlertState::Firing
    } else {
        AlertState::Resolved
    };
    let name = event.text(&["name"]);
    let of = event.scalar(&["p_eventid"]);
    let text = name.clone().unwrap_or_else(|| match &of {
        Some(id) => Cow::Owned(format!("problem {id} is over")),
        None => Cow::Borrowed("problem"),
    });
    let mut record = Record::new(Kind::Alert(state), text);
    let clock = event.scalar(&["clock"]).unwrap_or_default();
    let nanos = event.scalar(&["ns"]);
    record.at = nanos
        .and_then(|ns| payload::whole_and_nanos(&clock, &ns))
        .or_else(|| payload::time_at(event, &["clock"]));
    let tags = event.list("tags").iter().filter_map(Json::object);
    let tags: Vec<(Cow<'x, str>, Cow<'x, str>)> = tags
        .filter_map(|t| Some((t.text(&["tag"])?, t.text(&["value"])?)))
        .collect();
    let tag = |names: &[&str]| {
        let found = tags
            .iter()
            .find(|(n, _)| names.contains(&n.to_ascii_lowercase().as_str()));
        found.map(|(_, value)| value.clone())
    };
    record.service = tag(&["service", "application", "app", "component"]);
    record.host = event.list("hosts").first().and_then(|h| match h {
        Json::Object(host) => host.text(&["host", "name"]),
        other => other.text(),
    });
    let severity = event.scalar(&["severity"]).map(named);
    severe(&mut record, severity);
    let fields = &mut record.fields;
    if let Some(id) = of.or_else(|| event.scalar(&["eventid"])) {
        fields.push(field::ID, id);
    }
    if let Some(name) = name {
        fields.push(field::ALERT, name);
    }
    let environment = tag(&["environment", "env", "stage", "tier"]);
    if let Some(environment) = environment.or_else(|| grouped(event)) {
        fields.push(field::ENVIRONMENT, environment);
    }
    payload::file_first(fields, "eventid", event, &["eventid"]);
    for (name, value) in tags {
        if fields.get(&name).is_none() {
            fields.push(name, value);
        }
    }
    record
}

/// The environment that the host's groups are called after: `test`, `Staging servers`.
fn grouped<'x>(event: &Object<'x>) -> Option<Cow<'x, str>> {
    const SORTS: [&str; 9] = [
        "environment",
        "env",
        "hosts",
        "linux",
        "machines",
        "servers",
        "systems",
        "vms",
        "windows",
    ];
    let lists = ["groups", "hostgroups"];
    let groups = lists.into_iter().flat_map(|name| event.list(name));
    groups.into_iter().find_map(|group| {
        let name = match group {
            Json::Object(group) => group.text(&["name"]),
            other => other.text(),
        }?;
        let words = name.split(|c: char| !c.is_ascii_alphanumeric());
        let mut words =
            words.filter(|w| !w.is_empty() && !SORTS.contains(&w.to_ascii_lowercase().as_str()));
        let word = words.next().filter(|w| is_environment(w))?.to_owned();
        words.next().is_none().then_some(Cow::Owned(word))
    })
}

/// Severities are numbers in the export.
fn named(severity: Cow<'_, str>) -> Cow<'_, str> {
    Cow::Borrowed(match severity.as_ref() {
        "0" => "not classified",
        "1" => "information",
        "2" => "warning",
        "3" => "average",
        "4" => "high",
        "5" => "disaster",
        _ => return severity,
    })
}

fn severe<'x>(record: &mut Record<'x>, severity: Option<Cow<'x, str>>) {
    let Some(severity) = severity else { return };
    record.level = match severity.to_ascii_lowercase().as_str() {
        "disaster" => Some(crate::Level::Fatal),
        "not classified" => None,
        word => payload::severity(word),
    };
    record.fields.push(field::SEVERITY, severity);
}

fn message<'x>(object: &Object<'x>) -> Record<'x> {
    let said = object.text(&["status"]).unwrap_or_default();
    let state = status(&said).unwrap_or(AlertState::Unknown);
    let trigger = object.text(&["trigger"]).unwrap_or_default();
    let mut record = Record::new(Kind::Alert(state), trigger.clone());
    record.at = payload::time_at(object, &["timestamp", "clock", "event_time"]);
    record.host = object.text(&["hostname", "host"]);
    severe(&mut record, object.text(&["severity"]));
    let fields = &mut record.fields;
    fields.push(field::ALERT, trigger);
    // Problem and recovery are two events of one trigger.
    let link = object.text(&["link"]).unwrap_or_default();
    let named = object.scalar(&["triggerid"]).or_else(|| {
        let (_, tail) = link.split_once("triggerid=")?;
        let id: String = tail.chars().take_while(char::is_ascii_digit).collect();
        Some(Cow::Owned(id))
    });
    if let Some(id) = named {
        fields.push(field::ID, format!("trigger {id}"));
    }
    fields.push("state", said);
    payload::file_first(fields, "item", object, &["item"]);
    record
}
