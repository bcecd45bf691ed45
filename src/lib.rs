//! recon reconstructs an incident from the files it left behind.
//!
//! The binary is the product; this library exists so that benches and tests can
//! reach the parts. ARCHITECTURE.md tells how they fit together.

pub mod analysis;
pub mod catalogue;
pub mod check;
pub mod cite;
pub mod cli;
pub mod clock;
pub mod closeup;
pub mod config;
pub mod drafting;
pub mod events;
pub mod explain;
pub mod exports;
pub mod incident;
pub mod ingest;
pub mod lexicon;
pub mod metrics;
pub mod output;
pub mod pipeline;
pub mod progress;
pub mod redact;
pub mod report;
pub mod run;
pub mod shard;
pub mod signal;
pub mod source;
pub mod survey;
pub mod table;
pub mod template;
pub mod templates;
pub mod window;

#[cfg(test)]
mod specimen;
