//! A configuration change turns the permission cache of the identity service off; it
//! asks the database for everything, over and over, and the pool runs dry. The database
//! is blamed first and bypassed for a while.

use super::ordinary::{
    BILLING_PROGRAM, DATABASE, DATABASE_DAILY, EDGE, IDENTITY, IDENTITY_DAILY, IDENTITY_OK,
    OPERATION, SITE, billing,
};
use crate::bundle::{Bundle, Mark, Story};
use crate::cast::{ANNEKE, FAROUK, HYEJIN, LEO, MARISOL, RAGNHILD, SHIPBOT};
use crate::expect::{Lead, Truth};
use crate::format::alertmanager::{Alert, Post, post};
use crate::format::change_lines::{Change, change};
use crate::format::pagerduty::{Act, Event, Incident, Pager};
use crate::format::{json_lines, logfmt, nginx, postgres};
use crate::rng::Rng;
use crate::time::{Day, Time, Zone};
use crate::traffic::{self, Answer, Fault, Request};
use crate::voice::{Entry, Line, chatter, echo, error, info, once, warn};

/// Name of the bundle.
pub const NAME: &str = "001-auth-misconfiguration";

const DAY: Day = Day {
    date: (2024, 1, 19),
    zone: Zone::UTC,
};

const ANSWERS: [Answer; 3] = [
    Answer {
        weight: 6,
        status: 503,
        took_ms: (3_000, 3_060),
    },
    Answer {
        weight: 3,
        status: 500,
        took_ms: (180, 2_900),
    },
    Answer {
        weight: 1,
        status: 504,
        took_ms: (10_000, 10_004),
    },
];

fn fault() -> Fault {
    Fault {
        from: DAY.at(10_30_00),
        to: DAY.at(14_45_00),
        active: 410,
        affected: 123,
        answers: &ANSWERS,
        tries: (2, 6),
    }
}

/// What the bundle tells.
#[must_use]
pub fn bundle() -> Bundle {
    let rng = Rng::new(0x001);
    let span = (DAY.at(9_12_00), DAY.at(15_48_00));
    let fault = fault();
    let requests = traffic::play(&SITE, span, Some(&fault), &rng);
    let mut story = Story::new(NAME);
    story.file("edge/access.log", nginx::render(&EDGE, &requests));
    story.log(
        "identity/identity.log",
        &IDENTITY,
        json_lines::write,
        identity(&rng, span, &requests),
    );
    story.log(
        "db/postgresql.log",
        &DATABASE,
        postgres::write,
        database(&rng, span),
    );
    story.log(
        "billing/billing.log",
        &BILLING_PROGRAM,
        logfmt::write,
        billing(&rng, span, &requests),
    );
    story.alerts("alerts/alertmanager.jsonl", &alerts());
    story.pages("pages/pagerduty.jsonl", &pages());
    story.changes("changes/changes.jsonl", &changes(), Zone::UTC);
    story.chat(DAY, include_str!("chat/001.txt"));
    story.finish(&Truth {
        requests: &requests,
        operation: &OPERATION,
        fault: Some(&fault),
        culprit: Some("identity"),
        cause: Some(("identity", "config", "identity-config@e41c7")),
        leads: &[Lead {
            name: "database",
            words: &["database", "postgres", "connection", "db"],
        }],
        tasks: &["remove the bypass (auth.db_bypass)"],
    })
}

const IDENTITY_TIMED_OUT: [Line; 3] = [
    error(
        5,
        "auth.login",
        "login failed: permission lookup timed out after {took} ms",
    ),
    error(
        3,
        "db.pool",
        "could not get a connection within 3000 ms (open=60 idle=0 waiting={41..220})",
    ),
    warn(
        2,
        "auth.session",
        "answering {status} for {path}: user store did not answer in time",
    ),
];

const IDENTITY_FAILED: [Line; 2] = [
    error(
        3,
        "auth.permissions",
        "resolving roles failed: pool exhausted",
    )
    .trace(&[
        "PoolTimeoutError: timeout exceeded when trying to connect",
        "    at Pool.acquire (/srv/identity/node_modules/pgpool/index.js:311:17)",
        "    at PermissionStore.load (/srv/identity/src/permissions/store.js:88:24)",
        "    at async resolveRoles (/srv/identity/src/auth/roles.js:41:18)",
    ]),
    error(
        2,
        "auth.login",
        "login failed for {user}: no roles after {took} ms, refusing",
    ),
];

fn identity(rng: &Rng, span: (Time, Time), requests: &[Request]) -> Vec<Entry> {
    let mut rng = rng.fork("identity");
    let mut entries = chatter(&mut rng, span, &IDENTITY_DAILY);
    entries.extend(echo(
        &mut rng,
        requests,
        |r| r.operation && !r.failed,
        &IDENTITY_OK,
    ));
    let timed_out = |r: &Request| r.failed && r.status != 500;
    let refused = |r: &Request| r.failed && r.status == 500;
    entries.extend(echo(&mut rng, requests, timed_out, &IDENTITY_TIMED_OUT));
    entries.extend(echo(&mut rng, requests, refused, &IDENTITY_FAILED));
    let strain = [
        warn(
            70,
            "db.pool",
            "pool saturated: open=60 idle=0 waiting={12..190}",
        ),
        info(
            30,
            "auth.permissions",
            "permission cache: disabled, {180..420} direct queries in the last 60 s",
        ),
    ];
    entries.extend(chatter(
        &mut rng,
        (DAY.at(10_29_30), DAY.at(14_44_30)),
        &strain,
    ));
    let moments = [
        (
            10_26_41,
            info(
                1,
                "config",
                "configuration e41c7 loaded: permissions.cache.enabled=false permissions.prefetch=per_request",
            ),
        ),
        (
            12_08_20,
            warn(
                1,
                "flags",
                "auth.db_bypass is now on: roles are taken from the presented token without a lookup",
            ),
        ),
        (
            14_43_52,
            info(
                1,
                "config",
                "configuration e4a02 loaded: permissions.cache.enabled=true permissions.prefetch=off",
            ),
        ),
        (
            14_44_30,
            info(
                1,
                "auth.permissions",
                "permission cache warm: 61204 entries",
            ),
        ),
    ];
    entries.extend(moments.map(|(at, line)| once(&mut rng, DAY.at(at), &line)));
    entries
}

fn database(rng: &Rng, span: (Time, Time)) -> Vec<Entry> {
    let mut rng = rng.fork("database");
    let mut entries = chatter(&mut rng, span, &DATABASE_DAILY);
    let flood = [
        info(150, "identity@users", "duration: {900..9400}.{100..999} ms  statement: SELECT r.name FROM roles r JOIN user_roles ur ON ur.role_id = r.id WHERE ur.user_id = {10000..43000}"),
        line_fatal(60, "identity@users", "remaining connection slots are reserved for roles with the SUPERUSER attribute"),
        error(12, "identity@users", "canceling statement due to statement timeout").trace(&[
            "STATEMENT:  SELECT p.* FROM permissions p JOIN role_permissions rp ON rp.permission_id = p.id WHERE rp.role_id = ANY($1)",
        ]),
    ];
    entries.extend(chatter(
        &mut rng,
        (DAY.at(10_29_30), DAY.at(14_44_30)),
        &flood,
    ));
    let cleanup = [
        (
            15_06_11,
            info(
                1,
                "rmoen@users",
                "duration: 48211.402 ms  statement: VACUUM (ANALYZE) public.user_roles",
            ),
        ),
        (
            15_09_40,
            info(
                1,
                "rmoen@users",
                "duration: 90211.118 ms  statement: DELETE FROM permission_audit WHERE created_at >= '2024-01-19 10:26:00'",
            ),
        ),
    ];
    entries.extend(cleanup.map(|(at, line)| once(&mut rng, DAY.at(at), &line)));
    entries
}

const fn line_fatal(rate: u32, logger: &'static str, text: &'static str) -> Line {
    crate::voice::line(rate, crate::voice::Level::Fatal, logger, text)
}

fn alerts() -> Vec<Post> {
    let auth = Alert {
        name: "AuthErrorRateHigh",
        service: "identity",
        severity: "critical",
        instance: "identity",
        summary: "More than 5 % of authentication requests fail",
        from: DAY.at(10_30_40).plus_ms(118),
        to: None,
    };
    let slots = Alert {
        name: "PostgresConnectionsNearLimit",
        service: "postgres",
        severity: "warning",
        instance: "db-users-1:9187",
        summary: "Over 90 % of connection slots in use",
        from: DAY.at(10_34_15).plus_ms(902),
        to: None,
    };
    let disk = Alert {
        name: "DiskWillFillIn24h",
        service: "imagestore",
        severity: "warning",
        instance: "img-3:9100",
        summary: "/var/lib/images fills within a day at the present rate",
        from: DAY.at(9_31_05).plus_ms(440),
        to: None,
    };
    let again = Alert {
        from: DAY.at(11_48_35).plus_ms(440),
        ..disk
    };
    let lag = Alert {
        name: "QueueLag",
        service: "mailer",
        severity: "warning",
        instance: "mailer-2",
        summary: "Outgoing mail waits longer than 10 minutes",
        from: DAY.at(13_02_25).plus_ms(771),
        to: None,
    };
    vec![
        post([disk]),
        post([disk.until(DAY.at(9_39_05).plus_ms(440))]),
        post([auth]).is(Mark::Detected("alert")),
        post([slots]),
        post([again]),
        post([again.until(DAY.at(11_55_35).plus_ms(440))]),
        post([auth, slots]),
        post([lag]),
        post([lag.until(DAY.at(13_20_25).plus_ms(771))]),
        post([
            auth.until(DAY.at(14_46_40).plus_ms(118)),
            slots.until(DAY.at(14_47_15).plus_ms(902)),
        ]),
    ]
}

fn pages() -> Vec<Event> {
    let incident = Incident {
        id: "Q1IDENT0119AA",
        number: 2_214,
        title: "[FIRING] AuthErrorRateHigh identity",
        service: "Identity (production)",
        created: DAY.at(10_30_52).plus_ms(307),
    };
    let pager = Pager::open(incident, MARISOL)
        .then(
            DAY.at(10_33_18).plus_ms(250),
            Act::Acknowledged,
            MARISOL,
            Some(Mark::Acknowledged),
        )
        .hand(
            DAY.at(11_15_06).plus_ms(64),
            Act::Escalated,
            MARISOL,
            HYEJIN,
            Some(Mark::Escalated),
        )
        .hand(
            DAY.at(11_15_40).plus_ms(911),
            Act::Responder,
            MARISOL,
            RAGNHILD,
            None,
        )
        .then(
            DAY.at(11_19_02).plus_ms(530),
            Act::Acknowledged,
            HYEJIN,
            None,
        )
        .then(
            DAY.at(12_10_30).plus_ms(5),
            Act::Annotated(
                "Temporary: auth.db_bypass switched on. Weakens role checks, take out afterwards.",
            ),
            HYEJIN,
            None,
        )
        .then(
            DAY.at(14_58_21).plus_ms(640),
            Act::Resolved,
            FAROUK,
            Some(Mark::Resolved),
        );
    pager.events
}

fn changes() -> Vec<Change> {
    vec![
        change(DAY.at(9_20_14), "deploy", "billing", "2024.3.1", SHIPBOT),
        change(DAY.at(9_58_33), "deploy", "web-frontend", "v881", LEO),
        change(
            DAY.at(10_26_30),
            "config",
            "identity",
            "identity-config@e41c7",
            ANNEKE,
        )
        .is(Mark::Change),
        change(
            DAY.at(11_34_02),
            "restart",
            "postgres",
            "pgbouncer users pool",
            RAGNHILD,
        ),
        change(
            DAY.at(12_08_11),
            "flag",
            "identity",
            "auth.db_bypass=on",
            HYEJIN,
        ),
        change(DAY.at(12_40_57), "deploy", "search", "1.19.0", SHIPBOT),
        change(
            DAY.at(14_21_30),
            "config",
            "identity",
            "identity-config@e4a02",
            ANNEKE,
        )
        .on("staging"),
        change(
            DAY.at(14_43_47),
            "config",
            "identity",
            "identity-config@e4a02",
            ANNEKE,
        )
        .is(Mark::FixDeployed),
        change(DAY.at(15_30_19), "deploy", "mailer", "0.44.2", SHIPBOT),
    ]
}
