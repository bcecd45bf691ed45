//! Mails in HTML as the text that a reader sees, with `>` before what is quoted.

use crate::token::entity::spelt_out;

/// Elements whose text nobody sees.
const UNSEEN: &[&str] = &["style", "script", "head", "title"];
/// Elements that begin a line, and end one.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "br",
    "tr",
    "li",
    "ul",
    "ol",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "hr",
    "blockquote",
    "pre",
    "body",
];

/// The text.
pub(super) fn plain(html: &str) -> String {
    let mut out = Out::default();
    let mut unseen: Option<&str> = None;
    let mut rest = html;
    while let Some((text, behind)) = rest.split_once('<') {
        if unseen.is_none() {
            out.text(text);
        }
        let (tag, after) = match behind.strip_prefix("!--") {
            Some(comment) => ("", comment.split_once("-->").map_or("", |(_, a)| a)),
            None => behind.split_once('>').unwrap_or((behind, "")),
        };
        rest = after;
        let closes = tag.starts_with('/');
        let name = tag.trim_start_matches('/');
        let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        match unseen {
            Some(hidden) if closes && hidden == name => unseen = None,
            Some(_) => continue,
            None if !closes => unseen = UNSEEN.iter().copied().find(|u| *u == name),
            None => {}
        }
        if BLOCKS.contains(&name.as_str()) {
            out.line();
        }
        if name == "blockquote" {
            out.quoted = match closes {
                true => out.quoted.saturating_sub(1),
                false => out.quoted + 1,
            };
        }
    }
    if unseen.is_none() {
        out.text(rest);
    }
    out.line();
    out.done.trim_end().to_owned()
}

#[derive(Default)]
struct Out {
    done: String,
    line: String,
    quoted: usize,
}

impl Out {
    fn text(&mut self, text: &str) {
        let text = spelt_out(text);
        let mut words = text.split_whitespace().peekable();
        if text.starts_with(char::is_whitespace) || words.peek().is_none() {
            self.gap();
        }
        while let Some(word) = words.next() {
            self.line.push_str(word);
            if words.peek().is_some() || text.ends_with(char::is_whitespace) {
                self.line.push(' ');
            }
        }
    }

    fn gap(&mut self) {
        if !(self.line.is_empty() || self.line.ends_with(' ')) {
            self.line.push(' ');
        }
    }

    fn line(&mut self) {
        let line = self.line.trim();
        if !line.is_empty() {
            for _ in 0..self.quoted.min(4) {
                self.done.push_str("> ");
            }
            self.done.push_str(line);
            self.done.push('\n');
        }
        self.line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_a_reader_sees() {
        let html = "<html><head><title>x</title><style>p { a: b }</style></head><body><p>The kiosk\n is <b>down</b>,\
                    &nbsp;f&uuml;r all.</p><!-- no <p> --><div>On Monday Ola wrote:<blockquote>is it?<br>really\
                    </blockquote></div></body></html>";
        let text = "The kiosk is down, für all.\nOn Monday Ola wrote:\n> is it?\n> really";
        assert_eq!(plain(html), text);
        assert_eq!(plain("a < b & c"), "a");
        assert_eq!(plain("&#228;&#x2019;&what;"), "ä’&what;");
    }
}
