//! Who was there, and who of them was hit.

use super::distinct::Distinct;

/// Counts of one kind of key for people: users, or the addresses they came from.
#[derive(Clone, Debug, Default)]
pub(super) struct People {
    pub(super) active: Distinct,
    pub(super) failed: Distinct,
    pub(super) succeeded: Distinct,
    /// Failures that name the key.
    pub(super) named: u64,
}

impl People {
    pub(super) fn merge(&mut self, other: Self) {
        self.active.merge(other.active);
        self.failed.merge(other.failed);
        self.succeeded.merge(other.succeeded);
        self.named += other.named;
    }

    pub(super) fn add(&mut self, key: &str, affected: Option<bool>) {
        self.active.add(key);
        match affected {
            Some(true) => {
                self.failed.add(key);
                self.named += 1;
            }
            Some(false) => self.succeeded.add(key),
            None => {}
        }
    }
}
