//! Inputs that nothing was read of: where a draft asks what the inputs do not record, it must not sound as if they
//! had been read.

use super::{Body, Draft};
use crate::analysis::Account;
use crate::cite::Line;

/// Slots that ask for what people say and do.
const ASKING: [&str; 3] = ["actions", "misleading", "escalation"];
/// Inputs that are named, at most.
const NAMED: usize = 3;

impl Draft {
    /// The same draft, whose questions admit which inputs may hold the answer.
    #[must_use]
    pub fn admitting(mut self, inputs: &[Account]) -> Self {
        let Some(unread) = told(inputs) else {
            return self;
        };
        let blocks = self.sections.iter_mut().flat_map(|s| &mut s.blocks);
        for block in blocks {
            let Body::Lines { slot, lines, .. } = &mut block.body else {
                continue;
            };
            for line in lines.iter_mut().filter(|_| ASKING.contains(slot)) {
                if let Line::Ask { prompt } = line {
                    *prompt = format!("{prompt} {unread}");
                }
            }
        }
        self
    }
}

fn told(inputs: &[Account]) -> Option<String> {
    let unread = inputs
        .iter()
        .filter(|a| a.bytes > 0 && a.formats.is_empty());
    let names: Vec<&str> = unread.map(|a| a.path.as_str()).collect();
    let more = names.len().saturating_sub(NAMED);
    let others = match more {
        0 => String::new(),
        1 => " and one other".to_owned(),
        n => format!(" and {n} others"),
    };
    let listed = names.get(..names.len().min(NAMED))?.join(", ");
    (!names.is_empty()).then(|| format!("(Nothing could be read in {listed}{others}.)"))
}
