//! The error log of nginx:
//! `2024/01/19 10:30:02 [error] 7#7: *1 open() … failed, client: …, request: "…"`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::text::{bracketed, byte, first_line, message_from, quoted, unescape};
use crate::token::{Found, NOT, blank, level, number, time};
use memchr::memmem;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "nginx-error",
    title: "nginx error log",
    reference: "https://nginx.org/en/docs/ngx_core_module.html#error_log",
    cut: Cut::Line,
    specificity: 80,
    hint: |i| i.get(4) == Some(&b'/'),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/nginx-error/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, at) = time::slashed(line).ok()?;
    let (rest, word) = bracketed(blank(rest)).ok()?;
    let level = level::word(word)?;
    let (rest, pid) = process(blank(rest)).ok()?;
    let (rest, connection) = match connection(rest) {
        Ok((rest, n)) => (rest, Some(n)),
        Err(_) => (rest, None),
    };
    let mut record = Record::new(Kind::Log, message_from(entry, rest));
    record.at = Some(at);
    record.level = Some(level);
    record.fields.push("pid", pid);
    if let Some(connection) = connection {
        record.fields.push("connection", connection);
    }
    // What PHP says may go over lines; what the request was stands behind it.
    let said = entry.get(line.len() - rest.len()..).unwrap_or(rest);
    about(&mut record, said);
    out.push(record);
    Some(())
}

/// `54053#0: `: process and thread.
fn process(i: &[u8]) -> Found<'_, i64> {
    let (rest, pid) = number(1, 10)(i)?;
    let (rest, ()) = byte(b'#')(rest)?;
    let (rest, _) = number(1, 18)(rest)?;
    let (rest, ()) = byte(b':')(rest)?;
    Ok((blank(rest), pid))
}

/// `*1 `: the number of the connection.
fn connection(i: &[u8]) -> Found<'_, i64> {
    let (rest, ()) = byte(b'*')(i)?;
    let (rest, n) = number(1, 18)(rest)?;
    match rest.first() {
        Some(b' ') => Ok((blank(rest), n)),
        _ => Err(NOT),
    }
}

/// `, client: 192.0.2.7, server: …, request: "GET / HTTP/1.1", upstream: "…"` behind the message.
fn about<'a>(record: &mut Record<'a>, message: &'a [u8]) {
    let value = |name: &str| -> Option<&'a [u8]> {
        let at = memmem::find(message, name.as_bytes())? + name.len();
        let rest = message.get(at..)?;
        match quoted(rest) {
            Ok((_, inner)) => Some(inner),
            Err(_) => rest.split(|b| matches!(b, b',' | b' ')).next(),
        }
    };
    if let Some(client) = value(", client: ") {
        record.fields.push(field::CLIENT, client);
    }
    if let Some(request) = value(", request: ") {
        let mut words = request.split(|b| *b == b' ');
        if let (Some(method), Some(target)) = (words.next(), words.next()) {
            let path = target.split(|b| *b == b'?').next().unwrap_or(target);
            record.fields.push(field::METHOD, method);
            record.fields.push(field::PATH, path);
        }
    }
    for (name, field) in [
        (", server: ", "server"),
        (", upstream: ", "upstream"),
        (", host: ", "vhost"),
    ] {
        if let Some(value) = value(name) {
            record.fields.push(field, unescape(value));
        }
    }
}
