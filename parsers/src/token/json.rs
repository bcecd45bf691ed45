//! JSON, borrowed from the entry it stands in.
//!
//! Not `serde_json::Value`, because logs need what that does not keep: where in the entry a
//! value stands, the digits of a number as they were written (an epoch with nanoseconds does
//! not fit a float), the order of the members, strings that nobody decodes until somebody
//! asks; and what a program wrote before it died is still worth reading.

use crate::cut;
use memchr::memchr;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::{IResult, Offset, Parser};
use std::borrow::Cow;
use std::ops::Range;

/// Values nested deeper than this are refused: nobody logs them, and recursion has a price.
const DEPTH_MAX: u8 = 64;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json<'a> {
    /// `null`, and the `NaN` and `Infinity` that some writers emit.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it was written.
    Number(&'a str),
    /// A string.
    Text(Text<'a>),
    /// An array.
    List(Vec<Json<'a>>),
    /// An object.
    Object(Object<'a>),
}

/// A JSON string between its quotes, not yet decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    raw: &'a [u8],
    escaped: bool,
}

/// A JSON object: its members in the order they are written, and where it stands.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Object<'a> {
    members: Vec<(Cow<'a, str>, Json<'a>)>,
    raw: &'a [u8],
}

/// The object that `entry` is, if it is one and nothing else.
#[must_use]
pub fn object(entry: &[u8]) -> Option<Object<'_>> {
    let (rest, found) = members::<false>(blank(entry), 0).ok()?;
    let tail = blank(rest);
    (tail.is_empty() || tail == b",").then_some(found)
}

/// The object or array that `entry` is, if it is one and nothing else.
#[must_use]
pub fn value(entry: &[u8]) -> Option<Json<'_>> {
    let begins = blank(entry);
    matches!(begins.first(), Some(b'{' | b'[')).then_some(())?;
    let (rest, found) = any::<false>(begins, 0).ok()?;
    blank(rest).is_empty().then_some(found)
}

/// The object or array that `text` begins with, whatever follows it.
#[must_use]
pub fn beginning(text: &[u8]) -> Option<Json<'_>> {
    matches!(text.first(), Some(b'{' | b'[')).then_some(())?;
    any::<false>(text, 0).ok().map(|(_, found)| found)
}

/// The string that `text` begins with, whatever follows it.
#[must_use]
pub fn string_at(text: &[u8]) -> Option<Text<'_>> {
    string(text).ok().map(|(_, found)| found)
}

/// The object that `entry` begins with, even if its end is missing: the head of a file that
/// is one large value, or what was written before a crash. Unfinished members are left out.
#[must_use]
pub fn object_or_beginning(entry: &[u8]) -> Option<Object<'_>> {
    members::<true>(blank(entry), 0).ok().map(|(_, o)| o)
}

impl<'a> Json<'a> {
    /// The decoded string, if this is one.
    #[must_use]
    pub fn text(&self) -> Option<Cow<'a, str>> {
        match self {
            Self::Text(t) => Some(t.decode()),
            _ => None,
        }
    }

    /// A string, number or truth value as text.
    #[must_use]
    pub fn scalar(&self) -> Option<Cow<'a, str>> {
        match self {
            Self::Text(t) => Some(t.decode()),
            Self::Number(n) => Some(Cow::Borrowed(n)),
            Self::Bool(b) => Some(Cow::Borrowed(if *b { "true" } else { "false" })),
            _ => None,
        }
    }

    /// The object, if this is one.
    #[must_use]
    pub const fn object(&self) -> Option<&Object<'a>> {
        match self {
            Self::Object(o) => Some(o),
            _ => None,
        }
    }

    /// The elements, if this is an array; none otherwise.
    #[must_use]
    pub fn list(&self) -> &[Json<'a>] {
        match self {
            Self::List(l) => l,
            _ => &[],
        }
    }
}

impl<'a> Text<'a> {
    /// A string that stands as `raw`, with escapes in it or without.
    pub(super) const fn of(raw: &'a [u8], escaped: bool) -> Self {
        Self { raw, escaped }
    }

    /// The string as it is written between its quotes.
    #[must_use]
    pub const fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The string with its escapes resolved; what is no text becomes U+FFFD.
    #[must_use]
    pub fn decode(&self) -> Cow<'a, str> {
        if self.escaped {
            Cow::Owned(unescape(self.raw))
        } else {
            String::from_utf8_lossy(self.raw)
        }
    }

    /// The same string without line breaks at its end, which need no decoding to go.
    #[must_use]
    pub fn without_line_end(mut self) -> Self {
        while let Some(shorter) = self
            .raw
            .strip_suffix(b"\\n")
            .or_else(|| self.raw.strip_suffix(b"\\r"))
        {
            // In `\\n` the backslash is itself escaped and the `n` is a letter.
            let slashes = shorter.iter().rev().take_while(|b| **b == b'\\').count();
            if slashes % 2 == 1 {
                break;
            }
            self.raw = shorter;
        }
        self.escaped = memchr(b'\\', self.raw).is_some();
        self
    }
}

impl<'a> Object<'a> {
    /// An object of `members` that stands as `raw`.
    pub(super) const fn of(members: Vec<(Cow<'a, str>, Json<'a>)>, raw: &'a [u8]) -> Self {
        Self { members, raw }
    }

    /// The members in the order they are written.
    pub fn iter(&self) -> impl Iterator<Item = (&Cow<'a, str>, &Json<'a>)> {
        self.members.iter().map(|(n, v)| (n, v))
    }

    /// How many members there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The value at `path`: a member of that very name, or `a.b` through nested objects.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Json<'a>> {
        if let Some((_, found)) = self.members.iter().find(|(n, _)| n == path) {
            return Some(found);
        }
        path.match_indices('.').find_map(|(dot, _)| {
            let (_, outer) = self.members.iter().find(|(n, _)| *n == path[..dot])?;
            outer.object()?.get(&path[dot + 1..])
        })
    }

    /// The object at `path`.
    #[must_use]
    pub fn object(&self, path: &str) -> Option<&Object<'a>> {
        self.get(path)?.object()
    }

    /// The elements of the array at `path`; none if there is no array.
    #[must_use]
    pub fn list(&self, path: &str) -> &[Json<'a>] {
        self.get(path).map_or(&[], Json::list)
    }

    /// The first of `paths` that holds a string that is not empty.
    #[must_use]
    pub fn text(&self, paths: &[&str]) -> Option<Cow<'a, str>> {
        paths
            .iter()
            .filter_map(|p| self.get(p)?.text())
            .find(|t| !t.trim().is_empty())
    }

    /// The first of `paths` that holds a scalar that is not an empty string, as text.
    #[must_use]
    pub fn scalar(&self, paths: &[&str]) -> Option<Cow<'a, str>> {
        paths
            .iter()
            .filter_map(|p| self.get(p)?.scalar())
            .find(|t| !t.trim().is_empty())
    }

    /// Where this object stands in the `entry` it was read from.
    #[must_use]
    pub fn part(&self, entry: &[u8]) -> Range<usize> {
        let from = entry.offset(self.raw);
        from..from + self.raw.len()
    }
}

fn blank(i: &[u8]) -> &[u8] {
    let n = i.iter().take_while(|b| b.is_ascii_whitespace()).count();
    i.get(n..).unwrap_or_default()
}

fn failure<T>() -> Result<T, nom::Err<()>> {
    Err(nom::Err::Error(()))
}

/// With `CUT`, the end of the input ends every value that is still open.
fn any<const CUT: bool>(i: &[u8], depth: u8) -> IResult<&[u8], Json<'_>, ()> {
    match i.first() {
        Some(b'"') => string(i).map(|(rest, t)| (rest, Json::Text(t))),
        Some(b'{') => members::<CUT>(i, depth).map(|(rest, o)| (rest, Json::Object(o))),
        Some(b'[') => elements::<CUT>(i, depth).map(|(rest, l)| (rest, Json::List(l))),
        Some(b'-' | b'0'..=b'9') => number(i),
        _ => word(i),
    }
}

fn members<const CUT: bool>(i: &[u8], depth: u8) -> IResult<&[u8], Object<'_>, ()> {
    if depth == DEPTH_MAX {
        return failure();
    }
    let (mut rest, _) = tag("{").parse(i)?;
    // Most log entries have about this many.
    let mut members = Vec::with_capacity(12);
    loop {
        rest = blank(rest);
        match rest.first() {
            Some(b'}') => rest = rest.get(1..).unwrap_or_default(),
            Some(b',') if !members.is_empty() => {
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            Some(_) => match member::<CUT>(rest, depth) {
                Ok((after, found)) => {
                    members.push(found);
                    rest = after;
                    continue;
                }
                Err(_) if CUT => rest = &[],
                Err(e) => return Err(e),
            },
            None if CUT => {}
            None => return failure(),
        }
        let raw = i.get(..i.len() - rest.len()).unwrap_or_default();
        return Ok((rest, Object { members, raw }));
    }
}

fn member<const CUT: bool>(i: &[u8], depth: u8) -> IResult<&[u8], (Cow<'_, str>, Json<'_>), ()> {
    let (rest, name) = string(i)?;
    let (rest, _) = tag(":").parse(blank(rest))?;
    let (rest, value) = any::<CUT>(blank(rest), depth + 1)?;
    Ok((rest, (name.decode(), value)))
}

fn elements<const CUT: bool>(i: &[u8], depth: u8) -> IResult<&[u8], Vec<Json<'_>>, ()> {
    if depth == DEPTH_MAX {
        return failure();
    }
    let (mut rest, _) = tag("[").parse(i)?;
    let mut list = Vec::new();
    loop {
        rest = blank(rest);
        match rest.first() {
            Some(b']') => return Ok((rest.get(1..).unwrap_or_default(), list)),
            Some(b',') if !list.is_empty() => rest = rest.get(1..).unwrap_or_default(),
            Some(_) => match any::<CUT>(rest, depth + 1) {
                Ok((after, found)) => {
                    list.push(found);
                    rest = after;
                }
                Err(_) if CUT => return Ok((&[], list)),
                Err(e) => return Err(e),
            },
            None if CUT => return Ok((rest, list)),
            None => return failure(),
        }
    }
}

fn string(i: &[u8]) -> IResult<&[u8], Text<'_>, ()> {
    let (rest, _) = tag("\"").parse(i)?;
    let Some(end) = cut::json_string_end(rest, 0) else {
        return failure();
    };
    let raw = rest.get(..end - 1).unwrap_or_default();
    let escaped = memchr(b'\\', raw).is_some();
    Ok((rest.get(end..).unwrap_or_default(), Text { raw, escaped }))
}

fn number(i: &[u8]) -> IResult<&[u8], Json<'_>, ()> {
    let part = |b: u8| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E');
    let (rest, digits) = take_while1(part).parse(i)?;
    match std::str::from_utf8(digits) {
        Ok(n) if n.parse::<f64>().is_ok() => Ok((rest, Json::Number(n))),
        _ if i.starts_with(b"-Infinity") => Ok((i.get(9..).unwrap_or_default(), Json::Null)),
        _ => failure(),
    }
}

fn word(i: &[u8]) -> IResult<&[u8], Json<'_>, ()> {
    let (rest, word) = take_while(|b: u8| b.is_ascii_alphabetic()).parse(i)?;
    let value = match word {
        b"true" => Json::Bool(true),
        b"false" => Json::Bool(false),
        b"null" | b"NaN" | b"Infinity" | b"undefined" => Json::Null,
        _ => return failure(),
    };
    Ok((rest, value))
}

/// The text of a string that has escapes, from what stands between its quotes.
pub(crate) fn decoded(raw: &[u8]) -> Cow<'_, str> {
    Cow::Owned(unescape(raw))
}

fn unescape(raw: &[u8]) -> String {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = memchr(b'\\', rest) {
        let (plain, escape) = rest.split_at(at);
        out.extend_from_slice(plain);
        let code = match escape.get(1) {
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'r') => b'\r',
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'u') => {
                let (c, len) = unicode(escape);
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                rest = escape.get(len..).unwrap_or_default();
                continue;
            }
            Some(other) => *other,
            None => b'\\',
        };
        out.push(code);
        rest = escape.get(2..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    String::from_utf8(out).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}

/// The character of the `\uXXXX` (or surrogate pair) that `escape` begins with, and its length.
fn unicode(escape: &[u8]) -> (char, usize) {
    let unit = |at: usize| {
        let marked = escape.get(at..at + 2)? == b"\\u";
        let digits = std::str::from_utf8(escape.get(at + 2..at + 6)?).ok()?;
        marked.then(|| u16::from_str_radix(digits, 16).ok())?
    };
    let Some(first) = unit(0) else {
        return (char::REPLACEMENT_CHARACTER, 2);
    };
    let pair = [first, unit(6).unwrap_or(0)];
    let used = if (0xd800..0xdc00).contains(&first) && (0xdc00..0xe000).contains(&pair[1]) {
        2
    } else {
        1
    };
    let char = char::decode_utf16(pair.into_iter().take(used))
        .next()
        .and_then(Result::ok)
        .unwrap_or(char::REPLACEMENT_CHARACTER);
    (char, used * 6)
}

#[cfg(test)]
mod tests {
    use super::{Json, object, object_or_beginning};

    #[test]
    fn members_are_found_by_literal_and_nested_names() {
        let o = object(br#"{"a.b":1,"c":{"d":{"e":"x"},"f.g":true}}"#).expect("an object");
        assert_eq!(o.get("a.b"), Some(&Json::Number("1")));
        assert_eq!(o.scalar(&["none", "c.d.e"]).as_deref(), Some("x"));
        assert_eq!(o.get("c.f.g"), Some(&Json::Bool(true)));
        assert_eq!(o.get("c.d.none"), None);
    }

    #[test]
    fn strings_are_decoded_when_asked() {
        let o =
            object(br#"{"m":"a\n\"\u00e9\ud83d\ude80\ud83d","n":"line\\n\n\n"}"#).expect("object");
        assert_eq!(
            o.text(&["m"]).as_deref(),
            Some("a\n\"\u{e9}\u{1f680}\u{fffd}")
        );
        let Some(Json::Text(n)) = o.get("n") else {
            panic!("a string")
        };
        assert_eq!(n.without_line_end().decode(), "line\\n");
    }

    #[test]
    fn objects_know_where_they_stand() {
        let entry = br#"  {"alerts":[ {"n":1}, {"n":2} ]}"#;
        let o = object(entry).expect("an object");
        let parts: Vec<_> = o
            .list("alerts")
            .iter()
            .filter_map(Json::object)
            .map(|a| &entry[a.part(entry)])
            .collect();
        assert_eq!(parts, [br#"{"n":1}"#, br#"{"n":2}"#]);
    }

    #[test]
    fn a_cut_off_object_gives_what_is_whole() {
        let cut = br#"{"a":1,"list":[{"b":2},{"c":"unfin"#;
        assert_eq!(object(cut), None);
        let o = object_or_beginning(cut).expect("its beginning");
        assert_eq!(o.get("a"), Some(&Json::Number("1")));
        assert_eq!(o.list("list").len(), 2);
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for bad in [
            &b"{\"a\":1} trailing"[..],
            b"{\"a\" 1}",
            b"{a:1}",
            b"[1]",
            b"",
            b"{\"a\":1-2}",
            b"{,}",
        ] {
            assert_eq!(object(bad), None, "{}", String::from_utf8_lossy(bad));
        }
        let deep = [b"{\"a\":".repeat(200), b"1".to_vec(), b"}".repeat(200)].concat();
        assert_eq!(object(&deep), None);
        assert!(object(br#"{"a":NaN,"b":-Infinity,}"#).is_some());
    }
}
