//! A look at Rust source that is blind to comments and literals: enough to see who names
//! whom and how long a function is, without parsing the language.

use std::path::Path;

/// A source file.
pub(super) struct Source {
    /// Its path from the root, with forward slashes.
    pub(super) path: String,
    /// Its text with comments and literals blanked out, and without its unit tests.
    pub(super) code: String,
}

/// A function and its length.
#[derive(Debug)]
pub(super) struct Function {
    /// Its name.
    pub(super) name: String,
    /// Its first line, from 1.
    pub(super) line: usize,
    /// Lines from `fn` to its closing brace.
    pub(super) lines: usize,
}

/// The sources under a folder, from the root, in order of path.
pub(super) fn sources(folder: &str) -> Vec<Source> {
    let mut all = Vec::new();
    super::util::walk(&super::util::root().join(folder), &mut |path| {
        if path.extension().is_some_and(|e| e == "rs") {
            all.push(read(path));
        }
    });
    assert!(!all.is_empty(), "no source under {folder}");
    all
}

fn read(path: &Path) -> Source {
    let text = std::fs::read_to_string(path).expect("a readable source");
    let mut code = blank(&text);
    if let Some(at) = code.find("#[cfg(test)]\nmod tests {") {
        code.truncate(at);
    }
    let path = path
        .strip_prefix(super::util::root())
        .expect("a path under the root");
    Source {
        path: path.to_string_lossy().replace('\\', "/"),
        code,
    }
}

impl Source {
    /// The module of the crate's top level that the file belongs to.
    pub(super) fn module(&self) -> &str {
        let inside = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let first = inside.split('/').next().unwrap_or(inside);
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// Modules of this crate that the file names, with the line: `crate::x`, and each of
    /// `crate::{x, y::z}`.
    pub(super) fn uses(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for (at, prefix) in self.code.match_indices("crate::") {
            let line = self.line(at);
            let rest = &self.code[at + prefix.len()..];
            match rest.strip_prefix('{') {
                None => found.push((line, ident(rest).to_owned())),
                Some(group) => {
                    let heads = members(group).into_iter();
                    found.extend(heads.map(|m| (line, m.to_owned())));
                }
            }
        }
        found
    }

    /// Lines on which `word` stands as a word of its own.
    pub(super) fn mentions(&self, word: &str) -> Vec<usize> {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let alone = |at: usize| {
            !self.code[..at].ends_with(is_word)
                && !self.code[at + word.len()..].starts_with(is_word)
        };
        let hits = self.code.match_indices(word).filter(|(at, _)| alone(*at));
        hits.map(|(at, _)| self.line(at)).collect()
    }

    /// Every function with a body.
    pub(super) fn functions(&self) -> Vec<Function> {
        let mut all = Vec::new();
        for (at, _) in self.code.match_indices("fn ") {
            let before = self.code[..at].chars().next_back();
            let name = ident(&self.code[at + 3..]);
            if name.is_empty() || before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            if let Some(end) = body_end(&self.code[at..]) {
                all.push(Function {
                    name: name.to_owned(),
                    line: self.line(at),
                    lines: self.code[at..at + end].matches('\n').count() + 1,
                });
            }
        }
        all
    }

    fn line(&self, at: usize) -> usize {
        self.code[..at].matches('\n').count() + 1
    }
}

fn ident(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

/// The first names in `a::b, c::{d, e}}`, up to the brace that closes the group.
fn members(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut heads) = (0usize, true, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => start = true,
            _ if start && !c.is_whitespace() => {
                heads.push(ident(&group[at..]));
                start = false;
            }
            _ => {}
        }
    }
    heads
}

/// One past the brace that closes the body of the function at the start of `code`; `None` for
/// a declaration.
fn body_end(code: &str) -> Option<usize> {
    let (mut depth, mut round) = (0usize, 0usize);
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' => round += 1,
            ')' | ']' => round = round.saturating_sub(1),
            ';' if depth == 0 && round == 0 => return None,
            '{' => depth += 1,
            '}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The text with the insides of comments, strings and characters replaced by spaces; line
/// breaks stay where they are.
fn blank(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skip = literal(rest, out.chars().next_back());
        if skip == 0 {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let (inside, after) = rest.split_at(skip);
        out.extend(inside.chars().map(|c| if c == '\n' { c } else { ' ' }));
        rest = after;
    }
    out
}

/// Bytes of the comment or literal at the start of `text`; 0 if there is none.
fn literal(text: &str, before: Option<char>) -> usize {
    let until = |end: &str, from: usize| {
        text[from..]
            .find(end)
            .map_or(text.len(), |n| from + n + end.len())
    };
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return until("*/", 2);
    }
    if text.starts_with('"') {
        return quoted(text);
    }
    let in_word = before.is_some_and(|c| c != 'b' && (c.is_alphanumeric() || c == '_'));
    if !in_word && text.starts_with('r') {
        let hashes = text[1..].bytes().take_while(|b| *b == b'#').count();
        if text[1 + hashes..].starts_with('"') {
            return until(&format!("\"{}", "#".repeat(hashes)), hashes + 2);
        }
    }
    if text.starts_with('\'') {
        return character(text);
    }
    0
}

fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Bytes of a character literal; 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => text[2..].char_indices().skip(1).find(|(_, c)| *c == '\''),
        Some(_) => {
            return match chars.next() {
                Some((at, '\'')) => at + 1,
                _ => 0,
            };
        }
        None => None,
    }
    .map_or(0, |(at, _)| at + 3)
}

#[test]
fn comments_and_literals_are_not_code() {
    let text = "let a = \"crate::x {\"; // crate::y\nlet b = '{'; let c: &'a str = r#\"fn \" {\"#; let d = '\\''; }";
    let code = blank(text);
    assert_eq!(code.len(), text.len());
    assert!(!code.contains("crate") && !code.contains('{') && !code.contains("fn "));
    assert!(code.contains("&'a str") && code.ends_with("; }"), "{code}");
}

#[test]
fn uses_and_functions_are_seen() {
    let source = Source {
        path: "src/a/b.rs".to_owned(),
        code: "use crate::{one, two::{x, y}};\nfn f(a: [u8; 2]) -> fn(u8) {\n  crate::three::g();\n}\nfn d();\n"
            .to_owned(),
    };
    assert_eq!(source.module(), "a");
    let names: Vec<_> = source.uses().into_iter().map(|(_, n)| n).collect();
    assert_eq!(names, ["one", "two", "three"]);
    let functions = source.functions();
    assert_eq!(functions.len(), 1, "{functions:?}");
    assert_eq!((functions[0].line, functions[0].lines), (2, 3));
    assert_eq!(source.mentions("x"), [1]);
}
