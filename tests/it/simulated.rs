//! Incidents drawn by the simulator: what recon must tell of them at the least.
//!
//! `cargo run -p recon-simulator --bin score -- target/debug/recon` prints the same for as many
//! as one likes; the floors here are below what it shows, so that a few bundles cannot fail by
//! chance of the draw, but no rule can break unseen.

use super::util::recon;
use recon_simulator::table::Table;
use recon_simulator::{Kind, draw, judge};

/// The seed of each kind's bundle.
const SEED: u64 = 21;
/// The share that each check reaches at least, in percent.
const FLOORS: [(&str, f64); 16] = [
    ("count", 95.0),
    ("start", 85.0),
    ("detected", 90.0),
    ("acked", 90.0),
    ("escalated", 85.0),
    ("identified", 85.0),
    ("fix", 85.0),
    ("mitigated", 85.0),
    ("resolved", 90.0),
    ("lead", 80.0),
    ("ruled-out", 80.0),
    ("culprit", 90.0),
    ("cause-top3", 85.0),
    ("cause-first", 75.0),
    ("users", 80.0),
    ("failed", 80.0),
];

#[test]
fn drawn_incidents_are_told() {
    let (even, odd): (Vec<Kind>, Vec<Kind>) = Kind::ALL
        .into_iter()
        .partition(|k| (*k as usize).is_multiple_of(2));
    let mut table = Table::default();
    std::thread::scope(|scope| {
        let halves = [even, odd].map(|kinds| {
            scope.spawn(move || {
                kinds
                    .into_iter()
                    .map(|k| (k, checks(k)))
                    .collect::<Vec<_>>()
            })
        });
        for half in halves {
            for (kind, checks) in half.join().expect("no panic while judging") {
                table.add(kind, checks);
            }
        }
    });
    let short: Vec<String> = FLOORS
        .iter()
        .filter_map(|(name, floor)| {
            let share = table.share(name).expect("something to check");
            (share < *floor).then(|| format!("{name}: {share:.1} %, at least {floor} %"))
        })
        .collect();
    assert!(short.is_empty(), "{}\n{}", short.join("\n"), table.render());
}

fn checks(kind: Kind) -> Vec<judge::Check> {
    let bundle = draw(kind, SEED);
    let folder = super::util::scratch();
    bundle.write(folder.path()).expect("a writable folder");
    let output = recon()
        .current_dir(folder.path())
        .args([
            ".", "--window", "auto", "--format", "json", "--quiet", "-j", "1",
        ])
        .output()
        .expect("recon starts");
    let report = serde_json::from_slice(&output.stdout).expect("a report");
    judge::judge(&bundle.truth, &report)
}

/// The same seed is the same bundle, to the byte; another is not.
#[test]
fn a_seed_is_a_bundle() {
    let one = draw(Kind::Overlap, SEED);
    assert_eq!(one.files, draw(Kind::Overlap, SEED).files);
    assert_ne!(one.files, draw(Kind::Overlap, SEED + 1).files);
}
