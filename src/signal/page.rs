//! Steps of pages: triggered, notified, acknowledged, escalated, resolved …

use super::public;
use super::subject::subject;
use super::{Page, Rule, Sign, Signal};
use crate::cite::Evidence;
use crate::survey::{Kept, Survey};
use recon_parsers::record::field;
use recon_parsers::{Actor, Kind, PageAct, Stamp};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule { name: "page", find };

fn find(survey: &Survey) -> Vec<Signal> {
    let mut steps: Vec<Step<'_>> = Vec::new();
    for kept in &survey.kept {
        let (Kind::Page(act), Some(at)) = (kept.record.kind, kept.at) else {
            continue;
        };
        let step = Step { act, at, kept };
        // What is kept is in order of time.
        let mut before = steps
            .iter_mut()
            .rev()
            .take_while(|s| s.at.nanos == at.nanos);
        match before.find(|s| s.says_the_same(&step)) {
            // What tells who did it knows more.
            Some(told) if told.actor().is_none() && step.actor().is_some() => *told = step,
            Some(_) => {}
            None => steps.push(step),
        }
    }
    let lapsed = lapsed(&steps);
    let both = steps.iter().zip(lapsed);
    both.map(|(step, lapsed)| step.signal(lapsed, survey))
        .collect()
}

struct Step<'k> {
    act: PageAct,
    at: Stamp,
    kept: &'k Kept,
}

/// For each step, whether it took what was let go before it was resolved.
fn lapsed(steps: &[Step<'_>]) -> Vec<bool> {
    use PageAct::{Acknowledged, Resolved, Unacknowledged};
    let mut next: BTreeMap<Option<&str>, PageAct> = BTreeMap::new();
    let mut found = vec![false; steps.len()];
    for (step, lapses) in steps.iter().zip(&mut found).rev() {
        let follows = next.get(&step.id());
        *lapses = step.act == Acknowledged && follows == Some(&Unacknowledged);
        if matches!(step.act, Acknowledged | Unacknowledged | Resolved) {
            next.insert(step.id(), step.act);
        }
    }
    found
}

impl<'k> Step<'k> {
    fn id(&self) -> Option<&'k str> {
        self.kept.record.fields.text(field::ID)
    }

    fn actor(&self) -> Option<&Actor<'_>> {
        self.kept.record.actor.as_ref()
    }

    /// Webhooks are sent again when nobody answers, and some tell all that went before each time.
    fn says_the_same(&self, other: &Self) -> bool {
        self.act == other.act
            && self.id().is_some()
            && self.id() == other.id()
            && self.kept.record.message == other.kept.record.message
    }

    fn signal(&self, lapsed: bool, survey: &Survey) -> Signal {
        let record = &self.kept.record;
        let text = |name| record.fields.text(name).map(str::to_owned);
        let people = ["assignees", "assignee", "notified", "escalation_policy"];
        Signal {
            rule: RULE.name,
            from: self.at,
            to: None,
            service: subject(record, survey),
            sign: Sign::Page(Page {
                act: self.act,
                id: text(field::ID),
                title: record.message.to_string(),
                actor: record.actor.as_ref().map(|a| (a.name.to_string(), a.bot)),
                to: people.into_iter().find_map(text),
                lapsed,
                claimed: text(field::CLAIMED).is_some(),
                public: public::is(record),
            }),
            evidence: Evidence::new(self.kept.cite),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, FileId};
    use recon_parsers::stamp::SECOND;
    use recon_parsers::{Basis, Precision, Record};

    fn steps(all: &[(i64, &'static str, PageAct)]) -> Vec<(i64, PageAct, bool)> {
        let kept = all.iter().zip(0u64..).map(|((second, id, act), offset)| {
            let mut record = Record::new(Kind::Page(*act), "disk is full");
            record.fields.push(field::ID, *id);
            Kept {
                at: Some(Stamp {
                    nanos: second * SECOND,
                    precision: Precision::Fraction(0),
                    basis: Basis::Stated,
                }),
                since: None,
                cite: Cite {
                    file: FileId(0),
                    offset,
                    len: 1,
                },
                record,
            }
        });
        let survey = Survey {
            kept: kept.collect(),
            ..Survey::default()
        };
        let told = |s: Signal| match &s.sign {
            Sign::Page(page) => (s.from.second(), page.act, page.lapsed),
            _ => panic!("a page"),
        };
        find(&survey).into_iter().map(told).collect()
    }

    use PageAct::{Acknowledged, Resolved, Triggered, Unacknowledged};

    #[test]
    fn an_acknowledgement_lapses_with_its_own_page() {
        let all = [
            (0, "A", Triggered),
            (60, "A", Acknowledged),
            (70, "B", Acknowledged),
            (1860, "A", Unacknowledged),
            (1900, "A", Acknowledged),
            (2000, "A", Resolved),
            (2100, "A", Unacknowledged),
        ];
        let lapsed: Vec<i64> = steps(&all).iter().filter(|s| s.2).map(|s| s.0).collect();
        assert_eq!(lapsed, [60]);
    }

    #[test]
    fn what_is_told_twice_is_one_step() {
        let all = [
            (0, "A", Triggered),
            (0, "B", Triggered),
            (0, "A", Triggered),
            (60, "A", Triggered),
        ];
        assert_eq!(steps(&all).len(), 3);
    }
}
