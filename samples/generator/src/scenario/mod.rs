//! The stories, one a file, and what they have in common.

pub mod auth_misconfiguration;
pub mod forgotten_password;
pub mod login_bug;
pub mod ordinary;
pub mod password_hashing;
pub mod quiet_day;
pub mod token_rollback;

use crate::bundle::Bundle;
use crate::format::alertmanager::Alert;
use crate::time::Time;
use crate::traffic::Route;

/// A story: the name of its bundle, and what tells it.
pub type Scenario = (&'static str, fn() -> Bundle);

/// All stories, by name.
pub const ALL: [Scenario; 6] = [
    (forgotten_password::NAME, forgotten_password::bundle),
    (auth_misconfiguration::NAME, auth_misconfiguration::bundle),
    (token_rollback::NAME, token_rollback::bundle),
    (login_bug::NAME, login_bug::bundle),
    (password_hashing::NAME, password_hashing::bundle),
    (quiet_day::NAME, quiet_day::bundle),
];

const fn route(
    weight: u32,
    method: &'static str,
    path: &'static str,
    status: u16,
    bytes: (i64, i64),
    took_ms: (i64, i64),
) -> Route {
    Route {
        weight,
        method,
        path,
        status,
        bytes,
        took_ms,
    }
}

/// An alert that fires from `from` on.
const fn alert(
    name: &'static str,
    service: &'static str,
    severity: &'static str,
    instance: &'static str,
    summary: &'static str,
    from: Time,
) -> Alert {
    Alert {
        name,
        service,
        severity,
        instance,
        summary,
        from,
        to: None,
    }
}

/// What users of the product do once they are in.
const PAGES: [Route; 8] = [
    route(9, "GET", "/dashboard", 200, (5_100, 21_000), (18, 190)),
    route(
        7,
        "GET",
        "/api/v2/orders?page={1..9}",
        200,
        (900, 14_000),
        (12, 240),
    ),
    route(
        4,
        "GET",
        "/api/v2/orders/{40000..99999}",
        200,
        (700, 2_900),
        (9, 120),
    ),
    route(3, "POST", "/api/v2/orders", 201, (310, 420), (35, 420)),
    route(3, "GET", "/api/v2/invoices", 200, (1_200, 9_000), (15, 300)),
    route(2, "PUT", "/api/v2/profile", 204, (0, 0), (14, 130)),
    route(
        2,
        "GET",
        "/search?q={lamp|desk|chair|rug|shelf}",
        200,
        (2_000, 30_000),
        (40, 520),
    ),
    route(1, "GET", "/api/v2/messages/unread", 200, (12, 640), (4, 60)),
];

/// What strangers ask for.
const PUBLIC: [Route; 6] = [
    route(9, "GET", "/", 200, (8_120, 8_120), (3, 40)),
    route(
        6,
        "GET",
        "/assets/app.{3f9c1d|8e20aa}.js",
        200,
        (184_233, 184_233),
        (1, 25),
    ),
    route(4, "GET", "/assets/site.css", 304, (0, 0), (0, 4)),
    route(3, "GET", "/pricing", 200, (6_455, 6_455), (3, 30)),
    route(1, "GET", "/robots.txt", 200, (64, 64), (0, 2)),
    route(
        1,
        "GET",
        "/{wp-login.php|.env|phpmyadmin/}",
        404,
        (146, 146),
        (0, 3),
    ),
];
