//! Customers' reports and the incident that they are about.

use super::group::{Group, SLACK};
use crate::signal::{Sign, Signal};

/// Customers name no service: their reports join what hurts when they come, the latest to begin
/// if there are several; many of them alone are an incident. A single one joins what it names.
pub(super) fn join<'s>(groups: &mut Vec<Group<'s>>, signals: &[&'s Signal]) {
    for signal in signals {
        let Sign::Tickets { alone, .. } = &signal.sign else {
            continue;
        };
        if let Some(said) = alone {
            let within = |g: &&mut Group<'_>| (g.from..=g.to).contains(&signal.from.nanos);
            let named = groups.iter_mut().filter(within);
            let mut named = named.filter(|g| g.concerns(None, said) || fails_at(g, said));
            if let Some(group) = named.next() {
                group.tickets.push(signal);
            }
            continue;
        }
        let from = signal.from.nanos;
        let to = signal.to.map_or(from, |t| t.nanos);
        let near = groups
            .iter_mut()
            .filter(|g| from <= g.to + SLACK && to >= g.from - SLACK)
            .max_by_key(|g| (g.from <= from, g.from));
        match near {
            Some(group) => {
                group.tickets.push(signal);
                // Reports go on after the failures; that prolongs nothing.
                group.from = group.from.min(from);
            }
            None => groups.push(Group {
                from,
                to,
                tickets: vec![signal],
                ..Group::default()
            }),
        }
    }
}

/// Whether a text names where requests fail: "/labels does not work".
fn fails_at(group: &Group<'_>, text: &str) -> bool {
    let bursts = group.bursts.iter().filter_map(|s| match &s.sign {
        Sign::Burst(burst) => Some(&burst.operations),
        _ => None,
    });
    let paths = bursts.flatten().filter_map(|o| Some(o.split_once(' ')?.1));
    let fixed = paths.map(|p| p.split('*').next().unwrap_or(p).trim_end_matches('/'));
    let mut telling = fixed.filter(|p| p.len() > 1);
    let words = || text.split([' ', ',', '"', '\'', '?', '!']);
    telling.any(|path| words().any(|w| w.trim_end_matches(['.', ':', ';', '/']).ends_with(path)))
}
