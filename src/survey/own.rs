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

/// Words of starts and switches, in any letter case.
const BEGUN: [&str; 12] = [
    "starting",
    "started",
    "booted",
    "booting",
    "launch",
    "running",
    "initiali",
    "flag",
    "feature",
    "toggle",
    "kill",
    "pulled image",
];
/// Words of what is read anew. They are said of orders and of parcels, too: a line that is read for them must name
/// one of [`THINGS`] as well.
const READ: [&str; 12] = [
    "reload",
    "re-read",
    "reread",
    "refreshed",
    "updated",
    "applied",
    "changed",
    "loaded",
    "replaced",
    "installed",
    "renewed",
    "rotated",
];
/// What is read anew.
const THINGS: [&str; 10] = [
    "config",
    "setting",
    "propert",
    "parameter",
    "cert",
    "keystore",
    "truststore",
    "secret",
    "credential",
    "password",
];

/// Whether a line, whose message was not asked for, may tell of a change.
pub(super) fn may_tell(line: &[u8]) -> bool {
    static LOOKS: OnceLock<Option<[AhoCorasick; 3]>> = OnceLock::new();
    let looks = LOOKS.get_or_init(|| {
        let any = BEGUN.iter().chain(&READ);
        Some([
            automaton(any)?,
            automaton(BEGUN.iter())?,
            automaton(THINGS.iter())?,
        ])
    });
    looks.as_ref().is_some_and(|[any, begun, things]| {
        any.is_match(line) && (begun.is_match(line) || things.is_match(line))
    })
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
    use super::may_tell;

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
        assert!(!may_tell(b"INFO berth 17 updated"));
    }
}
