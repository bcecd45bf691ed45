//! What the README shows is what recon prints.

use super::util::root;
use std::fs;

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect(path)
}

#[test]
fn the_excerpt_is_of_the_golden_draft() {
    let readme = read("README.md");
    let (_, shown) = readme.split_once("```markdown\n").expect("an excerpt");
    let (shown, _) = shown.split_once("```").expect("its end");
    let draft = read("samples/incidents/001-auth-misconfiguration.expected.md");
    let mut lines = draft.lines();
    for line in shown.lines().filter(|l| !l.is_empty() && *l != "…") {
        assert!(
            lines.any(|l| l == line),
            "not in the draft, or not in this order:\n{line}"
        );
    }
}

#[test]
fn the_number_of_formats_is_right() {
    let formats = recon_parsers::formats::FORMATS.len();
    let readme = read("README.md");
    let says = format!("`recon formats` lists them ({formats})");
    assert!(readme.contains(&says), "README.md does not say: {says}");
}
