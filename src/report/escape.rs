//! Log text is data: nothing in it may become markup, a link or a control sequence.

use std::fmt::Write;

/// Text as Markdown that shows exactly it, on one line.
pub(crate) fn markdown(text: &str) -> String {
    let text = visible(text);
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // Only what would read as an entity; a lone ampersand is itself.
            '&' if next.is_some_and(|n| n.is_ascii_alphanumeric() || n == '#') => {
                out.push_str("&amp;");
            }
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            // Within a word an underscore is no emphasis.
            '_' if !(word(before) && word(next)) => out.push_str("\\_"),
            // With its bracket escaped it begins no link; nor does it for readers less exact.
            '(' if before == Some(']') => out.push_str("\\("),
            // Keeps an address in a log from becoming a link that readers follow.
            ':' if next == Some('/') => out.push_str("\\:"),
            // These begin a heading, a list or a quotation at the start of an item.
            '#' | '+' | '-' | '=' if before.is_none() => {
                out.push('\\');
                out.push(c);
            }
            '.' | ')' if out.bytes().all(|b| b.is_ascii_digit()) && !out.is_empty() => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
        before = Some(c);
    }
    out
}

/// The text that [`markdown`] made this of.
pub(crate) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let escaped = chars.next_if(|next| c == '\\' && next.is_ascii_punctuation());
        out.push(escaped.unwrap_or(c));
    }
    let named = [("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    named
        .iter()
        .fold(out, |text, (name, c)| text.replace(name, c))
}

/// Text as it stands in the input, in a code span; text with an angle bracket is escaped
/// instead, since drafts are pasted into renderers that know HTML better than code spans.
pub(crate) fn verbatim(text: &str) -> String {
    let text = visible(text);
    if text.contains('<') || text.trim().is_empty() {
        return markdown(&text);
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let edge = |c: Option<char>| matches!(c, Some('`' | ' '));
    if edge(text.chars().next()) || edge(text.chars().next_back()) {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

/// Text on one line with control characters, and characters that reorder or hide others,
/// replaced by visible signs.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => out.push(' '),
            '\0'..='\u{1f}' => out.extend(char::from_u32(0x2400 + u32::from(c))),
            '\u{7f}' => out.push('\u{2421}'),
            c if is_unseen(c) || is_tag(c) => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}

/// A cell that a spreadsheet shows as text: quoted where it must be (RFC 4180), and never
/// taken for a formula (OWASP, "CSV injection").
#[must_use]
pub fn cell(text: &str) -> String {
    let text = visible(text);
    let opens = [
        '=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ];
    let formula = text.trim_start().starts_with(opens) && text.parse::<f64>().is_err();
    let safe = if formula { format!("'{text}") } else { text };
    if safe.contains([',', ';', '"', '\n']) {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}

/// The same JSON, with what a terminal would obey or hide spelled as escapes: it can only stand
/// within its strings.
#[must_use]
pub fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unseen(c) {
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// Letters that no reader sees and that programs still read.
const fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0000}'..='\u{e007f}')
}

/// Characters that command a terminal, reorder text or take no place; those below the space are
/// what JSON escapes anyway, and its own line ends.
#[must_use]
pub const fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{7f}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
    )
}

fn word(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_stays_text() {
        let cases = [
            (
                "<script>alert(1)</script>",
                "&lt;script&gt;alert(1)&lt;/script&gt;",
            ),
            ("[a](http://x.test)", "\\[a\\]\\(http\\://x.test)"),
            ("![i](x)", "!\\[i\\]\\(x)"),
            ("a | b", "a \\| b"),
            ("`rm`", "\\`rm\\`"),
            (
                "*b* _i_ user_id ~~s~~",
                "\\*b\\* \\_i\\_ user_id \\~\\~s\\~\\~",
            ),
            ("# head", "\\# head"),
            ("1. one 2.", "1\\. one 2."),
            ("- item", "\\- item"),
            ("&lt;b&gt; & co", "&amp;lt;b&amp;gt; & co"),
            ("C:\\temp", "C:\\\\temp"),
        ];
        for (text, escaped) in cases {
            assert_eq!(markdown(text), escaped);
        }
    }

    #[test]
    fn lines_and_controls_do_not_get_through() {
        assert_eq!(markdown("a\n# b\r\n\tc"), "a # b   c");
        assert_eq!(markdown("\u{1b}[31mred"), "␛\\[31mred");
        assert_eq!(visible("x\u{202e}y\u{85}"), "x\u{fffd}y\u{fffd}");
        assert_eq!(visible("a\u{e0041}\u{2060}b"), "a\u{fffd}\u{fffd}b");
    }

    proptest::proptest! {
        #[test]
        fn what_was_escaped_is_had_back(text in "[ -~é]{0,40}|(&(amp|lt|#x3c)?;?|[<>\\\\\\[\\]_*`(:/]){0,12}") {
            proptest::prop_assert_eq!(unescaped(&markdown(&text)), text);
        }
    }

    #[test]
    fn cells_are_no_formulas_and_json_no_commands() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("-12.5", "-12.5"),
            ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
            (" @SUM(1,2)", "\"' @SUM(1,2)\""),
            ("a;b \"c\"", "\"a;b \"\"c\"\"\""),
            ("\t=x", "' =x"),
        ] {
            assert_eq!(cell(text), expected);
        }
        let text = "\u{9b}31m\u{202e}é🔥";
        let safe = json(&serde_json::json!(text).to_string());
        assert_eq!(safe, "\"\\u009b31m\\u202eé🔥\"");
        assert_eq!(serde_json::from_str::<String>(&safe).expect("JSON"), text);
    }

    #[test]
    fn code_spans_cannot_be_left() {
        assert_eq!(verbatim("a | b_c"), "`a | b_c`");
        assert_eq!(verbatim("x `` y"), "```x `` y```");
        assert_eq!(verbatim("`x"), "`` `x ``");
        assert_eq!(verbatim("<b>"), "&lt;b&gt;");
    }
}
