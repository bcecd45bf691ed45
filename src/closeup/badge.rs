//! A field of the request lines that by its values can only be who asks, where none is called so: ids of one
//! shape, many different ones, each in a few requests. Ids of requests are new in nearly every line; those of
//! hosts are few.

use recon_parsers::record::field;
use recon_parsers::token::pairs;
use recon_parsers::{Record, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Requests that are looked at.
pub(super) const LOOKED_AT: usize = 4000;
/// Fewer tell nothing.
const ENOUGH: usize = 200;
/// Fewer different values are hosts, shards, regions.
const MANY: usize = 20;
/// Of so many requests one has the commonest value at most.
const COMMONEST: usize = 8;
/// Values that are kept of a field.
const KEPT: usize = LOOKED_AT;

/// Parts of names of what many requests share, and nobody is.
#[rustfmt::skip]
const THINGS: &[&str] = &[
    "address", "amount", "article", "asset", "batch", "booking", "branch", "bucket", "build", "byte", "bytes",
    "cache", "cart", "claim", "class", "code", "commit", "conn", "connection", "container", "correlation",
    "coupon", "currency", "cursor", "date", "depot", "device", "digest", "document", "env", "etag", "event", "file",
    "fingerprint", "flight", "hash", "host", "image", "index", "instance", "invoice", "ip", "item", "job",
    "key", "lang", "length", "level", "line", "list", "listing", "locale", "lock", "lot", "machine", "match",
    "message", "method", "model", "msg", "node", "nonce", "object", "offer", "offset", "op", "operation", "order", "page",
    "parcel", "partition", "path", "payment", "pid", "place", "plan", "pod", "port", "price", "product",
    "project", "quantity", "query", "queue", "rack", "record", "ref", "referer", "region", "reply", "req", "request",
    "resource", "retry", "revision", "room", "route", "row", "saga", "seat", "seq", "sequence", "server", "service",
    "session", "shard", "shipment", "shop", "size", "sku", "slot", "span", "stage", "stamp", "station", "status",
    "step", "stop", "store", "stream", "table", "task", "template", "thread", "ticket", "time", "title", "tls",
    "token", "topic", "total", "tower", "trace", "transaction", "trip", "tx", "txn", "type", "unit",
    "upstream", "uri", "url", "vehicle", "version", "volume", "warehouse", "worker", "zone",
];

/// The values of the fields of requests.
#[derive(Default)]
pub(super) struct Badges {
    requests: usize,
    fields: BTreeMap<String, Seen>,
}

#[derive(Default)]
struct Seen {
    times: usize,
    values: BTreeMap<String, usize>,
    shapes: BTreeSet<String>,
}

impl Badges {
    /// Whether enough was seen.
    pub(super) const fn is_full(&self) -> bool {
        self.requests >= LOOKED_AT
    }

    /// Notes what a request says of itself.
    pub(super) fn add(&mut self, record: &Record<'_>) {
        self.requests += 1;
        let mut names = BTreeSet::new();
        for (name, value) in all(record) {
            if !may_be(name) || !names.insert(name) {
                continue;
            }
            let seen = self.fields.entry(name.to_owned()).or_default();
            seen.times += 1;
            if seen.values.len() < KEPT {
                *seen.values.entry(value.to_owned()).or_default() += 1;
                seen.shapes.insert(shape(value));
            }
        }
    }

    /// The field, if it is the only one of its kind.
    pub(super) fn field(self) -> Option<String> {
        if self.requests < ENOUGH {
            return None;
        }
        let asks = |seen: &Seen| {
            let different = seen.values.len();
            let commonest = seen.values.values().max().copied().unwrap_or(0);
            let id = |shape: &String| shape.contains('0') && shape.len() > 1;
            seen.times * 10 >= self.requests * 8
                && different >= MANY
                && different * 10 <= seen.times * 8
                && commonest * COMMONEST <= seen.times
                && seen.shapes.len() == 1
                && seen.shapes.iter().all(id)
        };
        let mut found = self.fields.into_iter().filter(|(_, seen)| asks(seen));
        let (name, _) = found.next()?;
        found.next().is_none().then_some(name)
    }
}

/// What a request says at a name.
pub(super) fn value<'r>(record: &'r Record<'_>, name: &str) -> Option<&'r str> {
    let mut all = all(record);
    all.find_map(|(n, value)| (n == name).then_some(value))
}

/// Fields that are texts, and pairs in the message.
fn all<'r>(record: &'r Record<'_>) -> impl Iterator<Item = (&'r str, &'r str)> {
    let text = |value: &'r Value<'_>| value.as_text();
    let fields = record.fields.iter();
    let fields = fields.filter_map(move |(name, value)| Some((name, text(value)?)));
    fields.chain(pairs::among_words(&record.message).take(32))
}

/// Whether a name may be one for who asks.
fn may_be(name: &str) -> bool {
    const KNOWN: [&str; 9] = [
        field::REQUEST_ID,
        field::SESSION,
        field::CLIENT,
        field::METHOD,
        field::PATH,
        field::STATUS,
        field::LOGGER,
        field::ERROR,
        field::LATENCY_MS,
    ];
    let mut parts: Vec<String> = vec![String::new()];
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() {
            parts.push(String::new());
        }
        if let Some(last) = parts.last_mut().filter(|_| c.is_alphanumeric()) {
            last.extend(c.to_lowercase());
        }
    }
    let whole = name.to_ascii_lowercase();
    let thing =
        |part: &str| THINGS.contains(&part) || THINGS.contains(&part.trim_end_matches("id"));
    !KNOWN.contains(&name) && !thing(&whole) && !parts.iter().any(|p| thing(p) && !p.is_empty())
}

/// Digits are `0`, however many; letters before the first digit stand as they are. Of hexadecimal numbers
/// and their like only the length matters.
fn shape(value: &str) -> String {
    let prefix: String = value.chars().take_while(|c| !c.is_ascii_digit()).collect();
    let rest = value.get(prefix.len()..).unwrap_or_default();
    if !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()) {
        return format!("{prefix}0");
    }
    let lengths = value.split('-').map(|part| {
        let id = part.bytes().all(|b| b.is_ascii_alphanumeric());
        let long = part.len() >= 4;
        format!("{}{}", if id && long { "0" } else { part }, part.len())
    });
    lengths.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::{Badges, may_be};
    use recon_parsers::{Kind, Record};

    fn field(line: impl Fn(usize) -> String) -> Option<String> {
        let mut badges = Badges::default();
        for n in 0..600 {
            badges.add(&Record::new(Kind::Access, line(n)));
        }
        badges.field()
    }

    #[test]
    fn who_asks_comes_again_but_not_always() {
        let badge = field(|n| {
            format!(
                "PUT /gate 200 4ms badge=KX{} lane=L{}",
                7000 + n * 7 % 150,
                n % 9
            )
        });
        assert_eq!(badge.as_deref(), Some("badge"));
    }

    #[test]
    fn ids_of_requests_hosts_and_orders_are_nobody() {
        for (name, of) in [
            ("nr", 100_000),
            ("lane", 9),
            ("order", 150),
            ("hostRef", 150),
            ("parcelid", 150),
        ] {
            let found = field(|n| format!("PUT /gate 200 4ms {name}=KX{}", 7000 + n * 7 % of));
            assert_eq!(found, None, "{name}");
        }
        assert_eq!(
            field(|n| format!("PUT /gate 200 weight={}", 7000 + n * 7 % 150)),
            None,
            "a number"
        );
        let two = field(|n| format!("PUT /gate 200 a=KX{} b=ZT{}", n * 7 % 150, n * 11 % 140));
        assert_eq!(two, None, "which of them?");
        assert!(may_be("badge") && may_be("holder_nr") && !may_be("seatNumber"));
    }
}
