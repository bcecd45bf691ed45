//! Where the sources of an incident contradict each other. Each contradiction is a notice, with
//! both places, and a question: recon says what does not fit, people say why.

use super::group::Group;
use super::milestones::{Milestones, statements};
use super::model::{Marked, Milestone, Status};
use crate::cite::{Evidence, Grade, Notice, Weight};
use crate::lexicon::Act;
use recon_parsers::stamp::SECOND;

/// A word may be said so long (a minute) before what it tells of is measured.
const SLACK: i64 = 60 * SECOND;
/// An incident that is declared, or first noticed by people, so long (half an hour) after it began
/// was late.
const LATE: i64 = 1800 * SECOND;

/// One contradiction: what does not fit, what to ask, and where.
struct Found {
    message: String,
    question: &'static str,
    evidence: Evidence,
}

/// All of them, as notices and as questions.
pub(super) fn find(
    group: &Group<'_>,
    all: &Milestones,
    status: Status,
) -> (Vec<Notice>, Vec<String>) {
    let found = [
        over_too_early(group, all, status),
        fixed_before_named(all),
        declared_late(all),
        named_after_relief(all),
    ];
    let found = found.into_iter().flatten();
    let both = found.map(|f| {
        let notice = Notice {
            weight: Weight::Warning,
            message: f.message,
            evidence: Some(f.evidence),
        };
        (notice, f.question.to_owned())
    });
    both.unzip()
}

fn mark(all: &Milestones, which: Milestone) -> Option<&Marked> {
    all[which as usize].as_ref()
}

fn minutes(nanos: i64) -> i64 {
    nanos / (60 * SECOND)
}

fn both(a: &Marked, b: &Marked) -> Evidence {
    a.claim.evidence.clone().and(&b.claim.evidence)
}

/// Somebody called it over, or it was closed, while the data still failed.
fn over_too_early(group: &Group<'_>, all: &Milestones, status: Status) -> Option<Found> {
    let relief = mark(all, Milestone::Mitigated).filter(|m| m.claim.grade == Grade::Observed);
    let until = match relief {
        Some(m) => m.claim.value.nanos,
        None if status == Status::Ongoing && !group.bursts.is_empty() => i64::MAX,
        None => return None,
    };
    let start = mark(all, Milestone::ImpactStart).map_or(group.from, |m| m.claim.value.nanos);
    let early = |at: i64| at >= start && at.saturating_add(SLACK) < until;
    let closed = mark(all, Milestone::Resolved).filter(|m| early(m.claim.value.nanos));
    let words = statements(group, Act::Resolved)
        .find(|(s, x)| x.reaches_users() && early(s.from.nanos))
        .map(|(s, _)| s.evidence.clone());
    let evidence = closed.map(|m| m.claim.evidence.clone()).or(words)?;
    let evidence = match relief {
        Some(m) => evidence.and(&m.claim.evidence),
        None => evidence,
    };
    Some(Found {
        message: "It was called resolved while the data still showed failures".to_owned(),
        question: "It was called resolved while requests still failed: what did those who closed it look at?",
        evidence,
    })
}

/// A repair without anybody having named what is repaired.
fn fixed_before_named(all: &Milestones) -> Option<Found> {
    let (fix, named) = (
        mark(all, Milestone::FixDeployed)?,
        mark(all, Milestone::Identified)?,
    );
    let ahead = named.claim.value.nanos - fix.claim.value.nanos;
    (ahead > SLACK).then(|| Found {
        message: format!("The fix took effect {} min before anybody named the cause", minutes(ahead)),
        question: "The fix came before the cause was named: what was it based on, and is the cause that was named later the true one?",
        evidence: both(fix, named),
    })
}

/// Formally opened long after it began to hurt.
fn declared_late(all: &Milestones) -> Option<Found> {
    let (start, declared) = (
        mark(all, Milestone::ImpactStart)?,
        mark(all, Milestone::Declared)?,
    );
    let delay = declared.claim.value.nanos - start.claim.value.nanos;
    (delay > LATE).then(|| Found {
        message: format!("It was declared {} min after the impact began", minutes(delay)),
        question: "It was declared long after the impact began: what kept people from declaring it?",
        evidence: both(start, declared),
    })
}

/// It was over before anybody knew why.
fn named_after_relief(all: &Milestones) -> Option<Found> {
    let relief = mark(all, Milestone::Mitigated).filter(|m| m.claim.grade == Grade::Observed)?;
    let named = mark(all, Milestone::Identified)?;
    let after = named.claim.value.nanos - relief.claim.value.nanos;
    let fixed = mark(all, Milestone::FixDeployed).is_some();
    (after > SLACK && !fixed).then(|| Found {
        message: format!("The failures ended {} min before the cause was named, and no fix is recorded", minutes(after)),
        question: "The failures ended before the cause was named and no fix is recorded: what ended them?",
        evidence: both(relief, named),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, Claim, FileId};
    use recon_parsers::{Basis, Precision, Stamp};

    fn at(minute: i64, grade: Grade) -> Marked {
        let cite = Cite {
            file: FileId(0),
            offset: minute.unsigned_abs(),
            len: 1,
        };
        Marked::of(Claim {
            value: Stamp {
                nanos: minute * 60 * SECOND,
                precision: Precision::Fraction(0),
                basis: Basis::Stated,
            },
            grade,
            rule: "by-hand",
            evidence: Evidence::new(cite),
        })
    }

    fn messages(marks: &[(Milestone, i64, Grade)]) -> Vec<String> {
        let mut all = Milestones::default();
        for (which, minute, grade) in marks {
            all[*which as usize] = Some(at(*minute, *grade));
        }
        let (notices, questions) = find(&Group::default(), &all, Status::Resolved);
        assert_eq!(notices.len(), questions.len());
        notices.into_iter().map(|n| n.message).collect()
    }

    use Grade::{Claimed, Observed};
    use Milestone::{Declared, FixDeployed, Identified, ImpactStart, Mitigated, Resolved};

    #[test]
    fn a_smooth_incident_contradicts_nothing() {
        let smooth = [
            (ImpactStart, 0, Observed),
            (Declared, 5, Claimed),
            (Identified, 20, Claimed),
            (FixDeployed, 30, Observed),
            (Mitigated, 31, Observed),
            (Resolved, 45, Claimed),
        ];
        assert_eq!(messages(&smooth), Vec::<String>::new());
    }

    #[test]
    fn resolved_while_requests_fail() {
        let early = [
            (ImpactStart, 0, Observed),
            (Resolved, 20, Claimed),
            (Mitigated, 50, Observed),
        ];
        assert_eq!(messages(&early).len(), 1);
        // What is merely claimed to have ended contradicts nobody.
        let told = [
            (ImpactStart, 0, Observed),
            (Resolved, 20, Claimed),
            (Mitigated, 50, Claimed),
        ];
        assert_eq!(messages(&told).len(), 0);
    }

    #[test]
    fn a_fix_before_its_cause() {
        let hasty = [(FixDeployed, 10, Observed), (Identified, 25, Claimed)];
        assert_eq!(
            messages(&hasty),
            ["The fix took effect 15 min before anybody named the cause"]
        );
        let together = [(FixDeployed, 25, Observed), (Identified, 25, Claimed)];
        assert_eq!(messages(&together).len(), 0);
    }

    #[test]
    fn declared_long_after_it_began() {
        let late = [(ImpactStart, 0, Observed), (Declared, 55, Claimed)];
        assert_eq!(
            messages(&late),
            ["It was declared 55 min after the impact began"]
        );
    }

    #[test]
    fn over_before_anybody_knew_why() {
        let mystery = [(Mitigated, 10, Observed), (Identified, 40, Claimed)];
        assert_eq!(messages(&mystery).len(), 1);
        let mended = [
            (FixDeployed, 9, Observed),
            (Mitigated, 10, Observed),
            (Identified, 10, Claimed),
        ];
        assert_eq!(messages(&mended).len(), 0);
    }
}
