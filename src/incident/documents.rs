//! What written postmortems and notes tell, as claims: of an incident that the logs show as
//! well, or of one that only the document knows.

use super::group::Group;
use super::model::{Fact, Incident, Method, Milestone, Stated, Status};
use super::stated::{remarks, section, stated, tasks};
use super::{Impact, leads, milestones, timeline};
use crate::cite::{Claim, Evidence, FileId, Grade};
use crate::clock::Zone;
use crate::lexicon::{Act, Statement};
use crate::signal::{Place, Sign, Signal};
use crate::survey::{Kept, Survey};
use recon_parsers::stamp::{DAY, SECOND};
use recon_parsers::token::zone;
use recon_parsers::{Basis, Kind, Precision, Stamp};
use std::collections::BTreeMap;

/// A document and an incident whose times are this close (three hours) tell of the same thing.
const NEAR: i64 = 3 * 3600 * SECOND;

/// The incidents that documents tell of, one each.
#[must_use]
pub fn read(survey: &Survey, signals: &[Signal]) -> Vec<Incident> {
    let mut files: BTreeMap<FileId, Vec<&Kept>> = BTreeMap::new();
    for kept in survey.kept.iter().filter(|k| k.record.kind == Kind::Note) {
        files.entry(kept.cite.file).or_default().push(kept);
    }
    files
        .into_iter()
        .filter_map(|(file, mut notes)| {
            notes.sort_by_key(|k| k.cite);
            let said = |s: &&Signal| {
                s.evidence.first().file == file
                    && matches!(&s.sign, Sign::Said(w) if w.place == Place::Document)
            };
            let said: Vec<&Signal> = signals.iter().filter(said).collect();
            tells_of_trouble(&notes, &said).then(|| incident(&notes, &said))
        })
        .collect()
}

/// Whether a document is about an incident: it has the sections of a postmortem, or somebody says in it that
/// something is wrong or was. A diary of deploys and of meetings is not, though repairs may stand in it.
fn tells_of_trouble(notes: &[&Kept], said: &[&Signal]) -> bool {
    let routine = |act: Act| matches!(act, Act::Fix | Act::Closed);
    let troubled = |s: &&Signal| {
        let words = milestones::words(s);
        words.is_some_and(|w| w.statements.iter().any(|x| !routine(x.act)))
    };
    notes.iter().any(|n| section(n).is_some()) || said.iter().any(troubled)
}

/// Adds each document to the measured incident that it tells of; the rest stand for themselves.
#[must_use]
pub fn join(mut measured: Vec<Incident>, documents: Vec<Incident>) -> Vec<Incident> {
    for document in documents {
        let told = document
            .when(Milestone::ImpactStart)
            .filter(|s| s.basis != Basis::Relative);
        let same = measured
            .iter_mut()
            .filter(|i| i.stated.is_none())
            .find(|i| match (told, i.when(Milestone::ImpactStart)) {
                (Some(a), Some(b)) => (a.nanos - b.nanos).abs() <= NEAR,
                _ => false,
            });
        match same {
            Some(incident) => absorb(incident, document),
            None => measured.push(document),
        }
    }
    measured.sort_by(|a, b| {
        let key = |i: &Incident| {
            (
                i.when(Milestone::ImpactStart).map_or(i64::MAX, |s| s.nanos),
                i.id.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    measured
}

fn absorb(incident: &mut Incident, document: Incident) {
    for (own, told) in incident.milestones.iter_mut().zip(document.milestones) {
        match (own, told) {
            (Some(own), Some(told)) => own.alternatives.push(told.claim),
            (own @ None, Some(told)) => *own = Some(told),
            _ => {}
        }
    }
    incident.timeline.extend(document.timeline);
    incident
        .timeline
        .sort_by_key(|m| (m.at.nanos, m.phase, m.evidence.first()));
    incident.remarks.extend(document.remarks);
    incident.tasks.extend(document.tasks);
    incident.stated = document.stated;
}

fn incident(notes: &[&Kept], said: &[&Signal]) -> Incident {
    let times = || said.iter().map(|s| s.from.nanos);
    let (from, to) = (times().min().unwrap_or(0), times().max().unwrap_or(0));
    let group = Group {
        said: said.to_vec(),
        from,
        to,
        ..Group::default()
    };
    let stated = stated(notes);
    let detection = detection(said, notes);
    let milestones = place(&group, stated.as_ref(), detection.as_ref());
    let at = |which: Milestone| milestones[which as usize].as_ref().map(|m| m.claim.value);
    let relief = at(Milestone::Mitigated).map(|m| m.nanos);
    let start = at(Milestone::ImpactStart).filter(|s| s.basis != Basis::Relative);
    let day = start.and_then(|d| d.rfc3339().get(..10).map(str::to_owned));
    Incident {
        id: day.map_or_else(|| "document".to_owned(), |d| format!("{d}-document")),
        title: title(notes),
        status: if relief.is_some() {
            Status::Resolved
        } else {
            Status::Ongoing
        },
        culprit: None,
        services: vec![],
        detection,
        timeline: timeline::timeline(&group, &milestones),
        leads: leads::leads(&group, relief),
        suspects: vec![],
        tasks: tasks(notes),
        remarks: remarks(notes),
        impact: Impact::default(),
        series: None,
        stated,
        questions: vec![],
        notices: vec![],
        evidence_ends: said.iter().map(|s| s.from).max_by_key(|s| s.nanos),
        milestones,
    }
}

/// The milestones as the document tells them.
fn place(
    group: &Group<'_>,
    stated: Option<&Stated>,
    detection: Option<&(Method, Evidence)>,
) -> milestones::Milestones {
    let (mut all, _) = milestones::place(group);
    let first = group
        .said
        .iter()
        .min_by_key(|s| (s.from.nanos, s.evidence.first()));
    // The document's own start outranks the first entry of its timeline, which may tell of what came before.
    let start = stated.and_then(|s| instant(s, s.start.as_ref()));
    let start = start.or_else(|| first.map(|f| claim(f.from, f.evidence.clone())));
    all[Milestone::ImpactStart as usize] = start.map(marked);
    let first = all[Milestone::ImpactStart as usize]
        .as_ref()
        .map(|m| m.claim.value);
    let end = stated.and_then(|s| instant(s, s.end.as_ref()).or_else(|| undated_end(s, first?)));
    restore(&mut all, group, end);
    // An entry that names the alert or the tickets outranks one that merely tells of the failure. One
    // without words of its own is a label's time ("Detection time: 10:30").
    let named = |s: &&&Signal| {
        detection.is_some_and(|(_, at)| {
            s.evidence == *at || milestones::words(s).is_some_and(|w| w.text.trim().is_empty())
        })
    };
    if let Some(signal) = group.said.iter().find(named) {
        all[Milestone::Detected as usize] =
            Some(marked(claim(signal.from, signal.evidence.clone())));
    }
    all
}

/// The document's own title, else its first words.
fn title(notes: &[&Kept]) -> String {
    let head = notes.first().filter(|n| section(n) == Some("stated"));
    let words = head
        .into_iter()
        .chain(notes)
        .map(|n| n.record.message.trim())
        .find(|t| !t.is_empty());
    words
        .unwrap_or("Incident told in a document")
        .chars()
        .take(120)
        .collect()
}

fn claim(value: Stamp, evidence: Evidence) -> Claim<Stamp> {
    Claim {
        value,
        grade: Grade::Claimed,
        rule: "document",
        evidence,
    }
}

const fn marked(claim: Claim<Stamp>) -> super::model::Marked {
    super::model::Marked::of(claim)
}

/// The end that the document states, else the last entry that reports the recovery or the end: what
/// follows it (a review, a meeting) is not the end.
fn restore(all: &mut milestones::Milestones, group: &Group<'_>, end: Option<Claim<Stamp>>) {
    let tells = |s: &Signal, act: Act| {
        let reports =
            |x: &Statement| x.act == act && x.holds() && x.reaches_users() && x.score >= 0.5;
        milestones::words(s).is_some_and(|w| w.statements.iter().any(reports))
    };
    let over = |act: Act| group.said.iter().rfind(|s| tells(s, act));
    let told = |s: &Signal| claim(s.from, s.evidence.clone());
    // The first recovery that is told after the repair; without a repair, the last.
    let fixed = all[Milestone::FixDeployed as usize]
        .as_ref()
        .map(|m| m.claim.value.nanos);
    let after = |s: &&&Signal| fixed.is_some_and(|f| s.from.nanos >= f) && tells(s, Act::Recovery);
    // Who writes "mitigated" tells the mitigation apart from the end.
    let named = |s: &&&Signal| {
        let text = milestones::words(s).map_or("", |w| w.text.as_str());
        text.to_ascii_lowercase().contains("mitigated") && tells(s, Act::Recovery)
    };
    let recovered = group
        .said
        .iter()
        .find(named)
        .or_else(|| group.said.iter().find(after))
        .or_else(|| over(Act::Recovery))
        .map(|s| told(s));
    // A recovery after the stated end is of something else.
    let recovered =
        recovered.filter(|r| end.as_ref().is_none_or(|e| r.value.nanos <= e.value.nanos));
    let recovered = recovered
        .or_else(|| end.clone())
        .or_else(|| over(Act::Resolved).map(|s| told(s)));
    let resolved = over(Act::Resolved)
        .map(|s| told(s))
        .or_else(|| end.clone())
        .or_else(|| recovered.clone());
    // The stated end is that of the impact, even where the repair was seen to work before it.
    all[Milestone::ImpactEnd as usize] = end
        .filter(|e| {
            recovered
                .as_ref()
                .is_some_and(|r| r.value.nanos < e.value.nanos)
        })
        .map(marked);
    all[Milestone::Mitigated as usize] = recovered.map(marked);
    all[Milestone::Resolved as usize] = resolved.map(marked);
}

/// The stated end of a document that has clock times and no date, counted from its stated start.
fn undated_end(stated: &Stated, start: Stamp) -> Option<Claim<Stamp>> {
    let clock = |f: &Fact<String>| chrono::NaiveTime::parse_from_str(&f.value, "%H:%M").ok();
    let end = stated
        .end
        .as_ref()
        .filter(|_| start.basis == Basis::Relative)?;
    let length = clock(end)?
        .signed_duration_since(clock(stated.start.as_ref()?)?)
        .num_nanoseconds()?;
    // Past midnight the clock begins anew.
    let length = if length < 0 { length + DAY } else { length };
    Some(claim(
        Stamp {
            nanos: start.nanos + length,
            ..start
        },
        end.evidence.clone(),
    ))
}

/// A stated date and time, in the zone that the document states; UTC is assumed where it states none.
fn instant(stated: &Stated, fact: Option<&Fact<String>>) -> Option<Claim<Stamp>> {
    let fact = fact?;
    let wall = chrono::NaiveDateTime::parse_from_str(&fact.value, "%Y-%m-%dT%H:%M")
        .ok()?
        .and_utc()
        .timestamp_nanos_opt()?;
    let zone = stated.zone.as_ref().map(|z| z.value.as_str());
    let east = zone.and_then(|z| {
        zone::by_abbreviation(z.as_bytes())
            .or_else(|| z.parse::<Zone>().ok().map(|z| z.offset_at(wall)))
    });
    let basis = if east.is_some() {
        Basis::Stated
    } else {
        Basis::ZoneAssumed
    };
    let nanos = wall - i64::from(east.unwrap_or(0)) * SECOND;
    Some(claim(
        Stamp {
            nanos,
            precision: Precision::Minute,
            basis,
        },
        fact.evidence.clone(),
    ))
}

/// How the document says that it was noticed: its section on detection, else its first entry that tells.
fn detection(said: &[&Signal], notes: &[&Kept]) -> Option<(Method, Evidence)> {
    let told = notes
        .iter()
        .filter(|n| section(n) == Some("detection"))
        .map(|n| (n.record.message.as_ref(), Evidence::new(n.cite)));
    let entries = said.iter().filter_map(|s| match &s.sign {
        Sign::Said(w) => Some((w.text.as_str(), s.evidence.clone())),
        _ => None,
    });
    entries
        .chain(told)
        .find_map(|(text, evidence)| Some((method(text)?, evidence)))
}

/// Who or what noticed, by the first of their words.
fn method(text: &str) -> Option<Method> {
    const WORDS: [(&str, Method); 19] = [
        ("failed to trigger", Method::Human),
        ("support ticket", Method::Ticket),
        ("tickets", Method::Ticket),
        ("customer support", Method::Ticket),
        ("customers report", Method::Ticket),
        ("users report", Method::Ticket),
        ("user report", Method::Ticket),
        ("complain", Method::Ticket),
        ("alert", Method::Alert),
        ("monitor", Method::Alert),
        ("pagerduty", Method::Alert),
        ("paged", Method::Alert),
        ("pager ", Method::Alert),
        ("pingdom", Method::Alert),
        ("uptime check", Method::Alert),
        ("alarm ", Method::Alert),
        ("alarms", Method::Alert),
        ("noticed", Method::Human),
        ("reported by", Method::Human),
    ];
    let text = text.to_lowercase();
    let found = WORDS
        .iter()
        .filter_map(|(word, method)| Some((text.find(word)?, *method)));
    found.min_by_key(|(at, _)| *at).map(|(_, method)| method)
}
