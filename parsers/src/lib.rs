//! The formats recon reads: bytes in, [`Record`]s out.
//!
//! Invariants, kept by this being a crate of its own:
//!
//! * **Parsers do no I/O and read no clock.** What a line leaves out (its year,
//!   its zone) stays out of the [`Reading`]; somebody who knows more settles it.
//! * **Parsers never fail and never panic.** A parser takes any bytes and gives
//!   records or nothing; nothing is an answer, not an error.
//! * **Parsers keep no state.** The same bytes and the same [`Context`] give the
//!   same records, so a file can be cut into chunks anywhere and read in any order.
//!
//! A format is one file under [`formats`] plus one sample under `samples/formats/`.

pub mod custom;
pub mod cut;
pub mod detect;
pub mod document;
pub mod entries;
pub mod format;
pub mod formats;
pub mod glance;
pub mod record;
pub mod stamp;
pub mod token;

pub use detect::{Detected, detect};
pub use entries::{Entry, entries};
pub use format::{Context, Cut, Format, Layout};
pub use record::{Actor, AlertState, ChangeState, Fields, Kind, Level, PageAct, Record, Value};
pub use stamp::{Basis, Precision, Reading, Stamp, When};
