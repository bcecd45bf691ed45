//! The real `recon`, driven as people drive it. One binary: every further one links everything again.

mod architecture;
mod citations;
mod cli;
mod determinism;
mod incidents;
mod simulated;
mod source_text;
mod templates;
mod util;
