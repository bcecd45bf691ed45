//! The same inputs give the same bytes: whatever the threads, the chunks, the order.

use super::util::{Ran, Sample, run, samples};

/// What is printed, in each form.
const JOBS: [&[&str]; 7] = [
    &["--window"],
    &["--window", "auto", "--format", "json"],
    &["--format", "json"],
    &["--format", "html"],
    &["events"],
    &["explain"],
    &["templates", "--format", "json"],
];

/// Threads and KiB of a chunk: alone and in company, small and large.
const WAYS: [[&str; 4]; 3] = [
    ["-j", "4", "--chunk", "64"],
    ["-j", "1", "--chunk", "64"],
    ["-j", "4", "--chunk", "4096"],
];

fn with(job: &[&str], inputs: &[String], way: &[&str]) -> Ran {
    // Inputs before options: a bare `--window` would take the first.
    let verb = job.first().filter(|a| !a.starts_with('-'));
    let rest = &job[usize::from(verb.is_some())..];
    let mut arguments: Vec<&str> = verb.copied().into_iter().collect();
    arguments.extend(inputs.iter().map(String::as_str));
    arguments.extend(way);
    arguments.extend(rest);
    run(&arguments)
}

fn same(sample: &Sample, what: &str, one: &Ran, other: &Ran) {
    let name = &sample.name;
    assert_eq!(
        one.code, other.code,
        "{name}: exit status, {what}\n{}",
        other.stderr
    );
    if let Some(n) = first_difference(&one.stdout, &other.stdout) {
        let at = |s: &str| s.lines().nth(n).unwrap_or("(ends)").to_owned();
        panic!(
            "{name}: {what}: line {}\n  {}\n  {}",
            n + 1,
            at(&one.stdout),
            at(&other.stdout)
        );
    }
}

fn first_difference(a: &str, b: &str) -> Option<usize> {
    if a == b {
        return None;
    }
    Some(a.lines().zip(b.lines()).take_while(|(a, b)| a == b).count())
}

#[test]
fn threads_and_chunks_do_not_show() {
    for sample in samples() {
        let inputs = [sample.folder.clone()];
        for job in JOBS {
            let plain = with(job, &inputs, &["-j", "1", "--chunk", "4096"]);
            assert!(
                !plain.stdout.is_empty(),
                "{}: {job:?}: {}",
                sample.name,
                plain.stderr
            );
            for way in WAYS {
                let other = with(job, &inputs, &way);
                same(&sample, &format!("{job:?} with {way:?}"), &plain, &other);
            }
        }
    }
}

#[test]
fn the_order_of_arguments_does_not_show() {
    for sample in samples() {
        let folder = [sample.folder.clone()];
        let files = sample.files();
        let mut shuffled = files.clone();
        shuffled.reverse();
        shuffled.rotate_left(files.len() / 3);
        for job in JOBS {
            let plain = with(job, &folder, &[]);
            same(
                &sample,
                &format!("{job:?}, files one by one"),
                &plain,
                &with(job, &files, &[]),
            );
            same(
                &sample,
                &format!("{job:?}, shuffled"),
                &plain,
                &with(job, &shuffled, &[]),
            );
        }
    }
}

#[test]
fn twice_is_once() {
    for sample in samples() {
        let once = run(&["events", &sample.folder]);
        let twice = run(&["events", &sample.folder, &sample.folder]);
        same(&sample, "the folder given twice", &once, &twice);
    }
}
