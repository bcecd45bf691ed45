//! What inputs are made of: the samples of every format, what they were detected as, and their words.

use crate::random::Random;
use recon_parsers::format::Layout;
use recon_parsers::formats::FORMATS;
use recon_parsers::{Detected, detect, entries};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// A sample.
pub struct Sample {
    /// The place of its format.
    pub format: usize,
    /// What is in it.
    pub text: Vec<u8>,
    /// What its format learns from it.
    pub layout: Layout,
    /// How it is read.
    pub found: Detected,
    /// Where its lines begin.
    lines: Vec<usize>,
}

/// All samples, and what their entries and people's utterances say.
pub struct Corpus {
    /// The samples of the formats, in the order of the formats.
    pub samples: Vec<Sample>,
    /// Messages and utterances.
    pub words: Vec<String>,
}

/// The corpus, read once.
#[must_use]
pub fn corpus() -> &'static Corpus {
    static CORPUS: LazyLock<Corpus> = LazyLock::new(Corpus::read);
    &CORPUS
}

impl Corpus {
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut samples = Vec::new();
        for (n, format) in FORMATS.iter().enumerate() {
            let folder = root.join("samples/formats").join(format.name);
            let mut paths: Vec<_> = fs::read_dir(folder)
                .map(|all| all.filter_map(|e| Some(e.ok()?.path())).collect())
                .unwrap_or_default();
            // The order of a folder is not the same everywhere; runs are.
            paths.sort();
            let expected = |p: &Path| p.to_string_lossy().ends_with("expected.jsonl");
            let texts = paths
                .iter()
                .filter(|p| !expected(p))
                .filter_map(|p| fs::read(p).ok());
            samples.extend(texts.map(|text| Sample::new(n, text)));
        }
        let mut words: Vec<String> = samples.iter().flat_map(Sample::messages).collect();
        let utterances = fs::read_to_string(root.join("src/lexicon/utterances.tsv"));
        words.extend(utterances.unwrap_or_default().lines().map(str::to_owned));
        Self { samples, words }
    }

    /// A sample; every format as often as any other.
    #[must_use]
    pub fn sample(&self, random: &mut Random) -> Option<&Sample> {
        let format = random.below(FORMATS.len());
        let from = self.samples.partition_point(|s| s.format < format);
        let to = self.samples.partition_point(|s| s.format <= format);
        random.pick(self.samples.get(from..to).unwrap_or_default())
    }

    /// The place of a sample of this format; any if it has none.
    #[must_use]
    pub fn first_of(&self, format: usize) -> Option<&Sample> {
        let at = self.samples.partition_point(|s| s.format < format);
        self.samples.get(at).or(self.samples.first())
    }
}

impl Sample {
    fn new(format: usize, text: Vec<u8>) -> Self {
        let breaks = text.iter().enumerate().filter(|(_, b)| **b == b'\n');
        let starts = breaks.map(|(n, _)| n + 1).filter(|n| *n < text.len());
        Self {
            format,
            lines: std::iter::once(0).chain(starts).collect(),
            layout: FORMATS
                .get(format)
                .map(|f| f.layout(&text))
                .unwrap_or_default(),
            found: detect(&text, &[]),
            text,
        }
    }

    /// Up to `most` lines that follow each other.
    #[must_use]
    pub fn piece(&self, random: &mut Random, most: usize) -> &[u8] {
        let first = random.below(self.lines.len());
        let after = first + 1 + random.below(most);
        let from = self.lines.get(first).copied().unwrap_or_default();
        let to = self.lines.get(after).copied().unwrap_or(self.text.len());
        let piece = self.text.get(from..to).unwrap_or_default();
        piece.strip_suffix(b"\n").unwrap_or(piece)
    }

    fn messages(&self) -> Vec<String> {
        let mut said = Vec::new();
        entries::entries(&self.text, 0..self.text.len(), &self.found, &mut |entry| {
            said.extend(entry.records.iter().map(|r| r.message.to_string()));
        });
        said
    }
}
