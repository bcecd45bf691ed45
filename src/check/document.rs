//! The claims of a written postmortem.

use super::MINUTE;
use crate::cite::Cite;
use crate::report::escape;
use crate::survey::{Kept, Survey};
use recon_parsers::document::{Amount, Quantity, quantities};
use recon_parsers::record::field;
use recon_parsers::stamp::{DAY, SECOND};
use recon_parsers::{Basis, Kind, Value};

/// A written postmortem.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Postmortem {
    /// Every time that it states.
    pub times: Vec<Told>,
    /// Every other sentence with a quantity, and where.
    pub sentences: Vec<(String, Vec<Quantity>, Cite)>,
    /// Where it contradicts itself: code, words, places.
    pub contradictions: Vec<(String, Vec<Cite>)>,
    /// The stated duration in minutes, its words and place.
    pub duration: Option<(f64, String, Cite)>,
    /// The stated share of users in percent, its words and place.
    pub users: Option<(f64, String, Cite)>,
}

/// What a stated time is the time of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The start of the incident.
    Start,
    /// Its end.
    End,
    /// What an entry of the timeline, or a sentence, tells.
    Event,
}

/// When something is said to have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// An instant; the zone may have been assumed.
    Instant {
        /// Nanoseconds since the epoch.
        nanos: i64,
        /// The document says in which zone.
        zoned: bool,
    },
    /// A time of day.
    Clock {
        /// Nanoseconds since midnight.
        nanos: i64,
        /// Seconds east of UTC, if stated.
        east: Option<i32>,
    },
    /// Nanoseconds since the incident began.
    Since(i64),
}

/// A time that the document states.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// What it is the time of.
    pub of: Of,
    /// When.
    pub when: When,
    /// What the precision that it is written with allows, in nanoseconds.
    pub tolerance: i64,
    /// What is said to have happened.
    pub text: String,
    /// The time and the text as they stand.
    pub words: String,
    /// It stands in the timeline, whose entries are in order.
    pub listed: bool,
    /// Where.
    pub cite: Cite,
}

impl Told {
    pub(super) const fn instant(&self) -> Option<i64> {
        match self.when {
            When::Instant { nanos, .. } => Some(nanos),
            _ => None,
        }
    }
}

/// A minute may have been rounded up or down; seconds are written by who read them off a screen.
const TO_THE_MINUTE: i64 = MINUTE;
const TO_THE_SECOND: i64 = 5 * SECOND;
const ROUGHLY: i64 = 10 * MINUTE;

impl Postmortem {
    /// What the survey of a document kept; none if nothing in it tells of an incident. `words`
    /// gives the text at a citation.
    pub fn read(survey: &Survey, words: &mut dyn FnMut(Cite) -> String) -> Option<Self> {
        let mut notes: Vec<&Kept> = survey
            .kept
            .iter()
            .filter(|k| k.record.kind == Kind::Note)
            .collect();
        notes.sort_by_key(|k| k.cite);
        let head = notes
            .iter()
            .find(|n| section(n) == Some("stated") && n.record.fields.get("fact").is_none());
        let mut read = Self::default();
        for note in &notes {
            match (section(note)?, note.at) {
                ("stated", _) => {
                    if let Some((head, fact)) = head.zip(note.record.fields.text("fact")) {
                        read.fact(head, fact, note);
                    }
                }
                ("contradiction", _) => read.contradiction(note),
                ("timeline", Some(at)) => {
                    let words = words(note.cite);
                    read.times.push(entry(note, at, words));
                }
                (
                    "summary" | "detection" | "actions" | "misleading" | "escalation"
                    | "resolution" | "root_cause" | "impact",
                    _,
                ) => read.sentence(note),
                // Plans, and what stands beside the account: appendices, lessons, quotations.
                _ => {}
            }
        }
        (!notes.is_empty()).then_some(read)
    }

    /// A fact of the head; its value stands in the first note, its words in its own.
    fn fact(&mut self, head: &Kept, name: &str, note: &Kept) {
        let value = head.record.fields.get(name);
        let words = plain(&note.record.message);
        let number = value.and_then(Value::as_f64);
        match (name, number, value.and_then(Value::as_text)) {
            ("start" | "end", _, Some(text)) => {
                let of = if name == "start" { Of::Start } else { Of::End };
                let zone = head.record.fields.text("zone").map(str::to_owned);
                self.times
                    .extend(edge(of, text, zone.as_deref(), words, note.cite));
            }
            ("duration_minutes", Some(minutes), _) => {
                self.duration = Some((minutes, words, note.cite));
            }
            ("users_affected_percent", Some(percent), _) => {
                self.users = Some((percent, words, note.cite));
            }
            _ => {}
        }
    }

    fn contradiction(&mut self, note: &Kept) {
        let text = note.record.message.to_string();
        match self.contradictions.iter_mut().find(|(t, _)| *t == text) {
            Some((_, places)) => places.push(note.cite),
            None => self.contradictions.push((text, vec![note.cite])),
        }
    }

    fn sentence(&mut self, note: &Kept) {
        let text = plain(&note.record.message);
        let found = quantities(&text);
        if found.is_empty() {
            return;
        }
        let mut clocks = found
            .iter()
            .filter(|q| matches!(q.amount, Amount::Clock { .. }));
        // Of two times one cannot tell which is whose.
        if let (Some(one), None) = (clocks.next(), clocks.next())
            && let Amount::Clock {
                date,
                nanos,
                seconds,
                east,
            } = one.amount
        {
            let year = date.and_then(|(y, m, d)| chrono::NaiveDate::from_ymd_opt(y?, m, d));
            let day = year.and_then(|d| d.and_hms_opt(0, 0, 0)?.and_utc().timestamp_nanos_opt());
            let when = match day {
                Some(day) => When::Instant {
                    nanos: day + nanos - i64::from(east.unwrap_or(0)) * SECOND,
                    zoned: east.is_some(),
                },
                None => When::Clock { nanos, east },
            };
            self.times.push(Told {
                of: Of::Event,
                when,
                tolerance: tolerance(seconds, one.rough),
                text: text.clone(),
                words: text.clone(),
                listed: false,
                cite: note.cite,
            });
        }
        self.sentences.push((text, found, note.cite));
    }
}

fn section(note: &Kept) -> Option<&str> {
    note.record.fields.text(field::SECTION)
}

/// Words without the marks of emphasis around them, and without what a draft of recon's adds to
/// them: grades, citations and the escapes of Markdown.
fn plain(words: &str) -> String {
    let mut words = words.replace("**", "").replace("__", "");
    for grade in ["*(claimed)*", "*(inferred)*", "(claimed)*", "(inferred)*"] {
        words = words.replace(grade, "");
    }
    let mut out = String::with_capacity(words.len());
    let mut rest = words.as_str();
    while let Some((before, after)) = rest.split_once('[') {
        let cited = after
            .split_once(']')
            .filter(|(inside, _)| !before.ends_with('\\') && inside.split(", ").all(is_citation));
        match cited {
            Some((_, after)) => {
                out.push_str(before.trim_end());
                rest = after;
            }
            None => {
                out.push_str(before);
                out.push('[');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    escape::unescaped(out.trim())
}

/// `auth.log:1042`, `trace.log:7-12`.
fn is_citation(words: &str) -> bool {
    let number = |n: &str| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let place = words.rsplit_once(':');
    place.is_some_and(|(file, line)| !file.is_empty() && number(line))
}

const fn tolerance(seconds: bool, rough: bool) -> i64 {
    match (rough, seconds) {
        (true, _) => ROUGHLY,
        (false, true) => TO_THE_SECOND,
        (false, false) => TO_THE_MINUTE,
    }
}

/// An entry of the timeline.
fn entry(note: &Kept, at: recon_parsers::Stamp, words: String) -> Told {
    let first = quantities(&words)
        .into_iter()
        .find(|q| matches!(q.amount, Amount::Clock { .. }));
    let clock = first.as_ref().and_then(|q| match q.amount {
        Amount::Clock {
            nanos,
            seconds,
            east,
            ..
        } => Some((nanos, seconds, east, q.rough)),
        _ => None,
    });
    let when = match (at.basis, clock) {
        (Basis::Relative, Some((nanos, _, east, _))) => When::Clock { nanos, east },
        (Basis::Relative, None) => When::Since(at.nanos),
        (basis, _) => When::Instant {
            nanos: at.nanos,
            zoned: basis != Basis::ZoneAssumed,
        },
    };
    let (seconds, rough) = clock.map_or((false, false), |(_, s, _, r)| (s, r));
    Told {
        of: Of::Event,
        when,
        tolerance: tolerance(seconds, rough),
        text: plain(&note.record.message),
        words: plain(&words),
        listed: true,
        cite: note.cite,
    }
}

/// A stated start or end: `2024-01-19T10:30` or `10:30`, in the document's zone.
fn edge(of: Of, text: &str, zone: Option<&str>, words: String, cite: Cite) -> Option<Told> {
    let parsed = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M");
    let wall = parsed.ok().and_then(|t| t.and_utc().timestamp_nanos_opt());
    let east = zone.and_then(|z| {
        recon_parsers::token::zone::by_abbreviation(z.as_bytes()).or_else(|| {
            let zone = z.parse::<crate::clock::Zone>().ok()?;
            Some(zone.offset_at(wall.unwrap_or(0)))
        })
    });
    let when = match wall {
        Some(wall) => When::Instant {
            nanos: wall - i64::from(east.unwrap_or(0)) * SECOND,
            zoned: east.is_some(),
        },
        None => {
            let clock = chrono::NaiveTime::parse_from_str(text, "%H:%M").ok()?;
            let since = clock.signed_duration_since(chrono::NaiveTime::MIN);
            When::Clock {
                nanos: since.num_nanoseconds()?.rem_euclid(DAY),
                east,
            }
        }
    };
    let rough = quantities(&words).iter().any(|q| q.rough);
    Some(Told {
        of,
        when,
        tolerance: tolerance(false, rough),
        text: words.clone(),
        words,
        listed: false,
        cite,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_draft_adds_to_its_words_is_taken_off() {
        let cases = [
            (
                "[access.log:12, alerts.jsonl:2-6] Responder 2 named the cause at 10:04 UTC.",
                "Responder 2 named the cause at 10:04 UTC.",
            ),
            (
                "(claimed)* [a/chat.json:250] A fix took effect at 10:05 UTC.",
                "A fix took effect at 10:05 UTC.",
            ),
            (
                "**10:00 UTC**: page \\[FIRING\\] -&gt; on call",
                "10:00 UTC: page [FIRING] -> on call",
            ),
            ("see [the runbook] at 10:00", "see [the runbook] at 10:00"),
            ("a [note: 3 of them] stays", "a [note: 3 of them] stays"),
        ];
        for (written, said) in cases {
            assert_eq!(plain(written), said);
        }
    }
}
