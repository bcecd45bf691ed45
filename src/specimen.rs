//! Hand-built incidents and the inputs they cite, for the tests of what is made of them.

use crate::analysis::{Account, Analysis, ChosenBy, Span};
use crate::cite::{Cite, Claim, Evidence, FileId, Grade};
use crate::clock::{DateOrder, Ground};
use crate::incident::{Impact, Incident, Marked, Milestone, Moment, Origin, Phase, Status};
use crate::source::{Input, Library, Text};
use recon_parsers::stamp::SECOND;
use recon_parsers::{Basis, Precision, Stamp};
use std::io::Write;

/// Minutes in nanoseconds.
pub(crate) const fn minutes(n: i64) -> i64 {
    n * 60 * SECOND
}

/// 2025-03-04T09:00:00Z.
const START: i64 = 1_741_078_800 * SECOND;

/// An incident under construction and the texts that it cites.
pub(crate) struct Specimen {
    pub(crate) incident: Incident,
    pub(crate) files: Vec<(&'static str, String)>,
}

impl Default for Specimen {
    fn default() -> Self {
        Self {
            incident: empty(),
            files: Vec::new(),
        }
    }
}

impl Specimen {
    /// Nanoseconds after the morning that all specimens happen on.
    pub(crate) const fn stamp(after: i64) -> Stamp {
        Stamp {
            nanos: START + after,
            precision: Precision::Fraction(0),
            basis: Basis::Stated,
        }
    }

    pub(crate) fn file(mut self, path: &'static str, text: &str) -> Self {
        self.files.push((path, text.to_owned()));
        self
    }

    /// The line of any file that contains these words.
    pub(crate) fn cite(&self, words: &str) -> Evidence {
        for (file, (_, text)) in (0..).zip(&self.files) {
            let mut offset = 0;
            for line in text.split_inclusive('\n') {
                if line.contains(words) {
                    let len = u32::try_from(line.len()).expect("a short line");
                    return Cite {
                        file: FileId(file),
                        offset,
                        len,
                    }
                    .into();
                }
                offset += line.len() as u64;
            }
        }
        panic!("no file has {words:?}");
    }

    /// A milestone at a time, without regard to what it cites.
    pub(crate) fn mark(self, which: Milestone, after: i64) -> Self {
        let nowhere = Cite {
            file: FileId(0),
            offset: 0,
            len: 0,
        };
        self.marked(which, after, Grade::Observed, nowhere.into())
    }

    pub(crate) fn marked(
        mut self,
        which: Milestone,
        after: i64,
        grade: Grade,
        evidence: Evidence,
    ) -> Self {
        self.incident.milestones[which as usize] = Some(Marked::of(Claim {
            value: Self::stamp(after),
            grade,
            rule: "by-hand",
            evidence,
        }));
        self
    }

    /// A milestone and a line of the timeline that the line with these words gives.
    pub(crate) fn event(
        mut self,
        which: Milestone,
        phase: Phase,
        after: i64,
        grade: Grade,
        words: &str,
        text: &str,
    ) -> Self {
        let evidence = self.cite(words);
        self.incident.timeline.push(Moment {
            at: Self::stamp(after),
            origin: Origin::Log,
            phase,
            text: text.to_owned(),
            actor: None,
            service: None,
            grade,
            evidence: evidence.clone(),
        });
        self.marked(which, after, grade, evidence)
    }

    pub(crate) fn library(&self) -> Library {
        let input = |(path, text): &(&str, String)| {
            let mut file = tempfile::tempfile().expect("a temporary file");
            file.write_all(text.as_bytes()).expect("room for it");
            Input {
                path: (*path).to_owned(),
                file: path.into(),
                text: Text::new(file).expect("its length"),
                bytes: text.len() as u64,
                modified: None,
                packed: None,
                wrapped: Vec::new(),
            }
        };
        Library::new(self.files.iter().map(input).collect())
    }

    pub(crate) fn analysis(&self, incidents: Vec<Incident>) -> Analysis {
        Analysis {
            window: Some(Span {
                start: Self::stamp(0),
                end: Self::stamp(minutes(180)),
            }),
            chosen_by: ChosenBy::All,
            inputs: self.files.iter().map(account).collect(),
            clocks: Vec::new(),
            incidents,
            notices: Vec::new(),
            people: Vec::new(),
            redacted: Vec::new(),
        }
    }
}

fn account((path, text): &(&'static str, String)) -> Account {
    let lines = text.lines().count() as u64;
    Account {
        path: (*path).to_owned(),
        formats: vec!["logfmt"],
        votes: 0,
        sampled: 0,
        declared: false,
        runner_up: None,
        wrapped: Vec::new(),
        bytes: text.len() as u64,
        lines,
        entries: lines,
        unparsed_lines: 0,
        unparsed_samples: Vec::new(),
        undated: 0,
        cut: 0,
        first: Some(Specimen::stamp(0)),
        last: Some(Specimen::stamp(minutes(180))),
        zone: None,
        zone_basis: Ground::Stated,
        dates: (DateOrder::AsRead, Ground::Stated),
        year_basis: Ground::Stated,
    }
}

fn empty() -> Incident {
    Incident {
        id: "2025-03-04-basket".to_owned(),
        title: "Checkout fails in basket".to_owned(),
        status: Status::Resolved,
        culprit: None,
        services: Vec::new(),
        detection: None,
        milestones: [const { None }; Milestone::ALL.len()],
        timeline: Vec::new(),
        leads: Vec::new(),
        suspects: Vec::new(),
        tasks: Vec::new(),
        remarks: Vec::new(),
        impact: Impact::default(),
        series: None,
        stated: None,
        questions: Vec::new(),
        notices: Vec::new(),
        evidence_ends: None,
    }
}
