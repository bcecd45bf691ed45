//! Whole drafts of hand-built incidents.

use super::{Options, build, json, markdown};
use crate::cite::{Grade, Piece};
use crate::incident::*;
use crate::source::Library;
use crate::specimen::{Specimen, minutes};

const LOG: &str = "\
ts=2025-03-04T09:15:00Z level=info svc=basket msg=\"GET /health\" status=200
ts=2025-03-04T09:20:00Z level=error svc=basket msg=\"coupon cache <nil> | `boom`\" status=500
ts=2025-03-04T10:02:00Z level=info svc=basket msg=\"coupon cache warm\" status=200
";
const CHAT: &str = "\
2025-03-04T09:28:00Z <mira> could it be the DNS change? looking
2025-03-04T09:31:00Z <mira> paging @jonas, [not dns](http://198.51.100.7/)
2025-03-04T09:50:00Z <jonas> found it: coupon cache has no TTL
2025-03-04T10:20:00Z <mira> all good, closing
";
const CHANGES: &str = "\
2025-03-04T09:17:00Z deploy finished basket v8.1.0 production
2025-03-04T10:00:00Z rollback finished basket v8.0.3 production
";
const ALERTS: &str = "2025-03-04T09:25:00Z FIRING BasketErrors severity=page\n";

/// The events of the rich incident: minute, grade, the words cited, what is said.
const EVENTS: &[(Milestone, Phase, i64, Grade, &str, &str)] = &[
    (
        Milestone::Change,
        Phase::Before,
        17,
        Grade::Observed,
        "v8.1.0",
        "Deploy of basket v8.1.0 to production finished",
    ),
    (
        Milestone::ImpactStart,
        Phase::Impact,
        20,
        Grade::Inferred,
        "boom",
        "errors \"coupon cache <nil> | `boom`\" began in basket",
    ),
    (
        Milestone::Detected,
        Phase::Detection,
        25,
        Grade::Observed,
        "FIRING",
        "Alert BasketErrors fired",
    ),
    (
        Milestone::Acknowledged,
        Phase::Investigation,
        28,
        Grade::Claimed,
        "could it be",
        "mira began to look into it",
    ),
    (
        Milestone::Escalated,
        Phase::Escalation,
        31,
        Grade::Claimed,
        "paging",
        "mira paged jonas",
    ),
    (
        Milestone::Identified,
        Phase::Identification,
        50,
        Grade::Claimed,
        "found it",
        "jonas: “found it: coupon cache has no TTL”",
    ),
    (
        Milestone::FixDeployed,
        Phase::Mitigation,
        60,
        Grade::Observed,
        "v8.0.3",
        "Rollback to basket v8.0.3 finished",
    ),
    (
        Milestone::Mitigated,
        Phase::Resolution,
        62,
        Grade::Inferred,
        "cache warm",
        "error ratio of basket back at its baseline",
    ),
    (
        Milestone::Resolved,
        Phase::Resolution,
        80,
        Grade::Claimed,
        "closing",
        "mira closed the incident",
    ),
];

fn rich() -> Specimen {
    let s = Specimen::default()
        .file("data/alerts.log", ALERTS)
        .file("data/basket.log", LOG)
        .file("data/changes.log", CHANGES)
        .file("data/chat.txt", CHAT);
    let s = EVENTS.iter().fold(s, |s, event| {
        let (which, phase, at, grade, words, said) = *event;
        s.event(which, phase, minutes(at), grade, words, said)
    });
    let cite = |words: &str| s.cite(words);
    let detection = Some((Method::Alert, cite("FIRING")));
    let leads = vec![Lead {
        hypothesis: "the DNS change".to_owned(),
        from: Specimen::stamp(minutes(28)),
        to: Some(Specimen::stamp(minutes(31))),
        ruled_out: true,
        evidence: cite("could it be").and(&cite("not dns")),
    }];
    let suspects = vec![Suspect {
        kind: SuspectKind::Change,
        what: "deploy v8.1.0".to_owned(),
        words: None,
        service: Some("basket".to_owned()),
        at: Some(Specimen::stamp(minutes(17))),
        score: 0.914_159,
        features: vec![("shortly_before", 0.95), ("same_service", 1.0)],
        evidence: cite("v8.1.0"),
    }];
    let remarks = vec![Remark {
        section: "root_cause",
        at: Some(Specimen::stamp(minutes(50))),
        actor: Some("jonas".to_owned()),
        text: "found it: coupon cache has no TTL".to_owned(),
        evidence: cite("found it"),
    }];
    let tasks = vec![Task {
        horizon: Horizon::Immediate,
        text: "Keep basket at v8.0.3 until the coupon cache has a TTL".to_owned(),
        evidence: cite("v8.0.3"),
    }];
    let impact = Impact {
        requests_total: Some(4_000),
        requests_failed: Some(1_000),
        error_rate_peak: Some(0.61),
        error_rate_mean: Some(0.25),
        error_rate_baseline: Some(0.001),
        users_active: Some(300),
        users_affected: Some(90),
        users_blocked: Some(1),
        by_service: vec![ServiceImpact {
            service: "basket".to_owned(),
            operation: Some("POST /checkout".to_owned()),
            requests_total: 4_000,
            requests_failed: 1_000,
            evidence: cite("boom"),
        }],
        basis: "users by the field user".to_owned(),
        evidence: Some(cite("boom").and(&cite("cache warm"))),
        ..Impact::default()
    };
    let culprit = Some(Culprit {
        service: "basket".to_owned(),
        confidence: 0.8,
        evidence: cite("boom"),
    });
    let services = vec![Involved {
        service: "basket".to_owned(),
        culprit: true,
    }];
    let incident = Incident {
        culprit,
        services,
        detection,
        leads,
        suspects,
        tasks,
        remarks,
        impact,
        ..s.incident.clone()
    };
    Specimen { incident, ..s }
}

fn drafted(specimen: &Specimen, incidents: Vec<Incident>) -> String {
    let analysis = specimen.analysis(incidents);
    markdown(&analysis, &mut specimen.library(), &Options::default()).expect("readable inputs")
}

fn reported(specimen: &Specimen, incidents: Vec<Incident>) -> json::Report {
    let analysis = specimen.analysis(incidents);
    build(&analysis, &mut specimen.library(), &Options::default()).expect("readable inputs")
}

#[test]
fn a_rich_incident() {
    let rich = rich();
    insta::assert_snapshot!(drafted(&rich, vec![rich.incident.clone()]));
}

#[test]
fn a_rich_incident_for_programs() {
    let rich = rich();
    let report = reported(&rich, vec![rich.incident.clone()]);
    let text = serde_json::to_string_pretty(&report).expect("serialisable");
    let back: json::Report = serde_json::from_str(&text).expect("its own output");
    assert_eq!(back, report);
    insta::assert_snapshot!(text);
}

#[test]
fn an_incident_of_which_nothing_is_known_asks() {
    let bare = Specimen::default().file("a.log", "x\n");
    insta::assert_snapshot!(drafted(&bare, vec![bare.incident.clone()]));
}

#[test]
fn no_incident() {
    let nothing = Specimen::default().file("a.log", "x\n");
    let text = drafted(&nothing, Vec::new());
    assert!(text.starts_with("# No incident found\n"), "{text}");
    assert!(
        text.contains("1 entry in 1 input was read, between 2025-03-04 09:00:00 UTC"),
        "{text}"
    );
}

#[test]
fn an_open_incident_is_bounded() {
    let mut s = Specimen::default().file("a.log", "boom\n").event(
        Milestone::ImpactStart,
        Phase::Impact,
        minutes(0),
        Grade::Observed,
        "boom",
        "errors began",
    );
    s.incident.status = Status::Ongoing;
    s.incident.evidence_ends = Some(Specimen::stamp(minutes(134)));
    let text = drafted(&s, vec![s.incident.clone()]);
    assert!(
        text.contains("**Duration**: ≥ 2h 14m (log ends); not over"),
        "{text}"
    );
    assert!(
        text.contains("(TTM): ≥ 2h 14m (log ends), from the first failure (a.log:1) to the recovery, of which there"),
        "{text}"
    );
    let report = reported(&s, vec![s.incident.clone()]);
    let incident = &report.incidents[0];
    assert_eq!(incident.metrics.get("time_to_mitigate_s"), Some(&None));
    let bound = incident.at_least.get("time_to_mitigate_s");
    assert_eq!(bound, Some(&json::Number(134.0 * 60.0)));
}

#[test]
fn a_relative_clock_is_a_clock() {
    let mut s = rich();
    for mark in s.incident.milestones.iter_mut().flatten() {
        mark.claim.value.nanos -= Specimen::stamp(0).nanos;
        mark.claim.value.basis = recon_parsers::Basis::Relative;
    }
    s.incident.timeline.clear();
    let text = drafted(&s, vec![s.incident.clone()]);
    assert!(
        text.contains("For 42m, from T+20m to T+1h 2m, 1,000 of 4,000 requests (25 %) to POST /checkout failed."),
        "{text}"
    );
    let report = reported(&s, vec![s.incident.clone()]);
    let metrics = &report.incidents[0].metrics;
    assert_eq!(
        metrics.get("time_to_mitigate_s"),
        Some(&Some(json::Number(2520.0)))
    );
    let start = report.incidents[0].milestones.get("impact_start");
    assert_eq!(start.map(|m| m.time.as_str()), Some("T+1200s"));
}

#[test]
fn several_incidents_share_a_head() {
    let s = rich();
    let second = Incident {
        id: "2025-03-04-search".to_owned(),
        title: "Search is slow".to_owned(),
        ..s.incident.clone()
    };
    let text = drafted(&s, vec![s.incident.clone(), second]);
    assert!(
        text.starts_with("# Postmortem drafts: 2 incidents\n"),
        "{text}"
    );
    assert!(
        text.contains("\n## Search is slow\n\n### Issue summary\n"),
        "{text}"
    );
}

/// Nothing that a log or a person wrote may become markup, in whatever field it comes.
#[test]
fn hostile_text_stays_text() {
    const EVIL: &str =
        "x\n# owned\n| a | b |\n```\n[c](javascript:alert(1)) <script>1</script> \u{1b}[2J\u{202e}";
    let mut s = rich();
    let i = &mut s.incident;
    i.id = EVIL.to_owned();
    i.title = EVIL.to_owned();
    for moment in &mut i.timeline {
        moment.text = EVIL.to_owned();
        moment.actor = Some(EVIL.to_owned());
    }
    i.leads[0].hypothesis = EVIL.to_owned();
    i.suspects[0].what = EVIL.to_owned();
    i.suspects[0].service = Some(EVIL.to_owned());
    i.remarks[0].text = EVIL.to_owned();
    i.remarks[0].actor = Some(EVIL.to_owned());
    i.tasks[0].text = EVIL.to_owned();
    i.services[0].service = EVIL.to_owned();
    i.impact.by_service[0].service = EVIL.to_owned();
    i.impact.basis = EVIL.to_owned();
    i.questions.push(EVIL.to_owned());
    let mut harmless = rich();
    harmless.incident.questions.push("Why?".to_owned());
    let harmless = drafted(&harmless, vec![harmless.incident.clone()]);
    let text = drafted(&s, vec![s.incident.clone()]);
    for bad in ["<script", "](", "\n# owned", "```", "\u{1b}", "\u{202e}"] {
        assert!(!text.contains(bad), "{bad:?} in {text}");
    }
    let shape = |t: &str| {
        let heads = t.lines().filter(|l| l.starts_with('#')).count();
        let rows = t.lines().filter(|l| l.starts_with('|')).count();
        (heads, rows)
    };
    assert_eq!(shape(&text), shape(&harmless));
}

#[test]
fn every_statement_is_cited_and_every_citation_opens() {
    let s = rich();
    let mut library: Library = s.library();
    let mut locator = super::Locator::new(&mut library);
    let drafted = super::draft::draft(&s.incident, &Options::default());
    let mut said = 0;
    for line in drafted.lines() {
        let crate::cite::Line::Said { text, evidence, .. } = line else {
            continue;
        };
        said += 1;
        for place in locator.places(evidence).expect("readable inputs") {
            let (_, file) = s
                .files
                .iter()
                .find(|(p, _)| *p == place.path)
                .expect("a file");
            let index = usize::try_from(place.line - 1).expect("small");
            assert_eq!(file.lines().nth(index), Some(place.text.as_str()));
        }
        for piece in text {
            if let Piece::Cite(cite) = piece {
                assert!(evidence.iter().any(|c| c == *cite), "{line:?}");
            }
        }
    }
    assert!(said > 30, "{said}");
}

#[test]
fn times_are_shown_in_the_zone_asked_for() {
    let s = rich();
    let options = Options {
        zone: crate::clock::Zone::Named(chrono_tz::Tz::Asia__Tokyo),
        ..Options::default()
    };
    let analysis = s.analysis(vec![s.incident.clone()]);
    let text = markdown(&analysis, &mut s.library(), &options).expect("readable inputs");
    assert!(text.contains("**18:20:00 JST · impact**"), "{text}");
}
