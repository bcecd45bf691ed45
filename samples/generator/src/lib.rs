//! The sample incidents and what writes them.
//!
//! Each scenario under [`scenario`] is data (people, messages, changes, the shape of the
//! fault) and a few small functions; [`traffic`] plays the users, [`voice`] lets the
//! programs talk about it, and each file under [`format`] knows one output format. What
//! comes out is a [`Bundle`]: the files an incident left behind and, beside them, what is
//! true about it, computed from what was written.
//!
//! The same seed gives the same bytes, on every machine: no clock, no hash order, and no
//! floating-point function that a platform may round differently.

pub mod bulk;
pub mod bundle;
pub mod cast;
pub mod expect;
pub mod format;
pub mod json;
pub mod rng;
pub mod scenario;
pub mod script;
pub mod time;
pub mod traffic;
pub mod voice;

pub use bundle::Bundle;
