//! The lists of members and channels beside the messages of a Slack export. They record no
//! event, but are known, so that nobody wonders what was left out.

use crate::format::{Context, Cut, Format};
use crate::record::Record;
use crate::token::json::{self, Object};
use memchr::memmem;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "slack-users",
    title: "Slack export: members and channels",
    reference: "https://slack.com/help/articles/220556107-How-to-read-Slack-data-exports",
    cut: Cut::Json,
    specificity: 85,
    hint: |i| memmem::find(i, b"\"id\"").is_some() && memmem::find(i, b"\"name\"").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/slack-users/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, _: &mut Vec<Record<'a>>) -> Option<()> {
    let object = json::object(entry)?;
    (is_member(&object) || is_channel(&object)).then_some(())
}

/// Slack's ids are capitals and digits, and begin with the letter of their sort.
fn has_id(object: &Object<'_>, sorts: &[char]) -> bool {
    object.text(&["id"]).is_some_and(|id| {
        id.starts_with(sorts)
            && id.len() >= 6
            && id
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    })
}

fn is_member(object: &Object<'_>) -> bool {
    has_id(object, &['U', 'W', 'B'])
        && object.get("name").is_some()
        && object.object("profile").is_some()
}

fn is_channel(object: &Object<'_>) -> bool {
    has_id(object, &['C', 'G', 'D'])
        && object.get("name").is_some()
        && object.get("members").is_some()
        && object.get("ts").is_none()
}
