//! Requests that leave their usual way, or are slow on it, as part of incidents.
//!
//! Where requests are counted by their outcome, they tell who is likely at fault. Where nothing else
//! tells how requests fared, they are what hurts: they begin incidents and place the onset.

use super::group::{Group, SLACK};
use super::milestones::hurting;
use super::model::{Suspect, SuspectKind};
use super::names;
use super::witness::Witnesses;
use crate::cite::Cite;
use crate::signal::{Flow, Oddity, Sign, Signal};
use crate::template;
use recon_parsers::stamp::SECOND;

/// From this weight on, in nats, odd requests are an incident if nothing else tells of one.
const STRONG: f64 = 12.0;
/// Of those of one incident, what weighs less than half of the heaviest is a symptom, or noise.
const LEADING: f64 = 0.5;
/// Nanoseconds (half a minute) between two that are of one trouble.
const APART: i64 = 30 * SECOND;
/// The weight, in nats, that is as good as half of certainty.
const HALF: f64 = 10.0;

/// What it counts where failed requests are counted.
const BESIDES: f64 = 0.3;

pub(super) fn flow(signal: &Signal) -> Option<&Flow> {
    match &signal.sign {
        Sign::Flow(flow) => Some(flow),
        _ => None,
    }
}

/// Whether requests are slow rather than astray.
pub(super) fn is_delay(signal: &Signal) -> bool {
    flow(signal).is_some_and(|f| matches!(f.oddity, Oddity::Delayed { .. }))
}

fn weight(signal: &Signal) -> f64 {
    flow(signal).map_or(0.0, |f| f.weight)
}

/// How sure it is that something changed, 0 to 1.
pub(super) fn certainty(signal: &Signal) -> f64 {
    let weight = weight(signal);
    weight / (weight + HALF)
}

/// The signals of odd requests, the heaviest first.
fn heaviest<'s>(signals: impl Iterator<Item = &'s Signal>) -> Vec<&'s Signal> {
    let mut all: Vec<&Signal> = signals.filter(|s| flow(s).is_some()).collect();
    all.sort_by(|a, b| {
        weight(b)
            .total_cmp(&weight(a))
            .then(a.from.nanos.cmp(&b.from.nanos))
    });
    all
}

fn near(group: &Group<'_>, signal: &Signal, end: i64) -> bool {
    signal.from.nanos <= group.to.saturating_add(SLACK)
        && signal.to.map_or(end, |t| t.nanos) >= group.from - SLACK
}

/// Makes incidents of strong ones, each with all that hurts at about its time.
pub(super) fn begin<'s>(
    groups: &mut Vec<Group<'s>>,
    signals: &[&'s Signal],
    end: i64,
    witnesses: Witnesses<'_>,
) {
    let strong = heaviest(signals.iter().copied());
    let strong = strong.into_iter().take_while(|s| weight(s) >= STRONG);
    for signal in strong.filter(|s| !witnesses.know_of(s, end)) {
        let mut own = Group {
            flows: vec![signal],
            followed: true,
            from: signal.from.nanos,
            to: signal.to.map_or(end, |t| t.nanos),
            services: signal.service.iter().cloned().collect(),
            ..Group::default()
        };
        while let Some(n) = groups.iter().position(|g| near(g, signal, end)) {
            let other = groups.remove(n);
            own.from = own.from.min(other.from);
            own.to = own.to.max(other.to);
            own.bursts.extend(other.bursts);
            own.flows.extend(other.flows);
            own.resources.extend(other.resources);
            own.services.extend(other.services);
        }
        own.bursts
            .sort_by_key(|b| (b.from.nanos, b.evidence.first()));
        groups.push(own);
    }
}

/// Adds the others to the incidents at their time.
pub(super) fn join<'s>(groups: &mut [Group<'s>], signals: &[&'s Signal], end: i64) {
    for group in groups {
        let signals = signals.iter().copied();
        group.flows = heaviest(signals.filter(|s| near(group, s, end)));
    }
}

/// The odd requests that are what an incident is about, if nothing else tells.
pub(super) fn leading<'s>(group: &Group<'s>) -> Vec<&'s Signal> {
    let most = group.flows.first().map_or(0.0, |s| weight(s));
    let Some(heaviest) = group.flows.first() else {
        return Vec::new();
    };
    // What was over when the heaviest began, or began when it was over, is another trouble.
    let ends = |s: &Signal| s.to.map_or(i64::MAX, |t| t.nanos);
    let beside = |s: &Signal| {
        s.from.nanos <= ends(heaviest).saturating_add(APART)
            && heaviest.from.nanos <= ends(s).saturating_add(APART)
    };
    let heavy =
        |s: &&&Signal| group.followed && weight(s) >= STRONG.max(most * LEADING) && beside(s);
    group.flows.iter().filter(heavy).copied().collect()
}

/// Whether nothing else tells how requests fared.
pub(super) fn is_alone(group: &Group<'_>) -> bool {
    let hurting = hurting(group);
    hurting.iter().any(|s| flow(s).is_some())
}

/// The heaviest of each service.
pub(super) fn by_service<'s>(group: &Group<'s>) -> Vec<&'s Signal> {
    let mut found: Vec<&Signal> = Vec::new();
    for signal in &group.flows {
        let same = |other: &&Signal| match (&other.service, &signal.service) {
            (Some(a), Some(b)) => names::same(a, b),
            _ => false,
        };
        if !found.iter().any(same) {
            found.push(signal);
        }
    }
    found
}

/// A service as a suspect because of what requests do in it.
pub(super) fn suspect(
    group: &Group<'_>,
    signal: &Signal,
    text: &mut dyn FnMut(Cite) -> String,
) -> Option<Suspect> {
    let flow = flow(signal)?;
    let service = signal.service.clone()?;
    let (within, before) = (
        share(flow.odd, flow.of),
        share(flow.odd_before, flow.of_before),
    );
    let certainty = certainty(signal);
    let weight = if is_alone(group) { 1.0 } else { BESIDES };
    Some(Suspect {
        kind: SuspectKind::Service,
        what: format!("{service}, where {}", told(flow, text)),
        words: None,
        service: Some(service),
        at: Some(signal.from),
        score: certainty * (0.7 + 0.2 * within + 0.1 * (1.0 - before)) * weight,
        features: vec![
            ("odd requests", within),
            ("usual before", 1.0 - before),
            ("certainty", certainty),
        ],
        evidence: signal.evidence.clone(),
    })
}

#[allow(clippy::cast_precision_loss)]
fn share(part: u64, of: u64) -> f64 {
    part as f64 / of.max(1) as f64
}

fn told(flow: &Flow, text: &mut dyn FnMut(Cite) -> String) -> String {
    let mut words = |cite| quoted(&text(cite));
    let way = match flow.oddity {
        Oddity::Strayed {
            from,
            expected: Some(expected),
            ..
        } => format!(
            "requests that pass {} no longer come to {}",
            words(from),
            words(expected)
        ),
        Oddity::Strayed {
            from,
            instead: Some(instead),
            ..
        } => format!(
            "requests that pass {} come to {}",
            words(from),
            words(instead)
        ),
        Oddity::Strayed { from, .. } => format!("requests end after {}", words(from)),
        Oddity::Delayed { .. } => delayed(flow),
    };
    format!("{way} ({})", counted(flow))
}

/// What happened to requests, in few words.
pub(super) fn summary(signal: &Signal) -> Option<String> {
    let flow = flow(signal)?;
    let service = signal.service.as_deref().unwrap_or("a service");
    let what = match flow.oddity {
        Oddity::Strayed { .. } => "requests left their usual way".to_owned(),
        Oddity::Delayed { .. } => delayed(flow),
    };
    Some(format!("{what} in {service} ({})", counted(flow)))
}

fn delayed(flow: &Flow) -> String {
    let Oddity::Delayed { usual, took } = flow.oddity else {
        return String::new();
    };
    format!("steps took {} instead of {}", time(took), time(usual))
}

fn time(nanos: i64) -> String {
    const MILLI: i64 = SECOND / 1000;
    if nanos >= SECOND {
        format!("{}.{} s", nanos / SECOND, nanos % SECOND * 10 / SECOND)
    } else if nanos >= 10 * MILLI {
        format!("{} ms", nanos / MILLI)
    } else {
        format!("{}.{} ms", nanos / MILLI, nanos % MILLI * 10 / MILLI)
    }
}

fn counted(flow: &Flow) -> String {
    format!(
        "{} of {}, otherwise {} of {}",
        flow.odd, flow.of, flow.odd_before, flow.of_before
    )
}

/// The beginning of a message, its values left out.
fn quoted(message: &str) -> String {
    const MOST: usize = 60;
    const LEFT_OUT: &str = "…";
    let mut text = template::render(message).replace("<*>", LEFT_OUT);
    if let Some((cut, _)) = text.char_indices().nth(MOST) {
        text.truncate(cut);
        text.push_str(LEFT_OUT);
    }
    format!("“{text}”")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_are_short_and_without_values() {
        let said = quoted(
            "o.s.Basket#31 loaded 17 items of basket 9921 for a customer who came from the search page",
        );
        assert!(said.starts_with("“") && said.ends_with("…”"), "{said}");
        assert!(
            !said.contains("9921") && said.chars().count() <= 63,
            "{said}"
        );
    }

    #[test]
    fn times_are_told_as_coarse_as_they_are_long() {
        let told = [1_234_567, 45_678_901, 2_345_678_901].map(time);
        assert_eq!(told, ["1.2 ms", "45 ms", "2.3 s"]);
    }
}
