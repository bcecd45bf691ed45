//! What a part of a document is about, told by the words of its heading.

/// The parts of a postmortem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// What happened, in short.
    Summary,
    /// What happened when.
    Timeline,
    /// How it was noticed.
    Detection,
    /// What was done about it.
    Actions,
    /// What looked like the cause and was not.
    Misleading,
    /// Who else was called.
    Escalation,
    /// How it ended.
    Resolution,
    /// Why it happened.
    RootCause,
    /// Who or what suffered.
    Impact,
    /// What was learnt and is to be better.
    Measures,
    /// What is to be done, item by item.
    Tasks,
    /// Anything else.
    Other,
}

impl Section {
    /// The name in a record's `section`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::Timeline => "timeline",
            Self::Detection => "detection",
            Self::Actions => "actions",
            Self::Misleading => "misleading",
            Self::Escalation => "escalation",
            Self::Resolution => "resolution",
            Self::RootCause => "root_cause",
            Self::Impact => "impact",
            Self::Measures => "measures",
            Self::Tasks => "tasks",
            Self::Other => "other",
        }
    }

    /// Whether it may stand inside a timeline, as one kind of its entries.
    pub(crate) const fn is_phase(self) -> bool {
        matches!(
            self,
            Self::Detection
                | Self::Actions
                | Self::Misleading
                | Self::Escalation
                | Self::Resolution
                | Self::Timeline
        )
    }
}

/// Beginnings of words, in the order in which they decide: "root cause and resolution" is
/// about the cause, "corrective actions" about measures.
const WORDS: &[(Section, &[&str])] = &[
    (
        Section::Timeline,
        &[
            "timeline",
            "time line",
            "time-line",
            "chronolog",
            "sequence of events",
            "key events",
            "incident log",
            "event log",
            "log of events",
            "order of events",
        ],
    ),
    (
        Section::Tasks,
        &[
            "task",
            "action item",
            "action point",
            "todo",
            "to-do",
            "to do",
            "follow-up",
            "follow up",
            "followup",
            "next step",
            "review action",
            "actions following",
            "immediate action",
            "short term",
            "short-term",
            "medium term",
            "medium-term",
            "long term",
            "long-term",
        ],
    ),
    (
        Section::Measures,
        &[
            "corrective",
            "preventative",
            "preventive",
            "preventi",
            "measure",
            "improve",
            "lesson",
            "what went",
            "went well",
            "went wrong",
            "got lucky",
            "recommendation",
            "learn",
            "what did",
            "takeaway",
            "moving forward",
        ],
    ),
    (
        Section::Misleading,
        &[
            "misleading",
            "false lead",
            "red herring",
            "dead end",
            "wrong path",
            "false path",
            "false start",
        ],
    ),
    (Section::Escalation, &["escalat"]),
    (
        Section::RootCause,
        &[
            "root cause",
            "root-cause",
            "rootcause",
            "cause",
            "trigger",
            "contributing",
            "why it happened",
            "what was causing",
        ],
    ),
    (
        Section::Detection,
        &["detect", "discover", "how we noticed", "identified"],
    ),
    (
        Section::Resolution,
        &[
            "resol", "recover", "mitigat", "fix", "remediat", "repair", "restor",
        ],
    ),
    (
        Section::Impact,
        &[
            "impact",
            "affected",
            "user experience",
            "customer",
            "severity",
            "service down",
            "users were",
            "consequence",
        ],
    ),
    (
        Section::Actions,
        &[
            "actions taken",
            "action taken",
            "actions",
            "investigat",
            "debugging",
            "response",
            "steps taken",
            "troubleshoot",
            "diagnos",
            "context",
        ],
    ),
    (
        Section::Summary,
        &[
            "summary",
            "summation",
            "overview",
            "duration",
            "abstract",
            "introduction",
            "background",
            "issue",
            "incident",
            "description",
            "postmortem",
            "post-mortem",
            "post mortem",
            "report",
            "what happened",
            "conclusion",
            "outage",
            "downtime",
        ],
    ),
];

/// The section that a heading opens.
pub(crate) fn of(heading: &str) -> Option<Section> {
    let heading = heading.to_lowercase();
    if heading.trim_matches(|c: char| !c.is_alphabetic()) == "events" {
        return Some(Section::Timeline);
    }
    WORDS
        .iter()
        .find(|(_, words)| words.iter().any(|w| has_word(&heading, w)))
        .map(|(section, _)| *section)
}

/// Whether a word that begins with `stem` stands in `text`; both in small letters.
pub(crate) fn has_word(text: &str, stem: &str) -> bool {
    text.match_indices(stem).any(|(n, _)| {
        !text
            .get(..n)
            .is_some_and(|before| before.ends_with(|c: char| c.is_alphanumeric()))
    })
}

/// The section that a label before a text opens: "Impact: …". A label that merely contains
/// one of the words is a title: "Enhanced Detection Rules: …".
pub(crate) fn of_label(label: &str) -> Option<Section> {
    let words = label.split_whitespace().count();
    let lower = label.to_lowercase();
    let found = of(label)?;
    let stems = WORDS.iter().find(|(s, _)| *s == found).map(|(_, w)| *w)?;
    let leads = stems.iter().any(|w| lower.starts_with(w));
    let whole = stems.iter().any(|w| *w == lower);
    (whole
        || words <= 2 && leads
        || words <= 5 && leads && lower.split_whitespace().all(is_plain_word))
    .then_some(found)
}

/// Words that labels of sections are made of.
fn is_plain_word(word: &str) -> bool {
    let small = [
        "and", "of", "the", "&", "/", "for", "to", "time", "method", "taken", "path", "paths",
        "summary", "analysis", "root", "cause", "causes", "issue", "incident", "items", "outage",
        "address",
    ];
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    small.contains(&word) || word.is_empty() || of(word).is_some()
}

/// How soon a task is due, where its heading says so.
pub(crate) fn horizon(heading: &str) -> Option<&'static str> {
    let heading = heading.to_lowercase();
    let has = |stems: &[&str]| stems.iter().any(|s| has_word(&heading, s));
    if has(&["immediate", "right away", "urgent"]) {
        Some("immediate")
    } else if has(&["short term", "short-term", "near term", "near-term"]) {
        Some("short")
    } else if has(&[
        "long term",
        "long-term",
        "longer term",
        "longer-term",
        "medium term",
        "medium-term",
    ]) {
        Some("long")
    } else {
        None
    }
}

/// A label before a text, and where the text begins: "**Impact:** all logins failed".
pub(crate) fn label(text: &str) -> Option<(&str, usize)> {
    let colon = text.char_indices().find(|(n, c)| {
        *c == ':' && {
            let digit = |at: Option<&u8>| at.is_some_and(u8::is_ascii_digit);
            let bytes = text.as_bytes();
            !(digit(bytes.get(n.wrapping_sub(1))) && digit(bytes.get(n + 1)))
        }
    });
    let (end, _) = colon.filter(|(n, _)| *n <= 60)?;
    let label = text.get(..end)?.trim();
    let words = label.split_whitespace().count();
    let sentence = label.contains(['.', ',', ';']) && !label.contains("e.g");
    ((1..=8).contains(&words) && !sentence && label.chars().any(char::is_alphabetic))
        .then_some((label, end + 1))
}

#[cfg(test)]
mod tests {
    use super::{Section, horizon, label, of, of_label};

    #[test]
    fn headings_of_many_writers() {
        assert_eq!(of("3. Root Cause and Resolution"), Some(Section::RootCause));
        assert_eq!(of("Timeline (all times UTC)"), Some(Section::Timeline));
        assert_eq!(
            of("Corrective and preventative measures"),
            Some(Section::Measures)
        );
        assert_eq!(
            of("Mitigation and Future Prevention"),
            Some(Section::Measures)
        );
        assert_eq!(of("Issue Summary"), Some(Section::Summary));
        assert_eq!(of("Who was it escalated to"), Some(Section::Escalation));
        assert_eq!(of("Colours of the sea"), None);
    }

    #[test]
    fn a_label_is_not_a_title() {
        assert_eq!(of_label("Impact"), Some(Section::Impact));
        assert_eq!(
            of_label("Resolution and recovery"),
            Some(Section::Resolution)
        );
        assert_eq!(of_label("Sequence of events"), Some(Section::Timeline));
        assert_eq!(of("Events"), Some(Section::Timeline));
        assert_eq!(of_label("Better Detection Rules"), None);
        assert_eq!(
            label("Root Cause: a typo").map(|(l, _)| l),
            Some("Root Cause")
        );
        assert_eq!(
            label("10:30 AM: it broke").map(|(l, _)| l),
            Some("10:30 AM")
        );
        assert_eq!(label("It broke, badly: so it was"), None);
        assert_eq!(horizon("Long-term improvements"), Some("long"));
    }
}
