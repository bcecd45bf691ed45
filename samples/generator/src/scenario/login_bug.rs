//! A release that was to harden the login refuses good passwords; everybody tries again,
//! and it looks like an attack. Pacific time, and a meeting afterwards that is not the end.

use super::{PAGES, PUBLIC, alert, route};
use crate::bundle::{Bundle, Mark, Story};
use crate::cast::{ANNEKE, FAROUK, HYEJIN, MARISOL, SHIPBOT, TOBIAS};
use crate::expect::{Lead, Truth};
use crate::format::alertmanager::{Post, post};
use crate::format::change_lines::{Change, change};
use crate::format::pagerduty::{Act, Event, Incident, Pager};
use crate::format::{Program, docker, logfmt, nginx, syslog5424};
use crate::rng::Rng;
use crate::time::{Day, Time, Zone};
use crate::traffic::{self, Answer, Fault, Request, Route, Site};
use crate::voice::{Entry, Line, chatter, echo, error, info, once, warn};

/// Name of the bundle.
pub const NAME: &str = "003-login-bug";

const DAY: Day = Day {
    date: (2024, 3, 5),
    zone: Zone::PST,
};

const OPERATION: [Route; 2] = [
    route(9, "POST", "/login", 200, (380, 460), (70, 300)),
    route(1, "POST", "/api/v2/auth", 200, (300, 340), (60, 240)),
];

const SITE: Site = Site {
    prefix: "p",
    population: 760,
    visits_per_hour: 222,
    operation: &OPERATION,
    pages: &PAGES,
    public: &PUBLIC,
    public_per_hour: 100,
    typos_per_hour: 0,
    health_every_s: 30,
};

const EDGE: nginx::Style = nginx::Style {
    zone: Zone::PST,
    user_column: true,
    user: "user",
    id: "request_id",
    site: "app.larkfield.example",
};

/// What the bundle tells.
#[must_use]
pub fn bundle() -> Bundle {
    let rng = Rng::new(0x003);
    let span = (DAY.at(12_05_00), DAY.at(16_35_00));
    let fault = Fault {
        from: DAY.at(13_20_00),
        to: DAY.at(15_20_00),
        active: 385,
        affected: 308,
        answers: &[Answer {
            weight: 1,
            status: 401,
            took_ms: (65, 320),
        }],
        tries: (2, 7),
    };
    let requests = traffic::play(&SITE, span, Some(&fault), &rng);
    let mut story = Story::new(NAME);
    story.file("edge/access.log", nginx::render(&EDGE, &requests));
    story.log(
        "login/login-json.log",
        &LOGIN,
        docker::go,
        login(&rng, span, &requests),
    );
    story.log("waf.log", &WAF, syslog5424::write, waf(&rng, span));
    story.log(
        "sessions.log",
        &SESSIONS,
        logfmt::write,
        sessions(&rng, span, &requests),
    );
    story.alerts("alerts.jsonl", &alerts());
    story.page_log("pagerduty-log-entries.json", &pages());
    story.changes("changes.jsonl", &changes(), Zone::PST);
    story.chat(DAY, include_str!("chat/003.txt"));
    story.finish(&Truth {
        requests: &requests,
        operation: &OPERATION,
        fault: Some(&fault),
        culprit: Some("login"),
        cause: Some(("login", "deploy", "5.3.0")),
        leads: &[Lead {
            name: "denial of service",
            words: &["denial", "dos", "attack", "stuffing"],
        }],
        tasks: &[],
    })
}

const LOGIN: Program = Program {
    name: "login",
    host: "login-1",
    pid: 1,
    zone: Zone::UTC,
};
const WAF: Program = Program {
    name: "waf",
    host: "waf-1",
    pid: 330,
    zone: Zone::PST,
};
const SESSIONS: Program = Program {
    name: "sessions",
    host: "kv-2",
    pid: 18,
    zone: Zone::UTC,
};

const LOGIN_DAILY: [Line; 6] = [
    info(
        30,
        "login/metrics",
        "gc pause {1..9} ms, heap {80..240} MiB",
    ),
    info(20, "login/keystore", "pepper version 4 in use"),
    warn(
        5,
        "login/geo",
        "unusual country for a known account, asking for second factor",
    ),
    warn(3, "login/audit", "audit queue at {200..800} of 1000"),
    error(
        2,
        "login/sms",
        "provider returned {429|500|503}, falling back to mail",
    ),
    error(1, "login/audit", "write: broken pipe, reconnecting"),
];

const LOGIN_OK: [Line; 2] = [
    info(4, "login/handler", "accepted in {took} ms"),
    info(1, "login/handler", "accepted, second factor not due"),
];

const LOGIN_FAILED: [Line; 3] = [
    error(
        5,
        "login/verify",
        "credential mismatch after normalisation: digest differs (form NFKC)",
    ),
    warn(
        3,
        "login/handler",
        "rejected {path}: bad credentials, {1..9} in a row",
    ),
    error(
        1,
        "login/verify",
        "constant-time compare on inputs of different length: 60 and 64",
    ),
];

fn login(rng: &Rng, span: (Time, Time), requests: &[Request]) -> Vec<Entry> {
    let mut rng = rng.fork("login");
    let mut entries = chatter(&mut rng, span, &LOGIN_DAILY);
    entries.extend(echo(
        &mut rng,
        requests,
        |r| r.operation && !r.failed,
        &LOGIN_OK,
    ));
    entries.extend(echo(&mut rng, requests, |r| r.failed, &LOGIN_FAILED));
    let moments = [
        (
            13_19_14,
            info(
                1,
                "login/main",
                "login 5.3.0 listening on :8080, verifier=v2 from the next minute",
            ),
        ),
        (
            15_19_18,
            info(
                1,
                "login/main",
                "login 5.3.1 listening on :8080, verifier=v2 with fallback",
            ),
        ),
    ];
    entries.extend(moments.map(|(at, line)| once(&mut rng, DAY.at(at), &line)));
    entries
}

fn waf(rng: &Rng, span: (Time, Time)) -> Vec<Entry> {
    let mut rng = rng.fork("waf");
    let daily = [
        info(40, "SCORE", "request scored {1..4}, passed, client {ip}"),
        warn(
            6,
            "RULE942",
            "possible SQL in argument q from {ip}, passed with mark",
        ),
        error(2, "FEED", "reputation feed download failed: timeout"),
        info(4, "STATS", "{90..400} requests inspected in the last 60 s"),
    ];
    let barricade = [
        warn(
            140,
            "RATE",
            "limit of 5 a minute on /login exceeded by {ip}, challenged",
        ),
        info(90, "CHALLENGE", "challenge solved by {ip}"),
    ];
    let mut entries = chatter(&mut rng, span, &daily);
    entries.extend(chatter(
        &mut rng,
        (DAY.at(13_36_00), DAY.at(13_51_00)),
        &barricade,
    ));
    entries
}

fn sessions(rng: &Rng, span: (Time, Time), requests: &[Request]) -> Vec<Entry> {
    let mut rng = rng.fork("sessions");
    let daily = [
        info(30, "evict", "evicted {3..80} sessions"),
        info(
            10,
            "snapshot",
            "snapshot written: {20..40} MiB in {200..900} ms",
        ),
        warn(4, "net", "peer kv-{1|3} slow: {120..600} ms"),
        error(
            1,
            "net",
            "lost connection to kv-3, reconnected after {1..4} tries",
        ),
    ];
    let read = [info(1, "get", "session of {user} read in {1..6} ms")];
    let mut entries = chatter(&mut rng, span, &daily);
    let page = |r: &Request| r.user.is_some() && !r.operation && r.path == "/dashboard";
    entries.extend(echo(&mut rng, requests, page, &read));
    entries
}

fn alerts() -> Vec<Post> {
    let surge = alert(
        "LoginFailureSurge",
        "login",
        "critical",
        "login",
        "failed login attempts more than ten times the usual",
        DAY.at(13_30_02).plus_ms(551),
    );
    let backup = alert(
        "BackupLate",
        "reporting-db",
        "warning",
        "rep-1",
        "Nightly backup is not finished",
        DAY.at(12_18_30).plus_ms(90),
    );
    let memory = alert(
        "MemoryHigh",
        "search",
        "warning",
        "search-2:9100",
        "More than 90 % of memory in use",
        DAY.at(14_31_10).plus_ms(226),
    );
    let relapse = crate::format::alertmanager::Alert {
        from: DAY.at(14_44_40).plus_ms(226),
        ..memory
    };
    vec![
        post([backup]),
        post([backup.until(DAY.at(12_54_30).plus_ms(90))]),
        post([surge]).is(Mark::Detected("alert")),
        post([memory]),
        post([memory.until(DAY.at(14_35_40).plus_ms(226))]),
        post([surge, relapse]),
        post([relapse.until(DAY.at(14_52_10).plus_ms(226))]),
        post([surge.until(DAY.at(15_25_33).plus_ms(551))]),
    ]
}

fn pages() -> Vec<Event> {
    let incident = Incident {
        id: "Q3LOGIN0305CC",
        number: 2_377,
        title: "LoginFailureSurge login",
        service: "login (production)",
        created: DAY.at(13_30_12),
    };
    Pager::open(incident, MARISOL)
        .then(
            DAY.at(13_31_44),
            Act::Acknowledged,
            MARISOL,
            Some(Mark::Acknowledged),
        )
        .then(
            DAY.at(13_51_02),
            Act::Annotated("Not an attack. Blocks at the waf are coming out again."),
            TOBIAS,
            None,
        )
        .then(
            DAY.at(15_29_50),
            Act::Resolved,
            FAROUK,
            Some(Mark::Resolved),
        )
        .events
}

fn changes() -> Vec<Change> {
    vec![
        change(DAY.at(8_55_20), "deploy", "search", "2.9", SHIPBOT),
        change(DAY.at(12_52_08), "deploy", "login", "5.3.0", ANNEKE).status("started"),
        change(DAY.at(13_19_20), "deploy", "login", "5.3.0", ANNEKE).is(Mark::Change),
        change(
            DAY.at(13_36_30),
            "config",
            "waf",
            "login-limit=5/min, challenge=on",
            HYEJIN,
        ),
        change(DAY.at(13_41_00), "deploy", "catalog", "120", SHIPBOT),
        change(
            DAY.at(13_51_10),
            "config",
            "waf",
            "login-limit=60/min, challenge=off",
            HYEJIN,
        ),
        change(DAY.at(15_05_30), "deploy", "login", "5.3.1", ANNEKE).on("staging"),
        change(DAY.at(15_19_21), "deploy", "login", "5.3.1", ANNEKE).is(Mark::FixDeployed),
    ]
}
