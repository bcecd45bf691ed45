//! Changes: lines of JSON, a table, or GitHub's deployments.

use crate::episode::Change;
use crate::traffic::hash;
use crate::world::World;
use recon_samples::json::{Json, object};
use recon_samples::rng::Rng;
use recon_samples::time::Zone;
use std::collections::BTreeMap;
use std::fmt::Write;

pub(super) fn write(
    rng: &Rng,
    _: &World,
    changes: &[Change],
    files: &mut BTreeMap<String, String>,
) {
    match rng.fork("changes").between(0, 9) {
        0..=4 => {
            let text = changes.iter().map(|c| format!("{}\n", line(c))).collect();
            files.insert("changes.jsonl".to_owned(), text);
        }
        5 | 6 => {
            files.insert("changes.csv".to_owned(), table(changes));
        }
        _ => {
            let text = changes
                .iter()
                .map(|c| format!("{}\n", deployment(c)))
                .collect();
            files.insert("deployments.jsonl".to_owned(), text);
        }
    }
}

fn line(c: &Change) -> Json {
    object([
        ("time", c.at.stamp_ms(Zone::UTC).into()),
        ("type", c.kind.into()),
        ("service", c.service.clone().into()),
        ("version", c.version.clone().into()),
        ("actor", c.by.clone().into()),
        ("status", "succeeded".into()),
        ("environment", c.environment.into()),
        ("summary", c.summary.clone().into()),
    ])
}

fn table(changes: &[Change]) -> String {
    let mut out = "time,type,service,version,author,environment,status,summary\n".to_owned();
    for c in changes {
        let at = super::second(c.at);
        let _ = writeln!(
            out,
            "{at},{},{},{},{},{},succeeded,{}",
            c.kind, c.service, c.version, c.by, c.environment, c.summary
        );
    }
    out
}

fn deployment(c: &Change) -> Json {
    let id = i64::try_from(hash(&format!("{}{}", c.version, c.at.0)) % 1_000_000).unwrap_or(1);
    let creator = object([("login", c.by.clone().into()), ("type", "User".into())]);
    object([
        ("action", "created".into()),
        (
            "deployment_status",
            object([
                ("id", (id + 1).into()),
                ("state", "success".into()),
                ("creator", creator.clone()),
                ("description", format!("{} {}", c.kind, c.summary).into()),
                ("environment", c.environment.into()),
                ("created_at", c.at.stamp_s(Zone::UTC).into()),
            ]),
        ),
        (
            "deployment",
            object([
                ("id", id.into()),
                ("ref", c.version.clone().into()),
                ("task", c.kind.into()),
                ("environment", c.environment.into()),
                ("creator", creator),
                ("created_at", c.at.plus_s(-140).stamp_s(Zone::UTC).into()),
            ]),
        ),
        (
            "repository",
            object([
                ("name", c.service.clone().into()),
                ("full_name", format!("example/{}", c.service).into()),
            ]),
        ),
    ])
}
