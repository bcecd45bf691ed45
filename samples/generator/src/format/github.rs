//! GitHub's `deployment_status` webhooks, one a line.

use super::change_lines::Change;
use super::fingerprint;
use crate::json::{Json, object};
use crate::time::Zone;

/// All changes as one file; the service is the repository, the version the ref.
#[must_use]
pub fn render(changes: &[Change]) -> String {
    changes.iter().map(|c| format!("{}\n", body(c))).collect()
}

fn body(change: &Change) -> Json {
    let sha = fingerprint(&[change.service, change.version]);
    let sha = format!("{sha:016x}{:016x}{:08x}", sha.rotate_left(23), sha >> 32);
    let id = i64::try_from(fingerprint(&[&sha, change.environment]) % 1_000_000_000).unwrap_or(0);
    let state = match change.status {
        "succeeded" => "success",
        "started" => "in_progress",
        other => other,
    };
    let at = change.at.stamp_s(Zone::UTC);
    // A deployment is asked for some minutes before it is done.
    let asked = change.at.plus_s(-(200 + id % 160)).stamp_s(Zone::UTC);
    let creator = object([
        ("login", change.by.login.into()),
        ("type", if change.by.bot { "Bot" } else { "User" }.into()),
    ]);
    object([
        ("action", "created".into()),
        (
            "deployment_status",
            object([
                ("id", (id + 7).into()),
                ("state", state.into()),
                ("creator", creator.clone()),
                (
                    "description",
                    format!("{} {}", change.kind, change.version).into(),
                ),
                ("environment", change.environment.into()),
                ("created_at", at.clone().into()),
                ("updated_at", at.into()),
            ]),
        ),
        (
            "deployment",
            object([
                ("id", id.into()),
                ("sha", sha.into()),
                ("ref", change.version.into()),
                ("task", change.kind.into()),
                ("environment", change.environment.into()),
                ("creator", creator),
                ("created_at", asked.into()),
            ]),
        ),
        (
            "repository",
            object([
                ("name", change.service.into()),
                ("full_name", format!("larkfield/{}", change.service).into()),
            ]),
        ),
    ])
}
