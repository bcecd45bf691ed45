//! Formats that a user declares: a pattern with named groups in the place of a grammar.
//!
//! A declared format is a [`Format`] like any other, so that nobody who reads entries needs to
//! tell them apart. What its parser needs beyond the bytes travels in the [`Layout`], as what
//! other formats learn from the head of a file does.

mod inside;
mod sample;
mod state;
mod time;

pub(crate) use inside::{claim, inside, most};
pub use sample::{Mismatch, Sample};
pub use time::{Pattern, TimeForm, Unit};

use crate::detect::Choice;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Actor, Kind, Level, Record, field};
use crate::token::duration::{self, millis};
use crate::token::text::{first_line, message_from, text};
use crate::token::{level, named};
use regex::bytes::{Captures, Regex};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// What a user declares of a format.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// Short name, as in `recon formats`.
    pub name: String,
    /// What a person calls it.
    pub title: String,
    /// Where it is specified, or declared.
    pub reference: String,
    /// A regular expression that takes a whole line; its named groups say what is what.
    pub pattern: String,
    /// How the group `time` states the time.
    pub time: TimeForm,
    /// What sort of thing an entry records; the group `state` refines it.
    pub kind: Kind,
    /// The service that entries are about, if they have no group `service`.
    pub service: Option<String>,
    /// Levels by what the group `level` says, where that is no common word for one.
    pub levels: BTreeMap<String, Level>,
    /// States by what the group `state` says, as `firing`, `acknowledged`, `finished` …
    pub states: BTreeMap<String, String>,
    /// The unit of the group `duration`.
    pub duration: duration::Unit,
    /// Which lines go on with the entry before them, although the pattern may take them.
    pub continues: Continues,
    /// A sample of the format, shown by `recon formats`.
    pub sample: String,
}

/// Which lines go on with the entry before them. Lines that no format takes always do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Continues {
    /// No others.
    #[default]
    Unread,
    /// Those that begin with a space or a tab.
    Indented,
    /// Those that a regular expression finds something in.
    Matching(String),
}

/// What is wrong with a declaration, and with which part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The key that is to be changed.
    pub key: &'static str,
    /// What is wrong, and the way out.
    pub message: String,
    /// The byte of the key's value that it is about, if that is known.
    pub at: Option<usize>,
}

/// A declared format, ready to read.
pub struct Custom {
    format: &'static Format,
    declaration: Declaration,
    line: Regex,
    groups: Vec<(usize, Group)>,
    continues: Option<Regex>,
}

/// What the text of a named group is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Group {
    Time,
    Level,
    Service,
    Host,
    Message,
    Actor,
    State,
    Status,
    Duration,
    Field(String),
}

impl Group {
    fn of(name: &str) -> Self {
        match name {
            "time" => Self::Time,
            "level" => Self::Level,
            "service" => Self::Service,
            "host" => Self::Host,
            "message" => Self::Message,
            "actor" => Self::Actor,
            "state" => Self::State,
            "status" => Self::Status,
            "duration" => Self::Duration,
            other => Self::Field(other.to_owned()),
        }
    }
}

/// The whole line has to fit, or what stands behind the last group would be lost unnoticed.
fn whole_line(pattern: &str) -> String {
    format!("^(?:{pattern})$")
}

const BEFORE_PATTERN: usize = "^(?:".len();

impl Custom {
    /// Checks a declaration and makes a format of it.
    ///
    /// The [`Format`] of it is never freed: formats are named by reference all over, and there
    /// are as many as a person declares.
    pub fn new(declaration: Declaration) -> Result<Self, Flaw> {
        let line =
            expression("pattern", &whole_line(&declaration.pattern)).map_err(|flaw| Flaw {
                at: flaw.at.map(|at| at.saturating_sub(BEFORE_PATTERN)),
                ..flaw
            })?;
        let named = line.capture_names().enumerate();
        let groups: Vec<(usize, Group)> = named
            .filter_map(|(n, name)| Some((n, Group::of(name?))))
            .collect();
        if groups.is_empty() {
            return Err(Flaw {
                key: "pattern",
                message: "it names no group: write (?<time>…), (?<level>…), (?<message>…) \
                          around what they are"
                    .to_owned(),
                at: None,
            });
        }
        if line.is_match(b"") {
            return Err(Flaw {
                key: "pattern",
                message: "it takes an empty line, and so would take any file: \
                          write + in the place of *"
                    .to_owned(),
                at: None,
            });
        }
        state::check(&declaration)?;
        let continues = match &declaration.continues {
            Continues::Unread => None,
            Continues::Indented => Some(expression("continues", r"^[ \t]")?),
            Continues::Matching(pattern) => Some(expression("continues", pattern)?),
        };
        Ok(Self {
            format: Box::leak(Box::new(format(&declaration))),
            declaration,
            line,
            groups,
            continues,
        })
    }

    /// The format that it is.
    #[must_use]
    pub const fn format(&self) -> &'static Format {
        self.format
    }

    /// A file of this format, `votes` of whose sampled lines it reads.
    pub(crate) fn choice(self: &Arc<Self>, votes: usize) -> Choice {
        Choice {
            format: self.format,
            layout: Layout {
                declared: vec![Arc::clone(self)],
                ..Layout::default()
            },
            votes,
        }
    }

    /// Reads one entry, as [`Format::parse`] does.
    pub(crate) fn read<'a>(&self, entry: &'a [u8], out: &mut Vec<Record<'a>>) -> Option<()> {
        let (line, _) = first_line(entry);
        if self.continues.as_ref().is_some_and(|c| c.is_match(line)) {
            let mut record = Record::new(Kind::Log, text(line));
            record.continues = true;
            out.push(record);
            return Some(());
        }
        out.push(self.record(entry, line, &self.line.captures(line)?)?);
        Some(())
    }

    fn record<'a>(
        &self,
        entry: &'a [u8],
        line: &'a [u8],
        groups: &Captures<'a>,
    ) -> Option<Record<'a>> {
        let mut record = Record::new(self.declaration.kind, "");
        let mut message = line;
        for (n, group) in &self.groups {
            let Some(found) = groups.get(*n).map(|m| m.as_bytes()) else {
                continue;
            };
            if *group == Group::Message {
                // The last group of an entry goes on over its further lines.
                message = found;
                continue;
            }
            if !found.is_empty() && found != b"-" {
                self.file(&mut record, group, text(found))?;
            }
        }
        record.message = self.message(entry, line, message);
        if record.service.is_none() {
            record.service = self.declaration.service.clone().map(Cow::Owned);
        }
        named::gather(&mut record);
        Some(record)
    }

    /// The message, and with it the further lines of its entry.
    fn message<'a>(&self, entry: &'a [u8], line: &'a [u8], message: &'a [u8]) -> Cow<'a, str> {
        if line.len() == entry.len() {
            return text(message);
        }
        if line.ends_with(message) {
            return message_from(entry, message);
        }
        let (_, more) = first_line(entry);
        Cow::Owned(format!(
            "{}\n{}",
            text(message),
            text(more.trim_ascii_end())
        ))
    }

    /// Files what a group says; `None` if it cannot be what its name says.
    fn file<'a>(&self, record: &mut Record<'a>, group: &Group, said: Cow<'a, str>) -> Option<()> {
        match group {
            Group::Time => record.at = Some(self.declaration.time.read(&said)?),
            Group::Level => record.level = self.level(&said),
            Group::Service => record.service = Some(said),
            Group::Host => record.host = Some(said),
            Group::Actor => {
                record.actor = Some(Actor {
                    name: said,
                    bot: false,
                });
            }
            Group::State => record.kind = self.kind(&said),
            Group::Status => match said.parse::<i64>() {
                Ok(status) => record.fields.push(field::STATUS, status),
                Err(_) => record.fields.push(field::STATUS, said),
            },
            Group::Duration => match millis(&said, self.declaration.duration) {
                Some(ms) => record.fields.push(field::LATENCY_MS, ms),
                None => record.fields.push("duration", said),
            },
            Group::Field(name) => match number(&said) {
                Some(number) => record.fields.push(name.clone(), number),
                None => record.fields.push(name.clone(), said),
            },
            Group::Message => {}
        }
        Some(())
    }

    fn level(&self, said: &str) -> Option<Level> {
        let said = said.trim();
        let letter = || match said.as_bytes() {
            [one] => level::letter(*one),
            _ => None,
        };
        let declared = self.declaration.levels.get(said).copied();
        declared
            .or_else(|| level::word(said.as_bytes()))
            .or_else(letter)
    }

    fn kind(&self, said: &str) -> Kind {
        let said = said.trim();
        let declared = self.declaration.states.get(said).map(String::as_str);
        state::of(self.declaration.kind, declared.unwrap_or(said))
    }
}

/// The number that `text` is, if it says nothing more than that number: `007` is a name.
fn number(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

fn format(declaration: &Declaration) -> Format {
    let kept = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    Format {
        name: kept(&declaration.name),
        title: kept(&declaration.title),
        reference: kept(&declaration.reference),
        cut: Cut::Line,
        // A person who knows the product outranks what was built in.
        specificity: 100,
        hint: |_| true,
        parse,
        learn: None,
        sample: kept(&declaration.sample),
    }
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    cx.layout.declared.first()?.read(entry, out)
}

/// A regular expression, or the flaw of the key that it stands under.
fn expression(key: &'static str, pattern: &str) -> Result<Regex, Flaw> {
    Regex::new(pattern).map_err(|error| {
        let place = regex_syntax::ParserBuilder::new()
            .utf8(false)
            .build()
            .parse(pattern)
            .err();
        let (message, at) = match &place {
            Some(regex_syntax::Error::Parse(e)) => {
                (e.kind().to_string(), Some(e.span().start.offset))
            }
            Some(regex_syntax::Error::Translate(e)) => {
                (e.kind().to_string(), Some(e.span().start.offset))
            }
            _ => (error.to_string(), None),
        };
        Flaw {
            key,
            message: format!("no regular expression: {message}"),
            at,
        }
    })
}

impl fmt::Debug for Custom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.format.name)
    }
}

/// As for [`Format`]: the same name, the same format.
impl PartialEq for Custom {
    fn eq(&self, other: &Self) -> bool {
        self.format == other.format
    }
}

#[cfg(test)]
mod tests;
