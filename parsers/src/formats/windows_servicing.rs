//! Windows' own text logs: servicing, setup and DISM (`2024-01-19 10:30:02, Info   CBS   message`), Windows Update
//! (`2024/01/19 10:30:02.1180420 4117  88    Agent           message`, before Windows 10 with tabs).

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::token::text::{first_line, message_from, text, word};
use crate::token::{Found, NOT, blank, level, time};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "windows-servicing",
    title: "Windows servicing, setup and update (CBS, DISM, WindowsUpdate)",
    reference: "https://learn.microsoft.com/en-us/windows/deployment/update/windows-update-logs",
    cut: Cut::Line,
    specificity: 80,
    hint: |i| i.first().is_some_and(u8::is_ascii_digit),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/windows-servicing/input.log"),
};

/// What stands behind the time.
struct Said<'a> {
    level: Option<Level>,
    component: &'a [u8],
    ids: Option<[&'a [u8]; 2]>,
}

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, at) = time::iso(line).ok()?;
    let (said, parts) = servicing(rest).or_else(|_| update(rest)).ok()?;
    let mut record = Record::new(Kind::Log, message_from(entry, said));
    record.at = Some(at);
    record.level = parts.level.or_else(|| level::spotted(said));
    record.service = Some(text(parts.component));
    if let Some([pid, thread]) = parts.ids {
        record.fields.push("pid", pid);
        record.fields.push("thread", thread);
    }
    if let Some(code) = failure(said) {
        record.fields.push(field::ERROR, code);
    }
    out.push(record);
    Some(())
}

/// `, Info                  CBS    message`
fn servicing(i: &[u8]) -> Found<'_, Said<'_>> {
    let rest = i.strip_prefix(b", ").ok_or(NOT)?;
    let (rest, level) = level::level(rest)?;
    // The level fills a column.
    let spaces = blank(rest);
    if rest.len() - spaces.len() < 4 {
        return Err(NOT);
    }
    let (rest, component) = word(spaces)?;
    let said = Said {
        level: Some(level),
        component,
        ids: None,
    };
    Ok((blank(rest), said))
}

/// ` 4117  88    Agent           message`, in hexadecimal before Windows 10.
fn update(i: &[u8]) -> Found<'_, Said<'_>> {
    let id = |i| match word(blank(i)) {
        Ok((rest, id)) if id.len() <= 8 && id.iter().all(u8::is_ascii_hexdigit) => Ok((rest, id)),
        _ => Err(NOT),
    };
    let (rest, pid) = id(i)?;
    let (rest, thread) = id(rest)?;
    let (rest, component) = word(blank(rest))?;
    let name = component.iter().all(u8::is_ascii_alphanumeric);
    let begins = component.first().is_some_and(u8::is_ascii_uppercase);
    let wide = rest.starts_with(b"  ") || rest.starts_with(b"\t") || component.len() >= 15;
    if !(name && begins && wide) || component.iter().all(u8::is_ascii_uppercase) {
        return Err(NOT);
    }
    let said = Said {
        level: None,
        component,
        ids: Some([pid, thread]),
    };
    Ok((blank(rest), said))
}

/// The code of `[HRESULT = 0x80070002 - ERROR_FILE_NOT_FOUND]`, if it is one of failure.
fn failure(said: &[u8]) -> Option<&[u8]> {
    let at = memchr::memmem::find(said, b"HRESULT = 0x")?;
    let code = said.get(at + 10..at + 20)?;
    matches!(code.get(2), Some(b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F')).then_some(code)
}
