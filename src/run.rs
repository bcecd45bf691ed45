//! The pipeline, readable from top to bottom, and what each verb does with it.

use crate::analysis::{Account, Analysis};
use crate::cite::{Notice, Weight};
use crate::cli::{Cli, Command, EventsJob, ExplainJob, Inputs};
use crate::explain;
use crate::ingest::{self, FilePlan};
use crate::output::Output;
use crate::progress::Progress;
use crate::source::{self, Library, Unread};
use crate::survey::{self, Survey};
use crate::window::Window;
use anyhow::{Context, Result, bail};
use std::io::Write;
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
        Some(Command::Metrics(_)) => bail!("not yet"),
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
    let none = survey::FileTally::default();
    let mut accounts = Vec::new();
    for plan in &opened.plans {
        let tally = survey.files.get(&plan.file).unwrap_or(&none);
        accounts.push(explain::account(&mut opened.library, plan, tally)?);
    }
    Ok(accounts)
}

fn main_job(_job: crate::cli::MainJob) -> Result<Outcome> {
    bail!("not yet")
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
