//! What is counted second by second of a service or of one of its operations.

use super::rate::Tape;
use super::{Mark, Rate, What};

/// Rates by what is counted.
#[derive(Default)]
pub(super) struct Rates {
    pub(super) entries: Tape,
    pub(super) errors: Tape,
    requests: Tape,
    failed: Tape,
    denied: Tape,
    gone: Tape,
    /// By step.
    took: Vec<Tape>,
}

impl Rates {
    pub(super) fn requests(&mut self, outcome: What, at: i64, mark: Mark) {
        self.requests.add(at, mark);
        match outcome {
            What::Failed => self.failed.add(at, mark),
            What::Denied => self.denied.add(at, mark),
            What::Gone => self.gone.add(at, mark),
            _ => {}
        }
    }

    pub(super) fn took(&mut self, step: u8, at: i64, mark: Mark) {
        let step = usize::from(step);
        if self.took.len() <= step {
            self.took.resize_with(step + 1, Tape::default);
        }
        self.took[step].add(at, mark);
    }

    pub(super) fn done(self) -> impl Iterator<Item = (What, Rate)> {
        let took = (0..).map(What::Took).zip(self.took);
        [
            (What::Entries, self.entries),
            (What::Errors, self.errors),
            (What::Requests, self.requests),
            (What::Failed, self.failed),
            (What::Denied, self.denied),
            (What::Gone, self.gone),
        ]
        .into_iter()
        .chain(took)
        .filter(|(_, tape)| !tape.is_empty())
        .map(|(what, tape)| (what, tape.rate()))
    }
}
