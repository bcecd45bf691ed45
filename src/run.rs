//! What each verb does with the pipeline, and how it ends.

use crate::analysis::Analysis;
use crate::catalogue;
use crate::cite::Weight;
use crate::cli::{
    AccountForm, Cli, Command, EventsForm, EventsJob, ExplainJob, FormatsJob, Inputs, MainJob,
    MetricsJob, ReportArgs, ReportForm, TableForm, TemplatesJob,
};
use crate::config::Config;
use crate::drafting::{brought_up_to_date, template, write};
use crate::events::{As, Events, MEMORY};
use crate::explain;
use crate::incident::{Incident, Milestone};
use crate::output::Output;
use crate::pipeline::{
    Detail, Opened, accounts, analyse, chunk_size, discover, notice, open, plan, span, survey,
};
use crate::progress::Progress;
use crate::report;
use crate::report::escape::{json, visible};
use crate::source::Unread;
use crate::templates::{self, Contrast, Counted, Heard};
use crate::window::Window;
use anyhow::{Context, Result, bail};
use std::io::{IsTerminal, Write};
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

mod review;
mod shards;

/// Does what the command line says.
pub fn run(cli: Cli) -> Result<Outcome> {
    match cli.command {
        None => main_job(cli.main),
        Some(Command::Plan(job)) => shards::plan_job(job),
        Some(Command::Map(job)) => shards::map_job(&job),
        Some(Command::Reduce(job)) => shards::reduce_job(job),
        Some(Command::Events(job)) => events(job),
        Some(Command::Explain(mut job)) => match job.take_incident() {
            None => explain_job(job),
            Some(id) => review::reasons(job, id.as_deref()),
        },
        Some(Command::Formats(job)) => formats(&job),
        Some(Command::Completions { shell }) => {
            crate::cli::completions(shell, &mut std::io::stdout().lock());
            Ok(Outcome::Found)
        }
        Some(Command::Man) => {
            crate::cli::man(&mut std::io::stdout().lock())?;
            Ok(Outcome::Found)
        }
        Some(Command::Metrics(job)) => metrics(job),
        Some(Command::Templates(job)) => templates_job(job),
        Some(Command::Timeline(job)) => review::timeline(job),
        Some(Command::Check(job)) => review::check(job),
    }
}

fn main_job(mut job: MainJob) -> Result<Outcome> {
    // Before hours of reading: a template that cannot be used.
    let template = template(&job.report.template)?;
    let mut opened = open(&mut job.inputs)?;
    let analysis = analyse(&job.inputs, &mut opened)?;
    report_on(&job.inputs, &job.report, template, opened, analysis)
}

/// Writes the reports on an analysis, and tells how it ended.
fn report_on(
    inputs: &Inputs,
    wanted: &ReportArgs,
    template: report::Template,
    mut opened: Opened,
    mut analysis: Analysis,
) -> Result<Outcome> {
    report::conceal(&mut analysis, &mut opened.library)?;
    for n in &analysis.notices {
        notice(inputs, n.weight, &n.message);
    }
    let options = report::Options {
        slo: wanted.slo,
        zone: inputs.view.zone,
        names: wanted.names,
        template,
    };
    let mut refused = None;
    for (form, path) in wanted.outputs() {
        let text = match form {
            ReportForm::Md => {
                let blocks = report::blocks(&analysis, &mut opened.library, &options)?;
                match &path {
                    None => report::merge::text(&blocks),
                    Some(path) => {
                        let (path, text, trouble) =
                            brought_up_to_date(path, &blocks, &options.template.name)?;
                        refused = refused.or(trouble);
                        write(Some(&path), &text)?;
                        continue;
                    }
                }
            }
            ReportForm::Html => report::html_page(&analysis, &mut opened.library, &options)?,
            ReportForm::Json => {
                let report = report::build(&analysis, &mut opened.library, &options)?;
                json(&serde_json::to_string_pretty(&report)?) + "\n"
            }
        };
        write(path.as_deref(), &text)?;
    }
    if let Some(trouble) = refused {
        bail!(trouble);
    }
    if analysis.incidents.is_empty() {
        notice(
            inputs,
            Weight::Warning,
            "no incident found (exit status 1); the report says what was read and why nothing in it qualifies",
        );
    }
    Ok(ended(&opened, !analysis.incidents.is_empty()))
}

/// The numbers of the inputs' incidents, and of those that earlier reports among them hold.
fn metrics(mut job: MetricsJob) -> Result<Outcome> {
    let (window, mut found) = discover(&mut job.inputs)?;
    let mut reports = report::earlier::take(&mut found).context("reading earlier reports")?;
    let mut opened = plan(&job.inputs, window, found)?;
    if opened.library.iter().next().is_some() {
        let mut analysis = analyse(&job.inputs, &mut opened)?;
        report::conceal(&mut analysis, &mut opened.library)?;
        for n in &analysis.notices {
            notice(&job.inputs, n.weight, &n.message);
        }
        let options = report::Options {
            slo: job.slo,
            zone: job.inputs.view.zone,
            ..report::Options::default()
        };
        reports.push(report::build(&analysis, &mut opened.library, &options)?);
    }
    let form = match job.form() {
        TableForm::Table => report::SummaryFormat::Table,
        TableForm::Json => report::SummaryFormat::Json,
        TableForm::Csv => report::SummaryFormat::Csv,
    };
    let mut output = Output::new(job.output.as_deref())?;
    output.write_all(report::summary(&reports, form)?.as_bytes())?;
    output.commit()?;
    let any = reports.iter().any(|r| !r.incidents.is_empty());
    if !any {
        notice(
            &job.inputs,
            Weight::Warning,
            "no incident found (exit status 1)",
        );
    }
    Ok(ended(&opened, any))
}

fn events(mut job: EventsJob) -> Result<Outcome> {
    let form = match job.form() {
        EventsForm::Jsonl => As::Jsonl,
        EventsForm::Csv => As::Csv,
        EventsForm::Timesketch => As::Timesketch,
        EventsForm::Parquet => As::Parquet,
    };
    if form == As::Parquet && job.output.is_none() && std::io::stdout().is_terminal() {
        bail!("Parquet is not for the screen: name a file with -o, such as -o events.parquet");
    }
    let mut opened = open(&mut job.inputs)?;
    let heard = Heard::default();
    let surveyed = survey(&job.inputs, &mut opened, Detail::Times(Some(&heard)))?;
    let range = match &opened.window {
        Window::All => None,
        window => span(&surveyed).map(|data| {
            let (start, end) = window.resolve(data, &job.inputs.view.zone);
            start..=end
        }),
    };
    let memory = job
        .inputs
        .effort
        .memory
        .map_or(MEMORY, |m| usize::try_from(m).unwrap_or(usize::MAX));
    let size = chunk_size(&job.inputs);
    let bytes = opened.library.iter().map(|(_, i)| i.text.len()).sum();
    let shown = !job.inputs.effort.no_progress && !job.inputs.effort.quiet;
    let (library, plans) = (&opened.library, &opened.plans);
    let named = match heard.settled() {
        Some(named) => named,
        None => {
            let counting = Progress::new(bytes, "templates", shown);
            templates::settled(library, plans, size, &|n| counting.add(n))?
        }
    };
    let events = Events::new(library, plans, &surveyed, &named, size, memory);
    let mut output = Output::new(job.output.as_deref())?;
    let writing = Progress::new(bytes, "writing", shown);
    let written = events.write(form, range, &|n| writing.add(n), &mut output)?;
    opened.note_troubles(&job.inputs);
    output.commit()?;
    drop(writing);
    if written.left_out > 0 {
        let text = format!(
            "{} entries without an instant were left out: Timesketch takes none",
            written.left_out
        );
        notice(&job.inputs, Weight::Warning, &text);
    }
    Ok(ended(&opened, true))
}

fn templates_job(mut job: TemplatesJob) -> Result<Outcome> {
    let mut opened = open(&mut job.inputs)?;
    // Without a window all is counted while it is surveyed.
    let (counted, at_once) = (Counted::default(), opened.window == Window::All);
    let (window, data) = if opened.window == Window::Auto {
        let analysis = analyse(&job.inputs, &mut opened)?;
        let surveyed = analysis.inputs.iter().filter_map(|i| i.first.zip(i.last));
        let data = surveyed
            .map(|(first, last)| (first.nanos, last.nanos))
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        (impact_of(&analysis.incidents), data)
    } else {
        let detail = match at_once {
            true => Detail::Times(Some(&counted)),
            false => Detail::Times(None),
        };
        let data = span(&survey(&job.inputs, &mut opened, detail)?);
        let chosen = data.filter(|_| opened.window != Window::All);
        (
            chosen.map(|d| opened.window.resolve(d, &job.inputs.view.zone)),
            data,
        )
    };
    let contrast = window.zip(data).and_then(|(w, d)| Contrast::new(w, d));
    if opened.window != Window::All && contrast.is_none() {
        let why = if window.is_none() {
            "no incident found, so there is no window to hold against the rest"
        } else {
            "nothing to compare: the window holds none of the data, or all of it"
        };
        notice(&job.inputs, Weight::Warning, why);
    }
    let bytes = opened.library.iter().map(|(_, i)| i.text.len()).sum();
    let shown = !job.inputs.effort.no_progress && !job.inputs.effort.quiet;
    let mut found = match counted.found().filter(|_| at_once) {
        Some(found) => found,
        None => {
            let progress = Progress::new(bytes, "counting", shown);
            let (chunk, done) = (chunk_size(&job.inputs), |n| progress.add(n));
            templates::find(&opened.library, &opened.plans, chunk, contrast, &done)?
        }
    };
    for row in &mut found.rows {
        row.service = opened.library.shown(&row.service).into();
        row.template.text = opened.library.shown(&row.template.text).into_owned();
    }
    let form = match job.format {
        TableForm::Table => templates::Form::Table { rows: job.top },
        TableForm::Json => templates::Form::Json,
        TableForm::Csv => templates::Form::Csv,
    };
    let mut output = Output::new(job.output.as_deref())?;
    let text = templates::render(&found, &mut opened.library, job.inputs.view.zone, form)?;
    output.write_all(text.as_bytes())?;
    output.commit()?;
    Ok(ended(&opened, true))
}

/// From the start of the first incident's impact to the end of the last one's.
fn impact_of(incidents: &[Incident]) -> Option<(i64, i64)> {
    let spans = incidents.iter().filter_map(|i| {
        let from = i
            .when(Milestone::ImpactStart)
            .or_else(|| i.when(Milestone::Detected))?;
        let to = i.when(Milestone::Mitigated);
        let to = to.or_else(|| i.when(Milestone::Resolved));
        Some((from.nanos, to.map_or(i64::MAX, |t| t.nanos)))
    });
    spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

fn explain_job(mut job: ExplainJob) -> Result<Outcome> {
    let mut opened = open(&mut job.inputs)?;
    let surveyed = survey(&job.inputs, &mut opened, Detail::Everything)?;
    let mut accounts = accounts(&mut opened, &surveyed)?;
    for account in &mut accounts {
        account.path = opened.library.shown(&account.path).into_owned();
        if job.format == AccountForm::Text {
            account.path = visible(&account.path);
            for (_, text) in &mut account.unparsed_samples {
                *text = visible(text);
            }
        }
    }
    let mut output = Output::new(None)?;
    match job.format {
        AccountForm::Json => {
            let text = explain::json(&accounts, &surveyed.clocks, &opened.unread);
            output.write_all(json(&text).as_bytes())?;
        }
        AccountForm::Text => {
            output.write_all(explain::render(&accounts).as_bytes())?;
            output.write_all(explain::clocks(&surveyed.clocks).as_bytes())?;
            output.write_all(explain::unread(&opened.unread).as_bytes())?;
        }
    }
    output.commit()?;
    Ok(ended(&opened, true))
}

fn formats(job: &FormatsJob) -> Result<Outcome> {
    let settings = &job.settings;
    let config = Config::gather(settings.config.as_deref(), &settings.format_files)?;
    let name = job.name.as_deref();
    let text = match job.format {
        AccountForm::Text => catalogue::text(&config.formats, name),
        AccountForm::Json => catalogue::json(&config.formats, name),
    };
    let mut output = Output::new(None)?;
    output.write_all(text.map_err(anyhow::Error::msg)?.as_bytes())?;
    output.commit()?;
    Ok(Outcome::Found)
}

fn ended(opened: &Opened, found: bool) -> Outcome {
    if opened.unread.iter().any(Unread::is_loss) {
        Outcome::Partly
    } else if found {
        Outcome::Found
    } else {
        Outcome::Nothing
    }
}
