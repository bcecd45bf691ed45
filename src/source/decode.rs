//! Undoing compression and encodings: what comes out is kept in an unnamed temporary
//! file, so that both passes can read it at any place and memory stays flat.

use super::Text;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

/// A text and how it was got at.
pub(super) struct Decoded {
    pub(super) text: Text,
    /// What was undone.
    pub(super) undone: Vec<&'static str>,
    /// When the innermost file was compressed, in seconds since the epoch.
    pub(super) packed: Option<i64>,
}

/// Layers of compression that are undone before it is called a bomb.
const LAYERS: usize = 3;

/// The text of an opened file.
pub(super) fn decode(mut file: File) -> io::Result<Decoded> {
    let mut undone = Vec::new();
    let mut packed = None;
    loop {
        let head = head(&mut file)?;
        let Some(compression) = Compression::of(&head) else {
            break;
        };
        if undone.len() == LAYERS {
            return Err(io::Error::other("compressed more than three times over"));
        }
        undone.push(compression.name());
        packed = compression.packed(&head).or(packed);
        file = spool(compression.reader(file)?)?;
    }
    if let Some((encoding, name)) = encoding(&head(&mut file)?) {
        undone.push(name);
        file = transcode(file, encoding)?;
    }
    Ok(Decoded {
        text: Text::new(file)?,
        undone,
        packed,
    })
}

/// The text of standard input or another stream.
pub(super) fn decode_stream(stream: impl Read) -> io::Result<Decoded> {
    decode(spool(stream)?)
}

fn head(file: &mut File) -> io::Result<Vec<u8>> {
    file.rewind()?;
    let mut head = Vec::with_capacity(1024);
    file.take(1024).read_to_end(&mut head)?;
    file.rewind()?;
    Ok(head)
}

#[derive(Clone, Copy)]
enum Compression {
    Gzip,
    Zstd,
    Bzip2,
    Xz,
}

impl Compression {
    /// By the magic numbers of RFC 1952, RFC 8878, the bzip2 and the xz file formats.
    fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, 0x08, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            [
                b'B',
                b'Z',
                b'h',
                b'1'..=b'9',
                0x31,
                0x41,
                0x59,
                0x26,
                0x53,
                0x59,
                ..,
            ] => Some(Self::Bzip2),
            [0xfd, b'7', b'z', b'X', b'Z', 0x00, ..] => Some(Self::Xz),
            _ => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
        }
    }

    /// The modification time that a gzip header keeps of the original, or the time of compression
    /// (RFC 1952, MTIME); 0 means that there is none.
    fn packed(self, head: &[u8]) -> Option<i64> {
        let (Self::Gzip, Some(mtime)) = (self, head.get(4..8)) else {
            return None;
        };
        let seconds = u32::from_le_bytes(mtime.try_into().ok()?);
        (seconds > 0).then_some(i64::from(seconds))
    }

    fn reader(self, file: File) -> io::Result<Box<dyn Read>> {
        let file = BufReader::with_capacity(1 << 20, file);
        Ok(match self {
            Self::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(file)),
            Self::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(file)?),
            Self::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(file)),
            Self::Xz => Box::new(liblzma::bufread::XzDecoder::new_multi_decoder(file)),
        })
    }
}

/// Copies a stream to an unnamed temporary file. A stream that breaks off keeps what came
/// before: half a log is worth reading. The caller is told only when nothing came.
fn spool(mut stream: impl Read) -> io::Result<File> {
    let mut out = BufWriter::with_capacity(1 << 20, tempfile::tempfile()?);
    let mut buffer = vec![0; 1 << 18];
    let mut any = false;
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => {
                out.write_all(&buffer[..n])?;
                any = true;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) if !any => return Err(e),
            Err(_) => break,
        }
    }
    let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

/// A byte order mark, or the zero bytes that Latin text leaves in UTF-16 without one.
fn encoding(head: &[u8]) -> Option<(&'static Encoding, &'static str)> {
    match head {
        [0xff, 0xfe, ..] => Some((UTF_16LE, "utf-16le")),
        [0xfe, 0xff, ..] => Some((UTF_16BE, "utf-16be")),
        [0xef, 0xbb, 0xbf, ..] => Some((UTF_8, "utf-8 byte order mark")),
        [a, 0, b, 0, c, 0, ..] if [a, b, c].iter().all(|x| **x != 0) => {
            Some((UTF_16LE, "utf-16le"))
        }
        [0, a, 0, b, 0, c, ..] if [a, b, c].iter().all(|x| **x != 0) => {
            Some((UTF_16BE, "utf-16be"))
        }
        _ => None,
    }
}

fn transcode(file: File, encoding: &'static Encoding) -> io::Result<File> {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut input = BufReader::with_capacity(1 << 20, file);
    let mut out = BufWriter::with_capacity(1 << 20, tempfile::tempfile()?);
    let (mut raw, mut text) = (vec![0; 1 << 16], vec![0; 1 << 18]);
    loop {
        let n = input.read(&mut raw)?;
        // Each byte becomes at most three, so `text` always takes all of `raw`.
        let (_, _, written, _) = decoder.decode_to_utf8(&raw[..n], &mut text, n == 0);
        out.write_all(&text[..written])?;
        if n == 0 {
            break;
        }
    }
    let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}
