//! Writing it all down, in formats that change with the seed.

mod access;
mod alerts;
mod changes;
mod chat;
mod desks;
mod monitors;
mod pages;
mod pipelines;
mod program;
mod rooms;

use crate::episode::{Change, Episode};
use crate::response::{self, Sources, Traces};
use crate::speech::Dialect;
use crate::symptoms::{self, Entry};
use crate::traffic::{self, Request, hash};
use crate::world::World;
use crate::{Bundle, Kind, noise, truth};
use recon_samples::rng::Rng;
use recon_samples::time::{Time, Zone};
use std::collections::BTreeMap;

/// The bundle of these episodes.
#[must_use]
pub fn bundle(rng: &Rng, kind: Kind, world: &World, episodes: &[Episode]) -> Bundle {
    let mut requests = traffic::play(rng, world, episodes);
    let mut logs: Vec<Vec<Entry>> = (0..world.services.len())
        .map(|s| symptoms::log(rng, world, episodes, &requests, s))
        .collect();
    if kind == Kind::Quiet {
        noise::bursts(rng, world, &mut requests, &mut logs);
    }
    let sources = Sources::draw(rng, kind);
    let traces = response::traces(rng, kind, world, episodes, sources);
    let seen: Vec<Request> = requests
        .iter()
        .filter(|r| is_logged(world, r))
        .cloned()
        .collect();
    let mut files = BTreeMap::new();
    access::write(world, &seen, &mut files);
    if sources.logs {
        for (service, entries) in world.services.iter().zip(logs) {
            program::write(world, service, entries, &mut files);
        }
    }
    let style = rng.fork("writers");
    let is_plain = world.dialect == Dialect::Plain;
    if sources.alerts {
        let mut alerts = traces.alerts.clone();
        alerts.extend(noise::alerts(rng, kind, world));
        if is_plain || style.fork("product").chance(300) {
            alerts::write(&style, world, &alerts, &traces.steps, &mut files);
        } else {
            monitors::write(&style, world.span.1, &alerts, &mut files);
            pages::write(&style, world, &traces.steps, &mut files);
        }
    } else if sources.pages {
        pages::write(&style, world, &traces.steps, &mut files);
    }
    if sources.changes {
        let all = all_changes(rng, world, episodes);
        if is_plain || style.fork("tool").chance(250) {
            changes::write(&style, world, &all, &mut files);
        } else {
            pipelines::write(&style, &all, &mut files);
        }
    }
    let mut coarse = false;
    if sources.chat {
        let chatter = noise::chatter(rng, world);
        if is_plain || style.fork("client").chance(250) {
            coarse = chat::write(&style, world, &traces.channels, &chatter, &mut files);
        } else {
            rooms::write(&style, world, &traces.channels, &chatter, &mut files);
        }
    }
    if sources.tickets {
        let all = tickets(rng, world, &traces);
        if is_plain {
            files.insert("tickets.csv".to_owned(), table(&all));
        } else {
            desks::write(&style, &all, &mut files);
        }
    }
    let mut truth = truth::of(world, episodes, &seen, &traces, sources);
    for incident in &mut truth.incidents {
        incident.coarse = coarse;
    }
    Bundle { files, truth }
}

fn is_logged(world: &World, request: &Request) -> bool {
    world.sample <= 1 || i64::try_from(hash(&request.id)).unwrap_or(0) % world.sample == 0
}

fn all_changes(rng: &Rng, world: &World, episodes: &[Episode]) -> Vec<Change> {
    let mut all = noise::changes(rng, world, episodes);
    for e in episodes {
        all.extend(
            [&e.cause, &e.fix, &e.staging]
                .into_iter()
                .flatten()
                .cloned(),
        );
    }
    all.retain(|c| c.at < world.span.1);
    all.sort_by_key(|c| c.at);
    all
}

/// Tickets of the incidents and of any day: when, who, subject.
fn tickets(rng: &Rng, world: &World, traces: &Traces) -> Vec<(Time, String, String)> {
    let mut all = traces.tickets.clone();
    all.extend(noise::enquiries(rng, world));
    all.sort();
    let named =
        |(at, user, subject): (Time, usize, String)| (at, world.users[user].id.clone(), subject);
    all.into_iter().map(named).collect()
}

fn table(tickets: &[(Time, String, String)]) -> String {
    let mut out = "id,created_at,subject,priority,status,requester\n".to_owned();
    for (n, (at, user, subject)) in tickets.iter().enumerate() {
        let subject = subject.replace('"', "\"\"");
        let line = format!(
            "{},{},\"{subject}\",normal,open,{user}\n",
            70_000 + n,
            second(*at)
        );
        out.push_str(&line);
    }
    out
}

/// To the second, as people's tools write it.
fn second(at: Time) -> String {
    at.show(Zone::UTC, "%Y-%m-%dT%H:%M:%SZ")
}

/// To the millisecond.
fn milli(at: Time) -> String {
    at.show(Zone::UTC, "%Y-%m-%dT%H:%M:%S%.3fZ")
}
