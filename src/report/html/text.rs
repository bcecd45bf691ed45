//! Text as HTML that shows exactly it.

use crate::report::escape::{self, visible};
use serde_json::Value;

/// Text for an element or a quoted attribute.
pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// A template's own words: strong and emphasised ones as such, a list's mark left out.
pub(super) fn emphasis(text: &str) -> String {
    let text = text
        .strip_prefix("- ")
        .or_else(|| text.strip_prefix("> "))
        .unwrap_or(text);
    let mut out = html(text);
    for (mark, tag) in [("**", "b"), ("*", "i"), ("`", "code")] {
        let parts: Vec<&str> = out.split(mark).collect();
        // An odd mark out is no mark.
        if parts.len() % 2 == 1 {
            let tagged = parts.iter().enumerate().map(|(n, part)| match n % 2 {
                1 => format!("<{tag}>{part}</{tag}>"),
                _ => (*part).to_owned(),
            });
            out = tagged.collect();
        }
    }
    out
}

/// JSON for a `script` element: no text in it can close the element.
pub(super) fn json(value: &Value) -> String {
    escape::json(&value.to_string())
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn markup_is_shown_not_obeyed() {
        assert_eq!(
            html("<script>\"a\" & 'b'\u{202e}</script>"),
            "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;\u{fffd}&lt;/script&gt;"
        );
        let data = json(&Value::from("</script><!--"));
        assert_eq!(data, "\"\\u003c/script>\\u003c!--\"");
    }

    #[test]
    fn a_template_may_stress() {
        assert_eq!(
            emphasis("- **Status:** *draft* <b> `x`"),
            "<b>Status:</b> <i>draft</i> &lt;b&gt; <code>x</code>"
        );
        assert_eq!(emphasis("2 * 3"), "2 * 3");
    }

    proptest! {
        #[test]
        fn no_text_opens_an_element(text in "\\PC*|[<>&\"'/a-z ]*") {
            let shown = html(&text);
            prop_assert!(!shown.contains(['<', '>', '"', '\'']));
            prop_assert!(!json(&Value::from(text)).contains('<'));
        }
    }
}
