//! Changes as further tools tell of them: workflow runs, a deploy script's log, other members.

use crate::episode::Change;
use crate::traffic::hash;
use recon_samples::json::object;
use recon_samples::rng::Rng;
use recon_samples::time::Zone;
use std::collections::BTreeMap;

pub(super) fn write(rng: &Rng, changes: &[Change], files: &mut BTreeMap<String, String>) {
    let lines = |tell: fn(&Change) -> String| -> String {
        changes.iter().map(|c| tell(c) + "\n").collect()
    };
    match rng.fork("pipelines").between(0, 3) {
        0 => files.insert("ci/workflow_runs.jsonl".to_owned(), lines(workflow)),
        1 => files.insert("ops/deploys.jsonl".to_owned(), lines(other_members)),
        2 => files.insert("ops/audit.jsonl".to_owned(), lines(audit)),
        _ => files.insert("ops/change-calendar.csv".to_owned(), calendar(changes)),
    };
}

fn workflow(c: &Change) -> String {
    let id = i64::try_from(hash(&format!("{}{}", c.version, c.at.0)) % 1_000_000).unwrap_or(1);
    let actor = object([("login", c.by.clone().into()), ("type", "User".into())]);
    let name = match c.kind {
        "rollback" => format!("Rollback {} in {}", c.service, c.environment),
        "deploy" => format!("Deploy {} to {}", c.service, c.environment),
        kind => format!("Deploy {kind} of {} to {}", c.service, c.environment),
    };
    let run = object([
        ("id", id.into()),
        ("name", name.into()),
        ("head_branch", "main".into()),
        ("run_number", (id % 997).into()),
        ("event", "workflow_dispatch".into()),
        (
            "display_title",
            format!("{} {}: {}", c.service, c.version, c.summary).into(),
        ),
        ("status", "completed".into()),
        ("conclusion", "success".into()),
        ("created_at", c.at.plus_s(-190).stamp_s(Zone::UTC).into()),
        (
            "run_started_at",
            c.at.plus_s(-188).stamp_s(Zone::UTC).into(),
        ),
        ("updated_at", c.at.stamp_s(Zone::UTC).into()),
        ("actor", actor),
    ]);
    let repository = object([
        ("name", c.service.clone().into()),
        ("full_name", format!("example/{}", c.service).into()),
    ]);
    object([
        ("action", "completed".into()),
        ("workflow_run", run),
        ("repository", repository),
    ])
    .to_string()
}

fn other_members(c: &Change) -> String {
    object([
        ("timestamp", (c.at.0 / 1_000).into()),
        ("event", format!("{}.finished", c.kind).into()),
        ("app", c.service.clone().into()),
        ("to", c.version.clone().into()),
        ("user", object([("name", c.by.clone().into())])),
        (
            "env",
            if c.environment == "production" {
                "prod"
            } else {
                "stg"
            }
            .into(),
        ),
        ("message", c.summary.clone().into()),
    ])
    .to_string()
}

fn audit(c: &Change) -> String {
    let change = match c.kind {
        "config" => "config_change",
        "flag" => "feature_flag",
        kind => kind,
    };
    object([
        ("started_at", c.at.plus_s(-75).stamp_s(Zone::UTC).into()),
        ("finished_at", c.at.stamp_s(Zone::UTC).into()),
        ("change_type", change.into()),
        ("service", c.service.clone().into()),
        ("version", c.version.clone().into()),
        ("by", c.by.clone().into()),
        ("environment", c.environment.into()),
        ("result", "success".into()),
        ("description", c.summary.clone().into()),
    ])
    .to_string()
}

fn calendar(changes: &[Change]) -> String {
    let head = "Change ID,Deployed At,Change Type,Service,Version,Deployed By,Environment,Status,Summary\n";
    changes
        .iter()
        .enumerate()
        .fold(head.to_owned(), |out, (n, c)| {
            let at = super::second(c.at);
            format!(
                "{out}CH-{},{at},{},{},{},{},{},done,{}\n",
                300 + n,
                c.kind,
                c.service,
                c.version,
                c.by,
                c.environment,
                c.summary
            )
        })
}
