//! The formats, one file each, and the list of them.
//!
//! The list is sorted by name; a test holds that every file here is in it.

mod access_log;
mod auditd;
mod general;
mod go_log;
mod haproxy;
mod klog;
mod log4j;
mod logfmt;
mod nginx_error;
mod postgresql;
mod python_logging;
mod redis;
mod squid;
mod syslog_3164;
mod syslog_5424;

use crate::format::Format;

/// Every format, sorted by name.
pub static FORMATS: &[&Format] = &[
    &access_log::FORMAT,
    &auditd::FORMAT,
    &general::FORMAT,
    &go_log::FORMAT,
    &haproxy::FORMAT,
    &klog::FORMAT,
    &log4j::FORMAT,
    &logfmt::FORMAT,
    &nginx_error::FORMAT,
    &postgresql::FORMAT,
    &python_logging::FORMAT,
    &redis::FORMAT,
    &squid::FORMAT,
    &syslog_3164::FORMAT,
    &syslog_5424::FORMAT,
];
