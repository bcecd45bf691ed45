//! Pieces that formats share.

pub mod ansi;
