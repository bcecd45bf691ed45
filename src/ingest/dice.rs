//! For tests: lines of one outline, with other numbers and ids in them.

use recon_parsers::formats::FORMATS;
use recon_parsers::glance::glancer;

/// Draws numbers; the same seed draws the same.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(0x5851_f42d_4c95_7f2d)
            .wrapping_add(0x1405_7b7e_f767_814f);
        (self.0 >> 33) % n
    }

    /// The line with other digits and ids; `keep` bytes of its beginning, where its time stands, stay as they are.
    fn other(&mut self, line: &str, keep: usize) -> String {
        let all = self.below(9);
        let mut bytes = line.as_bytes().to_vec();
        for word in
            bytes.chunk_by_mut(|a, b| a.is_ascii_alphanumeric() == b.is_ascii_alphanumeric())
        {
            let hex = word.len() >= 8 && word.iter().all(u8::is_ascii_hexdigit);
            let id = hex && word.iter().any(u8::is_ascii_alphabetic);
            for byte in word {
                *byte = match *byte {
                    b'0'..=b'9' if all == 0 => b'0',
                    b'0'..=b'9' if all == 1 => b'9',
                    b'0'..=b'9' => b'0' + self.below(10) as u8,
                    b'a'..=b'f' if id => b'a' + self.below(6) as u8,
                    b'A'..=b'F' if id => b'A' + self.below(6) as u8,
                    other => other,
                };
            }
        }
        let keep = line.floor_char_boundary(keep.min(line.len()));
        bytes[..keep].copy_from_slice(&line.as_bytes()[..keep]);
        String::from_utf8(bytes).expect("only ASCII was changed")
    }

    /// The text, each line followed by others of its outline.
    pub(crate) fn multiplied(&mut self, text: &str, times: u64) -> String {
        let mut all = String::new();
        for line in text.lines() {
            let keep = [0, 24, 32, 48];
            let others = (0..times).map(|n| {
                let keep = keep[self.below(4) as usize];
                if n == 0 {
                    line.to_owned()
                } else {
                    self.other(line, keep)
                }
            });
            let others: Vec<String> = others.collect();
            all.extend(others.iter().flat_map(|line| [line.as_str(), "\n"]));
        }
        all
    }
}

/// The samples of formats that are glanced at.
pub(crate) fn samples() -> impl Iterator<Item = (&'static str, &'static str)> {
    let glanced = FORMATS.iter().filter(|f| glancer(f).is_some());
    glanced.map(|f| (f.name, f.sample))
}
