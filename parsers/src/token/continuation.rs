//! Lines that go on with what stands before them: stack traces and their like.

/// Whether `line` is one that a stack trace, a dump or wrapped text goes on with.
#[must_use]
pub fn continues(line: &[u8]) -> bool {
    match line.first() {
        None | Some(b'\t' | b'}' | b')' | b']') => return true,
        // One space is a bullet's; frames are indented deeper.
        Some(b' ') => return line.get(1).is_none_or(|b| matches!(b, b' ' | b'\t')),
        _ => {}
    }
    const STARTS: &[&[u8]] = &[
        b"at ",
        b"Caused by: ",
        b"Suppressed: ",
        b"... ",
        b"Traceback (most recent call last)",
        b"During handling of the above exception",
        b"The above exception was the direct cause",
        b"goroutine ",
        b"created by ",
        b"exit status ",
        b"[signal ",
        b"Stack trace:",
        b"--- End of ",
        b"from ",
        b"stack backtrace:",
        b"note: run with `RUST_BACKTRACE",
    ];
    STARTS.iter().any(|s| line.starts_with(s))
        || is_numbered_frame(line)
        || is_go_frame(line)
        || is_exception(line)
}

/// PHP: `#0 /srv/app/index.php(12): run()`
fn is_numbered_frame(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"#") else {
        return false;
    };
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    digits > 0
        && rest.get(digits) == Some(&b' ')
        && (rest.ends_with(b")") || rest.ends_with(b"{main}"))
}

/// `net/http.(*conn).serve(0xc0001b2000, {0x9a3f28, 0xc00009c180})`
fn is_go_frame(line: &[u8]) -> bool {
    let Some(open) = line.iter().position(|b| *b == b'(') else {
        return false;
    };
    let name = line.get(..open).unwrap_or_default();
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"./_-*%".contains(b);
    line.ends_with(b")") && name.contains(&b'.') && name.iter().all(plain)
}

/// `java.lang.IllegalStateException: pool is closed`, the first line of a trace of Java and
/// the last one of Python's.
fn is_exception(line: &[u8]) -> bool {
    let end = line
        .iter()
        .position(|b| !(b.is_ascii_alphanumeric() || b"._$".contains(b)))
        .unwrap_or(line.len());
    let (class, rest) = line.split_at(end);
    let named = [&b"Exception"[..], b"Error"]
        .iter()
        .any(|n| class.ends_with(n) && class.len() > n.len());
    named && (rest.is_empty() || rest.starts_with(b": "))
}

#[cfg(test)]
mod tests {
    use super::continues;

    #[test]
    fn traces_go_on_and_statements_begin() {
        for line in [
            "\tat com.example.Pool.take(Pool.java:41)",
            "Caused by: java.net.SocketTimeoutException: Read timed out",
            "... 23 more",
            "Traceback (most recent call last):",
            "ValueError: bad token",
            "java.lang.IllegalStateException",
            "goroutine 17 [running]:",
            "net/http.(*conn).serve(0xc0001b2000, {0x9a3f28, 0xc00009c180})",
            "main.main()",
            "#0 /srv/app/index.php(12): run()",
            "}",
            "",
        ] {
            assert!(continues(line.as_bytes()), "{line}");
        }
        for line in [
            "Error: could not bind",
            " * Running on http://127.0.0.1:5000",
            "panic: runtime error",
            "{\"level\":\"info\"}",
            "#1 in the charts",
            "Listening on 0.0.0.0:8080 (http)",
            "attached",
        ] {
            assert!(!continues(line.as_bytes()), "{line}");
        }
    }
}
