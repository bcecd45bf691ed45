//! What single words name: environments, versions, settings, and services by having no other meaning.

#[rustfmt::skip]
const ENVIRONMENTS: &[&str] = &[
    "canary", "demo", "dev", "development", "integration", "live", "prd", "pre-prod", "preprod",
    "preproduction", "prod", "production", "qa", "sandbox", "stage", "staging", "stg", "test",
    "testing", "uat",
];

/// Words that are no name of anything that is changed.
#[rustfmt::skip]
const COMMON: &[&str] = &[
    "a", "about", "after", "again", "all", "also", "an", "and", "app", "application", "as", "at",
    "automated", "automatically", "back", "be", "been", "before", "being", "branch", "build", "by",
    "change", "changes", "cluster", "code", "commit", "component", "container", "default", "deployment",
    "due", "emergency", "empty", "environment", "every", "everywhere", "false", "feature", "for", "from", "full",
    "fully", "has", "have", "helm", "host", "hosts", "hot", "image", "in", "instance", "instances",
    "into", "is", "it", "its", "job", "kubectl", "latest", "main", "manual", "manually", "master",
    "minor", "module", "namespace", "new", "nightly", "no", "node", "nodes", "none", "now", "null", "of", "off", "old",
    "on", "onto", "or", "out", "over", "percent", "pipeline", "planned", "pod", "pods", "previous",
    "ref", "region", "regular", "replicas", "rolling", "routine", "run", "scheduled", "server",
    "servers", "service", "set", "started", "step", "successfully", "system", "tag", "task",
    "terraform", "that", "the", "this", "through", "ticket", "to", "true", "undo", "up", "update",
    "user", "using", "value", "values", "version", "via", "was", "weekly", "were", "with", "workflow",
    "zone",
];

/// Whether a word names an environment.
#[must_use]
pub fn is_environment(word: &str) -> bool {
    ENVIRONMENTS.contains(&word.to_ascii_lowercase().as_str())
}

/// Whether a word names an environment without users and hardly means anything else.
#[must_use]
pub fn is_staging(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    [
        "staging",
        "stg",
        "preprod",
        "preproduction",
        "uat",
        "qa",
        "nonprod",
    ]
    .contains(&word.as_str())
}

/// What a repository is of that holds how something runs, not what: `quay-config` is of `quay`.
#[must_use]
pub fn of_repository(name: &str) -> Option<&str> {
    const HOLDS: [&str; 12] = [
        "config",
        "configs",
        "configuration",
        "settings",
        "gitops",
        "manifests",
        "helm",
        "chart",
        "charts",
        "k8s",
        "deploy",
        "deployment",
    ];
    let (of, holds) = name.rsplit_once(['-', '_', '.'])?;
    let whole = of.rsplit('/').next().is_some_and(|n| n.len() > 2);
    // `app-config` and `cluster-config` are of everything.
    let last = of.rsplit('/').next().unwrap_or(of);
    let all = [
        "app",
        "apps",
        "all",
        "cluster",
        "common",
        "global",
        "platform",
        "infra",
        "prod",
        "production",
        "env",
        "shared",
    ];
    (HOLDS.contains(&holds) && whole && !all.contains(&last)).then_some(of)
}

/// A word that may name a service: letters first, and no word of every day.
pub(super) fn is_name(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.len() > 1
        && word.chars().all(letters)
        && !COMMON.contains(&lower.as_str())
        && !is_version(word)
        && !is_setting(word)
}

/// The name of a setting: `POOL_SIZE`.
pub(super) fn is_setting(word: &str) -> bool {
    word.contains('_')
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// What a setting may be called, and a service, a host or a file, too: `pool.max_size`, `retry_after`.
pub(super) fn is_key(word: &str) -> bool {
    const FILES: [&str; 12] = [
        "yaml",
        "yml",
        "json",
        "toml",
        "conf",
        "cfg",
        "ini",
        "properties",
        "xml",
        "log",
        "py",
        "sh",
    ];
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let last = word.rsplit('.').next().unwrap_or(word);
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.contains(['.', '_'])
        && word.ends_with(|c: char| c.is_ascii_alphanumeric())
        && word.chars().all(letters)
        && !FILES.contains(&last)
        && !is_version(word)
}

/// `4.2.0`, `v17`, `2025.03.11-2`, `9f3c2ab`, `build-5512`.
#[must_use]
pub fn is_version(word: &str) -> bool {
    const NAMED: [&str; 7] = [
        "rel-", "release-", "ver-", "version-", "rel_", "build-", "build_",
    ];
    let digits = |c: char| c.is_ascii_digit();
    let named = NAMED.iter().find_map(|p| word.strip_prefix(p));
    if named.is_some_and(|n| !n.is_empty() && n.chars().all(digits)) {
        return true;
    }
    let word = named.filter(|n| n.contains('.')).unwrap_or(word);
    let bare = word.strip_prefix(['v', 'V']).unwrap_or(word);
    let dotted = bare.starts_with(digits)
        && (bare.contains('.') || bare.len() < word.len())
        && bare
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+' | '_'))
        && !bare.ends_with(['s', '%']);
    let hash = (7..=40).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_hexdigit())
        && word.bytes().any(|b| b.is_ascii_digit())
        && word.bytes().any(|b| b.is_ascii_alphabetic());
    dotted || hash
}

#[cfg(test)]
mod tests {
    use super::of_repository;

    #[test]
    fn a_repository_of_settings_is_of_the_service_that_has_them() {
        for (name, of) in [
            ("quay-config", Some("quay")),
            ("tide-api-helm", Some("tide-api")),
            ("harbour/quay-gitops", Some("harbour/quay")),
            ("quay", None),
            ("app-config", None),
            ("quay-api", None),
            ("config", None),
        ] {
            assert_eq!(of_repository(name), of, "{name}");
        }
    }
}
