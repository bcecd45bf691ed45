//! What a file is, by its first bytes: names lie.

use super::compression::Compression;

/// Bytes that are looked at: two blocks of a tar.
pub(super) const HEAD: usize = 1024;

/// What is to be done with a file.
pub(super) enum Kind {
    Compressed(Compression),
    Tar,
    Zip,
    /// A Windows event log.
    Events,
    /// Nothing that recon reads.
    Foreign(&'static Foreign),
    Text,
}

/// Something that is no text and is not unpacked.
pub(super) struct Foreign {
    magic: &'static [u8],
    /// What it is.
    pub(super) what: &'static str,
    /// How to get at the text in it; none if there is none.
    pub(super) way_out: Option<&'static str>,
}

const fn foreign(
    magic: &'static [u8],
    what: &'static str,
    way_out: Option<&'static str>,
) -> Foreign {
    Foreign {
        magic,
        what,
        way_out,
    }
}

static FOREIGN: &[Foreign] = &[
    foreign(
        b"LPKSHHRH",
        "a systemd journal file",
        Some("export it with `journalctl --file FILE -o json > journal.jsonl` and give that"),
    ),
    foreign(
        b"7z\xbc\xaf\x27\x1c",
        "a 7-Zip archive",
        Some("unpack it with `7z x FILE` and give the folder"),
    ),
    foreign(
        b"Rar!\x1a\x07",
        "a RAR archive",
        Some("unpack it with `unrar x FILE` and give the folder"),
    ),
    foreign(
        b"MSCF",
        "a cabinet archive",
        Some("unpack it with `cabextract FILE` and give the folder"),
    ),
    foreign(
        b"LZIP",
        "compressed with lzip",
        Some("decompress it with `lzip -d FILE` and give what comes out"),
    ),
    foreign(
        b"\x1f\x9d",
        "compressed with compress",
        Some("decompress it with `uncompress FILE` and give what comes out"),
    ),
    foreign(
        b"PAR1",
        "a Parquet file",
        Some("export its rows as CSV or JSON and give that"),
    ),
    foreign(
        b"SQLite format 3\0",
        "an SQLite database",
        Some("export the table with `sqlite3 -csv -header FILE` and give that"),
    ),
    foreign(
        b"%PDF-",
        "a PDF",
        Some("save its text with `pdftotext -layout FILE` and give that"),
    ),
    foreign(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Office document",
        Some("save it as text, a table as CSV, and give that"),
    ),
    foreign(b"\x7fELF", "a program", None),
    foreign(b"\x89PNG\r\n\x1a\n", "a picture", None),
    foreign(b"\xff\xd8\xff", "a picture", None),
    foreign(b"GIF8", "a picture", None),
];

impl Kind {
    pub(super) fn of(head: &[u8]) -> Self {
        if let Some(compression) = Compression::of(head) {
            return Self::Compressed(compression);
        }
        if let Some(foreign) = FOREIGN.iter().find(|f| head.starts_with(f.magic)) {
            return Self::Foreign(foreign);
        }
        match head {
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Self::Zip,
            [b'P', b'K', 7, 8, b'P', b'K', ..] => Self::Zip,
            _ if head.starts_with(b"ElfFile\0") => Self::Events,
            _ if is_tar(head) => Self::Tar,
            _ => Self::Text,
        }
    }
}

/// By the checksum of its first header, which the oldest tars have, too.
fn is_tar(head: &[u8]) -> bool {
    const CHECKSUM: std::ops::Range<usize> = 148..156;
    let (Some(header), Some(stated)) = (head.get(..512), head.get(CHECKSUM)) else {
        return false;
    };
    let digits: Vec<u8> = stated
        .iter()
        .copied()
        .skip_while(|b| *b == b' ')
        .take_while(u8::is_ascii_digit)
        .collect();
    let stated = std::str::from_utf8(&digits)
        .ok()
        .and_then(|d| u32::from_str_radix(d, 8).ok());
    let sum = header.iter().enumerate().map(|(n, b)| {
        // The checksum counts itself as blanks.
        u32::from(if CHECKSUM.contains(&n) { b' ' } else { *b })
    });
    stated == Some(sum.sum()) && header.first().is_some_and(|b| *b != 0)
}

#[cfg(test)]
mod tests {
    use super::{Compression, Kind};

    #[test]
    fn text_is_not_taken_for_anything_else() {
        for text in [
            &b"BZh9 is where the queue stopped"[..],
            b"PK was dropped from the table\n",
            b"GIF images are served again",
            b"",
            &[b'0'; 512],
            &[0; 1024],
        ] {
            let text = &text[..text.len().min(600)];
            let kind = Kind::of(text);
            let is_text = matches!(kind, Kind::Text);
            assert!(is_text, "{:?}", String::from_utf8_lossy(text));
        }
        let gzip = Kind::of(&[0x1f, 0x8b, 8, 0]);
        assert!(matches!(gzip, Kind::Compressed(Compression::Gzip)));
    }
}
