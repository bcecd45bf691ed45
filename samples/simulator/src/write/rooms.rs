//! Chat of further tools: a terminal client's log, a bridge's lines of JSON, and Slack with what
//! people's messages there are full of.

use crate::response::Message;
use crate::world::{Person, World};
use recon_samples::json::{Json, object};
use recon_samples::rng::Rng;
use recon_samples::time::Zone;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What a tool makes of a channel: a name and what stands in the file.
type Tool = fn(&World, &str, &[Message]) -> (String, String);

const TOOLS: [Tool; 4] = [terminal, bridge, slack, discord];

pub(super) fn write(
    rng: &Rng,
    world: &World,
    channels: &[Vec<Message>],
    chatter: &[Message],
    files: &mut BTreeMap<String, String>,
) {
    let mut rng = rng.fork("rooms");
    let tool = *rng.pick(&TOOLS);
    let mut keep = |name: &str, mut all: Vec<Message>| {
        all.retain(|m| m.at < world.span.1);
        all.sort_by_key(|m| m.at);
        let (path, text) = tool(world, name, &all);
        if path.starts_with("export/") {
            files.insert("export/users.json".to_owned(), users(world));
        }
        files.insert(path, text);
    };
    for (n, channel) in channels.iter().enumerate() {
        let mut all = channel.clone();
        let name = if rng.chance(500) {
            format!("inc-{}", 88 + n)
        } else {
            format!("oncall-{n}")
        };
        if name.starts_with("oncall") {
            all.extend(chatter.iter().step_by(3).cloned());
        }
        keep(&name, all);
    }
    keep("random", chatter.to_vec());
}

/// `2025-03-11 10:31:22 <priya> text`.
fn terminal(_: &World, name: &str, all: &[Message]) -> (String, String) {
    let mut out = String::new();
    for m in all {
        let at = m.at.show(Zone::UTC, "%Y-%m-%d %H:%M:%S");
        let _ = writeln!(out, "{at} <{}> {}", m.who.login(), m.text);
    }
    (format!("irc/{name}.log"), out)
}

fn bridge(_: &World, name: &str, all: &[Message]) -> (String, String) {
    let line = |m: &Message| {
        let line = object([
            ("timestamp", m.at.stamp_ms(Zone::UTC).into()),
            ("channel", format!("#{name}").into()),
            ("user", m.who.login().into()),
            ("text", m.text.clone().into()),
        ]);
        format!("{line}\n")
    };
    (format!("chat/{name}.jsonl"), all.iter().map(line).collect())
}

/// DiscordChatExporter's JSON.
fn discord(_: &World, name: &str, all: &[Message]) -> (String, String) {
    let message = |m: &Message| {
        object([
            ("id", format!("{}", m.at.0).into()),
            ("type", "Default".into()),
            ("timestamp", m.at.stamp_ms(Zone::UTC).into()),
            ("content", m.text.clone().into()),
            (
                "author",
                object([
                    ("id", m.who.login().into()),
                    ("name", m.who.first.into()),
                    ("isBot", false.into()),
                ]),
            ),
        ])
    };
    let whole = object([
        ("guild", object([("name", "ops".into())])),
        ("channel", object([("name", name.into())])),
        ("messages", all.iter().map(message).collect()),
    ]);
    (format!("discord/{name}.json"), whole.pretty(2))
}

fn id(who: Person) -> String {
    format!("U7{}{}", who.first.to_uppercase(), who.last.len())
}

/// Mentions, people who join, reactions and a bot.
fn slack(world: &World, name: &str, all: &[Message]) -> (String, String) {
    let mut list: Vec<Json> = Vec::new();
    for (n, m) in all.iter().enumerate() {
        let ts = format!("{}.{:06}", m.at.0 / 1_000_000, m.at.0 % 1_000_000);
        let kind = ("type", Json::from("message"));
        if n % 7 == 1 {
            list.push(object([
                kind.clone(),
                ("subtype", "channel_join".into()),
                ("user", id(m.who).into()),
                (
                    "text",
                    format!("<@{}> has joined the channel", id(m.who)).into(),
                ),
                ("ts", ts.clone().into()),
            ]));
        }
        let mention = |text: String, p: &Person| {
            text.replace(&format!("@{}", p.first), &format!("<@{}>", id(*p)))
        };
        let text = world.people.iter().fold(m.text.clone(), mention);
        let reaction = object([
            ("name", "eyes".into()),
            ("users", Json::List(vec![id(world.people[2]).into()])),
            ("count", 1.into()),
        ]);
        list.push(object([
            kind,
            ("user", id(m.who).into()),
            ("text", text.into()),
            ("ts", ts.into()),
            ("reactions", Json::List(vec![reaction])),
        ]));
    }
    let day = all.first().map_or(world.span.0, |m| m.at);
    let day = day.show(Zone::UTC, "%Y-%m-%d");
    let text = list.into_iter().collect::<Json>().pretty(1);
    (format!("export/{name}/{day}.json"), text)
}

fn users(world: &World) -> String {
    let user = |p: &Person| {
        let names = object([
            ("real_name", p.name().into()),
            ("display_name", p.first.into()),
        ]);
        object([
            ("id", id(*p).into()),
            ("name", p.login().into()),
            ("is_bot", false.into()),
            ("profile", names),
        ])
    };
    world.people.iter().map(user).collect::<Json>().pretty(1)
}
