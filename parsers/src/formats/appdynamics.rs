//! AppDynamics' events as the controller's REST interface lists them, one an element: health rules that begin and
//! end to be violated, deployments. And its list of violations, each with its beginning and its end.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, ChangeState, Kind, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use crate::token::text::untagged;
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "appdynamics",
    title: "AppDynamics events and health rule violations",
    reference: "https://docs.appdynamics.com/appd/24.x/24.3/en/extend-cisco-appdynamics/cisco-appdynamics-apis/alert-and-respond-api/events-api",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"eventTime").is_some() || memmem::find(i, b"TimeInMillis").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/appdynamics/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    all(object).next().is_some()
}

/// Those of a list, or the object itself.
fn all<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let listed = object.list("events").iter().filter_map(Json::object);
    std::iter::once(object)
        .chain(listed)
        .filter(|e| is_event(e) || is_violation(e))
}

fn is_event(object: &Object<'_>) -> bool {
    let own = [
        "affectedEntities",
        "triggeredEntity",
        "deepLinkUrl",
        "markedAsRead",
    ];
    let shouted = |t: &Cow<'_, str>| {
        let letters = t.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
        letters && !t.is_empty()
    };
    object.text(&["type"]).is_some_and(|t| shouted(&t))
        && object.get("eventTime").is_some()
        && own.iter().any(|name| object.get(name).is_some())
}

fn is_violation(object: &Object<'_>) -> bool {
    object.get("startTimeInMillis").is_some()
        && object.text(&["incidentStatus"]).is_some()
        && object.text(&["name"]).is_some()
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let whole = &payload.object;
    for one in all(whole) {
        let from = out.len();
        match is_event(one) {
            true => out.push(event(one)),
            false => violation(one, out),
        }
        let several = !is_event(whole) && !is_violation(whole);
        for record in out.iter_mut().skip(from).filter(|_| several) {
            record.part = payload.place(one);
        }
    }
}

/// What the type of an event tells, and how bad it is: `POLICY_OPEN_CRITICAL`, `HEALTH_RULE_CLOSE_WARNING`.
fn kind(sort: &str) -> (Kind, Option<&'static str>) {
    use AlertState::{Firing, Resolved, Unknown};
    let rule = sort
        .strip_prefix("POLICY_")
        .or(sort.strip_prefix("HEALTH_RULE_"));
    let Some(step) = rule else {
        return match sort {
            "APPLICATION_DEPLOYMENT" => (Kind::Change(ChangeState::Finished), None),
            _ => (Kind::Log, None),
        };
    };
    let grade = ["CRITICAL", "WARNING"]
        .into_iter()
        .find(|g| step.ends_with(g));
    let state = match step.split('_').next() {
        // It goes on, or has become worse or better.
        Some("OPEN" | "CONTINUES" | "UPGRADED" | "DOWNGRADED") => Firing,
        Some("CLOSE") => Resolved,
        // The rule was changed or its data are missing.
        _ => Unknown,
    };
    (Kind::Alert(state), grade)
}

fn event<'x>(event: &Object<'x>) -> Record<'x> {
    let sort = event.text(&["type"]).unwrap_or_default();
    let (kind, grade) = kind(&sort);
    let said = event.text(&["summary"]).map(plain);
    let mut record = Record::new(kind, said.clone().unwrap_or_else(|| sort.clone()));
    record.at = payload::time_at(event, &["eventTime"]);
    let entities: Vec<_> = event
        .list("affectedEntities")
        .iter()
        .filter_map(Json::object)
        .collect();
    place(&mut record, &entities);
    let severity = event.text(&["severity"]);
    let severity = grade.map(Cow::Borrowed).or(severity);
    record.level = severity.as_deref().and_then(payload::severity);
    let rule = event.object("triggeredEntity");
    let rule = rule.and_then(|r| r.text(&["name"])).or(said);
    if let (Kind::Alert(_), Some(rule)) = (record.kind, rule) {
        // The events of one violation have nothing in common but the rule and what it is about.
        record.fields.push(field::ALERT, rule);
    }
    if matches!(record.kind, Kind::Change(_)) {
        record.fields.push(field::CHANGE, "deploy");
    }
    record.fields.push_known([
        (field::SEVERITY, severity),
        ("event", Some(sort)),
        ("event_id", event.scalar(&["id"])),
    ]);
    record
}

fn violation<'x>(violation: &Object<'x>, out: &mut Vec<Record<'x>>) {
    let over = violation
        .text(&["incidentStatus"])
        .is_some_and(|s| !s.eq_ignore_ascii_case("OPEN"));
    let end = payload::time_at(violation, &["endTimeInMillis"]).filter(|_| over);
    let begin = payload::time_at(violation, &["startTimeInMillis"]);
    let steps = [(AlertState::Firing, begin), (AlertState::Resolved, end)];
    for (state, at) in steps.into_iter().filter(|(_, at)| at.is_some()) {
        let name = violation.text(&["name"]).unwrap_or_default();
        let said = violation.text(&["description"]).map(plain);
        let mut record = Record::new(Kind::Alert(state), said.unwrap_or_else(|| name.clone()));
        record.at = at;
        let entity = violation.object("affectedEntityDefinition");
        let entities: Vec<_> = entity.into_iter().collect();
        place(&mut record, &entities);
        let severity = violation.text(&["severity"]);
        record.level = severity.as_deref().and_then(payload::severity);
        record.fields.push_known([
            (field::ID, violation.scalar(&["id"])),
            (field::ALERT, Some(name)),
            (field::SEVERITY, severity),
        ]);
        out.push(record);
    }
}

/// Tiers are services, nodes are where they run, and the application is the whole of them.
fn place<'x>(record: &mut Record<'x>, entities: &[&Object<'x>]) {
    let named = |sorts: &[&str]| {
        let mut each = entities.iter();
        each.find_map(|e| {
            let sort = e.text(&["entityType"])?;
            sorts.contains(&sort.as_ref()).then(|| e.text(&["name"]))?
        })
    };
    let any = || entities.iter().find_map(|e| e.text(&["name"]));
    record.host = named(&[
        "APPLICATION_COMPONENT_NODE",
        "NODE",
        "MACHINE_INSTANCE",
        "MACHINE",
    ]);
    let tier = named(&["APPLICATION_COMPONENT", "TIER", "SERVICE"]);
    let whole = tier.or_else(|| named(&["APPLICATION", "BUSINESS_TRANSACTION"]));
    record.service = whole.or_else(|| any().filter(|_| record.host.is_none()));
}

/// Summaries are written in HTML.
fn plain(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains('<') {
        return text;
    }
    let said = untagged(&text);
    Cow::Owned(said.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Layout;

    #[test]
    fn events_of_others_are_none() {
        let layout = Layout::default();
        let cx = Context { layout: &layout };
        for entry in [
            r#"{"type":"order.created","eventTime":1718606472118,"affectedEntities":[]}"#,
            r#"{"type":"LOGIN","eventTime":1718606472118,"user":"u17","summary":"login ok"}"#,
            r#"{"name":"nightly","startTimeInMillis":1718606472118,"status":"OPEN"}"#,
        ] {
            let mut out = Vec::new();
            assert_eq!(parse(entry.as_bytes(), &cx, &mut out), None, "{entry}");
        }
    }

    #[test]
    fn types_tell_what_became_of_a_rule() {
        use AlertState::{Firing, Resolved, Unknown};
        for (sort, state) in [
            ("POLICY_OPEN_WARNING", Firing),
            ("HEALTH_RULE_OPEN_CRITICAL", Firing),
            ("POLICY_DOWNGRADED", Firing),
            ("POLICY_CLOSE_CRITICAL", Resolved),
            ("POLICY_CANCELED_CRITICAL", Unknown),
        ] {
            assert_eq!(kind(sort).0, Kind::Alert(state), "{sort}");
        }
        assert_eq!(kind("APPLICATION_ERROR").0, Kind::Log);
    }
}
