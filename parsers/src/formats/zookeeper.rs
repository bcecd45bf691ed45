//! ZooKeeper: `2024-01-19 10:30:02,118 [myid:2] - INFO  [main:QuorumPeerConfig@136] - message`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::text::{bracketed, first_line, message_from, text};
use crate::token::{blank, level, time, trace};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "zookeeper",
    title: "ZooKeeper log",
    reference: "https://zookeeper.apache.org/doc/current/zookeeperAdmin.html#sc_logging",
    cut: Cut::Line,
    specificity: 70,
    hint: |i| i.first().is_some_and(u8::is_ascii_digit),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/zookeeper/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, more) = first_line(entry);
    let (rest, at) = time::iso(line).ok()?;
    let (rest, id) = match bracketed(blank(rest)) {
        Ok((rest, inner)) => (rest, Some(inner.strip_prefix(b"myid:")?)),
        Err(_) => (rest, None),
    };
    let rest = blank(rest).strip_prefix(b"- ")?;
    let (rest, level) = level::level(blank(rest)).ok()?;
    let inner = blank(rest).strip_prefix(b"[")?;
    // Threads are called `QuorumPeer[myid=2](plain=…)`: the dash behind ends the bracket.
    let end = memchr::memmem::find(inner, b"] - ")?;
    let (thread, logger) = place(inner.get(..end)?)?;
    let message = inner.get(end + 4..)?;

    let mut record = Record::new(Kind::Log, message_from(entry, message));
    record.at = Some(at);
    record.level = Some(level);
    record.fields.push(field::LOGGER, logger);
    record.fields.push("thread", thread);
    if let Some(id) = id.filter(|id| !id.is_empty()) {
        record.fields.push("myid", id);
    }
    if let Some(session) = session(message) {
        record.fields.push(field::SESSION, text(session));
    }
    if let Some(class) = trace::error_class(message).or_else(|| trace::error_class(more)) {
        record.fields.push(field::ERROR, class);
    }
    out.push(record);
    Some(())
}

/// `thread:Class@line`, where the thread may hold colons.
fn place(i: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = i.iter().rposition(|b| *b == b'@')?;
    let line = i.get(at + 1..)?;
    if line.is_empty() || !line.iter().all(|b| b.is_ascii_digit() || *b == b'?') {
        return None;
    }
    let named = i.get(..at)?;
    let colon = named.iter().rposition(|b| *b == b':')?;
    Some((named.get(..colon)?, named.get(colon + 1..)?))
}

/// `sessionid 0x252dabf8d414000`, `session 0x…`
fn session(message: &[u8]) -> Option<&[u8]> {
    let at = memchr::memmem::find(message, b" 0x")?;
    let before = message.get(..at)?;
    if !before.ends_with(b"session") && !before.ends_with(b"sessionid") {
        return None;
    }
    let id = message.get(at + 1..)?;
    let len = id.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    id.get(..len)
}
