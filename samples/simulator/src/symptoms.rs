//! What programs say: on any day, of a good request, and while something is broken.

use crate::episode::{Episode, Fault, Hit};
use crate::traffic::Request;
use crate::world::World;
use recon_samples::rng::Rng;
use recon_samples::time::Time;

/// How bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Business as usual.
    Info,
    /// Odd.
    Warn,
    /// Failed.
    Error,
}

/// One entry of a program's log.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When.
    pub at: Time,
    /// How bad.
    pub level: Level,
    /// Logger.
    pub logger: &'static str,
    /// The words.
    pub text: String,
    /// Further members: the request's id, the user, the answer.
    pub pairs: Vec<(&'static str, String)>,
}

const DAILY: [(Level, &str, &str); 14] = [
    (
        Level::Info,
        "scheduler",
        "housekeeping done, {n} rows touched",
    ),
    (Level::Info, "pool", "pool in use {s} of 40"),
    (Level::Info, "metrics", "flushed {n} samples"),
    (Level::Info, "cache", "evicted {n} keys"),
    (Level::Info, "config", "settings re-read, nothing new"),
    (Level::Info, "worker", "batch {n} finished in {n} ms"),
    (Level::Warn, "http", "slow answer from a peer: {n} ms"),
    (
        Level::Warn,
        "limiter",
        "client over its quota, {s} calls dropped",
    ),
    (Level::Warn, "gc", "pause of {n} ms"),
    (Level::Error, "mailer", "mail bounced, mailbox {n} unknown"),
    (
        Level::Error,
        "importer",
        "row {n} of the nightly import is malformed, skipped",
    ),
    (Level::Info, "session", "expired {s} sessions"),
    (
        Level::Warn,
        "codec",
        "unknown field in message {n}, ignored",
    ),
    (Level::Info, "queue", "depth {s}"),
];
const STORE_DAILY: [(Level, &str, &str); 6] = [
    (
        Level::Info,
        "checkpointer",
        "checkpoint complete, {n} pages written",
    ),
    (Level::Info, "vacuum", "table sweep finished in {n} ms"),
    (Level::Info, "net", "connection authorized for app_{s}"),
    (Level::Warn, "planner", "statement took {n} ms"),
    (Level::Info, "replication", "standby is {s} ms behind"),
    (Level::Error, "session", "statement cancelled by its client"),
];

fn fill(rng: &mut Rng, text: &str) -> String {
    let text = text.replace("{n}", &rng.between(20, 900).to_string());
    text.replace("{s}", &rng.between(1, 30).to_string())
}

/// The log of a service, in no order.
#[must_use]
pub fn log(
    rng: &Rng,
    world: &World,
    episodes: &[Episode],
    requests: &[Request],
    service: usize,
) -> Vec<Entry> {
    let mut rng = rng.fork(&format!("log {}", world.name(service)));
    let mut entries = daily(&mut rng, world, service);
    let own = &world.services[service];
    for request in requests.iter().filter(|r| r.route.0 == service) {
        let failed = request
            .hit
            .and_then(|n| episodes.get(n))
            .filter(|_| request.status >= 400);
        match failed {
            Some(e) => entries.extend(complaint(&mut rng, world, e, request, service)),
            None if rng.chance(own.talkative) => entries.push(served(&mut rng, world, request)),
            None => {}
        }
    }
    for e in episodes {
        if e.culprit == service {
            entries.extend(confession(&mut rng, world, e));
        }
    }
    // What is down says nothing.
    let silent = |at: Time| {
        episodes
            .iter()
            .any(|e| e.culprit == service && e.hurts(at) && (e.fault == Fault::Crash || is_dead(e)))
    };
    entries.retain(|e| !silent(e.at) || e.logger == "init");
    for entry in &mut entries {
        entry.at = Time(entry.at.0 + own.skew);
    }
    entries
}

/// Half of the databases that fail say nothing at all.
fn is_dead(e: &Episode) -> bool {
    matches!(e.fault, Fault::Store) && e.from().0 % 2 == 0
}

fn daily(rng: &mut Rng, world: &World, service: usize) -> Vec<Entry> {
    let store = world.services[service].store;
    let seconds = world.span.1.since(world.span.0) / 1_000_000;
    let every = rng.between(6, 40);
    let mut entries = Vec::new();
    let mut at = rng.between(0, every);
    while at < seconds {
        let lines: &[(Level, &str, &str)] = if store { &STORE_DAILY } else { &DAILY };
        // Errors are rare on any day.
        let &(level, logger, text) = rng.weigh(lines, |l| match l.0 {
            Level::Info => 60,
            Level::Warn => 8,
            Level::Error => 1,
        });
        entries.push(Entry {
            at: world.span.0.plus_s(at).plus_ms(rng.between(0, 999)),
            level,
            logger,
            text: fill(rng, text),
            pairs: vec![],
        });
        at += rng.between(1, every * 2);
    }
    entries
}

fn served(rng: &mut Rng, world: &World, request: &Request) -> Entry {
    let route = &world.services[request.route.0].routes[request.route.1];
    let text = match rng.between(0, 2) {
        0 => format!(
            "served {} in {} ms",
            route.path.replace('#', "one"),
            request.ms
        ),
        1 => "request done".to_owned(),
        _ => format!("{} answered with {}", route.method, request.status),
    };
    Entry {
        at: request.at,
        level: Level::Info,
        logger: "http",
        text,
        pairs: about(world, request),
    }
}

fn about(world: &World, request: &Request) -> Vec<(&'static str, String)> {
    vec![
        ("request_id", request.id.clone()),
        ("user", world.users[request.user].id.clone()),
    ]
}

/// What a service says of a request that failed in it or behind it.
fn complaint(
    rng: &mut Rng,
    world: &World,
    e: &Episode,
    request: &Request,
    service: usize,
) -> Option<Entry> {
    let culprit = world.name(e.culprit);
    let text = if e.culprit == service {
        let bug = e.cause.as_ref().map_or(0, |c| c.version.len());
        match e.fault {
            Fault::Deploy => [
                "cannot read property 'tenant' of undefined",
                "unexpected null in price list",
                "IndexOutOfBoundsException: index 3, size 3",
                "template rendering failed: missing key region",
                "panic recovered: assignment to entry in nil map",
            ][bug % 5]
                .to_owned(),
            Fault::Config => [
                "upstream host is not configured",
                "secret for audience default is not valid",
                "feature set is empty, refusing",
            ][bug % 3]
                .to_owned(),
            Fault::Pool => format!(
                "no free connection after {} ms, 40 in use",
                2_000 + rng.between(0, 900)
            ),
            _ => return None,
        }
    } else {
        match e.fault {
            Fault::Certificate => format!(
                "call to https://{culprit}.internal failed: x509: certificate has expired or is not yet valid"
            ),
            Fault::Store => format!("could not connect to {culprit}: connection refused"),
            _ => format!("call to {culprit} failed with {}", *rng.pick(&[500, 503])),
        }
    };
    // Not every failure is told; most are.
    rng.chance(850).then(|| Entry {
        at: request.at.plus_ms(-rng.between(0, 3)),
        level: if rng.chance(60) {
            Level::Warn
        } else {
            Level::Error
        },
        logger: if e.culprit == service {
            "handler"
        } else {
            "client"
        },
        text,
        pairs: about(world, request),
    })
}

/// What the service at fault says of itself, besides of requests.
fn confession(rng: &mut Rng, world: &World, e: &Episode) -> Vec<Entry> {
    let mut entries = Vec::new();
    let public = e.culprit < world.public;
    for &(from, to) in &e.windows {
        let mut at = from.plus_ms(rng.between(50, 900));
        let mut first = true;
        while at < to {
            let line = line_of(rng, e, public, first);
            if let Some((level, logger, text, pause)) = line {
                entries.push(Entry {
                    at,
                    level,
                    logger,
                    text,
                    pairs: vec![],
                });
                at = at.plus_s(pause).plus_ms(rng.between(0, 999));
            } else {
                break;
            }
            first = false;
        }
    }
    entries.retain(|e| e.at < world.span.1);
    entries
}

fn line_of(
    rng: &mut Rng,
    e: &Episode,
    public: bool,
    first: bool,
) -> Option<(Level, &'static str, String, i64)> {
    let line = match (e.hit, e.fault) {
        (Hit::Slow(..), _) => (
            Level::Warn,
            "db",
            format!("statement took {} ms", rng.between(2_000, 9_000)),
            rng.between(20, 90),
        ),
        (_, Fault::Crash) if first => (
            Level::Error,
            "init",
            "java.lang.OutOfMemoryError: Java heap space".to_owned(),
            rng.between(40, 90),
        ),
        (_, Fault::Crash) => (
            Level::Info,
            "init",
            "starting up, reading settings".to_owned(),
            rng.between(300, 600),
        ),
        (_, Fault::Store) => (
            Level::Error,
            "net",
            "remaining connection slots are reserved".to_owned(),
            rng.between(2, 15),
        ),
        (_, Fault::Certificate) => (
            Level::Warn,
            "tls",
            "handshake failed: remote error: tls: expired certificate".to_owned(),
            rng.between(5, 25),
        ),
        (_, Fault::Pool) => (
            Level::Warn,
            "pool",
            format!("waiting callers: {}", rng.between(20, 90)),
            rng.between(15, 40),
        ),
        (_, Fault::Deploy) if !public => (
            Level::Error,
            "handler",
            "cannot decode reply: field rate is missing".to_owned(),
            rng.between(1, 8),
        ),
        (_, Fault::Config) if !public => (
            Level::Error,
            "handler",
            "no rule matches, refusing".to_owned(),
            rng.between(1, 8),
        ),
        _ => return None,
    };
    Some(line)
}
