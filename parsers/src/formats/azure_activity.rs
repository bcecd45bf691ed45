//! Azure's activity log: who wrote, restarted or deleted which resource, as diagnostic settings export it, as the API
//! and the command line list it, and as Log Analytics keeps it.

use crate::format::{Context, Cut, Format};
use crate::record::{Actor, ChangeState, Kind, Level, Record, field};
use crate::token::azure::Resource;
use crate::token::json::{Json, Object};
use crate::token::level;
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "azure-activity",
    title: "Azure activity log",
    reference: "https://learn.microsoft.com/en-us/azure/azure-monitor/platform/activity-log-schema",
    cut: Cut::Json,
    specificity: 86,
    hint: |i| {
        let names = [&b"operationName"[..], b"OperationName"];
        names.iter().any(|n| memmem::find(i, n).is_some())
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/azure-activity/input.json"),
};

/// What others call an operation, how it went, and of which sort it is.
const OPERATION: &[&str] = &["operationName.value", "operationName", "OperationNameValue"];
const STATUS: &[&str] = &[
    "status.value",
    "ActivityStatusValue",
    "resultType",
    "status",
    "ActivityStatus",
];
const SORT: &[&str] = &["category.value", "category", "CategoryValue", "Category"];
const RESOURCE: &[&str] = &["resourceId", "_ResourceId", "ResourceId", "resourceUri"];
const TIMES: &[&str] = &[
    "eventTimestamp",
    "time",
    "EventSubmissionTimestamp",
    "TimeGenerated",
];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    entries(object).next().is_some()
}

/// The object itself, and those of a list: of the API, of an event hub.
fn entries<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let lists = ["value", "records"].into_iter();
    let listed = lists.flat_map(|n| object.list(n)).filter_map(Json::object);
    std::iter::once(object)
        .chain(listed)
        .filter(|e| is_entry(e))
}

/// An operation of the management of a resource; what a resource itself logs is of other categories.
fn is_entry(entry: &Object<'_>) -> bool {
    let sort = entry.text(SORT).unwrap_or_default();
    let operation = entry.text(OPERATION).unwrap_or_default();
    let exported = ["Write", "Delete", "Action"].contains(&sort.as_ref());
    (sort.eq_ignore_ascii_case("Administrative") || exported)
        && operation.contains('/')
        && entry.text(RESOURCE).is_some()
        && payload::time_at(entry, TIMES).is_some()
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let own = is_entry(&payload.object);
    for entry in entries(&payload.object) {
        let mut record = record(entry);
        if !own {
            record.part = payload.place(entry);
        }
        out.push(record);
    }
}

/// `Started`, `Start`, `Accepted`; `Succeeded`, `Success`; `Failed`, `Failure`.
fn state(said: &str) -> Option<ChangeState> {
    let lower = said.to_ascii_lowercase();
    Some(match lower.trim_end_matches('.') {
        "start" | "started" | "accept" | "accepted" | "in progress" | "running" => {
            ChangeState::Started
        }
        "success" | "succeeded" | "active" | "resolved" => ChangeState::Finished,
        "fail" | "failed" | "failure" | "canceled" => ChangeState::Failed,
        _ => return None,
    })
}

/// The kind of change that an operation is, in the words of [`field::CHANGE`]; to read something out, or to ask for a
/// key, is none.
fn kind(operation: &str) -> Option<&'static str> {
    let lower = operation.to_ascii_lowercase();
    let parts: Vec<&str> = lower.split('/').collect();
    let verb = parts.last().copied()?;
    let before = parts.iter().rev().nth(1).copied().unwrap_or_default();
    let within = |word: &str| lower.contains(word);
    match verb {
        "action"
            if before.contains("swap")
                || before.contains("publish") && !before.contains("list") =>
        {
            Some("deploy")
        }
        "action" if before.contains("failover") => Some("failover"),
        "action"
            if [
                "restart",
                "start",
                "stop",
                "poweroff",
                "deallocate",
                "redeploy",
            ]
            .contains(&before) =>
        {
            Some("restart")
        }
        "action" if before.contains("regenerate") || before.contains("rotate") => Some("secret"),
        "action" => None,
        "write" | "delete" if within("locks/") || within("alertrules") || within("tags/") => None,
        "write" if within("microsoft.resources/deployments") || within("/revisions") => {
            Some("deploy")
        }
        "write" | "delete" if within("/secrets") || within("/certificates") => Some("secret"),
        "write" if within("autoscale") || within("scalesets") || within("serverfarms") => {
            Some("scale")
        }
        "write"
            if within("networksecurity")
                || within("dnszones")
                || within("firewall")
                || within("routetables") =>
        {
            Some("infrastructure")
        }
        "write" | "delete" => Some("config"),
        _ => None,
    }
}

fn record<'x>(entry: &Object<'x>) -> Record<'x> {
    let operation = entry.text(OPERATION).unwrap_or_default();
    let said = entry.text(STATUS).unwrap_or_default();
    let id = entry.text(RESOURCE).unwrap_or_default();
    let (state, change) = (state(&said), kind(&operation));
    let resource = Resource::of(&id);
    let title = entry.text(&["operationName.localizedValue", "OperationName"]);
    let what = title.unwrap_or_else(|| operation.clone());
    let spelled = resource.as_ref().map(Resource::spelled);
    let words = [
        what.as_ref(),
        spelled.as_deref().unwrap_or_default(),
        said.as_ref(),
    ];
    let words: Vec<&str> = words.into_iter().filter(|w| !w.is_empty()).collect();
    let kind = match (change, state) {
        (Some(_), Some(state)) => Kind::Change(state),
        _ => Kind::Log,
    };
    let mut record = Record::new(kind, words.join(" "));
    record.at = payload::time_at(entry, TIMES);
    record.level = match state {
        Some(ChangeState::Failed) => Some(Level::Error),
        _ => entry
            .text(&["level", "Level"])
            .and_then(|l| level::word(l.as_bytes())),
    };
    if let Some(resource) = &resource {
        let name = Cow::Owned(resource.spelled());
        match resource.is_host() {
            true => record.host = Some(name),
            false => record.service = Some(name),
        }
    }
    record.actor = actor(entry);
    let fields = &mut record.fields;
    if let (Kind::Change(_), Some(change)) = (kind, change) {
        fields.push(field::CHANGE, change);
    }
    payload::file_first(
        fields,
        field::ID,
        entry,
        &["correlationId", "CorrelationId"],
    );
    if let Some(place) = resource.as_ref().and_then(Resource::environment) {
        fields.push(field::ENVIRONMENT, place.to_ascii_lowercase());
    }
    fields.push("operation", operation.into_owned());
    fields.push("state", said.into_owned());
    payload::file_first(
        fields,
        field::CLIENT,
        entry,
        &["callerIpAddress", "CallerIpAddress"],
    );
    fields.push("resource", id.into_owned());
    record
}

/// Who called: a person by address, a program by the id of its principal.
fn actor<'x>(entry: &Object<'x>) -> Option<Actor<'x>> {
    let claims = ["identity.claims", "claims"];
    let claims = claims.iter().find_map(|p| entry.object(p));
    let claimed = || {
        let mut all = claims?.iter();
        let named = |name: &str| name.ends_with("/name") || name.ends_with("upn") || name == "name";
        all.find_map(|(name, value)| value.text().filter(|_| named(name)))
    };
    let name = entry.text(&["caller", "Caller"]).or_else(claimed)?;
    let principal = name.len() == 36 && name.bytes().filter(|b| *b == b'-').count() == 4;
    Some(payload::actor(name, principal))
}

#[cfg(test)]
mod tests {
    use super::kind;

    #[test]
    fn operations_that_change_something() {
        for (operation, change) in [
            ("Microsoft.Web/sites/config/write", Some("config")),
            ("MICROSOFT.WEB/SITES/RESTART/ACTION", Some("restart")),
            ("Microsoft.Web/sites/slots/slotsswap/action", Some("deploy")),
            (
                "Microsoft.Sql/servers/failoverGroups/failover/action",
                Some("failover"),
            ),
            ("Microsoft.KeyVault/vaults/secrets/write", Some("secret")),
            ("Microsoft.Web/sites/config/list/action", None),
            ("Microsoft.Storage/storageAccounts/listKeys/action", None),
            ("Microsoft.Web/sites/publishxml/list/action", None),
            ("Microsoft.Authorization/locks/write", None),
            ("Microsoft.Web/sites/read", None),
        ] {
            assert_eq!(kind(operation), change, "{operation}");
        }
    }
}
