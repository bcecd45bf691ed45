//! Requests of which nothing but an error tells: a log says of what went well that it was served, and of what failed only
//! why, each by the id of its request.

use super::distinct::Distinct;
use super::entry::Entry;
use crate::survey::{self, What};

/// Of so many errors, or requests with one, at most one may be otherwise.
const NEARLY: u64 = 10;

/// What is known of requests beside the errors of a service.
#[derive(Clone, Debug, Default)]
pub(super) struct Untold {
    /// Those that were served, however often they had to be tried.
    served: Distinct,
    done: u64,
    /// Errors that name a request.
    named: u64,
}

impl Untold {
    /// Takes an entry in; `error` if it is one.
    pub(super) fn add(&mut self, entry: &Entry<'_>, error: bool) {
        if error {
            self.named += u64::from(entry.id.is_some());
            return;
        }
        let Some(request) = entry.request else { return };
        if survey::outcome_of(request.status, request.path.as_deref()) == Some(What::Requests) {
            self.done += 1;
            if let Some(id) = entry.id {
                self.served.add(id);
            }
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.served.merge(other.served);
        self.done += other.done;
        self.named += other.named;
    }

    /// All requests and those that failed, by so many errors and the requests that they name; `None` where errors name none, or
    /// requests that were served after all.
    pub(super) fn requests(&self, errors: u64, named: &Distinct) -> Option<(u64, u64)> {
        let failed = named.count_without(&self.served);
        let each = (errors - self.named.min(errors)) * NEARLY <= errors;
        let lost = (named.count() - failed.min(named.count())) * NEARLY <= named.count();
        (self.done > 0 && failed > 0 && each && lost).then_some((self.done + failed, failed))
    }
}
