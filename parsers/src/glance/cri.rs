//! Lines of a container runtime, where a format inside can be glanced at.

use super::stamp::ISO;
use super::{Glance, Outline, Recall, of_name};
use crate::format::{Context, Layout};
use crate::stamp::{Reading, When};

/// Formats inside are numbered from here, to be told from those outside.
const INNER: usize = 1 << 16;

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
    let (n, format) = (INNER..)
        .zip(&cx.layout.inner)
        .find(|(_, f)| (f.hint)(rest))?;
    if !cx.layout.declared.is_empty() {
        return None;
    }
    let look = of_name(format.name)?.look;
    let glance = recall.glance(n, rest, |recall| look(rest, &inner, recall))?;
    let better = |own: &Reading| {
        matches!(own.when, When::Instant(_))
            && (own.precision > at.precision || !matches!(at.when, When::Instant(_)))
    };
    let from = u16::try_from(line.len() - rest.len()).ok();
    let outline = glance.outline.zip(from);
    Some(Glance {
        at: glance.at.filter(better).or(Some(at)),
        outline: outline.map(|(outline, from)| Outline { from, ..outline }),
        ..glance
    })
}
