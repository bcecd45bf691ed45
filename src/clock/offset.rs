//! How far a clock is off, for people.

/// A clock compared with the others, for people.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ClockOffset {
    /// The host, or the file whose entries name none.
    pub host: String,
    /// The clock that counts as right.
    pub reference: String,
    /// How far it is ahead, in nanoseconds; absent if the ids only bound it.
    pub offset: Option<i64>,
    /// Not less, not more.
    pub bounds: (i64, i64),
    /// Ids that it shares with its neighbour; 0 for the reference.
    pub ids: usize,
    /// How much the offset grows over the data.
    pub drift: Option<i64>,
    /// Its times were corrected by the offset.
    pub applied: bool,
    /// Why the other clock is believed.
    #[serde(default)]
    pub belief: Belief,
}

/// Why the clocks that count as right are believed rather than others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Belief {
    /// The others' own logs say that their clocks are wrong, by as much.
    Admitted,
    /// More services agree on their time.
    Most,
    /// As many do, and these saw more of the requests.
    #[default]
    Busiest,
}

impl Belief {
    /// In words that go on behind the name of the clock.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Admitted => {
                "believed because the other's own log says that its clock is wrong by as much"
            }
            Self::Most => "believed because most services agree with it",
            Self::Busiest => "believed because it saw more requests",
        }
    }
}

impl ClockOffset {
    /// What was found and done, in words: `90.050 s ahead, between 89.5 and 90.6: corrected`.
    #[must_use]
    pub fn verdict(&self) -> String {
        let seconds = |nanos: i64| format!("{:.3} s", nanos as f64 / 1e9);
        let sign = |nanos: i64| if nanos < 0 { "behind" } else { "ahead" };
        match (self.offset, self.drift) {
            (_, Some(drift)) => format!(
                "drifting by {} over the data: not corrected",
                seconds(drift)
            ),
            (Some(_), _) if self.ids == 0 => "counts as right".to_owned(),
            (Some(by), _) if self.applied => {
                let by_much = seconds(by.abs());
                format!("{by_much} {}: corrected", sign(by))
            }
            (Some(_), _) => "agrees within a second".to_owned(),
            (None, _) => "only bounded: not corrected".to_owned(),
        }
    }

    /// Between what the offset lies, in seconds.
    #[must_use]
    pub fn between(&self) -> String {
        let (low, high) = self.bounds;
        format!("{:+.3} to {:+.3} s", low as f64 / 1e9, high as f64 / 1e9)
    }
}
