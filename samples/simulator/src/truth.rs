//! What is true about a bundle.

use crate::episode::{Episode, Hit, Noticed};
use crate::response::{Sources, Traces};
use crate::traffic::Request;
use crate::world::World;
use recon_samples::json::{Json, object};
use recon_samples::time::Time;
use std::collections::BTreeSet;

/// A wrong turn.
#[derive(Clone, Debug)]
pub struct Lead {
    /// Words of which one at least names it.
    pub words: &'static [&'static str],
    /// Voiced.
    pub from: Time,
    /// Ruled out.
    pub to: Time,
}

/// One incident; what its files cannot tell is absent.
#[derive(Clone, Debug)]
pub struct Incident {
    /// When it began to hurt, as far as the logs show.
    pub impact_start: Time,
    /// It is a slow degradation.
    pub slow: bool,
    /// What people wrote is known to the minute only.
    pub coarse: bool,
    /// First notice.
    pub detected: Option<Time>,
    /// A person took it.
    pub acknowledged: Option<Time>,
    /// Others were asked in.
    pub escalated: Option<Time>,
    /// The cause was named.
    pub identified: Option<Time>,
    /// The repair took effect.
    pub fix_deployed: Option<Time>,
    /// It stopped to hurt.
    pub mitigated: Option<Time>,
    /// A person closed it.
    pub resolved: Option<Time>,
    /// The service at fault.
    pub culprit: Option<String>,
    /// When the change that caused it took effect.
    pub cause: Option<Time>,
    /// Wrong turns.
    pub leads: Vec<Lead>,
    /// Distinct users with a failed request.
    pub users: Option<u64>,
    /// Failed requests.
    pub failed: Option<u64>,
}

/// What is true about a bundle.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    /// Its incidents, in order of their start.
    pub incidents: Vec<Incident>,
}

/// The truth about these episodes, as far as the files show it.
#[must_use]
pub fn of(
    world: &World,
    episodes: &[Episode],
    requests: &[Request],
    traces: &Traces,
    sources: Sources,
) -> Truth {
    let tell = |e: &Episode| incident(world, e, requests, traces, sources);
    let mut incidents: Vec<Incident> = episodes.iter().map(tell).collect();
    incidents.sort_by_key(|i| i.impact_start);
    Truth { incidents }
}

fn incident(
    world: &World,
    e: &Episode,
    requests: &[Request],
    traces: &Traces,
    sources: Sources,
) -> Incident {
    let hit: Vec<&Request> = requests
        .iter()
        .filter(|r| r.hit == Some(e.number))
        .collect();
    let slow = matches!(e.hit, Hit::Slow(..));
    let paged = sources.pages && e.noticed == Noticed::Alert;
    let told = paged || sources.chat;
    let users: BTreeSet<usize> = hit.iter().map(|r| r.user).collect();
    let counted = !slow;
    let count = |n: usize| Some(u64::try_from(n).unwrap_or(0)).filter(|_| counted);
    let detected = match e.noticed {
        Noticed::Nobody => None,
        Noticed::Tickets => traces
            .tickets
            .iter()
            .map(|t| t.0)
            .filter(|t| *t >= e.detected)
            .min(),
        _ => Some(e.detected),
    };
    Incident {
        impact_start: if slow {
            e.from()
        } else {
            hit.first().map_or_else(|| e.from(), |r| r.at)
        },
        slow,
        coarse: false,
        detected,
        acknowledged: told.then_some(e.acknowledged),
        escalated: e.escalated.filter(|_| told),
        identified: sources.chat.then_some(e.identified),
        fix_deployed: e.fix.as_ref().filter(|_| sources.changes).map(|f| f.at),
        mitigated: hit.last().map(|r| r.at).filter(|_| !e.unfinished),
        resolved: e.resolved.filter(|t| told && *t < world.span.1),
        culprit: sources.logs.then(|| world.name(e.culprit).to_owned()),
        cause: e.cause.as_ref().filter(|_| sources.changes).map(|c| c.at),
        leads: if sources.chat {
            e.wrong
                .iter()
                .map(|w| Lead {
                    words: world.speech().leads[w.lead].1,
                    from: w.from,
                    to: w.to,
                })
                .collect()
        } else {
            vec![]
        },
        users: count(users.len()).filter(|_| world.knows_users()),
        failed: count(hit.len()),
    }
}

impl Truth {
    /// As JSON.
    #[must_use]
    pub fn json(&self) -> Json {
        object([(
            "incidents",
            self.incidents.iter().map(Incident::json).collect(),
        )])
    }
}

impl Incident {
    fn json(&self) -> Json {
        let time = |t: Option<Time>| Json::from(t.map(Time::rfc3339));
        let number = |n: Option<u64>| Json::from(n.and_then(|n| i64::try_from(n).ok()));
        let lead = |l: &Lead| {
            object([
                ("hypothesis", l.words.iter().copied().collect()),
                ("from", time(Some(l.from))),
                ("to", time(Some(l.to))),
            ])
        };
        object([
            ("impact_start", time(Some(self.impact_start))),
            ("slow", self.slow.into()),
            ("detected", time(self.detected)),
            ("acknowledged", time(self.acknowledged)),
            ("escalated", time(self.escalated)),
            ("identified", time(self.identified)),
            ("fix_deployed", time(self.fix_deployed)),
            ("mitigated", time(self.mitigated)),
            ("resolved", time(self.resolved)),
            ("culprit_service", self.culprit.clone().into()),
            ("cause_change", time(self.cause)),
            ("false_leads", self.leads.iter().map(lead).collect()),
            ("users_affected", number(self.users)),
            ("requests_failed", number(self.failed)),
        ])
    }
}
