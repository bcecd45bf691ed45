//! Octopus Deploy's events, as its API lists them and as its subscriptions send them. What was deployed where is told
//! in the message; of the places in it where names stand, `MessageReferences` tells.

use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Record, field};
use crate::token::change;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "octopus",
    title: "Octopus Deploy events",
    reference: "https://octopus.com/docs/security/users-and-teams/auditing",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"Category").is_some() && memmem::find(i, b"Occurred").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/octopus/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    events(object).next().is_some()
}

/// Those of a list, the object itself, or the one that a subscription sends.
fn events<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let listed = object.list("Items").iter().filter_map(Json::object);
    std::iter::once(object)
        .chain(object.object("Payload.Event"))
        .chain(listed)
        .filter(|e| is_event(e))
}

fn is_event(object: &Object<'_>) -> bool {
    object.text(&["Category"]).is_some()
        && object.text(&["Message"]).is_some()
        && payload::time_at(object, &["Occurred"]).is_some()
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    for event in events(&payload.object) {
        let Some(mut record) = record(event) else {
            continue;
        };
        if !payload.object.list("Items").is_empty() {
            record.part = payload.place(event);
        }
        out.push(record);
    }
}

/// How far a change has come that an event tells of; logins and the like change nothing.
fn state(category: &str, message: &str) -> Option<ChangeState> {
    let run = category
        .strip_prefix("Deployment")
        .or_else(|| category.strip_prefix("RunbookRun"));
    match run {
        Some("Started" | "Resumed") => return Some(ChangeState::Started),
        Some("Succeeded") => return Some(ChangeState::Finished),
        Some("Failed" | "Canceled" | "Cancelled") => return Some(ChangeState::Failed),
        Some("Queued" | "ManualInterventionInterruptionRaised") => {
            return Some(ChangeState::Requested);
        }
        _ => {}
    }
    let lower = message.to_ascii_lowercase();
    let about = [
        "variable",
        "certificate",
        "deployment process",
        "feature toggle",
    ];
    let edited = matches!(category, "Modified" | "Created" | "Deleted");
    (edited && about.iter().any(|a| lower.contains(a))).then_some(ChangeState::Finished)
}

fn record<'x>(event: &Object<'x>) -> Option<Record<'x>> {
    let (category, message) = (event.text(&["Category"])?, event.text(&["Message"])?);
    let state = state(&category, &message)?;
    let own = |text: Option<&str>| text.map(|t| Cow::Owned(t.to_owned()));
    // A runbook's name, between quotes, tells what it changes.
    let quoted = message.split('"').nth(1);
    let title = quoted.or_else(|| referred(event, &message, "Runbooks-"));
    let outside = title.map_or_else(|| message.to_string(), |t| message.replace(t, ""));
    let service = referred(event, &message, "Projects-").map(str::to_owned);
    let service = service
        .or_else(|| behind(&outside, " for ", &[" release ", " to ", " on "]).map(str::to_owned));
    let service = service.or_else(|| behind(&outside, " project ", &[" "]).map(str::to_owned));
    let place = referred(event, &message, "Environments-").map(str::to_owned);
    let place = place.or_else(|| environment(&outside).map(str::to_owned));
    let version = referred(event, &message, "Releases-").map(str::to_owned);
    let version = version.or_else(|| behind(&outside, " release ", &[" ", ","]).map(str::to_owned));
    let known: Vec<String> = service.iter().cloned().collect();
    let told =
        title.and_then(|t| change::kept(t, &known).or_else(|| change::kept(&message, &known)));
    let kind = match category.as_ref() {
        c if c.starts_with("Deployment") => "deploy",
        c if c.starts_with("RunbookRun") => told.map_or("change", |t| t.kind),
        _ if message.to_ascii_lowercase().contains("certificate") => "secret",
        _ => "config",
    };
    let mut record = Record::new(Kind::Change(state), message.clone());
    record.at = payload::time_at(event, &["Occurred"]);
    record.service = service.map(Cow::Owned);
    let bot = |name: &str| name == "system" || name == "Octopus Server";
    record.actor = event.text(&["Username", "UserId"]).map(|name| {
        let bot = bot(&name);
        payload::actor(name, bot)
    });
    let fields = &mut record.fields;
    fields.push(field::CHANGE, kind);
    payload::file_first(fields, field::ID, event, &["Id"]);
    fields.push_known([
        (field::VERSION, version.map(Cow::Owned)),
        (field::ENVIRONMENT, place.map(Cow::Owned)),
        (
            if kind == "flag" { "flag" } else { "setting" },
            own(told.and_then(|t| t.item)),
        ),
        ("category", Some(category.clone())),
    ]);
    Some(record)
}

/// The part of the message that refers to a document whose id begins so.
fn referred<'m>(event: &Object<'_>, message: &'m str, id: &str) -> Option<&'m str> {
    let references = event
        .list("MessageReferences")
        .iter()
        .filter_map(Json::object);
    let mut found = references.filter_map(|reference| {
        let document = reference.text(&["ReferencedDocumentId"])?;
        document.starts_with(id).then_some(())?;
        let from: usize = reference.scalar(&["StartIndex"])?.parse().ok()?;
        let long: usize = reference.scalar(&["Length"])?.parse().ok()?;
        message.get(from..from.checked_add(long)?)
    });
    found.next().filter(|t| !t.is_empty())
}

/// What stands behind one word and before the first of others.
fn behind<'m>(message: &'m str, word: &str, ends: &[&str]) -> Option<&'m str> {
    let (_, rest) = message.split_once(word)?;
    let end = ends.iter().filter_map(|e| rest.find(e)).min();
    let found = rest
        .get(..end.unwrap_or(rest.len()))?
        .trim_matches([' ', '.', '"']);
    (!found.is_empty()).then_some(found)
}

/// Where: `Deploy to Production (#2) succeeded for …`, `… on Production started for …`.
fn environment(message: &str) -> Option<&str> {
    let ends = [
        " started",
        " succeeded",
        " failed",
        " queued",
        " canceled",
        " was",
        " (",
        " for ",
        " by ",
        " with ",
        " environment",
    ];
    behind(message, " to ", &ends)
        .or_else(|| behind(message, " on ", &ends))
        .filter(|place| place.split(' ').count() <= 3)
}

#[cfg(test)]
mod tests {
    use super::{behind, environment, state};
    use crate::record::ChangeState;

    #[test]
    fn events_tell_how_far_a_change_has_come() {
        assert_eq!(state("RunbookRunStarted", ""), Some(ChangeState::Started));
        assert_eq!(state("DeploymentCanceled", ""), Some(ChangeState::Failed));
        let edited = state("Modified", "Variable set of project quay was changed");
        assert_eq!(edited, Some(ChangeState::Finished));
        for (category, message) in [
            ("LoginSucceeded", "Login succeeded for ola"),
            ("Modified", "User ola was changed"),
            ("MachineHealthy", "Machine quay-1 is healthy"),
        ] {
            assert_eq!(state(category, message), None, "{category}");
        }
    }

    #[test]
    fn places_and_versions_stand_in_the_message() {
        let message = "Deploy to Live North (#3) failed for quay release 4.2.0";
        assert_eq!(environment(message), Some("Live North"));
        assert_eq!(behind(message, " release ", &[" "]), Some("4.2.0"));
        assert_eq!(environment("quay was changed"), None);
    }
}
