//! What others remember of outlines.

use super::Outline;

/// Something of each outline of one reader: of lines with the same one everything but numbers and
/// ids is the same. Forgotten when the reader forgets the outline.
#[derive(Clone, Debug)]
pub struct ByOutline<T>(Vec<Option<(u32, T)>>);

impl<T> Default for ByOutline<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> ByOutline<T> {
    /// What is remembered of an outline.
    #[inline]
    #[must_use]
    pub fn get(&self, outline: Outline) -> Option<&T> {
        let (version, kept) = self.0.get(usize::from(outline.place))?.as_ref()?;
        (*version == outline.version).then_some(kept)
    }

    /// Remembers this of an outline, and nothing of what had its place before.
    pub fn put(&mut self, outline: Outline, kept: T) {
        if self.0.is_empty() {
            self.0.resize_with(Outline::PLACES, || None);
        }
        if let Some(place) = self.0.get_mut(usize::from(outline.place)) {
            *place = Some((outline.version, kept));
        }
    }

    /// All that is remembered.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().flatten().map(|(_, kept)| kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_of_one_outline() {
        let outline = |place, version| Outline { place, version };
        let mut kept = ByOutline::default();
        assert_eq!(kept.get(outline(7, 1)), None);
        kept.put(outline(7, 1), "a");
        kept.put(outline(8, 2), "b");
        assert_eq!(kept.get(outline(7, 1)), Some(&"a"));
        assert_eq!(kept.get(outline(7, 3)), None);
        kept.put(outline(7, 3), "c");
        assert_eq!(kept.get(outline(7, 1)), None);
        assert_eq!(kept.values().copied().collect::<Vec<_>>(), ["c", "b"]);
        // No reader gives such a place.
        kept.put(outline(u16::MAX, 4), "d");
        assert_eq!(kept.get(outline(u16::MAX, 4)), None);
    }
}
