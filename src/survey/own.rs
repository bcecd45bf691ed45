//! Lines in which a program tells of a change of its own: a start, settings or certificates read anew. They are kept as
//! templates at level info, which nothing else is, and cost other lines nothing: whether a line may be one is
//! told by its bytes, once for all lines of its outline.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use recon_parsers::Level;
use recon_parsers::glance::Glance;
use std::sync::OnceLock;

/// The level under which the templates of such lines are kept, whatever theirs is.
pub const OWN: Option<Level> = Some(Level::Info);

/// Lines of one template that are counted in one part of a file: what is said more often is no news. A
/// template of which more are known is not looked at, so that it does not matter how files are cut.
pub const MOST: u64 = 1000;

/// Words of which one is in every line that tells of a change, in any letter case.
#[rustfmt::skip]
const WORDS: [&str; 21] = [
    "start",
    "boote",
    "booti",
    "launch",
    "running",
    "initiali",
    "reload",
    "re-read",
    "reread",
    "refreshed",
    "updated",
    "applied",
    "changed",
    "loaded",
    "replaced",
    "activated",
    "installed",
    "renewed",
    "rotated",
    "set to",
    "pulled image",
];
/// What is switched: a line that names one may tell of a switch in any words.
const SWITCHED: [&str; 4] = ["flag", "feature", "toggle", "kill"];

/// Of what such a line tells. Of a line whose outline nobody remembers the words of telling alone do not suffice: all
/// lines that tell of an order that was `updated` would be read whole.
#[rustfmt::skip]
const THINGS: [&str; 18] = [
    "version", "build", "release", "applic", "server", "service", "config", "setting", "propert", "parameter", "cert",
    "keystore", "truststore", "secret", "credential", "flag", "feature", "image",
];

/// Whether a line, whose message was not asked for, may tell of a change.
pub(super) fn may_tell(line: &[u8]) -> bool {
    static FOUND: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let found = FOUND.get_or_init(|| automaton(WORDS.iter().chain(&SWITCHED)));
    found.as_ref().is_some_and(|f| f.is_match(line))
}

/// The same of a line that is like no other.
pub(super) fn may_tell_alone(line: &[u8]) -> bool {
    static FOUND: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let found = FOUND.get_or_init(|| automaton(THINGS.iter()));
    may_tell(line) && found.as_ref().is_some_and(|f| f.is_match(line))
}

fn automaton<'w>(words: impl Iterator<Item = &'w &'static str>) -> Option<AhoCorasick> {
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true);
    builder.kind(Some(AhoCorasickKind::DFA)).build(words).ok()
}

/// Whether an entry is of a sort that tells of changes: no request, and nothing that is amiss.
pub(super) fn is_calm(glance: &Glance<'_>) -> bool {
    glance.request.is_none() && glance.level.is_none_or(|l| l < Level::Warn)
}

#[cfg(test)]
mod tests {
    use super::{may_tell, may_tell_alone};

    #[test]
    fn a_few_words_tell_which_lines_are_read() {
        assert!(may_tell(
            b"2025-05-07T09:12:00Z INFO Starting berths version 3.1.0"
        ));
        assert!(may_tell(br#"{"msg":"config RELOADED: berth.max=40"}"#));
        assert!(!may_tell(
            b"2025-05-07T09:12:00Z INFO berth 17 booked in 12ms"
        ));
        assert!(!may_tell(b""));
        assert!(may_tell_alone(b"INFO Starting berths version 3.1.0"));
        assert!(!may_tell_alone(b"INFO berth 17 updated"));
    }
}
