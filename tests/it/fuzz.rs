//! A short while of what `fuzz/` does for long: any bytes against every reader.

use recon_fuzz::corpus::corpus;
use recon_fuzz::random::Random;
use recon_fuzz::{TARGETS, Target};
use std::path::Path;

/// Runs of all targets together, by their shares: seconds, not minutes.
const RUNS: u64 = 200_000;
/// Any will do; the same one gives the same runs.
const SEED: u64 = 7;

#[test]
fn no_bytes_make_a_reader_panic() {
    let faults: Vec<String> = TARGETS.iter().filter_map(first_fault).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn first_fault(target: &Target) -> Option<String> {
    let all: u64 = TARGETS.iter().map(|t| t.share).sum();
    (0..(RUNS * target.share).div_ceil(all)).find_map(|run| {
        let bytes = (target.make)(corpus(), &mut Random::of_run(SEED, run));
        let ended = std::panic::catch_unwind(|| (target.run)(&bytes));
        let bytes = bytes.escape_ascii();
        ended
            .err()
            .map(|_| format!("{} run {run} on b\"{bytes}\"", target.name))
    })
}

#[test]
fn every_target_has_its_file_for_cargo_fuzz() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("fuzz/fuzz_targets")
        .map(|e| e.expect("an entry").path())
        .filter_map(|p| Some(p.file_stem()?.to_str()?.to_owned()))
        .collect();
    files.sort();
    let names: Vec<_> = TARGETS.iter().map(|t| t.name).collect();
    assert_eq!(files, names);
}
