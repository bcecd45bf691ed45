use super::*;
use crate::cite::Grade;
use crate::incident::Moment;
use crate::specimen::{Specimen, minutes};

fn told(lines: &[(Origin, Phase, &str, &str)], people: &[&str]) -> Vec<Moment> {
    let mut s = Specimen::default().file("chat.txt", "one line\n");
    for (n, (origin, phase, who, text)) in (0..).zip(lines) {
        s.incident.timeline.push(Moment {
            at: Specimen::stamp(minutes(n)),
            origin: *origin,
            phase: *phase,
            text: (*text).to_owned(),
            actor: Some((*who).to_owned()),
            service: None,
            grade: Grade::Claimed,
            evidence: s.cite("one line"),
        });
    }
    let mut analysis = s.analysis(vec![s.incident.clone()]);
    analysis.people = people.iter().map(|p| (*p).to_owned()).collect();
    Cast::of(&analysis).told(&s.incident).timeline
}

#[test]
fn roles_follow_from_acts() {
    use Origin::{Change, Page, Person};
    use Phase::{Detection, Escalation, Investigation, Mitigation};
    let lines = [
        (Page, Detection, "Imke Sand", "page acknowledged"),
        (
            Person,
            Detection,
            "Femi Odu",
            "“a customer is on the phone, checkout fails”",
        ),
        (
            Person,
            Escalation,
            "Imke Sand",
            "“@rlind can you join? paging Ruta and kpark”",
        ),
        (
            Person,
            Detection,
            "Kim Park",
            "“I'm incident commander from here”",
        ),
        (
            Person,
            Investigation,
            "Ruta Lind",
            "“Imke's graph says it is isand's cache”",
        ),
        (
            Change,
            Mitigation,
            "jfox",
            "rollback v7 took effect in production",
        ),
    ];
    let people = ["Imke Sand", "Ruta Lind", "Kim Park", "Femi Odu", "jfox"];
    let told = told(&lines, &people);
    let actors: Vec<&str> = told.iter().filter_map(|m| m.actor.as_deref()).collect();
    let expected = [
        "the on-call engineer",
        "customer support",
        "the on-call engineer",
        "the incident commander",
        "responder 1",
        "the deployer",
    ];
    assert_eq!(actors, expected);
    assert_eq!(
        told[2].text,
        "“responder 1 can you join? paging responder 1 and the incident commander”"
    );
    let own = "“the on-call engineer's graph says it is the on-call engineer's cache”";
    assert_eq!(told[4].text, own);
}

#[test]
fn words_and_programs_are_no_names() {
    use Origin::{Change, Person};
    use Phase::{Investigation, Mitigation};
    let lines = [
        (
            Person,
            Investigation,
            "Will Sand",
            "“Will do. the sand filter is sandy, isandx”",
        ),
        (Change, Mitigation, "deploy-bot", "rollback v7 took effect"),
        (
            Person,
            Investigation,
            "Will Sand",
            "“mail will.sand@shop.example, not Sandra”",
        ),
    ];
    let told = told(&lines, &["Will Sand", "deploy-bot"]);
    assert_eq!(told[0].text, "“Will do. the sand filter is sandy, isandx”");
    assert_eq!(told[1].actor.as_deref(), Some("deploy-bot"));
    assert!(told[2].text.contains("not Sandra"), "{}", told[2].text);
    assert!(!told[2].text.contains("will.sand"), "{}", told[2].text);
}

#[test]
fn a_shared_first_name_is_nobodys() {
    let lines = [
        (
            Origin::Person,
            Phase::Investigation,
            "Ada Quist",
            "“ask Ada”",
        ),
        (
            Origin::Person,
            Phase::Investigation,
            "Ada Brandt",
            "“Brandt here”",
        ),
    ];
    let told = told(&lines, &[]);
    assert_eq!(told[0].text, "“ask Ada”");
    assert_eq!(told[1].text, "“responder 2 here”");
}

#[test]
fn quotations_mark_what_is_not_theirs() {
    let mut s = Specimen::default().file("chat.txt", "one line\n");
    s.incident.timeline.push(Moment {
        at: Specimen::stamp(0),
        origin: Origin::Page,
        phase: Phase::Detection,
        text: "page acknowledged".to_owned(),
        actor: Some("Imke Sand".to_owned()),
        service: None,
        grade: Grade::Observed,
        evidence: s.cite("one line"),
    });
    let mut analysis = s.analysis(vec![s.incident.clone()]);
    analysis.people = vec!["Imke Sand".to_owned()];
    let cast = Cast::of(&analysis);
    let line = r#"{"agent":"Imke Sand","summary":"sandbox is slow"}"#;
    let quoted = r#"{"agent":"[the on-call engineer]","summary":"sandbox is slow"}"#;
    assert_eq!(cast.quoted(line), quoted);
    assert_eq!(Cast::default().quoted(line), line);
}

#[test]
fn who_signs_is_told_by_a_role_in_small_letters_too() {
    use Origin::{Change, Person};
    use Phase::{Before, Mitigation};
    let lines = [
        (Person, Mitigation, "Rob Quill", "“rolling back”"),
        (Change, Before, "deploybot", "deploy v9 [production] (rob)"),
        (
            Change,
            Before,
            "deploybot",
            "production | till | deploy v9 | rob",
        ),
        (Change, Before, "deploybot", "deploy v9 by rob - OK"),
        (
            Change,
            Before,
            "deploybot",
            "deploy of rob (robust) and rob",
        ),
    ];
    let told = told(&lines, &["Rob Quill"]);
    let texts: Vec<&str> = told.iter().map(|m| m.text.as_str()).collect();
    let expected = [
        "“rolling back”",
        "deploy v9 [production] (responder 1)",
        "production | till | deploy v9 | responder 1",
        "deploy v9 by responder 1 - OK",
        "deploy of rob (robust) and rob",
    ];
    assert_eq!(texts, expected);
}
