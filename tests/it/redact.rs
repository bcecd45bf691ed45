//! Secrets in a whole incident: gone from every output, under names that stay the same.

use super::util::{Ran, put, run, scratch};
use std::fmt::Write;
use tempfile::TempDir;

const PASSWORD: &str = "Gr8-kelp-forest";
const CARD: &str = "4242 4242 4242 4242";
const COOKIE: &str = "sid=9fk2-kk31; theme=dark";
const EMAIL: &str = "odile.marsh@shop.example";
const ADDRESS: &str = "198.51.100.23";
const PERSON: &str = "Odile Marsh";

/// An issuer's prefix and a body, apart so that no scanner of repositories finds them.
fn token() -> String {
    format!("ghp_{}", "Zk3vQ9xLmT4pW8rYb2Nc6Hd1Jf5Gs7AeUo0i")
}

/// A shop whose payments fail for ten minutes, and whose logs talk too much.
fn incident() -> TempDir {
    let folder = scratch();
    let mut log = String::new();
    for second in 0..3600 {
        let (minute, second) = (second / 60, second % 60);
        let failing = (20..30).contains(&minute);
        if second % 2 == 1 && !failing {
            continue;
        }
        let at = format!("2025-06-03T09:{minute:02}:{second:02}Z");
        let (level, text) = if failing {
            let text = match second % 6 {
                0 => format!("payment declined upstream password={PASSWORD} from={ADDRESS}"),
                1 => format!("cannot clone with {} for {EMAIL}", token()),
                2 => format!("gateway refused card {CARD}"),
                3 => format!("upstream said no Cookie: {COOKIE}"),
                _ => "payment gateway timed out".to_owned(),
            };
            ("error", text)
        } else {
            ("info", "payment accepted".to_owned())
        };
        let _ = writeln!(log, "ts={at} level={level} svc=payments msg=\"{text}\"");
    }
    put(&folder, "payments.log", log);
    let chat = format!(
        "[2025-06-03 09:21] {PERSON}: payments are failing, looking\n\
         [2025-06-03 09:26] {PERSON}: found it, the gateway password is {PASSWORD}, it was rotated\n\
         [2025-06-03 09:31] {PERSON}: fixed, payments are back to normal\n"
    );
    put(&folder, "chat.txt", chat);
    folder
}

fn recon(folder: &TempDir, arguments: &[&str]) -> Ran {
    let path = folder.path().to_str().expect("UTF-8");
    run(&[arguments, &[path]].concat())
}

/// Everything that recon can print of an incident.
const OUTPUTS: &[&[&str]] = &[
    &["-v", "--format", "md"],
    &["-v", "--format", "html"],
    &["-v", "--format", "json"],
    &["timeline", "--format", "table"],
    &["timeline", "--format", "csv"],
    &["timeline", "--format", "timesketch"],
    &["events", "--format", "jsonl"],
    &["events", "--format", "csv"],
    &["events", "--format", "timesketch"],
    &["templates", "--format", "table"],
    &["templates", "--format", "json"],
    &["templates", "--format", "csv"],
    &["metrics", "--format", "json"],
    &["explain"],
];

#[test]
fn secrets_are_in_no_output() {
    let folder = incident();
    let token = token();
    for output in OUTPUTS {
        let ran = recon(&folder, output);
        assert_eq!(ran.code, 0, "{output:?}: {}", ran.stderr);
        for secret in [PASSWORD, &token, CARD, "9fk2-kk31"] {
            assert!(!ran.stdout.contains(secret), "{output:?} shows {secret}");
            assert!(!ran.stderr.contains(secret), "{output:?} tells {secret}");
        }
    }
}

#[test]
fn what_is_asked_for_is_redacted_and_nothing_is_on_request() {
    let folder = incident();
    for output in OUTPUTS {
        let all = recon(&folder, &[output, &["--redact=all"][..]].concat());
        for private in [EMAIL, ADDRESS, PERSON, PASSWORD] {
            assert!(!all.stdout.contains(private), "{output:?} shows {private}");
        }
    }
    let none = recon(&folder, &["events", "--redact=none"]);
    for all in [PASSWORD, CARD, EMAIL, ADDRESS, PERSON] {
        assert!(none.stdout.contains(all), "{all} is in the inputs");
    }
    let secrets = recon(&folder, &["events"]);
    assert!(secrets.stdout.contains(EMAIL) && secrets.stdout.contains(ADDRESS));
    assert_eq!(recon(&folder, &["--redact=phone"]).code, 2);
}

#[test]
fn pseudonyms_are_the_same_in_every_form_and_counted() {
    let folder = incident();
    let md = recon(&folder, &["--format", "md"]).stdout;
    let json = recon(&folder, &["--format", "json"]);
    let html = recon(&folder, &["--format", "html"]).stdout;
    let report = json.json();
    assert_eq!(report["redacted"]["password"], 1, "{}", report["redacted"]);
    assert!(json.stdout.contains("password=<password-1>"));
    assert!(md.contains("password=&lt;password-1&gt;"));
    assert!(html.contains("password=&lt;password-1&gt;"));
    // Known from the log, it is known in the chat.
    assert!(
        md.contains("the gateway password is &lt;password-1&gt;"),
        "{md}"
    );
    let notices = report["notices"].to_string();
    assert!(
        notices.contains("redacted in the cited lines") && notices.contains("1 password"),
        "{notices}"
    );
}

#[test]
fn pseudonyms_do_not_depend_on_threads_or_chunks() {
    let folder = incident();
    for output in [&["events"][..], &["--format", "html"]] {
        let one = recon(&folder, &[output, &["-j", "1", "--chunk", "16"]].concat());
        let many = recon(&folder, &[output, &["-j", "4", "--chunk", "64"]].concat());
        assert_eq!(one.stdout, many.stdout);
        assert!(one.stdout.contains("password-1"));
    }
}
