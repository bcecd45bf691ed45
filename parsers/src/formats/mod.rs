//! The formats, one file each, and the list of them.
//!
//! The list is sorted by name; a test holds that every file here is in it.

pub(crate) mod activemq;
mod alertmanager;
mod apache_error;
mod apt_history;
mod argocd;
mod auditd;
mod aws_elb;
mod aws_event;
mod bind;
mod calico;
mod cef;
mod change_lines;
mod changes_csv;
mod cisco;
mod cloudtrail;
mod cloudwatch_alarm;
mod cloudwatch_syslog;
mod compose;
mod coredns;
mod couchdb;
mod cri;
mod csv_log;
mod datadog;
mod docker_json;
mod elasticsearch;
mod elasticsearch_json;
mod envoy;
mod exim;
mod flux_event;
mod general;
mod gin;
mod git_lines;
mod git_log;
mod github_deployment;
mod github_push;
mod github_release;
mod github_workflow;
mod go_log;
mod google_monitoring;
mod grafana_legacy;
mod grafana_oncall;
mod graylog;
mod haproxy;
mod hclog;
mod ibm_mq;
mod icinga;
mod incident_record;
mod java_util_logging;
mod jira;
mod journald_export;
mod journald_json;
mod json_lines;
mod jvm_gc;
mod klog;
mod kubectl_events;
mod kubernetes_audit;
mod kubernetes_event;
mod kubernetes_yaml;
mod log4j;
mod logfmt;
mod macos_unified;
mod mongodb;
mod mongodb_json;
mod mssql_errorlog;
mod mysql_error;
mod mysql_general;
mod mysql_slow;
mod nagios;
mod netfilter;
mod new_relic;
mod nginx_error;
mod notes;
mod openstack;
mod opsgenie;
mod oracle_alert;
mod otlp_json;
mod pagerduty;
mod pagerduty_events;
mod pagerduty_log_entries;
mod palo_alto;
mod pingdom;
mod postfix;
mod postgresql;
mod postgresql_csv;
mod postmortem;
mod python_logging;
mod rabbitmq;
mod redis;
mod riemann;
mod s3_access;
mod sap_hana;
mod sentry;
mod servicenow;
mod slack_export;
mod slack_users;
mod solr;
mod squid;
mod statuscake;
mod statuspage;
mod store_export;
mod telegram;
mod tickets_csv;
mod traefik_json;
mod updown;
mod uptimerobot;
mod uvicorn;
mod vault_audit;
mod vmware;
mod vpc_flow;
mod vrealize;
mod w3c;
mod webhook_log;
mod weblogic;
mod windows_event;
mod windows_event_xml;
mod windows_servicing;
mod zabbix;
mod zap;
mod zeek;
mod zendesk;
mod zookeeper;

use crate::format::Format;

/// Every format, sorted by name.
pub static FORMATS: &[&Format] = &[
    &access_log::FORMAT,
    &activemq::FORMAT,
    &alertmanager::FORMAT,
    &apache_error::FORMAT,
    &apt_history::FORMAT,
    &argocd::FORMAT,
    &auditd::FORMAT,
    &aws_elb::FORMAT,
    &aws_event::FORMAT,
    &bind::FORMAT,
    &calico::FORMAT,
    &cef::FORMAT,
    &change_lines::FORMAT,
    &changes_csv::FORMAT,
    &cisco::FORMAT,
    &cloudtrail::FORMAT,
    &cloudwatch_alarm::FORMAT,
    &cloudwatch_syslog::FORMAT,
    &compose::FORMAT,
    &coredns::FORMAT,
    &couchdb::FORMAT,
    &cri::FORMAT,
    &csv_log::FORMAT,
    &datadog::FORMAT,
    &docker_json::FORMAT,
    &elasticsearch::FORMAT,
    &elasticsearch_json::FORMAT,
    &envoy::FORMAT,
    &exim::FORMAT,
    &flux_event::FORMAT,
    &general::FORMAT,
    &gin::FORMAT,
    &git_lines::FORMAT,
    &git_log::FORMAT,
    &github_deployment::FORMAT,
    &github_push::FORMAT,
    &github_release::FORMAT,
    &github_workflow::FORMAT,
    &go_log::FORMAT,
    &google_monitoring::FORMAT,
    &grafana_legacy::FORMAT,
    &grafana_oncall::FORMAT,
    &graylog::FORMAT,
    &haproxy::FORMAT,
    &hclog::FORMAT,
    &ibm_mq::FORMAT,
    &icinga::FORMAT,
    &incident_record::FORMAT,
    &java_util_logging::FORMAT,
    &jira::FORMAT,
    &journald_export::FORMAT,
    &journald_json::FORMAT,
    &json_lines::FORMAT,
    &jvm_gc::FORMAT,
    &klog::FORMAT,
    &kubectl_events::FORMAT,
    &kubernetes_audit::FORMAT,
    &kubernetes_event::FORMAT,
    &kubernetes_yaml::FORMAT,
    &log4j::FORMAT,
    &logfmt::FORMAT,
    &macos_unified::FORMAT,
    &mongodb::FORMAT,
    &mongodb_json::FORMAT,
    &mssql_errorlog::FORMAT,
    &mysql_error::FORMAT,
    &mysql_general::FORMAT,
    &mysql_slow::FORMAT,
    &nagios::FORMAT,
    &netfilter::FORMAT,
    &new_relic::FORMAT,
    &nginx_error::FORMAT,
    &notes::FORMAT,
    &openstack::FORMAT,
    &opsgenie::FORMAT,
    &oracle_alert::FORMAT,
    &otlp_json::FORMAT,
    &pagerduty::FORMAT,
    &pagerduty_events::FORMAT,
    &pagerduty_log_entries::FORMAT,
    &palo_alto::FORMAT,
    &pingdom::FORMAT,
    &postfix::FORMAT,
    &postgresql::FORMAT,
    &postgresql_csv::FORMAT,
    &postmortem::FORMAT,
    &python_logging::FORMAT,
    &rabbitmq::FORMAT,
    &redis::FORMAT,
    &riemann::FORMAT,
    &s3_access::FORMAT,
    &sap_hana::FORMAT,
    &sentry::FORMAT,
    &servicenow::FORMAT,
    &slack_export::FORMAT,
    &slack_users::FORMAT,
    &solr::FORMAT,
    &squid::FORMAT,
    &statuscake::FORMAT,
    &statuspage::FORMAT,
    &store_export::FORMAT,
    &syslog_3164::FORMAT,
    &syslog_5424::FORMAT,
    &telegram::FORMAT,
    &tickets_csv::FORMAT,
    &traefik_json::FORMAT,
    &updown::FORMAT,
    &uptimerobot::FORMAT,
    &uvicorn::FORMAT,
    &vault_audit::FORMAT,
    &vmware::FORMAT,
    &vpc_flow::FORMAT,
    &vrealize::FORMAT,
    &w3c::FORMAT,
    &webhook_log::FORMAT,
    &weblogic::FORMAT,
    &windows_event::FORMAT,
    &windows_event_xml::FORMAT,
    &windows_servicing::FORMAT,
    &zabbix::FORMAT,
    &zap::FORMAT,
    &zeek::FORMAT,
    &zendesk::FORMAT,
    &zookeeper::FORMAT,
];
