//! What people write while something is broken, in the words of several authors.

mod fresh;
mod other;
mod plain;
mod unseen;

/// Many ways to say each thing, as many people would. `{svc}` is the service at fault, `{what}`
/// the service that users miss, `{lead}` a suspicion, `{who}` a colleague, `{ver}` a version.
#[derive(Debug)]
pub struct Speech {
    /// Suspicions that lead nowhere: as said, and the words that tell it from others.
    pub leads: &'static [(&'static str, &'static [&'static str])],
    /// Somebody notices.
    pub report: &'static [&'static str],
    /// Somebody takes it.
    pub ack: &'static [&'static str],
    /// People look.
    pub look: &'static [&'static str],
    /// A suspicion.
    pub suspect: &'static [&'static str],
    /// It is dropped.
    pub drop: &'static [&'static str],
    /// Others are asked in.
    pub escalate: &'static [&'static str],
    /// The cause is named; `{cause}` is one of the phrases that follow.
    pub found: &'static [&'static str],
    /// A release.
    pub cause_deploy: &'static [&'static str],
    /// A setting.
    pub cause_config: &'static [&'static str],
    /// A certificate.
    pub cause_certificate: &'static [&'static str],
    /// A pool.
    pub cause_pool: &'static [&'static str],
    /// A database.
    pub cause_store: &'static [&'static str],
    /// A crash.
    pub cause_crash: &'static [&'static str],
    /// A repair that is merely thought about.
    pub plan: &'static [&'static str],
    /// A change was taken back, in words; there is a record of it elsewhere as a rule.
    pub fixed_back: &'static [&'static str],
    /// The same where something else was done.
    pub fixed: &'static [&'static str],
    /// Better already.
    pub better: &'static [&'static str],
    /// Over.
    pub over: &'static [&'static str],
    /// After that.
    pub after: &'static [&'static str],
    /// Tried out where no user is.
    pub staged: &'static [&'static str],
    /// It came back.
    pub again: &'static [&'static str],
    /// Talk between.
    pub between: &'static [&'static str],
    /// Talk on any day.
    pub chatter: &'static [&'static str],
    /// What customers write about a failure.
    pub ticket: &'static [&'static str],
    /// What customers write on any day.
    pub enquiry: &'static [&'static str],
}

/// Whose words a bundle is written in, and the company and formats that go with them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// The first author's.
    #[default]
    Plain,
    /// Another author's: recon's lexicon was taught by some of these words.
    Other,
    /// A third author's. It was looked at when the turns of a search were taught, miss by miss.
    Unseen,
    /// A fourth author's, written after that: nothing is tuned on it.
    Fresh,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Plain, Self::Other, Self::Unseen, Self::Fresh];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Other => "other",
            Self::Unseen => "unseen",
            Self::Fresh => "fresh",
        }
    }

    /// The dialect of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.name() == name)
    }

    /// Its words.
    #[must_use]
    pub const fn speech(self) -> &'static Speech {
        match self {
            Self::Plain => &plain::SPEECH,
            Self::Other => &other::SPEECH,
            Self::Unseen => &unseen::SPEECH,
            Self::Fresh => &fresh::SPEECH,
        }
    }
}
