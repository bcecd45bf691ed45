//! Requests in columns of a log's own make, parted by bars: `…|POST /login|502|84ms|192.0.2.7|user=u81|9f3c22aa01bd`. What has no
//! name there is told by how it looks.

use crate::formats::access_log::is_id;
use crate::record::{Kind, Record, field};
use std::net::IpAddr;

/// Bars below which there are no columns.
const BARS: usize = 3;
/// Digits of an id below which it may be a number.
const ID: usize = 10;

/// Files who asked and what the request is called.
pub fn file(record: &mut Record<'_>) {
    let bars = record.message.bytes().filter(|b| *b == b'|').take(BARS);
    if record.kind != Kind::Access || bars.count() < BARS {
        return;
    }
    let said = record.message.clone();
    let columns = || {
        said.lines()
            .next()
            .unwrap_or_default()
            .split('|')
            .map(str::trim)
    };
    let client = columns().find(|c| c.parse::<IpAddr>().is_ok());
    if let (Some(client), None) = (client, record.fields.get(field::CLIENT)) {
        record.fields.push(field::CLIENT, client.to_owned());
    }
    let last = columns().next_back().filter(|c| is_called(c));
    let id = columns().find(|c| is_id(c.as_bytes())).or(last);
    if let (Some(id), None) = (id, record.fields.get(field::REQUEST_ID)) {
        record.fields.push(field::REQUEST_ID, id.to_owned());
    }
}

/// Whether the last column can be an id, short as it is.
fn is_called(column: &str) -> bool {
    let any = |of: fn(&u8) -> bool| column.as_bytes().iter().any(of);
    column.len() >= ID
        && column.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
        && any(u8::is_ascii_digit)
        && any(u8::is_ascii_alphabetic)
}
