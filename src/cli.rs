//! The command line. With what stands under it the only place that knows clap.

use clap::{Args, CommandFactory, Parser, Subcommand};
use std::io::Write;
use std::path::PathBuf;

mod explain;
mod forms;
mod inputs;
mod shards;

pub use explain::ExplainJob;
pub use forms::*;
pub use inputs::*;
pub use shards::*;

const ABOUT: &str = "Reconstructs an incident from the files it left behind";

const LONG_ABOUT: &str = "\
Reconstructs an incident from the files it left behind: service logs, alerts, pages, chat, changes, \
tickets and notes, as they are. Gives a timeline, durations and impact, and a draft postmortem in which \
every statement cites file and line; what logs cannot know becomes a question for people.";

const EXAMPLES: &str = "\
Examples:
  recon logs/*.log --window                     find the incident and draft its postmortem
  recon incident-42/ -o incident-42.md          everything in a folder, to a file; run again with more
                                                files, it keeps what you wrote into it
  recon logs/ --template sre                    the same facts in another shape
  recon logs/ --window 2024-01-19T10:00..14:45  only that range
  journalctl -o json | recon - alerts.json      standard input and a file
  recon metrics logs/ --format csv              the numbers alone
  recon events logs/ | jq 'select(.level==\"error\")'
  recon timeline logs/ --window                 what happened when, to paste into a chat
  recon check postmortem.md logs/               what of a written postmortem the logs bear out
  recon templates logs/ --window                what the logs say during the incident and at no other time
  recon explain logs/                           how each input was read, and why
  recon explain logs/ --incident                why each milestone stands where it does

Exit status: 0 an incident was found, 1 none was, 2 an error or an input that could not be read
(the others are still reported).";

/// What the user typed.
#[derive(Debug, Parser)]
#[command(name = "recon", version, about = ABOUT, long_about = LONG_ABOUT, after_help = EXAMPLES)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct Cli {
    /// Without a verb: the main job.
    #[command(flatten)]
    pub main: MainJob,
    /// A verb.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The main job: a draft postmortem.
#[derive(Debug, Args)]
pub struct MainJob {
    /// What to read and how.
    #[command(flatten)]
    pub inputs: Inputs,
    /// What to write.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// What a report is to be.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Form of the report [default: by the ending of --output, else md]
    #[arg(long, value_enum, value_name = "FORM")]
    pub format: Option<ReportForm>,
    /// Write to PATH, whole or not at all; a folder gets every form
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Service level objective in percent, for the error budget of 30 days
    #[arg(long, value_name = "PERCENT", default_value = "99.9", value_parser = slo)]
    pub slo: f64,
    /// What a draft holds and in which order: recon, 0x19, atlassian, howie, pagerduty, short, sre, or
    /// the path of your own
    #[arg(long, value_name = "NAME|PATH", default_value = "recon")]
    pub template: String,
    /// Name people in drafts; without it they are told by role (on-call engineer, responder 2)
    #[arg(long)]
    pub names: bool,
}

impl ReportArgs {
    /// What to write where: the form that was asked for, else that of the ending; a folder gets
    /// every form.
    #[must_use]
    pub fn outputs(&self) -> Vec<(ReportForm, Option<PathBuf>)> {
        let Some(path) = &self.output else {
            return vec![(self.format.unwrap_or(ReportForm::Md), None)];
        };
        if path.is_dir() {
            let all = [
                (ReportForm::Md, "postmortem.md"),
                (ReportForm::Html, "postmortem.html"),
                (ReportForm::Json, "report.json"),
            ];
            return all
                .into_iter()
                .map(|(form, name)| (form, Some(path.join(name))))
                .collect();
        }
        let ending = path.extension().and_then(|e| e.to_str());
        let by_ending = match ending {
            Some("json") => ReportForm::Json,
            Some("html" | "htm") => ReportForm::Html,
            _ => ReportForm::Md,
        };
        vec![(self.format.unwrap_or(by_ending), Some(path.clone()))]
    }
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Every entry, normalised, in time order
    Events(EventsJob),
    /// The metrics summary alone; earlier report JSON among the inputs is summed up with it
    Metrics(MetricsJob),
    /// The timeline alone: a table to paste into a chat, rows for a spreadsheet, events for Timesketch
    Timeline(TimelineJob),
    /// A written postmortem held against the evidence: what is confirmed, contradicted, unsupported
    Check(CheckJob),
    /// Message templates: how often, since when, by whom, and what is new inside the window
    Templates(TemplatesJob),
    /// Freezes how inputs are read and cut into shards, which other processes and machines then map
    Plan(PlanJob),
    /// Counts shards of a plan, each from its row of the plan and its bytes alone
    Map(MapJob),
    /// Merges what was mapped and reports, as if one process had read everything
    Reduce(ReduceJob),
    /// How each input was read: format, zone, year and why, entries, lines left over
    Explain(ExplainJob),
    /// The formats known; with NAME, its fields, a sample and its reference
    Formats(FormatsJob),
    /// A completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// The manual page
    Man,
}

/// `recon events`
#[derive(Debug, Args)]
pub struct EventsJob {
    /// What to read and how.
    #[command(flatten)]
    pub inputs: Inputs,
    /// Form of the entries [default: by the ending of --output, else jsonl]
    #[arg(long, value_enum, value_name = "FORM")]
    pub format: Option<EventsForm>,
    /// Write to PATH, whole or not at all
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
}

impl EventsJob {
    /// The form that was asked for, else that of the output's ending.
    #[must_use]
    pub fn form(&self) -> EventsForm {
        let ending = self.output.as_ref().and_then(|p| p.extension());
        self.format
            .unwrap_or(match ending.and_then(|e| e.to_str()) {
                Some("csv") => EventsForm::Csv,
                Some("parquet") => EventsForm::Parquet,
                _ => EventsForm::Jsonl,
            })
    }
}

/// `recon metrics`
#[derive(Debug, Args)]
pub struct MetricsJob {
    /// What to read and how.
    #[command(flatten)]
    pub inputs: Inputs,
    /// Form of the summary [default: by the ending of --output, else table]
    #[arg(long, value_enum, value_name = "FORM")]
    pub format: Option<TableForm>,
    /// Write to PATH, whole or not at all
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Service level objective in percent, for the error budget of 30 days
    #[arg(long, value_name = "PERCENT", default_value = "99.9", value_parser = slo)]
    pub slo: f64,
}

impl MetricsJob {
    /// The form that was asked for, else that of the output's ending.
    #[must_use]
    pub fn form(&self) -> TableForm {
        let ending = self.output.as_ref().and_then(|p| p.extension());
        self.format
            .unwrap_or(match ending.and_then(|e| e.to_str()) {
                Some("json") => TableForm::Json,
                Some("csv") => TableForm::Csv,
                _ => TableForm::Table,
            })
    }
}

/// `recon timeline`
#[derive(Debug, Args)]
pub struct TimelineJob {
    /// What to read and how.
    #[command(flatten)]
    pub inputs: Inputs,
    /// Form of the timeline
    #[arg(long, value_enum, value_name = "FORM", default_value = "table")]
    pub format: TimelineForm,
    /// Write to PATH, whole or not at all
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
}

/// `recon check`
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 nothing is contradicted, 1 something is, 2 an error")]
pub struct CheckJob {
    /// The postmortem: Markdown, plain text or HTML
    #[arg(value_name = "POSTMORTEM")]
    pub postmortem: PathBuf,
    /// What to hold it against.
    #[command(flatten)]
    pub inputs: Inputs,
    /// Form of the findings
    #[arg(long, value_enum, value_name = "FORM", default_value = "md")]
    pub format: CheckForm,
    /// Write to PATH, whole or not at all
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
}

/// `recon templates`
#[derive(Debug, Args)]
pub struct TemplatesJob {
    /// What to read and how.
    #[command(flatten)]
    pub inputs: Inputs,
    /// Form of the list
    #[arg(long, value_enum, value_name = "FORM", default_value = "table")]
    pub format: TableForm,
    /// Rows of the table; 0 for all
    #[arg(short = 'n', long, value_name = "N", default_value = "50")]
    pub top: usize,
    /// Write to PATH, whole or not at all
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
}

/// `recon formats`
#[derive(Debug, Args)]
pub struct FormatsJob {
    /// A format's name
    pub name: Option<String>,
    /// Form of the list
    #[arg(long, value_enum, value_name = "FORM", default_value = "text")]
    pub format: AccountForm,
    /// What is set in files.
    #[command(flatten)]
    pub settings: Settings,
}

fn slo(text: &str) -> Result<f64, String> {
    match text.trim_end_matches('%').parse::<f64>() {
        Ok(p) if p > 0.0 && p < 100.0 => Ok(p),
        _ => Err("expected a percentage between 0 and 100, such as 99.9".to_owned()),
    }
}

fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "K" | "KB" | "KIB" => 1 << 10,
        "M" | "MB" | "MIB" => 1 << 20,
        "G" | "GB" | "GIB" => 1 << 30,
        "T" | "TB" | "TIB" => 1 << 40,
        _ => 0,
    };
    let size = digits.parse().ok().and_then(|n: u64| n.checked_mul(unit));
    size.filter(|n| *n > 0)
        .ok_or_else(|| "expected a number of bytes, such as 500M or 64G".to_owned())
}

/// Writes the completion script for a shell.
pub fn completions(shell: clap_complete::Shell, out: &mut dyn Write) {
    clap_complete::generate(shell, &mut Cli::command(), "recon", &mut { out });
}

/// Writes the manual page.
pub fn man(out: &mut dyn Write) -> std::io::Result<()> {
    clap_mangen::Man::new(Cli::command()).render(&mut { out })
}
