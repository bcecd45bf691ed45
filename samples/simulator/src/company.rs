//! Names of services, databases and people, by the author of a bundle.

use crate::speech::Dialect;
use crate::world::Person;

/// Names to draw a company from.
#[derive(Debug)]
pub struct Company {
    /// Public services and what can be asked of them.
    pub public: &'static [(&'static str, &'static [&'static str])],
    /// Services that only others call.
    pub inner: &'static [&'static str],
    /// Databases and caches.
    pub stores: &'static [&'static str],
    /// People.
    pub people: &'static [Person],
    /// What the edge may be called.
    pub edges: &'static [&'static str],
    /// Regions.
    pub regions: &'static [&'static str],
}

/// The names that go with a dialect.
#[must_use]
pub const fn of(dialect: Dialect) -> &'static Company {
    match dialect {
        Dialect::Plain => &PLAIN,
        Dialect::Other => &OTHER,
        Dialect::Unseen | Dialect::Fresh => &UNSEEN,
    }
}

const fn p(first: &'static str, last: &'static str) -> Person {
    Person { first, last }
}

const PLAIN: Company = Company {
    public: &[
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
    ],
    inner: &[
        "pricing",
        "ledger",
        "tokens",
        "inventory",
        "tax-engine",
        "recommender",
        "geocoder",
        "entitlements",
        "fraud-check",
    ],
    stores: &[
        "orders-db",
        "users-db",
        "main-postgres",
        "session-cache",
        "mysql-core",
        "doc-store",
    ],
    people: &[
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
    ],
    edges: &["edge", "gateway", "ingress", "frontdoor"],
    regions: &["eu-north", "us-central", "ap-south"],
};

const OTHER: Company = Company {
    public: &[
        (
            "storefront",
            &["GET /home", "GET /deals/#", "POST /vouchers"],
        ),
        ("wallet", &["POST /wallet/topup", "GET /wallet/balance"]),
        ("rides", &["POST /rides", "GET /rides/#", "DELETE /rides/#"]),
        ("tickets-web", &["GET /events", "POST /seats/#/hold"]),
        ("streams", &["GET /streams/#", "POST /streams"]),
        ("alerts-ui", &["GET /rules", "PUT /rules/#"]),
        ("kyc", &["POST /kyc/documents", "GET /kyc/status"]),
        ("menu", &["GET /menu", "GET /menu/#"]),
        ("loyalty", &["GET /points", "POST /points/redeem"]),
        ("signup", &["POST /signup", "GET /signup/verify"]),
        ("courses", &["GET /courses", "GET /courses/#/lessons"]),
        ("claims", &["POST /claims", "GET /claims/#"]),
    ],
    inner: &[
        "matcher",
        "ratings",
        "mailer",
        "limits",
        "translations",
        "stockkeeper",
        "quota-svc",
    ],
    stores: &[
        "wallet-pg",
        "redis-main",
        "mariadb-1",
        "events-mongo",
        "couch",
    ],
    people: &[
        p("Priya", "Nair"),
        p("Tom", "Whitaker"),
        p("Anke", "Scholz"),
        p("Rohan", "Mehta"),
        p("Fiona", "Macleod"),
        p("Bjarne", "Holm"),
        p("Yuki", "Tanabe"),
        p("Diego", "Fuentes"),
        p("Olu", "Adewale"),
        p("Katrin", "Brandl"),
        p("Siobhan", "Keane"),
        p("Arjun", "Pillai"),
    ],
    edges: &["lb", "proxy", "apigw"],
    regions: &["fra1", "bom1", "iad1"],
};

const UNSEEN: Company = Company {
    public: &[
        (
            "payments-api",
            &["POST /api/v1/payments", "GET /api/v1/payments/#"],
        ),
        (
            "auth-service",
            &["POST /api/v1/login", "POST /api/v1/token", "GET /api/v1/me"],
        ),
        (
            "order_service",
            &["POST /api/v2/orders", "GET /api/v2/orders/#"],
        ),
        ("media", &["GET /media/#", "POST /media"]),
        (
            "booking-svc",
            &["POST /v1/reservations", "GET /v1/reservations/#"],
        ),
        ("web-frontend", &["GET /", "GET /product/#", "GET /faq"]),
        (
            "notifications",
            &["GET /notifications", "POST /notifications/ack"],
        ),
        (
            "shipping",
            &["GET /rates", "POST /labels", "GET /tracking/#"],
        ),
        ("chat-backend", &["GET /rooms/#", "POST /rooms/#/messages"]),
        ("graphql", &["POST /graphql"]),
        ("subscriptions", &["POST /plans/#/subscribe", "GET /plans"]),
        ("maps", &["GET /tiles/#", "GET /directions"]),
    ],
    inner: &[
        "rules-engine",
        "user-profile",
        "email-sender",
        "currency",
        "risk",
        "session-manager",
    ],
    stores: &[
        "postgres-primary",
        "auth-db",
        "cassandra",
        "kv-cache",
        "orders-mysql",
    ],
    people: &[
        p("Alice", "Moreau"),
        p("Bob", "Stanton"),
        p("Chen", "Wei"),
        p("Dana", "Levi"),
        p("Erik", "Solberg"),
        p("Farah", "Aziz"),
        p("Gita", "Menon"),
        p("Henry", "Cole"),
        p("Ines", "Duarte"),
        p("Jakub", "Zeman"),
        p("Kim", "Soo"),
        p("Leo", "Martins"),
    ],
    edges: &["nginx-edge", "public-lb", "api-gateway"],
    regions: &["emea", "amer", "apac"],
};
