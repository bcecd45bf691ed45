//! One service may be accounted for twice: by a proxy in whose log it has its name, and by itself.
//! Then each request stands in two logs and is still one.

use super::count::Count;
use crate::ingest::FilePlan;
use std::collections::BTreeMap;

/// Counts of one service by the logs that they are from: hosts of a service log alike, and nobody else's log is one of
/// its own, though it may be in the same format.
#[derive(Default)]
pub(super) struct Accounts<'f>(BTreeMap<(&'static str, bool), Count<'f>>);

impl<'f> Accounts<'f> {
    /// What was counted of a service in a file.
    pub(super) fn of(plan: &FilePlan, service: Option<&str>, count: Count<'f>) -> Self {
        let format = plan.detected.formats.first();
        let format = format.map_or("", |c| c.format.name);
        let own = service.is_some_and(|s| plan.service.eq_ignore_ascii_case(s));
        Self(BTreeMap::from([((format, own), count)]))
    }

    /// What was counted in either.
    pub(super) fn merge(mut self, other: Self) -> Self {
        for (log, theirs) in other.0 {
            let ours = match self.0.remove(&log) {
                Some(ours) => ours.merge(theirs),
                None => theirs,
            };
            self.0.insert(log, ours);
        }
        self
    }

    /// All counts together, but for those that tell of the same requests as others do. Of such
    /// that is kept which names more users.
    pub(super) fn settle(self) -> Option<Count<'f>> {
        let mut accounts: Vec<Count<'f>> = self.0.into_values().collect();
        accounts.sort_by_key(|c| std::cmp::Reverse(c.weight()));
        let mut kept: Vec<Count<'f>> = Vec::new();
        for account in accounts {
            if !kept.iter().any(|k| k.echoes(&account)) {
                kept.push(account);
            }
        }
        kept.into_iter().reduce(Count::merge)
    }
}
