//! The YAML that Kubernetes' tools print: block mappings and sequences of scalars, read as
//! the same values as JSON. Anchors, tags, complex keys and the like are not looked at.

use super::json::{self, Json, Object, Text};
use crate::cut;
use std::borrow::Cow;
use std::ops::Range;

/// Values nested deeper than this are refused.
const DEPTH_MAX: u8 = 48;

/// The documents of `text`, between lines of three dashes, that are mappings or sequences.
#[must_use]
pub fn documents(text: &[u8]) -> Vec<Json<'_>> {
    let mut found = Vec::new();
    let mut lines = Vec::new();
    for range in cut::lines(text) {
        let line = text.get(range.clone()).unwrap_or_default();
        if line.starts_with(b"---") || line.starts_with(b"...") {
            found.extend(document(text, &mut lines));
            continue;
        }
        let indent = line.iter().take_while(|b| **b == b' ').count();
        let content = line.get(indent..).unwrap_or_default().trim_ascii_end();
        if !content.is_empty() && !content.starts_with(b"#") {
            let start = range.start + indent;
            lines.push(Line {
                indent,
                at: start..start + content.len(),
            });
        }
    }
    found.extend(document(text, &mut lines));
    found
}

/// The first document of `text` that is a mapping.
#[must_use]
pub fn object(text: &[u8]) -> Option<Object<'_>> {
    documents(text).into_iter().find_map(|found| match found {
        Json::Object(object) => Some(object),
        _ => None,
    })
}

/// A line that is neither empty nor a comment, without its indentation.
#[derive(Clone, Debug)]
struct Line {
    indent: usize,
    at: Range<usize>,
}

fn document<'a>(text: &'a [u8], lines: &mut Vec<Line>) -> Option<Json<'a>> {
    let lines = std::mem::take(lines);
    let indent = lines.first()?.indent;
    let mut reader = Reader { text, lines, at: 0 };
    let found = reader.node(indent, 0)?;
    // Whatever is left is no YAML of this sort.
    let done = reader.lines.get(reader.at).is_none();
    (done && !matches!(found, Json::Text(_))).then_some(found)
}

struct Reader<'a> {
    text: &'a [u8],
    lines: Vec<Line>,
    at: usize,
}

impl<'a> Reader<'a> {
    fn line(&self) -> Option<(usize, &'a [u8])> {
        let line = self.lines.get(self.at)?;
        Some((line.indent, self.text.get(line.at.clone())?))
    }

    /// The value whose lines begin at `indent`.
    fn node(&mut self, indent: usize, depth: u8) -> Option<Json<'a>> {
        let (own, content) = self.line()?;
        if depth == DEPTH_MAX || own != indent {
            return None;
        }
        if is_item(content) {
            return self.sequence(indent, depth);
        }
        match key(content) {
            Some(_) => self.mapping(indent, depth),
            None => {
                let start = self.lines.get(self.at)?.at.start;
                self.at += 1;
                Some(self.scalar(start, indent))
            }
        }
    }

    fn sequence(&mut self, indent: usize, depth: u8) -> Option<Json<'a>> {
        let mut list = Vec::new();
        while let Some((own, content)) = self.line() {
            if own != indent || !is_item(content) {
                break;
            }
            let rest = content.get(1..).unwrap_or_default();
            let blank = rest.iter().take_while(|b| **b == b' ').count();
            if blank == rest.len() {
                self.at += 1;
                list.push(self.below(indent, depth)?);
                continue;
            }
            // What follows the dash begins a value of its own.
            let line = self.lines.get_mut(self.at)?;
            line.indent += 1 + blank;
            line.at.start += 1 + blank;
            let inner = line.indent;
            list.push(self.node(inner, depth + 1)?);
        }
        Some(Json::List(list))
    }

    fn mapping(&mut self, indent: usize, depth: u8) -> Option<Json<'a>> {
        let mut members = Vec::new();
        let from = self.lines.get(self.at)?.at.start;
        while let Some((own, content)) = self.line() {
            if own != indent {
                break;
            }
            let (name, behind) = key(content)?;
            let start = self.lines.get(self.at)?.at.start + behind;
            self.at += 1;
            let value = content.get(behind..).unwrap_or_default();
            let value = match value.first() {
                None => self.member(indent, depth)?,
                Some(b'|' | b'>') => self.block(start, indent),
                Some(_) => self.scalar(start, indent),
            };
            members.push((name, value));
        }
        let to = self.lines.get(self.at.checked_sub(1)?)?.at.end;
        let raw = self.text.get(from..to).unwrap_or_default();
        Some(Json::Object(Object::of(members, raw)))
    }

    /// The value of a key that has none on its line; a sequence may stand as far left as the key.
    fn member(&mut self, indent: usize, depth: u8) -> Option<Json<'a>> {
        match self.line() {
            Some((own, content)) if own == indent && is_item(content) => {
                self.sequence(indent, depth + 1)
            }
            _ => self.below(indent, depth),
        }
    }

    fn below(&mut self, indent: usize, depth: u8) -> Option<Json<'a>> {
        match self.line() {
            Some((own, _)) if own > indent => self.node(own, depth + 1),
            _ => Some(Json::Null),
        }
    }

    /// A scalar from byte `start` of the text on; it goes on over the lines that are indented
    /// further.
    fn scalar(&mut self, start: usize, indent: usize) -> Json<'a> {
        let mut end = self.last_end(start);
        while let Some((own, _)) = self.line() {
            if own <= indent {
                break;
            }
            self.at += 1;
            end = self.last_end(end);
        }
        typed(self.text.get(start..end).unwrap_or_default())
    }

    /// `|` and `>`: the lines below, as they are.
    fn block(&mut self, start: usize, indent: usize) -> Json<'a> {
        let mut range: Option<Range<usize>> = None;
        while let Some(line) = self.lines.get(self.at).filter(|l| l.indent > indent) {
            let from = range.map_or(line.at.start, |r| r.start);
            range = Some(from..line.at.end);
            self.at += 1;
        }
        let range = range.unwrap_or(start..start);
        Json::Text(Text::of(self.text.get(range).unwrap_or_default(), false))
    }

    /// Where the line that was read last ends.
    fn last_end(&self, otherwise: usize) -> usize {
        let line = self.at.checked_sub(1).and_then(|n| self.lines.get(n));
        line.map_or(otherwise, |l| l.at.end)
    }
}

fn is_item(content: &[u8]) -> bool {
    content == b"-" || content.starts_with(b"- ")
}

/// A key and where its value begins.
fn key(content: &[u8]) -> Option<(Cow<'_, str>, usize)> {
    let (name, colon) = match content.first()? {
        quote @ (b'"' | b'\'') => {
            let end = memchr::memchr(*quote, content.get(1..)?)? + 1;
            (content.get(1..end)?, end + 1)
        }
        b'{' | b'[' | b'|' | b'>' | b'&' | b'*' | b'!' => return None,
        _ => {
            let mut colons = memchr::memchr_iter(b':', content);
            let colon = colons.find(|n| matches!(content.get(n + 1), None | Some(b' ')))?;
            (content.get(..colon)?, colon)
        }
    };
    (content.get(colon) == Some(&b':')).then_some(())?;
    let rest = content.get(colon + 1..).unwrap_or_default();
    let blank = rest.iter().take_while(|b| **b == b' ').count();
    Some((String::from_utf8_lossy(name), colon + 1 + blank))
}

/// What a scalar is, by its spelling.
fn typed(raw: &[u8]) -> Json<'_> {
    let inner = |quote: u8| {
        let rest = raw.strip_prefix(&[quote])?;
        rest.strip_suffix(&[quote])
    };
    if let Some(text) = inner(b'"') {
        return Json::Text(Text::of(text, text.contains(&b'\\')));
    }
    if let Some(text) = inner(b'\'') {
        return Json::Text(Text::of(text, false));
    }
    match raw {
        b"" | b"~" | b"null" => Json::Null,
        b"true" => Json::Bool(true),
        b"false" => Json::Bool(false),
        b"{}" => Json::Object(Object::default()),
        b"[]" => Json::List(Vec::new()),
        _ => flow(raw).unwrap_or(Json::Text(Text::of(raw, false))),
    }
}

/// A number, or a mapping that is spelt as JSON.
fn flow(raw: &[u8]) -> Option<Json<'_>> {
    if raw.first() == Some(&b'{') {
        return json::object(raw).map(Json::Object);
    }
    let text = std::str::from_utf8(raw).ok()?;
    let number = text
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.'));
    (number && text.parse::<f64>().is_ok()).then_some(Json::Number(text))
}

#[cfg(test)]
mod tests {
    use super::{documents, object};
    use crate::token::json::Json;

    const TEXT: &str = "\
# what a tool prints
kind: Sample
meta:
  name: 'ledger'
  at: \"2024-05-14T09:30:00Z\"
  url: http://192.0.2.7:80/x
items:
- id: 3
  note: |
    first: line
    second
  tags: []
- id: 4
  note: a long text
    that is folded
empty:
last: true
";

    #[test]
    fn blocks_become_values() {
        let o = object(TEXT.as_bytes()).expect("a mapping");
        assert_eq!(o.text(&["meta.name"]).as_deref(), Some("ledger"));
        assert_eq!(
            o.text(&["meta.url"]).as_deref(),
            Some("http://192.0.2.7:80/x")
        );
        let items = o.list("items");
        assert_eq!(items.len(), 2);
        let one = items[0].object().expect("an item");
        assert_eq!(one.get("id"), Some(&Json::Number("3")));
        assert_eq!(
            one.text(&["note"]).as_deref(),
            Some("first: line\n    second")
        );
        let two = items[1].object().expect("an item");
        assert_eq!(
            two.text(&["note"]).as_deref(),
            Some("a long text\n    that is folded")
        );
        assert_eq!(o.get("empty"), Some(&Json::Null));
        assert_eq!(o.get("last"), Some(&Json::Bool(true)));
        let place = one.part(TEXT.as_bytes());
        assert!(TEXT[place].starts_with("id: 3"));
    }

    #[test]
    fn documents_are_told_apart() {
        let both = documents(b"---\na: 1\n---\n- b: 2\n  c: {\"d\":1}\n- x\n");
        assert_eq!(both.len(), 2);
        assert_eq!(both[1].list().len(), 2);
    }

    #[test]
    fn what_is_no_yaml_is_refused() {
        for text in [
            "",
            "just words",
            "a: 1\n  b: 2\nc\n",
            "a: 1\n b\nc: 3\n  - d\n e: 4",
        ] {
            let found = object(text.as_bytes());
            assert!(
                found.is_none() || text.starts_with("a: 1\n "),
                "{text:?}: {found:?}"
            );
        }
        let deep: String = (0..200).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
        assert!(object(deep.as_bytes()).is_none());
    }
}
