//! Windows event logs: records as JSON, one a line, so that line 17 is the 17th record.

use super::spool::Stored;
use super::unpack::{Item, Unpacker};

#[cfg(not(feature = "evtx"))]
impl Unpacker {
    pub(super) fn events(&mut self, item: Item, _: &Stored) {
        let reason = "a Windows event log, and this recon was built without the feature `evtx`; \
                      export it with `evtx_dump -o jsonl FILE` and give that";
        self.leave(&item.path, super::Extent::Whole, reason);
    }
}

#[cfg(feature = "evtx")]
mod with {
    use super::super::spool::Section;
    use super::super::{Extent, Text};
    use super::{Item, Stored, Unpacker};
    use evtx::{EvtxParser, ParserSettings};
    use std::io::{self, Read};

    /// Bytes of the file's header, and of each chunk behind it. The parser passes over what is
    /// less than a chunk without a word.
    const HEADER: u64 = 4096;
    const CHUNK: u64 = 65_536;

    impl Unpacker {
        pub(in super::super) fn events(&mut self, mut item: Item, stored: &Stored) {
            item.wrapped.push("evtx");
            let mut parser = match EvtxParser::from_read_seek(stored.reader()) {
                Ok(parser) => parser.with_configuration(ParserSettings::new().indent(false)),
                Err(e) => return self.leave(&item.path, Extent::Whole, e.to_string()),
            };
            let mut records = Records::of(&mut parser);
            let Some(text) = self.keep(&item, &mut item.budget.meter(&mut records)) else {
                return;
            };
            let damaged = records.damaged;
            if damaged > 0 {
                let reason = format!("{damaged} of its records or chunks are damaged");
                self.leave(&item.path, Extent::Rest, reason);
            }
            let torn = stored.len.saturating_sub(HEADER) % CHUNK;
            if torn > 0 {
                let reason = format!("it ends in the middle of a chunk, {torn} bytes of 64 KiB");
                self.leave(&item.path, Extent::Rest, reason);
            }
            self.put(item, Text::part(text.file, text.from, text.len));
        }
    }

    /// The records of a parser, one line each.
    struct Records<'p> {
        records: Box<dyn Iterator<Item = Option<Vec<u8>>> + 'p>,
        line: io::Cursor<Vec<u8>>,
        damaged: u64,
    }

    impl<'p> Records<'p> {
        fn of(parser: &'p mut EvtxParser<Section>) -> Self {
            let records = parser.records_json_bytes().map(|r| Some(r.ok()?.data));
            Self {
                records: Box::new(records),
                line: io::Cursor::default(),
                damaged: 0,
            }
        }
    }

    impl Read for Records<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            loop {
                let done = self.line.read(buffer)?;
                if done > 0 || buffer.is_empty() {
                    return Ok(done);
                }
                match self.records.next() {
                    None => return Ok(0),
                    Some(None) => self.damaged += 1,
                    Some(Some(mut json)) => {
                        json.retain(|b| *b != b'\n');
                        json.push(b'\n');
                        self.line = io::Cursor::new(json);
                    }
                }
            }
        }
    }
}
