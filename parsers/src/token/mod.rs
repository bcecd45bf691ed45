//! Pieces that formats share.

pub mod ansi;
pub mod epoch;
pub mod json;
