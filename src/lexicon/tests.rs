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
    fn may_hold(&self) -> bool {
        matches!(self.mark, None | Some('*'))
    }

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
        s.holds() && !with_report && !expected.iter().any(|e| e.act == s.act && e.may_hold())
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

#[test]
fn one_thing_under_two_names_is_the_same() {
    let pairs = [
        ("the db", "Postgres connections"),
        ("a DDoS attack", "denial of service"),
        ("server infrastructure", "network"),
        (
            "auth config",
            "a misconfiguration in the authentication service",
        ),
        ("load balancer", "haproxy"),
        ("feature flag", "the flag"),
    ];
    for (a, b) in pairs {
        let (left, right) = (Subject::new(a).expect(a), Subject::new(b).expect(b));
        assert!(
            same(&left, &right) && same(&right, &left),
            "{left:?} {right:?}"
        );
    }
}

#[test]
fn two_things_are_not_the_same() {
    let pairs = [
        ("database", "auth config"),
        ("load balancer", "server load"),
        ("dns", "redis"),
        ("auth database", "auth config"),
        ("disk", "memory leak"),
    ];
    for (a, b) in pairs {
        let (left, right) = (Subject::new(a).expect(a), Subject::new(b).expect(b));
        assert!(
            !same(&left, &right) && !same(&right, &left),
            "{left:?} {right:?}"
        );
    }
}

#[test]
fn words_without_meaning_name_no_subject() {
    for phrase in ["", "the problem", "it", "some other issue of the system"] {
        let subject = Subject::new(phrase);
        assert!(
            subject.as_ref().is_none_or(|s| !s.is_technical()),
            "{subject:?}"
        );
    }
}

#[test]
fn staging_holds_for_the_rest_of_a_message() {
    let statements = read("Deployed the patch to staging. Logins work again.");
    assert_eq!(statements.len(), 2, "{statements:?}");
    assert!(
        statements.iter().all(|s| s.holds() && !s.reaches_users()),
        "{statements:?}"
    );
    let statements = read("Works on staging. Hotfix deployed to prod!");
    assert!(
        statements
            .iter()
            .any(|s| s.act == Act::Fix && s.reaches_users()),
        "{statements:?}"
    );
}

#[test]
fn quoted_and_pasted_text_is_not_the_writers_own() {
    for text in [
        "> rolled back",
        "```\nrestarted nginx\nresolved\n```",
        "https://example.com/resolved",
    ] {
        assert_eq!(read(text), [], "{text}");
    }
    assert_eq!(read("```\nerror\n```\nrolled back").len(), 1);
}

#[test]
fn acts_come_in_the_order_of_the_words() {
    let acts: Vec<Act> =
        read("ruled out the network, found the bug and pushed a hotfix, all green")
            .iter()
            .map(|s| s.act)
            .collect();
    assert_eq!(
        acts,
        [Act::RuledOut, Act::Identified, Act::Fix, Act::Recovery]
    );
}

#[test]
fn any_text_is_read_without_panic() {
    for text in [
        "",
        "?",
        "\u{1F440}\u{1F440}",
        "\u{130}\u{130} is down",
        "<@U1|",
        "```",
        "no\n\n\nno",
        ", , ,",
        "\u{fffd}",
    ] {
        read(text);
        topics(text);
        is_complaint(text);
    }
    read(&"rolled back é ".repeat(4000));
}

#[test]
fn complaints_are_told_from_requests() {
    let complaints = [
        "cannot log in",
        "Login broken!!",
        "Error when signing in",
        "app keeps logging me out",
        "URGENT: users get 502 on checkout",
        "Unable to access my account",
        "Password reset not working",
        "sign-in page is blank",
        "can't download my invoice",
        "site down?",
        "I am locked out of my account",
        "Getting 'invalid token' after entering my code",
        "login doesnt work",
        "payment declined although card is fine",
        "the app crashes when I open settings",
        "Anmeldung funktioniert nicht",
        "extremely slow since this morning",
    ];
    for text in complaints {
        assert!(is_complaint(text), "{text}");
    }
    let others = [
        "How do I reset my password?",
        "Invoice for March",
        "please add Noor to the project",
        "Feature request: dark mode",
        "Question about error codes in the API docs",
        "refund for order 4411",
        "New user account for our intern",
        "How to handle errors in the webhook?",
        "Upgrade to the team plan",
        "Thanks for the quick help!",
        "Change of billing address",
        "request access to the staging cluster",
        "forgot my password",
        "Resolved: login error",
        "Can you send me the documentation?",
    ];
    for text in others {
        assert!(!is_complaint(text), "{text}");
    }
}

#[test]
fn tickets_about_one_thing_share_a_topic() {
    for text in [
        "Can't sign in!",
        "login broken",
        "unable to log in since this morning",
        "Error when logging in",
    ] {
        assert!(topics(text).contains("login"), "{text}: {:?}", topics(text));
    }
    assert!(!topics("checkout is slow").contains("login"));
}
