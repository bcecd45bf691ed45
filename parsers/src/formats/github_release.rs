//! GitHub's `release` webhook. A release that is published need not be deployed anywhere.

use super::github_deployment::account;
use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "github-release",
    title: "GitHub release",
    reference: "https://docs.github.com/en/webhooks/webhook-events-and-payloads#release",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"tag_name").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/github-release/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_release, records, out)
}

fn is_release(object: &Object<'_>) -> bool {
    object.text(&["action"]).is_some()
        && object.text(&["release.tag_name"]).is_some()
        && object.object("repository").is_some()
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let action = object.text(&["action"]).unwrap_or_default();
    let draft = object.get("release.draft") == Some(&Json::Bool(true));
    let state = match action.as_ref() {
        "published" | "released" | "prereleased" if !draft => ChangeState::Finished,
        "unpublished" | "deleted" => ChangeState::Failed,
        _ => ChangeState::Requested,
    };
    let service = object.text(&["repository.name", "repository.full_name"]);
    let tag = object.text(&["release.tag_name"]).unwrap_or_default();
    let what = service.as_deref().unwrap_or("release");
    let said = object.text(&["release.name"]).filter(|n| *n != tag);
    let said = said.map_or_else(String::new, |n| format!(": {n}"));
    let message = Cow::Owned(format!("release {what} {tag} {action}{said}"));
    let mut record = Record::new(Kind::Change(state), message);
    // `created_at` is the time of the commit that the tag names.
    record.at = match state {
        ChangeState::Finished => payload::time_at(object, &["release.published_at"]),
        _ => payload::time_at(object, &["release.updated_at"]),
    };
    record.actor = account(object, "sender").or_else(|| account(object, "release.author"));
    record.service = service;
    let fields = &mut record.fields;
    fields.push(field::CHANGE, "release");
    payload::file_first(fields, field::ID, object, &["release.id"]);
    fields.push(field::VERSION, tag);
    fields.push("action", action);
    payload::file_first(fields, "target", object, &["release.target_commitish"]);
    payload::file_first(fields, "repository", object, &["repository.full_name"]);
    out.push(record);
}
