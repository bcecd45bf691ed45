//! The pipeline, readable from top to bottom: open → plan → survey → signals → incidents → close-up.

mod quoted;

use quoted::Quoted;

use crate::analysis::{Account, Analysis, ChosenBy, Span};
use crate::cite::{Notice, Weight};
use crate::cli::{Effort, Inputs};
use crate::clock::ClockOffset;
use crate::closeup;
use crate::config::Config;
use crate::explain;
use crate::incident::{self, Incident, Milestone, documents};
use crate::ingest::{self, FilePlan};
use crate::progress::Progress;
use crate::redact::Redactor;
use crate::report::escape::visible;
use crate::signal;
use crate::source::{self, Found, Library, Memory, Unread};
pub use crate::survey::Detail;
use crate::survey::{self, Settling, Survey};
use crate::window::Window;
use anyhow::{Context, Result, bail};
use recon_parsers::cut::Shape;
use recon_parsers::{Basis, Precision, Stamp};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// The inputs of a run, opened and planned.
pub struct Opened {
    /// The inputs that could be opened.
    pub library: Library,
    /// How each is read.
    pub plans: Vec<FilePlan>,
    /// What of them and of others was not read.
    pub unread: Vec<Unread>,
    /// Which range of time to look at.
    pub window: Window,
}

/// Opens and plans the inputs.
pub fn open(inputs: &mut Inputs) -> Result<Opened> {
    let (window, found) = discover(inputs)?;
    plan(inputs, window, found)
}

/// Opens the inputs.
pub fn discover(inputs: &mut Inputs) -> Result<(Window, Found)> {
    let window = inputs.take_window().map_err(anyhow::Error::msg)?;
    use_threads(&inputs.effort);
    if inputs.paths.is_empty() {
        bail!("no inputs: name files or folders, or `-` for standard input");
    }
    let limits = source::Limits {
        unpacked: inputs.reading.unpack_limit,
    };
    Ok((window, source::discover(&inputs.paths, limits)))
}

/// Uses as many threads as were asked for.
pub fn use_threads(effort: &Effort) {
    if let Some(threads) = effort.threads {
        // Fails only if a pool is there already, as in tests that run several jobs.
        let _ = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build_global();
    }
}

/// Plans how each opened input is read.
pub fn plan(inputs: &Inputs, window: Window, found: Found) -> Result<Opened> {
    let config = settings(inputs)?;
    plan_with(inputs, &config, window, found)
}

/// Plans how each opened input is read, with these settings.
pub fn plan_with(
    inputs: &Inputs,
    config: &Config,
    window: Window,
    mut found: Found,
) -> Result<Opened> {
    tell(inputs, &found.unread);
    found.inputs.retain(|i| !config.is_file(&i.path));
    let library = shown(inputs, Library::new(found.inputs));
    let options = ingest::Options {
        input_zones: inputs.reading.input_zones.clone(),
        year: inputs.reading.year,
        services: inputs.reading.services.clone(),
        declared: config.formats.clone(),
    };
    let plans = ingest::plan(&library, &options).context("reading the inputs")?;
    Ok(Opened {
        library,
        plans,
        unread: found.unread,
        window,
    })
}

/// The library, in which what is to be redacted is, and which keeps to its memory.
#[must_use]
pub fn shown(inputs: &Inputs, mut library: Library) -> Library {
    library.keep_within(Memory::of(inputs.effort.memory));
    if !inputs.view.redact.is_none() {
        library.redact_with(Arc::new(Redactor::new(inputs.view.redact, [])));
    }
    library
}

impl Opened {
    /// Tells of inputs that could be opened and then not be read to their end.
    pub fn note_troubles(&mut self, inputs: &Inputs) {
        let known = self.unread.len();
        for (_, input) in self.library.iter() {
            let Some(reason) = input.text.trouble() else {
                continue;
            };
            let unread = Unread {
                path: input.path.clone(),
                reason: reason.to_owned(),
                extent: source::Extent::Rest,
            };
            if !self.unread.contains(&unread) {
                self.unread.push(unread);
            }
        }
        tell(inputs, &self.unread[known..]);
    }
}

/// Tells what was not read.
pub fn tell(inputs: &Inputs, unread: &[Unread]) {
    for u in unread {
        notice(inputs, weight(u), &u.message());
    }
}

fn weight(unread: &Unread) -> Weight {
    if unread.is_loss() {
        Weight::Error
    } else {
        Weight::Info
    }
}

/// What is set in files.
pub fn settings(inputs: &Inputs) -> Result<Config> {
    let settings = &inputs.reading.settings;
    let config = Config::gather(settings.config.as_deref(), &settings.format_files)?;
    for (file, formats) in config.read() {
        notice(
            inputs,
            Weight::Info,
            &format!("{file}: {formats} formats declared"),
        );
    }
    Ok(config)
}

/// The first pass, in this detail, with its progress shown.
pub fn survey(inputs: &Inputs, opened: &mut Opened, detail: Detail<'_>) -> Result<Survey> {
    let (library, plans, size) = (&opened.library, &mut opened.plans, chunk_size(inputs));
    let bytes = library.iter().map(|(_, i)| i.text.len()).sum();
    let progress = Progress::new(bytes, "reading", shows_progress(inputs));
    let surveyed = survey::survey(library, plans, size, detail, &|n| progress.add(n));
    let surveyed = surveyed.context("reading the inputs")?;
    drop(progress);
    learn(inputs, opened, &surveyed);
    Ok(surveyed)
}

/// The rest of the first pass, over what was counted elsewhere of each input.
pub fn settle(
    inputs: &Inputs,
    opened: &mut Opened,
    parts: BTreeMap<usize, Survey>,
    settling: Settling,
) -> Result<Survey> {
    let (library, plans, size) = (&opened.library, &mut opened.plans, chunk_size(inputs));
    let surveyed = survey::settle(
        library,
        plans,
        parts,
        settling,
        size,
        Detail::Everything,
        &|_| {},
    );
    let surveyed = surveyed.context("reading the inputs")?;
    learn(inputs, opened, &surveyed);
    Ok(surveyed)
}

/// Whether people want to see how far it is.
#[must_use]
pub const fn shows_progress(inputs: &Inputs) -> bool {
    !inputs.effort.no_progress && !inputs.effort.quiet
}

/// What the library is told of what was counted: lines, and people.
fn learn(inputs: &Inputs, opened: &mut Opened, surveyed: &Survey) {
    opened.note_troubles(inputs);
    for plan in &opened.plans {
        // What is not cut on lines is one part, which says nothing of its lines.
        let tally = surveyed.files.get(&plan.file);
        if let Some(tally) = tally.filter(|_| plan.detected.shape == Shape::Lines) {
            let parts = tally.parts.iter().map(|(start, part)| (*start, part.lines));
            opened.library.know_lines(plan.file, parts);
        }
    }
    if let Some(redactor) = opened.library.redactor() {
        redactor.learn(people(surveyed));
    }
}

/// Bytes of a chunk.
pub const fn chunk_size(inputs: &Inputs) -> u64 {
    inputs.reading.chunk.saturating_mul(1024)
}

/// How each input was read.
pub fn accounts(opened: &mut Opened, survey: &Survey) -> Result<Vec<Account>> {
    let none = ingest::FileTally::default();
    let mut accounts = Vec::new();
    for plan in &opened.plans {
        let tally = survey.files.get(&plan.file).unwrap_or(&none);
        accounts.push(explain::account(&mut opened.library, plan, tally)?);
    }
    Ok(accounts)
}

/// The pipeline: survey → signals → incidents → close-up.
pub fn analyse(inputs: &Inputs, opened: &mut Opened) -> Result<Analysis> {
    let survey = survey(inputs, opened, Detail::Everything)?;
    reconstruct(inputs, opened, survey)
}

/// What follows the survey.
pub fn reconstruct(inputs: &Inputs, opened: &mut Opened, mut survey: Survey) -> Result<Analysis> {
    let data = span(&survey);
    let ends = survey.files.values().filter_map(|f| f.span).map(|s| s.1);
    let ends = ends
        .filter(|s| s.basis != Basis::Relative)
        .max_by_key(|s| s.nanos);
    let signals = signal::find(&survey);
    let signals = closeup::without_guesses(&opened.library, &opened.plans, &survey, signals)
        .context("looking at who was refused")?;
    let mut quoted = Quoted::of(&opened.library, &opened.plans);
    let mut words = |cite| quoted.message(cite).unwrap_or_default();
    let found = incident::reconstruct(&survey, &signals, ends, &mut words);
    let wanted = data.map(|d| opened.window.resolve(d, &inputs.view.zone));
    let mut incidents = Vec::new();
    for (mut incident, focus) in found {
        if wanted.is_some_and(|(from, to)| focus.to < from || focus.from > to) {
            continue;
        }
        let axis = closeup::Axis::over(&charted(&incident, (focus.from, focus.to), data));
        let library = &opened.library;
        (incident.impact, incident.series) =
            closeup::measure(library, &opened.plans, &survey, &focus, axis)
                .context("measuring the impact")?;
        incidents.push(incident);
    }
    let documents = documents::read(&survey, &signals);
    incidents = documents::join(incidents, documents);
    let (window, chosen_by) = window_of(&opened.window, data, wanted, &incidents);
    let accounts = accounts(opened, &survey)?;
    let people = people(&survey);
    let mut notices = notices(opened, &accounts, &survey.clocks);
    notices.extend(incident::set_aside(&survey, &signals, &incidents));
    let clocks = std::mem::take(&mut survey.clocks);
    // Giving so many small things back takes longer than writing the report: nobody waits for it.
    rayon::spawn(move || drop((survey, signals)));
    Ok(Analysis {
        window,
        chosen_by,
        inputs: accounts,
        clocks,
        incidents,
        notices,
        people,
        redacted: Vec::new(),
    })
}

/// Everybody whom a record names as who did or said it.
fn people(survey: &Survey) -> Vec<String> {
    let actors = survey.kept.iter().filter_map(|k| k.record.actor.as_ref());
    let names = actors.filter(|a| !a.bot).map(|a| a.name.to_string());
    let names: BTreeSet<String> = names.collect();
    names.into_iter().collect()
}

/// The time that a chart of an incident shows: all of its milestones, and a fifth of that before
/// and after, as far as there are data.
fn charted(incident: &Incident, focus: (i64, i64), data: Option<(i64, i64)>) -> Range<i64> {
    const LEAST: i64 = 300 * recon_parsers::stamp::SECOND;
    let told = Milestone::ALL
        .into_iter()
        .filter(|m| *m != Milestone::Change)
        .filter_map(|m| incident.when(m))
        .filter(|s| s.basis != Basis::Relative);
    let (from, to) = told
        .map(|s| (s.nanos, s.nanos))
        .chain([focus])
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
        .unwrap_or(focus);
    let margin = (to.saturating_sub(from) / 5).max(LEAST);
    let (first, last) = data.unwrap_or(focus);
    from.saturating_sub(margin).max(first.min(from))..to.saturating_add(margin).min(last.max(to))
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
fn notices(opened: &Opened, accounts: &[Account], clocks: &[ClockOffset]) -> Vec<Notice> {
    let unread = opened.unread.iter();
    unread
        .map(|u| Notice::new(weight(u), u.message()))
        .chain(accounts.iter().flat_map(explain::notices))
        .chain(explain::empty(accounts))
        .chain(clocks.iter().filter_map(explain::off))
        .collect()
}

/// Earliest and latest time of the data.
pub fn span(survey: &Survey) -> Option<(i64, i64)> {
    let spans = survey
        .files
        .values()
        .filter_map(|f| f.span)
        .filter(|s| s.0.basis != recon_parsers::Basis::Relative);
    spans
        .map(|s| (s.0.nanos, s.1.nanos))
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// Tells people on standard error, if they want to hear it.
#[allow(clippy::print_stderr)]
pub fn notice(inputs: &Inputs, weight: Weight, message: &str) {
    let wanted = match weight {
        Weight::Error => true,
        Weight::Warning => !inputs.effort.quiet,
        Weight::Info => inputs.effort.verbose && !inputs.effort.quiet,
    };
    if wanted {
        // File names and services are as little trusted as what the files say.
        eprintln!("recon: {}", visible(message));
    }
}
