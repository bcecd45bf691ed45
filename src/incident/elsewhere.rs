//! Trouble where no user is: staging and its like. It is told of and is no incident, as long as the
//! data show services where users are, too.

use super::names;
use crate::cite::{Notice, Weight};
use crate::signal::{Sign, Signal};
use crate::survey::Survey;
use recon_parsers::token::change::is_staging;

/// Parts of names for it that services where users are have, too, as `dev-portal`: they count if the rest is a
/// service itself.
const LOOSE: [&str; 8] = [
    "stage",
    "test",
    "tst",
    "testing",
    "dev",
    "development",
    "sandbox",
    "demo",
];

/// Whether a signal is of trouble where no user is.
pub(super) fn is(signal: &Signal, survey: &Survey) -> bool {
    let told = match &signal.sign {
        Sign::Alert(alert) => alert.environment.as_deref(),
        Sign::Burst(_) | Sign::Silence { .. } | Sign::Flow(_) => None,
        // People and pages speak of what they like, and changes know where they are.
        _ => return false,
    };
    let elsewhere = match told {
        Some(environment) => names_one(environment),
        None => signal
            .service
            .as_deref()
            .is_some_and(|s| is_service(s, survey)),
    };
    elsewhere && survey.services.keys().any(|s| !is_service(s, survey))
}

/// Whether what is called an environment is one without users.
fn names_one(environment: &str) -> bool {
    let word = environment.to_ascii_lowercase();
    let mut parts = word.split(|c: char| !c.is_ascii_alphanumeric());
    parts.any(|p| is_staging(p) || LOOSE.contains(&p)) || word == "non-prod"
}

/// Whether a service is by its name one without users: `stg-orders`, `orders.uat`.
fn is_service(service: &str, survey: &Survey) -> bool {
    let apart = |c: char| !c.is_ascii_alphanumeric();
    let ends = [
        service.split_once(apart),
        service.rsplit_once(apart).map(|(rest, part)| (part, rest)),
    ];
    ends.into_iter().flatten().any(|(part, rest)| {
        let part = part.to_ascii_lowercase();
        let known = || survey.services.keys().any(|s| names::same(s, rest));
        is_staging(&part) || LOOSE.contains(&part.as_str()) && known()
    })
}

/// The word in front of a service's name, or behind it, by which it is one without users: `uat` of `uat-orders`.
pub(super) fn of_service(service: &str) -> Option<&str> {
    let mut parts = service.split(|c: char| !c.is_ascii_alphanumeric());
    let ends = [parts.next(), parts.next_back()];
    ends.into_iter().flatten().find(|part| is_staging(part))
}

/// Tells of what was left out of all incidents for it.
pub(super) fn notice(signal: &Signal, survey: &Survey) -> Option<Notice> {
    let what = match &signal.sign {
        Sign::Alert(alert) => format!("The alert {} fired", alert.name),
        Sign::Burst(_) => format!("Failures of {} rose", signal.service.as_deref()?),
        _ => return None,
    };
    is(signal, survey).then(|| Notice {
        weight: Weight::Info,
        message: format!("{what} where no user is (staging, test): not taken for an incident"),
        evidence: Some(signal.evidence.clone()),
    })
}
