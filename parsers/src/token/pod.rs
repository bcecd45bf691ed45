//! Whose a pod is: the workload in its name, and where its output lies.

use super::change::{is_environment, is_staging};

/// The workload that a pod belongs to: its name without what Kubernetes appends, which is the
/// template's hash and five characters, five characters, or a number.
#[must_use]
pub fn workload(pod: &str) -> &str {
    let Some((rest, last)) = pod.rsplit_once('-') else {
        return pod;
    };
    if last.bytes().all(|b| b.is_ascii_digit()) && last.len() <= 3 && !last.is_empty() {
        return rest;
    }
    if let Some(name) = made_up(rest, last) {
        return name;
    }
    if last.len() != 5 || !drawn(last) {
        return pod;
    }
    match rest.rsplit_once('-') {
        Some((name, hash)) if is_hash(hash) => name,
        _ => rest,
    }
}

/// The workload of a pod whose name has both the hash of its template and what tells it from its
/// siblings, which hardly anything else has.
#[must_use]
pub fn replica(pod: &str) -> Option<&str> {
    let (rest, last) = pod.rsplit_once('-')?;
    if let Some(name) = made_up(rest, last) {
        return Some(name);
    }
    let (name, hash) = rest.rsplit_once('-')?;
    (last.len() == 5 && drawn(last) && is_hash(hash) && !name.is_empty()).then_some(name)
}

/// The same where both hashes are of hexadecimal digits, as other schedulers and people's own scripts draw them: dates and numbers
/// are none.
fn made_up<'p>(rest: &'p str, last: &str) -> Option<&'p str> {
    let (name, hash) = rest.rsplit_once('-')?;
    let mixed = |part: &str| {
        let digits = part.bytes().any(|b| b.is_ascii_digit());
        is_hex(part) && digits && part.bytes().any(|b| b.is_ascii_alphabetic())
    };
    let long = (5..=6).contains(&last.len()) && (7..=10).contains(&hash.len());
    (long && mixed(last) && mixed(hash) && !name.is_empty()).then_some(name)
}

/// Kubernetes draws from these only, so that no words come about.
fn drawn(part: &str) -> bool {
    part.bytes()
        .all(|b| b"bcdfghjklmnpqrstvwxz2456789".contains(&b))
}

/// The hash of a template: a number that is written in those letters, or in older clusters in digits, or what
/// people make up for one. A short one has to be of those letters.
pub(crate) fn is_hash(part: &str) -> bool {
    let hash_like = part.bytes().any(|b| b.is_ascii_digit())
        && part
            .bytes()
            .all(|b| b.is_ascii_digit() || b.is_ascii_lowercase());
    match part.len() {
        5 => hash_like && (drawn(part) || is_hex(part)),
        6..=10 => hash_like,
        _ => false,
    }
}

/// Whether a word is of hexadecimal digits alone.
fn is_hex(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Digits of an id that nobody takes for a word: Docker shortens ids to twelve.
const ID: usize = 12;

/// Whether a word is the id of a container or the like.
#[must_use]
pub fn is_id(word: &str) -> bool {
    word.len() >= ID && is_hex(word) && word.bytes().any(|b| b.is_ascii_digit())
}

/// Where the output of a container comes from, by the name of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source<'n> {
    /// The workload that the pod belongs to.
    pub workload: &'n str,
    /// The pod's namespace, where the name tells.
    pub namespace: Option<&'n str>,
    /// The container within the pod, where the name tells.
    pub container: Option<&'n str>,
}

impl<'n> Source<'n> {
    /// The service of the container: the workload, unless that only adds to the container's name
    /// where it is deployed or how, as `ledger-green` to `ledger`.
    #[must_use]
    pub fn service(&self) -> &'n str {
        match self.container {
            Some(inner) if !is_common(inner) && within(self.workload, inner) => inner,
            _ => self.workload,
        }
    }
}

/// Whether a name is part of a longer one, at its words' bounds. One word at the end may only say of what kind
/// it is, as `db` of `shop-db`.
fn within(long: &str, short: &str) -> bool {
    let rest = |rest: &str| rest.is_empty() || rest.starts_with('-') || rest.ends_with('-');
    let ends = short.contains('-') && long.strip_suffix(short).is_some_and(rest);
    ends || long.strip_prefix(short).is_some_and(rest)
}

/// Names of containers that many workloads have.
fn is_common(container: &str) -> bool {
    const COMMON: [&str; 22] = [
        "agent",
        "api",
        "app",
        "application",
        "backend",
        "consumer",
        "container",
        "core",
        "cron",
        "frontend",
        "gateway",
        "http",
        "job",
        "main",
        "nginx",
        "proxy",
        "scheduler",
        "server",
        "service",
        "sidecar",
        "web",
        "worker",
    ];
    COMMON.contains(&container)
}

/// Reads the path of a file without its endings: of a node's `/var/log/containers`
/// (`<pod>_<namespace>_<container>-<id>`), of `/var/log/pods` (`<namespace>_<pod>_<uid>/<container>/0`), and what people
/// call what they copy from there.
#[must_use]
pub fn source(path: &str) -> Option<Source<'_>> {
    let mut parts = path.rsplit('/');
    let (file, folder, above) = (parts.next()?, parts.next(), parts.next());
    if let Some((workload, namespace)) = above.and_then(of_pods) {
        return Some(told(workload, Some(namespace), folder));
    }
    if let Some((workload, namespace)) = folder.and_then(of_pods) {
        let container = file.split('_').next().filter(|c| !is_number(c));
        return Some(told(workload, Some(namespace), container));
    }
    of_file(file)
}

/// The word of a namespace's name by which it is an environment: `staging`, `till-uat`, `prod`.
#[must_use]
pub fn environment(namespace: &str) -> Option<&str> {
    if is_environment(namespace) {
        return Some(namespace);
    }
    // `demo-desk` is a team's, but nobody is called staging.
    let mut words = namespace.split(['-', '_', '.']);
    words.find(|w| is_staging(w))
}

/// What runs in a namespace, by the name that tells it from what users have: `staging-till`.
#[must_use]
pub fn within_namespace(workload: &str, namespace: &str) -> Option<String> {
    let word = environment(namespace)?;
    let lower = word.to_ascii_lowercase();
    let used = ["live", "prd", "prod", "production", "canary"].contains(&lower.as_str());
    (!used).then(|| format!("{lower}-{workload}"))
}

fn told<'n>(
    workload: &'n str,
    namespace: Option<&'n str>,
    container: Option<&'n str>,
) -> Source<'n> {
    Source {
        workload,
        namespace,
        container,
    }
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

/// Workload and namespace of `<namespace>_<pod>_<uid>`.
fn of_pods(folder: &str) -> Option<(&str, &str)> {
    let mut words = folder.split('_');
    let (namespace, pod, uid) = (words.next()?, words.next()?, words.next()?);
    (words.next().is_none() && is_uid(uid) && is_label(namespace))
        .then(|| (workload(pod), namespace))
}

/// The id of a pod: with hyphens, or without as a static pod's.
fn is_uid(word: &str) -> bool {
    let hex = |w: &str| w.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    matches!(word.len(), 32 | 36) && hex(word)
}

/// What may be called a namespace.
fn is_label(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn of_file(file: &str) -> Option<Source<'_>> {
    let words: Vec<&str> = file.split(['_', '.']).collect();
    match *words.as_slice() {
        [namespace, pod, uid, ref rest @ ..] if is_uid(uid) && is_label(namespace) => {
            let container = rest.first().copied().filter(|c| !is_number(c));
            Some(told(workload(pod), Some(namespace), container))
        }
        [pod, namespace, last]
            if is_label(namespace) && (has_id(last) || replica(pod).is_some()) =>
        {
            Some(told(workload(pod), Some(namespace), Some(without_id(last))))
        }
        [namespace, pod, container] if is_label(namespace) => {
            let owner = replica(pod)?;
            Some(told(owner, Some(namespace), Some(without_id(container))))
        }
        [pod, container] if replica(pod).is_some() => {
            Some(told(workload(pod), None, Some(without_id(container))))
        }
        [namespace, pod] if is_label(namespace) => Some(told(replica(pod)?, Some(namespace), None)),
        [pod] => alone(pod),
        _ => None,
    }
}

/// A pod's name, perhaps with its container's behind it: `till-7c5d8f9b6-qx7zn-main`.
fn alone(name: &str) -> Option<Source<'_>> {
    let ends = name.match_indices('-').map(|(at, _)| at);
    let mut ends = ends.chain([name.len()]);
    ends.find_map(|end| {
        let owner = replica(name.get(..end)?)?;
        let container = name.get(end + 1..).filter(|c| !c.is_empty());
        Some(told(owner, None, container.map(without_id)))
    })
}

fn has_id(container: &str) -> bool {
    container.rsplit_once('-').is_some_and(|(_, id)| is_id(id))
}

fn without_id(container: &str) -> &str {
    match container.rsplit_once('-') {
        Some((name, id)) if is_id(id) => name,
        _ => container,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_id, source, within_namespace, workload};

    #[test]
    fn pods_belong_to_workloads() {
        for (pod, expected) in [
            ("checkout-service-687d654649-lrcwv", "checkout-service"),
            ("till-6f7c9-zq4bn", "till"),
            ("postgres-0", "postgres"),
            ("node-exporter-x7k2p", "node-exporter"),
            ("identity", "identity"),
            ("mail-queue", "mail-queue"),
            ("home-till-7c5d8f9b-a0e4c", "home-till"),
            ("till-20240119-12345", "till-20240119-12345"),
        ] {
            assert_eq!(workload(pod), expected);
        }
    }

    #[test]
    fn files_of_containers_tell_whose_they_are() {
        let id = "0b7e41c9d2a85f3360b7e41c9d2a85f3360b7e41c9d2a85f3360b7e41c9d2a85";
        let uid = "1f0c5a52-7d1b-4a86-9a53-0c1d7e9b2f44";
        for (path, service, namespace) in [
            (
                format!("/var/log/containers/till-7c5d8f9b6-qx7zn_shop_till-{id}"),
                "till",
                Some("shop"),
            ),
            (
                format!("till-db-0_shop_postgres-{id}"),
                "till-db",
                Some("shop"),
            ),
            (
                "till-7c5d8f9b6-qx7zn_uat_till".to_owned(),
                "till",
                Some("uat"),
            ),
            (
                "till-7c5d8f9b6-qx7zn_shop_istio-proxy".to_owned(),
                "till",
                Some("shop"),
            ),
            (
                "till-feed-green-7c5d8f9b6-qx7zn_shop_till-feed".to_owned(),
                "till-feed",
                Some("shop"),
            ),
            (
                format!("/var/log/pods/shop_till-7c5d8f9b6-qx7zn_{uid}/web/0"),
                "till",
                Some("shop"),
            ),
            (
                format!("pods/shop_till-db-1_{uid}/db_0"),
                "till-db",
                Some("shop"),
            ),
            (
                format!("shop_till-db-1_{uid}_db_0"),
                "till-db",
                Some("shop"),
            ),
            (
                "shop_till-7c5d8f9b6-qx7zn_web".to_owned(),
                "till",
                Some("shop"),
            ),
            ("till-7c5d8f9b6-qx7zn".to_owned(), "till", None),
            ("till-7c5d8f9b6-qx7zn-worker".to_owned(), "till", None),
            ("till-7c5d8f9b6-qx7zn.till".to_owned(), "till", None),
        ] {
            let found = source(&path).map(|s| (s.service(), s.namespace));
            assert_eq!(found, Some((service, namespace)), "{path}");
        }
    }

    #[test]
    fn other_names_are_no_pods() {
        for path in [
            "till",
            "till-7",
            "order_desk_out",
            "till-2024_shop_out",
            "prod_till-edge",
            "a_b_c_d",
            "in/till-app",
            "0",
            "till-beats_prod",
            "mail-queue",
        ] {
            assert_eq!(source(path), None, "{path}");
        }
    }

    #[test]
    fn namespaces_may_be_environments() {
        for (namespace, name) in [
            ("staging", Some("staging-till")),
            ("shop-uat", Some("uat-till")),
            ("test", Some("test-till")),
            ("prod", None),
            ("shop", None),
            ("test-drive", None),
        ] {
            let found = within_namespace("till", namespace);
            assert_eq!(found.as_deref(), name, "{namespace}");
        }
    }

    #[test]
    fn ids_are_long_and_of_hexadecimal_digits() {
        assert!(is_id("5f1e07c2ab9d"));
        for word in ["facade", "defacedfaced", "till-5f1e07c2ab9d", "20240119"] {
            assert!(!is_id(word), "{word}");
        }
    }
}
