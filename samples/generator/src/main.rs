//! Writes the sample incidents, or checks that they are what would be written; or writes
//! bulk logs to measure with.

use recon_samples::bulk::Bulk;
use recon_samples::scenario;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "usage: recon-samples [--check] [--out DIR] [NAME]...
       recon-samples --bulk MEGABYTES [--hours N] [--users N] [--seed N] --out DIR";

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            let _ = writeln!(io::stderr(), "recon-samples: {error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> io::Result<bool> {
    let mut out = PathBuf::from("samples/incidents");
    let mut check = false;
    let mut bulk = Bulk {
        bytes: 0,
        hours: 6,
        users: 200_000,
        seed: 1,
    };
    let mut names = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--check" => check = true,
            "--bulk" => bulk.bytes = number(arguments.next())? * 1_000_000,
            "--hours" => bulk.hours = number(arguments.next())?.max(1).cast_signed(),
            "--users" => bulk.users = number(arguments.next())?.max(1).cast_signed(),
            "--seed" => bulk.seed = number(arguments.next())?,
            "--out" => out = arguments.next().map(PathBuf::from).ok_or_else(usage)?,
            name if name.starts_with('-') => return Err(usage()),
            name => names.push(name.to_owned()),
        }
    }
    if bulk.bytes > 0 {
        return bulk.write(&out).map(|_| true);
    }
    let known: Vec<&str> = scenario::ALL.iter().map(|(name, _)| *name).collect();
    if let Some(name) = names.iter().find(|n| !known.contains(&n.as_str())) {
        let message = format!("no incident \"{name}\"; there are: {}", known.join(", "));
        return Err(io::Error::other(message));
    }
    let mut same = true;
    for (name, build) in scenario::ALL {
        if !names.is_empty() && !names.iter().any(|n| n == name) {
            continue;
        }
        let bundle = build();
        if !check {
            bundle.write(&out)?;
            continue;
        }
        for path in bundle.differences(&out)? {
            same = false;
            writeln!(io::stderr(), "differs: {}", path.display())?;
        }
    }
    Ok(same)
}

fn number(argument: Option<String>) -> io::Result<u64> {
    argument.and_then(|a| a.parse().ok()).ok_or_else(usage)
}

fn usage() -> io::Error {
    io::Error::other(USAGE)
}
