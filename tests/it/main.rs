//! The real `recon`, driven as people drive it. One binary: every further one links everything again.

mod architecture;
mod citations;
mod cli;
mod containers;
mod determinism;
mod incidents;
mod source_text;
mod templates;
mod util;
