//! Formats that the user declared, and which files they are for.

use crate::clock::Zone;
use globset::GlobMatcher;
use recon_parsers::Detected;
use recon_parsers::custom::Custom;
use std::sync::Arc;

/// A declared format.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The format.
    pub format: Arc<Custom>,
    /// The files that it is for; any, if none is named.
    pub files: Vec<GlobMatcher>,
    /// The zone of its times that state none.
    pub zone: Option<Zone>,
}

impl Declared {
    /// Whether it is for a file.
    #[must_use]
    pub fn applies(&self, path: &str) -> bool {
        let file = path.rsplit('/').next().unwrap_or(path);
        let fits = |glob: &GlobMatcher| glob.is_match(path) || glob.is_match(file);
        self.files.is_empty() || self.files.iter().any(fits)
    }
}

/// The formats that are for a file.
pub(super) fn applying(all: &[Declared], path: &str) -> Vec<Arc<Custom>> {
    let those = all.iter().filter(|d| d.applies(path));
    those.map(|d| Arc::clone(&d.format)).collect()
}

/// The zone that is declared with a file's main format.
pub(super) fn zone(all: &[Declared], detected: &Detected) -> Option<Zone> {
    let main = detected.main()?;
    let declared = all.iter().find(|d| d.format.format() == main);
    declared.and_then(|d| d.zone)
}
