//! Grafana OnCall's outgoing webhooks: what happened to an alert group, with all that
//! happened to it before. The alert that it carries still says that it fires.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, PageAct, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "grafana-oncall",
    title: "Grafana OnCall webhook",
    reference: "https://grafana.com/docs/oncall/latest/configure/integrations/outgoing-webhooks/",
    cut: Cut::Json,
    specificity: 95,
    hint: |i| memmem::find(i, b"alert_group").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/grafana-oncall/input.json"),
};

/// What an alert group says of itself: the act, when, and by whom.
const STEPS: &[(PageAct, &str, &str)] = &[
    (PageAct::Triggered, "alert_group.created_at", ""),
    (
        PageAct::Acknowledged,
        "alert_group.acknowledged_at",
        "alert_group_acknowledged_by",
    ),
    (
        PageAct::Resolved,
        "alert_group.resolved_at",
        "alert_group_resolved_by",
    ),
];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_webhook, records, out)
}

fn is_webhook(object: &Object<'_>) -> bool {
    object
        .object("alert_group")
        .is_some_and(|g| g.get("id").is_some() && g.get("created_at").is_some())
        && object
            .object("event")
            .is_some_and(|e| e.get("type").is_some())
}

fn act(event: &str) -> PageAct {
    match event {
        "alert group created" | "alert_group_created" | "firing" => PageAct::Triggered,
        "acknowledge" => PageAct::Acknowledged,
        "unacknowledge" => PageAct::Unacknowledged,
        "resolve" => PageAct::Resolved,
        "unresolve" => PageAct::Reopened,
        "escalation" => PageAct::Escalated,
        "personal notification" | "personal_notification" => PageAct::Notified,
        _ => PageAct::Annotated,
    }
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let event = object.text(&["event.type"]).unwrap_or_default();
    let done = act(&event);
    let at = payload::time_at(object, &["event.time"]);
    let earlier = STEPS.iter().filter(|(act, ..)| *act != done);
    for (act, path, by) in earlier {
        let Some(when) = payload::time_at(object, &[path]) else {
            continue;
        };
        let mut record = record(object, *act);
        record.at = Some(when);
        record.actor = actor(object, by);
        out.push(record);
    }
    let mut own = record(object, done);
    let (stated, by) = STEPS
        .iter()
        .find(|(act, ..)| *act == done)
        .map_or((None, ""), |(_, path, by)| {
            (payload::time_at(object, &[path]), *by)
        });
    own.at = at.or(stated);
    own.actor = actor(object, "user")
        .or_else(|| actor(object, by))
        .or_else(|| nobody(object, done));
    own.fields.push("event_type", event);
    out.push(own);
}

fn actor<'x>(object: &Object<'x>, path: &str) -> Option<crate::Actor<'x>> {
    let name = object.object(path)?.text(&["username", "name", "email"])?;
    Some(payload::actor(name, false))
}

/// Who is no person: a rule of OnCall or an integration took or ended it.
fn nobody<'x>(object: &Object<'x>, act: PageAct) -> Option<crate::Actor<'x>> {
    let theirs = matches!(act, PageAct::Acknowledged | PageAct::Resolved);
    let null = matches!(object.get("user"), Some(Json::Null));
    (theirs && null).then(|| payload::actor("Grafana OnCall", true))
}

fn record<'x>(object: &Object<'x>, act: PageAct) -> Record<'x> {
    let title = object.text(&[
        "alert_payload.annotations.summary",
        "alert_group.title",
        "alert_payload.title",
        "alert_payload.labels.alertname",
    ]);
    let mut record = Record::new(Kind::Page(act), title.unwrap_or_default());
    record.service = object.text(&[
        "alert_group.labels.service",
        "alert_group.labels.service_name",
        "integration.labels.service",
        "alert_payload.labels.service",
        "alert_payload.commonLabels.service",
        "alert_payload.labels.app",
        "alert_payload.labels.job",
    ]);
    let severity = object.text(&[
        "alert_group.labels.severity",
        "alert_payload.labels.severity",
        "alert_payload.commonLabels.severity",
    ]);
    record.level = severity.as_deref().and_then(payload::severity);
    let fields = &mut record.fields;
    payload::file_first(
        fields,
        field::ID,
        object,
        &["alert_group.id", "alert_group_id"],
    );
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    let alert = ["alert_payload.labels.alertname", "alert_group.title"];
    payload::file_first(fields, field::ALERT, object, &alert);
    payload::file_first(fields, "incident_status", object, &["alert_group.state"]);
    payload::file_first(fields, "integration", object, &["integration.name"]);
    record
}
