//! GitHub's `push` webhook. A push puts commits into a repository, not into production.

use super::github_deployment::account;
use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "github-push",
    title: "GitHub push",
    reference: "https://docs.github.com/en/webhooks/webhook-events-and-payloads#push",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"before").is_some() && memmem::find(i, b"after").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/github-push/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_push, records, out)
}

fn is_push(object: &Object<'_>) -> bool {
    object.text(&["ref"]).is_some()
        && object.text(&["before"]).is_some_and(|s| is_sha(&s))
        && object.text(&["after"]).is_some_and(|s| is_sha(&s))
        && object.object("repository").is_some()
}

fn is_sha(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let head = object.object("head_commit");
    let mut record = Record::new(Kind::Change(ChangeState::Finished), message(object, head));
    // The head's own time is when it was committed, days ago perhaps.
    let pushed = payload::time_at(object, &["repository.pushed_at"]);
    let committed = head.and_then(|h| payload::time_at(h, &["timestamp"]));
    record.at = pushed.or(committed);
    record.service = object.text(&["repository.name", "repository.full_name"]);
    let pusher = object.text(&["pusher.name"]);
    record.actor = account(object, "sender").or_else(|| Some(payload::actor(pusher?, false)));
    let fields = &mut record.fields;
    fields.push(field::CHANGE, "commit");
    // A deleted branch ends at no commit.
    let after = object.text(&["after"]);
    if let Some(after) = after.filter(|a| a.bytes().any(|b| b != b'0')) {
        fields.push(field::VERSION, after);
    }
    payload::file_first(fields, "ref", object, &["ref"]);
    payload::file_first(fields, "repository", object, &["repository.full_name"]);
    if let (Some(_), Some(committed)) = (pushed, committed) {
        fields.push("committed_at", committed);
    }
    fields.push(
        "commits",
        i64::try_from(object.list("commits").len()).unwrap_or(i64::MAX),
    );
    out.push(record);
}

/// What its last commit says, else what became of the branch or tag.
fn message<'x>(object: &Object<'x>, head: Option<&Object<'x>>) -> Cow<'x, str> {
    let deleted = object.get("deleted") == Some(&Json::Bool(true));
    if let Some(text) = head.and_then(|h| h.text(&["message"])).filter(|_| !deleted) {
        return text;
    }
    let name = object.text(&["ref"]).unwrap_or_default();
    let (sort, name) = match name.strip_prefix("refs/tags/") {
        Some(tag) => ("tag", tag),
        None => ("branch", name.trim_start_matches("refs/heads/")),
    };
    let act = if deleted { "deleted" } else { "pushed" };
    Cow::Owned(format!("{sort} {name} {act}"))
}
