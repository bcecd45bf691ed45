//! Mails as text: one in a file, a mailbox of many (mbox), or several pasted below each other.

use super::payload;
use crate::cut;
use crate::stamp::Reading;
use std::borrow::Cow;
use std::ops::Range;

mod coding;
mod html;
mod parts;
mod reply;

pub use reply::{Reply, reply};

/// One mail.
#[derive(Debug)]
pub struct Mail<'a> {
    /// Its bytes.
    pub part: Range<usize>,
    /// What the line between the mails of a mailbox tells: `From root@example Tue Apr  8 23:14:20 2025`.
    pub envelope: Option<&'a str>,
    headers: Vec<(&'a str, String)>,
    body: &'a str,
}

/// Lines of a mail's head, at most.
const HEAD: usize = 500;
/// Mails of a file, at most.
const MANY: usize = 100_000;

/// The mails of a text that is nothing but mails. A head names its sender or its addressee, its subject and its day.
#[must_use]
pub fn mails(text: &str) -> Option<Vec<Mail<'_>>> {
    let lines: Vec<Range<usize>> = cut::lines(text.as_bytes()).collect();
    let line = |n: usize| {
        lines
            .get(n)
            .and_then(|l| text.get(l.clone()))
            .map(str::trim_end)
    };
    let mut found: Vec<(usize, Mail<'_>)> = Vec::new();
    let mut at = 0;
    while let Some(said) = line(at) {
        let before = at.checked_sub(1).and_then(line);
        let fresh = before.is_none_or(|l| l.is_empty() || is_rule(l));
        let opened = match fresh && found.len() < MANY {
            true => head(&line, at),
            false => None,
        };
        // The head of a mail that is quoted whole, as Outlook writes it.
        let first = found.first().map(|(_, m)| m);
        let quotes = first.is_some_and(|m| m.has("date"));
        let opened = opened.filter(|(_, names, _)| {
            !(quotes && names.iter().any(|(n, _)| n.eq_ignore_ascii_case("sent")))
        });
        let Some((envelope, headers, end)) = opened else {
            // Nothing but blank lines and rules stands above the first mail.
            if found.is_empty() && !(said.is_empty() || is_rule(said)) {
                return None;
            }
            at += 1;
            continue;
        };
        let start = lines.get(at)?.start;
        let mail = Mail {
            part: start..text.len(),
            envelope,
            headers,
            body: "",
        };
        found.push((end, mail));
        at = end;
    }
    let starts: Vec<usize> = found.iter().skip(1).map(|(_, m)| m.part.start).collect();
    let ends = starts.into_iter().chain([text.len()]);
    for ((body, mail), end) in found.iter_mut().zip(ends) {
        let from = lines.get(*body).map_or(end, |l| l.start.min(end));
        mail.body = text.get(from..end).unwrap_or_default();
        let whole = text.get(mail.part.start..end).unwrap_or_default();
        mail.part.end = mail.part.start
            + whole
                .trim_end_matches(['\n', '\r', ' ', '-', '=', '_'])
                .len();
    }
    (!found.is_empty()).then(|| found.into_iter().map(|(_, m)| m).collect())
}

/// A line that is drawn between mails.
fn is_rule(line: &str) -> bool {
    line.len() > 2
        && line
            .chars()
            .all(|c| matches!(c, '-' | '=' | '_' | '*' | '#' | '~'))
}

type Head<'a> = (Option<&'a str>, Vec<(&'a str, String)>, usize);

/// The head that begins on this line, and the line on which its body does.
fn head<'a>(line: &impl Fn(usize) -> Option<&'a str>, at: usize) -> Option<Head<'a>> {
    let envelope = line(at).and_then(|l| l.strip_prefix("From "));
    let from = at + usize::from(envelope.is_some());
    let mut headers: Vec<(&str, String)> = Vec::new();
    let mut next = from;
    while let Some(said) = line(next).filter(|l| !l.is_empty()) {
        (next - from < HEAD).then_some(())?;
        next += 1;
        if let (true, Some(last)) = (said.starts_with([' ', '\t']), headers.last_mut()) {
            last.1.push(' ');
            last.1.push_str(said.trim());
            continue;
        }
        let (name, value) = said.split_once(':')?;
        let letters = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        (!name.is_empty() && name.bytes().all(letters)).then_some(())?;
        headers.push((name, value.trim().to_owned()));
    }
    let has = |names: &[&str]| {
        let named = |(h, _): &(&str, String)| names.iter().any(|n| h.eq_ignore_ascii_case(n));
        headers.iter().any(named)
    };
    let addressed = has(&["from", "to", "sender"]);
    let dated = has(&["date", "sent"]) || envelope.is_some();
    (has(&["subject"]) && addressed && dated).then_some((envelope, headers, next + 1))
}

impl<'a> Mail<'a> {
    /// The first header of this name, as it was meant.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut named = self
            .headers
            .iter()
            .filter(|(n, _)| n.eq_ignore_ascii_case(name));
        named.next().map(|(_, value)| coding::words(value))
    }

    /// Whether it has a header of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.headers
            .iter()
            .any(|(n, _)| n.eq_ignore_ascii_case(name))
    }

    /// What it says in plain words: its text, decoded; of HTML only where nothing else is.
    #[must_use]
    pub fn said(&self) -> Cow<'a, str> {
        let kind = self.header("content-type").unwrap_or_default();
        let code = self.header("content-transfer-encoding").unwrap_or_default();
        parts::said(self.body, &kind, &code)
    }
}

/// A time as mails have them: with a weekday, a comment, a comma before the year.
#[must_use]
pub fn time(said: &str) -> Option<Reading> {
    let said = said.split(" (").next()?.trim();
    payload::text_instant(said).or_else(|| {
        let bare = said.replace(',', "");
        payload::text_instant(&bare).or_else(|| {
            let (weekday, rest) = bare.split_once(' ')?;
            let day = weekday.ends_with("day") && weekday.bytes().all(|b| b.is_ascii_alphabetic());
            payload::text_instant(rest).filter(|_| day)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::coding::{decoded, words};
    use super::*;

    #[test]
    fn mails_below_each_other() {
        let text = "From root@mx Tue Apr  8 23:14:20 2025\nFrom: root@mx\nTo: ops@example.com\nSubject: one\n  of two\n\
                    Date: Tue, 8 Apr 2025 23:14:20 +0200\n\nfirst\n\nFrom: you know whom\n\n-----\n\
                    To: ops@example.com\nDate: Tue, 8 Apr 2025 23:20:00 +0200\nSubject: two\n\nsecond\n";
        let found = mails(text).unwrap();
        let told = found.iter().map(|m| {
            (
                m.header("SUBJECT").unwrap().into_owned(),
                m.said().into_owned(),
            )
        });
        let expected = [
            ("one of two", "first\n\nFrom: you know whom\n\n-----\n"),
            ("two", "second\n"),
        ];
        let expected = expected.map(|(s, b)| (s.to_owned(), b.to_owned()));
        assert_eq!(told.collect::<Vec<_>>(), expected);
        assert!(found[0].envelope.is_some());
        for text in [
            "Subject: one\n\nfirst\n",
            "Dear all,\n\nFrom: a\nTo: b\nDate: c\nSubject: d\n",
            "",
            "From \n",
        ] {
            assert!(mails(text).is_none(), "{text}");
        }
    }

    #[test]
    fn encoded_words_and_bodies() {
        assert_eq!(
            words("=?utf-8?Q?caf=C3=A9_is?= =?UTF-8?B?IGRvd24=?= now"),
            "café is down now"
        );
        assert_eq!(words("=?what"), "=?what");
        assert_eq!(decoded("a=3Db=\nc", "quoted-printable"), "a=bc");
        assert_eq!(decoded("aG9zdDog\ncXVheQ==\n", "base64"), "host: quay");
        let two = "Subject: x\nFrom: a\nDate: b\nContent-Type: multipart/alternative; boundary=\"q7\"\n\n--q7\n\
                   Content-Type: text/plain\n\nhost: quay\n--q7\nContent-Type: text/html\n\n<p>host</p>\n--q7--\n";
        assert_eq!(mails(two).unwrap()[0].said().trim(), "host: quay");
    }
}
