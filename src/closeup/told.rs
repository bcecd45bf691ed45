//! Whose requests failed, where one log counts the requests and another names the users: a proxy knows of each request its id
//! and how it ended, and the errors of the application say by the same ids for whom they were.

use super::distinct::{Distinct, K, spread};
use super::entry::Entry;
use recon_parsers::Level;
use std::collections::BTreeMap;

/// Users by the ids of requests about which there is an error, those of the smallest hashes.
#[derive(Clone, Debug, Default)]
pub(super) struct Told(BTreeMap<u64, u64>);

impl Told {
    /// Takes an entry in that counts no request itself.
    pub(super) fn add(&mut self, entry: &Entry<'_>) {
        let error = entry.request.is_none() && entry.level >= Some(Level::Error);
        let (Some(id), Some(user)) = (entry.id.filter(|_| error), entry.user) else {
            return;
        };
        // Of several errors that name another user any will do, but the same whoever reads first.
        let user = spread(user);
        let known = self.0.entry(spread(id)).or_insert(user);
        *known = user.min(*known);
        self.trim();
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (id, user) in other.0 {
            let known = self.0.entry(id).or_insert(user);
            *known = user.min(*known);
        }
        self.trim();
    }

    fn trim(&mut self) {
        while self.0.len() > K {
            self.0.pop_last();
        }
    }

    /// The users of these requests, and of how many of them one is known.
    pub(super) fn users(&self, ids: &Distinct) -> (Distinct, u64) {
        let mut users = Distinct::default();
        let mut named = 0;
        for user in ids.hashes().filter_map(|id| self.0.get(&id)) {
            users.add_hash(*user);
            named += 1;
        }
        (users, named)
    }
}
