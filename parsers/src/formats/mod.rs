//! The formats, one file each, and the list of them.
//!
//! The list is sorted by name; a test holds that every file here is in it.

mod alertmanager;
mod change_lines;
mod cri;
mod docker_json;
mod github_deployment;
mod json_lines;
mod pagerduty;
mod pagerduty_log_entries;
mod slack_export;
mod tickets_csv;

use crate::format::Format;

/// Every format, sorted by name.
pub static FORMATS: &[&Format] = &[
    &alertmanager::FORMAT,
    &change_lines::FORMAT,
    &cri::FORMAT,
    &docker_json::FORMAT,
    &github_deployment::FORMAT,
    &json_lines::FORMAT,
    &pagerduty::FORMAT,
    &pagerduty_log_entries::FORMAT,
    &slack_export::FORMAT,
    &tickets_csv::FORMAT,
];
