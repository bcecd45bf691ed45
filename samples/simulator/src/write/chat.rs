//! Chat: a Slack export, or notes with clock times.

use crate::response::Message;
use crate::world::{Person, World};
use recon_samples::json::{Json, object};
use recon_samples::rng::Rng;
use recon_samples::time::{Time, Zone};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Whether times are kept to the minute only.
pub(super) fn write(
    rng: &Rng,
    world: &World,
    channels: &[Vec<Message>],
    chatter: &[Message],
    files: &mut BTreeMap<String, String>,
) -> bool {
    let mut rng = rng.fork("chat");
    let midnight =
        |m: &Message| m.at.show(Zone::UTC, "%Y-%m-%d") != world.span.0.show(Zone::UTC, "%Y-%m-%d");
    let notes = rng.chance(200) && channels.len() == 1 && !channels.iter().flatten().any(midnight);
    let seen = |all: &[Message]| -> Vec<Message> {
        all.iter()
            .filter(|m| m.at < world.span.1)
            .cloned()
            .collect()
    };
    if notes {
        let all = channels.first().map(|c| seen(c)).unwrap_or_default();
        files.insert("notes.txt".to_owned(), scribble(&all));
        return true;
    }
    for (n, channel) in channels.iter().enumerate() {
        let mut all = seen(channel);
        let name = if rng.chance(500) {
            format!("incident-{}", 410 + n)
        } else {
            format!("ops-{n}")
        };
        if name.starts_with("ops") {
            // A channel for everything: people talk of other things, too.
            all.extend(chatter.iter().step_by(3).cloned());
        }
        export(&name, &all, files);
    }
    export("general", chatter, files);
    files.insert("slack/users.json".to_owned(), users(world));
    false
}

fn scribble(all: &[Message]) -> String {
    let mut out = String::new();
    if let Some(first) = all.first() {
        let _ = writeln!(out, "{}\n", first.at.show(Zone::UTC, "%Y-%m-%d"));
    }
    for m in all {
        let _ = writeln!(
            out,
            "{} {}: {}",
            m.at.show(Zone::UTC, "%H:%M"),
            m.who.first,
            m.text
        );
    }
    out
}

/// A file a day.
fn export(name: &str, all: &[Message], files: &mut BTreeMap<String, String>) {
    let mut days: BTreeMap<String, Vec<&Message>> = BTreeMap::new();
    for m in all {
        days.entry(m.at.show(Zone::UTC, "%Y-%m-%d"))
            .or_default()
            .push(m);
    }
    for (day, mut messages) in days {
        messages.sort_by_key(|m| m.at);
        let list: Json = messages.into_iter().map(json).collect();
        files.insert(format!("slack/{name}/{day}.json"), list.pretty(1));
    }
}

fn id(who: Person) -> String {
    format!("U0{}{}", who.first.to_uppercase(), who.last.len())
}

fn ts(at: Time) -> String {
    format!("{}.{:06}", at.0 / 1_000_000, at.0 % 1_000_000)
}

fn json(m: &Message) -> Json {
    object([
        ("type", "message".into()),
        ("user", id(m.who).into()),
        ("text", m.text.clone().into()),
        ("ts", ts(m.at).into()),
    ])
}

fn users(world: &World) -> String {
    let user = |p: &Person| {
        object([
            ("id", id(*p).into()),
            ("name", p.login().into()),
            ("is_bot", false.into()),
            (
                "profile",
                object([
                    ("real_name", p.name().into()),
                    ("display_name", p.first.into()),
                ]),
            ),
        ])
    };
    world.people.iter().map(user).collect::<Json>().pretty(1)
}
