//! Changes as a deployment tool of one's own records them: one JSON object a line.

use crate::bundle::Mark;
use crate::cast::Person;
use crate::json::object;
use crate::time::{Time, Zone};

/// A change.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// When it reached this state.
    pub at: Time,
    /// deploy, config, flag, rollback, restart, migration, secret …
    pub kind: &'static str,
    /// What it changes.
    pub service: &'static str,
    /// Version or setting that it puts in place.
    pub version: &'static str,
    /// By whom.
    pub by: Person,
    /// started, succeeded, failed …
    pub status: &'static str,
    /// Where.
    pub environment: &'static str,
    /// What it is in the story.
    pub mark: Option<Mark>,
}

/// A change that took effect in production.
#[must_use]
pub const fn change(
    at: Time,
    kind: &'static str,
    service: &'static str,
    version: &'static str,
    by: Person,
) -> Change {
    Change {
        at,
        kind,
        service,
        version,
        by,
        status: "succeeded",
        environment: "production",
        mark: None,
    }
}

impl Change {
    /// The same change in another state.
    #[must_use]
    pub const fn status(mut self, status: &'static str) -> Self {
        self.status = status;
        self
    }

    /// The same change elsewhere.
    #[must_use]
    pub const fn on(mut self, environment: &'static str) -> Self {
        self.environment = environment;
        self
    }

    /// The same change, which is `mark` in the story.
    #[must_use]
    pub const fn is(mut self, mark: Mark) -> Self {
        self.mark = Some(mark);
        self
    }
}

/// All changes as one file, times at `zone`.
#[must_use]
pub fn render(changes: &[Change], zone: Zone) -> String {
    let line = |c: &Change| {
        let record = object([
            ("time", c.at.stamp_s(zone).into()),
            ("type", c.kind.into()),
            ("service", c.service.into()),
            ("version", c.version.into()),
            ("actor", c.by.login.into()),
            ("status", c.status.into()),
            ("environment", c.environment.into()),
        ]);
        format!("{record}\n")
    };
    changes.iter().map(line).collect()
}
