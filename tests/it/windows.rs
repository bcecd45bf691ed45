//! Windows event logs as Windows writes them: a file is built byte by byte, read by the real
//! binary, and cited by the number of the record.

use super::containers::events;
use super::util::{put, scratch};
use flate2::Crc;
use serde_json::Value;

/// Where the records of a chunk begin, behind its header and its tables of names.
const RECORDS: usize = 512;
const CHUNK: usize = 65_536;

/// An element of binary XML: a name, attributes, and either text or children.
enum Node {
    Leaf(
        &'static str,
        &'static [(&'static str, &'static str)],
        &'static str,
    ),
    Branch(&'static str, Vec<Node>),
}
use Node::{Branch, Leaf};

fn disk(time: &'static [(&'static str, &'static str)], device: &'static str) -> Node {
    Branch(
        "Event",
        vec![
            Branch(
                "System",
                vec![
                    Leaf("Provider", &[("Name", "volguard")], ""),
                    Leaf("EventID", &[], "31"),
                    Leaf("Level", &[], "2"),
                    Leaf("TimeCreated", time, ""),
                    Leaf("Computer", &[], "fs-02.corp.example"),
                ],
            ),
            Branch(
                "EventData",
                vec![Leaf("Data", &[("Name", "Device")], device)],
            ),
        ],
    )
}

/// A chunk while it is written: names and sizes are offsets from its first byte.
struct Chunk(Vec<u8>);

impl Chunk {
    fn utf16(&mut self, text: &str) {
        let units: Vec<u16> = text.encode_utf16().collect();
        self.0
            .extend(u16::try_from(units.len()).expect("short").to_le_bytes());
        self.0.extend(units.iter().flat_map(|u| u.to_le_bytes()));
    }

    /// A name where it is used: its own offset, no next name, a hash that nobody asks for.
    fn name(&mut self, name: &str) {
        let at = u32::try_from(self.0.len() + 4).expect("within a chunk");
        self.0.extend(at.to_le_bytes());
        self.0.extend([0; 6]);
        self.utf16(name);
        self.0.extend([0; 2]);
    }

    /// A text value.
    fn text(&mut self, text: &str) {
        self.0.extend([0x05, 0x01]);
        self.utf16(text);
    }

    /// Four bytes for a size that `sized` fills in.
    fn size(&mut self) -> usize {
        self.0.extend([0; 4]);
        self.0.len()
    }

    fn sized(&mut self, from: usize) {
        let size = u32::try_from(self.0.len() - from).expect("within a chunk");
        self.0[from - 4..from].copy_from_slice(&size.to_le_bytes());
    }

    fn node(&mut self, node: &Node) {
        let (name, attributes): (_, &[_]) = match node {
            Leaf(name, attributes, _) => (*name, *attributes),
            Branch(name, _) => (*name, &[]),
        };
        self.0.push(if attributes.is_empty() { 0x01 } else { 0x41 });
        let whole = self.size();
        self.name(name);
        if !attributes.is_empty() {
            let list = self.size();
            for (n, (name, value)) in attributes.iter().enumerate() {
                self.0.push(if n + 1 == attributes.len() {
                    0x06
                } else {
                    0x46
                });
                self.name(name);
                self.text(value);
            }
            self.sized(list);
        }
        match node {
            Leaf(_, _, "") => self.0.push(0x03),
            Leaf(_, _, text) => {
                self.0.push(0x02);
                self.text(text);
                self.0.push(0x04);
            }
            Branch(_, children) => {
                self.0.push(0x02);
                children.iter().for_each(|c| self.node(c));
                self.0.push(0x04);
            }
        }
        self.sized(whole);
    }

    fn record(&mut self, id: u64, event: &Node) {
        let from = self.0.len();
        self.0.extend(b"**\0\0");
        self.0.extend([0; 4]);
        self.0.extend(id.to_le_bytes());
        self.0.extend([0; 8]);
        self.0.extend([0x0f, 0x01, 0x01, 0x00]);
        self.node(event);
        self.0.push(0x00);
        let size = u32::try_from(self.0.len() + 4 - from).expect("within a chunk");
        self.0[from + 4..from + 8].copy_from_slice(&size.to_le_bytes());
        self.0.extend(size.to_le_bytes());
    }
}

fn crc(parts: &[&[u8]]) -> [u8; 4] {
    let mut crc = Crc::new();
    parts.iter().for_each(|p| crc.update(p));
    crc.sum().to_le_bytes()
}

/// A file of one chunk. <https://github.com/libyal/libevtx/blob/main/documentation>
fn evtx(records: &[Node]) -> Vec<u8> {
    let count = records.len() as u64;
    let mut chunk = Chunk(vec![0; RECORDS]);
    let mut last = RECORDS;
    for (id, event) in (1..).zip(records) {
        last = chunk.0.len();
        chunk.record(id, event);
    }
    let mut bytes = chunk.0;
    let free = bytes.len();
    bytes[..8].copy_from_slice(b"ElfChnk\0");
    for (at, number) in [(8, 1), (16, count), (24, 1), (32, count)] {
        bytes[at..at + 8].copy_from_slice(&u64::to_le_bytes(number));
    }
    for (at, number) in [(40, 128), (44, last), (48, free)] {
        bytes[at..at + 4].copy_from_slice(&u32::try_from(number).expect("small").to_le_bytes());
    }
    let sum = crc(&[&bytes[RECORDS..]]);
    bytes[52..56].copy_from_slice(&sum);
    let sum = crc(&[&bytes[..120], &bytes[128..RECORDS]]);
    bytes[124..128].copy_from_slice(&sum);
    bytes.resize(CHUNK, 0);

    let mut file = vec![0; 4096];
    file[..8].copy_from_slice(b"ElfFile\0");
    file[24..32].copy_from_slice(&(count + 1).to_le_bytes());
    for (at, number) in [(32, 128_u16), (36, 1), (38, 3), (40, 4096), (42, 1)] {
        file[at..at + 2].copy_from_slice(&number.to_le_bytes());
    }
    let sum = crc(&[&file[..120]]);
    file[124..128].copy_from_slice(&sum);
    file.extend(bytes);
    file
}

fn two() -> [Node; 2] {
    [
        disk(
            &[("SystemTime", "2024-03-05T07:12:44.5000000Z")],
            "volume 7",
        ),
        disk(
            &[("SystemTime", "2024-03-05T07:12:49.0000000Z")],
            "volume 9",
        ),
    ]
}

#[test]
fn records_are_read_and_cited_by_their_number() {
    let folder = scratch();
    let path = put(&folder, "System.evtx", evtx(&two()));
    let ran = events(&[&path]);
    let read: Vec<Value> = ran
        .stdout
        .lines()
        .map(|l| serde_json::from_str(l).expect("JSON"))
        .collect();
    let told: Vec<_> = read
        .iter()
        .map(|e| {
            (
                e["time"].as_str(),
                e["level"].as_str(),
                e["source"]["line"].as_u64(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some("2024-03-05T07:12:44.5000000Z"), Some("error"), Some(1)),
            (Some("2024-03-05T07:12:49.0000000Z"), Some("error"), Some(2)),
        ],
        "{ran:?}"
    );
    assert_eq!(read[0]["service"], "volguard");
    assert!(
        read[1]["message"]
            .as_str()
            .is_some_and(|m| m.contains("volume 9"))
    );
}

#[test]
fn a_file_that_ends_in_the_middle_of_a_chunk_is_told_of() {
    let folder = scratch();
    let whole = evtx(&two());
    let path = put(&folder, "System.evtx", &whole[..4096 + RECORDS + 100]);
    let ran = events(&[&path]);
    assert!(ran.stderr.contains("System.evtx"), "{ran:?}");
}
