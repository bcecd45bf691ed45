//! The formats, one file each, and the list of them.
//!
//! The list is sorted by name; a test holds that every file here is in it.

mod access_log;
mod alertmanager;
mod apache_error;
mod auditd;
mod aws_elb;
mod calico;
mod change_lines;
mod cloudtrail;
mod cloudwatch_alarm;
mod compose;
mod coredns;
mod cri;
mod csv_log;
mod docker_json;
mod elasticsearch;
mod elasticsearch_json;
mod envoy;
mod general;
mod github_deployment;
mod go_log;
mod haproxy;
mod hclog;
mod java_util_logging;
mod journald_export;
mod journald_json;
mod json_lines;
mod jvm_gc;
mod klog;
mod kubernetes_audit;
mod kubernetes_event;
mod log4j;
mod logfmt;
mod mongodb;
mod mongodb_json;
mod mysql_error;
mod mysql_general;
mod mysql_slow;
mod nginx_error;
mod notes;
mod opsgenie;
mod pagerduty;
mod pagerduty_log_entries;
mod postgresql;
mod postgresql_csv;
mod postmortem;
mod python_logging;
mod rabbitmq;
mod redis;
mod slack_export;
mod slack_users;
mod squid;
mod store_export;
mod syslog_3164;
mod syslog_5424;
mod tickets_csv;
mod traefik_json;
mod vault_audit;
mod w3c;
mod weblogic;
mod windows_event;
mod zap;
mod zookeeper;

use crate::format::Format;

/// Every format, sorted by name.
pub static FORMATS: &[&Format] = &[
    &access_log::FORMAT,
    &alertmanager::FORMAT,
    &apache_error::FORMAT,
    &auditd::FORMAT,
    &aws_elb::FORMAT,
    &calico::FORMAT,
    &change_lines::FORMAT,
    &cloudtrail::FORMAT,
    &cloudwatch_alarm::FORMAT,
    &compose::FORMAT,
    &coredns::FORMAT,
    &cri::FORMAT,
    &csv_log::FORMAT,
    &docker_json::FORMAT,
    &elasticsearch::FORMAT,
    &elasticsearch_json::FORMAT,
    &envoy::FORMAT,
    &general::FORMAT,
    &github_deployment::FORMAT,
    &go_log::FORMAT,
    &haproxy::FORMAT,
    &hclog::FORMAT,
    &java_util_logging::FORMAT,
    &journald_export::FORMAT,
    &journald_json::FORMAT,
    &json_lines::FORMAT,
    &jvm_gc::FORMAT,
    &klog::FORMAT,
    &kubernetes_audit::FORMAT,
    &kubernetes_event::FORMAT,
    &log4j::FORMAT,
    &logfmt::FORMAT,
    &mongodb::FORMAT,
    &mongodb_json::FORMAT,
    &mysql_error::FORMAT,
    &mysql_general::FORMAT,
    &mysql_slow::FORMAT,
    &nginx_error::FORMAT,
    &notes::FORMAT,
    &opsgenie::FORMAT,
    &pagerduty::FORMAT,
    &pagerduty_log_entries::FORMAT,
    &postgresql::FORMAT,
    &postgresql_csv::FORMAT,
    &postmortem::FORMAT,
    &python_logging::FORMAT,
    &rabbitmq::FORMAT,
    &redis::FORMAT,
    &slack_export::FORMAT,
    &slack_users::FORMAT,
    &squid::FORMAT,
    &store_export::FORMAT,
    &syslog_3164::FORMAT,
    &syslog_5424::FORMAT,
    &tickets_csv::FORMAT,
    &traefik_json::FORMAT,
    &vault_audit::FORMAT,
    &w3c::FORMAT,
    &weblogic::FORMAT,
    &zap::FORMAT,
    &zookeeper::FORMAT,
    &windows_event::FORMAT,
];
