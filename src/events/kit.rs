//! What threads remember of the files that they render.

use super::mould::{Around, Mould};
use crate::ingest::{Scratch, Sighting};
use recon_parsers::glance::ByOutline;
use std::sync::Mutex;

/// Files of which something is remembered at a time.
const FILES: usize = 16;

/// What is known of an outline.
#[derive(Clone, Debug)]
enum Met {
    /// It was met once: many are not met again.
    Once,
    /// It has no mould.
    Unlike,
    Known(Box<Mould>),
}

/// The moulds of a file, by the outlines of one reader.
#[derive(Debug, Default)]
pub(super) struct Moulds(ByOutline<Met>);

impl Moulds {
    /// The mould for an entry; made if it is the second of its outline.
    pub(super) fn find(&mut self, seen: &Sighting<'_>, around: Around<'_>) -> Option<&Mould> {
        let outline = seen.glance.outline?;
        if seen.lines.0 != seen.lines.1 {
            return None;
        }
        let more = match self.0.get(outline) {
            None => Some(Met::Once),
            Some(Met::Once) => {
                Some(Mould::of(seen, around).map_or(Met::Unlike, |m| Met::Known(Box::new(m))))
            }
            Some(_) => None,
        };
        if let Some(more) = more {
            self.0.put(outline, more);
        }
        match self.0.get(outline)? {
            Met::Known(mould) => Some(mould),
            _ => None,
        }
    }
}

#[cfg(test)]
impl Kits {
    /// Moulds that were made, and outlines that have none.
    pub(super) fn moulds(&self) -> (usize, usize) {
        let idle = self.idle.lock().expect("no panic while it was held");
        let all = idle.iter().flat_map(|(_, kit)| kit.moulds.0.values());
        all.fold((0, 0), |(known, unlike), met| match met {
            Met::Known(_) => (known + 1, unlike),
            Met::Unlike => (known, unlike + 1),
            Met::Once => (known, unlike),
        })
    }
}

/// What a thread needs to render parts of a file.
#[derive(Debug, Default)]
pub(super) struct Kit {
    pub(super) scratch: Scratch,
    pub(super) moulds: Moulds,
}

/// The kits that no thread uses at the moment.
#[derive(Debug, Default)]
pub(super) struct Kits {
    /// With the place of the file's plan, the least lately used first.
    idle: Mutex<Vec<(usize, Kit)>>,
    buffers: Mutex<Vec<Vec<u8>>>,
}

impl Kits {
    /// A kit for a file: one that knows it, if there is one.
    pub(super) fn take(&self, plan: usize) -> Kit {
        let known = self.idle.lock().ok().and_then(|mut idle| {
            let at = idle.iter().rposition(|(of, _)| *of == plan)?;
            Some(idle.remove(at).1)
        });
        let mut kit = known.unwrap_or_default();
        let buffer = self.buffers.lock().ok().and_then(|mut all| all.pop());
        kit.scratch.give_buffer(buffer.unwrap_or_default());
        kit
    }

    /// Takes a kit back.
    pub(super) fn put(&self, plan: usize, mut kit: Kit) {
        if let Ok(mut buffers) = self.buffers.lock() {
            buffers.push(kit.scratch.take_buffer());
        }
        if let Ok(mut idle) = self.idle.lock() {
            if idle.len() >= FILES {
                idle.remove(0);
            }
            idle.push((plan, kit));
        }
    }
}
