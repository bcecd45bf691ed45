//! The kinds of incidents that are drawn.

/// What is special about an incident; all else is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A release fails requests.
    BadDeploy,
    /// A configuration change fails or refuses requests.
    ConfigChange,
    /// A certificate ran out: nobody changed anything.
    Certificate,
    /// Connections or threads ran out.
    Pool,
    /// A database or an internal service fails, and those that call it.
    Dependency,
    /// A service crashes and goes silent.
    Crash,
    /// Answers get slow; none fails.
    Slow,
    /// Some users are hit, others are not.
    SomeUsers,
    /// One route is hit.
    OneRoute,
    /// One region is hit.
    OneRegion,
    /// No alert; customers' tickets detect it.
    Tickets,
    /// No alert; a person reports it in chat.
    Person,
    /// The alert fires and resolves again and again.
    Flapping,
    /// The alert resolves, everybody is content, and it comes back.
    Relapse,
    /// Two incidents, hours apart.
    Apart,
    /// Two incidents at the same time in unrelated services.
    Overlap,
    /// A fix that is tried out on staging first.
    Staging,
    /// One request in several is logged, and clocks are off.
    Sampled,
    /// No chat.
    NoChat,
    /// No alerts and no pages.
    NoAlerts,
    /// The edge's log is all there is.
    OneLog,
    /// It runs already when the logs begin.
    Running,
    /// It still runs when the logs end.
    Unfinished,
    /// Nothing happens but what happens every day.
    Quiet,
}

impl Kind {
    /// All, in order.
    pub const ALL: [Self; 24] = [
        Self::BadDeploy,
        Self::ConfigChange,
        Self::Certificate,
        Self::Pool,
        Self::Dependency,
        Self::Crash,
        Self::Slow,
        Self::SomeUsers,
        Self::OneRoute,
        Self::OneRegion,
        Self::Tickets,
        Self::Person,
        Self::Flapping,
        Self::Relapse,
        Self::Apart,
        Self::Overlap,
        Self::Staging,
        Self::Sampled,
        Self::NoChat,
        Self::NoAlerts,
        Self::OneLog,
        Self::Running,
        Self::Unfinished,
        Self::Quiet,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BadDeploy => "bad-deploy",
            Self::ConfigChange => "config-change",
            Self::Certificate => "certificate",
            Self::Pool => "pool",
            Self::Dependency => "dependency",
            Self::Crash => "crash",
            Self::Slow => "slow",
            Self::SomeUsers => "some-users",
            Self::OneRoute => "one-route",
            Self::OneRegion => "one-region",
            Self::Tickets => "tickets",
            Self::Person => "person",
            Self::Flapping => "flapping",
            Self::Relapse => "relapse",
            Self::Apart => "apart",
            Self::Overlap => "overlap",
            Self::Staging => "staging",
            Self::Sampled => "sampled",
            Self::NoChat => "no-chat",
            Self::NoAlerts => "no-alerts",
            Self::OneLog => "one-log",
            Self::Running => "running",
            Self::Unfinished => "unfinished",
            Self::Quiet => "quiet",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }
}
