//! From signals to incidents: what belongs together, which phase is which, which
//! suspicions led nowhere and what may have caused it.

pub mod model;

pub use model::*;
