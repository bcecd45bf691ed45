//! A window held against the rest of the data: what is new in it, what rose, what stopped.

/// Nanoseconds in a second.
const SECOND: f64 = 1e9;

/// A window and the data around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contrast {
    inside: (i64, i64),
    /// Length of the window within the data, in seconds.
    inside_s: f64,
    /// Length of the data without the window, in seconds.
    outside_s: f64,
}

/// How what a window holds differs from the rest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// There is nothing to compare with, or nothing dated.
    Unknown,
    /// No more than chance does.
    Same,
    /// Only in the window.
    New {
        /// How improbable by chance: a log-likelihood ratio.
        strength: f64,
    },
    /// So many times as frequent in the window.
    Risen {
        /// Rate inside over rate outside.
        times: f64,
        /// As for new ones.
        strength: f64,
    },
    /// So many times as rare in the window.
    Fallen {
        /// Rate outside over rate inside.
        times: f64,
        /// As for new ones.
        strength: f64,
    },
    /// Not in the window, though frequent outside.
    Gone {
        /// As for new ones.
        strength: f64,
    },
}

impl Change {
    /// How improbable the difference is by chance; 0 if there is none.
    #[must_use]
    pub const fn strength(self) -> f64 {
        match self {
            Self::Unknown | Self::Same => 0.0,
            Self::New { strength }
            | Self::Risen { strength, .. }
            | Self::Fallen { strength, .. }
            | Self::Gone { strength } => strength,
        }
    }
}

/// A rise or fall that people would call one.
const NOTABLE: f64 = 1.5;

/// The log-likelihood ratio that one in a million exceeds by chance (χ² with one degree of
/// freedom); more is asked where many templates are tested at once.
const CHANCE: f64 = 23.93;

#[allow(clippy::cast_precision_loss)]
impl Contrast {
    /// A window within data, both in nanoseconds since the epoch; `None` if either the window
    /// or the rest holds no time to speak of, as then nothing can be compared.
    #[must_use]
    pub fn new(window: (i64, i64), data: (i64, i64)) -> Option<Self> {
        let from = window.0.max(data.0);
        let to = window.1.min(data.1);
        let inside_s = (to.saturating_sub(from)) as f64 / SECOND;
        let outside_s = (data.1.saturating_sub(data.0)) as f64 / SECOND - inside_s;
        (inside_s >= 1.0 && outside_s >= 1.0).then_some(Self {
            inside: (from, to),
            inside_s,
            outside_s,
        })
    }

    /// Whether an instant is in the window.
    #[must_use]
    pub const fn contains(&self, nanos: i64) -> bool {
        self.inside.0 <= nanos && nanos <= self.inside.1
    }

    /// The window, in nanoseconds since the epoch.
    #[must_use]
    pub const fn window(&self) -> (i64, i64) {
        self.inside
    }

    /// What `inside` of `count` entries in the window means, when `tests` templates are judged.
    #[must_use]
    pub fn judge(&self, inside: u64, count: u64, tests: usize) -> Change {
        let outside = count.saturating_sub(inside);
        let strength = self.strength(inside as f64, outside as f64);
        if strength < CHANCE + 2.0 * (tests.max(1) as f64).ln() {
            return Change::Same;
        }
        let times = (inside as f64 / self.inside_s) / (outside as f64 / self.outside_s);
        match (inside, outside) {
            (_, 0) => Change::New { strength },
            (0, _) => Change::Gone { strength },
            _ if times >= NOTABLE => Change::Risen { times, strength },
            _ if times <= 1.0 / NOTABLE => Change::Fallen {
                times: 1.0 / times,
                strength,
            },
            _ => Change::Same,
        }
    }

    /// The log-likelihood ratio of two Poisson rates against one (G², Dunning 1993).
    fn strength(&self, inside: f64, outside: f64) -> f64 {
        let rate = (inside + outside) / (self.inside_s + self.outside_s);
        let part = |seen: f64, seconds: f64| {
            if seen > 0.0 {
                seen * (seen / (rate * seconds)).ln()
            } else {
                0.0
            }
        };
        2.0 * (part(inside, self.inside_s) + part(outside, self.outside_s))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour_of_day() -> Contrast {
        let hour = 3_600_000_000_000;
        Contrast::new((10 * hour, 11 * hour), (0, 24 * hour)).expect("a rest")
    }

    #[test]
    fn what_only_the_window_has_is_new_if_it_is_no_chance() {
        let c = hour_of_day();
        assert!(matches!(c.judge(40, 40, 100), Change::New { .. }));
        assert_eq!(c.judge(2, 2, 100), Change::Same);
    }

    #[test]
    fn rates_are_compared_not_counts() {
        let c = hour_of_day();
        assert_eq!(c.judge(100, 2400, 100), Change::Same);
        let Change::Risen { times, .. } = c.judge(1000, 3300, 100) else {
            panic!("1000 an hour against 100 an hour is a rise");
        };
        assert!((times - 10.0).abs() < 0.01);
        assert!(matches!(c.judge(0, 2400, 100), Change::Gone { .. }));
        assert!(matches!(c.judge(10, 2400, 100), Change::Fallen { .. }));
    }

    #[test]
    fn without_a_rest_there_is_no_comparison() {
        assert_eq!(Contrast::new((0, 100), (0, 100)), None);
        assert_eq!(Contrast::new((500, 900), (0, 100)), None);
    }
}
