//! The pipeline, readable from top to bottom, and what each verb does with it.

use crate::analysis::{Account, Analysis, ChosenBy, Span};
use crate::cite::{Notice, Weight};
use crate::cli::{
    Cli, Command, EventsJob, ExplainJob, Inputs, MetricsForm, MetricsJob, ReportForm,
};
use crate::closeup;
use crate::explain;
use crate::incident::{self, Incident, documents};
use crate::ingest::{self, FilePlan};
use crate::output::Output;
use crate::progress::Progress;
use crate::report;
use crate::signal;
use crate::source::{self, Library, Unread};
use crate::survey::{self, Survey};
use crate::window::Window;
use anyhow::{Context, Result, bail};
use recon_parsers::{Basis, Precision, Stamp};
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

/// The inputs of a run, opened and planned.
pub struct Opened {
    /// The inputs that could be opened.
    pub library: Library,
    /// How each is read.
    pub plans: Vec<FilePlan>,
    /// The rest.
    pub unread: Vec<Unread>,
    /// Which range of time to look at.
    pub window: Window,
}

/// Opens and plans the inputs.
pub fn open(inputs: &mut Inputs) -> Result<Opened> {
    let window = inputs.take_window().map_err(anyhow::Error::msg)?;
    if let Some(threads) = inputs.threads {
        // Fails only if a pool is there already, as in tests that run several jobs.
        let _ = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build_global();
    }
    if inputs.paths.is_empty() {
        bail!("no inputs: name files or folders, or `-` for standard input");
    }
    let found = source::discover(&inputs.paths);
    for unread in &found.unread {
        notice(
            inputs,
            Weight::Error,
            &format!("{}: {}", unread.path, unread.reason),
        );
    }
    let library = Library::new(found.inputs);
    let options = ingest::Options {
        input_zone: inputs.input_zone,
        year: inputs.year,
        services: inputs.services.clone(),
    };
    let plans = ingest::plan(&library, &options).context("reading the inputs")?;
    Ok(Opened {
        library,
        plans,
        unread: found.unread,
        window,
    })
}

/// The first pass with its progress shown.
fn survey(inputs: &Inputs, opened: &mut Opened) -> Result<Survey> {
    let bytes = opened.library.iter().map(|(_, i)| i.text.len()).sum();
    let progress = Progress::new(bytes, "reading", !inputs.no_progress && !inputs.quiet);
    let done = |n| progress.add(n);
    survey::survey(
        &opened.library,
        &mut opened.plans,
        chunk_size(inputs),
        &done,
    )
    .context("reading the inputs")
}

const fn chunk_size(inputs: &Inputs) -> u64 {
    inputs.chunk.saturating_mul(1024)
}

fn accounts(opened: &mut Opened, survey: &Survey) -> Result<Vec<Account>> {
    let none = ingest::FileTally::default();
    let mut accounts = Vec::new();
    for plan in &opened.plans {
        let tally = survey.files.get(&plan.file).unwrap_or(&none);
        accounts.push(explain::account(&mut opened.library, plan, tally)?);
    }
    Ok(accounts)
}

/// The pipeline: survey → signals → incidents → close-up.
fn analyse(inputs: &Inputs, opened: &mut Opened) -> Result<Analysis> {
    let survey = survey(inputs, opened)?;
    let data = span(&survey);
    let ends = survey.files.values().filter_map(|f| f.span).map(|s| s.1);
    let ends = ends
        .filter(|s| s.basis != Basis::Relative)
        .max_by_key(|s| s.nanos);
    let signals = signal::find(&survey);
    let library = &mut opened.library;
    let mut words = |cite| message(library, &opened.plans, cite).unwrap_or_default();
    let found = incident::reconstruct(&survey, &signals, ends, &mut words);
    let wanted = data.map(|d| opened.window.resolve(d, &inputs.zone));
    let mut incidents = Vec::new();
    for (mut incident, focus) in found {
        if wanted.is_some_and(|(from, to)| focus.to < from || focus.from > to) {
            continue;
        }
        incident.impact = closeup::measure(&opened.library, &opened.plans, &survey, &focus)
            .context("measuring the impact")?;
        incidents.push(incident);
    }
    let documents = documents::read(&survey, &signals);
    incidents = documents::join(incidents, documents);
    let (window, chosen_by) = window_of(&opened.window, data, wanted, &incidents);
    let accounts = accounts(opened, &survey)?;
    let mut notices = notices(opened, &accounts);
    notices.extend(incident::set_aside(&signals, &incidents));
    Ok(Analysis {
        window,
        chosen_by,
        inputs: accounts,
        incidents,
        notices,
    })
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

/// The message of the entry at a citation.
fn message(library: &Library, plans: &[FilePlan], cite: crate::cite::Cite) -> Option<String> {
    let plan = plans.iter().find(|p| p.file == cite.file)?;
    let mut bytes = Vec::new();
    library
        .input(cite.file)
        .text
        .read(cite.offset, cite.offset + u64::from(cite.len), &mut bytes)
        .ok()?;
    let mut records = Vec::new();
    plan.detected.read(&bytes, &mut records)?;
    records.first().map(|r| r.message.to_string())
}

/// The range of time that the report is about, and who chose it.
fn window_of(
    window: &Window,
    data: Option<(i64, i64)>,
    wanted: Option<(i64, i64)>,
    incidents: &[Incident],
) -> (Option<Span>, ChosenBy) {
    /// Shown before and after the incidents: half an hour.
    const CONTEXT: i64 = 1800 * recon_parsers::stamp::SECOND;
    let stamp = |nanos| Stamp {
        nanos,
        precision: Precision::Fraction(0),
        basis: Basis::Stated,
    };
    let span = |(from, to)| Span {
        start: stamp(from),
        end: stamp(to),
    };
    let times = || {
        incidents
            .iter()
            .flat_map(|i| &i.timeline)
            .map(|m| m.at)
            .filter(|s| s.basis != Basis::Relative)
    };
    match window {
        Window::All => (data.map(span), ChosenBy::All),
        Window::Auto => {
            let around = times()
                .map(|s| s.nanos)
                .min()
                .zip(times().map(|s| s.nanos).max());
            let cropped = around
                .zip(data)
                .map(|((a, b), d)| ((a - CONTEXT).max(d.0.min(a)), (b + CONTEXT).min(d.1.max(b))));
            (cropped.or(data).map(span), ChosenBy::Auto)
        }
        _ => (wanted.map(span), ChosenBy::User),
    }
}

/// What was assumed or left out while reading.
fn notices(opened: &Opened, accounts: &[Account]) -> Vec<Notice> {
    let unread = opened.unread.iter().map(|u| {
        Notice::new(
            Weight::Error,
            format!("{} could not be read: {}", u.path, u.reason),
        )
    });
    unread
        .chain(accounts.iter().flat_map(explain::notices))
        .collect()
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

/// Earliest and latest time of the data.
fn span(survey: &Survey) -> Option<(i64, i64)> {
    let spans = survey
        .files
        .values()
        .filter_map(|f| f.span)
        .filter(|s| s.0.basis != recon_parsers::Basis::Relative);
    spans
        .map(|s| (s.0.nanos, s.1.nanos))
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
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

/// Tells people on standard error, if they want to hear it.
#[allow(clippy::print_stderr)]
fn notice(inputs: &Inputs, weight: Weight, message: &str) {
    let wanted = match weight {
        Weight::Error => true,
        Weight::Warning => !inputs.quiet,
        Weight::Info => inputs.verbose && !inputs.quiet,
    };
    if wanted {
        eprintln!("recon: {message}");
    }
}
