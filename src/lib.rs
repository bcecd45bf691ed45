//! recon reconstructs an incident from the files it left behind.
//!
//! The binary is the product; this library exists so that benches and tests can
//! reach the parts. ARCHITECTURE.md tells how they fit together.

pub mod analysis;
pub mod cite;
pub mod incident;
pub mod metrics;
pub mod report;
pub mod source;

#[cfg(test)]
mod specimen;
