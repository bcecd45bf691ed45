//! Streams that undo compression, through every member of a file that was written in several.

use std::io::{self, BufRead, BufReader, Read};

/// A compression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    Gzip,
    Zstd,
    Bzip2,
    Xz,
    Lz4,
}

/// Bytes that an xz dictionary may take: ten times what `xz -9` asks for.
const DICTIONARY: u64 = 768 << 20;
/// Bytes of compressed input read at a time.
const BUFFER: usize = 256 * 1024;

impl Compression {
    /// By the magic numbers of RFC 1952, RFC 8878, the bzip2, xz and LZ4 frame formats.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        const BZIP2_BLOCK: &[u8] = &[0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
        match head {
            [0x1f, 0x8b, 0x08, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..] if rest.starts_with(BZIP2_BLOCK) => {
                Some(Self::Bzip2)
            }
            [0xfd, b'7', b'z', b'X', b'Z', 0x00, ..] => Some(Self::Xz),
            [0x04, 0x22, 0x4d, 0x18, ..] => Some(Self::Lz4),
            _ => None,
        }
    }

    /// The modification time that a gzip header keeps of the original, in seconds since the epoch
    /// (RFC 1952, MTIME); 0 means that there is none.
    pub(super) fn packed(self, head: &[u8]) -> Option<i64> {
        let (Self::Gzip, Some(mtime)) = (self, head.get(4..8)) else {
            return None;
        };
        let seconds = u32::from_le_bytes(mtime.try_into().ok()?);
        (seconds > 0).then_some(i64::from(seconds))
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Lz4 => "lz4",
        }
    }

    pub(super) fn reader<'r>(self, stream: impl Read + 'r) -> io::Result<Box<dyn Read + 'r>> {
        let stream = BufReader::with_capacity(BUFFER, stream);
        Ok(match self {
            Self::Gzip => Box::new(Gzip {
                member: Some(flate2::bufread::GzDecoder::new(stream)),
            }),
            Self::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(stream)?),
            Self::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(stream)),
            Self::Xz => {
                let flags = liblzma::stream::CONCATENATED;
                let xz = liblzma::stream::Stream::new_stream_decoder(DICTIONARY, flags)?;
                Box::new(liblzma::bufread::XzDecoder::new_stream(stream, xz))
            }
            Self::Lz4 => Box::new(Lz4(lz4_flex::frame::FrameDecoder::new(stream))),
        })
    }
}

/// gzip members one after the other. Zeros after the last are padding, as of tapes and blocks.
struct Gzip<R> {
    member: Option<flate2::bufread::GzDecoder<R>>,
}

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let done = member.read(buffer)?;
            if done > 0 || buffer.is_empty() {
                return Ok(done);
            }
            let Some(mut rest) = self
                .member
                .take()
                .map(flate2::bufread::GzDecoder::into_inner)
            else {
                break;
            };
            match after_zeros(&mut rest)? {
                None => break,
                Some(0x1f) => self.member = Some(flate2::bufread::GzDecoder::new(rest)),
                Some(_) => return Err(io::Error::other("something that is no gzip follows")),
            }
        }
        Ok(0)
    }
}

/// The first byte that is not zero, still to be read; none at the end.
fn after_zeros(stream: &mut impl BufRead) -> io::Result<Option<u8>> {
    loop {
        let ahead = stream.fill_buf()?;
        if ahead.is_empty() {
            return Ok(None);
        }
        let zeros = ahead.iter().take_while(|b| **b == 0).count();
        let next = ahead.get(zeros).copied();
        stream.consume(zeros);
        if next.is_some() {
            return Ok(next);
        }
    }
}

/// LZ4 frames one after the other.
struct Lz4<R: Read>(lz4_flex::frame::FrameDecoder<R>);

impl<R: BufRead> Read for Lz4<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let done = self.0.read(buffer)?;
            if done > 0 || buffer.is_empty() || self.0.get_mut().fill_buf()?.is_empty() {
                return Ok(done);
            }
        }
    }
}
