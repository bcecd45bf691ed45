//! What stands in the place of partials where recon was built without tables.

use super::{Plan, Row};
use crate::cite::FileId;
use crate::survey::Survey;
use anyhow::{Result, bail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const WITHOUT: &str = "partials are Parquet files, and this recon was built without the feature \
                       `tables`; build it with `cargo build --release` (the feature is on unless \
                       --no-default-features turns it off)";

/// Says how to build a recon that can.
pub fn write(_: &Plan, _: &Row, _: &[(FileId, Survey)], _: &Path) -> Result<()> {
    bail!(WITHOUT)
}

/// No partials.
#[derive(Debug)]
pub struct Partials<'p>(std::marker::PhantomData<&'p Plan>);

impl<'p> Partials<'p> {
    /// Says how to build a recon that can.
    pub fn find(_: &'p Plan, _: &[PathBuf]) -> Result<Self> {
        bail!(WITHOUT)
    }

    /// None is there.
    pub fn has(&self, _: &Row) -> Result<bool> {
        bail!(WITHOUT)
    }

    /// None is there.
    pub fn read(&self) -> Result<BTreeMap<usize, Survey>> {
        bail!(WITHOUT)
    }
}
