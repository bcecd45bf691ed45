//! What names mean, remembered: the entries of a file use the same dozen names in the
//! same order.

use crate::token::role::{Role, role};
use memchr::memchr_iter;

/// A name and what [`role`] said of it.
#[derive(Clone, Copy, Debug)]
struct Known {
    name: [u8; Names::WIDTH],
    len: usize,
    role: Option<(Role, u8)>,
    numbered: bool,
}

/// The names met lately.
#[derive(Clone, Debug)]
pub struct Names {
    /// By their place in an entry.
    placed: [Known; Names::PLACES],
    /// A name that was looked at has digits.
    numbered: bool,
}

impl Names {
    /// Longer names are looked up every time.
    const WIDTH: usize = 24;
    /// Places that are remembered.
    const PLACES: usize = 32;

    /// None met yet.
    #[must_use]
    pub const fn new() -> Self {
        let none = Known {
            name: [0; Self::WIDTH],
            len: 0,
            role: None,
            numbered: false,
        };
        Self {
            placed: [none; Self::PLACES],
            numbered: false,
        }
    }

    /// The name that stood at this place before, if `i` begins with it and `end` follows.
    #[inline]
    pub(super) fn again<'a>(&self, place: usize, i: &'a [u8], end: &[u8]) -> Option<&'a [u8]> {
        let known = self.placed.get(place)?;
        let (name, rest) = i.split_at_checked(known.len)?;
        (known.len > 0 && rest.starts_with(end) && known.name.get(..known.len) == Some(name))
            .then_some(name)
    }

    /// What `name`, the `place`-th of its entry, means: what [`role`] says. Nothing for what is
    /// not text.
    #[inline]
    pub fn role(&mut self, place: usize, name: &[u8]) -> Option<(Role, u8)> {
        if let Some(known) = self.placed.get(place)
            && known.len == name.len()
            && known.name.get(..known.len) == Some(name)
        {
            self.numbered |= known.numbered;
            return known.role;
        }
        self.look_up(place, name)
    }

    /// Notes from now on whether names have digits.
    pub(super) const fn listen(&mut self) {
        self.numbered = false;
    }

    /// Whether a name had digits: what it means then depends on them.
    pub(super) const fn numbered(&self) -> bool {
        self.numbered
    }

    /// Whether a pair among the words of a message may say what the grammar would take from
    /// there: an id, or a level where the entry has none yet.
    pub(super) fn say_more(&mut self, said: &[u8], levelled: bool) -> bool {
        self.any(said, |role| match role {
            Role::RequestId => true,
            Role::Level => !levelled,
            _ => false,
        })
    }

    /// Whether a pair among the words of a message may say how long something took.
    pub(super) fn say_how_long(&mut self, said: &[u8]) -> bool {
        self.any(said, |role| matches!(role, Role::Latency(_)))
    }

    /// Whether there may be a pair of such a role among the words of a message. What stands
    /// before any `=` is looked at, which is more than the grammar takes for a pair.
    fn any(&mut self, said: &[u8], such: impl Fn(Role) -> bool) -> bool {
        let mut from = 0;
        memchr_iter(b'=', said).enumerate().any(|(place, at)| {
            let before = said.get(from..at).unwrap_or_default();
            from = at + 1;
            let named = before.iter().rev().take_while(|b| in_name(**b)).count();
            let name = before.get(before.len() - named..).unwrap_or_default();
            self.role(place, name).is_some_and(|(role, _)| such(role))
        })
    }

    #[cold]
    fn look_up(&mut self, place: usize, name: &[u8]) -> Option<(Role, u8)> {
        let numbered = name.iter().any(u8::is_ascii_digit);
        self.numbered |= numbered;
        let found = std::str::from_utf8(name).ok().and_then(role);
        if let Some(known) = self.placed.get_mut(place)
            && let Some(room) = known.name.get_mut(..name.len())
        {
            room.copy_from_slice(name);
            known.len = name.len();
            known.role = found;
            known.numbered = numbered;
        }
        found
    }
}

fn in_name(b: u8) -> bool {
    const NAME: [bool; 256] = {
        let mut table = [false; 256];
        let mut b = 0;
        while b < 128u8 {
            table[b as usize] =
                b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'@' | b'$');
            b += 1;
        }
        table
    };
    NAME.get(usize::from(b)) == Some(&true)
}

impl Default for Names {
    fn default() -> Self {
        Self::new()
    }
}
