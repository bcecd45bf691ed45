//! Where lines of a known outline were counted: the next line of it is counted there too, without
//! its operation or its template being spelt out again.

use crate::template::Signature;
use recon_parsers::glance::{Outline, Request};

/// Where the last line of an outline was counted. Which service it is of may depend on digits, so
/// the places within a service are those of this one only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Slot {
    version: u32,
    /// The place of the service.
    pub(super) service: usize,
    /// The place of the operation, where all requests of the outline are of the same one.
    pub(super) operation: Option<usize>,
    /// The place of the template.
    pub(super) template: Option<usize>,
    /// The signature of the message.
    pub(super) signature: Option<Signature>,
}

impl Slot {
    /// The same for a line that is of another service.
    pub(super) fn of_service(self, service: usize) -> Self {
        if self.service == service {
            return self;
        }
        Self {
            service,
            operation: None,
            template: None,
            ..self
        }
    }
}

/// Slots by outline.
#[derive(Debug, Default)]
pub(super) struct Slots(Vec<Slot>);

impl Slots {
    /// What is remembered of an outline.
    #[inline]
    pub(super) fn get(&self, outline: Option<Outline>) -> Slot {
        let known = |outline: Outline| {
            let slot = *self.0.get(usize::from(outline.place))?;
            (slot.version == outline.version).then_some(slot)
        };
        outline.and_then(known).unwrap_or_default()
    }

    /// Remembers it.
    #[inline]
    pub(super) fn put(&mut self, outline: Option<Outline>, slot: Slot) {
        let Some(outline) = outline else { return };
        if self.0.is_empty() {
            self.0.resize(Outline::PLACES, Slot::default());
        }
        if let Some(place) = self.0.get_mut(usize::from(outline.place)) {
            *place = Slot {
                version: outline.version,
                ..slot
            };
        }
    }
}

/// Whether all requests of the outline of this one ask for the same: that depends on no digit but
/// of a version in the path.
pub(super) fn is_fixed(request: &Request<'_>) -> bool {
    let numbered = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
    let version = |segment: &str| segment.starts_with('v') && numbered(segment);
    let method = request.method.as_deref().unwrap_or_default();
    let path = request.path.as_deref().unwrap_or_default();
    !numbered(method) && !path.split('/').any(version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    #[test]
    fn versions_tell_operations_of_one_outline_apart() {
        let fixed = |method: &'static str, path: &'static str| {
            is_fixed(&Request {
                method: Some(Cow::Borrowed(method)),
                path: Some(Cow::Borrowed(path)),
                status: Some(200),
            })
        };
        assert!(fixed("GET", "/orders/17/lines"));
        assert!(fixed("GET", "/value"));
        assert!(!fixed("GET", "/v2/orders"));
        assert!(!fixed("M3", "/orders"));
    }

    #[test]
    fn a_slot_is_of_one_outline_and_its_places_of_one_service() {
        let mut slots = Slots::default();
        let outline = |version| Some(Outline { place: 7, version });
        let slot = Slot {
            service: 2,
            operation: Some(3),
            template: Some(4),
            signature: Some(Signature(5)),
            ..Slot::default()
        };
        slots.put(outline(1), slot);
        assert_eq!(slots.get(outline(1)).operation, Some(3));
        assert_eq!(slots.get(outline(2)), Slot::default());
        assert_eq!(slots.get(None), Slot::default());
        let other = slots.get(outline(1)).of_service(9);
        let found = (
            other.service,
            other.operation,
            other.template,
            other.signature,
        );
        assert_eq!(found, (9, None, None, Some(Signature(5))));
    }
}
