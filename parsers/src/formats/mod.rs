//! The formats, one file each, and the list of them.
//!
//! The list is sorted by name; a test holds that every file here is in it.

mod access_log;
mod alertmanager;
mod apache_error;
mod auditd;
mod aws_elb;
mod change_lines;
mod changes_csv;
mod cloudwatch_alarm;
mod compose;
mod cri;
mod csv_log;
mod docker_json;
mod envoy;
mod general;
mod github_deployment;
mod go_log;
mod haproxy;
mod json_lines;
mod klog;
mod log4j;
mod logfmt;
mod nginx_error;
mod notes;
mod opsgenie;
mod pagerduty;
mod pagerduty_log_entries;
mod postgresql;
mod postgresql_csv;
mod postmortem;
mod python_logging;
mod redis;
mod slack_export;
mod slack_users;
mod squid;
mod syslog_3164;
mod syslog_5424;
mod tickets_csv;
mod w3c;

use crate::format::Format;

/// Every format, sorted by name.
pub static FORMATS: &[&Format] = &[
    &access_log::FORMAT,
    &alertmanager::FORMAT,
    &apache_error::FORMAT,
    &auditd::FORMAT,
    &aws_elb::FORMAT,
    &change_lines::FORMAT,
    &changes_csv::FORMAT,
    &cloudwatch_alarm::FORMAT,
    &compose::FORMAT,
    &cri::FORMAT,
    &csv_log::FORMAT,
    &docker_json::FORMAT,
    &envoy::FORMAT,
    &general::FORMAT,
    &github_deployment::FORMAT,
    &go_log::FORMAT,
    &haproxy::FORMAT,
    &json_lines::FORMAT,
    &klog::FORMAT,
    &log4j::FORMAT,
    &logfmt::FORMAT,
    &nginx_error::FORMAT,
    &notes::FORMAT,
    &opsgenie::FORMAT,
    &pagerduty::FORMAT,
    &pagerduty_log_entries::FORMAT,
    &postgresql::FORMAT,
    &postgresql_csv::FORMAT,
    &postmortem::FORMAT,
    &python_logging::FORMAT,
    &redis::FORMAT,
    &slack_export::FORMAT,
    &slack_users::FORMAT,
    &squid::FORMAT,
    &syslog_3164::FORMAT,
    &syslog_5424::FORMAT,
    &tickets_csv::FORMAT,
    &w3c::FORMAT,
];
