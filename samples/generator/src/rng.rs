//! Random numbers that stay the same forever.
//!
//! SplitMix64 with integer arithmetic on top. Only additions, multiplications and
//! divisions of floats are used: IEEE 754 fixes their results, unlike those of `ln` or
//! `sin`, so that the samples are the same bytes on every platform.

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// The stream of this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// An independent stream for one purpose, so that a change to what one part draws
    /// does not change what the others get.
    #[must_use]
    pub fn fork(&self, purpose: &str) -> Self {
        // FNV-1a over the purpose.
        let hash = purpose.bytes().fold(0xcbf2_9ce4_8422_2325, |h: u64, b| {
            (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut forked = Self(self.0 ^ hash);
        forked.next_u64();
        forked
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included; `low` where the range is empty.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u128::from(high.saturating_sub(low).max(0).unsigned_abs()) + 1;
        let step = (u128::from(self.next_u64()) * width) >> 64;
        low.saturating_add(i64::try_from(step).unwrap_or(0))
    }

    /// An index below `len`; 0 where there is none.
    pub fn index(&mut self, len: usize) -> usize {
        let last = i64::try_from(len.saturating_sub(1)).unwrap_or(i64::MAX);
        usize::try_from(self.between(0, last)).unwrap_or(0)
    }

    /// True `per_mille` times in a thousand.
    pub fn chance(&mut self, per_mille: u32) -> bool {
        self.between(0, 999) < i64::from(per_mille)
    }

    /// One of `choices`.
    ///
    /// # Panics
    /// Where there are none.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        let index = self.index(choices.len());
        &choices[index]
    }

    /// One of `choices`, each as likely as its weight says.
    ///
    /// # Panics
    /// Where there are none.
    pub fn weigh<'a, T>(&mut self, choices: &'a [T], weight: impl Fn(&T) -> u32) -> &'a T {
        let total: i64 = choices.iter().map(|c| i64::from(weight(c))).sum();
        let mut left = self.between(1, total.max(1));
        for choice in choices {
            left -= i64::from(weight(choice));
            if left <= 0 {
                return choice;
            }
        }
        &choices[choices.len() - 1]
    }

    /// A number from `low` to `high` that is mostly near `low`, as durations are.
    pub fn skewed(&mut self, low: i64, high: i64) -> i64 {
        let first = self.between(low, high);
        let second = self.between(low, high);
        let third = self.between(low, high);
        first.min(second).min(third)
    }

    /// Puts `items` into a random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            let other = self.index(end + 1);
            items.swap(end, other);
        }
    }

    /// `digits` hexadecimal digits.
    pub fn hex(&mut self, digits: usize) -> String {
        (0..digits)
            .map(|_| char::from(*self.pick(b"0123456789abcdef")))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Rng;

    /// The published test vector of SplitMix64 for seed 1234567.
    #[test]
    fn is_splitmix64() {
        let mut rng = Rng::new(1_234_567);
        assert_eq!(rng.next_u64(), 6_457_827_717_110_365_317);
        assert_eq!(rng.next_u64(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn stays_in_range_and_reaches_both_ends() {
        let mut rng = Rng::new(7);
        let drawn: Vec<i64> = (0..1000).map(|_| rng.between(-2, 3)).collect();
        assert_eq!(drawn.iter().min(), Some(&-2));
        assert_eq!(drawn.iter().max(), Some(&3));
    }

    #[test]
    fn forks_differ_by_purpose_and_repeat() {
        let rng = Rng::new(1);
        assert_eq!(rng.fork("a").next_u64(), rng.fork("a").next_u64());
        assert_ne!(rng.fork("a").next_u64(), rng.fork("b").next_u64());
    }
}
