//! Declared formats among the others: where they outrank them, and where others wrap their lines.

use super::Custom;
use crate::cut;
use crate::detect::{Choice, VOTERS};
use crate::format::{Context, Layout};
use crate::record::Record;
use std::borrow::Cow;
use std::sync::Arc;

/// The declared formats of lines that `wrapper` wraps: those that change what is read of them.
pub(crate) fn inside(head: &[u8], wrapper: &Choice, declared: &[Arc<Custom>]) -> Vec<Arc<Custom>> {
    let lines: Vec<_> = cut::lines(head)
        .take(VOTERS)
        .filter_map(|r| head.get(r))
        .collect();
    let read = |declared: &[Arc<Custom>]| -> Vec<Vec<Record<'_>>> {
        let layout = Layout {
            declared: declared.to_vec(),
            ..wrapper.layout.clone()
        };
        let one = |line: &&'_ [u8]| -> Vec<Record<'_>> {
            let mut records = Vec::new();
            let _ = (wrapper.format.parse)(line, &Context { layout: &layout }, &mut records);
            records.into_iter().map(Record::into_owned).collect()
        };
        lines.iter().map(one).collect()
    };
    let without = read(&[]);
    let mut inside: Vec<(usize, &Arc<Custom>)> = declared
        .iter()
        .map(|c| {
            let with = read(std::slice::from_ref(c));
            let changed = with.iter().zip(&without).filter(|(a, b)| a != b);
            (changed.count(), c)
        })
        .filter(|(changed, _)| *changed > 0)
        .collect();
    inside.sort_by_key(|(changed, _)| std::cmp::Reverse(*changed));
    inside.into_iter().map(|(_, c)| Arc::clone(c)).collect()
}

/// Whether some declared format reads most of these lines.
pub(crate) fn claim(voters: &[Cow<'_, [u8]>], declared: &[Arc<Custom>]) -> bool {
    let reads = |c: &Arc<Custom>| {
        let taken = voters
            .iter()
            .filter(|v| c.read(v, &mut Vec::new()).is_some());
        most(taken.count(), voters.len())
    };
    declared.iter().any(reads)
}

/// More than half.
pub(crate) const fn most(part: usize, of: usize) -> bool {
    part * 2 > of
}
