//! The formats, one file each, and the list of them.
//!
//! The list is sorted by name; a test holds that every file here is in it.

pub(crate) mod access_log;
pub(crate) mod activemq;
pub(crate) mod alert_mail;
pub(crate) mod alert_words;
pub(crate) mod alertmanager;
pub(crate) mod alerts_csv;
pub(crate) mod ansible;
pub(crate) mod apache_error;
pub(crate) mod appdynamics;
pub(crate) mod apt_history;
pub(crate) mod argocd;
pub(crate) mod auditd;
pub(crate) mod aws_elb;
pub(crate) mod aws_event;
pub(crate) mod azure_activity;
pub(crate) mod azure_devops;
pub(crate) mod azure_monitor;
pub(crate) mod bind;
pub(crate) mod calico;
pub(crate) mod call_notes;
pub(crate) mod capistrano;
pub(crate) mod cef;
pub(crate) mod change_lines;
pub(crate) mod change_log;
pub(crate) mod change_records;
pub(crate) mod change_requests;
pub(crate) mod change_requests_json;
pub(crate) mod change_words;
pub(crate) mod changes_csv;
pub(crate) mod chat_clock;
pub(crate) mod chat_csv;
pub(crate) mod chat_export;
pub(crate) mod chat_text;
pub(crate) mod chat_window;
pub(crate) mod cisco;
pub(crate) mod cloudtrail;
pub(crate) mod cloudwatch_alarm;
pub(crate) mod cloudwatch_syslog;
pub(crate) mod compose;
pub(crate) mod coredns;
pub(crate) mod couchdb;
pub(crate) mod cri;
pub(crate) mod csv_log;
pub(crate) mod datadog;
pub(crate) mod docker_json;
pub(crate) mod dynatrace;
pub(crate) mod elasticsearch;
pub(crate) mod elasticsearch_json;
pub(crate) mod envoy;
pub(crate) mod exim;
pub(crate) mod flux_event;
pub(crate) mod general;
pub(crate) mod gin;
pub(crate) mod git_lines;
pub(crate) mod git_log;
pub(crate) mod github_deployment;
pub(crate) mod github_push;
pub(crate) mod github_release;
pub(crate) mod github_workflow;
pub(crate) mod gitlab_api;
pub(crate) mod gitlab_deployment;
pub(crate) mod go_log;
pub(crate) mod google_audit;
pub(crate) mod google_monitoring;
pub(crate) mod grafana_legacy;
pub(crate) mod grafana_oncall;
pub(crate) mod graylog;
pub(crate) mod haproxy;
pub(crate) mod hclog;
pub(crate) mod ibm_mq;
pub(crate) mod icinga;
pub(crate) mod incident_record;
pub(crate) mod intercom;
pub(crate) mod irc;
pub(crate) mod irssi;
pub(crate) mod issues;
pub(crate) mod java_util_logging;
pub(crate) mod jenkins;
pub(crate) mod jenkins_console;
pub(crate) mod jira;
pub(crate) mod journald_export;
pub(crate) mod journald_json;
pub(crate) mod json_lines;
pub(crate) mod jvm_gc;
pub(crate) mod klog;
pub(crate) mod kubectl_events;
pub(crate) mod kubectl_logs;
pub(crate) mod kubernetes_audit;
pub(crate) mod kubernetes_event;
pub(crate) mod kubernetes_yaml;
pub(crate) mod launchdarkly;
pub(crate) mod linear;
pub(crate) mod log4j;
pub(crate) mod logfmt;
pub(crate) mod macos_unified;
pub(crate) mod mail_thread;
pub(crate) mod matrix;
pub(crate) mod meeting_chat;
pub(crate) mod mongodb;
pub(crate) mod mongodb_json;
pub(crate) mod mssql_errorlog;
pub(crate) mod mysql_error;
pub(crate) mod mysql_general;
pub(crate) mod mysql_slow;
pub(crate) mod nagios;
pub(crate) mod netfilter;
pub(crate) mod new_relic;
pub(crate) mod nginx_error;
pub(crate) mod notes;
pub(crate) mod octopus;
pub(crate) mod octopus_tasks;
pub(crate) mod openstack;
pub(crate) mod opsgenie;
pub(crate) mod opsgenie_alerts;
pub(crate) mod oracle_alert;
pub(crate) mod otlp_json;
pub(crate) mod page_words;
pub(crate) mod pagerduty;
pub(crate) mod pagerduty_events;
pub(crate) mod pagerduty_incidents;
pub(crate) mod pagerduty_log_entries;
pub(crate) mod pages_csv;
pub(crate) mod palo_alto;
pub(crate) mod pingdom;
pub(crate) mod postfix;
pub(crate) mod postgresql;
pub(crate) mod postgresql_csv;
pub(crate) mod postmortem;
pub(crate) mod python_logging;
pub(crate) mod rabbitmq;
pub(crate) mod redis;
pub(crate) mod release_history;
pub(crate) mod riemann;
pub(crate) mod rundeck;
pub(crate) mod s3_access;
pub(crate) mod sap_hana;
pub(crate) mod sentry;
pub(crate) mod servicenow;
pub(crate) mod servicenow_audit;
pub(crate) mod servicenow_audit_csv;
pub(crate) mod signal;
pub(crate) mod slack_export;
pub(crate) mod slack_users;
pub(crate) mod slackdump;
pub(crate) mod solr;
pub(crate) mod spinnaker;
pub(crate) mod squid;
pub(crate) mod stamped_lines;
pub(crate) mod statuscake;
pub(crate) mod statuscake_form;
pub(crate) mod statuspage;
pub(crate) mod store_export;
pub(crate) mod syslog_3164;
pub(crate) mod syslog_5424;
pub(crate) mod telegram;
pub(crate) mod terraform;
pub(crate) mod terraform_cloud;
pub(crate) mod tickets_csv;
pub(crate) mod traefik_json;
pub(crate) mod unleash;
pub(crate) mod updown;
pub(crate) mod uptime_kuma;
pub(crate) mod uptime_kuma_csv;
pub(crate) mod uptimerobot;
pub(crate) mod uvicorn;
pub(crate) mod vault_audit;
pub(crate) mod victorops_incidents;
pub(crate) mod vmware;
pub(crate) mod vpc_flow;
pub(crate) mod vrealize;
pub(crate) mod w3c;
pub(crate) mod webhook_log;
pub(crate) mod weblogic;
pub(crate) mod windows_event;
pub(crate) mod windows_event_xml;
pub(crate) mod windows_servicing;
pub(crate) mod xmatters;
pub(crate) mod zabbix;
pub(crate) mod zammad;
pub(crate) mod zap;
pub(crate) mod zeek;
pub(crate) mod zendesk;
pub(crate) mod zookeeper;

use crate::format::Format;

/// Every format, sorted by name.
pub static FORMATS: &[&Format] = &[
    &access_log::FORMAT,
    &activemq::FORMAT,
    &alert_mail::FORMAT,
    &alert_words::FORMAT,
    &alertmanager::FORMAT,
    &alerts_csv::FORMAT,
    &ansible::FORMAT,
    &apache_error::FORMAT,
    &appdynamics::FORMAT,
    &apt_history::FORMAT,
    &argocd::FORMAT,
    &auditd::FORMAT,
    &aws_elb::FORMAT,
    &aws_event::FORMAT,
    &azure_activity::FORMAT,
    &azure_devops::FORMAT,
    &azure_monitor::FORMAT,
    &bind::FORMAT,
    &calico::FORMAT,
    &call_notes::FORMAT,
    &capistrano::FORMAT,
    &cef::FORMAT,
    &change_lines::FORMAT,
    &change_log::FORMAT,
    &change_records::FORMAT,
    &change_requests::FORMAT,
    &change_requests_json::FORMAT,
    &change_words::FORMAT,
    &changes_csv::FORMAT,
    &chat_clock::FORMAT,
    &chat_csv::FORMAT,
    &chat_export::FORMAT,
    &chat_text::FORMAT,
    &chat_window::FORMAT,
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
    &dynatrace::FORMAT,
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
    &gitlab_api::FORMAT,
    &gitlab_deployment::FORMAT,
    &go_log::FORMAT,
    &google_audit::FORMAT,
    &google_monitoring::FORMAT,
    &grafana_legacy::FORMAT,
    &grafana_oncall::FORMAT,
    &graylog::FORMAT,
    &haproxy::FORMAT,
    &hclog::FORMAT,
    &ibm_mq::FORMAT,
    &icinga::FORMAT,
    &incident_record::FORMAT,
    &intercom::FORMAT,
    &irc::FORMAT,
    &irssi::FORMAT,
    &issues::FORMAT,
    &java_util_logging::FORMAT,
    &jenkins::FORMAT,
    &jenkins_console::FORMAT,
    &jira::FORMAT,
    &journald_export::FORMAT,
    &journald_json::FORMAT,
    &json_lines::FORMAT,
    &jvm_gc::FORMAT,
    &klog::FORMAT,
    &kubectl_events::FORMAT,
    &kubectl_logs::FORMAT,
    &kubernetes_audit::FORMAT,
    &kubernetes_event::FORMAT,
    &kubernetes_yaml::FORMAT,
    &launchdarkly::FORMAT,
    &linear::FORMAT,
    &log4j::FORMAT,
    &logfmt::FORMAT,
    &macos_unified::FORMAT,
    &mail_thread::FORMAT,
    &matrix::FORMAT,
    &meeting_chat::FORMAT,
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
    &octopus::FORMAT,
    &octopus_tasks::FORMAT,
    &openstack::FORMAT,
    &opsgenie::FORMAT,
    &opsgenie_alerts::FORMAT,
    &oracle_alert::FORMAT,
    &otlp_json::FORMAT,
    &page_words::FORMAT,
    &pagerduty::FORMAT,
    &pagerduty_events::FORMAT,
    &pagerduty_incidents::FORMAT,
    &pagerduty_log_entries::FORMAT,
    &pages_csv::FORMAT,
    &palo_alto::FORMAT,
    &pingdom::FORMAT,
    &postfix::FORMAT,
    &postgresql::FORMAT,
    &postgresql_csv::FORMAT,
    &postmortem::FORMAT,
    &python_logging::FORMAT,
    &rabbitmq::FORMAT,
    &redis::FORMAT,
    &release_history::FORMAT,
    &riemann::FORMAT,
    &rundeck::FORMAT,
    &s3_access::FORMAT,
    &sap_hana::FORMAT,
    &sentry::FORMAT,
    &servicenow::FORMAT,
    &servicenow_audit::FORMAT,
    &servicenow_audit_csv::FORMAT,
    &signal::FORMAT,
    &slack_export::FORMAT,
    &slack_users::FORMAT,
    &slackdump::FORMAT,
    &solr::FORMAT,
    &spinnaker::FORMAT,
    &squid::FORMAT,
    &stamped_lines::FORMAT,
    &statuscake::FORMAT,
    &statuscake_form::FORMAT,
    &statuspage::FORMAT,
    &store_export::FORMAT,
    &syslog_3164::FORMAT,
    &syslog_5424::FORMAT,
    &telegram::FORMAT,
    &terraform::FORMAT,
    &terraform_cloud::FORMAT,
    &tickets_csv::FORMAT,
    &traefik_json::FORMAT,
    &unleash::FORMAT,
    &updown::FORMAT,
    &uptime_kuma::FORMAT,
    &uptime_kuma_csv::FORMAT,
    &uptimerobot::FORMAT,
    &uvicorn::FORMAT,
    &vault_audit::FORMAT,
    &victorops_incidents::FORMAT,
    &vmware::FORMAT,
    &vpc_flow::FORMAT,
    &vrealize::FORMAT,
    &w3c::FORMAT,
    &webhook_log::FORMAT,
    &weblogic::FORMAT,
    &windows_event::FORMAT,
    &windows_event_xml::FORMAT,
    &windows_servicing::FORMAT,
    &xmatters::FORMAT,
    &zabbix::FORMAT,
    &zammad::FORMAT,
    &zap::FORMAT,
    &zeek::FORMAT,
    &zendesk::FORMAT,
    &zookeeper::FORMAT,
];
