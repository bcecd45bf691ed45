//! What names mean, remembered.

use super::role::Role;

/// What was said of the names met lately: an input uses a few dozen, over and over. A cache,
/// from which nothing but the answer can be told.
pub(super) struct Memo([Known; Self::ROOMS]);

/// A name and its role.
#[derive(Clone, Copy)]
struct Known {
    name: [u8; Self::LEN],
    /// 0 where no name is.
    len: usize,
    role: Option<(Role, u8)>,
}

impl Known {
    /// Longer names are looked up every time.
    const LEN: usize = 24;
}

impl Memo {
    const ROOMS: usize = 256;

    /// Nothing met yet.
    pub(super) const fn new() -> Self {
        let none = Known {
            name: [0; Known::LEN],
            len: 0,
            role: None,
        };
        Self([none; Self::ROOMS])
    }

    /// What `look_up` says of a name.
    pub(super) fn role(
        &mut self,
        name: &str,
        look_up: fn(&str) -> Option<(Role, u8)>,
    ) -> Option<(Role, u8)> {
        let bytes = name.as_bytes();
        let hash = bytes.iter().fold(bytes.len(), |h, b| {
            h.wrapping_mul(31).wrapping_add(usize::from(*b))
        });
        let Some(room) = self.0.get_mut(hash % Self::ROOMS) else {
            return look_up(name);
        };
        if room.len > 0 && room.name.get(..room.len) == Some(bytes) {
            return room.role;
        }
        let found = look_up(name);
        if let Some(kept) = room.name.get_mut(..bytes.len()) {
            kept.copy_from_slice(bytes);
            (room.len, room.role) = (bytes.len(), found);
        }
        found
    }
}
