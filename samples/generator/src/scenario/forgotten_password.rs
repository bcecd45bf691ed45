//! The authentication server loses its own password, and the tool that could reset it
//! asks for it. Pacific time; the edge and the changes write it, the rest writes UTC.

use super::{PAGES, PUBLIC, alert, route};
use crate::bundle::{Bundle, Mark, Story};
use crate::cast::{DIPESH, FAROUK, HYEJIN, SHIPBOT, TOBIAS};
use crate::expect::{Lead, Truth};
use crate::format::alertmanager::{Post, post};
use crate::format::change_lines::{Change, change};
use crate::format::pagerduty::{Act, Event, Incident, Pager};
use crate::format::{Program, logfmt, nginx, nginx_error, python, syslog3164};
use crate::rng::Rng;
use crate::time::{Day, Time, Zone};
use crate::traffic::{self, Answer, Fault, Request, Route, Site};
use crate::voice::{Entry, Line, chatter, echo, error, info, once, warn};

/// Name of the bundle.
pub const NAME: &str = "000-forgotten-password";

const DAY: Day = Day {
    date: (2024, 2, 13),
    zone: Zone::PST,
};

const OPERATION: [Route; 2] = [
    route(7, "POST", "/login", 302, (0, 0), (60, 340)),
    route(2, "POST", "/login/remembered", 302, (0, 0), (30, 140)),
];

const SITE: Site = Site {
    prefix: "m",
    population: 560,
    visits_per_hour: 182,
    operation: &OPERATION,
    pages: &PAGES,
    public: &PUBLIC,
    public_per_hour: 110,
    typos_per_hour: 0,
    health_every_s: 30,
};

const EDGE: nginx::Style = nginx::Style {
    zone: Zone::PST,
    user_column: false,
    user: "user",
    id: "req_id",
    site: "www.larkfield.example",
};

/// What the bundle tells.
#[must_use]
pub fn bundle() -> Bundle {
    let rng = Rng::new(0x000);
    let span = (DAY.at(8_46_00), DAY.at(12_52_00));
    let fault = Fault {
        from: DAY.at(10_00_04),
        to: DAY.at(12_00_04),
        active: 316,
        affected: 316,
        answers: &[
            Answer {
                weight: 8,
                status: 502,
                took_ms: (20, 400),
            },
            Answer {
                weight: 2,
                status: 504,
                took_ms: (5_000, 5_003),
            },
        ],
        tries: (2, 5),
    };
    let requests = traffic::play(&SITE, span, Some(&fault), &rng);
    let outage = (fault.from, fault.to);
    let mut story = Story::new(NAME);
    story.file("edge/access.log", nginx::render(&EDGE, &requests));
    story.log(
        "edge/error.log",
        &NGINX,
        nginx_error::write,
        upstream(&rng, span, &requests),
    );
    story.log(
        "authd.log",
        &AUTHD,
        python::write,
        authd(&rng, span, outage, &requests),
    );
    story.log(
        "directory/messages",
        &DIRECTORY,
        syslog3164::write,
        directory(&rng, span, outage),
    );
    story.log(
        "mailer.log",
        &MAILER,
        logfmt::write,
        chatter(&mut rng.fork("mailer"), span, &MAILING),
    );
    story.alerts("alerts.jsonl", &alerts(&fault));
    story.pages("pagerduty.jsonl", &pages());
    story.changes("changes.jsonl", &changes(), Zone::PST);
    story.chat(DAY, include_str!("chat/000.txt"));
    story.finish(&Truth {
        requests: &requests,
        operation: &OPERATION,
        fault: Some(&fault),
        culprit: Some("authd"),
        cause: None,
        leads: &[Lead {
            name: "password reset",
            words: &["reset", "credctl", "lock", "password"],
        }],
        tasks: &[],
    })
}

const NGINX: Program = Program {
    name: "edge",
    host: "edge-1",
    pid: 1_187,
    zone: Zone::UTC,
};
const AUTHD: Program = Program {
    name: "authd",
    host: "auth-1",
    pid: 904,
    zone: Zone::UTC,
};
const DIRECTORY: Program = Program {
    name: "slapd",
    host: "dir-1",
    pid: 612,
    zone: Zone::UTC,
};
const MAILER: Program = Program {
    name: "mailer",
    host: "mail-2",
    pid: 40,
    zone: Zone::UTC,
};

const MAILING: [Line; 5] = [
    info(40, "queue", "delivered {1..30} messages, {0..9} waiting"),
    info(15, "dkim", "signed batch {#6}"),
    warn(
        5,
        "smtp",
        "remote host deferred: 451 try again later, next try in {60..900} s",
    ),
    error(2, "smtp", "permanent failure 550 for message {#10}"),
    info(6, "stats", "throughput {20..90} messages a minute"),
];

fn upstream(rng: &Rng, span: (Time, Time), requests: &[Request]) -> Vec<Entry> {
    let mut rng = rng.fork("edge errors");
    let daily = [
        warn(
            8,
            "",
            "a client request body is buffered to a temporary file /var/cache/nginx/{1000..9999}, client: {ip}, server: www.larkfield.example",
        ),
        error(
            4,
            "",
            "open() \"/srv/www/favicon-{16|32|96}.png\" failed (2: No such file or directory), client: {ip}, server: www.larkfield.example",
        ),
        info(
            2,
            "",
            "SSL_do_handshake() failed (SSL: error:0A000416) while SSL handshaking, client: {ip}, server: 0.0.0.0:443",
        ),
    ];
    let refused = [error(
        1,
        "",
        "upstream sent no valid HTTP/1.0 header while reading response header from upstream, client: {client}, server: www.larkfield.example, request: \"{method} {path} HTTP/2.0\", upstream: \"http://192.0.2.21:9000{path}\"",
    )];
    let late = [error(
        1,
        "",
        "upstream timed out (110: Connection timed out) while reading response header from upstream, client: {client}, server: www.larkfield.example, request: \"{method} {path} HTTP/2.0\", upstream: \"http://192.0.2.21:9000{path}\"",
    )];
    let mut entries = chatter(&mut rng, span, &daily);
    entries.extend(echo(
        &mut rng,
        requests,
        |r| r.failed && r.status == 502,
        &refused,
    ));
    entries.extend(echo(
        &mut rng,
        requests,
        |r| r.failed && r.status == 504,
        &late,
    ));
    entries
}

const AUTHD_DAILY: [Line; 7] = [
    info(
        30,
        "authd.cache",
        "refreshed {20..300} entries in {5..70} ms",
    ),
    info(
        12,
        "authd.directory",
        "bound as cn=authd,ou=services, pool {2..8}/16",
    ),
    info(4, "authd.audit", "rotated audit segment {#8}"),
    warn(
        5,
        "authd.policy",
        "account locked for 15 min after {5..9} wrong passwords from {ip}",
    ),
    warn(
        3,
        "authd.directory",
        "slow search: {300..900} ms for {1..4} entries",
    ),
    error(
        2,
        "authd.webhook",
        "delivery to crm failed: HTTP 503, will retry",
    ),
    error(
        1,
        "authd.captcha",
        "provider answered garbage, letting the challenge pass",
    ),
];

const AUTHD_OK: [Line; 2] = [
    info(4, "authd.login", "authenticated {user} in {took} ms"),
    info(
        1,
        "authd.login",
        "authenticated {user} by remembered device",
    ),
];

const AUTHD_FAILED: [Line; 4] = [
    error(
        4,
        "authd.login",
        "cannot authenticate {user}: service credential rejected by directory",
    ),
    error(
        3,
        "authd.directory",
        "bind as cn=authd,ou=services failed: invalid credentials (49)",
    ),
    error(
        2,
        "authd.login",
        "unhandled error while serving {method} {path}",
    )
    .trace(&[
        "Traceback (most recent call last):",
        "  File \"/opt/authd/authd/login.py\", line 212, in handle",
        "    account = self.directory.find(name)",
        "  File \"/opt/authd/authd/directory.py\", line 97, in find",
        "    with self.pool.bound() as connection:",
        "  File \"/opt/authd/authd/directory.py\", line 58, in bound",
        "    raise ServiceCredentialError(result.text)",
        "authd.errors.ServiceCredentialError: invalid credentials",
    ]),
    warn(
        1,
        "authd.pool",
        "no bound connection left, giving up on request",
    ),
];

fn authd(rng: &Rng, span: (Time, Time), outage: (Time, Time), requests: &[Request]) -> Vec<Entry> {
    let mut rng = rng.fork("authd");
    let (before, after) = ((span.0, outage.0), (outage.1, span.1));
    let mut entries = chatter(&mut rng, before, &AUTHD_DAILY);
    entries.extend(chatter(&mut rng, outage, &AUTHD_DAILY[3..]));
    entries.extend(chatter(&mut rng, after, &AUTHD_DAILY));
    entries.extend(echo(
        &mut rng,
        requests,
        |r| r.operation && !r.failed,
        &AUTHD_OK,
    ));
    entries.extend(echo(&mut rng, requests, |r| r.failed, &AUTHD_FAILED));
    let moments = [
        (
            10_00_01,
            info(
                1,
                "authd.credentials",
                "nightly rotation (delayed): stored service credential replaced, generation 88",
            ),
        ),
        (
            11_45_19,
            info(
                1,
                "authd.credentials",
                "service credential set by recovery key, generation 89",
            ),
        ),
        (
            11_45_21,
            info(
                1,
                "authd.directory",
                "bound as cn=authd,ou=services, pool 1/16",
            ),
        ),
        (11_57_02, info(1, "authd.cache", "primed 30214 entries")),
    ];
    entries.extend(moments.map(|(at, line)| once(&mut rng, DAY.at(at), &line)));
    entries
}

fn directory(rng: &Rng, span: (Time, Time), outage: (Time, Time)) -> Vec<Entry> {
    let mut rng = rng.fork("directory");
    let daily = [
        info(
            60,
            "slapd",
            "conn={1000..9999} op=2 SEARCH RESULT tag=101 err=0 nentries={0..4}",
        ),
        info(12, "slapd", "conn={1000..9999} fd={12..40} closed"),
        info(6, "CRON", "(root) CMD (/usr/lib/sysstat/sa1 1 1)"),
        warn(2, "slapd", "bdb_equality_candidates: (mail) not indexed"),
        error(
            1,
            "rsyncd",
            "connection unexpectedly closed ({0..900} bytes received so far)",
        ),
    ];
    let refusals = [info(
        90,
        "slapd",
        "conn={1000..9999} op=0 RESULT tag=97 err=49 text=invalid credentials",
    )];
    let mut entries = chatter(&mut rng, span, &daily);
    entries.extend(chatter(&mut rng, (outage.0, DAY.at(11_45_00)), &refusals));
    entries
}

fn alerts(fault: &Fault) -> Vec<Post> {
    let down = alert(
        "AuthServerNotResponding",
        "authd",
        "critical",
        "auth-1:9000",
        "authd on auth-1 has not answered its probe for 30 s",
        DAY.at(10_00_38).plus_ms(204),
    );
    let certificate = alert(
        "CertificateExpiresSoon",
        "catalog",
        "warning",
        "catalog.example.internal",
        "Certificate expires in 13 days",
        DAY.at(9_15_10).plus_ms(17),
    );
    let replica = alert(
        "ReplicaLag",
        "reporting-db",
        "warning",
        "rep-2",
        "Replica is more than 60 s behind",
        DAY.at(11_12_40).plus_ms(330),
    );
    vec![
        post([certificate]),
        post([down]).is(Mark::Detected("alert")),
        post([replica]),
        post([replica.until(DAY.at(11_19_40).plus_ms(330))]),
        post([down, certificate]),
        post([down.until(fault.to.plus_s(96))]),
    ]
}

fn pages() -> Vec<Event> {
    let incident = Incident {
        id: "Q0AUTHD0213BB",
        number: 2_301,
        title: "AuthServerNotResponding authd auth-1",
        service: "authd",
        created: DAY.at(10_00_44).plus_ms(610),
    };
    Pager::open(incident, TOBIAS)
        .then(
            DAY.at(10_01_57).plus_ms(40),
            Act::Acknowledged,
            TOBIAS,
            Some(Mark::Acknowledged),
        )
        .hand(
            DAY.at(11_00_12).plus_ms(388),
            Act::Escalated,
            TOBIAS,
            DIPESH,
            Some(Mark::Escalated),
        )
        .then(
            DAY.at(11_01_30).plus_ms(512),
            Act::Acknowledged,
            DIPESH,
            None,
        )
        .then(
            DAY.at(12_06_02).plus_ms(871),
            Act::Resolved,
            FAROUK,
            Some(Mark::Resolved),
        )
        .events
}

fn changes() -> Vec<Change> {
    vec![
        change(DAY.at(9_20_31), "deploy", "catalog", "118", SHIPBOT),
        change(
            DAY.at(10_47_12),
            "deploy",
            "recommendations",
            "3.3.0",
            SHIPBOT,
        ),
        change(DAY.at(11_31_05), "hotfix", "credctl", "1.8.3", DIPESH).is(Mark::FixDeployed),
        change(
            DAY.at(11_45_17),
            "secret",
            "authd",
            "service-credential generation 89",
            HYEJIN,
        )
        .is(Mark::FurtherFix),
        change(DAY.at(12_31_44), "deploy", "catalog", "119", SHIPBOT),
    ]
}
