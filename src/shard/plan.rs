//! The plan: one row of JSON for what holds for all shards, then one a shard.

use super::Place;
use super::fingerprint::sha256;
use super::origin::Origin;
use crate::cite::FileId;
use crate::config::Config;
use crate::ingest::{Declared, FilePlan, FrozenPlan};
use crate::source::{Library, Memory, Unread};
use crate::survey::Settling;
use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The name and the version of what is written.
const SCHEMA: &str = "recon.plan/1";
/// The version that counts: another may read a line differently.
const RECON: &str = env!("CARGO_PKG_VERSION");

/// What holds for all shards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Name and version of the plan's form.
    pub schema: String,
    /// The version of recon that made it.
    pub recon: String,
    /// Rows that follow.
    pub shards: u32,
    /// Inputs, numbered from 0.
    pub inputs: u32,
    /// Bytes of all their texts.
    pub text_bytes: u64,
    /// Bytes that are read at a time.
    pub chunk: u64,
    /// Bytes that inputs may unpack to.
    pub unpack_limit: u64,
    /// Bytes that what is kept of them may take; as usual if not said.
    #[serde(default, skip_serializing_if = "Memory::is_usual")]
    pub memory: Memory,
    /// What of the plan has been settled by the partials of an earlier one.
    pub settled: Settling,
    /// The files of settings, with what stands in them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<(String, String)>,
    /// What could not be read, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Unread>,
}

/// A shard: pieces of inputs, and all that is needed to read them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its number, from 0.
    pub shard: u32,
    /// What it reads.
    pub texts: Vec<Piece>,
}

/// A piece of an input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    /// The number of the input.
    pub input: u32,
    /// The input, as it is cited.
    pub path: String,
    /// The file on disk that it is or is in.
    pub origin: Origin,
    /// Bytes on disk, or in the archive.
    pub bytes: u64,
    /// Compression and encodings that are undone.
    pub wrapped: Vec<String>,
    /// Bytes of the whole text, decompressed and as UTF-8.
    pub text_bytes: u64,
    /// First byte of the text that is the shard's.
    pub start: u64,
    /// First byte that is not.
    pub end: u64,
    /// How the input is read.
    pub reading: FrozenPlan,
}

/// Where inputs are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cuts {
    /// Bytes of a shard, about.
    pub shard: u64,
    /// Bytes of a chunk: a shard that is a part of a text is a whole number of them.
    pub chunk: u64,
}

/// A plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What holds for all shards.
    pub header: Header,
    /// The shards, in order.
    pub rows: Vec<Row>,
}

impl Plan {
    /// The plan to read these inputs.
    pub fn of(
        library: &Library,
        plans: &[FilePlan],
        unread: &[Unread],
        config: &Config,
        unpack_limit: u64,
        cuts: Cuts,
    ) -> Result<Self> {
        let cuts = Cuts {
            chunk: cuts.chunk.max(1024),
            shard: cuts.shard.max(1),
        };
        let mut origins: BTreeMap<&Path, Origin> = BTreeMap::new();
        let mut pieces = Vec::new();
        let mut text_bytes = 0;
        for (plan, (file, input)) in plans.iter().zip(library.iter()) {
            if input.file.as_os_str() == "-" {
                bail!(
                    "standard input can be read once only, by one process; write it to a file and \
                     plan that"
                );
            }
            if !origins.contains_key(input.file.as_path()) {
                let origin = Origin::of(Path::new(""), &input.file)
                    .with_context(|| format!("cannot plan {}", input.file.display()))?;
                origins.insert(&input.file, origin);
            }
            let Some(origin) = origins.get(input.file.as_path()) else {
                continue;
            };
            text_bytes += input.text.len();
            pieces.push(Piece {
                input: file.0,
                path: input.path.clone(),
                origin: origin.clone(),
                bytes: input.bytes,
                wrapped: input.wrapped.iter().map(|w| (*w).to_owned()).collect(),
                text_bytes: input.text.len(),
                start: 0,
                end: input.text.len(),
                reading: plan.freeze(),
            });
        }
        let inputs = u32::try_from(pieces.len())?;
        let rows = rows(pieces, cuts);
        Ok(Self {
            header: Header {
                schema: SCHEMA.to_owned(),
                recon: RECON.to_owned(),
                shards: u32::try_from(rows.len())?,
                inputs,
                text_bytes,
                chunk: cuts.chunk,
                unpack_limit,
                memory: library.memory(),
                settled: Settling::default(),
                settings: config.texts(),
                unread: unread.to_vec(),
            },
            rows,
        })
    }

    /// The plan as it is written: a line of JSON a row.
    pub fn text(&self) -> Result<String> {
        let mut text = serde_json::to_string(&self.header)? + "\n";
        for row in &self.rows {
            text += &serde_json::to_string(row)?;
            text.push('\n');
        }
        Ok(text)
    }

    /// The plan in a file.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the plan {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("{} is no plan of recon", path.display()))
    }

    fn parse(text: &str) -> Result<Self> {
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        let header: Header = serde_json::from_str(first).context("line 1")?;
        ensure!(
            header.schema == SCHEMA,
            "line 1: it says `{}`, and this recon reads `{SCHEMA}`",
            header.schema
        );
        ensure!(
            header.recon == RECON,
            "it was made by recon {}, and this is {RECON}, which may read the same line \
             differently; use that version, or plan again",
            header.recon
        );
        let rows = lines
            .enumerate()
            .map(|(n, line)| serde_json::from_str(line).with_context(|| format!("line {}", n + 2)))
            .collect::<Result<Vec<Row>>>()?;
        let plan = Self { header, rows };
        plan.check()?;
        Ok(plan)
    }

    /// Whether every byte of every input is in one shard.
    fn check(&self) -> Result<()> {
        let shards = self.header.shards as usize;
        ensure!(
            self.rows.len() == shards,
            "it has {} of {shards} shards; was it cut short?",
            self.rows.len()
        );
        let mut next = (0, 0);
        let mut len = 0;
        for (n, row) in self.rows.iter().enumerate() {
            ensure!(
                row.shard as usize == n,
                "line {}: shard {} stands where shard {n} belongs",
                n + 2,
                row.shard
            );
            for piece in &row.texts {
                if piece.start == 0 && next.1 == len && piece.input == next.0 {
                    (next, len) = ((next.0 + 1, 0), piece.text_bytes);
                }
                let fits = piece.input + 1 == next.0
                    && piece.start == next.1
                    && (piece.start..=len).contains(&piece.end)
                    && piece.text_bytes == len
                    && (piece.end == len || piece.end % self.header.chunk == 0);
                ensure!(
                    fits,
                    "line {}: bytes {} to {} of {} do not follow on what the shards before have",
                    n + 2,
                    piece.start,
                    piece.end,
                    piece.path
                );
                next.1 = piece.end;
            }
        }
        ensure!(
            next == (self.header.inputs, len),
            "its shards do not hold all of its inputs"
        );
        Ok(())
    }

    /// The shard of this number.
    pub fn row(&self, shard: u32) -> Result<&Row> {
        let row = self.rows.get(shard as usize);
        row.with_context(|| match self.header.shards {
            0 => format!("there is no shard {shard}: the plan has none"),
            n => format!("there is no shard {shard}: the plan has 0 to {}", n - 1),
        })
    }

    /// What a partial of a shard depends on, besides its bytes: another row of another plan may
    /// say the same.
    pub fn fingerprint(&self, row: &Row) -> Result<String> {
        let header = &self.header;
        let all = (
            &header.schema,
            &header.recon,
            header.text_bytes,
            header.chunk,
            &header.settings,
            &header.memory,
        );
        Ok(sha256(&[
            &serde_json::to_vec(&all)?,
            &serde_json::to_vec(row)?,
        ]))
    }

    /// The formats that are declared in its settings.
    pub fn declared(&self) -> Result<Vec<Declared>> {
        Ok(Config::of(&self.header.settings)?.formats)
    }

    /// One piece of each input, in order.
    pub fn inputs(&self) -> impl Iterator<Item = &Piece> {
        let pieces = self.rows.iter().flat_map(|row| &row.texts);
        pieces.filter(|piece| piece.start == 0)
    }

    /// Freezes how the inputs at these places are read from now on.
    pub(super) fn replan(&mut self, plans: &[FilePlan]) {
        let frozen: BTreeMap<FileId, FrozenPlan> =
            plans.iter().map(|p| (p.file, p.freeze())).collect();
        for piece in self.rows.iter_mut().flat_map(|row| &mut row.texts) {
            if let Some(reading) = frozen.get(&FileId(piece.input)) {
                piece.reading = reading.clone();
            }
        }
    }
}

impl Piece {
    /// Whether its text has other places than its file: it can be read from its beginning only.
    #[must_use]
    pub fn is_packed(&self) -> bool {
        const IN_PLACE: [&str; 2] = ["utf-8 byte order mark", "leading zero bytes"];
        let in_place = |w: &String| IN_PLACE.contains(&w.as_str());
        self.path.contains("!/") || !self.wrapped.iter().all(in_place)
    }
}

impl Row {
    /// Whether the files that the shard reads are those that were planned.
    pub(super) fn check(&self, place: Place<'_>, quickly: bool) -> Result<()> {
        let mut last: Option<&Origin> = None;
        for piece in &self.texts {
            if last != Some(&piece.origin) {
                let checked = if quickly {
                    piece.origin.check_quickly(place)
                } else {
                    piece.origin.check(place)
                };
                checked.map_err(anyhow::Error::msg)?;
            }
            last = Some(&piece.origin);
        }
        Ok(())
    }
}

/// The shards: small files together, all that is unpacked from one file together, and large files
/// that can be cut in several.
fn rows(pieces: Vec<Piece>, cuts: Cuts) -> Vec<Row> {
    let step = cuts.shard.div_ceil(cuts.chunk).max(1);
    let step = step.saturating_mul(cuts.chunk);
    let mut shards: Vec<Vec<Piece>> = Vec::new();
    let mut open = 0;
    for piece in pieces {
        if !piece.is_packed() && piece.reading.is_lines() && piece.text_bytes > step {
            let mut start = 0;
            while start < piece.text_bytes {
                let end = piece.text_bytes.min(start.saturating_add(step));
                let piece = Piece {
                    start,
                    end,
                    ..piece.clone()
                };
                shards.push(vec![piece]);
                start = end;
            }
            open = step;
            continue;
        }
        let same = |shard: &Vec<Piece>| shard.last().is_some_and(|p| p.origin == piece.origin);
        let fits = piece.text_bytes.saturating_add(open) <= step;
        match shards.last_mut() {
            // An archive is unpacked once, however large.
            Some(shard) if same(shard) || fits => {
                open += piece.text_bytes;
                shard.push(piece);
            }
            _ => {
                open = piece.text_bytes;
                shards.push(vec![piece]);
            }
        }
    }
    let rows = (0..).zip(shards);
    rows.map(|(shard, texts)| Row { shard, texts }).collect()
}
