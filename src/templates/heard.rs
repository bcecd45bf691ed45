//! The templates of all messages, for naming that of each entry.

use super::KEPT;
use crate::ingest::{FilePlan, Skimmed};
use crate::source::Library;
use crate::survey::{self, Absorb, BottomK, Listener};
use crate::template::{self, Settled, Signature};
use recon_parsers::glance::ByOutline;
use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// A message of each signature. Any gives the same template; the least is a fixed choice.
type Messages = BottomK<Signature, Option<Box<str>>, KEPT>;

impl Absorb for Option<Box<str>> {
    fn absorb(&mut self, other: Self) {
        if self.is_none() || other.is_some() && other < *self {
            *self = other;
        }
    }
}

/// What all entries say, heard while they are surveyed for something else.
#[derive(Default)]
pub struct Heard {
    messages: Mutex<Messages>,
    /// Some of it was read in another way afterwards.
    outdated: AtomicBool,
}

impl Heard {
    /// The templates; `None` if they must be [`settled`] by another reading.
    #[must_use]
    pub fn settled(&self) -> Option<Settled> {
        if self.outdated.load(Ordering::Relaxed) {
            return None;
        }
        let messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        let texts = messages
            .iter()
            .filter_map(|(s, text)| Some((*s, text.as_deref()?)));
        Some(Settled::of(&texts.collect()))
    }
}

impl Listener for Heard {
    fn hear(&self) -> Box<dyn FnMut(&Skimmed<'_, '_>) + '_> {
        let mut ear = Ear {
            heard: self,
            met: ByOutline::default(),
            apart: HashMap::new(),
        };
        Box::new(move |seen| ear.hear(seen))
    }

    fn start_again(&self) {
        self.outdated.store(true, Ordering::Relaxed);
    }
}

/// Hears one chunk, and passes on what it heard when it is dropped.
struct Ear<'h> {
    heard: &'h Heard,
    /// Outlines of what was heard: of one, all messages have the same signature.
    met: ByOutline<()>,
    apart: HashMap<Signature, Box<str>>,
}

impl Ear<'_> {
    fn hear(&mut self, seen: &Skimmed<'_, '_>) {
        let message = match seen {
            Skimmed::Sighting(sighting) => {
                if let Some(outline) = sighting.glance.outline {
                    if self.met.get(outline).is_some() {
                        return;
                    }
                    self.met.put(outline, ());
                }
                &sighting.glance.message
            }
            Skimmed::Event(event) => &event.record.message,
            // Its message was shown.
            Skimmed::Again(_) => return,
        };
        let heads = self.apart.entry(template::signature(message));
        heads.or_insert_with(|| template::head(message).into());
    }
}

impl Drop for Ear<'_> {
    fn drop(&mut self) {
        let mut messages = Messages::default();
        for (signature, text) in self.apart.drain() {
            messages.entry(&signature).absorb(Some(text));
        }
        let mut all = self
            .heard
            .messages
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        all.merge(messages, Absorb::absorb);
    }
}

/// The templates of all inputs. `done` is told the bytes of each finished chunk.
pub fn settled(
    library: &Library,
    plans: &[FilePlan],
    chunk_size: u64,
    done: &(dyn Fn(u64) + Sync),
) -> io::Result<Settled> {
    let heard = Heard::default();
    survey::listen(library, plans, chunk_size, &heard, done)?;
    Ok(heard.settled().unwrap_or_default())
}
