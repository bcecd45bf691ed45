//! Matrix: a room as Element exports it, the pages of its `/messages` interface, events one a line. An edit stands in the
//! place of what it edits; what was withdrawn, who came and who went say nothing.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "matrix",
    title: "Matrix rooms (Element's export, events)",
    reference: "https://spec.matrix.org/latest/client-server-api/#room-event-format",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        memmem::find(i, b"\"m.").is_some()
            || memmem::find(i, b"origin_server_ts").is_some()
            || memmem::find(i, b"\"room_name\"").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/matrix/input.json"),
};

/// What lists of events are called.
const LISTS: [&str; 5] = ["messages", "chunk", "events", "timeline.events", "timeline"];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    is_event(object) || listed(object).next().is_some()
}

fn listed<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let all = LISTS.iter().flat_map(|name| object.list(name));
    all.filter_map(Json::object).filter(|e| is_event(e))
}

/// An event has a type of the protocol's, a sender at a server, and when that server had it.
fn is_event(object: &Object<'_>) -> bool {
    let typed = object
        .text(&["type"])
        .is_some_and(|t| t.starts_with("m.") || t.contains('.'));
    let sent = sender(object).is_some_and(|s| s.starts_with('@') && s.contains(':'));
    typed && sent && object.get("origin_server_ts").is_some() && object.get("content").is_some()
}

fn sender<'x>(event: &Object<'x>) -> Option<Cow<'x, str>> {
    event.text(&["sender", "user_id"])
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    if is_event(object) {
        let all = [object];
        let room = Room::of(object, &all);
        out.extend(room.said(object));
        return;
    }
    let all: Vec<&Object<'x>> = listed(object).collect();
    let room = Room::of(object, &all);
    for event in &all {
        if let Some(mut record) = room.said(event) {
            record.part = payload.place(event);
            out.push(record);
        }
    }
}

/// What the events around a message tell of it.
struct Room<'o, 'x> {
    name: Option<Cow<'x, str>>,
    /// Whom members of the room are called.
    members: Vec<(Cow<'x, str>, Cow<'x, str>)>,
    events: &'o [&'o Object<'x>],
}

impl<'o, 'x> Room<'o, 'x> {
    fn of(object: &Object<'x>, events: &'o [&'o Object<'x>]) -> Self {
        let state = object.list("state").iter().filter_map(Json::object);
        let typed = |e: &Object<'_>, kind: &str| e.text(&["type"]).is_some_and(|t| t == kind);
        let (mut members, mut named) = (Vec::new(), None);
        for event in state.chain(events.iter().copied()) {
            if typed(event, "m.room.member") {
                let who = event.text(&["state_key"]).or_else(|| sender(event));
                members.extend(who.zip(event.text(&["content.displayname"])));
            } else if typed(event, "m.room.name") {
                named = event.text(&["content.name"]).or(named);
            }
        }
        let name = object.text(&["room_name"]).or(named);
        Self {
            name: name.or_else(|| object.text(&["room_id"])),
            members,
            events,
        }
    }

    fn event(&self, id: &str) -> Option<&'o Object<'x>> {
        let mut all = self.events.iter();
        all.find(|e| e.text(&["event_id"]).is_some_and(|i| i == id))
            .copied()
    }

    /// The message of an event, if it is one that says something.
    fn said(&self, event: &Object<'x>) -> Option<Record<'x>> {
        event
            .text(&["type"])
            .is_some_and(|t| t == "m.room.message")
            .then_some(())?;
        let content = event.object("content")?;
        let relation = content.object("m.relates_to");
        let replaces = relation.and_then(|r| r.text(&["rel_type"]));
        let withdrawn = self.is_withdrawn(event);
        if withdrawn || replaces.is_some_and(|r| r == "m.replace") {
            return None;
        }
        // What is behind these is a name of a file.
        let sort = content.text(&["msgtype"]).unwrap_or_default();
        matches!(sort.as_ref(), "m.text" | "m.notice" | "m.emote").then_some(())?;
        let body = self.edited(event).or_else(|| content.text(&["body"]))?;
        let (quoted, body) = reply(body);
        let mut record = Record::new(Kind::Chat, body);
        record.at = payload::time_at(event, &["origin_server_ts"]);
        record.actor = sender(event).map(|id| payload::actor(self.called(id), sort == "m.notice"));
        payload::file_first(&mut record.fields, field::ID, event, &["event_id"]);
        let channel = self.name.clone().or_else(|| event.text(&["room_id"]));
        let answered = || {
            let id = relation?.text(&["m.in_reply_to.event_id"])?;
            let older = self.event(&id)?.text(&["content.body"])?;
            Some(reply(older).1.into_owned())
        };
        record.fields.push_known([
            (field::CHANNEL, channel),
            (
                field::ANSWERS,
                quoted.or_else(answered).map(Cow::<str>::Owned),
            ),
        ]);
        Some(record)
    }

    /// Servers leave nothing of it; who watched them may have it still.
    fn is_withdrawn(&self, event: &Object<'x>) -> bool {
        let id = event.text(&["event_id"]).unwrap_or_default();
        let redacts = |e: &Object<'_>| {
            let which = e.text(&["redacts", "content.redacts"]);
            which.is_some_and(|r| !id.is_empty() && r == id)
        };
        event.get("unsigned.redacted_because").is_some() || self.events.iter().any(|e| redacts(e))
    }

    /// What a message was changed to: its last edit, or the one that the server puts with it.
    fn edited(&self, event: &Object<'x>) -> Option<Cow<'x, str>> {
        let id = event.text(&["event_id"]);
        let edits = self.events.iter().filter(|e| {
            let relation = e.object("content").and_then(|c| c.object("m.relates_to"));
            relation.is_some_and(|r| {
                r.text(&["rel_type"]).is_some_and(|t| t == "m.replace")
                    && r.text(&["event_id"]) == id
                    && sender(e) == sender(event)
            })
        });
        let time = |e: &&&Object<'_>| e.scalar(&["origin_server_ts"])?.parse::<i64>().ok();
        let own = edits.max_by_key(time).copied();
        let relations = event
            .object("unsigned")
            .and_then(|u| u.object("m.relations"));
        let put = relations.and_then(|r| r.object("m.replace"));
        let content = own.or(put)?.object("content")?;
        content.object("m.new_content")?.text(&["body"])
    }

    /// The name of an account: the one that the room knows, or what stands before the server's.
    fn called(&self, id: Cow<'x, str>) -> Cow<'x, str> {
        let mut known = self.members.iter().rev();
        if let Some((_, name)) = known.find(|(member, _)| *member == id) {
            return name.clone();
        }
        let local = id.strip_prefix('@').and_then(|i| i.split(':').next());
        match local.filter(|l| !l.is_empty()) {
            Some(local) => Cow::Owned(local.to_owned()),
            None => id,
        }
    }
}

/// What a reply repeats of whom it answers, in lines of its own behind `>`, and the reply.
fn reply(body: Cow<'_, str>) -> (Option<String>, Cow<'_, str>) {
    let Some(first) = body.strip_prefix("> <@").or(body.strip_prefix("> * <@")) else {
        return (None, body);
    };
    let Some((_, words)) = first.split_once("> ") else {
        return (None, body);
    };
    let (mut quoted, mut said, mut over) = (String::new(), String::new(), false);
    for line in words.split('\n').enumerate() {
        match line {
            (0, words) => quoted.push_str(words),
            (_, line) if !over && line.starts_with('>') => {
                quoted.push('\n');
                quoted.push_str(line.trim_start_matches('>').trim_start());
            }
            (_, line) => {
                over = true;
                if !(said.is_empty() && line.trim().is_empty()) {
                    said.push_str(line);
                    said.push('\n');
                }
            }
        }
    }
    let said = said.trim_end();
    if said.is_empty() {
        return (None, body);
    }
    (Some(quoted), Cow::Owned(said.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Layout;

    fn told(entry: &str) -> Option<Vec<String>> {
        let layout = Layout::default();
        let mut records = Vec::new();
        parse(entry.as_bytes(), &Context { layout: &layout }, &mut records)?;
        let who = |r: &Record<'_>| {
            let actor = r.actor.as_ref();
            actor.map_or_else(String::new, |a| {
                format!("{}{}", a.name, if a.bot { "!" } else { "" })
            })
        };
        let one = |r: &Record<'_>| {
            let old = r.fields.text(field::ANSWERS).unwrap_or("-");
            format!("{}: {} ({old})", who(r), r.message)
        };
        Some(records.iter().map(one).collect())
    }

    #[test]
    fn replies_edits_and_withdrawals() {
        let event = |id: &str, content: &str| {
            format!(
                r#"{{"type":"m.room.message","sender":"@ines:quay.example","origin_server_ts":1750146072000,"event_id":"{id}","content":{content}}}"#
            )
        };
        let body = |text: &str| format!(r#"{{"msgtype":"m.text","body":"{text}"}}"#);
        let page =
            |events: &[String]| format!(r#"{{"chunk":[{}],"start":"t1"}}"#, events.join(","));
        let old = event("$1", &body("cranes stand"));
        let answer = event(
            "$2",
            r#"{"msgtype":"m.text","body":"all of them","m.relates_to":{"m.in_reply_to":{"event_id":"$1"}}}"#,
        );
        let quoting = event(
            "$3",
            &body(r"> <@ola:quay.example> cranes stand\n> still\n\nyes"),
        );
        let edit = event(
            "$4",
            r#"{"msgtype":"m.text","body":"* two cranes stand","m.new_content":{"msgtype":"m.text","body":"two cranes stand"},"m.relates_to":{"rel_type":"m.replace","event_id":"$1"}}"#,
        );
        let gone = r#"{"type":"m.room.redaction","sender":"@ines:quay.example","origin_server_ts":1750146072000,"event_id":"$5","redacts":"$1","content":{}}"#;
        for (events, expected) in [
            (
                vec![old.clone(), answer.clone()],
                vec!["ines: cranes stand (-)", "ines: all of them (cranes stand)"],
            ),
            (vec![quoting], vec!["ines: yes (cranes stand\nstill)"]),
            (vec![old.clone(), edit], vec!["ines: two cranes stand (-)"]),
            (vec![old, gone.to_owned()], vec![]),
            (
                vec![event("$6", r#"{"msgtype":"m.image","body":"a.png"}"#)],
                vec![],
            ),
            (vec![event("$7", "{}")], vec![]),
            (
                vec![event("$8", r#"{"msgtype":"m.notice","body":"build 7"}"#)],
                vec!["ines!: build 7 (-)"],
            ),
        ] {
            assert_eq!(
                told(&page(&events)),
                Some(expected.iter().map(|e| (*e).to_owned()).collect())
            );
        }
        assert_eq!(
            told(&answer),
            Some(vec!["ines: all of them (-)".to_owned()])
        );
    }

    #[test]
    fn events_of_others_are_none() {
        for entry in [
            r#"{"type":"m.room.message","sender":"ines","content":{"body":"x"},"origin_server_ts":1750146072000}"#,
            r#"{"type":"order.created","sender":"@ines:quay.example","content":{},"time":1750146072000}"#,
            r#"{"messages":[{"text":"x","sender":"@ines:quay.example","ts":1750146072000}]}"#,
        ] {
            assert_eq!(told(entry), None, "{entry}");
        }
    }
}
