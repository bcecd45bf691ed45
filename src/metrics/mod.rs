//! The figures of an incident and of many: durations between milestones, error budget,
//! populations.

pub mod budget;
pub mod durations;
#[cfg(feature = "tables")]
pub mod frame;
pub mod population;
pub mod trend;

pub use budget::{Budget, budget};
pub use durations::{End, Extent, Metric};
pub use population::{Population, population};
pub use trend::{Trend, trend};
