//! Tasks that follow from what happened: each is tied to the gap or the act it mends.

use super::group::Group;
use super::milestones::{Milestones, change_of, words};
use super::model::{Horizon, Lead, Method, Milestone, Task};
use super::suspects::describe;
use crate::cite::Evidence;
use crate::lexicon::{Act, Environment, Mood};
use crate::signal::{Sign, Signal};
use recon_parsers::stamp::SECOND;

/// A suspicion that was followed for longer (a quarter of an hour) cost time.
const DETOUR: i64 = 900 * SECOND;

/// Nobody should be alone with an outage for longer (half an hour).
const ALONE: i64 = 1800 * SECOND;

/// The tasks, the urgent ones first.
pub(super) fn tasks(
    group: &Group<'_>,
    all: &Milestones,
    method: Option<Method>,
    leads: &[Lead],
) -> Vec<Task> {
    let mut tasks = bypasses(group);
    let at = |which: Milestone| all[which as usize].as_ref();
    if let (Some(detected), Some(Method::Ticket | Method::Human)) =
        (at(Milestone::Detected), method)
    {
        tasks.push(Task {
            horizon: Horizon::Short,
            text: "Add an alert for this failure: people noticed it, no alert did".to_owned(),
            evidence: detected.claim.evidence.clone(),
        });
    }
    if let (Some(start), Some(detected)) = (at(Milestone::ImpactStart), at(Milestone::Detected))
        && detected.claim.value.nanos - start.claim.value.nanos > 600 * SECOND
    {
        tasks.push(Task {
            horizon: Horizon::Short,
            text: "Shorten the time to detect: the failure had lasted more than ten minutes"
                .to_owned(),
            evidence: start.claim.evidence.clone().and(&detected.claim.evidence),
        });
    }
    tasks.extend(late_escalation(all));
    tasks.extend(relapse(group));
    if let Some(change) = at(Milestone::Change) {
        let first = change.claim.evidence.first();
        let signal = group.changes.iter().find(|s| s.evidence.first() == first);
        let what = signal.map(|s| describe(s)).filter(|what| !what.is_empty());
        let what = what.map_or_else(|| "this change".to_owned(), |what| format!("the {what}"));
        tasks.push(Task {
            horizon: Horizon::Short,
            text: format!("If {what} proves to be the cause: review how it reached production, and add a test or a check that would have stopped it"),
            evidence: change.claim.evidence.clone(),
        });
    }
    let spent = |l: &Lead| l.to.map(|t| t.nanos.saturating_sub(l.from.nanos));
    let long = leads.iter().filter_map(|l| Some((l, spent(l)?)));
    for (lead, spent) in long.filter(|(_, n)| *n > DETOUR).take(2) {
        let minutes = spent / (60 * SECOND);
        tasks.push(Task {
            horizon: Horizon::Long,
            text: format!(
                "Make it quicker to tell whether “{}” is at fault: it was followed for {minutes} minutes",
                lead.hypothesis
            ),
            evidence: lead.evidence.clone(),
        });
    }
    tasks.sort_by_key(|t| t.horizon);
    tasks
}

/// Whoever saw it first stayed alone with it while it went on.
fn late_escalation(all: &Milestones) -> Option<Task> {
    let at = |which: Milestone| all[which as usize].as_ref().map(|m| &m.claim);
    let (detected, escalated) = (at(Milestone::Detected)?, at(Milestone::Escalated)?);
    let waited = escalated.value.nanos.saturating_sub(detected.value.nanos);
    let ended = at(Milestone::Mitigated).is_some_and(|m| m.value.nanos <= escalated.value.nanos);
    (waited > ALONE && !ended).then(|| Task {
        horizon: Horizon::Short,
        text: format!(
            "Say when others are to be asked in: {} minutes passed from the detection to the escalation",
            waited / (60 * SECOND)
        ),
        evidence: detected.evidence.clone().and(&escalated.evidence),
    })
}

/// The same failures came back after they had ended: something was called mended too early.
fn relapse(group: &Group<'_>) -> Option<Task> {
    let kind = |s: &Signal| match &s.sign {
        Sign::Burst(b) => Some(b.what),
        _ => None,
    };
    let again = |first: &Signal, next: &Signal| {
        first.service == next.service
            && kind(first) == kind(next)
            && first.to.is_some_and(|to| to.nanos < next.from.nanos)
    };
    let bursts = &group.bursts;
    let (first, next) = bursts
        .iter()
        .flat_map(|a| bursts.iter().map(move |b| (a, b)))
        .find(|(a, b)| again(a, b))?;
    let service = next.service.as_deref().unwrap_or("the service");
    Some(Task {
        horizon: Horizon::Short,
        text: format!(
            "Check that {service} stays well for a while before it is called mended: its failures ended and came back"
        ),
        evidence: first.evidence.clone().and(&next.evidence),
    })
}

/// Workarounds in production that nothing shows to have been taken out again.
fn bypasses(group: &Group<'_>) -> Vec<Task> {
    let mut evidence: Option<Evidence> = None;
    let mut what: Option<String> = None;
    let mut add = |more: &Evidence| {
        evidence = Some(
            evidence
                .take()
                .map_or_else(|| more.clone(), |e| e.and(more)),
        );
    };
    for signal in &group.changes {
        let Some(change) =
            change_of(signal).filter(|c| c.is_live() && signal.from.nanos >= group.from)
        else {
            continue;
        };
        let text = format!(
            "{} {} {}",
            change.kind,
            change.version.as_deref().unwrap_or_default(),
            change.message
        )
        .to_lowercase();
        if [
            "bypass",
            "workaround",
            "temporary",
            "skip_",
            "skip-",
            "disable_",
            "disable-",
            "kill_switch",
        ]
        .iter()
        .any(|w| text.contains(w))
        {
            what.get_or_insert_with(|| describe(signal));
            add(&signal.evidence);
        }
    }
    for signal in &group.said {
        let Some(said) = words(signal) else { continue };
        let relief = said.statements.iter().any(|s| {
            s.act == Act::Workaround
                && s.score >= 0.6
                && !matches!(s.mood, Mood::Negated | Mood::Question)
                && s.environment != Some(Environment::Staging)
        });
        if relief {
            add(&signal.evidence);
        }
    }
    let Some(evidence) = evidence else {
        return Vec::new();
    };
    let text = match what {
        Some(what) => format!("Remove the temporary workaround ({what}), or show that it is gone"),
        None => "Remove the temporary workaround, or show that it is gone".to_owned(),
    };
    vec![Task {
        horizon: Horizon::Immediate,
        text,
        evidence,
    }]
}
