//! One service may be accounted for twice: by a proxy in whose log it has its name, and by itself.
//! Then each request stands in two logs and is still one.

use super::count::Count;
use crate::ingest::FilePlan;
use std::collections::BTreeMap;

/// Counts of one service by the format of the logs that they are from: hosts of a service log alike.
#[derive(Default)]
pub(super) struct Accounts<'f>(BTreeMap<&'static str, Count<'f>>);

impl<'f> Accounts<'f> {
    /// What was counted in a file.
    pub(super) fn of(plan: &FilePlan, count: Count<'f>) -> Self {
        let format = plan.detected.formats.first();
        Self(BTreeMap::from([(
            format.map_or("", |c| c.format.name),
            count,
        )]))
    }

    /// What was counted in either.
    pub(super) fn merge(mut self, other: Self) -> Self {
        for (format, theirs) in other.0 {
            let ours = match self.0.remove(format) {
                Some(ours) => ours.merge(theirs),
                None => theirs,
            };
            self.0.insert(format, ours);
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
