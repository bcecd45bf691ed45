//! A document as a sequence of blocks: headings, list items, table rows, paragraphs, code.

use super::plain::Plain;
use crate::cut;
use std::ops::Range;

/// What a block is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    /// A heading; 1 is the highest.
    Heading(u8),
    /// An item of a list.
    Item,
    /// A row of a table, with the places of its cells in the text.
    Row(Vec<Range<usize>>),
    /// A paragraph, or a line that stands alone.
    Text,
    /// Code, quoted output, metadata: nothing that a person says here.
    Code,
}

/// One block.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Block {
    /// What it is.
    pub(crate) shape: Shape,
    /// Columns of white space before it.
    pub(crate) indent: usize,
    /// Its words.
    pub(crate) text: Plain,
}

/// The level of a heading that is bold text and nothing more.
const BOLD: u8 = 6;
/// A line at least this long that ends in no stop may have been wrapped.
const WRAPPED: usize = 56;

/// The blocks of a document.
pub(crate) fn blocks(source: &[u8]) -> Vec<Block> {
    let mut reader = Reader {
        source,
        blocks: Vec::new(),
        fence: false,
        open: false,
        width: 0,
    };
    let mut lines: Vec<Range<usize>> = cut::lines(source).collect();
    let body = reader.front_matter(&lines);
    for line in lines.drain(..).skip(body) {
        reader.line(line);
    }
    reader.blocks
}

struct Reader<'s> {
    source: &'s [u8],
    blocks: Vec<Block>,
    /// Inside a fenced code block.
    fence: bool,
    /// Whether the next line may continue the last block.
    open: bool,
    /// How long the last line was.
    width: usize,
}

impl<'s> Reader<'s> {
    fn bytes(&self, range: &Range<usize>) -> &'s [u8] {
        self.source.get(range.clone()).unwrap_or_default()
    }

    /// Reads the metadata that static sites put before a page; its title is the page's.
    /// Gives the lines it takes.
    fn front_matter(&mut self, lines: &[Range<usize>]) -> usize {
        let Some(fence) = lines.first().map(|l| self.bytes(l).trim_ascii()) else {
            return 0;
        };
        if fence != b"---" && fence != b"+++" {
            return self.mail_head(lines);
        }
        let inner = lines.iter().skip(1).take(40);
        let Some(len) = inner
            .clone()
            .position(|l| self.bytes(l).trim_ascii() == fence)
        else {
            return 0;
        };
        for line in inner.take(len) {
            let text = self.bytes(line);
            let key = text
                .iter()
                .take_while(|b| b.is_ascii_alphanumeric())
                .count();
            if text
                .get(..key)
                .is_some_and(|k| k.eq_ignore_ascii_case(b"title"))
            {
                let skip = text
                    .iter()
                    .skip(key)
                    .take_while(|b| matches!(b, b' ' | b':' | b'=' | b'"' | b'\''))
                    .count();
                let quote = usize::from(text.ends_with(b"\"") || text.ends_with(b"'"));
                let end = line.end.saturating_sub(quote);
                self.push(
                    Shape::Heading(1),
                    0,
                    (line.start + key + skip).min(end)..end,
                );
            }
        }
        len + 2
    }

    /// Reads the head of a mail: its subject is the title, its date is not the incident's. Gives
    /// the lines it takes.
    fn mail_head(&mut self, lines: &[Range<usize>]) -> usize {
        let fields = lines.iter().take(40);
        let len = fields
            .take_while(|l| mail_field(self.bytes(l)).is_some())
            .count();
        let head = lines.get(..len).unwrap_or_default();
        let named = |n: &str| {
            let mut each = head.iter();
            each.find(|l| mail_field(self.bytes(l)).is_some_and(|(name, _)| name == n))
        };
        let Some(subject) = named("subject").filter(|_| named("from").is_some()) else {
            return 0;
        };
        let subject = subject.clone();
        let (_, skip) = mail_field(self.bytes(&subject)).unwrap_or_default();
        self.push(Shape::Heading(1), 0, subject.start + skip..subject.end);
        len
    }

    fn push(&mut self, shape: Shape, indent: usize, range: Range<usize>) {
        let text = Plain::of(self.source, range);
        if !text.as_str().is_empty() {
            self.blocks.push(Block {
                shape,
                indent,
                text,
            });
        }
    }

    fn line(&mut self, line: Range<usize>) {
        let text = self.bytes(&line);
        let trimmed = text.trim_ascii();
        if trimmed.starts_with(b"```") || trimmed.starts_with(b"~~~") {
            // "```cat x.log```" opens and closes at once.
            let once = trimmed.len() > 3 && trimmed.get(3..).is_some_and(|t| t.ends_with(b"```"));
            self.fence ^= !once;
            self.open = false;
            return;
        }
        if self.fence && !is_bullet_time(trimmed) {
            self.push(Shape::Code, 0, line);
            return;
        }
        if trimmed.is_empty() {
            self.open = false;
            return;
        }
        if is_rule(trimmed) {
            self.underline(trimmed);
            self.open = false;
            return;
        }
        let width = text.len();
        if trimmed.starts_with(b"[") && memchr::memmem::find(trimmed, b"]: http").is_some() {
            self.push(Shape::Code, 0, line); // the address of a link
            self.open = false;
            return;
        }
        if trimmed.starts_with(b"|") {
            self.segment(line, None); // a cell may hold line breaks
        } else {
            let segments = segments(self.source, line);
            self.open &= !segments.is_empty(); // a line of tags alone breaks as they do
            for (segment, tag) in segments {
                self.segment(segment, tag);
            }
        }
        self.width = width;
    }

    /// A line of `=` or `-` makes a short line before it a heading.
    fn underline(&mut self, rule: &[u8]) {
        let level = if rule.starts_with(b"=") { 1 } else { 2 };
        if let Some(last) = self.blocks.last_mut().filter(|_| self.open)
            && last.shape == Shape::Text
            && last.text.as_str().len() <= 80
            && matches!(rule.first(), Some(b'=' | b'-'))
        {
            last.shape = Shape::Heading(level);
        }
    }

    fn segment(&mut self, range: Range<usize>, tag: Option<Shape>) {
        let lead = |r: &Range<usize>| {
            let text = self.bytes(r);
            text.iter().take_while(|b| b.is_ascii_whitespace()).count()
        };
        let mut indent = lead(&range);
        let mut start = range.start + indent;
        while self.bytes(&(start..range.end)).starts_with(b">") {
            start += 1; // a quotation says what its words say
            start += lead(&(start..range.end));
            indent += 2;
        }
        let text = self.bytes(&(start..range.end)).trim_ascii_end();
        let end = start + text.len();
        if text.is_empty() {
            return;
        }
        if let Some((level, from, to)) = heading(text) {
            self.open = false;
            self.push(Shape::Heading(level), indent, start + from..start + to);
        } else if let Some(cells) = cells(text) {
            self.open = false;
            self.row(indent, start, &cells);
        } else if let Some(shape) = tag {
            self.open = shape == Shape::Text || shape == Shape::Item;
            let skip = bullet(text).unwrap_or(0);
            self.push(shape, indent, start + skip..end);
        } else if let Some(skip) = bullet(text) {
            self.push(Shape::Item, indent, start + skip..end);
            self.open = true;
        } else if self.continues(text) {
            if let Some(last) = self.blocks.last_mut() {
                last.text.add(self.source, start..end);
            }
        } else {
            let shape = if is_bold(text) {
                Shape::Heading(BOLD)
            } else {
                Shape::Text
            };
            self.open = shape == Shape::Text;
            self.push(shape, indent, start..end);
        }
    }

    /// Whether a line goes on where the last one was wrapped.
    fn continues(&self, text: &[u8]) -> bool {
        let Some(last) = self.blocks.last().filter(|_| self.open) else {
            return false;
        };
        let said = last.text.as_str();
        let stopped = said.ends_with(['.', '!', '?', ':', ';']);
        let small = text
            .first()
            .is_some_and(|b| b.is_ascii_lowercase() || matches!(b, b'(' | b','));
        let hanging = said.rsplit(' ').next().is_some_and(|w| {
            let words = [
                "at", "by", "from", "to", "until", "around", "and", "the", "of", "on", "a", "in",
                "between",
            ];
            words.contains(&w.to_ascii_lowercase().as_str())
        });
        let width = self.width;
        let timed =
            text.first().is_some_and(u8::is_ascii_digit) && text.iter().take(3).any(|b| *b == b':');
        hanging
            || (!timed
                && ((!stopped && (small || width >= WRAPPED)) || (small && width >= WRAPPED)))
    }

    fn row(&mut self, indent: usize, start: usize, cells: &[Range<usize>]) {
        let mut text = Plain::default();
        let mut places = Vec::new();
        for cell in cells {
            let from = text.as_str().len();
            text.add(self.source, start + cell.start..start + cell.end);
            let to = text.as_str().len();
            places.push((from + usize::from(from > 0 && to > from)).min(to)..to);
        }
        if !text.as_str().is_empty() {
            self.blocks.push(Block {
                shape: Shape::Row(places),
                indent,
                text,
            });
        }
    }
}

/// The name of a field of a mail's head, in small letters, and where its value begins; empty for
/// what continues the line before.
fn mail_field(line: &[u8]) -> Option<(String, usize)> {
    const NAMES: [&str; 10] = [
        "from",
        "to",
        "cc",
        "date",
        "sent",
        "subject",
        "reply-to",
        "message-id",
        "mime-version",
        "content-type",
    ];
    if line.starts_with(b" ") || line.starts_with(b"\t") {
        return (!line.trim_ascii().is_empty()).then(|| (String::new(), line.len()));
    }
    let colon = memchr::memchr(b':', line)?;
    let name = std::str::from_utf8(line.get(..colon)?).ok()?;
    let name = name.to_ascii_lowercase();
    NAMES.contains(&name.as_str()).then_some((name, colon + 1))
}

/// `---`, `===`, `***` and the like.
fn is_rule(text: &[u8]) -> bool {
    text.len() >= 3
        && text
            .first()
            .is_some_and(|b| b"-=*_".contains(b) && text.iter().all(|c| c == b))
}

/// `- 14:25 …`: an item with a time is a statement even where a fence was never closed.
fn is_bullet_time(text: &[u8]) -> bool {
    let rest = text.get(2..).unwrap_or_default();
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    (text.starts_with(b"- ") || text.starts_with(b"* "))
        && matches!(digits, 1 | 2)
        && rest.get(digits) == Some(&b':')
}

/// The level of a heading, and where its words begin and end.
fn heading(text: &[u8]) -> Option<(u8, usize, usize)> {
    let run = |b: u8| text.iter().take_while(|c| **c == b).count();
    let level = |n: usize| u8::try_from(n).unwrap_or(BOLD);
    let hashes = run(b'#');
    if (1..=6).contains(&hashes)
        && text
            .get(hashes)
            .is_some_and(|b| !b.is_ascii_digit() && *b != b'!')
    {
        let end = text.len() - text.iter().rev().take_while(|b| **b == b'#').count();
        return Some((level(hashes), hashes, end.max(hashes)));
    }
    let equals = run(b'=');
    if (2..=6).contains(&equals) && text.len() > 2 * equals && text.ends_with(b"==") {
        return Some((level(equals), equals, text.len() - equals));
    }
    match text {
        [b'h', n @ b'1'..=b'6', b'.', b' ', ..] => Some((n - b'0', 4, text.len())),
        _ => None,
    }
}

/// The cells of a table row that begins with a bar; empty for the rule under the header.
fn cells(text: &[u8]) -> Option<Vec<Range<usize>>> {
    if !text.starts_with(b"|") {
        return None;
    }
    let mut found = Vec::new();
    let mut from = 1;
    while from <= text.len() {
        let rest = text.get(from..)?;
        let len = memchr::memchr(b'|', rest).unwrap_or(rest.len());
        let cell = rest.get(..len)?;
        let rule = cell
            .iter()
            .all(|b| matches!(b, b'-' | b':' | b' ' | b'+' | b'}'));
        if !rule {
            found.push(from..from + len);
        }
        from += len + 1;
    }
    Some(found)
}

/// How long the mark of a list item is.
fn bullet(text: &[u8]) -> Option<usize> {
    let marks: &[&[u8]] = &[
        b"-",
        b"*",
        b"+",
        b"=",
        "•".as_bytes(),
        "‣".as_bytes(),
        "◦".as_bytes(),
        "▪".as_bytes(),
        "●".as_bytes(),
        "○".as_bytes(),
        "–".as_bytes(),
        "—".as_bytes(),
        "·".as_bytes(),
    ];
    let mark = marks.iter().find(|m| text.starts_with(m)).map(|m| m.len());
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let numbered = (1..=2).contains(&digits) && matches!(text.get(digits), Some(b'.' | b')'));
    let len = match mark {
        Some(len) => len,
        None if numbered => digits + 1,
        None => return None,
    };
    let rest = text.get(len..)?;
    let white = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let glued =
        white == 0 && text.starts_with(b"-") && rest.first().is_some_and(u8::is_ascii_alphabetic);
    let multibyte = len > 1 && mark.is_some();
    if white == 0 && !glued && !multibyte {
        return None;
    }
    let mut len = len + white;
    let body = text.get(len..)?;
    if [&b"[ ] "[..], b"[x] ", b"[X] "]
        .iter()
        .any(|b| body.starts_with(b))
    {
        len += 4;
    }
    Some(len)
}

/// Bold text and nothing more, short enough for a heading.
fn is_bold(text: &[u8]) -> bool {
    let text = text.strip_suffix(b":").unwrap_or(text);
    let inner = |m: &[u8]| text.strip_prefix(m).and_then(|t| t.strip_suffix(m));
    inner(b"**")
        .or_else(|| inner(b"__"))
        .or_else(|| inner(b"'''"))
        .is_some_and(|t| {
            !t.is_empty() && t.len() <= 100 && memchr::memmem::find(t, b"**").is_none()
        })
}

/// A line cut at HTML's block tags, each piece with what its tag makes it.
fn segments(source: &[u8], line: Range<usize>) -> Vec<(Range<usize>, Option<Shape>)> {
    let mut found = Vec::new();
    let mut from = line.start;
    let mut shape = None;
    let mut at = line.start;
    while let Some(n) = source
        .get(at..line.end)
        .and_then(|t| memchr::memchr(b'<', t))
    {
        at += n;
        let Some((end, next)) = block_tag(source.get(at..line.end).unwrap_or_default()) else {
            at += 1;
            continue;
        };
        found.push((from..at, shape));
        shape = next;
        from = at + end;
        at = from;
    }
    found.push((from..line.end, shape));
    found.retain(|(r, _)| {
        source
            .get(r.clone())
            .is_some_and(|t| !t.trim_ascii().is_empty())
    });
    found
}

/// The end of a tag that breaks text into blocks, and what it opens.
fn block_tag(text: &[u8]) -> Option<(usize, Option<Shape>)> {
    let end = memchr::memchr(b'>', text)? + 1;
    let name = text.get(1..end)?;
    let closes = name.starts_with(b"/");
    let name = name.strip_prefix(b"/").unwrap_or(name);
    let len = name
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    let name = name.get(..len)?.to_ascii_lowercase();
    let opens = match name.as_slice() {
        [b'h', n @ b'1'..=b'6'] => Some(Shape::Heading(n - b'0')),
        b"li" => Some(Shape::Item),
        b"p" | b"div" | b"br" | b"ul" | b"ol" | b"tr" | b"table" | b"tbody" | b"thead"
        | b"section" | b"article" | b"body" | b"blockquote" | b"hr" | b"details" | b"summary" => {
            matches!(
                name.as_slice(),
                b"p" | b"tr" | b"div" | b"section" | b"article"
            )
            .then_some(Shape::Text)
        }
        _ => return None,
    };
    Some((end, opens.filter(|_| !closes)))
}
