//! Stack traces behind an entry's first line: what went wrong, by its class.

use super::text::first_line;

/// The class of the exception that a message or a stack trace reports: of Java and
/// .NET the outermost, of Python the one that the traceback ends with.
#[must_use]
pub fn error_class(text: &[u8]) -> Option<&str> {
    let mut rest = text;
    let mut in_traceback = false;
    let mut found = None;
    while !rest.is_empty() {
        let (line, after) = first_line(rest);
        rest = after;
        if line.starts_with(b"Traceback (most recent call last)") {
            in_traceback = true;
        } else if let Some(class) = class_at(line, in_traceback) {
            if !in_traceback {
                return Some(class);
            }
            found = Some(class);
            in_traceback = false;
        }
    }
    found.or_else(|| panic(text))
}

/// The exception class that a line begins with. Behind a Python traceback any name
/// will do (`requests.exceptions.Timeout: …`), elsewhere it must sound like one.
fn class_at(line: &[u8], in_traceback: bool) -> Option<&str> {
    // Tomcat indents a whole trace by one tab.
    let line = line.strip_prefix(b"\t").unwrap_or(line);
    let line = line
        .strip_prefix(b"Caused by: ")
        .or_else(|| line.strip_prefix(b"Uncaught "))
        .or_else(|| line.strip_prefix(b"Unhandled exception. "))
        .unwrap_or(line);
    let line = match line.strip_prefix(b"Exception in thread \"") {
        Some(named) => named
            .iter()
            .position(|b| *b == b'"')
            .and_then(|n| named.get(n + 2..))?,
        None => line,
    };
    let len = line
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'$'))
        .count();
    let (name, after) = line.split_at_checked(len)?;
    let ends = after.is_empty() || after.starts_with(b":") || after.starts_with(b"(");
    let name = std::str::from_utf8(name).ok()?;
    let simple = name.rsplit(['.', '$']).next()?;
    let sounds = ["Exception", "Error", "Throwable", "Exit", "Interrupt"]
        .iter()
        .any(|end| simple.len() > end.len() && simple.ends_with(end))
        || (name.contains('.') && matches!(simple, "Exception" | "Error"));
    let named = in_traceback && simple.starts_with(|c: char| c.is_ascii_uppercase());
    (ends && (sounds || named)).then_some(name)
}

/// The class of an exception that a sentence speaks of: `Unhandled: com.example.PoolException: no
/// lease`. Only with its packages is it surely one.
#[must_use]
pub fn mentioned(text: &[u8]) -> Option<&str> {
    let (line, _) = first_line(text);
    line.split(|b| b" (<[".contains(b))
        .take(40)
        .find_map(|word| {
            let end = word.iter().position(|b| b":;,])>".contains(b));
            let name = word.get(..end.unwrap_or(word.len()))?;
            let name = name.strip_suffix(b".").unwrap_or(name);
            let class = class_at(name, false)?;
            (class.len() == name.len() && class.matches('.').count() >= 2).then_some(class)
        })
}

/// Go and Rust: a panic has no class, but that it is one is worth as much.
fn panic(text: &[u8]) -> Option<&'static str> {
    let goes = text.starts_with(b"panic: ")
        || text.starts_with(b"http: panic serving ")
        || memchr::memmem::find(text, b"\npanic: ").is_some();
    goes.then_some("panic")
}

#[cfg(test)]
mod tests {
    use super::{error_class, mentioned};

    #[test]
    fn classes() {
        let java = b"Request failed\njava.lang.IllegalStateException: no lease\n\tat x.Y.z(Y.java:7)\nCaused by: java.io.IOException: gone";
        assert_eq!(error_class(java), Some("java.lang.IllegalStateException"));
        let python = b"Boom\nTraceback (most recent call last):\n  File \"a.py\", line 3, in b\n    c()\nrequests.exceptions.Timeout: read timed out";
        assert_eq!(error_class(python), Some("requests.exceptions.Timeout"));
        let go = b"http: panic serving\npanic: nil map\n\ngoroutine 7 [running]:";
        assert_eq!(error_class(go), Some("panic"));
        assert_eq!(error_class(b"Error: it broke"), None);
        assert_eq!(
            error_class(b"TypeError: x is not a function"),
            Some("TypeError")
        );
        assert_eq!(error_class(b"all is well"), None);
        let tomcat = b"threw exception\n\tjava.io.IOException: gone\n\t\tat x.Y.z(Y.java:7)";
        assert_eq!(error_class(tomcat), Some("java.io.IOException"));
    }

    #[test]
    fn classes_within_sentences() {
        for (text, class) in [
            (
                "Unhandled: com.example.PoolException: no lease",
                Some("com.example.PoolException"),
            ),
            ("caught (java.io.IOException)", Some("java.io.IOException")),
            ("see app.error for more", None),
            ("Errors: none", None),
        ] {
            assert_eq!(mentioned(text.as_bytes()), class, "{text}");
        }
    }
}
