//! The signatures of lines whose outline is known: of one outline, all messages have the same.

use crate::template::{self, Signature};
use recon_parsers::glance::{Glance, Outline};

/// What is remembered of the glances of one reader: in order of its lines, and of no other's.
#[derive(Debug, Default)]
pub struct Signatures(Vec<Option<(u32, Signature)>>);

/// A signature, and whether it was given before.
#[derive(Clone, Copy, Debug)]
pub struct Signed {
    /// What the message says.
    pub signature: Signature,
    /// An earlier glance had the same, for certain.
    pub again: bool,
}

impl Signatures {
    /// The signature of a glance's message.
    pub fn of(&mut self, glance: &Glance<'_>) -> Signed {
        let new = || Signed {
            signature: template::signature(&glance.message),
            again: false,
        };
        let Some(outline) = glance.outline else {
            return new();
        };
        if self.0.is_empty() {
            self.0.resize(Outline::PLACES, None);
        }
        match self.0.get_mut(usize::from(outline.place)) {
            Some(Some((version, known))) if *version == outline.version => Signed {
                signature: *known,
                again: true,
            },
            Some(place) => {
                let signed = new();
                *place = Some((outline.version, signed.signature));
                signed
            }
            None => new(),
        }
    }
}
