//! The formats, one file each, and the list of them.
//!
//! The list is sorted by name; a test holds that every file here is in it.

mod alertmanager;
mod cri;
mod docker_json;
mod json_lines;
mod pagerduty;
mod pagerduty_log_entries;
mod slack_export;

use crate::format::Format;

/// Every format, sorted by name.
pub static FORMATS: &[&Format] = &[
    &alertmanager::FORMAT,
    &cri::FORMAT,
    &docker_json::FORMAT,
    &json_lines::FORMAT,
    &pagerduty::FORMAT,
    &pagerduty_log_entries::FORMAT,
    &slack_export::FORMAT,
];
