//! Encodings of text other than UTF-8.

use encoding_rs::{Decoder, Encoding, UTF_16BE, UTF_16LE};
use std::io::{self, Read};

/// UTF-8's byte order mark.
pub(super) const BOM: &[u8] = &[0xef, 0xbb, 0xbf];

/// A byte order mark, or the zero bytes that Latin text leaves in UTF-16 without one.
pub(super) fn encoding(head: &[u8]) -> Option<(&'static Encoding, &'static str)> {
    match head {
        [0xff, 0xfe, ..] => Some((UTF_16LE, "utf-16le")),
        [0xfe, 0xff, ..] => Some((UTF_16BE, "utf-16be")),
        [a, 0, b, 0, c, 0, ..] if [a, b, c].iter().all(|x| **x != 0) => {
            Some((UTF_16LE, "utf-16le"))
        }
        [0, a, 0, b, 0, c, ..] if [a, b, c].iter().all(|x| **x != 0) => {
            Some((UTF_16BE, "utf-16be"))
        }
        _ => None,
    }
}

/// A stream of another encoding as UTF-8.
pub(super) struct Transcoder<R> {
    stream: R,
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: Read> Transcoder<R> {
    pub(super) fn new(stream: R, encoding: &'static Encoding) -> Self {
        Self {
            stream,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; 1 << 16],
            text: Vec::new(),
            given: 0,
            ended: false,
        }
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.ended {
            let n = self.stream.read(&mut self.raw)?;
            self.ended = n == 0;
            // Each byte becomes at most three, and a few wait from the last time.
            self.text.resize(3 * n + 16, 0);
            let raw = self.raw.get(..n).unwrap_or_default();
            let (.., written, _) = self.decoder.decode_to_utf8(raw, &mut self.text, self.ended);
            self.text.truncate(written);
            self.given = 0;
        }
        let mut left = self.text.get(self.given..).unwrap_or_default();
        let done = left.read(buffer)?;
        self.given += done;
        Ok(done)
    }
}
