//! The formats, one file each, and the list of them.
//!
//! The list is sorted by name; a test holds that every file here is in it.

use crate::format::Format;

pub mod notes;
pub mod postmortem;

/// Every format, sorted by name.
pub static FORMATS: &[&Format] = &[&notes::FORMAT, &postmortem::FORMAT];
