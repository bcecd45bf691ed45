use super::*;
use proptest::prelude::*;

fn block(key: &str, text: &str) -> Block {
    Block {
        key: key.to_owned(),
        text: text.to_owned(),
        gap: text.starts_with('#'),
        fact: !text.starts_with('#'),
    }
}

fn draft(duration: &str) -> Vec<Block> {
    vec![
        block("title", "# Checkout fails"),
        block("h/summary", "## Summary"),
        block(
            "facts/Duration",
            &format!("- **Duration**: {duration}, measured. [a.log:1]"),
        ),
        block("facts/ask", "- TODO(human): How many users?"),
        block("h/cause", "## Cause"),
        block("cause/1", "- **Candidate 1**: deploy v8. [c.log:2]"),
        block("cause/ask", "- TODO(human): By what mechanism?"),
    ]
}

fn first() -> String {
    sealed(&draft("42m"), "recon")
}

fn again(file: &str, blocks: &[Block]) -> String {
    merged(file, blocks, "recon").expect("a draft of recon's")
}

#[test]
fn nothing_new_changes_nothing() {
    let file = first();
    assert_eq!(again(&file, &draft("42m")), file);
    let edited = file.replace(
        "- TODO(human): How many users?",
        "- About forty users, says Ola.",
    );
    let once = again(&edited, &draft("42m"));
    assert_eq!(again(&once, &draft("42m")), once);
    assert!(once.contains("- About forty users, says Ola.\n"));
    assert!(!once.contains("How many users?"), "{once}");
}

#[test]
fn a_fact_that_changed_says_what_it_was() {
    let once = again(&first(), &draft("1h 15m"));
    let line = "- **Duration**: 1h 15m, measured. [a.log:1] *(updated: was 42m)*\n";
    assert!(once.contains(line), "{once}");
    // It stays marked as long as it stays, and is marked anew when it changes again.
    assert_eq!(again(&once, &draft("1h 15m")), once);
    let twice = again(&once, &draft("2h"));
    assert!(
        twice.contains("2h, measured. [a.log:1] *(updated: was 1h 15m)*\n"),
        "{twice}"
    );
    // Whoever has seen the mark takes it out.
    let seen = once.replace(" *(updated: was 42m)*", "");
    let later = again(&seen, &draft("1h 15m"));
    assert!(!later.contains("updated"), "{later}");
    assert!(again(&later, &draft("2h")).contains("was 1h 15m"));
}

#[test]
fn new_line_numbers_are_no_news() {
    let mut moved = draft("42m");
    moved[2].text = moved[2].text.replace("[a.log:1]", "[a.log:7, b.log:9]");
    let once = again(&first(), &moved);
    assert!(
        once.contains("- **Duration**: 42m, measured. [a.log:7, b.log:9]\n"),
        "{once}"
    );
}

#[test]
fn what_people_wrote_over_a_fact_stays_and_the_news_is_told_below() {
    let own = "- **Duration**: an hour and a half, counting the slow tail.";
    let edited = first().replace("- **Duration**: 42m, measured. [a.log:1]", own);
    let same = again(&edited, &draft("42m"));
    assert!(
        same.contains(own) && !same.contains("newer evidence"),
        "{same}"
    );
    let news = again(&same, &draft("1h 15m"));
    let told = format!(
        "{own}\n- *(recon, from newer evidence:)* **Duration**: 1h 15m, measured. [a.log:1]\n"
    );
    assert!(news.contains(&told), "{news}");
    assert_eq!(again(&news, &draft("1h 15m")), news);
    // Taken out, it does not come back until there is more news.
    let lines = news.lines().filter(|l| !l.contains("newer evidence"));
    let read: String = lines.map(|l| format!("{l}\n")).collect();
    let later = again(&read, &draft("1h 15m"));
    assert!(!later.contains("newer evidence"), "{later}");
    assert!(again(&later, &draft("2h")).contains("newer evidence:)* **Duration**: 2h"));
}

#[test]
fn paragraphs_stand_where_they_were_put() {
    let text = "We had seen this in May.\n\n```\n# not a heading\n```\n";
    let file = first().replace("## Cause\n", &format!("## Cause\n\n{text}\n"));
    let mut blocks = draft("1h 15m");
    blocks.insert(3, block("facts/Start", "- **Start**: 9:20. [a.log:3]"));
    blocks.insert(6, block("cause/0", "- **Candidate 0**: a flag. [c.log:1]"));
    let once = again(&file, &blocks);
    assert!(once.contains(&format!("## Cause\n\n{text}")), "{once}");
    assert!(
        once.contains("- **Start**: 9:20. [a.log:3]\n- TODO(human): How many"),
        "{once}"
    );
}

#[test]
fn a_heading_of_theirs_stays_a_heading_of_what_follows() {
    let file = first().replace("## Cause", "## Why it broke");
    let mut blocks = draft("42m");
    blocks.insert(4, block("facts/End", "- **End**: 10:02. [a.log:9]"));
    for _ in 0..2 {
        let once = again(&file, &blocks);
        let (summary, cause) = once.split_once("## Why it broke\n").expect("their heading");
        assert!(
            summary.contains("**End**") && !cause.contains("**End**"),
            "{once}"
        );
        assert!(!once.contains("## Cause"), "{once}");
    }
}

#[test]
fn what_cannot_be_told_apart_is_refused() {
    let blocks = draft("42m");
    assert_eq!(
        merged("# My own notes\n", &blocks, "recon"),
        Err(Refusal::Foreign)
    );
    let file = first();
    assert_eq!(
        merged(&file, &blocks, "sre"),
        Err(Refusal::Template("recon".to_owned()))
    );
    let spoilt = file.replace("By this comment", "x\nBy this comment");
    assert_eq!(merged(&spoilt, &blocks, "recon"), Err(Refusal::Foreign));
    let (_, comment) = file.split_once("<!--").expect("a comment");
    let other = format!("All of this is mine.\n<!--{comment}");
    let unlike = [block("x", "- nothing of it")];
    assert_eq!(merged(&other, &unlike, "recon"), Err(Refusal::Unlike));
}

#[test]
fn other_ends_of_lines_are_no_change() {
    let file = first().replace('\n', "\r\n");
    let once = again(&file, &draft("1h 15m"));
    assert!(once.contains("(updated: was 42m)"), "{once}");
}

/// What somebody does to a line.
#[derive(Clone, Debug)]
enum Edit {
    Insert(String),
    Replace(String),
    Append(String),
    Delete,
    Double,
    Swap,
}

fn edit() -> impl Strategy<Value = Edit> {
    let words = "[a-zé*#>|`<! -]{0,12}[a-z]";
    prop_oneof![
        words.prop_map(Edit::Insert),
        words.prop_map(Edit::Replace),
        words.prop_map(Edit::Append),
        Just(Edit::Delete),
        Just(Edit::Double),
        Just(Edit::Swap),
    ]
}

fn edited(file: &str, edits: &[(prop::sample::Index, Edit)]) -> String {
    let (body, comment) = file.split_at(file.find("\n<!-- recon").expect("a comment"));
    let mut lines: Vec<String> = body.lines().map(str::to_owned).collect();
    for (at, edit) in edits {
        let n = at.index(lines.len());
        match edit {
            Edit::Insert(text) => lines.insert(n, text.clone()),
            Edit::Replace(text) => lines[n] = text.clone(),
            Edit::Append(text) => lines[n].push_str(text),
            Edit::Delete => {
                lines.remove(n);
            }
            Edit::Double => lines.insert(n, lines[n].clone()),
            Edit::Swap => lines.swap(n, 0),
        }
        if lines.is_empty() {
            lines.push(String::new());
        }
    }
    format!("{}\n{comment}", lines.join("\n"))
}

/// Drafts of changing length, with lines that repeat.
fn drafts() -> impl Strategy<Value = Vec<Block>> {
    prop::collection::btree_map(0..40_u8, 0..6_u8, 3..25).prop_map(|lines| {
        let line = |(key, text): (u8, u8)| match key % 5 {
            0 => block(&format!("k{key}"), &format!("## Part {key}")),
            1 => block(&format!("k{key}"), "- TODO(human): the same?"),
            _ => block(
                &format!("k{key}"),
                &format!("- fact {key} is {text} [a.log:{text}]"),
            ),
        };
        lines.into_iter().map(line).collect()
    })
}

/// A line that people doubled does not take the place of one further down.
#[test]
fn doubled_lines_find_their_places() {
    let blocks = [
        block("a", "## Part 0"),
        block("b", "## Part 10"),
        block("c", "- TODO(human): the same?"),
    ];
    let file = sealed(&blocks, "recon").replacen(
        "## Part 10\n",
        "- TODO(human): the same?\n\n## Part 10\n## Part 10\n",
        1,
    );
    let result = merged(&file, &blocks, "recon").expect("its own draft");
    assert_eq!(result, file);
    assert_eq!(merged(&result, &blocks, "recon").expect("again"), result);
}

/// Empty lines that people put in stay, however many, also before a line that is taken for recon's.
#[test]
fn empty_lines_stay_as_many() {
    let blocks = [
        block("a", "## Part 0"),
        block("b", "- TODO(human): the same?"),
    ];
    let file = sealed(&blocks, "recon");
    let file = file.replacen("- TODO", "\n\n- TODO", 1);
    assert_eq!(merged(&file, &blocks, "recon").expect("its own"), file);
}

proptest! {
    /// Whatever people do to the lines of a draft, and whatever the next run says: each line
    /// that is not as recon wrote it is there afterwards, as often as before.
    #[test]
    fn nothing_of_peoples_is_lost(
        before in drafts(),
        after in drafts(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), edit()), 0..12),
    ) {
        let file = edited(&sealed(&before, "recon"), &edits);
        let Ok(result) = merged(&file, &after, "recon") else {
            return Ok(());
        };
        let body = |f: &str| f.split("\n<!-- recon:draft").next().unwrap_or_default().to_owned();
        let count = |text: &str, line: &str| text.lines().filter(|l| *l == line).count();
        let (file, written, result_body) = (body(&file), text(&before), body(&result));
        for line in file.lines().filter(|l| !l.trim().is_empty()) {
            let theirs = count(&file, line).saturating_sub(count(&written, line));
            prop_assert!(
                count(&result_body, line) >= theirs,
                "{line:?} of\n{file}\nis lost in\n{result_body}"
            );
        }
        // And a further run finds nothing to do.
        prop_assert_eq!(merged(&result, &after, "recon").expect("again"), result);
    }

    #[test]
    fn any_file_is_merged_or_refused(file in "\\PC{0,80}(\n\\PC{0,40}){0,6}", tail in "[ -~\n]{0,60}") {
        let blocks = draft("42m");
        let _ = merged(&file, &blocks, "recon");
        let _ = merged(&format!("{file}\n<!-- recon:draft 1 template={tail}-->"), &blocks, "recon");
    }
}
