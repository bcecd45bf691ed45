//! Pieces that formats share.

pub mod ansi;
pub mod duration;
pub mod epoch;
pub mod json;
pub mod role;
