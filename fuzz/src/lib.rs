//! Any bytes against every reader of recon.
//!
//! A [`Target`] takes bytes and must come back: without a panic, soon, and without much memory.
//! What more it promises (entries tile their text, a border between chunks changes nothing) it
//! asserts. cargo-fuzz drives the targets by coverage (`fuzz_targets/`), `drive` by chance from a
//! seed, and the ordinary tests run a short while of the latter.

pub mod corpus;
pub mod mutate;
pub mod options;
pub mod program;
pub mod random;
pub mod readers;
pub mod settled;

use corpus::Corpus;
use random::Random;

/// An entry point for any bytes.
pub struct Target {
    /// Its name, as that of its file under `fuzz_targets/`.
    pub name: &'static str,
    /// How many of a thousand runs are its own: those that take longer have fewer.
    pub share: u64,
    /// Milliseconds that a run may take.
    pub millis: u64,
    /// Bytes to try, made from samples.
    pub make: fn(&Corpus, &mut Random) -> Vec<u8>,
    /// Takes them; panics where something does not hold.
    pub run: fn(&[u8]),
}

/// All targets, sorted.
pub static TARGETS: &[Target] = &[
    options::CONFIG,
    program::CONTAINERS,
    readers::DETECT,
    readers::DOCUMENT,
    readers::ENTRIES,
    readers::FORMATS,
    program::LEXICON,
    program::PROGRAM,
    options::SETTINGS_FILE,
    readers::STAMPS,
    program::TEMPLATES,
    readers::TOKENS,
];

/// The target of this name.
#[must_use]
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|t| t.name == name)
}

/// Gives bytes to the target of this name: what cargo-fuzz calls.
///
/// # Panics
///
/// If there is no such target, or if something does not hold.
pub fn fuzz(name: &str, bytes: &[u8]) {
    let target = target(name).expect("a target of this name");
    (target.run)(bytes);
}
