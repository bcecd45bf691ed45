//! The product as it is in January 2024, when nothing is wrong: what the story of the
//! misconfiguration and the quiet day have in common.

use super::{PAGES, PUBLIC, route};
use crate::format::{Program, nginx};
use crate::rng::Rng;
use crate::time::{Time, Zone};
use crate::traffic::{Request, Route, Site};
use crate::voice::{Entry, Line, chatter, echo, error, info, warn};

pub(super) const OPERATION: [Route; 3] = [
    route(8, "POST", "/login", 200, (412, 530), (45, 310)),
    route(4, "POST", "/session/refresh", 200, (390, 402), (12, 110)),
    route(
        3,
        "GET",
        "/account/security",
        200,
        (2_100, 4_400),
        (25, 260),
    ),
];

pub(super) const SITE: Site = Site {
    prefix: "u",
    population: 900,
    visits_per_hour: 128,
    operation: &OPERATION,
    pages: &PAGES,
    public: &PUBLIC,
    public_per_hour: 90,
    typos_per_hour: 3,
    health_every_s: 45,
};

pub(super) const EDGE: nginx::Style = nginx::Style {
    zone: Zone::UTC,
    user_column: false,
    user: "user",
    id: "request_id",
    site: "app.larkfield.example",
};

pub(super) const IDENTITY: Program = Program {
    name: "identity",
    host: "identity-7c9f4-x2lqp",
    pid: 1,
    zone: Zone::UTC,
};

pub(super) const DATABASE: Program = Program {
    name: "postgres",
    host: "db-users-1",
    pid: 2_210,
    zone: Zone::UTC,
};

pub(super) const BILLING_PROGRAM: Program = Program {
    name: "billing",
    host: "billing-1",
    pid: 77,
    zone: Zone::UTC,
};

/// What the identity service says on any day.
pub(super) const IDENTITY_DAILY: [Line; 8] = [
    info(
        30,
        "sessions.reaper",
        "expired {2..60} sessions in {4..40} ms",
    ),
    info(
        20,
        "http.pool",
        "pool stats: open={6..18} idle={2..9} waiting=0",
    ),
    info(
        6,
        "keys.rotation",
        "signing key set checked, next rotation in {2..71} h",
    ),
    info(6, "metrics.push", "pushed {180..260} series"),
    warn(
        5,
        "ratelimit",
        "client {ip} throttled: {31..60} attempts in 60 s",
    ),
    warn(
        3,
        "mail.sender",
        "confirmation mail deferred by remote host, retry in {30..300} s",
    ),
    error(
        2,
        "mail.sender",
        "giving up on confirmation mail {#10}: mailbox unavailable",
    ),
    error(1, "geoip", "lookup failed for {ip}: no such record"),
];

pub(super) const IDENTITY_OK: [Line; 3] = [
    info(5, "auth.login", "login ok in {took} ms"),
    info(
        2,
        "auth.session",
        "session issued, permissions resolved in {2..30} ms",
    ),
    info(1, "auth.login", "login ok, second factor remembered"),
];

/// What the database says on any day.
pub(super) const DATABASE_DAILY: [Line; 6] = [
    info(12, "", "checkpoint starting: time"),
    info(
        12,
        "",
        "checkpoint complete: wrote {40..900} buffers ({1..5}.{0..9}%); write={8..30}.{100..999} s, sync=0.0{10..90} s",
    ),
    info(
        14,
        "app@users",
        "duration: {210..900}.{100..999} ms  statement: SELECT * FROM orders WHERE account_id = {1000..9999} ORDER BY created_at DESC LIMIT 50",
    ),
    info(
        4,
        "",
        "automatic vacuum of table \"users.public.sessions\": index scans: 1",
    ),
    error(
        2,
        "report@users",
        "canceling statement due to statement timeout",
    )
    .trace(&[
        "STATEMENT:  SELECT date_trunc('week', created_at), count(*) FROM audit_events GROUP BY 1",
    ]),
    warn(1, "app@users", "there is no transaction in progress"),
];

pub(super) fn billing(rng: &Rng, span: (Time, Time), requests: &[Request]) -> Vec<Entry> {
    let mut rng = rng.fork("billing");
    let mut entries = chatter(&mut rng, span, &BILLING);
    entries.extend(echo(&mut rng, requests, bills, &BILLED));
    entries
}

/// What the billing service says of itself, on any day.
const BILLING: [Line; 7] = [
    info(
        40,
        "invoicer",
        "invoice run finished: {3..40} documents in {80..900} ms",
    ),
    info(
        24,
        "ledger",
        "posted batch {#6}: {2..60} entries, balance ok",
    ),
    info(12, "scheduler", "next settlement window in {4..55} min"),
    info(6, "fx", "rates refreshed from upstream, {28..33} pairs"),
    warn(
        4,
        "gateway",
        "card processor slow: {1200..4800} ms, attempt {1..3}",
    ),
    warn(
        2,
        "ledger",
        "rounding difference of 0.0{1..4} in batch {#6}, absorbed",
    ),
    error(
        2,
        "gateway",
        "charge declined by issuer: code {05|51|54}, order {40000..99999}",
    ),
];

/// Requests that the billing service answers.
fn bills(request: &Request) -> bool {
    request.path.starts_with("/api/v2/invoices") || request.path == "/api/v2/orders"
}

/// What the billing service says of a request.
const BILLED: [Line; 2] = [
    info(3, "http", "{method} {path} -> {status} in {took} ms"),
    info(
        1,
        "cart",
        "quote computed for {user}: {1..12} items in {took} ms",
    ),
];
