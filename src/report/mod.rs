//! What the user gets: a draft postmortem for people, a document for programs.
//!
//! [`draft`] puts an incident into sections of cited lines, [`markdown`] prints those;
//! [`build`] fills the structures of [`json`]. All look citations up through one
//! [`Locator`], so both name the same lines.

mod build;
pub mod draft;
pub mod earlier;
pub mod escape;
pub mod html;
pub mod json;
mod locate;
pub mod markdown;
pub mod prose;
mod summary;

pub use build::build;
pub use html::page as html_page;
pub use locate::Locator;
pub use markdown::markdown;
pub use summary::{Format as SummaryFormat, aligned, summary};

/// What the user can choose about a report.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// The service level objective, in percent.
    pub slo: f64,
    /// The zone that people read times in.
    pub zone: crate::clock::Zone,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            slo: 99.9,
            zone: crate::clock::Zone::UTC,
        }
    }
}

#[cfg(test)]
mod tests;
