//! A Slack export: one JSON array a channel and day, and the list of users.

use super::fingerprint;
use crate::bundle::Mark;
use crate::cast::{self, Person};
use crate::json::{Json, object};
use crate::time::Time;

/// A message.
#[derive(Clone, Copy, Debug)]
pub struct Say {
    /// When it was posted.
    pub at: Time,
    /// By whom.
    pub who: Person,
    /// What.
    pub text: &'static str,
    /// The message that it answers, in a thread.
    pub parent: Option<Time>,
    /// What it is in the story.
    pub mark: Option<Mark>,
}

/// Somebody posts `text`.
#[must_use]
pub fn say(at: Time, who: Person, text: &'static str) -> Say {
    // Message ids are times to the microsecond; nobody posts on the full second.
    let micros = fingerprint(&[who.login, text]) % 999_983;
    Say {
        at: Time(at.0 + i64::try_from(micros).unwrap_or(0)),
        who,
        text,
        parent: None,
        mark: None,
    }
}

impl Say {
    /// The same message, which is `mark` in the story.
    #[must_use]
    pub const fn is(mut self, mark: Mark) -> Self {
        self.mark = Some(mark);
        self
    }

    /// The same message, as a reply to `parent`.
    #[must_use]
    pub const fn to(mut self, parent: &Self) -> Self {
        self.parent = Some(parent.at);
        self
    }

    fn json(&self) -> Json {
        let mut members: Vec<(&'static str, Json)> = Vec::new();
        if self.who.bot {
            members.push(("subtype", "bot_message".into()));
        } else {
            let id = fingerprint(&[self.who.login, &id(self.at)]);
            members.push(("client_msg_id", format!("{id:016x}").into()));
        }
        members.push(("type", "message".into()));
        members.push(("text", self.text.into()));
        if self.who.bot {
            members.push(("bot_id", self.who.chat.into()));
            members.push(("username", self.who.name.into()));
        } else {
            members.push(("user", self.who.chat.into()));
        }
        members.push(("ts", id(self.at).into()));
        members.push(("team", "T04LARKFD".into()));
        if !self.who.bot {
            let profile = object([
                ("real_name", self.who.name.into()),
                ("display_name", self.who.login.into()),
                ("name", self.who.login.into()),
            ]);
            members.push(("user_profile", profile));
        }
        if let Some(parent) = self.parent {
            members.push(("thread_ts", id(parent).into()));
        }
        Json::Object(members)
    }
}

fn id(at: Time) -> String {
    format!("{}.{:06}", at.0 / 1_000_000, at.0 % 1_000_000)
}

/// One channel's day. A reply stands where it was posted.
#[must_use]
pub fn render(messages: &[Say]) -> String {
    let mut messages = messages.to_vec();
    messages.sort_by_key(|m| m.at);
    messages.iter().map(Say::json).collect::<Json>().pretty(4)
}

/// `users.json` of the export.
#[must_use]
pub fn users() -> String {
    let user = |p: &Person| {
        let profile = object([
            ("real_name", p.name.into()),
            ("display_name", p.login.into()),
            ("title", p.role.into()),
        ]);
        object([
            ("id", p.chat.into()),
            ("team_id", "T04LARKFD".into()),
            ("name", p.login.into()),
            ("deleted", false.into()),
            ("is_bot", p.bot.into()),
            ("profile", profile),
        ])
    };
    cast::ALL.iter().map(user).collect::<Json>().pretty(4)
}
