//! Characters that HTML and XML write by a name or a number: `&#39;`, `&quot;`, `&nbsp;`.

/// Text with its characters that go by names or numbers.
#[must_use]
pub fn spelt_out(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        out.push_str(before);
        let name = behind.split_once(';').filter(|(n, _)| n.len() <= 8);
        match name.and_then(|(n, after)| Some((character(n)?, after))) {
            Some((c, after)) => {
                out.push(c);
                rest = after;
            }
            None => {
                out.push('&');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).map(|c| if c == '\u{a0}' { ' ' } else { c });
    }
    Some(match name {
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" | "rsquo" | "lsquo" => '\'',
        "ldquo" | "rdquo" => '"',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "bull" => '•',
        "rarr" => '→',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "Auml" => 'Ä',
        "Ouml" => 'Ö',
        "Uuml" => 'Ü',
        "szlig" => 'ß',
        "eacute" => 'é',
        "egrave" => 'è',
        "agrave" => 'à',
        "ccedil" => 'ç',
        "ntilde" => 'ñ',
        "oacute" => 'ó',
        "aring" => 'å',
        "oslash" => 'ø',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::spelt_out;

    #[test]
    fn names_and_numbers_are_characters() {
        for (written, read) in [
            ("it&#39;s &quot;up&quot;&nbsp;now", "it's \"up\" now"),
            ("&#x2019;&#160;&auml;", "’ ä"),
            ("a &amp;lt; b", "a &lt; b"),
            (
                "R&D; a && b; &what; &#xffffffff; &#0",
                "R&D; a && b; &what; &#xffffffff; &#0",
            ),
        ] {
            assert_eq!(spelt_out(written), read);
        }
    }
}
