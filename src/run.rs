//! What each verb does with the pipeline, and how it ends.

use crate::cite::Weight;
use crate::cli::{Cli, Command, EventsJob, ExplainJob, MetricsForm, MetricsJob, ReportForm};
use crate::explain;
use crate::output::Output;
use crate::pipeline::{Opened, accounts, analyse, chunk_size, notice, open, span, survey};
use crate::progress::Progress;
use crate::report;
use crate::window::Window;
use anyhow::{Context, Result};
use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An incident was found, or the verb did its work.
    Found,
    /// No incident was found.
    Nothing,
    /// Some inputs could not be read; the others were reported.
    Partly,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Found => 0,
            Outcome::Nothing => 1,
            Outcome::Partly => 2,
        })
    }
}

/// Does what the command line says.
pub fn run(cli: Cli) -> Result<Outcome> {
    match cli.command {
        None => main_job(cli.main),
        Some(Command::Events(job)) => events(job),
        Some(Command::Explain(job)) => explain_job(job),
        Some(Command::Formats { name }) => formats(name.as_deref()),
        Some(Command::Completions { shell }) => {
            crate::cli::completions(shell, &mut std::io::stdout().lock());
            Ok(Outcome::Found)
        }
        Some(Command::Man) => {
            crate::cli::man(&mut std::io::stdout().lock())?;
            Ok(Outcome::Found)
        }
        Some(Command::Metrics(job)) => metrics(job),
    }
}

fn main_job(mut job: crate::cli::MainJob) -> Result<Outcome> {
    let mut opened = open(&mut job.inputs)?;
    let analysis = analyse(&job.inputs, &mut opened)?;
    for n in &analysis.notices {
        notice(&job.inputs, n.weight, &n.message);
    }
    let options = report::Options {
        slo: job.slo,
        zone: job.inputs.zone,
    };
    for (form, path) in job.outputs() {
        let text = match form {
            ReportForm::Md => report::markdown(&analysis, &mut opened.library, &options)?,
            ReportForm::Json => {
                let report = report::build(&analysis, &mut opened.library, &options)?;
                serde_json::to_string_pretty(&report)? + "\n"
            }
        };
        let mut output = Output::new(path.as_deref())?;
        output.write_all(text.as_bytes())?;
        output.commit()?;
    }
    if analysis.incidents.is_empty() {
        notice(
            &job.inputs,
            Weight::Warning,
            "no incident found (exit status 1); the report says what was read and why nothing in it qualifies",
        );
    }
    Ok(ended(&opened, !analysis.incidents.is_empty()))
}

/// The numbers of the inputs' incidents, and of those that earlier reports among them hold.
fn metrics(mut job: MetricsJob) -> Result<Outcome> {
    let mut reports = Vec::new();
    let mut others = Vec::new();
    for path in std::mem::take(&mut job.inputs.paths) {
        match earlier_report(&path) {
            Some(report) => reports.push(report.with_context(|| {
                format!("{} is no report that this version reads", path.display())
            })?),
            None => others.push(path),
        }
    }
    let mut outcome = Outcome::Nothing;
    if !others.is_empty() || reports.is_empty() {
        job.inputs.paths = others;
        let mut opened = open(&mut job.inputs)?;
        let analysis = analyse(&job.inputs, &mut opened)?;
        let options = report::Options {
            slo: job.slo,
            zone: job.inputs.zone,
        };
        reports.push(report::build(&analysis, &mut opened.library, &options)?);
        outcome = ended(&opened, false);
    }
    let form = match job.format {
        MetricsForm::Table => report::SummaryFormat::Table,
        MetricsForm::Json => report::SummaryFormat::Json,
        MetricsForm::Csv => report::SummaryFormat::Csv,
    };
    let mut output = Output::new(job.output.as_deref())?;
    output.write_all(report::summary(&reports, form)?.as_bytes())?;
    output.commit()?;
    let found = reports.iter().any(|r| !r.incidents.is_empty());
    Ok(if outcome == Outcome::Nothing && found {
        Outcome::Found
    } else {
        outcome
    })
}

/// An earlier report for programs, if the file says that it is one.
fn earlier_report(path: &Path) -> Option<serde_json::Result<report::json::Report>> {
    const HEAD: usize = 256;
    let mut head = [0; HEAD];
    let read = std::fs::File::open(path)
        .ok()
        .filter(|_| path.is_file())?
        .read(&mut head)
        .ok()?;
    let marked = memchr::memmem::find(&head[..read], report::json::SCHEMA.as_bytes()).is_some();
    marked.then(|| serde_json::from_slice(&std::fs::read(path).unwrap_or_default()))
}

fn events(mut job: EventsJob) -> Result<Outcome> {
    let mut opened = open(&mut job.inputs)?;
    let surveyed = survey(&job.inputs, &mut opened)?;
    let range = match &opened.window {
        Window::All => None,
        window => span(&surveyed).map(|data| {
            let (start, end) = window.resolve(data, &job.inputs.zone);
            start..=end
        }),
    };
    let mut output = Output::new(job.output.as_deref())?;
    let bytes = opened.library.iter().map(|(_, i)| i.text.len()).sum();
    let progress = Progress::new(
        bytes,
        "writing",
        !job.inputs.no_progress && !job.inputs.quiet,
    );
    let done = |n| progress.add(n);
    crate::events::write_jsonl(
        &mut opened.library,
        &opened.plans,
        chunk_size(&job.inputs),
        range,
        &done,
        &mut output,
    )?;
    output.commit()?;
    Ok(ended(&opened, true))
}

fn explain_job(mut job: ExplainJob) -> Result<Outcome> {
    let mut opened = open(&mut job.inputs)?;
    let surveyed = survey(&job.inputs, &mut opened)?;
    let accounts = accounts(&mut opened, &surveyed)?;
    let mut output = Output::new(None)?;
    output.write_all(explain::render(&accounts).as_bytes())?;
    output.write_all(explain::clocks(&surveyed.clocks).as_bytes())?;
    for unread in &opened.unread {
        writeln!(output, "{}\n  not read  {}\n", unread.path, unread.reason)?;
    }
    output.commit()?;
    Ok(ended(&opened, true))
}

fn formats(name: Option<&str>) -> Result<Outcome> {
    let mut output = Output::new(None)?;
    output.write_all(
        explain::formats(name)
            .map_err(anyhow::Error::msg)?
            .as_bytes(),
    )?;
    output.commit()?;
    Ok(Outcome::Found)
}

const fn ended(opened: &Opened, found: bool) -> Outcome {
    if !opened.unread.is_empty() {
        Outcome::Partly
    } else if found {
        Outcome::Found
    } else {
        Outcome::Nothing
    }
}
