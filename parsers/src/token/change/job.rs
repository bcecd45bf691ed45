//! Jobs that are named after what they do.

use super::class;
use super::names::{is_environment, is_name, is_version};

/// What jobs are named after.
const STEMS: [&str; 8] = [
    "deploy", "release", "rollback", "restart", "rollout", "promote", "migrate", "scale",
];

/// A job that is named after what it does: `deploy-shop-prod`, `shop_deploy`.
#[derive(Clone, Copy)]
pub(super) struct Job<'a> {
    pub(super) kind: &'static str,
    pub(super) service: Option<&'a str>,
    pub(super) environment: Option<&'a str>,
}

pub(super) fn job(word: &str) -> Option<Job<'_>> {
    const JOINTS: [char; 5] = ['-', '_', '/', ':', '.'];
    let stem = |part: &str| {
        let part = part.to_ascii_lowercase();
        STEMS
            .contains(&part.as_str())
            .then(|| class(&part))
            .flatten()
    };
    // `release-12` is what was released.
    if is_version(word) {
        return None;
    }
    let (mut kind, mut environment) = (None, None);
    let mut rest = word;
    // What it does and where stand at either end, what it changes between them.
    while let (Some((first, behind)), Some((before, last))) =
        (rest.split_once(JOINTS), rest.rsplit_once(JOINTS))
    {
        let (part, left) = match (stem(first).is_some() || is_environment(first), last) {
            (true, _) => (first, behind),
            (false, last) if stem(last).is_some() || is_environment(last) => (last, before),
            _ => break,
        };
        let told = match stem(part) {
            Some(found) => kind.replace(found).is_some(),
            None => environment.replace(part).is_some(),
        };
        if told {
            break;
        }
        rest = left;
    }
    let named = |name: &&str| is_name(name) && !is_environment(name) && stem(name).is_none();
    let service = Some(rest).filter(named);
    Some(Job {
        kind: kind.or_else(|| stem(rest).filter(|_| rest.len() < word.len()))?,
        service,
        environment: environment.or_else(|| Some(rest).filter(|name| is_environment(name))),
    })
}
