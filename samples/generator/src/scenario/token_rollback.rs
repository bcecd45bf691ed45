//! New token settings sign with a key that nobody verifies against. No alert watches
//! for 401, so the customers' tickets detect it.

use super::{PAGES, PUBLIC, alert, route};
use crate::bundle::{Bundle, Mark, Story};
use crate::cast::{ANNEKE, LEO, SHIPBOT};
use crate::expect::{Lead, Truth};
use crate::format::alertmanager::{Post, post};
use crate::format::change_lines::{Change, change};
use crate::format::tickets::{self, Ticket};
use crate::format::{Program, cri, klog, logback, nginx};
use crate::rng::Rng;
use crate::time::{Day, Time, Zone};
use crate::traffic::{self, Answer, Fault, Request, Route, Site};
use crate::voice::{Entry, Line, chatter, echo, error, info, once, warn};

use std::collections::BTreeSet;

/// Name of the bundle.
pub const NAME: &str = "002-token-rollback";

const DAY: Day = Day {
    date: (2024, 1, 22),
    zone: Zone::UTC,
};

const OPERATION: [Route; 3] = [
    route(7, "POST", "/oauth/token", 200, (920, 1_040), (25, 180)),
    route(3, "GET", "/oauth/userinfo", 200, (240, 330), (6, 60)),
    route(2, "POST", "/signin", 200, (410, 470), (50, 280)),
];

const SITE: Site = Site {
    prefix: "c",
    population: 800,
    visits_per_hour: 296,
    operation: &OPERATION,
    pages: &PAGES,
    public: &PUBLIC,
    public_per_hour: 130,
    typos_per_hour: 0,
    health_every_s: 30,
};

const EDGE: nginx::Style = nginx::Style {
    zone: Zone::UTC,
    user_column: false,
    user: "user",
    id: "request_id",
    site: "app.larkfield.example",
};

/// What the bundle tells.
#[must_use]
pub fn bundle() -> Bundle {
    let rng = Rng::new(0x002);
    let span = (DAY.at(14_15_00), DAY.at(17_40_00));
    let fault = Fault {
        from: DAY.at(15_30_00),
        to: DAY.at(16_45_00),
        active: 340,
        affected: 153,
        answers: &[Answer {
            weight: 1,
            status: 401,
            took_ms: (5, 70),
        }],
        tries: (2, 6),
    };
    let requests = traffic::play(&SITE, span, Some(&fault), &rng);
    let complaints = complaints(&rng, span, &fault, &requests);
    let mut story = Story::new(NAME);
    story.file("edge/access.log", nginx::render(&EDGE, &requests));
    story.log(
        "sso/sso.log",
        &SSO,
        logback::write,
        sso(&rng, span, &requests),
    );
    story.log(
        "gateway/gateway-6d4b.log",
        &GATEWAY,
        cri::logfmt,
        gateway(&rng, span, &requests),
    );
    story.log(
        "nodes/kubelet.log",
        &KUBELET,
        klog::write,
        chatter(&mut rng.fork("kubelet"), span, &NODE),
    );
    story.alerts("alerts.jsonl", &alerts());
    story.changes("changes.jsonl", &changes(), Zone::UTC);
    if let Some(first) = complaints.iter().find(|t| t.priority == "high") {
        story.mark(Mark::Detected("ticket"), first.at);
    }
    story.file("tickets.csv", tickets::render(&complaints, 48_113));
    story.chat(DAY, include_str!("chat/002.txt"));
    story.finish(&Truth {
        requests: &requests,
        operation: &OPERATION,
        fault: Some(&fault),
        culprit: Some("sso"),
        cause: Some((
            "sso",
            "config",
            "sso-config 2024-01-22.1 (token generation)",
        )),
        leads: &[Lead {
            name: "database",
            words: &["database", "db", "connection"],
        }],
        tasks: &[],
    })
}

const SSO: Program = Program {
    name: "http-8443",
    host: "sso-0",
    pid: 1,
    zone: Zone::UTC,
};
const GATEWAY: Program = Program {
    name: "gateway",
    host: "gateway-6d4b",
    pid: 1,
    zone: Zone::UTC,
};
const KUBELET: Program = Program {
    name: "kubelet",
    host: "node-4",
    pid: 1_482,
    zone: Zone::UTC,
};

const NODE: [Line; 6] = [
    info(
        30,
        "kubelet_pods.go:1298",
        "\"Killed unwanted pod\" podName=\"thumbnails-{#5}\"",
    ),
    info(
        30,
        "prober.go:107",
        "\"Probe succeeded\" probeType=\"Readiness\" pod=\"larkfield/gateway-{#4}\"",
    ),
    info(
        10,
        "reconciler.go:224",
        "\"operationExecutor.VerifyControllerAttachedVolume started\" volume=\"config-{#4}\"",
    ),
    warn(
        4,
        "container.go:586",
        "Failed to update stats for container \"/kubepods/burstable/pod{#8}\": unable to determine device info, continuing",
    ),
    error(
        3,
        "remote_runtime.go:222",
        "\"StopContainer from runtime service failed\" err=\"context deadline exceeded\" containerID=\"{#12}\"",
    ),
    error(
        2,
        "pod_workers.go:951",
        "\"Error syncing pod, skipping\" err=\"CrashLoopBackOff: back-off {1..5}m0s\" pod=\"larkfield/feed-import-{#4}\"",
    ),
];

const SSO_DAILY: [Line; 6] = [
    info(
        20,
        "l.sso.keys.KeyRing",
        "key ring checked: slots 0 and 1 active",
    ),
    info(
        30,
        "l.sso.store.SessionStore",
        "evicted {1..40} idle sessions",
    ),
    warn(
        5,
        "l.sso.client.Registry",
        "client {mobile|partner-feed|legacy-desk} uses a deprecated grant",
    ),
    warn(
        2,
        "c.z.h.pool.HikariPool",
        "HikariPool-1 - Retrograde clock change detected, soft-evicting connections",
    ),
    error(2, "l.sso.mail.Notices", "could not queue notice {#8}").trace(&[
        "java.io.IOException: broken pipe",
        "\tat larkfield.sso.mail.Notices.send(Notices.java:77)",
        "\tat larkfield.sso.mail.Notices$Worker.run(Notices.java:131)",
    ]),
    info(
        6,
        "l.sso.metrics.Reporter",
        "reported {90..140} gauges in {2..9} ms",
    ),
];

const SSO_OK: [Line; 2] = [
    info(
        3,
        "l.sso.token.Issuer",
        "issued token for {user} in {took} ms, key slot {0|1}",
    ),
    info(1, "l.sso.token.Verifier", "token of {user} verified"),
];

const SSO_FAILED: [Line; 3] = [
    warn(
        4,
        "l.sso.token.Verifier",
        "rejecting token of {user}: no verification key for slot 2",
    ),
    error(
        3,
        "l.sso.token.Issuer",
        "token for {user} failed self-check after generation",
    )
    .trace(&[
        "larkfield.sso.token.SignatureMismatchException: signature does not verify, kid=slot-2",
        "\tat larkfield.sso.token.Verifier.verify(Verifier.java:142)",
        "\tat larkfield.sso.token.Issuer.issue(Issuer.java:88)",
        "\tat larkfield.sso.web.TokenEndpoint.post(TokenEndpoint.java:51)",
        "Caused by: java.security.SignatureException: unknown key id",
        "\tat larkfield.sso.keys.KeyRing.require(KeyRing.java:60)",
        "\t... 3 common frames omitted",
    ]),
    error(
        2,
        "l.sso.web.TokenEndpoint",
        "401 for {user}: invalid_token (slot-2)",
    ),
];

fn sso(rng: &Rng, span: (Time, Time), requests: &[Request]) -> Vec<Entry> {
    let mut rng = rng.fork("sso");
    let mut entries = chatter(&mut rng, span, &SSO_DAILY);
    entries.extend(echo(
        &mut rng,
        requests,
        |r| r.operation && !r.failed,
        &SSO_OK,
    ));
    entries.extend(echo(&mut rng, requests, |r| r.failed, &SSO_FAILED));
    let moments = [
        (
            15_21_12,
            info(
                1,
                "l.sso.config.Loader",
                "configuration 2024-01-22.1 loaded, token generator switches at the next key epoch 15:30",
            ),
        ),
        (
            15_29_59,
            info(
                1,
                "l.sso.keys.KeyRing",
                "key epoch 2291 begins, signing with slots 0, 2",
            ),
        ),
        (
            16_30_03,
            info(
                1,
                "l.sso.config.Loader",
                "configuration 2024-01-15.2 loaded (rollback)",
            ),
        ),
        (
            16_44_22,
            info(1, "l.sso.Main", "sso 8.3.1-hotfix1 started in 6.2 s"),
        ),
    ];
    entries.extend(moments.map(|(at, line)| once(&mut rng, DAY.at(at), &line)));
    entries
}

fn gateway(rng: &Rng, span: (Time, Time), requests: &[Request]) -> Vec<Entry> {
    let mut rng = rng.fork("gateway");
    let daily = [
        info(30, "upstreams", "health: 14 of 14 upstreams ok"),
        warn(
            5,
            "ratelimit",
            "slowing down {ip}: {40..90} requests in 10 s",
        ),
        error(
            3,
            "proxy",
            "client went away before the answer, path=/api/v2/{orders|invoices}",
        ),
        warn(2, "tls", "handshake with unknown SNI from {ip}"),
    ];
    let pages = [info(
        1,
        "proxy",
        "{method} {path} status={status} took={took}ms",
    )];
    let refused = [warn(
        1,
        "auth",
        "token refused by sso, path={path} status={status}",
    )];
    let mut entries = chatter(&mut rng, span, &daily);
    let page = |r: &Request| r.user.is_some() && !r.operation;
    entries.extend(echo(&mut rng, requests, page, &pages));
    entries.extend(echo(&mut rng, requests, |r| r.failed, &refused));
    entries
}

/// Subjects of the tickets that the outage brings.
const LOCKED_OUT: [(&str, &str); 7] = [
    (
        "Cannot log in",
        "Since a few minutes ago the sign-in page comes back every time.",
    ),
    (
        "login not working",
        "I enter my password, it says welcome, then I am out again.",
    ),
    (
        "Locked out of my account",
        "Tried twice, two browsers. Please help, we have orders to send.",
    ),
    (
        "Sign in fails",
        "error: invalid_token, what does \"slot-2\" mean?",
    ),
    (
        "URGENT can't sign in",
        "Whole team affected except one colleague, strangely.",
    ),
    (
        "kicked out of the app",
        "App asks me to log in again and again.",
    ),
    (
        "Password rejected?",
        "I reset my password and it still does not let me log in.",
    ),
];

const ORDINARY: [(&str, &str); 4] = [
    (
        "Where is my invoice",
        "I need the one for December, please.",
    ),
    ("Change of address", "We moved, new address below."),
    (
        "Export to spreadsheet",
        "Is there a way to export all orders, with dates?",
    ),
    ("Feature request", "Dark mode, please."),
];

fn complaints(rng: &Rng, span: (Time, Time), fault: &Fault, requests: &[Request]) -> Vec<Ticket> {
    let mut rng = rng.fork("tickets");
    let mut tickets = Vec::new();
    let mut at = span.0.plus_s(rng.between(60, 600));
    while at < span.1 {
        let (subject, body) = *rng.pick(&ORDINARY);
        tickets.push(ticket(
            at,
            format!("c{}", rng.between(10_000, 40_000)),
            subject,
            body,
            "low",
        ));
        at = at.plus_s(rng.between(700, 2_400));
    }
    let mut at = fault.from.plus_s(48);
    let mut written = BTreeSet::new();
    for request in requests.iter().filter(|r| r.failed) {
        // The rush ebbs when the word is out, and nobody writes twice.
        let user = request.user.clone().unwrap_or_default();
        if request.at < at || !written.insert(user.clone()) {
            continue;
        }
        let (subject, body) = *rng.pick(&LOCKED_OUT);
        let at_once = request.at.plus_s(1);
        tickets.push(ticket(at_once, user, subject, body, "high"));
        let minutes = request.at.since(fault.from) / 60_000_000;
        at = request.at.plus_s(rng.between(3, 14 + 2 * minutes));
    }
    tickets.sort_by_key(|t| t.at);
    tickets
}

fn ticket(
    at: Time,
    requester: String,
    subject: &'static str,
    body: &'static str,
    priority: &'static str,
) -> Ticket {
    Ticket {
        at,
        requester,
        subject: subject.to_owned(),
        body: body.to_owned(),
        channel: if priority == "low" { "email" } else { "web" },
        priority,
        status: "open",
    }
}

fn alerts() -> Vec<Post> {
    let crash = alert(
        "PodCrashLooping",
        "feed-import",
        "warning",
        "larkfield/feed-import",
        "feed-import restarts again and again",
        DAY.at(14_33_20).plus_ms(800),
    );
    let node = alert(
        "NodeDiskPressure",
        "node-4",
        "warning",
        "node-4:9100",
        "Image cache uses over 85 % of the disk",
        DAY.at(16_02_50).plus_ms(115),
    );
    vec![
        post([crash]),
        post([crash.until(DAY.at(14_41_20).plus_ms(800))]),
        post([node]),
        post([node.until(DAY.at(16_11_50).plus_ms(115))]),
    ]
}

fn changes() -> Vec<Change> {
    vec![
        change(DAY.at(14_31_02), "deploy", "web-frontend", "v902", LEO),
        change(DAY.at(14_52_45), "deploy", "catalog", "1.77", SHIPBOT),
        change(
            DAY.at(15_21_07),
            "config",
            "sso",
            "sso-config 2024-01-22.1 (token generation)",
            ANNEKE,
        )
        .is(Mark::Change),
        change(DAY.at(15_58_30), "deploy", "search", "1.19.2", SHIPBOT),
        change(
            DAY.at(16_30_01),
            "rollback",
            "sso",
            "sso-config 2024-01-15.2",
            ANNEKE,
        )
        .is(Mark::FixDeployed),
        change(DAY.at(16_44_20), "deploy", "sso", "8.3.1-hotfix1", ANNEKE).is(Mark::FurtherFix),
        change(DAY.at(17_21_36), "deploy", "catalog", "1.78", SHIPBOT),
    ]
}
