//! Lines of a container runtime, where a format inside can be glanced at.

use super::stamp::ISO;
use super::{Glance, Recall, of_name};
use crate::format::{Context, Layout};
use crate::stamp::{Reading, When};

/// See [`super::Look`].
pub(super) fn look<'a>(
    line: &'a [u8],
    cx: &Context<'_>,
    recall: &mut Recall,
) -> Option<Glance<'a>> {
    let (rest, at) = recall.outer.read(ISO, line)?;
    let rest = rest
        .strip_prefix(b" stdout F ")
        .or_else(|| rest.strip_prefix(b" stderr F "))?;
    let plain = Layout::default();
    let inner = Context { layout: &plain };
    // An earlier format that may take the text must be one that can be glanced at.
    let format = cx.layout.inner.iter().find(|f| (f.hint)(rest))?;
    if !cx.layout.declared.is_empty() {
        return None;
    }
    let glance = (of_name(format.name)?.look)(rest, &inner, recall)?;
    let better = |own: &Reading| {
        matches!(own.when, When::Instant(_))
            && (own.precision > at.precision || !matches!(at.when, When::Instant(_)))
    };
    Some(Glance {
        at: glance.at.filter(better).or(Some(at)),
        ..glance
    })
}
