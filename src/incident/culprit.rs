//! The service that most likely failed first: what the alert, the fix, the likeliest change and
//! the earliest errors point at. Front services that only pass failures on count less.

use super::accused::{accused, is_behind, known, relays};
use super::flow;
use super::group::Group;
use super::milestones::{Milestones, naming};
use super::model::{Culprit, Involved, Milestone, Suspect, SuspectKind};
use super::names;
use super::suspects::{Risen, change_milestone};
use super::waiting;
use crate::cite::Evidence;
use crate::signal::{Sign, Signal};
use crate::survey::What;
use recon_parsers::stamp::SECOND;

// What each kind of evidence weighs; in hindsight the fix names the cause.
/// The repair that is the milestone was made to it.
const FIX: f64 = 0.35;
/// Requests went astray in it, and nothing else tells how requests fared.
const ASTRAY: f64 = 1.0;
/// Requests went astray in it, and something else tells.
const ALSO_ASTRAY: f64 = 0.2;
/// The likeliest change was one of it, times that change's score.
const CHANGE: f64 = 0.35;
/// People named it as the cause.
const NAMED: f64 = 0.40;
/// The messages of others name it.
const ACCUSED: f64 = 0.30;
/// It fell silent.
const SILENT: f64 = 0.25;
/// A grave alert is about it.
const GRAVE_ALERT: f64 = 0.20;
/// An alert is about it.
const ALERT: f64 = 0.08;
/// A page is about it.
const PAGE: f64 = 0.10;
/// Its errors rose.
const BURST: f64 = 0.05;
/// Its errors rose first.
const FIRST_ERRORS: f64 = 0.20;
/// The most suspicious message is one of its own, times that message's score.
const MESSAGE: f64 = 0.15;
/// What evidence against a front counts, through which the failures of others are seen.
const FRONT: f64 = 0.25;
/// The same of a service whose own messages say that another failed it, which does not name it in turn.
const RELAY: f64 = 0.4;
/// It says itself that it has no room, no memory or no disk left: a store does for whoever uses it.
const EXHAUSTED: f64 = 0.30;
/// What evidence against a service counts that nothing measured is about.
const UNSEEN: f64 = 0.6;
/// Less evidence than this in all makes nobody a culprit with confidence.
const LITTLE: f64 = 0.4;
/// A silence that begins so close (two minutes) to the onset belongs to it.
const CLOSE: i64 = 120 * SECOND;

/// Services with the weight of what speaks against them.
#[derive(Default)]
struct Votes(Vec<(String, f64, Evidence)>);

impl Votes {
    fn add(&mut self, service: Option<&String>, weight: f64, evidence: &Evidence) {
        let Some(service) = service else { return };
        match self.0.iter_mut().find(|(s, ..)| names::same(s, service)) {
            Some((_, w, e)) => {
                *w += weight;
                *e = e.clone().and(evidence);
            }
            None => self.0.push((service.clone(), weight, evidence.clone())),
        }
    }

    /// Lessens what was said of some.
    fn discount(&mut self, some: impl Fn(&str) -> bool, to: f64) {
        for (service, weight, _) in &mut self.0 {
            if some(service) {
                *weight *= to;
            }
        }
    }

    fn win(mut self) -> Option<(String, f64, Evidence)> {
        self.0
            .sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let total: f64 = self.0.iter().map(|v| v.1).sum();
        let (service, weight, evidence) = self.0.into_iter().next()?;
        Some((service, (weight / total.max(LITTLE)).min(1.0), evidence))
    }
}

/// The likeliest service, if anything speaks against any.
pub(super) fn culprit(
    group: &Group<'_>,
    all: &Milestones,
    suspects: &[Suspect],
    risen: &[Risen],
) -> Option<Culprit> {
    let mut votes = Votes::default();
    let mended = all[Milestone::FixDeployed as usize]
        .as_ref()
        .map(|m| m.claim.evidence.first());
    let mut changes = group.changes.iter();
    if let Some(fix) = changes.find(|s| Some(s.evidence.first()) == mended) {
        votes.add(fix.service.as_ref(), FIX, &fix.evidence);
    }
    if let Some(suspect) = change_milestone(suspects) {
        let weight = CHANGE * suspect.score;
        let service = suspect.service.as_ref();
        let service = service.or_else(|| named(group, &suspect.what));
        votes.add(service, weight, &suspect.evidence);
    }
    responses(&mut votes, group);
    bursts(&mut votes, group);
    odd_requests(&mut votes, group);
    accusations(&mut votes, group, risen);
    exhaustion(&mut votes, risen);
    let onset = super::milestones::onset(group);
    let silent = |s: &&&Signal| (s.from.nanos - onset).abs() <= CLOSE;
    for silence in group.silences.iter().filter(silent) {
        votes.add(silence.service.as_ref(), SILENT, &silence.evidence);
    }
    for (service, evidence) in &group.absent {
        votes.add(Some(service), SILENT, evidence);
    }
    if let Some(suspect) = suspects.iter().find(|s| s.kind == SuspectKind::Template) {
        let weight = MESSAGE * suspect.score;
        votes.add(suspect.service.as_ref(), weight, &suspect.evidence);
    }
    let accused = accused(group, risen);
    let relays = relaying(group, suspects, &accused);
    let fails_others = |s: &str| accused.iter().any(|(_, other)| names::same(other, s));
    // Whom a front waits for is behind it, though its own log may say nothing.
    let is_absent = |s: &str| group.absent.keys().any(|a| names::same(a, s));
    let front =
        |s: &str| is_front(group, risen, s) && !waiting::is_waited_for(group, s) && !is_absent(s);
    votes.discount(|s| front(s) || waiting::waits(group, s), FRONT);
    votes.discount(|s| relays.iter().any(|r| names::same(r, s)), RELAY);
    votes.discount(
        |s| !shows_trouble(group, risen, s) && !fails_others(s),
        UNSEEN,
    );
    let (service, confidence, evidence) = votes.win()?;
    Some(Culprit {
        service: plain(group, service),
        confidence,
        evidence,
    })
}

/// Those who only pass on what others do to them.
fn relaying<'a>(
    group: &Group<'_>,
    suspects: &[Suspect],
    accused: &[(&'a str, &'a str)],
) -> Vec<&'a str> {
    // Where requests go astray something fails, whatever else it says.
    let astray = flow::by_service(group);
    let strays = |s: &str| {
        let mut services = astray.iter().filter_map(|f| f.service.as_deref());
        services.any(|own| names::same(own, s))
    };
    // Unless people, too, say that it was the other.
    let told = |other: &str| naming(group).any(|(_, said)| names::mentions(&said.text, other));
    let blames = |s: &str| {
        let mut others = accused.iter().filter(|(by, _)| names::same(by, s));
        others.any(|(_, other)| told(other))
    };
    let mut relays = relays(accused);
    relays.retain(|s| (!strays(s) || blames(s)) && !was_undone(suspects, s));
    relays
}

/// What alerts and pages are about.
fn responses(votes: &mut Votes, group: &Group<'_>) {
    for alert in &group.alerts {
        let grave = matches!(&alert.sign, Sign::Alert(a) if a.is_grave());
        let weight = if grave { GRAVE_ALERT } else { ALERT };
        votes.add(alert.service.as_ref(), weight, &alert.evidence);
    }
    for page in group.pages.iter().take(1) {
        votes.add(page.service.as_ref(), PAGE, &page.evidence);
    }
}

/// Whom people name as the cause, and whom the messages of others name. What names several
/// says less of each.
fn accusations(votes: &mut Votes, group: &Group<'_>, risen: &[Risen]) {
    let known = known(group);
    let mut add = |text: &str, own: Option<&str>, weight: f64, evidence: &Evidence| {
        let others = known
            .iter()
            .filter(|s| own.is_none_or(|o| !names::same(o, s)));
        let named = names::mentioned(text, others.map(|s| s.as_str()));
        #[allow(clippy::cast_precision_loss)]
        let each = weight / named.len().max(1) as f64;
        for service in named {
            votes.add(Some(&service.to_owned()), each, evidence);
        }
    };
    if let Some((signal, said)) = naming(group).last() {
        add(&said.text, None, NAMED, &signal.evidence);
    }
    let mut heard: Vec<&str> = Vec::new();
    for message in risen {
        let concerned = group.concerns(Some(&message.service), "");
        if concerned && !heard.contains(&message.service.as_str()) {
            heard.push(&message.service);
            let evidence = Evidence::new(message.cite());
            add(&message.text, Some(&message.service), ACCUSED, &evidence);
        }
    }
}

/// Whether the likeliest change was one of this service and what ended the trouble undid it: then it is not only the
/// others who fail it, whatever it says of them.
fn was_undone(suspects: &[Suspect], service: &str) -> bool {
    let likeliest = change_milestone(suspects);
    likeliest.is_some_and(|s| {
        let undone = |(what, value): &(&str, f64)| *what == "undone by the fix" && *value > 0.0;
        let own = s.service.as_deref();
        own.is_some_and(|own| names::same(own, service)) && s.features.iter().any(undone)
    })
}

/// The one service that a change without a service of its own names: "flag pier-view.lanes".
fn named<'g>(group: &'g Group<'_>, what: &str) -> Option<&'g String> {
    let mut named = known(group)
        .into_iter()
        .filter(|s| names::mentions(what, s));
    named.next().filter(|_| named.next().is_none())
}

/// A store that says that its disk is full fails all who use it, who say so, too: it comes before them.
fn exhaustion(votes: &mut Votes, risen: &[Risen]) {
    let told = risen.iter().filter(|r| {
        let said = r.text.to_lowercase();
        names::is_store(&r.service) && SPENT.iter().any(|words| said.contains(words))
    });
    let mut heard: Vec<&str> = Vec::new();
    for message in told {
        if !heard.contains(&message.service.as_str()) {
            heard.push(&message.service);
            let evidence = Evidence::new(message.cite());
            votes.add(Some(&message.service), EXHAUSTED, &evidence);
        }
    }
}

/// Words of a store that has nothing left to store in.
const SPENT: [&str; 9] = [
    "no space left",
    "disk full",
    "disk is full",
    "out of disk space",
    "could not extend",
    "could not write",
    "out of memory",
    "oom command not allowed",
    "quota exceeded",
];

/// Whether a service only shows the failures of others: its requests fail, and its own log has
/// nothing to say, or nothing but of those requests while another's has.
fn is_front(group: &Group<'_>, risen: &[Risen], service: &str) -> bool {
    let concerned = |r: &&Risen| group.concerns(Some(&r.service), "");
    let own = |r: &Risen| names::same(&r.service, service);
    let silent = !risen.iter().any(own) && risen.iter().filter(concerned).any(|r| !own(r));
    let is_of_errors = |b: &Signal| matches!(&b.sign, Sign::Burst(d) if d.what == What::Errors);
    let is_own = |b: &Signal| {
        let named = b.service.as_deref();
        named.is_some_and(|s| names::same(s, service))
    };
    let bursts = |errors: bool| {
        let mut own = group.bursts.iter().filter(|b| is_own(b));
        own.any(|b| is_of_errors(b) == errors)
    };
    // Who is dead says nothing; then nobody else has errors of their own to show.
    let others = group.bursts.iter().any(|b| is_of_errors(b) && !is_own(b));
    bursts(false) && (silent || !bursts(true) && others)
}

/// Whether anything that is measured is about a service: a tool that was mended on the way to the
/// cure is not what failed.
fn shows_trouble(group: &Group<'_>, risen: &[Risen], service: &str) -> bool {
    let signals = group
        .bursts
        .iter()
        .chain(&group.flows)
        .chain(&group.silences)
        .chain(&group.alerts);
    let mut measured = signals.filter_map(|s| s.service.as_deref());
    let mut spoken = risen.iter().map(|r| r.service.as_str());
    measured.any(|s| names::same(s, service))
        || spoken.any(|s| names::same(s, service))
        || group.concerns(Some(service), "")
}

/// Where requests go astray or stay too long.
fn odd_requests(votes: &mut Votes, group: &Group<'_>) {
    let most = if flow::is_alone(group) {
        ASTRAY
    } else {
        ALSO_ASTRAY
    };
    for signal in flow::by_service(group) {
        let weight = most * flow::certainty(signal).powi(2);
        votes.add(signal.service.as_ref(), weight, &signal.evidence);
    }
}

fn bursts(votes: &mut Votes, group: &Group<'_>) {
    let bursts = &group.bursts;
    let Some(first) = bursts.iter().map(|b| b.from.nanos).min() else {
        return;
    };
    for burst in bursts {
        let Sign::Burst(detail) = &burst.sign else {
            continue;
        };
        #[allow(clippy::cast_precision_loss)]
        let early = (-((burst.from.nanos - first) as f64) / (60.0 * SECOND as f64)).exp();
        // A service's own log speaks of the service; requests fail in front of whatever failed.
        let slows = |s: &String| detail.what == What::Slow && waiting::is_waited_for(group, s);
        let own = if detail.what == What::Errors || burst.service.as_ref().is_some_and(slows) {
            FIRST_ERRORS * early
        } else {
            0.0
        };
        votes.add(burst.service.as_ref(), BURST + own, &burst.evidence);
        // At a front that serves others, whom all that fails was for comes before it.
        let others = group.implicated.iter().filter(|s| is_behind(burst, s));
        for service in others {
            votes.add(Some(service), 2.0 * BURST, &burst.evidence);
        }
    }
}

/// The name that logs use for a service, rather than a paging product's.
fn plain(group: &Group<'_>, service: String) -> String {
    group
        .services
        .iter()
        .chain(&group.implicated)
        .find(|s| names::same(s, &service))
        .cloned()
        .unwrap_or(service)
}

/// Services that took part, the culprit first.
pub(super) fn involved(group: &Group<'_>, culprit: Option<&Culprit>) -> Vec<Involved> {
    let mut all: Vec<Involved> = culprit
        .map(|c| Involved {
            service: c.service.clone(),
            culprit: true,
        })
        .into_iter()
        .collect();
    for service in &group.services {
        if !all.iter().any(|i| names::same(&i.service, service)) {
            all.push(Involved {
                service: service.clone(),
                culprit: false,
            });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_change_tells_whose_it_is_if_it_names_one_service() {
        let group = Group {
            services: ["till", "door"].map(str::to_owned).into(),
            ..Group::default()
        };
        let of = |what: &str| named(&group, what).map(String::as_str);
        assert_eq!(of("flag change till.two_drawers"), Some("till"));
        assert_eq!(of("flag change two_drawers"), None);
        assert_eq!(of("settings of door and till"), None);
    }

    #[test]
    fn who_was_changed_and_changed_back_is_no_mere_relay() {
        let suspect = |undone: f64| {
            let cite = crate::cite::Cite {
                file: crate::cite::FileId(0),
                offset: 0,
                len: 1,
            };
            [Suspect {
                kind: SuspectKind::Change,
                what: "config change of till".to_owned(),
                words: None,
                service: Some("till".to_owned()),
                at: None,
                score: 0.9,
                features: vec![("undone by the fix", undone)],
                evidence: Evidence::new(cite),
            }]
        };
        assert!(was_undone(&suspect(0.8), "till"));
        assert!(!was_undone(&suspect(0.0), "till"));
        assert!(!was_undone(&suspect(0.8), "till-mysql"));
    }
}
