//! Incidents drawn from a seed, and how well recon tells them.
//!
//! The sample incidents are five stories, each written with care; this crate draws
//! thousands, so that a rule that fits five stories only is found out. [`draw`] makes a
//! [`Bundle`] of a [`Kind`]: the files that an incident left behind, in formats and words
//! that change with the seed, and the [`Truth`] about it. [`judge`] holds a report against
//! the truth, and [`table`] sums up many verdicts.
//!
//! Nothing here knows how recon works, and recon does not know this crate.

pub mod company;
pub mod episode;
pub mod judge;
pub mod kind;
pub mod noise;
pub mod response;
pub mod speech;
pub mod symptoms;
pub mod table;
pub mod traffic;
pub mod truth;
pub mod world;
pub mod write;

pub use kind::Kind;
pub use speech::Dialect;
pub use truth::Truth;

use recon_samples::rng::Rng;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// The files that an incident left behind, and what is true about it.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// Paths and contents.
    pub files: BTreeMap<String, String>,
    /// What is true.
    pub truth: Truth,
}

impl Bundle {
    /// Writes the files into a folder, and the truth beside it if asked for.
    ///
    /// # Errors
    /// Where the file system refuses.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        for (path, text) in &self.files {
            let path = folder.join(path);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, text)?;
        }
        Ok(())
    }
}

/// The bundle of this kind and seed: the same bytes whenever it is drawn.
#[must_use]
pub fn draw(kind: Kind, seed: u64) -> Bundle {
    draw_in(Dialect::Plain, kind, seed)
}

/// The same in the words and formats of a dialect.
#[must_use]
pub fn draw_in(dialect: Dialect, kind: Kind, seed: u64) -> Bundle {
    let mixed = seed
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(kind as u64 + 1);
    let rng = Rng::new(mixed).fork(kind.name());
    let rng = match dialect {
        Dialect::Plain => rng,
        _ => rng.fork(dialect.name()),
    };
    let world = world::World::draw(&rng, kind, dialect);
    let episodes = episode::draw(&rng, kind, &world);
    write::bundle(&rng, kind, &world, &episodes)
}
