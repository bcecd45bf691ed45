//! Named values to where a [`Record`] has them: a `ts` to its time, an `err` to
//! the error class, the rest to the fields under their own names.

use super::date::Order;
use super::duration::{Unit, millis};
use super::request::backend;
use super::role::{Role, role};
use super::text::{narrowed, part_of};
use super::{epoch, level, login, pairs, served, time, trailing, whose};
use crate::record::{Kind, Record, field};
use crate::stamp::{Reading, When};
use std::borrow::Cow;

/// The latest rank of a name that is certainly the message, not merely the best guess at one.
const SURE: u8 = 2;

/// The time that a value states, as a date or an epoch.
#[must_use]
pub fn stamp(value: &str) -> Option<Reading> {
    let value = value.trim();
    match time::any(Order::Unknown)(value.as_bytes()) {
        Ok((_, reading)) => Some(reading),
        Err(_) => epoch::epoch(value),
    }
}

/// Files all of `values` in `record`. Of several values of one role the surest has
/// it, the others are fields. What is in the record already stays.
pub fn file<'a>(record: &mut Record<'a>, values: Vec<(Cow<'a, str>, Cow<'a, str>)>) {
    record.at = record.at.or_else(|| parted(&values));
    let roles: Vec<Option<(Role, u8)>> = values.iter().map(|(name, _)| role(name)).collect();
    for ((at, known), (name, value)) in roles.iter().enumerate().zip(values) {
        let surest = known.is_some_and(|(role, rank)| {
            roles.iter().enumerate().all(|(n, other)| {
                n == at || !other.is_some_and(|(r, k)| same(r, role) && (k, n) < (rank, at))
            })
        });
        let leftover = match known {
            Some((role, rank)) if surest => place(record, *role, *rank, value),
            _ => Some(value),
        };
        if let Some(value) = leftover {
            record.fields.push(name, value);
        }
    }
    settle_kind(record);
    if record.kind == Kind::Access && record.service.is_none() {
        record.service = behind(record).map(Cow::Owned);
    }
}

/// The service behind the proxy that tells of a request.
fn behind(record: &Record<'_>) -> Option<String> {
    let mut fields = record.fields.iter();
    let (_, value) = fields.find(|(n, _)| matches!(role(n), Some((Role::Backend, _))))?;
    backend(value.as_text()?).map(str::to_owned)
}

/// The time of firewalls that write `date=2024-01-19 time=10:30:02 tz="+0100"`. Without the zone,
/// the epoch of `eventtime=` knows better.
fn parted(values: &[(Cow<'_, str>, Cow<'_, str>)]) -> Option<Reading> {
    let value = |names: &[&str]| {
        let mut all = names.iter();
        all.find_map(|n| values.iter().find(|(name, _)| name == n).map(|(_, v)| v))
    };
    let (date, clock) = (value(&["date"])?, value(&["time"])?);
    let zone = value(&["tz", "timezone"]).map_or("", |z| z);
    // Zones may be in brackets or quotes, and of any spelling: what cannot be read is left out.
    let whole = format!("{date} {clock} {}", zone.trim_matches(['(', ')']));
    let (_, at) = time::any(Order::Unknown)(whole.as_bytes()).ok()?;
    if matches!(at.when, When::Instant(_)) {
        return Some(at);
    }
    let counted = value(&["eventtime", "timestamp"]).and_then(|v| epoch::epoch(v));
    counted.or(Some(at))
}

/// Files what an object behind a message says, what a message says of a request in words, and what it says in `key=value` pairs, as far as
/// the names mean something.
pub fn gather(record: &mut Record<'_>) {
    trailing::file(record);
    served::file(record);
    login::file(record);
    if memchr::memchr(b'=', record.message.as_bytes()).is_none() {
        return;
    }
    let said = record.message.clone();
    let mut user: Option<(u8, &str)> = None;
    let pairs = pairs::among_words(&said)
        .take(32)
        .filter_map(|(name, value)| Some((role(name)?, value)));
    for ((role, rank), value) in pairs {
        // Who is called a user is whom it is about, wherever it stands.
        if role == Role::User && rank >= whose::WORD {
            let fits = !is_blank(value) && whose::fits(rank, value);
            if fits && user.is_none_or(|(least, _)| rank < least) {
                user = Some((rank, value));
            }
            continue;
        }
        if matches!(
            role,
            Role::Time | Role::Message | Role::Service | Role::Backend | Role::Host | Role::Logger
        ) || (role == Role::Level && record.level.is_some())
        {
            continue;
        }
        place(record, role, 0, part_of(&said, value));
    }
    if let Some((rank, value)) = user {
        place(record, Role::User, rank, part_of(&said, value));
    }
}

fn same(a: Role, b: Role) -> bool {
    a == b || matches!((a, b), (Role::Latency(_), Role::Latency(_)))
}

/// What stands for no value.
fn is_blank(value: &str) -> bool {
    matches!(value, "" | "-" | "null" | "(null)" | "nil" | "<nil>")
}

/// Puts a value where its role belongs; gives it back if it does not fit there
/// or that place is taken.
fn place<'a>(
    record: &mut Record<'a>,
    role: Role,
    rank: u8,
    value: Cow<'a, str>,
) -> Option<Cow<'a, str>> {
    if is_blank(&value) {
        return Some(value);
    }
    let value = undressed(role, value);
    match role {
        Role::User if !whose::fits(rank, &value) => Some(value),
        Role::Time => match stamp(&value) {
            Some(reading) if record.at.is_none() => {
                record.at = Some(reading);
                None
            }
            _ => Some(value),
        },
        Role::Level => match level::word(value.trim().as_bytes()) {
            Some(level) if record.level.is_none() => {
                record.level = Some(level);
                None
            }
            _ => Some(value),
        },
        Role::Message if record.message.is_empty() => {
            record.message = value.clone();
            (rank > SURE).then_some(value)
        }
        // Heroku's router: `service=18ms` is how long it took.
        Role::Service if value.ends_with("ms") && millis(&value, Unit::Millis).is_some() => {
            request(record, Role::Latency(Unit::Millis), value)
        }
        Role::Service if record.service.is_none() => {
            record.service = Some(value);
            None
        }
        Role::Host if record.host.is_none() => {
            record.host = Some(value);
            None
        }
        Role::Message | Role::Service | Role::Host => Some(value),
        _ => request(record, role, value),
    }
}

/// Dovecot's `user=<ana>`, Postfix' `client=unknown[192.0.2.7]`.
fn undressed(role: Role, value: Cow<'_, str>) -> Cow<'_, str> {
    narrowed(value, |value| {
        let inner = match role {
            Role::User | Role::Session => value.strip_prefix('<').and_then(|v| v.strip_suffix('>')),
            Role::Client => value
                .split_once('[')
                .filter(|(name, _)| !name.is_empty())
                .map(|(_, address)| address.trim_end_matches(']')),
            _ => None,
        };
        inner.filter(|inner| !inner.is_empty()).unwrap_or(value)
    })
}

fn request<'a>(record: &mut Record<'a>, role: Role, value: Cow<'a, str>) -> Option<Cow<'a, str>> {
    let name = match role {
        Role::User => field::USER,
        Role::RequestId => field::REQUEST_ID,
        Role::Session => field::SESSION,
        Role::Client => field::CLIENT,
        Role::Method => field::METHOD,
        Role::Logger => field::LOGGER,
        Role::Error => field::ERROR,
        Role::Path => {
            let path = narrowed(value, |v| v.split(['?', '#']).next().unwrap_or_default());
            return once(record, field::PATH, path);
        }
        Role::Status => {
            return match value.parse::<i64>() {
                Ok(status) => once(record, field::STATUS, status),
                Err(_) => Some(value),
            };
        }
        Role::Latency(unit) => {
            return match millis(&value, unit) {
                Some(ms) => once(record, field::LATENCY_MS, ms),
                None => Some(value),
            };
        }
        _ => return Some(value),
    };
    once(record, name, value)
}

/// Files a value under a standard name that has none yet. A second one is dropped:
/// of two users the first is the one that the entry is about.
fn once<'a>(
    record: &mut Record<'a>,
    name: &'static str,
    value: impl Into<crate::record::Value<'a>>,
) -> Option<Cow<'a, str>> {
    if record.fields.get(name).is_none() {
        record.fields.push(name, value);
    }
    None
}

/// What has a method, a path and a status is a request that was served.
fn settle_kind(record: &mut Record<'_>) {
    let has = |name| record.fields.get(name).is_some();
    if record.kind == Kind::Log && has(field::METHOD) && has(field::PATH) && has(field::STATUS) {
        record.kind = Kind::Access;
    }
}
