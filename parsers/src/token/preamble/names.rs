//! What a name looks like: of a logger, a module, a program.

pub(super) fn is_number(i: &[u8]) -> bool {
    !i.is_empty() && i.iter().all(u8::is_ascii_digit)
}

pub(super) fn is_identifier(i: &[u8]) -> bool {
    const INSIDE: [bool; 256] = {
        let mut table = [false; 256];
        let mut b = 0;
        while b < 128u8 {
            table[b as usize] =
                b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'/' | b'$');
            b += 1;
        }
        table
    };
    i.first().is_some_and(u8::is_ascii_alphabetic)
        && i.len() <= 80
        && i.iter().all(|b| INSIDE.get(usize::from(*b)) == Some(&true))
}

/// `ledger::db`: letters, with `::` between.
pub(super) fn is_module(i: &[u8]) -> bool {
    i.first().is_some_and(u8::is_ascii_alphabetic)
        && i.split(|b| *b == b':').count() % 2 == 1
        && i.iter()
            .all(|b| b.is_ascii_alphanumeric() || b"_:".contains(b))
}

/// `org.example.Ledger`, `o.e.c.Ledger:118`, `ledger.py:30`: a name of several parts.
#[must_use]
pub fn is_dotted(i: &[u8]) -> bool {
    let digits = i.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let before = i.len().checked_sub(digits + 1).filter(|_| digits > 0);
    let name = match before {
        Some(n) if i.get(n) == Some(&b':') => i.get(..n).unwrap_or_default(),
        _ => i,
    };
    let mut dots = memchr::memchr_iter(b'.', name).peekable();
    dots.peek().is_some()
        && is_identifier(name)
        && dots.all(|at| name.get(at + 1).is_some_and(|b| *b != b'.'))
}

/// `name[123]:` or `name[123]`.
pub(super) fn program(token: &[u8]) -> Option<(&[u8], &[u8])> {
    let token = token.strip_suffix(b":").unwrap_or(token);
    let open = token.iter().position(|b| *b == b'[')?;
    let (name, pid) = token.split_at_checked(open)?;
    let pid = pid.strip_prefix(b"[")?.strip_suffix(b"]")?;
    let fits = is_identifier(name) && is_number(pid);
    fits.then_some((name, pid))
}

/// A logger in brackets at the end of a message, as Kafka's layout has it:
/// `started (kafka.server.KafkaServer)`.
#[must_use]
pub fn trailing_logger(message: &[u8]) -> Option<&[u8]> {
    let inner = message.trim_ascii_end().strip_suffix(b")")?;
    let open = inner.iter().rposition(|b| *b == b'(')?;
    let name = inner.get(open + 1..)?;
    (is_dotted(name) && inner.get(..open)?.ends_with(b" ")).then_some(name)
}
