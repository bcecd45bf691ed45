//! Whether two names mean one service: `Identity (production)`, `identity`, `identity-service`.

/// Words that say what a thing is, not which.
const GENERIC: [&str; 17] = [
    "service",
    "services",
    "svc",
    "server",
    "servers",
    "api",
    "app",
    "production",
    "prod",
    "live",
    "the",
    "cluster",
    "platform",
    "system",
    "deployment",
    "pod",
    "team",
];

/// The words that tell one service from another.
fn words(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    let all = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(|w| singular(w).to_owned());
    let telling: Vec<String> = all
        .clone()
        .filter(|w| !GENERIC.contains(&w.as_str()))
        .collect();
    if telling.is_empty() {
        all.collect()
    } else {
        telling
    }
}

/// `accounts` and `/account` are one thing.
fn singular(word: &str) -> &str {
    let plain = word.strip_suffix('s').filter(|w| {
        w.len() > 3
            && !w.ends_with(['s', 'u', 'i'])
            && word.bytes().all(|b| b.is_ascii_alphabetic())
    });
    plain.unwrap_or(word)
}

/// Whether both names mean one service.
#[must_use]
pub(super) fn same(a: &str, b: &str) -> bool {
    let (a, b) = (words(a), words(b));
    !a.is_empty() && a == b
}

/// Digits (four) of the shortest number that is one of many things: "parcel 48211" is no word of the service `parcel`.
const NUMBERED: usize = 4;

/// A text without the ports of its addresses: `parcel:8443` is one service, not the many-th parcel.
fn without_ports(text: &str) -> String {
    let digit = |c: char| c.is_ascii_digit();
    let parts = text.split(':').enumerate().map(|(n, part)| match n {
        0 => part,
        _ => part.trim_start_matches(digit),
    });
    parts.collect::<Vec<_>>().join(":")
}

/// Whether a text names the service.
#[must_use]
pub(super) fn mentions(text: &str, service: &str) -> bool {
    let (text, service) = (words(&without_ports(text)), words(service));
    let is_number = |w: &String| w.len() >= NUMBERED && w.bytes().all(|b| b.is_ascii_digit());
    let mut found = text.windows(service.len().max(1)).enumerate();
    !service.is_empty()
        && found.any(|(at, w)| {
            let counted = service.len() == 1 && text.get(at + 1).is_some_and(is_number);
            w == service && !counted
        })
}

/// The services that a text names. A name within a longer one is not meant: `basket-redis` is no `basket`.
#[must_use]
pub(super) fn mentioned<'n>(text: &str, services: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let named: Vec<&str> = services.filter(|s| mentions(text, s)).collect();
    let within = |short: &str, long: &str| {
        let (short, long) = (words(short), words(long));
        short.len() < long.len() && long.windows(short.len()).any(|w| w == short)
    };
    let is_part = |s: &&str| named.iter().any(|other| within(s, other));
    named.iter().filter(|s| !is_part(s)).copied().collect()
}

/// Words that name a store of data.
#[rustfmt::skip]
const STORES: [&str; 24] = [
    "cassandra", "clickhouse", "cockroach", "database", "db", "elastic", "elasticsearch", "etcd", "kafka", "mariadb",
    "memcached", "minio", "mongo", "mongodb", "mssql", "mysql", "opensearch", "oracle", "pg", "postgre", "postgres",
    "postgresql", "rabbitmq", "redis",
];

/// Whether a service stores data for others, by its name.
#[must_use]
pub(super) fn is_store(name: &str) -> bool {
    words(name).iter().any(|w| {
        let letters = w.trim_end_matches(|c: char| c.is_ascii_digit());
        STORES.contains(&w.as_str()) || STORES.contains(&letters)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_service_has_many_spellings() {
        assert!(same("Identity (production)", "identity"));
        assert!(same("auth-service", "auth"));
        assert!(same("accounts", "account"));
        assert!(!same("redis", "redi"));
        assert!(!same("auth", "billing"));
        assert!(!same("auth-db", "auth"));
        assert!(mentions(
            "[FIRING] AuthErrorRateHigh identity",
            "identity-service"
        ));
        assert!(!mentions("identities are fine", "identity"));
        assert!(!mentions("gave up on parcel 48211", "parcel-api"));
        assert!(mentions("parcel 503, depot 200", "parcel-api"));
        assert!(mentions("connection refused: parcel:8443", "parcel-api"));
    }

    #[test]
    fn a_name_within_a_longer_one_is_not_meant() {
        let all = ["kiln", "kiln-mysql", "press"];
        let named = |text: &str| mentioned(text, all.into_iter());
        assert_eq!(named("error talking to kiln-mysql"), ["kiln-mysql"]);
        assert_eq!(named("kiln cannot reach the press"), ["kiln", "press"]);
    }
}
