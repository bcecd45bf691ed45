//! How much memory a run is given for what it keeps of its inputs.

use serde::{Deserialize, Serialize};

/// What is kept by default takes at most about so many bytes.
const USUAL: u64 = 256 << 20;
/// A part of it, the least that may be given.
const PART: u64 = USUAL / 16;
/// Parts that may be given at most.
const MOST: u64 = 64;

/// Bytes that what is kept of inputs may take, about; as much as usual if it is not said. Limits
/// follow it, and so does what is told apart: the same inputs with the same memory give the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Memory(Option<u64>);

impl Memory {
    /// Of so many bytes.
    #[must_use]
    pub const fn of(bytes: Option<u64>) -> Self {
        Self(bytes)
    }

    /// Whether nothing is said.
    #[must_use]
    pub const fn is_usual(&self) -> bool {
        self.0.is_none()
    }

    /// The bytes, if they are said.
    #[must_use]
    pub const fn bytes(self) -> Option<u64> {
        self.0
    }

    /// How many things may be kept of which `usual` ones are by default; at least one.
    #[must_use]
    pub fn limit(self, usual: usize) -> usize {
        let parts = self
            .0
            .map_or(USUAL / PART, |bytes| (bytes / PART).clamp(1, MOST));
        let parts = usize::try_from(parts).unwrap_or(1);
        (usual.saturating_mul(parts) / 16).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_follow_the_memory_within_reason() {
        let limit = |bytes| Memory::of(bytes).limit(1600);
        assert_eq!(limit(None), 1600);
        assert_eq!(limit(Some(USUAL)), 1600);
        assert_eq!(limit(Some(USUAL / 4)), 400);
        assert_eq!(limit(Some(2 * USUAL)), 3200);
        assert_eq!((limit(Some(0)), limit(Some(u64::MAX))), (100, 6400));
        assert_eq!(Memory::of(Some(1)).limit(4), 1);
    }
}
