//! Whether what is said of a request that failed tells why, or only that it did.

/// Words that tell how a request went, and nothing of the reason.
#[rustfmt::skip]
const PLAIN: [&str; 52] = [
    "a", "access", "after", "an", "and", "answered", "at", "by", "call", "client", "code", "complete", "completed", "done",
    "duration", "ended", "end", "error", "failed", "failure", "finish", "finished", "for", "from", "handled", "handler", "http",
    "in", "incoming", "internal", "method", "ms", "on", "outgoing", "path", "processed", "request", "requests", "responded",
    "response", "result", "returned", "sent", "served", "server", "started", "status", "the", "to", "took", "user", "with",
];

/// Whether a message has a word that tells more than what was asked for and how it ended.
pub(super) fn is_told(message: &str) -> bool {
    let outer = |c: char| !c.is_ascii_alphanumeric();
    let tells = |word: &str| {
        let word = word.trim_matches(outer);
        let plain = |w: &str| w.eq_ignore_ascii_case(word);
        let shouted = word.bytes().all(|b| b.is_ascii_uppercase());
        word.len() > 2
            && !shouted
            && word
                .bytes()
                .all(|b| b.is_ascii_alphabetic() || b"-_.'".contains(&b))
            && !PLAIN.iter().any(|w| plain(w))
    };
    let line = message.lines().next().unwrap_or_default();
    let mut words = line.split_whitespace();
    // What stands behind a name and a sign of equality is a field's value, and what has a slash is a path.
    words.any(|w| !w.contains(['=', '/']) && tells(w))
}

#[cfg(test)]
mod tests {
    use super::is_told;

    #[test]
    fn a_reason_is_more_than_the_request_and_its_end() {
        for message in [
            "dial tcp tariff-db:5432: connect: connection refused",
            "POST /berths failed: no free slot",
            "upstream timed out",
            "NullPointerException in BerthMapper",
        ] {
            assert!(is_told(message), "{message}");
        }
        for message in [
            "GET /berths user_id=41",
            "request completed",
            "POST /berths -> 502 in 31ms",
            "\"GET /berths HTTP/1.1\" 500 213",
            "Internal Server Error",
            "request failed with status 500",
            "handled method=GET path=/berths status=500",
            "",
        ] {
            assert!(!is_told(message), "{message}");
        }
    }
}
