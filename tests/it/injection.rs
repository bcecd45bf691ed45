//! An incident whose every text is an attack: nothing of it becomes markup, a link, a formula, a
//! call to everybody or a command to a terminal in anything that recon prints.

use super::util::{Ran, put, run, scratch};
use serde_json::{Value as Json, json};
use std::fmt::Write;
use tempfile::TempDir;

/// What strangers put into user agents, names and messages. The word `pwn` marks it.
const ATTACKS: &[&str] = &[
    "<script>pwn()</script>",
    "</script><script>pwn()</script>",
    "<img src=x onerror=pwn()>",
    "[pwn](javascript:pwn())",
    "![pwn](https://evil.example/pwn.png)",
    "](https://evil.example/pwn) [x",
    "\" onmouseover=\"pwn()",
    "javascript:pwn()",
    "https://evil.example/pwn",
    "<https://evil.example/pwn>",
    "`pwn` ``` pwn",
    "# pwn\n## pwn",
    "| pwn | pwn |",
    "{{pwn}} ${pwn} <%= pwn %> {% pwn %}",
    "{{evidence}} pwn {{summary}}",
    "\u{1b}[2J\u{1b}]0;pwn\u{7}",
    "\u{9b}2Jpwn",
    "\u{202e}nwp\u{2066}pwn\u{feff}",
    "=cmd|' /C pwn'!A0",
    "+pwn",
    "@SUM(pwn)",
    "-2+pwn",
    "\t=pwn",
    "x,\"=pwn\"",
    "&lt;pwn&gt; &#60;pwn",
    "--><!-- pwn",
    "@channel @here @everyone pwn",
];

/// Controls that no output may hold, whatever stands around them.
fn commands(text: &str) -> Option<char> {
    let bad = |c: &char| {
        matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
            | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{feff}')
            && *c != '\r'
    };
    text.chars().find(bad)
}

/// An outage told by a log, alerts, pages, changes, chat and tickets, all of them hostile; the
/// name of the log is as well.
fn incident() -> TempDir {
    let folder = scratch();
    let attack = |n: usize| ATTACKS[n % ATTACKS.len()];
    let mut log = String::new();
    for n in 0..3600_usize {
        let (minute, second) = (n / 60, n % 60);
        let failing = (20..32).contains(&minute);
        if second % 3 != 0 && !failing {
            continue;
        }
        let line = json!({
            "time": format!("2025-06-03T09:{minute:02}:{second:02}.000Z"),
            "level": if failing { "error" } else { "info" },
            "service": format!("till {}", attack(minute % 3)),
            "host": attack(n / 7),
            "msg": if failing { attack(n) } else { "sale booked" },
            "user": attack(n / 5), "path": attack(n / 3), attack(n / 11): attack(n),
        });
        let _ = writeln!(log, "{line}");
    }
    put(&folder, "till <b>pwn](x) =cmd `pwn`.log", log);
    let mut alerts = String::new();
    let mut changes = String::new();
    for (n, attack) in ATTACKS.iter().enumerate() {
        let alert = json!({"receiver": attack, "status": "firing", "groupKey": attack, "version": "4",
            "externalURL": attack, "commonLabels": {}, "commonAnnotations": {}, "groupLabels": {},
            "alerts": [{"status": "firing", "fingerprint": format!("{n:016x}"), "generatorURL": attack,
                "startsAt": format!("2025-06-03T09:20:{n:02}Z"), "endsAt": "0001-01-01T00:00:00Z",
                "labels": {"alertname": attack, "service": attack, "severity": "critical"},
                "annotations": {"summary": attack, "description": attack}}]});
        let _ = writeln!(alerts, "{alert}");
        let change = json!({"time": format!("2025-06-03T09:18:{n:02}Z"), "type": "deploy", "service": attack,
            "version": attack, "environment": "production", "status": "finished", "actor": attack, "message": attack});
        let _ = writeln!(changes, "{change}");
    }
    put(&folder, "alerts.jsonl", alerts);
    put(&folder, "changes.jsonl", changes);
    let chat: Vec<Json> = ATTACKS
        .iter()
        .enumerate()
        .map(|(n, attack)| {
            let words = ["suspect the database", "found the root cause:", "rolled back", "all is back to normal"];
            json!({"type": "message", "user": attack, "user_profile": {"real_name": attack},
                "ts": format!("{}.000100", 1_748_942_460 + 30 * n), "text": format!("{} {attack}", words[n % 4])})
        })
        .collect();
    put(&folder, "2025-06-03.json", Json::from(chat).to_string());
    folder
}

fn recon(folder: &TempDir, arguments: &[&str]) -> Ran {
    let path = folder.path().to_str().expect("UTF-8");
    let ran = run(&[arguments, &["-v", path]].concat());
    assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.stderr);
    assert_eq!(commands(&ran.stdout), None, "{arguments:?}");
    assert_eq!(
        commands(&ran.stderr.replace('\n', " ")),
        None,
        "{arguments:?}: {}",
        ran.stderr
    );
    ran
}

/// Markdown without the quotations in code spans, where nothing has a meaning.
fn outside_code(text: &str) -> String {
    let spans = |line: &&str| {
        !line
            .split_once(": ")
            .is_some_and(|(_, l)| l.starts_with('`') && l.ends_with('`'))
    };
    text.lines().filter(spans).collect::<Vec<_>>().join("\n")
}

#[test]
fn nothing_in_markdown() {
    let folder = incident();
    for template in TEMPLATES {
        let text = recon(&folder, &["--format", "md", "--template", template]).stdout;
        assert!(text.contains("pwn"), "{template}: the attacks are quoted");
        nothing_in(&outside_code(&text));
    }
}

/// All templates that recon brings along.
const TEMPLATES: [&str; 7] = [
    "recon",
    "0x19",
    "sre",
    "pagerduty",
    "atlassian",
    "howie",
    "short",
];

fn nothing_in(text: &str) {
    // A slot in an input is words, and only the template's own appendix stands in the draft.
    assert!(text.matches("\n## Evidence\n").count() <= 1, "{text}");
    assert!(
        !text.contains("](") && !text.contains("<script") && !text.contains("<img"),
        "{text}"
    );
    assert!(
        !text.to_lowercase().contains("https://evil"),
        "no address that readers turn into a link"
    );
    for line in text.lines() {
        let heading = line.starts_with('#') && line.contains("pwn");
        assert!(
            !heading || line.starts_with("# ") || line.starts_with("## "),
            "{line}"
        );
        assert!(!line.starts_with("```"), "{line}");
        // Tags and comments are shown, not meant: outside code spans none opens.
        let outside: String = line.split('`').step_by(2).collect();
        assert!(!outside.contains('<') || line.contains('`'), "{line}");
    }
}

#[test]
fn nothing_in_html() {
    let folder = incident();
    let page = recon(&folder, &["--format", "html"]).stdout;
    assert!(page.contains("pwn"));
    let data = page
        .find("<script type=\"application/json\"")
        .expect("the data");
    let (body, rest) = page.split_at(data);
    for bad in [
        "<script>pwn",
        "<img",
        "onerror=pwn()>",
        "\" onmouseover=\"",
        "href=\"javascript",
        "href=\"http",
        "<!--",
    ] {
        assert!(!body.contains(bad), "{bad}");
    }
    // The data is one element that ends where it should, and then comes recon's own script.
    let json = rest.split_once('>').expect("a tag").1;
    let json = json.split_once("</script>").expect("an end").0;
    assert!(serde_json::from_str::<Json>(json).is_ok());
    assert_eq!(page.matches("<script").count(), 3);
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn nothing_in_sheets() {
    let folder = incident();
    let sheets: [&[&str]; 3] = [
        &["timeline", "--format", "csv"],
        &["events", "--format", "csv"],
        &["templates", "--format", "csv"],
    ];
    for sheet in sheets {
        let text = recon(&folder, sheet).stdout;
        assert!(text.contains("pwn"), "{sheet:?}");
        let rows = rows(&text);
        let width = rows[0].len();
        for row in &rows {
            assert_eq!(row.len(), width, "{sheet:?}: {row:?}");
            for cell in row {
                let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r'])
                    && cell.parse::<f64>().is_err();
                assert!(!formula, "{sheet:?}: {cell}");
            }
        }
    }
}

/// RFC 4180.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (quoted, c) {
            (true, '"') if chars.peek() == Some(&'"') => {
                cell.push('"');
                chars.next();
            }
            (_, '"') => quoted = !quoted,
            (false, ',') => row.push(std::mem::take(&mut cell)),
            (false, '\r') => {}
            (false, '\n') => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            (_, c) => cell.push(c),
        }
    }
    assert!(!quoted && row.is_empty(), "the sheet ends with a row");
    rows
}

#[test]
fn nothing_in_what_programs_read() {
    let folder = incident();
    for lines in [
        &["events", "--format", "jsonl"][..],
        &["events", "--format", "timesketch"],
        &["timeline", "--format", "timesketch"],
    ] {
        let ran = recon(&folder, lines);
        assert!(!ran.json_lines().is_empty());
    }
    for whole in [
        &["--format", "json"][..],
        &["templates", "--format", "json"],
        &["explain", "--format", "json"],
    ] {
        assert!(recon(&folder, whole).json().is_object());
    }
}

#[test]
fn nothing_in_a_chat_or_a_terminal() {
    let folder = incident();
    let table = recon(&folder, &["timeline"]).stdout;
    for call in ["@channel", "@here", "@everyone", "```"] {
        assert!(!table.contains(call), "{call}");
    }
    recon(&folder, &["templates"]);
    recon(&folder, &["metrics"]);
    recon(&folder, &["explain"]);
}

#[test]
fn nothing_in_a_check() {
    let folder = incident();
    let mut text = String::from("# Postmortem: outage\n\n## Timeline (UTC, 2025-06-03)\n\n");
    for (n, attack) in ATTACKS.iter().enumerate() {
        let _ = writeln!(
            text,
            "- 09:{:02}: alert fired {}",
            20 + n,
            attack.replace('\n', " ")
        );
    }
    text.push_str("\n## Impact\n\nThe outage affected users.\n\n## Root cause\n\nA failure.\n");
    let document = put(&folder, "review.md", text);
    let path = folder.path().to_str().expect("UTF-8");
    for format in ["md", "json"] {
        let ran = run(&["check", &document, path, "--format", format]);
        assert!(ran.code < 2, "{}", ran.stderr);
        assert_eq!(commands(&ran.stdout), None);
        if format == "md" {
            let shown = outside_code(&ran.stdout);
            let bad = ["](", "<script", "<img", "https://evil"];
            assert!(!bad.iter().any(|b| shown.contains(b)), "{}", ran.stdout);
        }
    }
}
