//! Logs of chat clients (WeeChat, HexChat, ZNC, energymech): `2025-03-11 08:14:02 <runa> is it down?`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record};
use crate::stamp::Reading;
use crate::token::text::{first_line, text};
use crate::token::{blank, payload, speaker, time};
use memchr::memmem;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "irc",
    title: "Chat client's log (WeeChat, HexChat, ZNC)",
    reference: "https://weechat.org/files/doc/stable/weechat_user.en.html#logger",
    cut: Cut::Line,
    specificity: 70,
    hint: |i| memmem::find(i, b" <").is_some() || memmem::find(i, b"\t").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/irc/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, at) = stamp(line)?;
    let (nick, said) = author(rest)?;
    let name = text(nick);
    let bot = payload::sounds_automatic(&name);
    let mut record = Record::new(Kind::Chat, text(said));
    record.at = Some(at);
    record.actor = Some(payload::actor(name, bot));
    out.push(record);
    Some(())
}

/// A time, in brackets or not, with its date or without.
fn stamp(line: &[u8]) -> Option<(&[u8], Reading)> {
    let open = line.strip_prefix(b"[");
    let i = open.unwrap_or(line);
    let (rest, at) = time::iso(i)
        .or_else(|_| time::time_of_day(i))
        .or_else(|_| time::rfc3164(i))
        .ok()?;
    let rest = match open {
        Some(_) => rest.strip_prefix(b"]")?,
        None => rest,
    };
    matches!(rest.first(), Some(b' ' | b'\t')).then_some((rest, at))
}

/// `<nick>`, `< nick>`, `<@nick>`, or a cell of its own between tabs; and what is said.
pub(super) fn author(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    if let Some(cells) = rest.strip_prefix(b"\t") {
        let end = memchr::memchr(b'\t', cells)?;
        let (nick, said) = (cells.get(..end)?, cells.get(end + 1..)?);
        let nick = nick.trim_ascii();
        let signs = [b"-->".as_slice(), b"<--", b"--", b"*", b"=!="];
        return (is_nick(nick) && !signs.contains(&nick)).then_some((nick, said));
    }
    let named = blank(rest).strip_prefix(b"<")?;
    let end = memchr::memchr(b'>', named)?;
    let nick = named.get(..end)?.trim_ascii();
    let nick = nick
        .strip_prefix(b"@")
        .or(nick.strip_prefix(b"+"))
        .unwrap_or(nick);
    let said = named.get(end + 1..)?;
    // HexChat has a tab there.
    let said = said.strip_prefix(b" ").or(said.strip_prefix(b"\t"))?;
    is_nick(nick).then_some((nick, said))
}

/// A name, not a level or a tag of a log: `<Info>` is WebLogic's.
fn is_nick(nick: &[u8]) -> bool {
    const LEVELS: [&[u8]; 3] = [b"notice", b"alert", b"trace"];
    let word = nick.to_ascii_lowercase();
    let log = LEVELS.contains(&word.as_slice()) || speaker::is_log(&text(nick));
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"_-.|[]`^{}\\ ".contains(b) || *b >= 0x80;
    (1..=32).contains(&nick.len()) && nick.iter().all(plain) && !log
}
