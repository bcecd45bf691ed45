//! The company that an incident happens in: its services, its users, its people.

use crate::Kind;
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

const PUBLIC: [(&str, &[&str]); 16] = [
    (
        "checkout",
        &[
            "POST /checkout",
            "GET /checkout/#",
            "POST /checkout/#/confirm",
        ],
    ),
    (
        "catalog",
        &["GET /catalog", "GET /catalog/#", "GET /catalog/#/photos"],
    ),
    ("search", &["GET /search", "GET /search/suggest"]),
    (
        "accounts",
        &["POST /login", "GET /account", "PUT /account/settings"],
    ),
    (
        "basket",
        &[
            "GET /basket",
            "POST /basket/items",
            "DELETE /basket/items/#",
        ],
    ),
    (
        "bookings",
        &["POST /bookings", "GET /bookings/#", "GET /bookings"],
    ),
    ("profiles", &["GET /profiles/#", "POST /profiles/#/avatar"]),
    ("reviews", &["GET /reviews", "POST /reviews"]),
    ("parcels", &["GET /parcels/#", "POST /parcels/#/reroute"]),
    (
        "playlists",
        &[
            "GET /playlists",
            "POST /playlists",
            "GET /playlists/#/tracks",
        ],
    ),
    (
        "invoicing",
        &["GET /invoices", "GET /invoices/#", "POST /invoices/#/pay"],
    ),
    ("inbox", &["GET /inbox", "POST /inbox", "GET /inbox/#"]),
    ("uploads", &["POST /uploads", "GET /uploads/#"]),
    ("feed", &["GET /feed", "GET /feed/latest"]),
    ("quotes", &["POST /quotes", "GET /quotes/#"]),
    ("timetable", &["GET /timetable", "GET /timetable/stops/#"]),
];
const INTERNAL: [&str; 9] = [
    "pricing",
    "ledger",
    "tokens",
    "inventory",
    "tax-engine",
    "recommender",
    "geocoder",
    "entitlements",
    "fraud-check",
];
const STORES: [&str; 6] = [
    "orders-db",
    "users-db",
    "main-postgres",
    "session-cache",
    "mysql-core",
    "doc-store",
];
const PEOPLE: [Person; 14] = {
    const fn p(first: &'static str, last: &'static str) -> Person {
        Person { first, last }
    }
    [
        p("Ilse", "Vermeer"),
        p("Kofi", "Adjei"),
        p("Rosa", "Lindgren"),
        p("Mehmet", "Yildiz"),
        p("Hana", "Kubo"),
        p("Piotr", "Wrona"),
        p("Lucia", "Ferro"),
        p("Owen", "Brandt"),
        p("Nadia", "Haddad"),
        p("Jens", "Thorsen"),
        p("Carla", "Mendes"),
        p("Sunil", "Rao"),
        p("Greta", "Novak"),
        p("Emeka", "Obi"),
    ]
};
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
    pub fn draw(rng: &Rng, kind: Kind) -> Self {
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
        let (services, public) = services(&mut rng, kind);
        let regions = vec!["eu-north", "us-central", "ap-south"];
        let users = users(&mut rng, regions.len());
        let mut people = PEOPLE.to_vec();
        rng.shuffle(&mut people);
        people.truncate(7);
        let edge = if kind == Kind::OneLog {
            *rng.pick(&[Edge::Nginx, Edge::Combined, Edge::Json, Edge::Logfmt])
        } else {
            *rng.pick(&[
                Edge::Nginx,
                Edge::Nginx,
                Edge::Combined,
                Edge::Json,
                Edge::Logfmt,
                Edge::Balancer,
            ])
        };
        Self {
            span: (start, start.plus_min(hours * 60)),
            services,
            public,
            users,
            regions,
            people,
            // Only some logs tell how long an answer took.
            edge: if kind == Kind::Slow && edge == Edge::Combined {
                Edge::Nginx
            } else {
                edge
            },
            edge_name: *rng.pick(&["edge", "gateway", "ingress", "frontdoor"]),
            pace: rng.skewed(200, 1_400),
            sample: if kind == Kind::Sampled {
                *rng.pick(&[2, 4, 5])
            } else {
                1
            },
        }
    }

    /// The lines of a pattern, the first of its numbers filled in.
    #[must_use]
    pub fn name(&self, service: usize) -> &str {
        &self.services[service].name
    }
}

fn services(rng: &mut Rng, kind: Kind) -> (Vec<Service>, usize) {
    let mut fronts = PUBLIC.to_vec();
    rng.shuffle(&mut fronts);
    let public = usize::try_from(rng.between(3, 5)).unwrap_or(3);
    let mut inner = INTERNAL.to_vec();
    rng.shuffle(&mut inner);
    let inner: Vec<&str> = inner
        .into_iter()
        .take(2)
        .chain([*rng.pick(&STORES)])
        .collect();
    let mut all: Vec<Service> = Vec::new();
    for (name, routes) in fronts.into_iter().take(public) {
        let calls = vec![public + rng.index(2), public + 2];
        let routes = routes.iter().map(|r| route(rng, r)).collect();
        all.push(service(rng, name, routes, calls));
    }
    for name in inner {
        let mut inner = service(rng, name, vec![], vec![]);
        inner.store = STORES.contains(&name);
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

fn service(rng: &mut Rng, name: &str, routes: Vec<Route>, calls: Vec<usize>) -> Service {
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
        style: *rng.pick(&STYLES),
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
