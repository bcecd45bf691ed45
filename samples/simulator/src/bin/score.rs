//! Draws incidents, runs recon on them, and prints how much of them it tells.

use recon_simulator::judge::{self, Check};
use recon_simulator::table::Table;
use recon_simulator::{Dialect, Kind, draw_in};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const USAGE: &str =
    "usage: score RECON [--kind NAME]... [--dialect NAME] [--seeds FROM..TO] [--misses CHECK] [--keep DIR]

RECON       the binary to score
--kind      only this kind of incident; may be given again
--dialect   in these words and formats: plain, other, unseen, fresh [default: plain]
--seeds     seeds of each kind [default: 0..10]
--misses    print every miss of this check, or of `all`
--keep DIR  leave the bundles, their truth and the reports in DIR";

struct Options {
    recon: PathBuf,
    kinds: Vec<Kind>,
    dialect: Dialect,
    seeds: std::ops::Range<u64>,
    misses: Option<String>,
    keep: Option<PathBuf>,
}

fn main() -> ExitCode {
    match options().and_then(|o| run(&o)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "score: {error}");
            ExitCode::from(2)
        }
    }
}

fn options() -> io::Result<Options> {
    let wrong = || io::Error::other(USAGE);
    let mut arguments = std::env::args().skip(1);
    let mut options = Options {
        recon: arguments
            .next()
            .filter(|a| !a.starts_with('-'))
            .ok_or_else(wrong)
            .and_then(std::fs::canonicalize)?,
        kinds: vec![],
        dialect: Dialect::Plain,
        seeds: 0..10,
        misses: None,
        keep: None,
    };
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(wrong)?;
        match name.as_str() {
            "--kind" => options.kinds.push(Kind::named(&value).ok_or_else(wrong)?),
            "--seeds" => {
                let (from, to) = value.split_once("..").ok_or_else(wrong)?;
                let number = |t: &str| t.parse().map_err(|_| wrong());
                options.seeds = number(from)?..number(to)?;
            }
            "--dialect" => options.dialect = Dialect::named(&value).ok_or_else(wrong)?,
            "--misses" => options.misses = Some(value),
            "--keep" => options.keep = Some(value.into()),
            _ => return Err(wrong()),
        }
    }
    if options.kinds.is_empty() {
        options.kinds = Kind::ALL.to_vec();
    }
    Ok(options)
}

fn run(options: &Options) -> io::Result<()> {
    let scratch = std::env::temp_dir().join(format!("recon-score-{}", std::process::id()));
    let mut table = Table::default();
    let mut out = io::stdout().lock();
    for kind in &options.kinds {
        for seed in options.seeds.clone() {
            let name = format!("{}-{seed}", kind.name());
            let folder = options.keep.as_ref().unwrap_or(&scratch).join(&name);
            let checks = one(options, *kind, seed, &folder)?;
            for check in checks.iter().filter(|c| wanted(options, c)) {
                writeln!(out, "{name} {}: {}", check.name, check.detail)?;
            }
            table.add(*kind, checks);
            if options.keep.is_none() {
                std::fs::remove_dir_all(&folder)?;
            }
        }
    }
    write!(out, "{}", table.render())
}

fn wanted(options: &Options, check: &Check) -> bool {
    let asked = options
        .misses
        .as_deref()
        .is_some_and(|m| m == "all" || m == check.name);
    asked && !check.right
}

fn one(options: &Options, kind: Kind, seed: u64, folder: &Path) -> io::Result<Vec<Check>> {
    let bundle = draw_in(options.dialect, kind, seed);
    bundle.write(folder)?;
    let ran = Command::new(&options.recon)
        .current_dir(folder)
        .args([".", "--window", "auto", "--format", "json", "--quiet"])
        .output()?;
    let report = serde_json::from_slice(&ran.stdout).map_err(|e| {
        io::Error::other(format!(
            "{}: no report: {e}\n{}",
            folder.display(),
            String::from_utf8_lossy(&ran.stderr)
        ))
    })?;
    if let Some(keep) = &options.keep {
        let beside = |ending: &str| keep.join(format!("{}-{seed}.{ending}", kind.name()));
        std::fs::write(beside("truth.json"), bundle.truth.json().pretty(2))?;
        std::fs::write(beside("report.json"), &ran.stdout)?;
    }
    Ok(judge::judge(&bundle.truth, &report))
}
