//! LaunchDarkly's audit log, as its API lists it and as its webhooks send it: who switched which flag in
//! which environment.

use crate::format::{Context, Cut, Format};
use crate::record::{Actor, ChangeState, Kind, Record, field};
use crate::token::change;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "launchdarkly",
    title: "LaunchDarkly audit log",
    reference: "https://launchdarkly.com/docs/api/audit-log",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"titleVerb").is_some() || memmem::find(i, b"accesses").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/launchdarkly/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    entries(object).next().is_some()
}

/// Those of a list, or the object itself.
fn entries<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let listed = object.list("items").iter().filter_map(Json::object);
    std::iter::once(object)
        .chain(listed)
        .filter(|e| is_entry(e))
}

fn is_entry(object: &Object<'_>) -> bool {
    let told = |name: &str| object.get(name).is_some();
    (told("titleVerb") || told("accesses"))
        && told("kind")
        && (told("date") || told("timestamp"))
        && (told("member") || told("target") || told("token") || told("_accountId"))
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    for entry in entries(&payload.object) {
        let mut record = record(entry);
        if !payload.object.list("items").is_empty() {
            record.part = payload.place(entry);
        }
        out.push(record);
    }
}

fn record<'x>(entry: &Object<'x>) -> Record<'x> {
    let message = message(entry);
    let mut record = Record::new(Kind::Change(ChangeState::Finished), message);
    record.at = payload::time_at(entry, &["date", "timestamp.milliseconds", "timestamp"]);
    record.actor = actor(entry);
    // Who forwards entries may add whose flag it is.
    record.service = entry.text(&["service", "service_name", "component"]);
    let what = entry.text(&["kind"]).unwrap_or_default();
    let resource = resource(entry);
    let fields = &mut record.fields;
    let kind = kind(entry, &what);
    fields.push(field::CHANGE, kind);
    payload::file_first(fields, field::ID, entry, &["_id"]);
    let flag = resource.as_deref().and_then(|r| part(r, what.as_ref()));
    match flag {
        Some(flag) => fields.push("flag", flag.to_owned()),
        None => payload::file_first(fields, "flag", entry, &["target.name", "name"]),
    }
    if let Some(environment) = environment(entry, resource.as_deref()) {
        fields.push(field::ENVIRONMENT, environment);
    }
    if let Some(project) = resource.as_deref().and_then(|r| part(r, "proj")) {
        fields.push("project", project.to_owned());
    }
    if let Some((_, version)) = told(entry) {
        fields.push(field::VERSION, version);
    }
    let accesses = entry.list("accesses").iter().filter_map(Json::object);
    let actions: Vec<_> = accesses.filter_map(|a| a.text(&["action"])).collect();
    if let Some(action) = actions.first() {
        fields.push("action", action.clone());
    }
    record
}

/// What an entry says: its title, or in its parts what was done to what and how.
fn message(entry: &Object<'_>) -> String {
    let text = |name: &str| entry.text(&[name]).filter(|t| !t.trim().is_empty());
    let comment = text("comment").map_or_else(String::new, |c| format!(" ({c})"));
    if let Some(title) = text("title") {
        return format!("{}{comment}", unlinked(&title));
    }
    let verb = text("titleVerb").unwrap_or_default();
    let name = entry.text(&["target.name", "name"]).unwrap_or_default();
    let how = text("description").unwrap_or_default();
    let how = unlinked(how.trim_start_matches(['-', ' ']));
    let what = [verb.as_ref(), name.as_ref()].join(" ");
    let parts = [what.trim(), how.as_str()];
    let said = parts.into_iter().filter(|p| !p.is_empty());
    format!("{}{comment}", said.collect::<Vec<_>>().join(": "))
}

/// A change that is no flag's, of who files others here, too.
fn told(entry: &Object<'_>) -> Option<(&'static str, String)> {
    let listed = [
        "flag",
        "segment",
        "project",
        "environment",
        "member",
        "role",
    ];
    let kind = entry.text(&["kind"])?;
    if listed.contains(&kind.as_ref()) {
        return None;
    }
    let text = entry.text(&["description"])?;
    let told = change::title(&text).filter(|told| told.leads)?;
    Some((told.kind, told.version?.to_owned()))
}

/// What a flag is on for is changed by its entries and by those of the segments that it asks for; what
/// only describes it, and everything about accounts and projects, changes nothing that is served.
fn kind(entry: &Object<'_>, what: &str) -> &'static str {
    const DESCRIBES: [&str; 12] = [
        "addReviewer",
        "cloneFlag",
        "createApprovalRequest",
        "createFlag",
        "createSegment",
        "reviewApprovalRequest",
        "updateApprovalRequest",
        "updateDescription",
        "updateMaintainer",
        "updateName",
        "updateTags",
        "updateTemporary",
    ];
    let accesses = entry.list("accesses").iter().filter_map(Json::object);
    let actions: Vec<_> = accesses.filter_map(|a| a.text(&["action"])).collect();
    let describes = actions.iter().all(|a| DESCRIBES.contains(&a.as_ref()));
    match what {
        "flag" | "segment" if actions.is_empty() || !describes => "flag",
        _ => told(entry).map_or("maintenance", |(kind, _)| kind),
    }
}

/// The environment, unless the entry is about several, as when a flag is created.
fn environment<'x>(entry: &Object<'x>, resource: Option<&str>) -> Option<Cow<'x, str>> {
    let resources = resources(entry);
    let mut named = resources.iter().filter_map(|r| part(r, "env"));
    let first = named.next().or_else(|| part(resource?, "env"))?;
    let one = first != "*" && named.all(|other| other == first);
    one.then(|| Cow::Owned(first.to_owned()))
}

/// What an entry is about: `proj/shop:env/production:flag/bulk-labels;tag`.
fn resources<'x>(entry: &Object<'x>) -> Vec<Cow<'x, str>> {
    let targets = entry.list("target.resources").iter().filter_map(Json::text);
    let accesses = entry.list("accesses").iter().filter_map(Json::object);
    targets
        .chain(accesses.filter_map(|a| a.text(&["resource"])))
        .collect()
}

fn resource<'x>(entry: &Object<'x>) -> Option<Cow<'x, str>> {
    resources(entry).into_iter().next()
}

/// The part of a resource that is of this kind.
fn part<'r>(resource: &'r str, kind: &str) -> Option<&'r str> {
    let mut parts = resource.split(':').filter_map(|p| p.split_once('/'));
    let (_, name) = parts.find(|(k, _)| *k == kind)?;
    name.split(';').next().filter(|n| !n.is_empty())
}

/// The member, or the token or the integration that acted instead.
fn actor<'x>(entry: &Object<'x>) -> Option<Actor<'x>> {
    if let Some(member) = entry.object("member") {
        let names = [member.text(&["firstName"]), member.text(&["lastName"])];
        let full: Vec<_> = names.into_iter().flatten().collect();
        let name = member.text(&["email"]).or_else(|| {
            let full = full.join(" ");
            (!full.is_empty()).then_some(Cow::Owned(full))
        });
        return name.map(|name| payload::actor(name, false));
    }
    let name = entry.text(&["token.name", "app.name", "subject.name"])?;
    Some(payload::actor(name, true))
}

/// A title without its links and its escapes: `[name](address) turned on the flag …`.
fn unlinked(title: &str) -> String {
    let mut out = String::new();
    let mut rest = title;
    while let Some((before, behind)) = rest.split_once("](") {
        let Some((_, after)) = behind.split_once(')') else {
            break;
        };
        let (lead, name) = before.rsplit_once('[').unwrap_or((before, ""));
        out.push_str(lead);
        out.push_str(name);
        rest = after;
    }
    out.push_str(rest);
    out.replace(['\\', '`'], "")
}
