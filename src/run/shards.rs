//! `recon plan`, `recon map` and `recon reduce`.

use super::{Outcome, ended, report_on};
use crate::cite::Weight;
use crate::cli::{Inputs, MapJob, PlaceArgs, PlanJob, Reading, ReduceJob, View};
use crate::drafting::{template, write};
use crate::pipeline::{
    Opened, chunk_size, discover, notice, plan_with, reconstruct, settings, settle, shown, tell,
    use_threads,
};
use crate::progress::Progress;
use crate::shard::{self, Cuts, Partials, Place, Plan, Row};
use crate::window::Window;
use anyhow::{Result, bail};
use std::path::PathBuf;

impl PlaceArgs {
    fn place(&self) -> Place<'_> {
        Place {
            root: &self.root,
            copied: self.copied,
        }
    }
}

/// What reading a plan's inputs needs besides the plan.
fn inputs(plan: &Plan, paths: Vec<PathBuf>, view: View, effort: crate::cli::Effort) -> Inputs {
    Inputs {
        paths,
        view,
        effort: crate::cli::Effort {
            // What was counted was counted within it.
            memory: plan.header.memory.bytes(),
            ..effort
        },
        reading: Reading {
            unpack_limit: plan.header.unpack_limit,
            chunk: plan.header.chunk / 1024,
            ..Reading::default()
        },
    }
}

/// Freezes how inputs are read.
pub(super) fn plan_job(mut job: PlanJob) -> Result<Outcome> {
    let (output, settled, size) = (job.output.take(), job.settle.take(), job.shard_size);
    if let Some(plan) = settled {
        return settle_job(job, &plan, output);
    }
    if job.place.copied || job.place.root != std::path::Path::new(".") {
        bail!("--root and --copied are for --settle; inputs are planned where they are");
    }
    let mut inputs = job.into_inputs();
    let (window, found) = discover(&mut inputs)?;
    let config = settings(&inputs)?;
    let opened = plan_with(&inputs, &config, window, found)?;
    let cuts = Cuts {
        shard: size,
        chunk: chunk_size(&inputs),
    };
    let limit = inputs.reading.unpack_limit;
    let (library, plans) = (&opened.library, &opened.plans);
    let plan = Plan::of(library, plans, &opened.unread, &config, limit, cuts)?;
    write(output.as_deref(), &plan.text()?)?;
    let text = format!(
        "{} inputs in {} shards; map each with recon map --plan PLAN --shard N -o DIR",
        plan.header.inputs, plan.header.shards
    );
    notice(&inputs, Weight::Info, &text);
    Ok(ended(&opened, true))
}

/// Freezes what partials show.
fn settle_job(job: PlanJob, path: &std::path::Path, output: Option<PathBuf>) -> Result<Outcome> {
    let plan = Plan::read(path)?;
    use_threads(&job.effort);
    let partials = Partials::find(&plan, &job.paths)?;
    let merged = shard::merge(&plan, &partials, job.place.place())?;
    let next = shard::settle(&plan, merged)?;
    write(output.as_deref(), &next.text()?)?;
    let mut again = 0;
    for (before, after) in plan.rows.iter().zip(&next.rows) {
        again += usize::from(plan.fingerprint(before)? != next.fingerprint(after)?);
    }
    let inputs = inputs(&plan, job.paths, View::default(), job.effort);
    let (weight, text) = match (again, next.header.settled.is_done()) {
        (0, _) => (
            Weight::Info,
            "no shard is read differently by it".to_owned(),
        ),
        (n, true) => (
            Weight::Warning,
            format!("{n} shards are read differently by it; map them again, then reduce"),
        ),
        (n, false) => (
            Weight::Warning,
            format!("{n} shards are read differently by it; map them again, then settle it, too"),
        ),
    };
    notice(&inputs, weight, &text);
    Ok(Outcome::Found)
}

/// Counts shards.
pub(super) fn map_job(job: &MapJob) -> Result<Outcome> {
    let plan = Plan::read(&job.plan)?;
    use_threads(&job.effort);
    let rows = wanted(job, &plan)?;
    let bytes = rows.iter().flat_map(|row| &row.texts);
    let bytes = bytes.map(|text| text.end - text.start).sum();
    let shown = !job.effort.no_progress && !job.effort.quiet;
    let progress = Progress::new(bytes, "mapping", shown);
    for row in rows {
        let surveys = shard::map(&plan, row, job.place.place(), &|n| progress.add(n))?;
        shard::write(&plan, row, &surveys, &job.output)?;
    }
    Ok(Outcome::Found)
}

/// The shards that were named, or all that are not there yet.
fn wanted<'p>(job: &MapJob, plan: &'p Plan) -> Result<Vec<&'p Row>> {
    let mut rows = Vec::new();
    for range in &job.shards {
        plan.row(*range.0.end())?;
        for shard in range.0.clone() {
            rows.push(plan.row(shard)?);
        }
    }
    if !job.shards.is_empty() {
        return Ok(rows);
    }
    let folders: Vec<PathBuf> = job
        .output
        .is_dir()
        .then(|| job.output.clone())
        .into_iter()
        .collect();
    let partials = Partials::find(plan, &folders)?;
    for row in &plan.rows {
        if !partials.has(row)? {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// Merges and reports.
pub(super) fn reduce_job(job: ReduceJob) -> Result<Outcome> {
    let template = template(&job.report.template)?;
    let plan = Plan::read(&job.plan)?;
    let mut inputs = inputs(&plan, job.folders, job.view, job.effort);
    let window: Window = inputs.take_window().map_err(anyhow::Error::msg)?;
    if inputs.paths.is_empty() {
        bail!("no partials: name the folder that recon map wrote to");
    }
    use_threads(&inputs.effort);
    let partials = Partials::find(&plan, &inputs.paths)?;
    let merged = shard::merge(&plan, &partials, job.place.place())?;
    tell(&inputs, &plan.header.unread);
    let mut opened = Opened {
        library: shown(&inputs, merged.library),
        plans: merged.plans,
        unread: plan.header.unread.clone(),
        window,
    };
    let settling = plan.header.settled.clone();
    let survey = settle(&inputs, &mut opened, merged.surveys, settling)?;
    let analysis = reconstruct(&inputs, &mut opened, survey)?;
    report_on(&inputs, &job.report, template, opened, analysis)
}
