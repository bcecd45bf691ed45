//! `recon plan`, `recon map` and `recon reduce`, as they are typed.

use super::{Effort, Inputs, Reading, ReportArgs, View, size};
use clap::Args;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;

/// `recon plan`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  recon plan logs/ -o plan.jsonl                        then, for every N, on any machine:
  recon map --plan plan.jsonl --shard N -o parts/       and, when all are there:
  recon reduce --plan plan.jsonl parts/ --window

  recon plan --settle plan.jsonl parts/ -o settled.jsonl
                                                        clocks and formats that only a reading of everything
                                                        shows; map again without --shard, then reduce")]
pub struct PlanJob {
    /// Files, folders (walked), compressed files; with --settle, folders with what was mapped
    #[arg(value_name = "INPUT", required = true)]
    pub paths: Vec<PathBuf>,
    /// Write to PATH, whole or not at all [default: standard output]
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Bytes of a shard, such as 64M or 1G
    #[arg(long, value_name = "SIZE", default_value = "256M", value_parser = size)]
    pub shard_size: u64,
    /// Freeze in PLAN what its mapped shards show of formats and clocks, instead of planning inputs
    #[arg(long, value_name = "PLAN")]
    pub settle: Option<PathBuf>,
    /// Where the inputs of the plan to settle are.
    #[command(flatten)]
    pub place: PlaceArgs,
    /// How they are read.
    #[command(flatten)]
    pub reading: Reading,
    /// What it may take.
    #[command(flatten)]
    pub effort: Effort,
}

/// `recon map`
#[derive(Debug, Args)]
pub struct MapJob {
    /// The plan
    #[arg(long, value_name = "PLAN")]
    pub plan: PathBuf,
    /// Shards, as `N` or `N-M`; can be given several times [default: all that the output lacks]
    #[arg(long = "shard", value_name = "N")]
    pub shards: Vec<ShardRange>,
    /// The folder to write to
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
    /// Where the inputs are.
    #[command(flatten)]
    pub place: PlaceArgs,
    /// What it may take.
    #[command(flatten)]
    pub effort: Effort,
}

/// `recon reduce`
#[derive(Debug, Args)]
pub struct ReduceJob {
    /// The plan
    #[arg(long, value_name = "PLAN")]
    pub plan: PathBuf,
    /// Folders with what was mapped
    #[arg(value_name = "DIR", required = true)]
    pub folders: Vec<PathBuf>,
    /// Where the inputs are.
    #[command(flatten)]
    pub place: PlaceArgs,
    /// What is shown and how.
    #[command(flatten)]
    pub view: View,
    /// What to write.
    #[command(flatten)]
    pub report: ReportArgs,
    /// What it may take.
    #[command(flatten)]
    pub effort: Effort,
}

/// Where the inputs of a plan are.
#[derive(Debug, Args)]
pub struct PlaceArgs {
    /// The folder that the paths in the plan start from
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// The inputs are copies: that their modification times are others does not matter
    #[arg(long)]
    pub copied: bool,
}

/// Shards from one to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardRange(pub RangeInclusive<u32>);

impl FromStr for ShardRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        match (from.parse(), to.parse()) {
            (Ok(from), Ok(to)) if from <= to => Ok(Self(from..=to)),
            _ => Err("expected a number such as 17, or a range such as 0-31".to_owned()),
        }
    }
}

impl PlanJob {
    /// What is to be planned.
    #[must_use]
    pub fn into_inputs(self) -> Inputs {
        Inputs {
            paths: self.paths,
            view: View::default(),
            reading: self.reading,
            effort: self.effort,
        }
    }
}
