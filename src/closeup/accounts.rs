//! One service may be accounted for twice: by a proxy in whose log it has its name, and by itself.
//! Then each request stands in two logs and is still one.

use super::count::Count;
use crate::ingest::{FilePlan, set_of};
use std::collections::{BTreeMap, BTreeSet};

/// Logs that are told apart: each count holds sets of users and ids.
const APART: usize = 32;

/// Counts of one service by the logs that they are from.
#[derive(Default)]
pub(super) struct Accounts<'f>(BTreeMap<Log, Count<'f>>);

/// A log: nobody else's is one of the service's own, though it may be in the same format.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Log {
    format: &'static str,
    own: bool,
    /// Whose it is by its name, and the name without what rotation adds.
    service: String,
    stem: String,
}

impl Log {
    /// The log that a file is of, for who asks for a service.
    fn of(path: &str, plan: &FilePlan, service: Option<&str>) -> Self {
        let format = plan.detected.formats.first();
        Self {
            format: format.map_or("", |c| c.format.name),
            own: service.is_some_and(|s| plan.service.eq_ignore_ascii_case(s)),
            service: plan.service.clone(),
            stem: set_of(path),
        }
    }

    /// The logs of files. Of very many, those of one format are one, whoever they are of.
    pub(super) fn all<'p>(
        files: impl Iterator<Item = (&'p str, &'p FilePlan)>,
        service: Option<&str>,
    ) -> Vec<Self> {
        let mut logs: Vec<Self> = files
            .map(|(path, plan)| Self::of(path, plan, service))
            .collect();
        if logs.iter().collect::<BTreeSet<_>>().len() > APART {
            for log in &mut logs {
                log.service.clear();
                log.stem.clear();
            }
        }
        logs
    }
}

impl<'f> Accounts<'f> {
    /// What was counted in a log.
    pub(super) fn of(log: Log, count: Count<'f>) -> Self {
        Self(BTreeMap::from([(log, count)]))
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
        let mut accounts = self.grouped();
        accounts.sort_by_key(|c| std::cmp::Reverse(c.weight()));
        let mut kept: Vec<Count<'f>> = Vec::new();
        let mut heard = Vec::new();
        for account in accounts {
            if kept.iter().any(|k| k.echoes(&account)) {
                heard.push(account);
            } else {
                kept.push(account);
            }
        }
        let mut count = kept.into_iter().reduce(Count::merge)?;
        heard.into_iter().for_each(|other| count.hear(other));
        count.ask();
        Some(count)
    }

    /// Hosts of a service log alike: what is in the same format is one account, unless the same ids stand in both logs.
    fn grouped(self) -> Vec<Count<'f>> {
        let mut groups: Vec<((&str, bool), Count<'f>)> = Vec::new();
        for (log, count) in self.0 {
            let sort = (log.format, log.own);
            let place = groups
                .iter()
                .position(|(s, other)| *s == sort && !other.shares(&count));
            match place {
                Some(at) => {
                    let (_, group) = groups.swap_remove(at);
                    groups.push((sort, group.merge(count)));
                }
                None => groups.push((sort, count)),
            }
        }
        groups.into_iter().map(|(_, count)| count).collect()
    }
}
