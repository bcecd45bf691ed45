//! The words in which people, scripts and products tell changes.

mod announced;
mod carried;
mod job;
mod kept;
mod line;
mod names;
mod placed;
mod request;
mod vocabulary;
mod words;

pub use announced::{Announced, announced};
pub use carried::{environment_of, of_path, parted};
pub use kept::{kept, lessons};
pub use line::{Line, line};
pub use names::{is_environment, is_staging, is_version, of_repository};
pub use placed::{is_certain, listed, listed_plainly};
pub use request::{Request, plain};
pub use words::{Change, Words};

use crate::record::ChangeState;

/// Members and pairs that name what was changed.
pub const SERVICES: &[&str] = &[
    "service",
    "service_name",
    "app",
    "application",
    "component",
    "target",
    "project",
    "repository",
    "repo",
    "name",
    "resource",
    "serviceName",
    "applicationName",
];
/// Members and pairs that name who changed it.
pub const ACTORS: &[&str] = &[
    "actor.name",
    "actor.login",
    "actor",
    "user.name",
    "user.login",
    "user",
    "author",
    "by",
    "deployed_by",
    "deployer",
    "changed_by",
    "triggered_by",
    "initiator",
    "created_by",
    "who",
    "username",
    "owner",
    "actor.email",
    "user.email",
    "author.name",
    "deployed_by.name",
    "deployedBy",
    "deployedBy.name",
    "triggered_by.name",
    "triggeredBy",
    "changedBy",
    "createdBy",
    "released_by",
    "releasedBy",
];

/// Words of other things in which a stem of a change stands.
const OTHERS: [&str; 7] = [
    "dispatch",
    "escalat",
    "fiscal",
    "flagship",
    "immigrat",
    "secretar",
    "typesetting",
];

/// The kind of change of words that stand in others, too: "certified", "concert".
fn short(word: &str) -> Option<&'static str> {
    Some(match word {
        "cert" | "certs" | "tls" | "ssl" | "password" | "passwords" => "secret",
        "failback" | "switchover" => "failover",
        "killswitch" => "flag",
        "variable" | "variables" => "config",
        _ => return None,
    })
}

/// The kind of change that a word names, in the words of [`crate::field::CHANGE`]:
/// `config_change`, `ConfigChange` and `config` are one.
#[must_use]
pub fn class(word: &str) -> Option<&'static str> {
    const STEMS: &[(&str, &str)] = &[
        ("rollback", "rollback"),
        ("roll_back", "rollback"),
        ("rolledback", "rollback"),
        ("revert", "rollback"),
        ("undeploy", "rollback"),
        ("deploy", "deploy"),
        ("rollout", "deploy"),
        ("release", "deploy"),
        ("hotfix", "deploy"),
        ("promot", "deploy"),
        ("upgrade", "deploy"),
        ("publish", "deploy"),
        ("feature_flag", "flag"),
        ("flag", "flag"),
        ("toggle", "flag"),
        ("experiment", "flag"),
        ("migrat", "migration"),
        ("schema", "migration"),
        ("restart", "restart"),
        ("reboot", "restart"),
        ("failover", "failover"),
        ("secret", "secret"),
        ("certificate", "secret"),
        ("credential", "secret"),
        ("key_rotation", "secret"),
        ("rotat", "secret"),
        ("scal", "scale"),
        ("config", "config"),
        ("setting", "config"),
        ("terraform", "infrastructure"),
        ("infra", "infrastructure"),
        ("dns", "infrastructure"),
        ("firewall", "infrastructure"),
        ("maintenance", "maintenance"),
        ("patch", "deploy"),
    ];
    let word = word
        .trim()
        .to_ascii_lowercase()
        .replace(['-', ' ', '.'], "_");
    // A sentence is no kind.
    if word.len() > 32 || word.matches('_').count() > 3 {
        return None;
    }
    let word = OTHERS.iter().fold(word, |w, other| w.replace(other, ""));
    let found = STEMS.iter().find(|(stem, _)| word.contains(stem));
    match found {
        Some((_, kind)) => Some(kind),
        None => word.split('_').find_map(short).or_else(|| {
            matches!(word.as_str(), "change" | "update" | "apply" | "sync").then_some("change")
        }),
    }
}

/// What a word says about how far a change has come.
#[must_use]
pub fn status(word: &str) -> Option<ChangeState> {
    Some(match word {
        "started" | "start" | "starting" | "begin" | "began" | "running" | "in_progress"
        | "in-progress" | "in progress" | "progressing" | "inprogress" | "deploying"
        | "rolling" => ChangeState::Started,
        "requested" | "pending" | "queued" | "waiting" | "created" | "planned" | "scheduled"
        | "approved" | "proposed" | "open" => ChangeState::Requested,
        "failed" | "failure" | "fail" | "error" | "errored" | "aborted" | "cancelled"
        | "canceled" | "rejected" | "timed_out" | "timeout" | "inactive" | "skipped" => {
            ChangeState::Failed
        }
        "finished" | "finish" | "success" | "succeeded" | "successful" | "completed"
        | "complete" | "done" | "ok" | "deployed" | "applied" | "live" | "active" | "enabled"
        | "disabled" | "true" | "synced" | "healthy" | "merged" | "rolled_back" | "closed" => {
            ChangeState::Finished
        }
        _ => return None,
    })
}

/// What the title of a run, or the name of a job, tells of a change.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The kind.
    pub kind: &'static str,
    /// The title begins with the word that tells the change: it was written to tell one.
    pub leads: bool,
    /// What is changed.
    pub service: Option<&'a str>,
    /// What it is changed to.
    pub version: Option<&'a str>,
    /// Where.
    pub environment: Option<&'a str>,
}

/// Reads a title: `Deploy shop 4.2.0 to production`, `deploy-shop-prod`.
#[must_use]
pub fn title(said: &str) -> Option<Told<'_>> {
    let words = Words::of(said);
    let change = words.change()?;
    let (version, environment) = (words.version(), words.environment());
    // `Deploy fix for labels` names nothing that runs.
    let names = version.is_some() || environment.is_some() || !said.trim().contains(' ');
    Some(Told {
        kind: change.kind,
        leads: change.at == 0,
        service: words.service(change.at, None).filter(|_| names),
        version,
        environment,
    })
}

#[cfg(test)]
mod tests {
    use super::{class, title};

    #[test]
    fn short_words_are_kinds_by_themselves_only() {
        assert_eq!(class("cert"), Some("secret"));
        assert_eq!(class("tls-renewal"), Some("secret"));
        assert_eq!(class("switchover"), Some("failover"));
        assert_eq!(class("concert"), None);
        assert_eq!(class("certified"), None);
    }

    fn told(said: &str) -> Option<String> {
        let told = title(said)?;
        let parts = [told.service, told.version, told.environment];
        let parts = parts.map(|p| p.unwrap_or("-"));
        let how = if told.leads { "leads" } else { "later" };
        Some(format!("{} {} {how}", told.kind, parts.join(" ")))
    }

    #[test]
    fn titles_and_names_of_jobs() {
        for (said, expected) in [
            (
                "Deploy quay 2.6.0 to production",
                "deploy quay 2.6.0 production leads",
            ),
            ("Rollback quay to v2.5.9", "rollback quay v2.5.9 - leads"),
            ("Revert \"round half up\"", "rollback - - - leads"),
            (
                "deploy-search-index-prod",
                "deploy search-index - prod leads",
            ),
            ("staging_deploy_quay", "deploy quay - staging leads"),
            ("quay/rollback", "rollback quay - - leads"),
            ("prod-deploy", "deploy - - prod leads"),
            ("deploy-service", "deploy - - - leads"),
            (
                "quay: promote 2.6.0 to canary",
                "deploy quay 2.6.0 canary later",
            ),
            ("POOL_SIZE changed in prod", "config - - prod leads"),
            (
                "Deploy tug-dispatch to staging",
                "deploy tug-dispatch - staging leads",
            ),
            ("Roll back quay to 2.5.9", "rollback quay 2.5.9 - leads"),
            ("quay back to 2.5.9", "rollback quay 2.5.9 - later"),
        ] {
            assert_eq!(told(said).as_deref(), Some(expected), "{said}");
        }
    }

    #[test]
    fn other_titles_tell_no_change() {
        for said in [
            "unit tests",
            "quay-prod",
            "Round half up",
            "dispatch quay",
            "quay is back to normal",
            "POOL_SIZE read",
            "prod",
            "",
            "-",
            "/deploy/quay",
        ] {
            assert_eq!(told(said), None, "{said}");
        }
    }
}
