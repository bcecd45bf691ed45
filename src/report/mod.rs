//! What the user gets: a draft postmortem for people, a document for programs.
//!
//! [`draft`] puts an incident into sections of cited lines as a [`Template`] orders them,
//! [`mod@markdown`] prints those; [`build`] fills the structures of [`json`]. All look
//! citations up through one [`Locator`], so both name the same lines. [`merge`] brings a
//! draft that people have worked on up to date and keeps what they wrote.

mod build;
mod conceal;
pub mod draft;
pub mod earlier;
pub mod escape;
pub mod html;
pub mod json;
mod locate;
pub mod markdown;
pub mod merge;
pub mod prose;
pub mod reasons;
pub mod roles;
mod summary;
pub mod template;

pub use build::build;
pub use conceal::conceal;
pub use html::page as html_page;
pub use locate::Locator;
pub use markdown::{blocks, markdown};
pub use summary::{Format as SummaryFormat, aligned, summary};
pub use template::Template;

/// What the user can choose about a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The service level objective, in percent.
    pub slo: f64,
    /// The zone that people read times in.
    pub zone: crate::clock::Zone,
    /// People are named; otherwise told by their roles.
    pub names: bool,
    /// What a draft holds, and in which order.
    pub template: Template,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            slo: 99.9,
            zone: crate::clock::Zone::UTC,
            names: false,
            template: Template::default(),
        }
    }
}

/// Who is told as what: everybody by a role, unless names are asked for.
fn cast(analysis: &crate::analysis::Analysis, options: &Options) -> roles::Cast {
    match options.names {
        true => roles::Cast::default(),
        false => roles::Cast::of(analysis),
    }
}

#[cfg(test)]
mod tests;
