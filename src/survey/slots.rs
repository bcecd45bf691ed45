//! Where lines of a known outline were counted: the next line of it is counted there too, without
//! its operation or its template being spelt out again.

use crate::template::Signature;
use recon_parsers::glance::Request;

/// Where the last line of an outline was counted. Which service it is of may depend on digits, so
/// the places within a service are those of this one only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Slot {
    /// The place of the service.
    pub(super) service: usize,
    /// The place of the operation, where all requests of the outline are of the same one.
    pub(super) operation: Option<usize>,
    /// The place of the template.
    pub(super) template: Option<usize>,
    /// The signature of the message.
    pub(super) signature: Option<Signature>,
    /// Whether its lines may tell of a change.
    pub(super) tells: Option<bool>,
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
    use super::super::operation_into;
    use super::*;
    use crate::template;
    use proptest::prelude::*;
    use recon_parsers::detect;
    use recon_parsers::glance::{Outline, Recall, Seen, sights};
    use std::borrow::Cow;

    /// The same with other digits, and other letters in what may be ids.
    fn renumbered(text: &str, with: &[u8]) -> String {
        let mut with = with.iter().cycle().copied();
        let mut out = String::new();
        for word in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
            let id = word.len() > 3 && word.bytes().any(|b| b.is_ascii_digit());
            for letter in word.chars() {
                let next = with.next().unwrap_or_default();
                out.push(match letter {
                    '0'..='9' if !id || next < 160 => char::from(b'0' + next % 10),
                    '0'..='9' | 'a'..='f' if id => {
                        char::from(b"0123456789abcdef"[usize::from(next % 16)])
                    }
                    _ => letter,
                });
            }
        }
        out
    }

    /// What is remembered of each line: its outline, the signature of its message, and its
    /// operation if it is one that is remembered.
    fn remembered(text: &str) -> Vec<(Option<Outline>, Signature, Option<String>)> {
        let (mut all, mut recall) = (Vec::new(), Recall::hearing());
        let (text, found) = (text.as_bytes(), detect(text.as_bytes(), &[]));
        sights(text, 0..text.len(), &found, &mut recall, &mut |seen| {
            let Seen::Sight(sight) = seen else { return };
            let glance = &sight.glance;
            let operation = glance.request.as_ref().filter(|r| is_fixed(r)).map(|r| {
                let mut text = String::new();
                operation_into(&mut text, r.method.as_deref(), r.path.as_deref());
                text
            });
            all.push((
                glance.outline,
                template::signature(&glance.message),
                operation,
            ));
        });
        all
    }

    proptest! {
        /// What a slot remembers of one line holds for every other of its outline.
        #[test]
        fn lines_of_one_outline_say_and_ask_the_same(
            said in "([a-z]{1,8}|[0-9a-f]{4,20}|[0-9]{1,5}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-f]{1,6}[0-9]{1,4}|[0-9]{1,3}(ms|s|e|d|kb))([ :=/_.,;#@()-]{1,2}([a-z]{1,8}|[0-9a-f]{4,20}|[0-9]{1,5}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-f]{1,6}[0-9]{1,4})){0,6}",
            path in "(/([a-z]{1,6}|v[0-9]{1,3}|[0-9]{1,5}|[0-9a-f]{6,12}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})){1,4}",
            with in prop::collection::vec(any::<u8>(), 1..40),
        ) {
            let lines = |said: &str, path: &str| format!(
                "ts=2025-09-01T06:00:01.118Z level=error svc=shop msg=\"{said}\" k=v\n\
                 ts=2025-09-01T06:00:02.118Z level=info svc=shop msg=served method=GET path={path} status=200\n"
            );
            let other = lines(&renumbered(&said, &with), &renumbered(&path, &with));
            let all = remembered(&(lines(&said, &path) + &other));
            for one in &all {
                for other in all.iter().filter(|o| o.0.is_some() && o.0 == one.0) {
                    prop_assert_eq!(one, other);
                }
            }
        }
    }

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
    fn places_within_a_service_are_those_of_one() {
        let slot = Slot {
            service: 2,
            operation: Some(3),
            template: Some(4),
            signature: Some(Signature(5)),
            tells: Some(true),
        };
        assert_eq!(slot.of_service(2), slot);
        let other = Slot {
            service: 9,
            signature: Some(Signature(5)),
            tells: Some(true),
            ..Slot::default()
        };
        assert_eq!(slot.of_service(9), other);
    }
}
