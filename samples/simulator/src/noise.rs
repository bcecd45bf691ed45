//! What goes on beside an incident: other deploys, other alerts, other talk.

use crate::Kind;
use crate::episode::{Change, Episode};
use crate::response::{Alert, Message};
use crate::symptoms::{Entry, Level};
use crate::traffic::Request;
use crate::world::World;
use recon_samples::rng::Rng;
use recon_samples::time::Time;

fn anywhere(rng: &mut Rng, world: &World) -> Time {
    let seconds = world.span.1.since(world.span.0) / 1_000_000;
    world.span.0.plus_s(rng.between(60, seconds - 60))
}

/// Changes that have nothing to do with it, in services that have not.
#[must_use]
pub fn changes(rng: &Rng, world: &World, episodes: &[Episode]) -> Vec<Change> {
    let mut rng = rng.fork("other changes");
    let mut all = Vec::new();
    for _ in 0..rng.between(3, 9) {
        let service = match rng.between(0, 3) {
            0 => "backoffice".to_owned(),
            1 => "data-export".to_owned(),
            _ => world.name(rng.index(world.services.len())).to_owned(),
        };
        let kind = *rng.pick(&[
            "deploy", "deploy", "deploy", "config", "flag", "restart", "scale",
        ]);
        let at = anywhere(&mut rng, world);
        let version = format!(
            "{}.{}.{}",
            rng.between(1, 9),
            rng.between(0, 40),
            rng.between(0, 9)
        );
        let by = rng.pick(&world.people).login();
        // One of the service at fault at such a time would be no less likely than the cause.
        let confuses = episodes.iter().any(|e| {
            let own = world.name(e.culprit) == service
                || e.victims.iter().any(|v| world.name(*v) == service);
            own && at >= e.from().plus_min(-150)
        });
        if !confuses {
            let environment = if rng.chance(150) {
                "staging"
            } else {
                "production"
            };
            all.push(Change {
                at,
                kind,
                service,
                version,
                environment,
                by,
                summary: "routine".to_owned(),
            });
        }
    }
    all
}

/// Alerts of another kind: they come and go and nobody cares.
#[must_use]
pub fn alerts(rng: &Rng, kind: Kind, world: &World) -> Vec<Alert> {
    let mut rng = rng.fork("other alerts");
    const NAMES: [(&str, &str); 6] = [
        ("DiskFillingUp", "disk above 80 %"),
        ("CertificateExpiresSoon", "certificate expires in 20 days"),
        ("BatchJobLate", "nightly job has not finished"),
        ("ReplicaLag", "replica is 40 s behind"),
        ("HighCpu", "load above 12"),
        ("BackupMissing", "last backup is older than a day"),
    ];
    let count = if kind == Kind::Quiet {
        rng.between(2, 5)
    } else {
        rng.between(0, 3)
    };
    (0..count)
        .map(|_| {
            let (name, summary) = *rng.pick(&NAMES);
            let at = anywhere(&mut rng, world);
            let until = at.plus_s(rng.between(120, 1_500));
            let service = if rng.chance(500) {
                "backoffice"
            } else {
                "warehouse"
            };
            Alert {
                name: name.to_owned(),
                service: service.to_owned(),
                severity: rng.pick::<&str>(&["warning", "warning", "info", "low"]),
                summary: format!("{service}: {summary}"),
                fired: vec![(at, (until < world.span.1).then_some(until))],
            }
        })
        .collect()
}

/// Talk in a channel where people talk of anything.
#[must_use]
pub fn chatter(rng: &Rng, world: &World) -> Vec<Message> {
    let mut rng = rng.fork("chatter");
    let mut all: Vec<Message> = (0..rng.between(6, 20))
        .map(|_| {
            let text = rng
                .pick(world.speech().chatter)
                .replace("{who}", world.people[3].first);
            Message {
                at: anywhere(&mut rng, world),
                who: *rng.pick(&world.people),
                text,
            }
        })
        .collect();
    all.sort_by_key(|m| m.at);
    all
}

/// Tickets of any day.
#[must_use]
pub fn enquiries(rng: &Rng, world: &World) -> Vec<(Time, usize, String)> {
    let mut rng = rng.fork("enquiries");
    (0..rng.between(4, 14))
        .map(|_| {
            let at = anywhere(&mut rng, world);
            let subject = if rng.chance(120) {
                "The app crashed on my old phone"
            } else {
                *rng.pick(world.speech().enquiry)
            };
            (at, rng.index(world.users.len()), subject.to_owned())
        })
        .collect()
}

/// A quiet day's bursts: a batch job that fails every hour, a blip of a few answers, a
/// scanner that asks for what is not there.
pub fn bursts(rng: &Rng, world: &World, requests: &mut [Request], logs: &mut [Vec<Entry>]) {
    let mut rng = rng.fork("bursts");
    let service = world.public + rng.index(2);
    let hours = world.span.1.since(world.span.0) / 3_600_000_000;
    let minute = rng.between(2, 40);
    let lines = rng.between(4, 14);
    for hour in 0..hours {
        for n in 0..lines {
            logs[service].push(Entry {
                at: world
                    .span
                    .0
                    .plus_min(hour * 60 + minute)
                    .plus_s(n * 3)
                    .plus_ms(rng.between(0, 900)),
                level: Level::Error,
                logger: "batch",
                text: format!(
                    "settlement file {} not there yet, will try again",
                    rng.between(100, 999)
                ),
                pairs: vec![],
            });
        }
    }
    let blip = anywhere(&mut rng, world);
    let near = requests
        .iter_mut()
        .filter(|r| r.at >= blip && r.at < blip.plus_s(6));
    for request in near.take(4) {
        request.status = 502;
    }
    let from = anywhere(&mut rng, world);
    let scanner = rng.index(world.users.len());
    for request in requests
        .iter_mut()
        .filter(|r| r.at >= from && r.at < from.plus_s(300) && r.user == scanner)
    {
        request.status = 404;
    }
}
