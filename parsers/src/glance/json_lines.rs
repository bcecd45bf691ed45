//! Structured logs in JSON: one scan over the bytes, names looked up by their place, values
//! read only where their role is asked for. What is not strict JSON is left to the grammar.

use super::json_syntax::{Path, blank, list, number, word};
use super::json_values::{Found, Text};
use super::served::spoken;
use super::text::quoted;
use super::{Glance, Memo, Names, Recall};
use crate::format::Context;
use crate::token::role::Role;
use crate::token::served::may;
use memchr::memchr;

/// Deeper nesting is left to the grammar.
const DEPTH: usize = 8;

/// See [`super::Look`].
pub(super) fn look<'a>(
    line: &'a [u8],
    cx: &Context<'_>,
    recall: &mut Recall,
) -> Option<Glance<'a>> {
    if !cx.layout.inner.is_empty() {
        return None; // messages that are lines of other formats
    }
    let mut scan = Scan {
        names: &mut recall.names,
        memo: &mut recall.stamp,
        place: 0,
        found: Found::default(),
    };
    let mut path = Path::new();
    let rest = scan.object(blank(line).strip_prefix(b"{")?, &mut path, 0)?;
    if !blank(rest).is_empty() {
        return None;
    }
    let mut found = scan.found;
    // What a message says in pairs is read too.
    let said = found.message.map_or(line, |(_, text)| text.raw);
    if memchr(b'=', said).is_some() {
        if found.method.is_some() || recall.names.say_more(said, found.level.is_some()) {
            return None;
        }
        found.unsure |= found.latency.is_none() && recall.names.say_how_long(said);
    }
    recall.notes = found.notes;
    let said = found.message.map(|(_, text)| text);
    let fields = (
        found.method.is_some() || found.path.is_some() || found.worded,
        found.status(),
    );
    let mut glance = found.glance(recall)?;
    let Some(said) = said.filter(|text| glance.request.is_none() && may(text.raw)) else {
        return Some(glance);
    };
    // What stands in escapes or in several places takes more than a glance.
    let (others, status) = fields;
    if said.escaped || others {
        return None;
    }
    if let Some(words) = spoken(&mut glance, said.raw, status, &mut recall.notes)? {
        if glance.latency_ms.is_none()
            && words.took.is_none()
            && recall.names.say_how_long(said.raw)
        {
            return None;
        }
        words.time(&mut glance, &mut recall.notes);
    }
    Some(glance)
}

struct Scan<'s, 'a> {
    names: &'s mut Names,
    memo: &'s mut Memo,
    /// Values met so far.
    place: usize,
    found: Found<'a>,
}

impl<'a> Scan<'_, 'a> {
    /// The members of an object up to behind its closing bracket.
    fn object(&mut self, i: &'a [u8], path: &mut Path, depth: usize) -> Option<&'a [u8]> {
        let mut rest = blank(i);
        if let Some(rest) = rest.strip_prefix(b"}") {
            return Some(rest);
        }
        loop {
            let (name, value) = self.name(rest)?;
            if depth == 0 {
                match name {
                    b"log" => return None, // perhaps a container runtime's
                    b"ClientRequestHost" | b"facility" => return None, // may name the service
                    // Azure's resources are known by their ids, and measure in units of their own.
                    b"itemType" | b"cloud_RoleName" | b"resourceId" | b"ResourceId"
                    | b"_ResourceId" => return None,
                    b"levelname" => self.found.levelname = true,
                    _ => {}
                }
            }
            rest = blank(self.member(name, value, path, depth)?);
            match rest.first()? {
                b',' => rest = blank(rest.get(1..)?),
                b'}' => return rest.get(1..),
                _ => return None,
            }
        }
    }

    /// A name without escapes, and the value behind it.
    fn name(&self, i: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
        let inner = i.strip_prefix(b"\"")?;
        // A name that was read once need not be read again to be known.
        if let Some(name) = self.names.again(self.place, inner, b"\":") {
            return Some((name, blank(inner.get(name.len() + 2..)?)));
        }
        let (name, escaped, after) = quoted(i)?;
        let value = blank(blank(after).strip_prefix(b":")?);
        (!escaped).then_some((name, value))
    }

    fn member(
        &mut self,
        name: &'a [u8],
        i: &'a [u8],
        path: &mut Path,
        depth: usize,
    ) -> Option<&'a [u8]> {
        let nested = i.strip_prefix(b"{");
        if depth == 0 && nested.is_none() {
            return self.value(i, name);
        }
        if depth == DEPTH {
            return None;
        }
        let before = path.push(name)?;
        let rest = match nested {
            Some(inner) => self.object(inner, path, depth + 1)?,
            None => self.value(i, path.bytes())?,
        };
        path.pop(before);
        Some(rest)
    }

    /// A value that is no object, of this dotted path.
    fn value(&mut self, i: &'a [u8], path: &[u8]) -> Option<&'a [u8]> {
        match i.first()? {
            b'"' => {
                let (raw, escaped, rest) = quoted(i)?;
                if let Some((role, rank)) = self.role(path) {
                    let text = Text { raw, escaped };
                    self.found.text(role, rank, text, path, self.memo)?;
                }
                Some(rest)
            }
            b'[' => {
                let role = self.role(path);
                if let Some((Role::Level, _)) = role {
                    return None;
                }
                let inner = i.get(1..)?;
                // The values of a header, of which most have one.
                if let (Some((Role::RequestId, rank)), Some(b'"')) = (role, blank(inner).first()) {
                    let (raw, escaped, rest) = quoted(blank(inner))?;
                    if let Some(rest) = blank(rest).strip_prefix(b"]") {
                        let text = Text { raw, escaped };
                        self.found
                            .text(Role::RequestId, rank, text, path, self.memo)?;
                        return Some(rest);
                    }
                }
                list(inner, DEPTH)
            }
            b'-' | b'0'..=b'9' => {
                let (digits, rest) = number(i)?;
                if let Some((role, rank)) = self.role(path) {
                    self.found.number(role, rank, digits, path)?;
                }
                Some(rest)
            }
            _ => {
                let rest = word(i)?;
                if let Some((Role::RequestId, _)) = self.role(path) {
                    return None;
                }
                Some(rest)
            }
        }
    }

    fn role(&mut self, path: &[u8]) -> Option<(Role, u8)> {
        let place = self.place;
        self.place += 1;
        self.names.role(place, path)
    }
}
