//! The parts of a mail, and which of them is what it says.

use super::coding::decoded;
use super::html;
use std::borrow::Cow;

/// Parts within parts, at most.
const DEEP: usize = 6;

/// What a body of this kind, encoded so, says: its plain text, or what its HTML says.
pub(super) fn said<'a>(body: &'a str, kind: &str, code: &str) -> Cow<'a, str> {
    let found = of(body, kind, code, 0);
    match found.plain.or(found.marked) {
        Some(text) => text,
        None => decoded(body, code),
    }
}

/// The texts that a part holds.
#[derive(Default)]
struct Texts<'a> {
    plain: Option<Cow<'a, str>>,
    marked: Option<Cow<'a, str>>,
}

fn of<'a>(body: &'a str, kind: &str, code: &str, depth: usize) -> Texts<'a> {
    let lower = kind.trim().to_ascii_lowercase();
    if let Some(boundary) = boundary(kind).filter(|_| depth < DEEP) {
        let mut found = Texts::default();
        for part in split(body, boundary) {
            let Some((head, inner)) = headed(part) else {
                continue;
            };
            let header = |name| header(head, name).unwrap_or_default();
            let attached = header("content-disposition").to_ascii_lowercase();
            if attached.starts_with("attachment") {
                continue;
            }
            let kind = header("content-type");
            let texts = of(
                inner,
                &kind,
                &header("content-transfer-encoding"),
                depth + 1,
            );
            found.plain = found.plain.or(texts.plain);
            found.marked = found.marked.or(texts.marked);
        }
        return found;
    }
    let text = || decoded(body, code);
    match lower.split(';').next().unwrap_or_default().trim() {
        "text/html" => Texts {
            marked: Some(Cow::Owned(html::plain(&text()))),
            plain: None,
        },
        "" | "text" | "text/plain" => Texts {
            plain: Some(text()),
            marked: None,
        },
        _ => Texts::default(),
    }
}

fn boundary(kind: &str) -> Option<&str> {
    let at = kind.to_ascii_lowercase().find("boundary=")?;
    let value = kind.get(at + "boundary=".len()..)?;
    let value = match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split([';', ' ']).next(),
    };
    value.filter(|b| !b.is_empty())
}

/// What stands between the lines that begin with two dashes and the boundary.
fn split<'a>(body: &'a str, boundary: &str) -> impl Iterator<Item = &'a str> {
    let mark = format!("--{boundary}");
    let mut places = Vec::new();
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        if line.starts_with(&mark) {
            places.push((at, at + line.len()));
        }
        at += line.len();
    }
    let ends: Vec<usize> = places.iter().skip(1).map(|p| p.0).chain([at]).collect();
    let parts = places.into_iter().zip(ends);
    parts.filter_map(move |((_, from), to)| body.get(from..to))
}

/// A part's head and its body. A part may have no head.
fn headed(part: &str) -> Option<(&str, &str)> {
    if let Some(body) = part
        .strip_prefix('\n')
        .or_else(|| part.strip_prefix("\r\n"))
    {
        return Some(("", body));
    }
    let gaps = [
        part.find("\n\n").map(|n| (n, 2)),
        part.find("\n\r\n").map(|n| (n, 3)),
    ];
    let (at, len) = gaps.into_iter().flatten().min()?;
    Some((part.get(..at)?, part.get(at + len..)?))
}

/// The header of this name, its lines joined.
fn header(head: &str, name: &str) -> Option<String> {
    let mut found: Option<String> = None;
    for line in head.lines() {
        match (&mut found, line.starts_with([' ', '\t'])) {
            (Some(value), true) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            (Some(_), false) => break,
            (None, _) => {
                let named = line
                    .split_once(':')
                    .filter(|(n, _)| n.eq_ignore_ascii_case(name));
                found = named.map(|(_, value)| value.trim().to_owned());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const INNER: &str = "--out7\r\nContent-Type: multipart/alternative;\r\n boundary=\"in7\"\r\n\r\n--in7\r\n\
        Content-Type: text/html\r\n\r\n<p>late</p>\r\n--in7\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\
        Content-Transfer-Encoding: quoted-printable\r\n\r\nzu sp=E4t\r\n--in7--\r\n--out7\r\n\
        Content-Type: text/plain\r\nContent-Disposition: attachment; filename=a.log\r\n\r\nERROR\r\n--out7--\r\n";

    #[test]
    fn the_text_is_found_in_parts_of_parts() {
        let mixed = "multipart/mixed; boundary=out7";
        assert_eq!(said(INNER, mixed, "").trim(), "zu spät");
        let only = "--b\n\n--b--\n--b\nContent-Type: text/html\n\n<p>late<br>again</p>\n--b--\n";
        assert_eq!(said(only, "multipart/related; boundary=b", "").trim(), "");
        let marked = "--b\nContent-Type: text/html\n\n<p>late<br>again</p>\n--b--\n";
        assert_eq!(
            said(marked, "multipart/related; boundary=b", "").trim(),
            "late\nagain"
        );
        assert_eq!(said("plain", "multipart/mixed", ""), "plain");
    }
}
