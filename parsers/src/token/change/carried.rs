//! Names that carry what is changed and where: `shop-prod`, `/production/shop/pool_size`.

use super::names::{is_environment, is_name};

/// The words for environments that a name may carry. Others may be part of a service's own name: `load-test`.
const CARRIED: [&str; 10] = [
    "dev",
    "development",
    "preprod",
    "prd",
    "prod",
    "production",
    "qa",
    "staging",
    "stg",
    "uat",
];

/// What a path to a setting has in it that names no service.
#[rustfmt::skip]
const KEPT: [&str; 32] = [
    "api", "app", "application", "apps", "cache", "common", "config", "configs", "configuration", "credentials", "database",
    "datasource", "db", "env", "feature", "features", "flags", "global", "limits", "logging", "param", "parameters",
    "params", "properties", "redis", "secret", "secrets", "service", "services", "settings", "shared", "spring",
];

/// `shop-prod`: what there is one of for each environment is named after both. The name without the environment,
/// and the environment.
#[must_use]
pub fn parted(name: &str) -> (&str, Option<&str>) {
    let apart = ['-', '_', '.', ' '];
    let behind = name.rsplit_once(apart);
    let before = name
        .split_once(apart)
        .map(|(first, service)| (service, first));
    let carried = |word: &str| CARRIED.iter().any(|c| c.eq_ignore_ascii_case(word));
    // Behind a name it is one, in front it may be of a theatre: `stage-manager`.
    let stage = behind.filter(|(_, e)| e.eq_ignore_ascii_case("stage"));
    let found = behind.into_iter().chain(before);
    let found = stage.into_iter().chain(found.filter(|(_, e)| carried(e)));
    let mut found = found.filter(|(s, _)| !s.is_empty());
    found.next().map_or((name, None), |(s, e)| (s, Some(e)))
}

/// The environment that a name is, carries, or has anywhere in it where nobody is called so: `production`,
/// `shop-prod`, `DeployStagingWest`.
#[must_use]
pub fn environment_of(name: &str) -> Option<&str> {
    if is_environment(name) {
        return Some(name);
    }
    parted(name).1.or_else(|| {
        let words = name.split(|c: char| !c.is_ascii_alphanumeric());
        let mut humps = words.flat_map(humps);
        humps.find(|w| CARRIED.iter().any(|c| c.eq_ignore_ascii_case(w)))
    })
}

/// `DeployToStaging` in its parts.
fn humps(word: &str) -> impl Iterator<Item = &str> {
    let bytes = word.as_bytes();
    let starts = |n: usize| {
        let at = |n: usize| bytes.get(n).copied().unwrap_or_default();
        n == 0 || at(n).is_ascii_uppercase() && at(n - 1).is_ascii_lowercase()
    };
    let begins: Vec<usize> = (0..bytes.len()).filter(|n| starts(*n)).collect();
    let ends: Vec<usize> = begins.iter().skip(1).copied().chain([word.len()]).collect();
    begins
        .into_iter()
        .zip(ends)
        .filter_map(|(from, to)| word.get(from..to))
}

/// Whose setting, parameter or secret it is that stands under a path, and where:
/// `/production/shop/pool_size`, `/shop/prod/db/url`, Spring's `/config/shop_prod/pool.size`.
#[must_use]
pub fn of_path(path: &str) -> (Option<&str>, Option<&str>) {
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    let at = parts.iter().position(|p| is_environment(p));
    let told = |n: usize| {
        let part = parts.get(n)?;
        // The last part is the setting itself.
        let (name, _) = parted(part);
        let own = !KEPT.iter().any(|k| k.eq_ignore_ascii_case(name));
        (n + 1 < parts.len() && own && is_name(name) && !is_environment(name)).then_some(name)
    };
    let behind = at.and_then(|at| told(at + 1));
    let service = behind.or_else(|| (0..parts.len()).find_map(told));
    let place = at.and_then(|at| parts.get(at).copied());
    let carried = || parts.iter().find_map(|p| parted(p).1);
    (service, place.or_else(carried))
}

#[cfg(test)]
mod tests {
    use super::{environment_of, of_path, parted};

    #[test]
    fn names_carry_where_they_are() {
        for (name, service, place) in [
            ("shop-prod", "shop", Some("prod")),
            ("staging-shop", "shop", Some("staging")),
            ("Shop_Production", "Shop", Some("Production")),
            ("shop-stage", "shop", Some("stage")),
            ("stage-manager", "stage-manager", None),
            ("load-test", "load-test", None),
            ("production", "production", None),
            ("shop", "shop", None),
        ] {
            assert_eq!(parted(name), (service, place), "{name}");
        }
        for (name, place) in [
            ("staging", Some("staging")),
            ("live", Some("live")),
            ("DeployStagingWest", Some("Staging")),
            ("Prod", Some("Prod")),
            ("prod-fleet", Some("prod")),
            ("shop-live", None),
            ("product-shop", None),
            ("Reproduce", None),
            ("blue", None),
        ] {
            assert_eq!(environment_of(name), place, "{name}");
        }
    }

    #[test]
    fn a_setting_is_of_the_service_in_its_path() {
        for (path, told) in [
            (
                "/production/quay-batch/settings",
                (Some("quay-batch"), Some("production")),
            ),
            ("/quay/prod/db/pool_size", (Some("quay"), Some("prod"))),
            ("/harbour/prod/quay/POOL_SIZE", (Some("quay"), Some("prod"))),
            ("/config/quay_prod/pool.size", (Some("quay"), Some("prod"))),
            ("uat/quay-api/db-password", (Some("quay-api"), Some("uat"))),
            ("/quay/pool_size", (Some("quay"), None)),
            ("/pool_size", (None, None)),
            ("pool_size", (None, None)),
            ("/prod/pool_size", (None, Some("prod"))),
        ] {
            assert_eq!(of_path(path), told, "{path}");
        }
    }
}
