//! Whether two accounts tell of the same requests.

use super::count::Count;
use crate::cite::FileId;
use std::collections::BTreeSet;

/// Two accounts of the same requests differ by at most one in so many (three percent).
const ECHO: u64 = 33;
/// Failures from which on two accounts that agree on them minute by minute are of the same requests.
const MANY: u64 = 20;
/// Of the ids of two services' requests, at most one in so many is of both, or they are the same requests.
const SHARED: u64 = 20;
/// The same minute by minute, since one log tells when a request came and another when it was done.
const SPREAD: u64 = 7;

impl Count<'_> {
    /// Whether the other tells of the same requests: those that failed are called the same, or nearly as many are told
    /// of and failed, minute by minute. One of both may leave out what went well.
    pub(super) fn echoes(&self, other: &Self) -> bool {
        if self.failed == 0 {
            return false;
        }
        if self.has_ids() && other.has_ids() && self.shared_ids(other) * 2 >= self.fewer_ids(other)
        {
            return true;
        }
        let near = |a: u64, b: u64| a.abs_diff(b) * ECHO <= a.max(b) + ECHO;
        let apart = |of: fn(&(u64, u64)) -> u64| -> u64 {
            let at = |count: &Self, minute: &i64| count.minutes.get(minute).map_or(0, of);
            let minutes: BTreeSet<&i64> = self.minutes.keys().chain(other.minutes.keys()).collect();
            let differ = |m: &i64| at(self, m).abs_diff(at(other, m));
            minutes.into_iter().map(differ).sum()
        };
        let all =
            near(self.total, other.total) && apart(|m| m.0) * SPREAD <= self.total.max(other.total);
        let failed = self.failed >= MANY && apart(|m| m.1) * SPREAD <= self.failed;
        near(self.failed, other.failed) && (all || failed)
    }

    /// Whether the other tells of some of the same requests, by their ids.
    pub(super) fn shares(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.failed > 0, other.failed > 0);
        let named = ours && theirs && self.has_ids() && other.has_ids();
        named && self.shared_ids(other) * 2 >= self.fewer_ids(other).max(1)
    }

    /// Whether most requests that failed have a name.
    pub(super) fn has_ids(&self) -> bool {
        self.ids.count() * 2 >= self.failed
    }

    fn shared_ids(&self, other: &Self) -> u64 {
        let theirs = other.ids.count();
        theirs - other.ids.count_without(&self.ids).min(theirs)
    }

    fn fewer_ids(&self, other: &Self) -> u64 {
        self.ids.count().min(other.ids.count())
    }

    /// Whether the requests of another service are others than these: one log has both, and no request is in it as
    /// one of each. Where requests have no ids, it must be a log of requests alone, as a front writes it, and not tell of
    /// both alike.
    pub(super) fn stands_beside(&self, other: &Self) -> bool {
        let requests = |count: &Self, file: &FileId| count.files.get(file).is_some_and(|l| l.0 > 0);
        let mut files = self.files.keys();
        let one_log = files.any(|f| requests(self, f) && requests(other, f));
        if !one_log || other.failed == 0 || self.failed == 0 {
            return false;
        }
        if self.has_ids() && other.has_ids() {
            return self.shared_ids(other) * SHARED <= self.fewer_ids(other);
        }
        let alone = |count: &Self| {
            let mut logs = count
                .files
                .iter()
                .filter(|(f, _)| requests(self, f) && requests(other, f));
            logs.all(|(_, lines)| lines.1 == 0)
        };
        alone(self) && alone(other) && !self.echoes(other)
    }
}
