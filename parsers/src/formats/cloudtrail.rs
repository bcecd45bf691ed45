//! AWS CloudTrail: who called which API, as delivered to S3 (`{"Records":[…]}`), by
//! `lookup-events`, by EventBridge, or one record a line.

use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Level, Record, field};
use crate::token::change;
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
    let change = changes(call, &name);
    let kind = match (change, &error) {
        (Some(_), None) => Kind::Change(ChangeState::Finished),
        (Some(_), Some(_)) => Kind::Change(ChangeState::Failed),
        (None, _) => Kind::Log,
    };
    let target = target(call);
    let mut message = format!("{service} {name}");
    if let Some(target) = &target {
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
    let (owner, place) = target.as_deref().map_or((None, None), owner);
    record.service = match (change, owner) {
        (Some(_), Some(owner)) => Some(Cow::Owned(owner)),
        _ => (!service.is_empty()).then_some(Cow::Owned(service)),
    };
    let caller = caller(call);
    let assumed = call
        .text(&["userIdentity.type"])
        .is_some_and(|t| t == "AssumedRole");
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
    if let (Some(place), Some(_)) = (place.or_else(|| cluster(call)), change) {
        fields.push(field::ENVIRONMENT, place);
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

/// The kind of change that a call is, in the words of [`field::CHANGE`]; reading is none, nor
/// is what programs do all day to data and sessions.
fn changes(call: &Object<'_>, name: &str) -> Option<&'static str> {
    let said = |path: &str, word: &str| call.scalar(&[path]).is_some_and(|t| t == word);
    if said("readOnly", "true")
        || said("managementEvent", "false")
        || said("eventCategory", "Data")
        || said("userIdentity.type", "AWSService")
    {
        return None;
    }
    const STEMS: &[(&str, &str)] = &[
        ("PutObject", ""),
        ("DeleteObject", ""),
        ("PutItem", ""),
        ("UpdateItem", ""),
        ("DeleteItem", ""),
        ("PutMetricData", ""),
        ("PutLogEvents", ""),
        ("PutRecord", ""),
        ("CreateLogStream", ""),
        ("CreateNetworkInterface", ""),
        ("DeleteNetworkInterface", ""),
        ("CreateDataChannel", ""),
        ("CreateControlChannel", ""),
        ("UpdateInstanceInformation", ""),
        ("UpdateFunctionCode", "deploy"),
        ("PublishVersion", "deploy"),
        ("UpdateService", "deploy"),
        ("RegisterTaskDefinition", "deploy"),
        ("CreateDeployment", "deploy"),
        ("StartPipelineExecution", "deploy"),
        ("UpdateStack", "deploy"),
        ("ExecuteChangeSet", "deploy"),
        ("StopDeployment", "rollback"),
        ("RollbackStack", "rollback"),
        ("SetDesiredCapacity", "scale"),
        ("UpdateAutoScalingGroup", "scale"),
        ("RunInstances", "scale"),
        ("TerminateInstance", "scale"),
        ("Reboot", "restart"),
        ("StartInstances", "restart"),
        ("StopInstances", "restart"),
        ("Failover", "failover"),
        ("PutSecret", "secret"),
        ("UpdateSecret", "secret"),
        ("RotateSecret", "secret"),
        ("ScheduleKeyDeletion", "secret"),
        ("DisableKey", "secret"),
        ("ChangeResourceRecordSets", "infrastructure"),
        ("AuthorizeSecurityGroup", "infrastructure"),
        ("RevokeSecurityGroup", "infrastructure"),
        ("Modify", "config"),
        ("Update", "config"),
        ("Put", "config"),
        ("Delete", "config"),
        ("Create", "config"),
        ("Attach", "config"),
        ("Detach", "config"),
        ("Associate", "config"),
        ("Disassociate", "config"),
        ("Enable", "config"),
        ("Disable", "config"),
        ("Replace", "config"),
        ("Deregister", "config"),
    ];
    let (_, kind) = STEMS.iter().find(|(stem, _)| name.starts_with(stem))?;
    (!kind.is_empty()).then_some(kind)
}

/// The environment that the cluster of a call is of.
fn cluster(call: &Object<'_>) -> Option<String> {
    let cluster = call.text(&["requestParameters.cluster"])?;
    let name = cluster.rsplit(['/', ':']).next().unwrap_or(&cluster);
    change::environment_of(name).map(str::to_owned)
}

/// Whose it is that was called upon, and where: a resource is called by its own name, however it is identified, and a
/// parameter or a secret stands under the name of whoever reads it.
fn owner(target: &str) -> (Option<String>, Option<String>) {
    let own = |t: &str| Some(t.to_owned());
    let name = match target.strip_prefix("arn:") {
        // `arn:aws:lambda:eu-west-1:41:function:tide`, `…:service/CLUSTER/NAME`
        Some(arn) => arn.splitn(5, ':').last().unwrap_or(arn),
        None => target,
    };
    let sorts = [
        "function:",
        "secret:",
        "parameter",
        "service/",
        "db:",
        "cluster:",
        "table/",
    ];
    let sort = sorts.iter().find(|s| name.starts_with(**s));
    let sort = sort.filter(|_| name.len() < target.len());
    let name = sort.and_then(|s| name.strip_prefix(*s)).unwrap_or(name);
    if sort == Some(&"service/") {
        let (cluster, service) = name.rsplit_once('/').unwrap_or(("", name));
        return (own(service), change::environment_of(cluster).and_then(own));
    }
    if sort == Some(&"function:") {
        return (name.split(':').next().and_then(own), None);
    }
    if !name.contains('/') || name.contains(':') {
        return ((!name.is_empty()).then(|| name.to_owned()), None);
    }
    let (service, place) = change::of_path(name);
    (service.and_then(own), place.and_then(own))
}

/// What was called upon: the parameter that names or identifies something, rather than what
/// that stands in.
fn target<'x>(call: &Object<'x>) -> Option<Cow<'x, str>> {
    let parameters = call.object("requestParameters")?;
    let endings = ["service", "name", "identifier", "id", "arn", "cluster"];
    endings.iter().find_map(|end| {
        parameters
            .iter()
            .filter(|(name, _)| name.to_ascii_lowercase().ends_with(end))
            .find_map(|(_, value)| value.text())
    })
}

#[cfg(test)]
mod tests {
    use super::owner;

    #[test]
    fn what_was_called_upon_is_somebodys() {
        for (target, service, place) in [
            ("quay-fn", Some("quay-fn"), None),
            (
                "arn:aws:lambda:eu-west-1:41:function:quay-fn:live",
                Some("quay-fn"),
                None,
            ),
            (
                "arn:aws:ecs:eu-west-1:41:service/prod/quay",
                Some("quay"),
                Some("prod"),
            ),
            (
                "arn:aws:ssm:eu-west-1:41:parameter/uat/quay/pool",
                Some("quay"),
                Some("uat"),
            ),
            (
                "/production/quay/settings",
                Some("quay"),
                Some("production"),
            ),
            ("prod/quay-api/db-password", Some("quay-api"), Some("prod")),
            ("/pool_size", None, None),
            ("sg-41", Some("sg-41"), None),
        ] {
            let (found, at) = owner(target);
            assert_eq!(
                (found.as_deref(), at.as_deref()),
                (service, place),
                "{target}"
            );
        }
    }
}
