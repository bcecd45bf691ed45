//! Argo CD's applications as its API and `kubectl get applications -o json` give them: what was
//! deployed when, and the last synchronisation. Synchronised is not healthy.

use crate::format::{Context, Cut, Format};
use crate::record::{Actor, ChangeState, Kind, Record, field};
use crate::token::change;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "argocd",
    title: "Argo CD application",
    reference: "https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        memmem::find(i, b"deployedAt").is_some() || memmem::find(i, b"operationState").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/argocd/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

/// An application, a list of them, or one as a watch gives it.
pub(super) fn is_mine(object: &Object<'_>) -> bool {
    applications(object).iter().any(|a| is_application(a))
}

fn applications<'o, 'a>(object: &'o Object<'a>) -> Vec<&'o Object<'a>> {
    let wrapped = ["object", "app", "application"]
        .into_iter()
        .filter_map(|n| object.object(n));
    let items = object.list("items").iter().filter_map(Json::object);
    std::iter::once(object)
        .chain(wrapped)
        .chain(items)
        .collect()
}

/// The state of the last operation, also where somebody took nothing else out of `status`.
fn state_of<'o, 'a>(object: &'o Object<'a>) -> Option<&'o Object<'a>> {
    let bare = || {
        object.text(&["metadata.name"])?;
        object.object("operationState")
    };
    object.object("status.operationState").or_else(bare)
}

fn is_application(object: &Object<'_>) -> bool {
    let history = object
        .list("status.history")
        .iter()
        .filter_map(Json::object);
    history.into_iter().any(|h| h.get("deployedAt").is_some())
        || state_of(object).is_some_and(|o| o.get("phase").is_some())
}

pub(super) fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    for application in applications(&payload.object) {
        if is_application(application) {
            history(payload, application, out);
            operation(payload, application, out);
        }
    }
}

fn history<'x>(payload: &Payload<'x>, application: &Object<'x>, out: &mut Vec<Record<'x>>) {
    let entries = application
        .list("status.history")
        .iter()
        .filter_map(Json::object);
    let mut before: Vec<Cow<'x, str>> = Vec::new();
    for entry in entries.filter(|e| e.get("deployedAt").is_some()) {
        let revision = revision(entry);
        // A tag that is deployed anew under the same name is told apart by its revision alone.
        let tag = target(entry).filter(|t| before.last() != Some(t));
        let version = image_tag(entry).or(tag).or_else(|| revision.clone());
        // A rollback is a new entry with an older version.
        let back = version
            .as_ref()
            .is_some_and(|v| before.contains(v) && before.last() != Some(v));
        let kind = if back { "rollback" } else { "deploy" };
        let service = service(application, entry);
        let what = service.as_deref().unwrap_or("application");
        let short = payload::short_version(version.as_deref().unwrap_or_default());
        let message = format!("{kind} {what} {short}");
        let message = match described(entry) {
            Some(words) => format!("{}: {words}", message.trim_end()),
            None => message.trim_end().to_owned(),
        };
        let state = ChangeState::Finished;
        let mut record = Record::new(Kind::Change(state), message);
        record.at = payload::time_at(entry, &["deployedAt"]);
        record.service = service;
        record.actor = initiator(entry.object("initiatedBy"));
        record.part = payload.place(entry);
        let fields = &mut record.fields;
        fields.push(field::CHANGE, kind);
        payload::file_first(fields, field::ID, entry, &["id"]);
        if let Some(version) = &version {
            fields.push(field::VERSION, version.clone());
        }
        if let Some(revision) = revision.filter(|r| Some(r) != version.as_ref()) {
            fields.push("revision", revision);
        }
        place(&mut record, application);
        if let Some(begun) = payload::time_at(entry, &["deployStartedAt"]) {
            record.fields.push("started_at", begun);
        }
        out.push(record);
        before.extend(version);
    }
}

/// The last synchronisation, unless it is what the history's last entry tells.
fn operation<'x>(payload: &Payload<'x>, application: &Object<'x>, out: &mut Vec<Record<'x>>) {
    let Some(operation) = state_of(application) else {
        return;
    };
    let phase = operation.text(&["phase"]);
    let ends = payload::time_at(operation, &["finishedAt"]);
    let state = match phase.as_deref() {
        Some("Failed" | "Error") => ChangeState::Failed,
        Some("Running" | "Terminating") => ChangeState::Started,
        _ if ends.is_some() => ChangeState::Finished,
        _ => return,
    };
    let begun = payload::time_at(operation, &["startedAt"]);
    let at = ends.filter(|_| state != ChangeState::Started).or(begun);
    let last = application
        .list("status.history")
        .last()
        .and_then(Json::object);
    let told = last.and_then(|l| payload::time_at(l, &["deployedAt"]));
    if state == ChangeState::Finished && told.map(|t| t.when) == at.map(|a| a.when) {
        return;
    }
    let text = operation
        .text(&["message"])
        .unwrap_or(Cow::Borrowed("synchronisation"));
    let mut record = Record::new(Kind::Change(state), text);
    record.at = at;
    record.service = service(application, operation);
    let by = operation.object("operation.initiatedBy");
    record.actor = initiator(by.or_else(|| application.object("initiatedBy"))).or_else(|| {
        let name = application.text(&["initiatedBy"])?;
        Some(payload::actor(name, false))
    });
    record.part = payload.place(operation);
    let fields = &mut record.fields;
    // Without a history nothing else tells what this has deployed.
    let kind = if last.is_some() { "sync" } else { "deploy" };
    fields.push(field::CHANGE, kind);
    let revisions = ["syncResult.revision", "operation.sync.revision"];
    let revision = operation.text(&revisions);
    let images = operation.list("syncResult.images").iter();
    let mut images = images.filter_map(Json::text);
    let tag = images.find_map(|i| tag_of(&i).map(str::to_owned).map(Cow::Owned));
    match (tag, revision) {
        (Some(tag), revision) => {
            fields.push(field::VERSION, tag);
            fields.push("revision", revision.unwrap_or_default());
        }
        (None, Some(revision)) => fields.push(field::VERSION, revision),
        (None, None) => {}
    }
    payload::file_first(fields, "phase", operation, &["phase"]);
    payload::file_first(fields, "health", application, &["status.health.status"]);
    place(&mut record, application);
    out.push(record);
}

fn revision<'x>(entry: &Object<'x>) -> Option<Cow<'x, str>> {
    let many = || entry.list("revisions").first().and_then(Json::text);
    entry.scalar(&["revision"]).or_else(many)
}

/// The tag or the chart's version that the application asks for: no branch, and no range of versions.
fn target<'x>(entry: &Object<'x>) -> Option<Cow<'x, str>> {
    let first = || entry.list("sources").first().and_then(Json::object);
    let source = entry.object("source").or_else(first)?;
    let target = source.text(&["targetRevision"])?;
    let bare = target.strip_prefix('v').unwrap_or(&target);
    let numbered = bare.starts_with(|c: char| c.is_ascii_digit()) && bare.contains('.');
    let one = !bare.contains([' ', '*', '>', '<', '~', '^', '/', '|']) && !bare.ends_with(".x");
    (numbered && one).then_some(target)
}

/// What a parameter says of the change in words.
fn described<'x>(entry: &Object<'x>) -> Option<Cow<'x, str>> {
    const WORDS: [&str; 5] = [
        "description",
        "message",
        "summary",
        "comment",
        "changecause",
    ];
    let many = entry.list("sources").iter().filter_map(Json::object);
    let mut sources = entry.object("source").into_iter().chain(many);
    sources.find_map(|source| {
        let parameters = source.list("helm.parameters").iter();
        parameters.filter_map(Json::object).find_map(|p| {
            let name = p.text(&["name"])?.to_ascii_lowercase();
            let last = name.rsplit('.').next()?;
            let words = p.text(&["value"]).filter(|v| v.contains(' '));
            words.filter(|_| WORDS.contains(&last))
        })
    })
}

/// The tag of the image that Helm's parameters or Kustomize's images put in place.
fn image_tag<'x>(entry: &Object<'x>) -> Option<Cow<'x, str>> {
    let many = entry.list("sources").iter().filter_map(Json::object);
    let mut sources = entry.object("source").into_iter().chain(many);
    sources.find_map(|source| {
        let parameters = source.list("helm.parameters").iter();
        let mut parameters = parameters.filter_map(Json::object);
        let tag = parameters.find_map(|p| {
            let name = p.text(&["name"])?.to_ascii_lowercase();
            let tags = name == "tag" || name == "version" || name.ends_with("image.tag");
            p.scalar(&["value"])
                .filter(|_| tags || name.ends_with("imagetag"))
        });
        tag.or_else(|| {
            let images = source.list("kustomize.images").iter();
            let mut images = images.filter_map(Json::text);
            images.find_map(|i| tag_of(&i).map(str::to_owned).map(Cow::Owned))
        })
    })
}

/// `registry.example:5000/shop:4.2.0`, `shop=registry.example/shop:4.2.0`
fn tag_of(image: &str) -> Option<&str> {
    let (_, tag) = image.rsplit_once(':')?;
    (!tag.contains('/') && !tag.is_empty()).then_some(tag)
}

fn initiator<'x>(by: Option<&Object<'x>>) -> Option<Actor<'x>> {
    let by = by?;
    let automated = by.get("automated") == Some(&Json::Bool(true));
    match by.text(&["username"]) {
        Some(name) => Some(payload::actor(name, automated)),
        None => automated.then(|| payload::actor("argocd", true)),
    }
}

/// The application's name without the environment that it carries, else the chart's or the repository's
/// that is deployed.
fn service<'x>(application: &Object<'x>, entry: &Object<'x>) -> Option<Cow<'x, str>> {
    let named = application.text(&["metadata.name"]).map(|name| {
        let (service, carried) = change::parted(&name);
        match carried {
            Some(_) => Cow::Owned(service.to_owned()),
            None => name,
        }
    });
    named.or_else(|| entry.text(&["source.chart"])).or_else(|| {
        let url = entry.text(&["source.repoURL"])?;
        let name = url.trim_end_matches('/').rsplit('/').next()?;
        let name = name.strip_suffix(".git").unwrap_or(name);
        Some(Cow::Owned(name.to_owned()))
    })
}

fn place<'x>(record: &mut Record<'x>, application: &Object<'x>) {
    let fields = &mut record.fields;
    payload::file_first(fields, "project", application, &["spec.project"]);
    let namespaces = ["spec.destination.namespace", "destination.namespace"];
    payload::file_first(fields, "namespace", application, &namespaces);
    let labels = ["metadata.labels.environment", "metadata.labels.env"];
    let name = application.text(&["metadata.name"]);
    let carried = name.as_deref().and_then(|n| change::parted(n).1);
    let environment = application.text(&labels).or_else(|| {
        let places = namespaces
            .iter()
            .chain(&["spec.destination.name", "spec.project"]);
        let mut named = places.filter_map(|p| application.text(&[p]));
        named.find(|n| change::is_environment(n))
    });
    let carried = carried.map(|e| Cow::Owned(e.to_owned()));
    if let Some(environment) = environment.or(carried) {
        fields.push(field::ENVIRONMENT, environment);
    }
}
