//! AWS CloudTrail: who called which API, as delivered to S3 (`{"Records":[…]}`), by
//! `lookup-events`, by EventBridge, or one record a line.

use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Level, Record, field};
use crate::token::aws_call::{self, Called};
use crate::token::json::{self, Json, Object};
use crate::token::payload::{self, Payload};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "cloudtrail",
    title: "AWS CloudTrail",
    reference: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
    cut: Cut::Json,
    specificity: 88,
    hint: |i| i.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{'),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/cloudtrail/input.json"),
};

/// The envelopes of several records, and of one.
const LISTS: &[&str] = &["Records", "Events"];
const ENVELOPE: &str = "detail";

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_trail, records, out)
}

fn is_trail(object: &Object<'_>) -> bool {
    is_call(object)
        || object.object(ENVELOPE).is_some_and(is_call)
        || LISTS.iter().any(|name| {
            let first = object.list(name).first().and_then(Json::object);
            first.is_some_and(|o| is_call(o) || o.get("CloudTrailEvent").is_some())
        })
}

fn is_call(object: &Object<'_>) -> bool {
    ["eventSource", "eventName", "eventTime"]
        .iter()
        .all(|name| object.get(name).is_some())
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    if is_call(object) {
        return out.push(record(object));
    }
    if let Some(call) = object.object(ENVELOPE).filter(|o| is_call(o)) {
        return out.push(record(call));
    }
    for listed in LISTS.iter().flat_map(|name| object.list(name)) {
        let Some(listed) = listed.object() else {
            continue;
        };
        let part = payload.place(listed);
        // `lookup-events` gives the record as a text within its own summary of it.
        let call = match listed.get("CloudTrailEvent") {
            Some(Json::Text(text)) => {
                let text = text.decode();
                json::object(text.as_bytes())
                    .filter(is_call)
                    .map(|o| record(&o).into_owned())
            }
            _ => is_call(listed).then(|| record(listed)),
        };
        if let Some(mut call) = call {
            call.part = part;
            out.push(call);
        }
    }
}

fn record<'x>(call: &Object<'x>) -> Record<'x> {
    let source = call.text(&["eventSource"]).unwrap_or_default();
    let service = source.split('.').next().unwrap_or_default().to_owned();
    let name = call.text(&["eventName"]).unwrap_or_default();
    let error = call.text(&["errorCode"]);
    let change = aws_call::kind(call, &service, &name);
    let kind = match (change, &error) {
        (Some(_), None) => Kind::Change(ChangeState::Finished),
        (Some(_), Some(_)) => Kind::Change(ChangeState::Failed),
        (None, _) => Kind::Log,
    };
    let called = Called::of(call, &service);
    let mut message = format!("{service} {name}");
    if let Some(target) = &called.target {
        message = format!("{message} {target}");
    }
    if let Some(why) = call.text(&["errorMessage"]).or_else(|| error.clone()) {
        message = format!("{message}: {why}");
    }
    let mut record = Record::new(kind, message);
    record.at = payload::time_at(call, &["eventTime"]);
    record.level = Some(if error.is_some() {
        Level::Error
    } else {
        Level::Info
    });
    // A change is one to what was called upon, anything else is the product's own.
    record.service = match (change, called.service) {
        (Some(_), Some(owner)) => Some(Cow::Owned(owner)),
        _ => (!service.is_empty()).then_some(Cow::Owned(service)),
    };
    let caller = caller(call);
    let assumed = call
        .text(&["userIdentity.type"])
        .is_some_and(|t| t == "AssumedRole")
        && call.get("userIdentity.userName").is_none();
    let automatic = assumed && !caller.as_deref().is_some_and(is_person);
    if let (Some(caller), true) = (&caller, change.is_some()) {
        record.actor = Some(payload::actor(caller.clone(), automatic));
    }
    let fields = &mut record.fields;
    if let Some(change) = change {
        fields.push(field::CHANGE, change);
    }
    if let Some(caller) = caller {
        fields.push(field::USER, caller);
    }
    if change.is_some() {
        fields.push_known([
            (field::VERSION, called.version),
            (field::ENVIRONMENT, called.environment),
        ]);
    }
    for (name, path) in [
        (field::CLIENT, "sourceIPAddress"),
        (field::REQUEST_ID, "requestID"),
        (field::ERROR, "errorCode"),
        (field::ID, "eventID"),
    ] {
        payload::file_first(fields, name, call, &[path]);
    }
    payload::file_all(fields, call, &|path| {
        matches!(
            path,
            "eventTime" | "sourceIPAddress" | "requestID" | "errorCode" | "eventID"
        ) || path.starts_with("responseElements")
    });
    record
}

/// Who called: a user by name, whoever assumed a role by the name of the session, a machine or
/// a service by that of its role.
fn caller<'x>(call: &Object<'x>) -> Option<Cow<'x, str>> {
    let identity = call.object("userIdentity")?;
    let session = || -> Option<Cow<'x, str>> {
        let arn = identity.text(&["arn"])?;
        let (_, assumed) = arn.split_once(":assumed-role/")?;
        let (role, session) = assumed.split_once('/')?;
        let name = if is_person(session) { session } else { role };
        Some(Cow::Owned(name.to_owned()))
    };
    let others = [
        "sessionContext.sessionIssuer.userName",
        "invokedBy",
        "principalId",
        "type",
    ];
    identity
        .text(&["userName"])
        .or_else(session)
        .or_else(|| identity.text(&others))
}

/// Sessions of people are called as they are, by address or by name; those of machines by
/// instance, function or number.
fn is_person(session: &str) -> bool {
    session.contains(['@', '.']) && !session.starts_with("i-")
}
