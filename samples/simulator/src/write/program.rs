//! The programs' own logs.

use crate::symptoms::{Entry, Level};
use crate::world::{Service, Style, World};
use recon_samples::json::{Json, quoted};
use recon_samples::time::Zone;
use std::collections::BTreeMap;
use std::fmt::Write;

pub(super) fn write(
    world: &World,
    service: &Service,
    mut entries: Vec<Entry>,
    files: &mut BTreeMap<String, String>,
) {
    entries.retain(|e| e.at >= world.span.0 && e.at < world.span.1);
    entries.sort_by_key(|e| e.at);
    let mut out = String::new();
    for entry in &entries {
        let _ = line(service, entry, &mut out);
    }
    let name = &service.name;
    let path = match service.style {
        Style::Cri => format!("pods/{name}-{}.log", service.host.len()),
        Style::Syslog3164 | Style::Syslog5424 => format!("syslog/{}.log", service.host),
        Style::Json => format!("logs/{name}.jsonl"),
        Style::Docker => format!("containers/{name}-json.log"),
        _ => format!("logs/{name}.log"),
    };
    files.insert(path, out);
}

const fn word(level: Level) -> &'static str {
    match level {
        Level::Info => "INFO",
        Level::Warn => "WARN",
        Level::Error => "ERROR",
    }
}

fn pairs(entry: &Entry) -> String {
    entry
        .pairs
        .iter()
        .fold(String::new(), |mut out, (name, value)| {
            let _ = write!(out, " {name}={value}");
            out
        })
}

fn json(service: &Service, e: &Entry) -> String {
    let mut text = format!(
        "{{\"ts\":\"{}\",\"level\":\"{}\",\"service\":\"{}\",\"logger\":\"{}\",\"msg\":{}",
        super::milli(e.at),
        word(e.level).to_lowercase(),
        service.name,
        e.logger,
        quoted(&e.text)
    );
    for (name, value) in &e.pairs {
        let _ = write!(text, ",\"{name}\":\"{value}\"");
    }
    text.push('}');
    text
}

fn line(service: &Service, e: &Entry, out: &mut String) -> std::fmt::Result {
    let (level, rest) = (word(e.level), pairs(e));
    match service.style {
        Style::Json => writeln!(out, "{}", json(service, e)),
        Style::Cri => writeln!(
            out,
            "{} stdout F {}",
            e.at.show(Zone::UTC, "%Y-%m-%dT%H:%M:%S%.6f000Z"),
            json(service, e)
        ),
        Style::Logfmt => writeln!(
            out,
            "ts={} level={} svc={} component={} msg={}{rest}",
            super::milli(e.at),
            level.to_lowercase(),
            service.name,
            e.logger,
            quoted(&e.text)
        ),
        Style::Log4j => writeln!(
            out,
            "{} {level:5} [worker-{}] com.example.{}.{} - {}{rest}",
            e.at.show(Zone::UTC, "%Y-%m-%d %H:%M:%S,%3f"),
            e.at.0 / 1_000 % 8,
            service.name.replace('-', ""),
            e.logger,
            e.text
        ),
        Style::Python => writeln!(
            out,
            "{} - {}.{} - {} - {}{rest}",
            e.at.show(Zone::UTC, "%Y-%m-%d %H:%M:%S,%3f"),
            service.name,
            e.logger,
            if level == "WARN" { "WARNING" } else { level },
            e.text
        ),
        Style::Klog => writeln!(
            out,
            "{}{}       1 {}.go:118] {}{rest}",
            level.get(..1).unwrap_or("I"),
            e.at.show(Zone::UTC, "%m%d %H:%M:%S%.6f"),
            e.logger,
            quoted(&e.text)
        ),
        Style::Zap => writeln!(
            out,
            "{}\t{level}\t{}\t{}\t{}",
            super::milli(e.at),
            e.logger,
            e.text,
            Json::Object(
                e.pairs
                    .iter()
                    .map(|(n, v)| (*n, v.clone().into()))
                    .collect()
            )
        ),
        Style::Docker => writeln!(
            out,
            "{{\"log\":{},\"stream\":\"stdout\",\"time\":\"{}\"}}",
            quoted(&format!("{level} [{}] {}{rest}\n", e.logger, e.text)),
            e.at.show(Zone::UTC, "%Y-%m-%dT%H:%M:%S%.6f000Z")
        ),
        Style::Brackets => writeln!(
            out,
            "[{}] [{level}] [{}] {}{rest}",
            e.at.show(Zone::UTC, "%Y-%m-%d %H:%M:%S%.3f"),
            e.logger,
            e.text
        ),
        Style::Syslog5424 => writeln!(
            out,
            "<{}>1 {} {} {} 812 - - {}: {}{rest}",
            16 * 8 + severity(e.level),
            super::milli(e.at),
            service.host,
            service.name,
            e.logger,
            e.text
        ),
        Style::Syslog3164 => writeln!(
            out,
            "{} {} {}[812]: {level} {}: {}{rest}",
            e.at.show(Zone::UTC, "%b %e %H:%M:%S"),
            service.host,
            service.name,
            e.logger,
            e.text
        ),
    }
}

const fn severity(level: Level) -> u8 {
    match level {
        Level::Info => 6,
        Level::Warn => 4,
        Level::Error => 3,
    }
}
