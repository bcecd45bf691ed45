//! `recon check`: postmortems that are right, wrong and beyond what the inputs show.

use super::util::{Ran, put, root, run, scratch};
use serde_json::Value as Json;

const INPUTS: &str = "samples/incidents/001-auth-misconfiguration";

/// What the inputs of the sample bear out.
const RIGHT: &str = "\
# Postmortem: logins failed after a configuration push

## Summary

On 2024-01-19 from 10:30 to 14:45 UTC logins failed. It affected 30% of users.

Duration: 255 minutes

## Timeline (all times UTC, 2024-01-19)

- 10:26: identity-config@e41c7 was deployed to production
- 10:30: AuthErrorRateHigh alert fired for identity
- 10:33: Marisol Quintero acknowledged the page
- 11:15: Marisol escalated to DevOps and the database team
- 13:50: Anneke found the root cause: our own config push disabled the permissions cache
- 14:43: rolled out identity-config@e4a02 to production
- 14:58: Farouk Benali closed the page, incident resolved

## Root cause

A setting meant for the load test disabled a cache.

## Resolution

Karaoke was cancelled at 19:15 UTC.
";

fn check(text: &str, more: &[&str]) -> Ran {
    let folder = scratch();
    let document = put(&folder, "review.md", text);
    run(&[&["check", &document, INPUTS], more].concat())
}

/// Rule and verdict of every claim.
fn verdicts(report: &Json) -> Vec<(String, String)> {
    let claims = report["claims"].as_array().expect("claims");
    let text = |v: &Json| v.as_str().expect("a text").to_owned();
    claims
        .iter()
        .map(|c| (text(&c["rule"]), text(&c["verdict"])))
        .collect()
}

fn count(report: &Json, verdict: &str) -> u64 {
    report["counts"][verdict].as_u64().expect("a count")
}

#[test]
fn what_is_right_is_confirmed_with_both_citations() {
    let ran = check(RIGHT, &["--format", "json"]);
    let report = ran.json();
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert_eq!(report["schema"], "recon.check/1");
    assert_eq!(count(&report, "contradicted"), 0, "{}", ran.stdout);
    let found = verdicts(&report);
    for rule in [
        "start", "end", "duration", "users", "told", "entry", "order",
    ] {
        let confirmed = (rule.to_owned(), "confirmed".to_owned());
        assert!(found.contains(&confirmed), "{rule}: {found:?}");
    }
    assert!(count(&report, "confirmed") >= 11, "{}", ran.stdout);
    for claim in report["claims"].as_array().expect("claims") {
        assert!(
            !claim["stated"].as_array().expect("places").is_empty(),
            "{claim}"
        );
        let held = claim["verdict"] == "confirmed";
        assert!(
            !held || !claim["evidence"].as_array().expect("places").is_empty(),
            "{claim}"
        );
    }
    let karaoke = |c: &&Json| c["claim"].as_str().is_some_and(|t| t.contains("Karaoke"));
    let claims = report["claims"].as_array().expect("claims");
    let claim = claims.iter().find(karaoke).expect("the sentence");
    assert_eq!(claim["verdict"], "unsupported", "{claim}");
}

/// A claim changed, the rule that must notice, and words of what it names instead.
const WRONG: &[(&str, &str, &str, &str)] = &[
    ("from 10:30 to", "from 10:05 to", "start", "Impact begins"),
    ("to 14:45 UTC", "to 13:20 UTC", "end", "14:4"),
    ("255 minutes", "95 minutes", "duration", "4h"),
    ("30% of users", "75% of users", "users", "123 of 410"),
    (
        "- 10:30: Auth",
        "- 10:48: Auth",
        "entry",
        "AuthErrorRateHigh",
    ),
    ("- 10:33: Marisol", "- 10:44: Marisol", "told", "10:33"),
    ("- 11:15: Marisol", "- 10:50: Marisol", "told", "11:15"),
    (
        "- 14:43: rolled out",
        "- 14:05: rolled out",
        "entry",
        "e4a02",
    ),
];

#[test]
fn what_is_wrong_is_contradicted_with_the_record() {
    for (right, wrong, rule, instead) in WRONG {
        assert!(RIGHT.contains(right), "{right}");
        let ran = check(&RIGHT.replacen(right, wrong, 1), &["--format", "json"]);
        let report = ran.json();
        assert_eq!(ran.code, 1, "{wrong}: {}", ran.stdout);
        let claims = report["claims"].as_array().expect("claims");
        let noticed = claims
            .iter()
            .find(|c| c["rule"] == *rule && c["verdict"] == "contradicted");
        let noticed = noticed.unwrap_or_else(|| panic!("{wrong}: {}", ran.stdout));
        let found = noticed["found"].as_str().expect("words");
        assert!(found.contains(instead), "{wrong}: {found}");
        assert!(
            !noticed["evidence"].as_array().expect("places").is_empty(),
            "{noticed}"
        );
        assert!(
            noticed["difference"].is_number() && noticed["tolerance"].is_number(),
            "{noticed}"
        );
    }
}

#[test]
fn a_document_without_a_zone_is_read_in_the_one_that_fits() {
    let local = RIGHT
        .replace(" UTC", "")
        .replace("(all times UTC, 2024-01-19)", "(2024-01-19)")
        .replace("10:", "12:")
        .replace("11:15", "13:15")
        .replace("14:", "16:")
        .replace("13:50", "15:50");
    let ran = check(&local, &["--format", "json"]);
    let report = ran.json();
    assert_eq!(report["zone_assumed"], "UTC+02:00", "{}", ran.stdout);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(count(&report, "confirmed") >= 8, "{}", ran.stdout);
}

#[test]
fn a_document_that_contradicts_itself() {
    let text = RIGHT.replacen("- 13:50: Anneke", "- 11:02: Anneke", 1);
    let ran = check(&text, &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("**document**"), "{}", ran.stdout);
    assert!(ran.stdout.contains("## Contradicted"), "{}", ran.stdout);
}

#[test]
fn it_is_no_evidence_for_itself() {
    // The document lies among the inputs, and nothing else does.
    let folder = scratch();
    let document = put(&folder, "review.md", RIGHT);
    put(
        &folder,
        "app.log",
        "2024-01-19T10:30:00Z INFO all is well\n2024-01-19T10:31:00Z INFO still\n",
    );
    let ran = run(&[
        "check",
        &document,
        folder.path().to_str().expect("UTF-8"),
        "--format",
        "json",
    ]);
    let report = ran.json();
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert_eq!(count(&report, "confirmed"), 0, "{}", ran.stdout);
    assert_eq!(report["incident"], Json::Null);
}

#[test]
fn what_is_no_postmortem_is_an_error_with_the_way_out() {
    let folder = scratch();
    let log = put(&folder, "a.log", "2024-01-19T10:30:00Z INFO all is well\n");
    let ran = run(&["check", &log, INPUTS]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("does not read as a postmortem"),
        "{}",
        ran.stderr
    );
    let ran = run(&["check", "no-such-file.md", INPUTS]);
    assert_eq!(ran.code, 2);
}

#[test]
fn drafts_of_recon_bear_recon_out() {
    // Its own draft, read as anybody's: nothing in it may contradict what it was made from.
    let draft = root().join(format!("{INPUTS}.expected.md"));
    let ran = run(&[
        "check",
        draft.to_str().expect("UTF-8"),
        INPUTS,
        "--format",
        "json",
    ]);
    let report = ran.json();
    assert_eq!(count(&report, "contradicted"), 0, "{}", ran.stdout);
    assert!(count(&report, "confirmed") >= 10, "{}", ran.stdout);
}

#[test]
fn the_findings_are_the_same_whatever_the_threads() {
    let one = check(RIGHT, &["-j", "1", "--chunk", "64"]);
    let many = check(RIGHT, &["-j", "4"]);
    // Only the folder differs.
    let plain = |ran: &Ran| {
        ran.stdout
            .lines()
            .skip(1)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(plain(&one), plain(&many));
}

/// The claim with these words, and what came of it.
fn verdict_on(report: &Json, words: &str) -> (String, String) {
    let claims = report["claims"].as_array().expect("claims");
    let of = |c: &&Json| c["claim"].as_str().is_some_and(|t| t.contains(words));
    let claim = claims
        .iter()
        .find(of)
        .unwrap_or_else(|| panic!("{words} in {report}"));
    let text = |v: &Json| v.as_str().expect("a text").to_owned();
    (text(&claim["verdict"]), text(&claim["found"]))
}

/// A postmortem of a sample incident with one error, which is found while the rest holds.
fn planted(inputs: &str, text: &str, wrong: &str, recorded: &str, right: &[&str]) {
    let folder = scratch();
    let document = put(&folder, "review.md", text);
    let ran = run(&["check", &document, inputs, "--format", "json"]);
    let report = ran.json();
    let (verdict, found) = verdict_on(&report, wrong);
    assert_eq!(verdict, "contradicted", "{wrong}: {found}");
    assert!(found.contains(recorded), "{found}");
    assert_eq!(ran.code, 1);
    for words in right {
        let (verdict, found) = verdict_on(&report, words);
        assert_eq!(verdict, "confirmed", "{words}: {found}");
    }
    assert_eq!(count(&report, "contradicted"), 1, "{}", ran.stdout);
}

#[test]
fn a_rollback_ten_minutes_early_is_not_borne_out_by_talk_of_it() {
    let text = "Incident review: tokens refused\n\nStart: 2024-01-22 15:30 UTC\nEnd: 2024-01-22 16:45 UTC\n\nTimeline\n\
        15:21 UTC - config change 2024-01-22.1 of sso deployed\n\
        16:00 UTC - database ruled out\n\
        16:20 UTC - sso-config 2024-01-15.2 rolled back in production\n\
        16:44 UTC - hotfix 8.3.1-hotfix1 deployed\n\
        16:58 UTC - incident declared resolved\n\n\
        Root cause: an outage caused by a slot that the verifier does not know.\n";
    planted(
        "samples/incidents/002-token-rollback",
        text,
        "rolled back in production",
        "16:30:01",
        &["2024-01-22.1", "database ruled out", "hotfix", "resolved"],
    );
}

#[test]
fn a_page_acknowledged_at_another_time_is_contradicted() {
    let text = "# Postmortem: nobody could log in\n\n## Detection\n\n\
        The on-call engineer acknowledged the page at 18:12 UTC.\n\n## Timeline\n\n\
        All times are UTC, 2024-02-13.\n\n- 18:00 failures begin\n- 18:44 the lock is ruled out\n\
        - 20:00 restored\n\n## Root cause\n\nThe outage came of an order of checks.\n";
    planted(
        "samples/incidents/000-forgotten-password",
        text,
        "at 18:12",
        "18:01:57",
        &["failures begin", "lock", "restored"],
    );
}

#[test]
fn a_labelled_start_is_one_claim() {
    let text = "# Login bug\n\n- Start: 2024-03-05 21:20 UTC\n- End: 2024-03-05 23:20 UTC\n\n## Timeline\n\n\
        - 21:19 UTC: deploy 5.3.0 of login\n- 23:19 UTC: 5.3.1 deployed to production\n\n\
        ## Root cause\n\nThe outage was a bug in 5.3.0.\n";
    let folder = scratch();
    let document = put(&folder, "review.md", text);
    let inputs = "samples/incidents/003-login-bug";
    let report = run(&["check", &document, inputs, "--format", "json"]).json();
    let rules: Vec<String> = verdicts(&report)
        .into_iter()
        .map(|(rule, _)| rule)
        .collect();
    assert_eq!(rules.iter().filter(|r| *r == "time").count(), 0, "{report}");
    assert_eq!(count(&report, "confirmed"), 5, "{report}");
}
