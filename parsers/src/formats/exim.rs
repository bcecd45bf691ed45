//! Exim's main and reject logs: `2024-01-19 10:30:02 1rQn2A-0003Xk-9C <= ana@example.com H=… P=esmtps S=1234`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::token::text::{bracketed, first_line, message_from, word};
use crate::token::{Found, NOT, blank, pairs, time};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "exim",
    title: "Exim",
    reference: "https://www.exim.org/exim-html-current/doc/html/spec_html/ch-log_files.html",
    cut: Cut::Line,
    specificity: 82,
    hint: |i| i.first().is_some_and(u8::is_ascii_digit),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/exim/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, at) = time::iso(line).ok()?;
    let rest = rest.strip_prefix(b" ")?;
    let (rest, pid) = match bracketed(rest) {
        Ok((rest, pid)) if pid.iter().all(u8::is_ascii_digit) => (blank(rest), Some(pid)),
        _ => (rest, None),
    };
    let (said, id) = match id(rest) {
        Ok((rest, id)) => (blank(rest), Some(id)),
        Err(_) => (rest, None),
    };
    if id.is_none() && !is_exims(said) {
        return None;
    }
    let mut record = Record::new(Kind::Log, message_from(entry, said));
    record.at = Some(at);
    record.service = Some(Cow::Borrowed("exim"));
    record.level = level(said);
    if let Some(id) = id {
        record.fields.push(field::REQUEST_ID, id);
    }
    if let Some(pid) = pid {
        record.fields.push("pid", pid);
    }
    address(&mut record, said);
    out.push(record);
    Some(())
}

/// The id of a message: `1rQn2A-0003Xk-9C`, since release 4.97 `1rQn2A-00000003Xkj-2Bc9`.
fn id(i: &[u8]) -> Found<'_, &[u8]> {
    let (rest, id) = word(i)?;
    let mut parts = id.split(|b| *b == b'-').map(<[u8]>::len);
    let lengths = [parts.next(), parts.next(), parts.next(), parts.next()];
    let fits = matches!(
        lengths,
        [Some(6), Some(6), Some(2), None] | [Some(6), Some(11), Some(4), None]
    );
    let plain = id.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
    if fits && plain {
        Ok((rest, id))
    } else {
        Err(NOT)
    }
}

/// What Exim says outside of any message.
fn is_exims(said: &[u8]) -> bool {
    const BEGINNINGS: &[&[u8]] = &[
        b"exim ",
        b"Start queue run",
        b"End queue run",
        b"SMTP ",
        b"H=",
        b"no host name found",
        b"no IP address found",
        b"TLS error",
        b"rejected ",
        b"unexpected disconnection",
        b"cwd=",
        b"daemon",
        b"login authenticator failed",
        b"plain authenticator failed",
        b"dovecot_login authenticator failed",
        b"dovecot_plain authenticator failed",
    ];
    BEGINNINGS.iter().any(|b| said.starts_with(b))
        || memchr::memmem::find(said, b"authenticator failed for").is_some()
}

/// `**` is a delivery that failed, `==` one that is put off.
fn level(said: &[u8]) -> Option<Level> {
    let has = |what: &str| memchr::memmem::find(said, what.as_bytes()).is_some();
    if said.starts_with(b"** ") {
        return Some(Level::Error);
    }
    let odd = said.starts_with(b"== ") || has("rejected ") || has("authenticator failed");
    (odd || has("SMTP protocol") || has("TLS error")).then_some(Level::Warn)
}

fn address<'a>(record: &mut Record<'a>, said: &'a [u8]) -> Option<()> {
    for (arrow, name) in [
        ("<= ", "from"),
        ("=> ", "to"),
        ("-> ", "to"),
        ("** ", "to"),
        ("== ", "to"),
    ] {
        if let Some(rest) = said.strip_prefix(arrow.as_bytes()) {
            let (_, address) = word(rest).ok()?;
            record
                .fields
                .push(name, address.strip_suffix(b":").unwrap_or(address));
        }
    }
    let sender = pairs::among_words(&record.message)
        .find(|(name, _)| *name == "A")
        .and_then(|(_, auth)| auth.split_once(':'))
        .map(|(_, user)| user.to_owned());
    if let Some(user) = sender {
        record.fields.push(field::USER, user);
    }
    let host = memchr::memmem::find(said, b"H=")?;
    let open = memchr::memchr(b'[', said.get(host..)?)?;
    let (_, client) = bracketed(said.get(host + open..)?).ok()?;
    record.fields.push(field::CLIENT, client);
    Some(())
}
