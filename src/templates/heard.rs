//! The templates of all messages, for naming that of each entry.

use super::KEPT;
use crate::ingest::{self, FilePlan, Scratches, Skimmed};
use crate::source::Library;
use crate::survey::{Absorb, BottomK, Listener, Signatures};
use crate::template::{self, Settled, Signature};
use rayon::prelude::*;
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
            signatures: Signatures::default(),
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
    signatures: Signatures,
    apart: HashMap<Signature, Box<str>>,
}

impl Ear<'_> {
    fn hear(&mut self, seen: &Skimmed<'_, '_>) {
        let (signature, message) = match seen {
            Skimmed::Sighting(sighting) => {
                let signed = self.signatures.of(sighting.glance);
                if signed.again {
                    return;
                }
                (signed.signature, sighting.glance.message.as_ref())
            }
            Skimmed::Event(event) => {
                let message = event.record.message.as_ref();
                (template::signature(message), message)
            }
            // Its message was shown.
            Skimmed::Again(_) => return,
        };
        let heads = self.apart.entry(signature);
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
    let (heard, scratches) = (Heard::default(), Scratches::hearing());
    let chunks = ingest::chunks(library, plans, chunk_size);
    chunks.par_iter().try_for_each(|chunk| {
        let (plan, own) = (&plans[chunk.plan], chunk.bytes.clone());
        let (mut hear, mut scratch) = (heard.hear(), scratches.lend());
        ingest::skim(library, plan, own, &mut scratch, &mut |seen| {
            hear(&seen);
            false
        })?;
        done(chunk.bytes.end - chunk.bytes.start);
        Ok::<_, io::Error>(())
    })?;
    Ok(heard.settled().unwrap_or_default())
}
