//! Declared formats as their users see them: what is read, what is refused, and why.

use super::*;
use crate::record::{AlertState, Value};
use crate::{detect, entries};

/// A gateway of our own, with a one-letter level and a duration in microseconds.
fn gateway() -> Declaration {
    Declaration {
        name: "gateway".to_owned(),
        title: "Our gateway".to_owned(),
        reference: "recon.toml".to_owned(),
        pattern: r"(?<time>\S+ \S+) \[(?<level>\w)\] (?<service>[\w-]+)#(?<worker>\d+) (?<status>\d{3}|-) (?<duration>\d+) (?<message>.*)"
            .to_owned(),
        time: "%d.%m.%Y %H:%M:%S.%f".parse().expect("a pattern"),
        kind: Kind::Log,
        service: None,
        levels: BTreeMap::from([("X".to_owned(), Level::Fatal)]),
        states: BTreeMap::new(),
        duration: duration::Unit::Micros,
        continues: Continues::Unread,
        sample: LINE.to_owned(),
    }
}

const LINE: &str = "06.05.2031 07:08:09.125 [E] tram-desk#4 503 81250 depot does not answer";

fn custom(declaration: Declaration) -> Arc<Custom> {
    Arc::new(Custom::new(declaration).expect("a sound declaration"))
}

fn flaw(change: impl FnOnce(&mut Declaration)) -> Flaw {
    let mut declaration = gateway();
    change(&mut declaration);
    Custom::new(declaration).expect_err("a flaw")
}

#[test]
fn groups_go_where_they_belong() {
    let custom = custom(gateway());
    let mut out = Vec::new();
    custom.read(LINE.as_bytes(), &mut out).expect("read");
    let [record] = out.as_slice() else {
        panic!("{out:?}")
    };
    let at = record.at.map(|at| at.notation());
    assert_eq!(at.as_deref(), Some("2031-05-06T07:08:09.125"));
    assert_eq!(record.level, Some(Level::Error));
    assert_eq!(record.service.as_deref(), Some("tram-desk"));
    assert_eq!(record.message, "depot does not answer");
    assert_eq!(record.fields.get("worker"), Some(&Value::Int(4)));
    assert_eq!(record.fields.get(field::STATUS), Some(&Value::Int(503)));
    assert_eq!(
        record.fields.get(field::LATENCY_MS),
        Some(&Value::Float(81.25))
    );
    let strange = LINE.replace("[E]", "[X]").replace(" 503 ", " - ");
    let mut out = Vec::new();
    custom.read(strange.as_bytes(), &mut out).expect("read");
    assert_eq!(out[0].level, Some(Level::Fatal), "by the level map");
    assert_eq!(
        out[0].fields.get(field::STATUS),
        None,
        "a dash says nothing"
    );
}

#[test]
fn a_line_fits_whole_and_with_a_time_or_not_at_all() {
    let custom = custom(gateway());
    let refused = |line: &str| custom.read(line.as_bytes(), &mut Vec::new()).is_none();
    assert!(refused(&format!("> {LINE}")));
    assert!(refused(&LINE.replace("06.05", "31.02")));
    let mut narrow = gateway();
    narrow.pattern = narrow.pattern.replace("(?<message>.*)", r"(?<message>\w+)");
    let narrow = Custom::new(narrow).expect("sound");
    assert!(narrow.read(LINE.as_bytes(), &mut Vec::new()).is_none());
}

#[test]
fn flaws_name_the_key_and_the_place() {
    let unclosed = flaw(|d| d.pattern = "(?<time>[a-z)".to_owned());
    assert_eq!((unclosed.key, unclosed.at), ("pattern", Some(8)));
    let unnamed = flaw(|d| d.pattern = r"\d+ (.*)".to_owned());
    assert!(unnamed.message.contains("names no group"), "{unnamed:?}");
    let anything = flaw(|d| d.pattern = "(?<message>.*)".to_owned());
    assert!(anything.message.contains("empty line"), "{anything:?}");
    let state = flaw(|d| {
        d.kind = Kind::Alert(AlertState::Firing);
        d.states = BTreeMap::from([("PROBLEM".to_owned(), "broken".to_owned())]);
    });
    assert!(state.message.contains("firing, resolved"), "{state:?}");
    let continues = flaw(|d| d.continues = Continues::Matching("(".to_owned()));
    assert_eq!(continues.key, "continues");
}

#[test]
fn samples_hold_the_declaration_to_its_word() {
    let custom = custom(gateway());
    let sample = |means: &[(&str, &str)]| Sample {
        entry: LINE.to_owned(),
        means: means
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect(),
    };
    let right = [
        ("time", "2031-05-06T07:08:09.125"),
        ("level", "error"),
        ("worker", "4"),
        ("latency_ms", "81.25"),
    ];
    assert_eq!(custom.check(&sample(&right)), Ok(()));
    let wrong = custom
        .check(&sample(&[("level", "warn")]))
        .expect_err("wrong");
    assert_eq!(wrong.key, "level");
    assert!(
        wrong.message.contains("`error` is read"),
        "{}",
        wrong.message
    );
    let missing = custom.check(&sample(&[("user", "7")])).expect_err("wrong");
    assert!(
        missing.message.contains("nothing is read"),
        "{}",
        missing.message
    );
}

#[test]
fn a_sample_that_is_not_read_shows_how_far_the_pattern_fits() {
    let custom = custom(gateway());
    let line = LINE.replace("tram-desk#4", "tram-desk:4");
    let sample = Sample {
        entry: line,
        means: Vec::new(),
    };
    let wrong = custom.check(&sample).expect_err("not read");
    assert_eq!(wrong.key, "line");
    let marker = wrong.message.lines().last().expect("a line with the mark");
    let column = "  06.05.2031 07:08:09.125 [E] tram-desk".len();
    assert_eq!(marker.find('^'), Some(column), "{}", wrong.message);
}

#[test]
fn a_declared_format_outranks_the_built_in_ones() {
    // General, and other formats, would take these lines too.
    let lines = "2031-05-06T07:08:09Z tram ERROR depot does not answer\n".repeat(20);
    assert_ne!(
        detect(lines.as_bytes(), &[]).main().map(|f| f.name),
        Some("tram")
    );
    let mut declaration = gateway();
    declaration.name = "tram".to_owned();
    declaration.pattern =
        r"(?<time>\S+) (?<service>\w+) (?<level>[A-Z]+) (?<message>.+)".to_owned();
    declaration.time = TimeForm::Auto;
    let declared = [custom(declaration)];
    let found = detect::detect_with(lines.as_bytes(), &[], &declared);
    assert_eq!(found.main().map(|f| f.name), Some("tram"));
    assert_eq!(
        found.ranking.first().map(|(f, n)| (f.name, *n)),
        Some(("tram", 20))
    );
    assert!(found.ranking.len() > 1, "the others are still ranked");
    let other = "GET /timetable 200\n".repeat(20);
    let found = detect::detect_with(other.as_bytes(), &[], &declared);
    assert_ne!(found.main().map(|f| f.name), Some("tram"));
}

#[test]
fn a_declared_format_is_found_inside_what_a_container_wrote() {
    let lines: String = (10..40)
        .map(|n| format!("2031-05-06T07:08:{n}.000000001Z stdout F {LINE}\n"))
        .collect();
    let declared = [custom(gateway())];
    let found = detect::detect_with(lines.as_bytes(), &[], &declared);
    assert_eq!(found.main().map(|f| f.name), Some("cri"));
    let mut out = Vec::new();
    let first = lines.lines().next().expect("a line");
    found.read(first.as_bytes(), &mut out).expect("read");
    assert_eq!(out[0].level, Some(Level::Error));
    assert_eq!(out[0].service.as_deref(), Some("tram-desk"));
}

#[test]
fn lines_that_go_on_join_their_entry() {
    let mut declaration = gateway();
    declaration.pattern = r"(?<time>\S+ \S+) (?<message>.+)".to_owned();
    declaration.continues = Continues::Matching(r"^\S+ \S+ \.\.\.".to_owned());
    let text = "06.05.2031 07:08:09.1 depot does not answer\n\
                06.05.2031 07:08:09.2 ... for the third time\n  at desk 4\n\
                06.05.2031 07:08:10.5 depot answers\n";
    let found = detect::detect_with(text.as_bytes(), &[], &[custom(declaration)]);
    let mut said = Vec::new();
    entries(text.as_bytes(), 0..text.len(), &found, &mut |e| {
        said.push((e.line, e.line_last, e.records[0].message.to_string()));
    });
    let joined = "depot does not answer\n06.05.2031 07:08:09.2 ... for the third time\n  at desk 4";
    assert_eq!(
        said,
        [
            (0, 2, joined.to_owned()),
            (3, 3, "depot answers".to_owned())
        ]
    );
}

#[test]
fn states_of_alerts() {
    let mut declaration = gateway();
    declaration.pattern = r"(?<time>\S+ \S+) (?<state>\w+) (?<message>.+)".to_owned();
    declaration.kind = Kind::Alert(AlertState::Firing);
    declaration.states = BTreeMap::from([
        ("PROBLEM".to_owned(), "firing".to_owned()),
        ("RECOVERY".to_owned(), "resolved".to_owned()),
    ]);
    let custom = custom(declaration);
    let kind = |word: &str| {
        let line = format!("06.05.2031 07:08:09.1 {word} depot");
        let mut out = Vec::new();
        custom.read(line.as_bytes(), &mut out).expect("read");
        out[0].kind
    };
    assert_eq!(kind("PROBLEM"), Kind::Alert(AlertState::Firing));
    assert_eq!(kind("RECOVERY"), Kind::Alert(AlertState::Resolved));
    assert_eq!(kind("FLAPPING"), Kind::Alert(AlertState::Unknown));
}
