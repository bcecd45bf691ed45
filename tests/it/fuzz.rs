//! A short while of what `fuzz/` does for long: any bytes against every reader.

use recon_fuzz::TARGETS;
use recon_fuzz::corpus::corpus;
use recon_fuzz::random::Random;
use std::path::Path;

/// Runs of all targets together, by their shares: seconds, not minutes.
const RUNS: u64 = 200_000;

#[test]
fn no_bytes_make_a_reader_panic() {
    let all: u64 = TARGETS.iter().map(|t| t.share).sum();
    for target in TARGETS {
        for run in 0..(RUNS * target.share).div_ceil(all) {
            let mut random = Random::of_run(7, run);
            let bytes = (target.make)(corpus(), &mut random);
            let ended = std::panic::catch_unwind(|| (target.run)(&bytes));
            assert!(
                ended.is_ok(),
                "{} run {run} on b\"{}\"",
                target.name,
                bytes.escape_ascii()
            );
        }
    }
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
