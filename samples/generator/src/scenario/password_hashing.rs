//! A release stores upgraded password hashes in a column that is too short. The servers
//! are suspected for an hour; a fix works on staging half an hour before production has
//! it. Pacific time.

use super::{PAGES, PUBLIC, alert, route};
use crate::bundle::{Bundle, Mark, Story};
use crate::cast::{ANNEKE, FAROUK, HYEJIN, MARISOL, SHIPBOT};
use crate::expect::{Lead, Truth};
use crate::format::alertmanager::{Post, post};
use crate::format::change_lines::{Change, change};
use crate::format::pagerduty::{Act, Event, Incident, Pager};
use crate::format::{Program, nginx, postgres, syslog3164, zap};
use crate::rng::Rng;
use crate::time::{Day, Time, Zone};
use crate::traffic::{self, Answer, Fault, Request, Route, Site};
use crate::voice::{Entry, Line, chatter, echo, error, info, once, warn};

/// Name of the bundle.
pub const NAME: &str = "004-password-hashing";

const DAY: Day = Day {
    date: (2023, 3, 1),
    zone: Zone::PST,
};

const OPERATION: [Route; 1] = [route(1, "POST", "/login", 200, (350, 420), (80, 420))];

const SITE: Site = Site {
    prefix: "acct-",
    population: 830,
    visits_per_hour: 196,
    operation: &OPERATION,
    pages: &PAGES,
    public: &PUBLIC,
    public_per_hour: 90,
    typos_per_hour: 4,
    health_every_s: 45,
};

const EDGE: nginx::Style = nginx::Style {
    zone: Zone::PST,
    user_column: false,
    user: "user",
    id: "rid",
    site: "my.larkfield.example",
};

/// What the bundle tells.
#[must_use]
pub fn bundle() -> Bundle {
    let rng = Rng::new(0x004);
    let span = (DAY.at(8_45_00), DAY.at(13_20_00));
    let fault = Fault {
        from: DAY.at(10_00_00),
        to: DAY.at(12_30_00),
        active: 430,
        affected: 258,
        answers: &[
            Answer {
                weight: 9,
                status: 500,
                took_ms: (150, 900),
            },
            Answer {
                weight: 1,
                status: 502,
                took_ms: (30, 200),
            },
        ],
        tries: (2, 5),
    };
    let requests = traffic::play(&SITE, span, Some(&fault), &rng);
    let mut story = Story::new(NAME);
    story.file("edge/access.log", nginx::render(&EDGE, &requests));
    story.log(
        "login/login.log",
        &LOGIN,
        zap::write,
        login(&rng, span, &requests),
    );
    story.log(
        "lb/syslog",
        &BALANCER,
        syslog3164::write,
        balancer(&rng, span, &fault),
    );
    story.log(
        "db/accounts.log",
        &DATABASE,
        postgres::write,
        database(&rng, span, &requests),
    );
    story.alerts("alerts.jsonl", &alerts());
    story.pages("pagerduty.jsonl", &pages());
    story.deployments("github-deployments.jsonl", &changes());
    story.chat(DAY, include_str!("chat/004.txt"));
    story.finish(&Truth {
        requests: &requests,
        operation: &OPERATION,
        fault: Some(&fault),
        culprit: Some("login"),
        cause: Some(("login", "deploy", "4.18.0")),
        leads: &[Lead {
            name: "server infrastructure",
            words: &["infrastructure", "server", "network", "load"],
        }],
        tasks: &[],
    })
}

const LOGIN: Program = Program {
    name: "login",
    host: "app-1",
    pid: 1,
    zone: Zone::UTC,
};
const BALANCER: Program = Program {
    name: "haproxy",
    host: "lb-1",
    pid: 2_041,
    zone: Zone::UTC,
};
const DATABASE: Program = Program {
    name: "postgres",
    host: "db-acct",
    pid: 1_733,
    zone: Zone::UTC,
};

const LOGIN_DAILY: [Line; 6] = [
    info(30, "session/reaper.go:44", "reaped {1..40} sessions"),
    info(15, "server/stats.go:90", "workers busy {1..6} of 16"),
    warn(
        5,
        "login/limits.go:31",
        "too many attempts from {ip}, delaying",
    ),
    warn(
        2,
        "config/watch.go:77",
        "ignoring unknown key legacy.{theme|banner}",
    ),
    error(
        2,
        "mail/notify.go:118",
        "new-device mail not sent: smtp 421",
    ),
    error(1, "geo/db.go:20", "lookup {ip}: not found"),
];

const LOGIN_OK: [Line; 2] = [
    info(4, "login/handler.go:61", "login ok"),
    info(1, "hash/upgrade.go:35", "hash is current, no upgrade"),
];

const LOGIN_FAILED: [Line; 3] = [
    error(
        4,
        "hash/upgrade.go:71",
        "storing upgraded hash failed: value too long for type character varying(60)",
    )
    .trace(&[
        "larkfield/login/hash.(*Upgrader).Store",
        "\t/src/hash/upgrade.go:71",
        "larkfield/login/login.(*Handler).finish",
        "\t/src/login/handler.go:58",
    ]),
    error(
        3,
        "login/handler.go:58",
        "login aborted: password hash could not be stored",
    ),
    warn(
        1,
        "login/handler.go:52",
        "rehash of an old password took {200..800} ms",
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
            9_52_08,
            info(
                1,
                "main.go:38",
                "login 4.18.0 started, hash upgrades begin at 10:00",
            ),
        ),
        (12_29_33, info(1, "main.go:38", "login 4.18.1 started")),
    ];
    entries.extend(moments.map(|(at, line)| once(&mut rng, DAY.at(at), &line)));
    entries
}

fn balancer(rng: &Rng, span: (Time, Time), fault: &Fault) -> Vec<Entry> {
    let mut rng = rng.fork("balancer");
    let daily = [
        info(
            30,
            "haproxy",
            "Health check for server app/app-{1|2} succeeded, check duration: {1..9}ms",
        ),
        info(10, "systemd", "Started Rotate log files."),
        info(6, "CRON", "(root) CMD (test -x /usr/sbin/anacron)"),
        warn(5, "haproxy", "backend app: queue length {2..6}"),
        error(2, "haproxy", "client {ip} sent a malformed header, closing"),
    ];
    let strain = [
        warn(
            40,
            "haproxy",
            "server app/app-{1|2}: connection reset by client during transfer",
        ),
        warn(
            20,
            "kernel",
            "[{40000..90000}.{100000..999999}] TCP: request_sock_TCP: possible SYN flooding on port 8080. Sending cookies.",
        ),
        warn(
            20,
            "loadmon",
            "load average {6..14}.{10..99} on app-{1|2} exceeds 5.00",
        ),
    ];
    let mut entries = chatter(&mut rng, span, &daily);
    entries.extend(chatter(
        &mut rng,
        (fault.from.plus_min(1), fault.to),
        &strain,
    ));
    entries
}

fn database(rng: &Rng, span: (Time, Time), requests: &[Request]) -> Vec<Entry> {
    let mut rng = rng.fork("database");
    let daily = [
        info(12, "", "checkpoint starting: time"),
        info(
            10,
            "shop@accounts",
            "duration: {210..700}.{100..999} ms  statement: SELECT * FROM addresses WHERE account_id = {1000..9999}",
        ),
        error(
            2,
            "etl@accounts",
            "duplicate key value violates unique constraint \"daily_totals_pkey\"",
        )
        .trace(&["DETAIL:  Key (day)=(2023-03-01) already exists."]),
    ];
    let refused = [error(
        1,
        "login@accounts",
        "value too long for type character varying(60)",
    )
    .trace(&["STATEMENT:  UPDATE credentials SET hash = $1, params = $2 WHERE account = $3"])];
    let mut entries = chatter(&mut rng, span, &daily);
    let stored = |r: &Request| r.failed && r.status == 500;
    entries.extend(echo(&mut rng, requests, stored, &refused));
    entries
}

fn alerts() -> Vec<Post> {
    let ratio = alert(
        "LoginErrorRatio",
        "login",
        "critical",
        "login",
        "more than 10 % of POST /login answered with 5xx",
        DAY.at(10_00_41).plus_ms(7),
    );
    let load = alert(
        "HighLoad",
        "app",
        "warning",
        "app-2:9100",
        "Load average over 5 for 5 minutes",
        DAY.at(10_09_20).plus_ms(480),
    );
    let disk = alert(
        "DiskWillFillIn24h",
        "imagestore",
        "warning",
        "img-3:9100",
        "/var/lib/images fills within a day at the present rate",
        DAY.at(9_10_05).plus_ms(440),
    );
    vec![
        post([disk]),
        post([disk.until(DAY.at(9_16_35).plus_ms(440))]),
        post([ratio]).is(Mark::Detected("alert")),
        post([load]),
        post([ratio, load]),
        post([
            load.until(DAY.at(12_36_20).plus_ms(480)),
            ratio.until(DAY.at(12_32_11).plus_ms(7)),
        ]),
    ]
}

fn pages() -> Vec<Event> {
    let incident = Incident {
        id: "Q4LOGIN0301DD",
        number: 1_118,
        title: "LoginErrorRatio login",
        service: "login",
        created: DAY.at(10_00_50).plus_ms(95),
    };
    Pager::open(incident, MARISOL)
        .then(
            DAY.at(10_03_12).plus_ms(431),
            Act::Acknowledged,
            MARISOL,
            Some(Mark::Acknowledged),
        )
        .then(
            DAY.at(12_41_05).plus_ms(700),
            Act::Resolved,
            FAROUK,
            Some(Mark::Resolved),
        )
        .events
}

fn changes() -> Vec<Change> {
    vec![
        change(DAY.at(9_05_40), "deploy", "storefront", "2023.9.1", SHIPBOT),
        change(DAY.at(9_52_15), "deploy", "login", "4.18.0", ANNEKE).is(Mark::Change),
        change(DAY.at(10_39_50), "deploy", "infra", "workers=32", HYEJIN),
        change(DAY.at(11_15_21), "deploy", "reports", "77", SHIPBOT),
        change(DAY.at(12_00_08), "deploy", "login", "4.18.1", ANNEKE).on("staging"),
        change(DAY.at(12_29_36), "deploy", "login", "4.18.1", HYEJIN).is(Mark::FixDeployed),
        change(
            DAY.at(13_02_30),
            "deploy",
            "storefront",
            "2023.9.2",
            SHIPBOT,
        ),
    ]
}
