//! Templates, roles and drafts that people have worked on.
//!
//! `RECON_BLESS=1 cargo test --test it` rewrites `samples/incidents/*.TEMPLATE.md`; what changed is
//! then read as its future author would.

use super::util::{Sample, put, root, run, samples, scratch};
use std::fs;

/// The templates beside the default, whose drafts are `*.expected.md`.
const TEMPLATES: [&str; 6] = ["0x19", "atlassian", "howie", "pagerduty", "short", "sre"];

/// A draft without its appendix, which is the same in all of them.
fn drafted(sample: &Sample, template: &str) -> String {
    let ran = run(&[&sample.folder, "--window", "auto", "--template", template]);
    assert_eq!(ran.code, 0, "{}: {}", sample.name, ran.stderr);
    let cut = ran
        .stdout
        .find("\n## Evidence\n")
        .unwrap_or(ran.stdout.len());
    ran.stdout[..cut].to_owned()
}

fn compare(sample: &Sample, template: &str, bless: bool) -> Option<String> {
    let path = root().join(format!("{}.{template}.md", sample.folder));
    let draft = drafted(sample, template);
    if bless {
        fs::write(&path, &draft).expect("a writable samples folder");
        return None;
    }
    let reviewed = fs::read_to_string(&path).unwrap_or_default();
    let mut pairs = draft.lines().zip(reviewed.lines());
    let (now, then) = pairs.find(|(a, b)| a != b).unwrap_or(("(ends)", "(ends)"));
    (draft != reviewed)
        .then(|| format!("{}\n  now       {now}\n  reviewed  {then}", path.display()))
}

#[test]
fn drafts_of_every_template_are_the_reviewed_ones() {
    let bless = std::env::var_os("RECON_BLESS").is_some();
    let incidents: Vec<Sample> = samples().into_iter().filter(Sample::is_incident).collect();
    let changed: Vec<String> = std::thread::scope(|scope| {
        let one = |sample| {
            scope.spawn(move || {
                let each = TEMPLATES.iter();
                each.filter_map(|t| compare(sample, t, bless))
                    .collect::<Vec<_>>()
            })
        };
        let all: Vec<_> = incidents.iter().map(one).collect();
        all.into_iter()
            .flat_map(|t| t.join().expect("no panic"))
            .collect()
    });
    assert!(
        changed.is_empty(),
        "{}\nif the new ones are right: RECON_BLESS=1 cargo test --test it",
        changed.join("\n")
    );
}

/// The people of the sample chats; none of them is named unless asked for.
#[test]
fn people_are_told_by_role_unless_named() {
    let sample = "samples/incidents/002-token-rollback";
    let names = ["Tobias", "Renner", "Visser", "avisser", "@hbae", "Ragnhild"];
    let draft = |arguments: &[&str]| {
        let mut all = vec![sample, "--window", "auto", "--template", "short"];
        all.extend(arguments);
        run(&all).stdout + &run(&[sample, "--window", "auto"]).stdout
    };
    let told = draft(&[]);
    for name in names {
        assert!(!told.contains(name), "{name} in {told}");
    }
    assert!(told.contains("esponder 2"), "{told}");
    assert!(
        told.contains("escalating to the DevOps team. [responder 3] can"),
        "{told}"
    );
    let page = run(&[sample, "--window", "auto", "--format", "html"]).stdout;
    for name in names {
        assert!(!page.contains(name), "{name} in the page");
    }
    let named = run(&[sample, "--window", "auto", "--names"]).stdout;
    assert!(
        named.contains("Tobias Renner suspected “database”"),
        "{named}"
    );
}

#[test]
fn a_template_of_ones_own_is_checked_before_anything_is_read() {
    let folder = scratch();
    let good = put(
        &folder,
        "ours.md",
        "# {{title}}\n\nIt took {{duration}} in all.\n\n## Then\n\n1. {{milestones}}\n",
    );
    let sample = "samples/incidents/002-token-rollback";
    let ran = run(&[sample, "--window", "auto", "--template", &good]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let begins = "# Failures of sso at POST /oauth/token and 2 other operations\n\n\
                  It took 1h 15m in all. [access.log:1622, access.log:3249]\n\n## Then\n\n1. ";
    assert!(ran.stdout.starts_with(begins), "{}", ran.stdout);
    assert!(!ran.stdout.contains("## Evidence"), "{}", ran.stdout);
    let bad = put(&folder, "bad.md", "# {{title}}\n\n- {{escalaton}}\n");
    let ran = run(&["no-such-input", "--template", &bad]);
    assert_eq!(ran.code, 2);
    let told = "line 3: no slot `escalaton`; did you mean `escalation`?";
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
    let ran = run(&["no-such-input", "--template", "pagerdtuy"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("did you mean `pagerduty`?"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_further_run_keeps_what_people_wrote() {
    let folder = scratch();
    let sample = "samples/incidents/002-token-rollback";
    let path = folder.path().join("draft.md");
    let to = path.to_str().expect("a UTF-8 path");
    let write = |inputs: &[&str]| {
        let mut arguments = inputs.to_vec();
        arguments.extend(["--window", "auto", "-o", to]);
        run(&arguments)
    };
    // Without the chat nobody names the cause and nobody closes the incident.
    let files = ["changes.jsonl", "edge", "gateway", "sso", "tickets.csv"];
    let files = files.map(|f| format!("{sample}/{f}"));
    let inputs: Vec<&str> = files.iter().map(String::as_str).collect();
    assert_eq!(write(&inputs).code, 0);
    let first = fs::read_to_string(&path).expect("a draft");
    let ask =
        "- TODO(human): What will keep this from happening again, or make it shorter next time?\n";
    let own = "- We keep verifier slots and generator slots in one list from now on.\n";
    let note = "\nThe Monday after, support counted again.\n";
    assert!(
        first.contains(ask) && first.contains("## Detection\n\n"),
        "{first}"
    );
    let edited = first
        .replace(ask, own)
        .replace("## Detection\n\n", &format!("## Detection\n{note}\n"));
    fs::write(&path, &edited).expect("a writable draft");
    let ran = write(&[sample]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let second = fs::read_to_string(&path).expect("a draft");
    assert!(second.contains(own) && second.contains(note), "{second}");
    assert!(!second.contains(ask), "{second}");
    assert!(second.contains("named the cause"), "{second}");
    assert!(second.contains("*(updated"), "{second}");
    assert_eq!(write(&[sample]).code, 0);
    assert_eq!(fs::read_to_string(&path).expect("a draft"), second);
}

#[test]
fn what_is_not_recons_is_not_written_over() {
    let folder = scratch();
    let mine = put(&folder, "notes.md", "# My notes\n\nLong ones.\n");
    let sample = "samples/incidents/002-token-rollback";
    let ran = run(&[sample, "--window", "auto", "-o", &mine]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("notes.new.md"), "{}", ran.stderr);
    let kept = fs::read_to_string(&mine).expect("the notes");
    assert_eq!(kept, "# My notes\n\nLong ones.\n");
    let new = fs::read_to_string(folder.path().join("notes.new.md")).expect("the draft");
    assert!(new.starts_with("# Postmortem draft: "), "{new}");
}

#[test]
fn a_draft_does_not_say_that_nothing_is_recorded_where_an_input_was_not_read() {
    let source = root().join("samples/incidents/001-auth-misconfiguration");
    let folder = scratch();
    for part in ["edge", "identity"] {
        let files = fs::read_dir(source.join(part)).expect("a part of the sample");
        for path in files.map(|f| f.expect("a file").path()) {
            let name = path
                .file_name()
                .and_then(|n| n.to_str())
                .unwrap_or_default();
            put(&folder, name, fs::read(&path).expect("readable"));
        }
    }
    let path = folder.path().to_str().expect("UTF-8");
    let drafted = || run(&[path, "--window", "auto"]).stdout;
    let asks = "Which suspicions led nowhere? The inputs record none.";
    let before = drafted();
    assert!(before.contains(asks), "{before}");
    assert!(!before.contains("could be read"), "{before}");
    put(&folder, "bridge.xyz", "tide\nberth\nlock\n");
    let after = drafted();
    let admits = format!("{asks} (Nothing could be read in");
    assert!(after.contains(&admits), "{after}");
}
