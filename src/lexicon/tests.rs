//! The table of utterances, read like code.

use super::*;

const UTTERANCES: &str = include_str!("utterances.tsv");

/// One line of the table.
struct Utterance {
    part: &'static str,
    expected: &'static str,
    text: &'static str,
}

fn utterances() -> Vec<Utterance> {
    let mut part = "";
    let mut lines = Vec::new();
    for line in UTTERANCES.lines() {
        if let Some(rest) = line.strip_prefix("# == ") {
            part = rest.split(':').next().unwrap_or("");
        } else if !line.starts_with('#') {
            let (expected, text) = line.split_once('\t').expect("expectation, tab, words");
            lines.push(Utterance {
                part,
                expected,
                text,
            });
        }
    }
    lines
}

/// `fix!(subject)@staging` taken apart.
#[derive(Debug)]
struct Expectation {
    act: Act,
    mark: Option<char>,
    subject: Option<Subject>,
    environment: Option<Environment>,
}

fn expectations(column: &str) -> Vec<Expectation> {
    let mut list = Vec::new();
    let mut rest = column.trim();
    while !rest.is_empty() && rest != "-" {
        let (word, tail) = split_item(rest);
        list.push(expectation(word));
        rest = tail.trim_start();
    }
    list
}

/// The first item of a list whose items may hold blanks in brackets.
fn split_item(list: &str) -> (&str, &str) {
    let mut depth = 0;
    let end = list.find(|c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ' ' && depth == 0
    });
    list.split_at(end.unwrap_or(list.len()))
}

fn expectation(item: &str) -> Expectation {
    let (item, environment) = match item.split_once('@') {
        Some((item, "staging")) => (item, Some(Environment::Staging)),
        Some((item, "canary")) => (item, Some(Environment::Canary)),
        Some((item, "production")) => (item, Some(Environment::Production)),
        Some((_, other)) => panic!("no environment is called {other}"),
        None => (item, None),
    };
    let (item, subject) = match item.split_once('(') {
        Some((item, subject)) => (item, Subject::new(subject.trim_end_matches(')'))),
        None => (item, None),
    };
    let mark = item.chars().last().filter(|c| "~!?*".contains(*c));
    let act = act(item.trim_end_matches(['~', '!', '?', '*']));
    Expectation {
        act,
        mark,
        subject,
        environment,
    }
}

fn act(name: &str) -> Act {
    use Act::*;
    let acts = [
        Detected,
        Paged,
        Acknowledged,
        Declared,
        Impact,
        Investigating,
        Hypothesis,
        RuledOut,
        Escalated,
        Identified,
        Fix,
        Workaround,
        Recovery,
        Resolved,
        Closed,
    ];
    let found = acts
        .into_iter()
        .find(|act| format!("{act:?}").to_lowercase() == name);
    found.unwrap_or_else(|| panic!("no act is called {name}"))
}

impl Expectation {
    fn admits(&self, statement: &Statement) -> bool {
        let mood = match self.mark {
            Some('~') => statement.mood == Mood::Planned,
            Some('!') => statement.mood == Mood::Negated,
            Some('?') => statement.mood == Mood::Question,
            Some(_) => true,
            None => statement.holds(),
        };
        let subject = match (&self.subject, &statement.subject) {
            (None, _) => true,
            (Some(expected), Some(subject)) => same(expected, subject),
            (Some(_), None) => false,
        };
        let place = self.environment.is_none() || self.environment == statement.environment;
        self.act == statement.act && mood && subject && place
    }
}

/// What is wrong with the reading of one utterance. Statements that do not hold
/// may be added freely: they close no phase. Impact may come with a report of it.
fn faults(utterance: &Utterance) -> Option<String> {
    let statements = read(utterance.text);
    let expected = expectations(utterance.expected);
    let missing = expected
        .iter()
        .filter(|e| e.mark != Some('*'))
        .find(|e| !statements.iter().any(|s| e.admits(s)));
    let surplus = statements.iter().find(|s| {
        let with_report = s.act == Act::Impact && expected.iter().any(|e| e.act == Act::Detected);
        s.holds() && !with_report && !expected.iter().any(|e| e.admits(s))
    });
    if missing.is_none() && surplus.is_none() {
        return None;
    }
    let heard: Vec<String> = statements
        .iter()
        .map(|s| {
            format!(
                "{:?} {:?} {:?} [{}]",
                s.act,
                s.mood,
                s.subject.as_ref().map(Subject::text),
                s.words
            )
        })
        .collect();
    Some(format!(
        "{}\t{}\n    heard: {}",
        utterance.expected,
        utterance.text,
        heard.join("; ")
    ))
}

#[test]
fn utterances_are_read_as_their_table_says() {
    let mut wrong = Vec::new();
    let (mut right, mut all) = ([0; 4], [0; 4]);
    for utterance in utterances() {
        let part = ["a", "b", "c"]
            .iter()
            .position(|p| *p == utterance.part)
            .unwrap_or(3);
        all[part] += 1;
        match faults(&utterance) {
            None => right[part] += 1,
            Some(fault) => wrong.push(format!("{}: {fault}", utterance.part)),
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nright: {right:?} of {all:?}",
        wrong.join("\n")
    );
}
