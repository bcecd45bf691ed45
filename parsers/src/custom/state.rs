//! What the group `state` of a declared format says of an alert, a page or a change.

use super::{Declaration, Flaw};
use crate::record::{AlertState, ChangeState, Kind, PageAct};

const ALERT: &[(&str, AlertState)] = &[
    ("firing", AlertState::Firing),
    ("resolved", AlertState::Resolved),
    ("unknown", AlertState::Unknown),
];

const PAGE: &[(&str, PageAct)] = &[
    ("triggered", PageAct::Triggered),
    ("notified", PageAct::Notified),
    ("acknowledged", PageAct::Acknowledged),
    ("unacknowledged", PageAct::Unacknowledged),
    ("escalated", PageAct::Escalated),
    ("reassigned", PageAct::Reassigned),
    ("annotated", PageAct::Annotated),
    ("resolved", PageAct::Resolved),
    ("reopened", PageAct::Reopened),
];

const CHANGE: &[(&str, ChangeState)] = &[
    ("requested", ChangeState::Requested),
    ("started", ChangeState::Started),
    ("finished", ChangeState::Finished),
    ("failed", ChangeState::Failed),
];

fn find<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    let known = table
        .iter()
        .find(|(name, _)| word.eq_ignore_ascii_case(name));
    known.map(|(_, state)| *state)
}

/// The kind with the state that a word says. A word that says none leaves open what happened.
pub(super) fn of(kind: Kind, word: &str) -> Kind {
    match kind {
        Kind::Alert(_) => Kind::Alert(find(ALERT, word).unwrap_or(AlertState::Unknown)),
        Kind::Page(_) => Kind::Page(find(PAGE, word).unwrap_or(PageAct::Annotated)),
        Kind::Change(_) => Kind::Change(find(CHANGE, word).unwrap_or(ChangeState::Requested)),
        stateless => stateless,
    }
}

/// Whether the states that a declaration maps to are some.
pub(super) fn check(declaration: &Declaration) -> Result<(), Flaw> {
    let names: Vec<&str> = match declaration.kind {
        Kind::Alert(_) => ALERT.iter().map(|(name, _)| *name).collect(),
        Kind::Page(_) => PAGE.iter().map(|(name, _)| *name).collect(),
        Kind::Change(_) => CHANGE.iter().map(|(name, _)| *name).collect(),
        _ => Vec::new(),
    };
    let stranger = declaration
        .states
        .values()
        .find(|state| !names.contains(&state.as_str()));
    let message = match stranger {
        None => return Ok(()),
        Some(_) if names.is_empty() => format!(
            "entries of kind {} have no states; alert, page and change have",
            declaration.kind.name()
        ),
        Some(state) => format!("`{state}` is no state: write {}", names.join(", ")),
    };
    Err(Flaw {
        key: "states",
        message,
        at: None,
    })
}
