//! Targets in what people set: options, and files of settings.

use crate::Target;
use crate::mutate::mutate;
use crate::program::put;
use crate::random::Random;
use clap::Parser;
use recon::cli::Cli;
use recon::clock::{self, FileClock, Hints, Sample, Zone};
use recon::config::Config;
use recon::window::Window;
use recon_parsers::detect::detect_with;
use recon_parsers::{Reading, When, entries};
use std::sync::Arc;

/// Options to begin with.
const OPTIONS: &[&str] = &[
    "auto",
    "2h",
    "1h30m",
    "10:00..12:00",
    "2024-01-19T10:00..14:45",
    "2024-01-19T10:00+3h",
    "..12:00",
    "2024-01-19T12:00:00+02:00+1h",
    "2262-04-11T23:47:16Z..23:59:59",
    "1677-09-22..",
    "23:59:59..00:00",
    "Europe/Berlin",
    "utc",
    "+02:00",
    "-0800",
    "+2",
    "db*.log=Europe/Paris",
    "*=+14:00",
    "auth=logs/auth*.log",
    "a={b,c}[!d]?.log",
    "logs/2024/01/19/web.log",
    "app.log.2024-02-29.gz",
    "syslog.3",
    "app-20240229.log.1",
    "500M",
    "64G",
    "99.9%",
    "106751991d",
    "99999999999999999999s",
];

/// What people type: windows, zones, rules; and what names of files say of time.
pub(crate) const CONFIG: Target = Target {
    name: "config",
    share: 25,
    millis: 50,
    make: |_, random| {
        let pick = |random: &mut Random| random.pick(OPTIONS).copied().unwrap_or_default();
        let mut text = pick(random).as_bytes().to_vec();
        if random.once_in(8) {
            return text;
        }
        mutate(&mut text, random, &|random| {
            pick(random).as_bytes().to_vec()
        });
        text
    },
    run: |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let zone: Zone = text
            .parse()
            .unwrap_or(Zone::Named(chrono_tz::America::Santiago));
        let _ = zone.to_string();
        let times = [
            0,
            1_705_660_202_118_000_000,
            i64::MAX,
            i64::MIN,
            i64::MIN + 1,
        ];
        for nanos in times {
            let _ = (
                zone.to_utc(nanos),
                zone.to_utc_later(nanos),
                zone.from_utc(nanos),
            );
            let _ = zone.offset_at(nanos);
        }
        if let Ok(window) = text.parse::<Window>() {
            for data in [
                (times[0], times[1]),
                (times[1], times[1]),
                (times[3], times[2]),
            ] {
                let _ = window.resolve(data, &zone);
            }
        }
        let _ = (clock::date_of_name(&text), clock::rotated(&text));
        dated(bytes, &zone);
        // Parsing a command line takes a hundred times as long as the rest.
        if bytes.len() % 64 == 0 {
            let options = [
                "--window",
                "--input-zone",
                "--service",
                "--slo",
                "--unpack-limit",
            ];
            let said = options.map(|o| format!("{o}={text}"));
            for option in said {
                let _ = Cli::try_parse_from(["recon", &option, "logs"]);
            }
        }
    },
};

/// Years and days of times that state none, in any order.
fn dated(bytes: &[u8], zone: &Zone) {
    let samples = bytes.chunks_exact(5).enumerate().map(|(n, b)| {
        let nanos = i64::from(b[2]) * 337_000_000_000 % recon_parsers::stamp::DAY;
        let when = match b[4] % 4 {
            0 => When::TimeOfDay {
                nanos,
                offset: None,
            },
            1 => When::Local(i64::from_le_bytes([
                b[0], b[1], b[2], b[3], b[4], b[0], b[1], b[2],
            ])),
            _ => When::Yearless {
                month: b[0] % 12 + 1,
                day: b[1] % 31 + 1,
                nanos,
                weekday: Some(b[3]).filter(|d| *d < 7),
                offset: None,
            },
        };
        Sample {
            offset: n as u64 * 100,
            when,
        }
    });
    let samples: Vec<Sample> = samples.collect();
    let order = clock::order(&samples);
    for pair in samples.windows(2) {
        let _ = (
            order.step(pair[0].when, pair[1].when),
            order.recedes(pair[0].when, pair[1].when),
        );
    }
    let span = bytes.first_chunk().map(|b| i64::from_le_bytes(*b));
    let hints = Hints {
        flag: None,
        stated: span,
        name: None,
        newer: None,
        older: None,
        packed: None,
        inputs: &[],
        modified: None,
    };
    let (year, ground, _) = clock::first_year(&samples, &[], &hints);
    let eras = clock::eras(clock::EraUnit::Year(year), &[]);
    let file = FileClock {
        eras,
        ..FileClock::zoned(*zone, ground)
    };
    for sample in &samples {
        let reading = Reading::new(sample.when, recon_parsers::Precision::Minute);
        let _ = file.settle(&reading, sample.offset).map(|s| s.rfc3339());
    }
}

/// Settings to begin with.
const SETTINGS: &[&str] = &[
    "[[format]]\nname = \"till\"\npattern = '(?<time>\\S+ \\S+) (?<level>[A-Z]) (?<message>.*)'\n\
     time = \"%Y-%m-%d %H:%M:%S\"\nlevels = { W = \"warn\", E = \"error\" }\ncontinues = \"indented\"\n",
    "[[format]]\nname = \"gate\"\ntitle = \"Gates\"\nkind = \"alert\"\nzone = \"Asia/Tokyo\"\nfiles = [\"gate*.log\"]\n\
     pattern = '(?<time>\\d+)\\|(?<host>\\w+)\\|(?<state>open|shut)\\|(?<duration>\\d+)\\|(?<message>.+)'\n\
     time = \"epoch-s\"\nstates = { open = \"firing\", shut = \"resolved\" }\nduration = \"ms\"\n",
];

/// Lines that such formats read.
const LINES: &[u8] =
    b"2024-02-29 10:30:02 W drawer open\n  still\n1709202602|north|open|12|ice on the rail\n";

/// A file of settings, and lines read by the formats that it declares.
pub(crate) const SETTINGS_FILE: Target = Target {
    name: "settings",
    share: 2,
    millis: 50,
    make: |_, random| {
        let pick = |random: &mut Random| {
            let text = random.pick(SETTINGS).copied().unwrap_or_default();
            text.as_bytes().to_vec()
        };
        let mut text = pick(random);
        mutate(&mut text, random, &pick);
        text
    },
    run: |bytes| {
        let Some(path) = put("settings.toml", bytes) else {
            return;
        };
        let config = match Config::gather(Some(&path), &[]) {
            Ok(config) => config,
            Err(e) => return assert!(!format!("{e:#}").is_empty(), "an error that says nothing"),
        };
        let declared: Vec<_> = config
            .formats
            .iter()
            .map(|d| Arc::clone(&d.format))
            .collect();
        let found = detect_with(LINES, &[], &declared);
        entries::entries(LINES, 0..LINES.len(), &found, &mut |entry| {
            let times = entry.records.iter().filter_map(|r| r.at);
            times.for_each(crate::settled::settle);
        });
    },
};
