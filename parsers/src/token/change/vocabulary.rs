//! Words in which programs tell of changes.

/// Words that follow a beginning of something smaller than a program.
#[rustfmt::skip]
pub(super) const PARTS: &[&str] = &[
    "backup", "batch", "build", "call", "check", "checkpoint", "cleanup", "compaction", "consumer", "cron",
    "cycle", "download", "export", "game", "garbage", "gc", "handler", "health", "import", "index", "indexing",
    "ingest", "iteration", "job", "jobs", "loop", "match", "migration", "operation", "phase", "ping",
    "pipeline", "playback", "poll", "polling", "probe", "process", "processing", "query", "rebalance",
    "recovery", "refresh", "replay", "replication", "request", "retry", "ride", "round", "run", "scan",
    "scheduler", "scrape", "search", "session", "snapshot", "span", "stage", "step", "stream", "sync",
    "synchronization", "task", "tasks", "test", "tests", "thread", "timer", "trace", "transaction", "transfer",
    "trip", "update", "upload", "vacuum", "with", "work", "workflow",
];
#[rustfmt::skip]
pub(super) const STARTS: &[&str] = &[
    "starting", "started", "booting", "booted", "launching", "launched", "restarting", "restarted",
    "initializing", "initialising", "initialized", "initialised", "running",
];
/// What stands for the program itself.
#[rustfmt::skip]
pub(super) const WHOLES: &[&str] = &[
    "app", "application", "daemon", "instance", "microservice", "node", "program", "server", "service",
    "startup",
];
/// Words behind which a version stands.
#[rustfmt::skip]
pub(super) const VERSIONS: &[&str] = &[
    "version", "build", "release", "revision", "commit", "tag", "image", "ver", "rev",
];
/// Words that say that nothing was changed, or not yet.
#[rustfmt::skip]
pub(super) const DENIALS: &[&str] = &[
    "cannot", "could", "denied", "disabled?", "error", "errors", "fail", "failed", "failing", "failure", "if",
    "ignored", "ignoring", "invalid", "missing", "no", "not", "nothing", "refused", "rejected", "retry",
    "retrying", "skip", "skipped", "skipping", "unable", "unchanged", "unsupported", "waiting", "when", "will",
    "would",
];
#[rustfmt::skip]
pub(super) const READS: &[&str] = &[
    "reloaded", "re-read", "reread", "refreshed", "updated", "applied", "changed", "loaded", "replaced",
    "activated", "installed", "renewed", "rotated", "modified", "set",
];
#[rustfmt::skip]
pub(super) const SETTINGS: &[&str] = &[
    "config", "configs", "configuration", "configurations", "settings", "setting", "properties", "parameter",
    "parameters",
];
#[rustfmt::skip]
pub(super) const CERTIFICATES: &[&str] = &[
    "certificate", "certificates", "cert", "certs", "keystore", "truststore", "keypair",
];
#[rustfmt::skip]
pub(super) const SECRETS: &[&str] = &[
    "secret", "secrets", "credential", "credentials", "password", "passwords",
];
#[rustfmt::skip]
pub(super) const FLAGS: &[&str] = &[
    "flag", "feature", "toggle", "feature-flag", "featureflag", "killswitch", "kill-switch", "experiment",
];
#[rustfmt::skip]
pub(super) const SWITCHES: &[&str] = &[
    "set", "turned", "switched", "enabled", "disabled", "flipped", "toggled", "on", "off", "activated",
    "deactivated",
];
/// Words that tell of one user's share of a flag.
#[rustfmt::skip]
pub(super) const EACH: &[&str] = &[
    "user", "users", "account", "session", "request", "customer", "tenant", "client",
];
