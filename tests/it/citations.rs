//! Every citation is re-opened, and what it quotes is found there.

use super::util::{root, run, samples};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fs;

/// Files already opened, by path.
#[derive(Default)]
struct Shelf(BTreeMap<String, Vec<u8>>);

impl Shelf {
    fn open(&mut self, path: &str) -> &[u8] {
        self.0.entry(path.to_owned()).or_insert_with(|| {
            fs::read(root().join(path)).unwrap_or_else(|e| panic!("cited, but: {path}: {e}"))
        })
    }
}

/// Every object with path, line, byte and text, wherever it stands.
fn cited<'j>(json: &'j Json, found: &mut Vec<&'j Json>) {
    match json {
        Json::Array(items) => items.iter().for_each(|i| cited(i, found)),
        Json::Object(members) => {
            if ["path", "line", "byte", "text"]
                .iter()
                .all(|k| members.contains_key(*k))
            {
                found.push(json);
            }
            members.values().for_each(|m| cited(m, found));
        }
        _ => {}
    }
}

/// What is wrong with a citation, if anything.
fn wrong(cite: &Json, shelf: &mut Shelf) -> Option<String> {
    let number = |key| cite[key].as_u64().and_then(|n| usize::try_from(n).ok());
    let path = cite["path"].as_str()?;
    let file = shelf.open(path);
    let (Some(line), Some(last), Some(byte)) =
        (number("line"), number("line_last"), number("byte"))
    else {
        return Some(format!("{cite}: line, line_last and byte are numbers"));
    };
    if line == 0 || last < line || byte >= file.len() {
        return Some(format!("{cite}: no such place"));
    }
    let counted = file[..byte].iter().filter(|b| **b == b'\n').count() + 1;
    if counted != line {
        return Some(format!("{cite}: byte {byte} is on line {counted}"));
    }
    let total = file.iter().filter(|b| **b == b'\n').count() + 1;
    if last > total {
        return Some(format!("{cite}: the file has {total} lines"));
    }
    let text = cite["text"].as_str().unwrap_or_default();
    let quote = text.strip_suffix('…').unwrap_or(text);
    let there = String::from_utf8_lossy(&file[byte..]);
    if quote.is_empty() || !there.trim_start().starts_with(quote) {
        let there: String = there.chars().take(80).collect();
        return Some(format!("{cite}: there stands {there}"));
    }
    None
}

#[test]
fn citations_of_the_json_report_are_found() {
    let mut shelf = Shelf::default();
    for sample in samples() {
        let report = run(&[&sample.folder, "--window", "auto", "--format", "json"]).json();
        let mut all = Vec::new();
        cited(&report, &mut all);
        if sample.is_incident() {
            assert!(
                all.len() > 20,
                "{}: only {} citations",
                sample.name,
                all.len()
            );
        }
        let broken: Vec<String> = all.iter().filter_map(|c| wrong(c, &mut shelf)).collect();
        assert!(broken.is_empty(), "{}:\n{}", sample.name, broken.join("\n"));
    }
}

#[test]
fn no_statement_of_the_json_report_is_without_evidence() {
    for sample in samples().iter().filter(|s| s.is_incident()) {
        let report = run(&[&sample.folder, "--window", "auto", "--format", "json"]).json();
        for incident in report["incidents"].as_array().expect("incidents") {
            let milestones = incident["milestones"].as_object().expect("milestones");
            let timeline = incident["timeline"].as_array().expect("a timeline");
            let leads = incident["false_leads"].as_array().expect("false leads");
            let suspects = incident["suspects"].as_array().expect("suspects");
            assert!(!milestones.is_empty() && !timeline.is_empty());
            for claim in milestones
                .values()
                .chain(timeline)
                .chain(leads)
                .chain(suspects)
            {
                let evidence = claim["evidence"].as_array();
                assert!(
                    evidence.is_some_and(|e| !e.is_empty()),
                    "{}: {claim}",
                    sample.name
                );
            }
        }
    }
}

/// What stands between `[` and `]` and reads like `file:line` or `file:line-line`.
fn bracketed(markdown: &str) -> Vec<(&str, usize, usize)> {
    let mut found = Vec::new();
    for group in markdown.split('[').skip(1) {
        let Some((group, _)) = group.split_once(']') else {
            continue;
        };
        found.extend(group.split(", ").filter_map(place));
    }
    found
}

fn place(text: &str) -> Option<(&str, usize, usize)> {
    let (path, lines) = text.trim_matches('`').rsplit_once(':')?;
    let (first, last) = lines.split_once(['-', '–']).unwrap_or((lines, lines));
    let is_path = path.contains(['.', '/']) && !path.contains(char::is_whitespace);
    is_path.then_some((path, first.parse().ok()?, last.parse().ok()?))
}

#[test]
fn citations_of_the_markdown_report_are_found() {
    for sample in samples() {
        let report = run(&[&sample.folder, "--window", "auto"]).stdout;
        let all = bracketed(&report);
        if sample.is_incident() {
            assert!(
                all.len() > 20,
                "{}: only {} citations",
                sample.name,
                all.len()
            );
        }
        let files = sample.files();
        for (path, first, last) in all {
            let path = path.replace('\\', "");
            let mut here = files
                .iter()
                .filter(|f| **f == path || f.ends_with(&format!("/{path}")));
            let file = here
                .next()
                .unwrap_or_else(|| panic!("{}: no file {path}", sample.name));
            assert!(
                here.next().is_none(),
                "{}: {path} is ambiguous",
                sample.name
            );
            let text = fs::read(root().join(file)).expect("a readable sample");
            let lines = text.split(|b| *b == b'\n').count();
            assert!(
                0 < first && first <= last && last <= lines,
                "{}: [{path}:{first}-{last}] of {lines} lines",
                sample.name
            );
        }
    }
}

/// `path:line: text` of the list of cited lines; the text as it stood before it was escaped.
fn cited_line(bullet: &str) -> Option<(&str, usize, String)> {
    let (place, text) = bullet.strip_prefix("- ")?.split_once(": ")?;
    let (path, line) = place.rsplit_once(':')?;
    let line = line.split(['-', '–']).next()?.parse().ok()?;
    let plain = match text.strip_prefix('`').and_then(|t| t.strip_suffix('`')) {
        Some(code) => code.to_owned(),
        None => unescape(text),
    };
    Some((path, line, plain))
}

/// Undoes Markdown's backslashes and HTML's entities.
fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        plain.push(if c == '\\' {
            chars.next().unwrap_or(c)
        } else {
            c
        });
    }
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(plain, |text, (entity, c)| text.replace(entity, c))
}

/// Whether a line says this, where roles in brackets stand for names.
fn quotes(quote: &str, line: &str) -> bool {
    let stands_for_a_name = |part: &str| {
        let role = part.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
        role.len() > 3
            && role
                .chars()
                .all(|c| c.is_lowercase() || c == ' ' || c == '-')
    };
    let mut rest = line;
    let mut from = 0;
    for (at, _) in quote.match_indices('[') {
        let Some(end) = quote.get(at..).and_then(|q| q.find(']')) else {
            break;
        };
        if at < from || !stands_for_a_name(&quote[at + 1..at + end]) {
            continue;
        }
        let Some(found) = rest.find(&quote[from..at]) else {
            return false;
        };
        rest = &rest[found + at - from..];
        from = at + end + 1;
    }
    rest.contains(&quote[from..])
}

#[test]
fn roles_in_brackets_stand_for_names() {
    let line = "10:30 dkhanal: rolled back [web] for mira";
    assert!(quotes(
        "10:30 [responder 2]: rolled back [web] for [on-call engineer]",
        line
    ));
    assert!(quotes(line, line));
    assert!(!quotes("10:31 [responder 2]: rolled back", line));
    assert!(!quotes("[responder 2]: rolled forward", line));
}

#[test]
fn names_in_cited_lines_are_roles_unless_asked_for() {
    let folder = "samples/incidents/000-forgotten-password";
    let (told, named) = (run(&[folder]).stdout, run(&[folder, "--names"]).stdout);
    let appendix = |report: &str| {
        report
            .split_once("### Cited lines")
            .expect("a list")
            .1
            .to_owned()
    };
    assert!(!appendix(&told).contains("dkhanal") && appendix(&told).contains("[responder"));
    assert!(appendix(&named).contains("dkhanal") && !appendix(&named).contains("[responder"));
}

/// Holds every cited line of every sample's report against the line that it cites.
fn cited_lines_stand_there(options: &[&str], says: fn(&str, &str) -> bool) {
    for sample in samples().iter().filter(|s| s.is_incident()) {
        let arguments = [&[&*sample.folder, "--window", "auto"], options].concat();
        let report = run(&arguments).stdout;
        let (_, appendix) = report
            .split_once("### Cited lines")
            .unwrap_or_else(|| panic!("{}: no list of cited lines", sample.name));
        let files = sample.files();
        let mut seen = 0;
        for (path, line, quote) in appendix.lines().filter_map(cited_line) {
            let path = unescape(path);
            let file = files
                .iter()
                .find(|f| **f == path || f.ends_with(&format!("/{path}")));
            let file = file.unwrap_or_else(|| panic!("{}: no file {path}", sample.name));
            let text = fs::read_to_string(root().join(file)).expect("a readable sample");
            // A part of a longer entry is quoted from where the part begins.
            let there = text.lines().nth(line - 1).unwrap_or_default();
            let quote = quote.strip_suffix('…').unwrap_or(&quote);
            assert!(
                !quote.is_empty() && says(quote, there),
                "{}: {path}:{line}\n  quoted  {quote}\n  there   {there}",
                sample.name
            );
            seen += 1;
        }
        assert!(seen > 20, "{}: only {seen} cited lines", sample.name);
    }
}

#[test]
fn cited_lines_of_the_markdown_report_stand_there() {
    cited_lines_stand_there(&["--names"], |quote, line| line.contains(quote));
}

#[test]
fn cited_lines_stand_there_with_roles_for_names() {
    cited_lines_stand_there(&[], quotes);
}

#[test]
fn places_are_told_from_other_brackets() {
    let text = "x [a/b.log:12, c.json:3-4] [auth\\_x.log:9] [TODO] [10:30] [see](http://x:80)";
    let expected = [
        ("a/b.log", 12, 12),
        ("c.json", 3, 4),
        ("auth\\_x.log", 9, 9),
    ];
    assert_eq!(bracketed(text), expected);
}
