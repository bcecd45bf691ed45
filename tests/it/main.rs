//! The real `recon`, driven as people drive it. One binary: every further one links everything again.

mod architecture;
mod blame;
mod calm;
mod check;
mod citations;
mod cli;
mod clocks;
mod containers;
mod declared;
mod determinism;
mod drafts;
mod ending;
mod events;
mod fuzz;
mod hostile;
mod incidents;
mod injection;
mod metrics;
mod named;
mod output;
mod probes;
mod public;
mod readme;
mod reasons;
mod redact;
mod schema;
mod shards;
mod simulated;
mod skew;
mod source_text;
mod spoken;
mod templates;
mod tuning;
mod util;
#[cfg(feature = "evtx")]
mod windows;
