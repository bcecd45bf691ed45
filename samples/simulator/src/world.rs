//! The company that an incident happens in: its services, its users, its people.

use crate::Kind;
use crate::company;
use crate::speech::{Dialect, Speech};
use recon_samples::rng::Rng;
use recon_samples::time::{Day, Time, Zone};

/// Something that can be asked for.
#[derive(Clone, Debug)]
pub struct Route {
    /// Method.
    pub method: &'static str,
    /// Path, with `#` for an id.
    pub path: String,
    /// How often, against the others.
    pub weight: u32,
    /// Usual milliseconds.
    pub ms: i64,
}

/// How a program writes its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// JSON, one object a line.
    Json,
    /// The same inside a container runtime's lines.
    Cri,
    /// `key=value`.
    Logfmt,
    /// log4j and its kin.
    Log4j,
    /// Python's logging.
    Python,
    /// Syslog, RFC 5424.
    Syslog5424,
    /// Syslog, RFC 3164: neither year nor zone.
    Syslog3164,
    /// klog: neither year nor zone.
    Klog,
    /// zap's console encoder.
    Zap,
    /// Docker's json-file.
    Docker,
    /// Time, level and component each in brackets.
    Brackets,
}

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Where it runs.
    pub host: String,
    /// What it answers; none for what only other services call.
    pub routes: Vec<Route>,
    /// The internal services that it calls, by number.
    pub calls: Vec<usize>,
    /// How it logs.
    pub style: Style,
    /// Microseconds that its clock is ahead.
    pub skew: i64,
    /// It is a database or a cache.
    pub store: bool,
    /// Per mille of good requests that it says something of.
    pub talkative: u32,
}

/// How the edge writes requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// nginx with request time, user and request id at the end.
    Nginx,
    /// nginx's combined, the user in the third column.
    Combined,
    /// JSON.
    Json,
    /// `key=value`.
    Logfmt,
    /// A cloud load balancer: no users.
    Balancer,
    /// Traefik's JSON: no users.
    Traefik,
    /// Envoy: no users.
    Envoy,
    /// HAProxy: no users.
    Haproxy,
}

/// Somebody who works there.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// First name.
    pub first: &'static str,
    /// Last name.
    pub last: &'static str,
}

impl Person {
    /// Both names.
    #[must_use]
    pub fn name(self) -> String {
        format!("{} {}", self.first, self.last)
    }

    /// Login.
    #[must_use]
    pub fn login(self) -> String {
        let first = self.first.chars().take(1).collect::<String>();
        format!("{first}{}", self.last).to_lowercase()
    }
}

/// A user of the product.
#[derive(Clone, Debug)]
pub struct User {
    /// Id.
    pub id: String,
    /// Address.
    pub client: String,
    /// Number of the region.
    pub region: usize,
}

/// The company.
#[derive(Clone, Debug)]
pub struct World {
    /// Whose words it is told in.
    pub dialect: Dialect,
    /// What the logs cover.
    pub span: (Time, Time),
    /// Public services first.
    pub services: Vec<Service>,
    /// How many of them are public.
    pub public: usize,
    /// Users.
    pub users: Vec<User>,
    /// Regions.
    pub regions: Vec<&'static str>,
    /// People on call and around.
    pub people: Vec<Person>,
    /// How the edge logs.
    pub edge: Edge,
    /// The edge's name.
    pub edge_name: &'static str,
    /// Requests in a thousand seconds.
    pub pace: i64,
    /// One request in so many is logged.
    pub sample: i64,
}

const OTHER_STYLES: [Style; 8] = [
    Style::Klog,
    Style::Zap,
    Style::Docker,
    Style::Brackets,
    Style::Json,
    Style::Logfmt,
    Style::Log4j,
    Style::Syslog5424,
];
const STYLES: [Style; 7] = [
    Style::Json,
    Style::Cri,
    Style::Logfmt,
    Style::Log4j,
    Style::Python,
    Style::Syslog5424,
    Style::Syslog3164,
];

impl World {
    /// A company for this kind of incident.
    #[must_use]
    pub fn draw(rng: &Rng, kind: Kind, dialect: Dialect) -> Self {
        let names = company::of(dialect);
        let mut rng = rng.fork("world");
        let day = Day {
            date: (
                2025,
                u32::try_from(rng.between(1, 12)).unwrap_or(1),
                u32::try_from(rng.between(1, 28)).unwrap_or(1),
            ),
            zone: Zone::UTC,
        };
        let start = day
            .at(0)
            .plus_min(rng.between(0, 1_000))
            .plus_s(rng.between(0, 59));
        let hours = if kind == Kind::Apart {
            rng.between(8, 9)
        } else {
            rng.between(4, 6)
        };
        let (services, public) = services(&mut rng, kind, dialect);
        let regions = names.regions.to_vec();
        let users = users(&mut rng, regions.len());
        let mut people = names.people.to_vec();
        rng.shuffle(&mut people);
        people.truncate(7);
        let edge = edge(&mut rng, kind, dialect);
        Self {
            dialect,
            span: (start, start.plus_min(hours * 60)),
            services,
            public,
            users,
            regions,
            people,
            edge,
            edge_name: rng.pick::<&str>(names.edges),
            pace: rng.skewed(200, 1_400),
            sample: if kind == Kind::Sampled {
                *rng.pick(&[2, 4, 5])
            } else {
                1
            },
        }
    }

    /// Whether the edge's log tells users apart.
    #[must_use]
    pub const fn knows_users(&self) -> bool {
        matches!(
            self.edge,
            Edge::Nginx | Edge::Combined | Edge::Json | Edge::Logfmt
        )
    }

    /// The words that it is told in.
    #[must_use]
    pub const fn speech(&self) -> &'static Speech {
        self.dialect.speech()
    }

    /// The name of a service.
    #[must_use]
    pub fn name(&self, service: usize) -> &str {
        &self.services[service].name
    }
}

fn edge(rng: &mut Rng, kind: Kind, dialect: Dialect) -> Edge {
    let all: &[Edge] = match (dialect, kind) {
        (Dialect::Plain, Kind::OneLog) => &[Edge::Nginx, Edge::Combined, Edge::Json, Edge::Logfmt],
        (Dialect::Plain, _) => &[
            Edge::Nginx,
            Edge::Nginx,
            Edge::Combined,
            Edge::Json,
            Edge::Logfmt,
            Edge::Balancer,
        ],
        _ => &[
            Edge::Traefik,
            Edge::Envoy,
            Edge::Haproxy,
            Edge::Nginx,
            Edge::Json,
            Edge::Combined,
        ],
    };
    // Only some logs tell how long an answer took.
    match *rng.pick(all) {
        Edge::Combined if kind == Kind::Slow => Edge::Nginx,
        edge => edge,
    }
}

fn services(rng: &mut Rng, kind: Kind, dialect: Dialect) -> (Vec<Service>, usize) {
    let names = company::of(dialect);
    let mut fronts = names.public.to_vec();
    rng.shuffle(&mut fronts);
    let public = usize::try_from(rng.between(3, 5)).unwrap_or(3);
    let mut inner = names.inner.to_vec();
    rng.shuffle(&mut inner);
    let inner: Vec<&str> = inner
        .into_iter()
        .take(2)
        .chain([*rng.pick(names.stores)])
        .collect();
    let mut all: Vec<Service> = Vec::new();
    for (name, routes) in fronts.into_iter().take(public) {
        let calls = vec![public + rng.index(2), public + 2];
        let routes = routes.iter().map(|r| route(rng, r)).collect();
        all.push(service(rng, dialect, name, routes, calls));
    }
    for name in inner {
        let mut inner = service(rng, dialect, name, vec![], vec![]);
        inner.store = names.stores.contains(&name);
        all.push(inner);
    }
    if kind == Kind::Sampled {
        for service in &mut all {
            service.skew = rng.between(-2_500, 2_500) * 1_000;
        }
    }
    (all, public)
}

fn route(rng: &mut Rng, line: &str) -> Route {
    let (method, path) = line.split_once(' ').unwrap_or(("GET", line));
    let method = match method {
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        _ => "GET",
    };
    let prefix = "";
    let weight = if method == "GET" {
        rng.between(3, 9)
    } else {
        rng.between(1, 4)
    };
    Route {
        method,
        path: format!("{prefix}{path}"),
        weight: u32::try_from(weight).unwrap_or(1),
        ms: rng.between(12, 160),
    }
}

fn service(
    rng: &mut Rng,
    dialect: Dialect,
    name: &str,
    routes: Vec<Route>,
    calls: Vec<usize>,
) -> Service {
    let styles: &[Style] = if dialect == Dialect::Plain {
        &STYLES
    } else {
        &OTHER_STYLES
    };
    let host = match rng.between(0, 2) {
        0 => format!("{name}-{}", rng.between(1, 9)),
        1 => format!("{name}-{}-{}", rng.hex(8), rng.hex(5)),
        _ => format!("ip-10-0-{}-{}", rng.between(1, 250), rng.between(1, 250)),
    };
    Service {
        name: name.to_owned(),
        host,
        routes,
        calls,
        style: *rng.pick(styles),
        skew: 0,
        store: false,
        talkative: u32::try_from(rng.between(30, 250)).unwrap_or(300),
    }
}

fn users(rng: &mut Rng, regions: usize) -> Vec<User> {
    let prefix = *rng.pick(&["u", "usr_", "c-", "acct", ""]);
    (0..rng.between(250, 1_200))
        .map(|n| User {
            id: format!("{prefix}{}", 10_000 + n * 13 + rng.between(0, 12)),
            client: format!(
                "{}.{}",
                rng.pick(&["198.51.100", "203.0.113", "192.0.2"]),
                rng.between(1, 254)
            ),
            region: rng.index(regions),
        })
        .collect()
}
