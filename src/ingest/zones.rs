//! Which zone people gave for the times of a file.

use super::service::matches;
use crate::clock::Zone;
use globset::{Glob, GlobMatcher};

/// One `--input-zone [GLOB=]ZONE`.
#[derive(Clone, Debug)]
pub struct ZoneRule {
    zone: Zone,
    /// The files it is for; without one, all that no other rule names.
    glob: Option<GlobMatcher>,
}

impl std::str::FromStr for ZoneRule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (glob, zone) = match text.rsplit_once('=') {
            Some((glob, zone)) => (Some(Glob::new(glob).map_err(|e| e.to_string())?), zone),
            None => (None, text),
        };
        Ok(Self {
            zone: zone.parse()?,
            glob: glob.map(|g| g.compile_matcher()),
        })
    }
}

/// The zone that the rules give a file: the first that names it, else the first for all.
pub(super) fn given(rules: &[ZoneRule], path: &str) -> Option<Zone> {
    let named = |r: &&ZoneRule| r.glob.as_ref().is_some_and(|g| matches(g, path));
    let rule = rules.iter().find(named);
    rule.or_else(|| rules.iter().find(|r| r.glob.is_none()))
        .map(|r| r.zone)
}
