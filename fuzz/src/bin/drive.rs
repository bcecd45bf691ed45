//! `cargo run --release --manifest-path fuzz/Cargo.toml --bin drive -- --runs N --seed S`
//!
//! Gives targets inputs drawn from a seed and watches for panics, for runs that take too long
//! and for memory. What it finds it shrinks and prints with the number of its run, which
//! `--from NUMBER --runs 1` repeats. Ends with what every target went through.

use recon_fuzz::corpus::corpus;
use recon_fuzz::mutate::USUAL;
use recon_fuzz::random::Random;
use recon_fuzz::{TARGETS, Target};
use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Memory that a run may take for an input of the usual size.
const MEMORY: usize = 64 << 20;
/// A run that takes this long is taken not to end.
const ENDLESS: Duration = Duration::from_secs(60);
/// Runs that shrinking one finding may take.
const TRIES: usize = 4000;

/// Counts what the program has allocated, and the most of it.
struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

fn grown(by: usize) {
    let held = HELD.fetch_add(by, Relaxed) + by;
    if held > PEAK.load(Relaxed) {
        PEAK.fetch_max(held, Relaxed);
    }
}

// SAFETY: every call is passed on to the system's allocator as it is.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        grown(size);
        HELD.fetch_sub(layout.size(), Relaxed);
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What the last panic said and where.
static PANIC: Mutex<String> = Mutex::new(String::new());
/// The run that is under way, for whoever watches that it ends.
static RUN: AtomicU64 = AtomicU64::new(0);

/// Counts what was tried, shrinking included: as long as it rises, nothing hangs.
static TRIED: AtomicU64 = AtomicU64::new(0);

/// What one input came to.
struct Outcome {
    /// What the panic said and where, if there was one.
    panic: Option<String>,
    took: Duration,
    memory: usize,
}

impl Outcome {
    fn of(target: &Target, bytes: &[u8]) -> Self {
        TRIED.fetch_add(1, Relaxed);
        let before = HELD.load(Relaxed);
        PEAK.store(before, Relaxed);
        let start = Instant::now();
        let ended = catch_unwind(AssertUnwindSafe(|| (target.run)(bytes)));
        Self {
            took: start.elapsed(),
            memory: PEAK.load(Relaxed).saturating_sub(before),
            panic: ended
                .err()
                .map(|_| PANIC.lock().map(|p| p.clone()).unwrap_or_default()),
        }
    }

    /// What is wrong: the same words for the same fault.
    fn fault(&self, target: &Target, bytes: &[u8]) -> Option<String> {
        // What an input takes may grow with it, no faster.
        let size = bytes.len().div_ceil(USUAL).max(1);
        let limit = Duration::from_millis(target.millis) * u32::try_from(size).unwrap_or(u32::MAX);
        if let Some(panic) = &self.panic {
            // What is asserted here begins with the name of what fails; other panics with numbers
            // that differ from input to input.
            let words = if panic.contains("src/readers.rs") {
                2
            } else {
                1
            };
            let said: Vec<_> = panic.split(": ").take(words).collect();
            return Some(format!("panic at {}", said.join(": ")));
        }
        if self.memory > MEMORY * size {
            return Some("memory".to_owned());
        }
        if self.took > limit {
            // Others want the processor, too: only the quickest of some tells.
            let again = (0..4).map(|_| Self::of(target, bytes).took).min();
            return again.filter(|t| *t > limit).map(|_| "time".to_owned());
        }
        None
    }
}

/// What a target went through.
#[derive(Default)]
struct Tally {
    runs: u64,
    bytes: u64,
    took: Duration,
    longest: (Duration, u64),
    most: (usize, u64),
    findings: BTreeMap<String, u64>,
}

struct Options {
    runs: u64,
    seed: u64,
    from: u64,
    seconds: u64,
    only: Option<&'static Target>,
}

impl Options {
    fn read() -> Result<Self, String> {
        let mut options = Self {
            runs: 1_000_000,
            seed: 1,
            from: 0,
            seconds: u64::MAX,
            only: None,
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let value = words.next().ok_or(format!("{word} needs a value"))?;
            let number = || {
                value
                    .replace('_', "")
                    .parse()
                    .map_err(|_| format!("{word} {value}: not a number"))
            };
            match word.as_str() {
                "--runs" => options.runs = number()?,
                "--seed" => options.seed = number()?,
                "--from" => options.from = number()?,
                "--seconds" => options.seconds = number()?,
                "--target" => {
                    let names: Vec<_> = TARGETS.iter().map(|t| t.name).collect();
                    let known = recon_fuzz::target(&value);
                    options.only = Some(
                        known.ok_or(format!("no target {value}; there are {}", names.join(" ")))?,
                    );
                }
                _ => {
                    return Err(format!(
                        "unknown {word}: --runs, --seed, --from, --seconds, --target"
                    ));
                }
            }
        }
        Ok(options)
    }
}

/// The bytes without whatever the fault does without.
fn shrunk(target: &Target, bytes: Vec<u8>, fault: &str) -> Vec<u8> {
    let mut best = bytes;
    let (mut step, mut tries) = (best.len() / 2, 0);
    while step > 0 && tries < TRIES {
        let mut at = 0;
        while at < best.len() && tries < TRIES {
            let mut less = best.clone();
            less.drain(at..(at + step).min(less.len()));
            tries += 1;
            if Outcome::of(target, &less).fault(target, &less).as_deref() == Some(fault) {
                best = less;
            } else {
                at += step;
            }
        }
        step /= 2;
    }
    best
}

fn report(target: &Target, seed: u64, run: u64, fault: &str, bytes: Vec<u8>) {
    let len = bytes.len();
    let least = shrunk(target, bytes, fault);
    let outcome = Outcome::of(target, &least);
    println!(
        "FOUND {}: {fault} (seed {seed}, run {run}; {len} bytes, shrunk to {}; {:?}, {} bytes of memory)\n  {}\n  b\"{}\"",
        target.name,
        least.len(),
        outcome.took,
        outcome.memory,
        outcome.panic.unwrap_or_default(),
        least.get(..600).unwrap_or(&least).escape_ascii(),
    );
}

/// What a run tries, and on which target.
fn drawn(options: &Options, run: u64) -> Option<(&'static Target, Vec<u8>)> {
    let all: u64 = TARGETS.iter().map(|t| t.share).sum();
    let mut random = Random::of_run(options.seed, run);
    let mut nth = random.draw() % all;
    let by_share = TARGETS.iter().find(|t| {
        let own = nth < t.share;
        nth = nth.saturating_sub(t.share);
        own
    });
    let target = options.only.or(by_share)?;
    Some((target, (target.make)(corpus(), &mut random)))
}

fn watch(options: &Options) {
    let (mut last, mut since) = (u64::MAX, Instant::now());
    loop {
        std::thread::sleep(Duration::from_secs(1));
        let now = TRIED.load(Relaxed);
        if now != last {
            (last, since) = (now, Instant::now());
        } else if since.elapsed() > ENDLESS {
            let now = RUN.load(Relaxed);
            let (target, bytes) = drawn(options, now).unwrap_or((&TARGETS[0], Vec::new()));
            let bytes = bytes.escape_ascii();
            eprintln!("{}: run {now} does not end: b\"{bytes}\"", target.name);
            std::process::abort();
        }
    }
}

fn drive(options: &Options, tallies: &mut BTreeMap<&'static str, Tally>) {
    let (start, mut told) = (Instant::now(), Instant::now());
    for run in options.from..options.from.saturating_add(options.runs) {
        RUN.store(run, Relaxed);
        let Some((target, bytes)) = drawn(options, run) else {
            continue;
        };
        let outcome = Outcome::of(target, &bytes);
        let tally = tallies.entry(target.name).or_default();
        tally.runs += 1;
        tally.bytes += bytes.len() as u64;
        tally.took += outcome.took;
        tally.longest = tally.longest.max((outcome.took, run));
        tally.most = tally.most.max((outcome.memory, run));
        if let Some(fault) = outcome.fault(target, &bytes) {
            let known = tally.findings.entry(fault.clone()).or_default();
            *known += 1;
            if *known == 1 {
                report(target, options.seed, run, &fault, bytes);
            }
        }
        if run % 1024 == 0 {
            if start.elapsed().as_secs() >= options.seconds {
                break;
            }
            if told.elapsed().as_secs() >= 30 {
                told = Instant::now();
                eprintln!("{}s: run {run}", start.elapsed().as_secs());
            }
        }
    }
}

fn main() -> ExitCode {
    let options: &'static Options = match Options::read() {
        Ok(options) => Box::leak(Box::new(options)),
        Err(e) => {
            eprintln!("{e}");
            return ExitCode::from(2);
        }
    };
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let said = info.payload_as_str().unwrap_or_default();
        if let Ok(mut last) = PANIC.lock() {
            *last = format!("{place}: {said}");
        }
    }));
    std::thread::spawn(|| watch(options));
    let start = Instant::now();
    let mut tallies = BTreeMap::new();
    drive(options, &mut tallies);
    println!(
        "seed {}, from run {}, {:?}",
        options.seed,
        options.from,
        start.elapsed()
    );
    println!(
        "target            runs  faults  mean bytes  mean µs  longest ms (run)  most KiB (run)"
    );
    for (name, t) in &tallies {
        println!(
            "{name:12} {:>10}  {:>6}  {:>10}  {:>7}  {:>6} ({})  {:>6} ({})",
            t.runs,
            t.findings.values().sum::<u64>(),
            t.bytes / t.runs,
            t.took.as_micros() / u128::from(t.runs),
            t.longest.0.as_millis(),
            t.longest.1,
            t.most.0 >> 10,
            t.most.1,
        );
    }
    println!(
        "all          {:>10}",
        tallies.values().map(|t| t.runs).sum::<u64>()
    );
    ExitCode::from(u8::from(tallies.values().any(|t| !t.findings.is_empty())))
}
