//! What partials show that samples did not, frozen in the next plan, so that no file is read again
//! by the process that tells of the incident.

use super::{Merged, Plan};
use anyhow::Result;

/// The plan after the next step of settling: further formats of some files, or clocks. Its shards
/// whose row is another must be mapped again.
pub fn settle(plan: &Plan, mut merged: Merged) -> Result<Plan> {
    let mut next = plan.clone();
    if next.header.settled.is_done() {
        return Ok(next);
    }
    let settled = &mut next.header.settled;
    settled.step(&merged.library, &mut merged.plans, &mut merged.surveys)?;
    next.replan(&merged.plans);
    Ok(next)
}
