//! `recon timeline`, `recon explain --incident` and `recon check`: what was reconstructed alone, with
//! its reasons, and held against what somebody wrote.

use super::{Outcome, ended};
use crate::check;
use crate::cite::Weight;
use crate::cli::{AccountForm, CheckForm, CheckJob, ExplainJob, TimelineForm, TimelineJob};
use crate::exports;
use crate::output::Output;
use crate::pipeline::{Detail, analyse, discover, notice, open, plan, reconstruct, survey};
use crate::report;
use crate::report::escape::json;
use anyhow::{Result, bail};
use std::io::Write;
use std::path::Path;

/// The timeline alone.
pub(super) fn timeline(mut job: TimelineJob) -> Result<Outcome> {
    let mut opened = open(&mut job.inputs)?;
    let mut analysis = analyse(&job.inputs, &mut opened)?;
    report::conceal(&mut analysis, &mut opened.library)?;
    for n in &analysis.notices {
        notice(&job.inputs, n.weight, &n.message);
    }
    let form = match job.format {
        TimelineForm::Table => exports::Form::Table,
        TimelineForm::Csv => exports::Form::Csv,
        TimelineForm::Timesketch => exports::Form::Timesketch,
    };
    let zone = job.inputs.view.zone;
    let (text, without) = exports::timeline(&analysis, &mut opened.library, zone, form)?;
    let mut output = Output::new(job.output.as_deref())?;
    output.write_all(text.as_bytes())?;
    output.commit()?;
    if without > 0 {
        let text = format!("{without} entries without a date were left out: Timesketch takes none");
        notice(&job.inputs, Weight::Warning, &text);
    }
    Ok(ended(&opened, !analysis.incidents.is_empty()))
}

/// Why each milestone stands where it does.
pub(super) fn reasons(mut job: ExplainJob, id: Option<&str>) -> Result<Outcome> {
    let mut opened = open(&mut job.inputs)?;
    let mut analysis = analyse(&job.inputs, &mut opened)?;
    report::conceal(&mut analysis, &mut opened.library)?;
    let options = report::Options {
        zone: job.inputs.view.zone,
        ..report::Options::default()
    };
    let report = report::build(&analysis, &mut opened.library, &options)?;
    let chosen = report::reasons::chosen(&report, id).map_err(anyhow::Error::msg)?;
    let text = match job.format {
        AccountForm::Text => report::reasons::text(&chosen),
        AccountForm::Json => json(&report::reasons::json(&chosen)),
    };
    let mut output = Output::new(None)?;
    output.write_all(text.as_bytes())?;
    output.commit()?;
    if chosen.is_empty() {
        let text = "no incident found (exit status 1), so there is none to explain";
        notice(&job.inputs, Weight::Warning, text);
    }
    Ok(ended(&opened, !chosen.is_empty()))
}

/// A postmortem against the inputs, of which it is none itself.
pub(super) fn check(mut job: CheckJob) -> Result<Outcome> {
    let path = std::mem::take(&mut job.postmortem);
    let paths = std::mem::replace(&mut job.inputs.paths, vec![path.clone()]);
    let window = std::mem::take(&mut job.inputs.view.window);
    let mut document = open(&mut job.inputs)?;
    let told = survey(&job.inputs, &mut document, Detail::Everything)?;
    let (library, plans) = (&document.library, &document.plans);
    let mut words = |cite| text_at(library, cite);
    let Some(postmortem) = check::Postmortem::read(&told, &mut words).filter(|_| !plans.is_empty())
    else {
        bail!(
            "{} does not read as a postmortem: it needs a section or a timeline that tells of an \
             incident, with times (recon explain says how it was read)",
            path.display()
        );
    };
    job.inputs.paths = paths;
    job.inputs.view.window = window;
    let (window, mut found) = discover(&mut job.inputs)?;
    let same = |other: &str| match (path.canonicalize(), Path::new(other).canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    };
    found.inputs.retain(|i| !same(&i.path));
    let mut opened = plan(&job.inputs, window, found)?;
    let surveyed = survey(&job.inputs, &mut opened, Detail::Everything)?;
    let recorded = surveyed.clone();
    let analysis = reconstruct(&job.inputs, &mut opened, surveyed)?;
    if let Some(redactor) = opened.library.redactor() {
        document.library.redact_with(redactor);
    }
    let findings = check::check(&postmortem, &recorded, &analysis);
    let form = match job.format {
        CheckForm::Md => check::Form::Md,
        CheckForm::Json => check::Form::Json,
    };
    let text = check::render(&findings, &mut document.library, &mut opened.library, form)?;
    let mut output = Output::new(job.output.as_deref())?;
    output.write_all(text.as_bytes())?;
    output.commit()?;
    let borne_out = findings.count(check::Verdict::Contradicted) == 0;
    Ok(ended(&opened, borne_out))
}

/// The bytes at a citation as text.
fn text_at(library: &crate::source::Library, cite: crate::cite::Cite) -> String {
    let mut bytes = Vec::new();
    let end = cite.offset + u64::from(cite.len);
    match library
        .input(cite.file)
        .text
        .read(cite.offset, end, &mut bytes)
    {
        Ok(()) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(_) => String::new(),
    }
}
