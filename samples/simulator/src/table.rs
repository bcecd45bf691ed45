//! Many verdicts in one table.

use crate::Kind;
use crate::judge::{CHECKS, Check};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The share that each check should reach on many bundles, in percent.
pub const TARGETS: [(&str, f64); 17] = [
    ("count", 97.0),
    ("start", 90.0),
    ("slow-start", 80.0),
    ("detected", 97.0),
    ("acked", 97.0),
    ("escalated", 97.0),
    ("identified", 90.0),
    ("fix", 90.0),
    ("mitigated", 90.0),
    ("resolved", 97.0),
    ("lead", 90.0),
    ("ruled-out", 90.0),
    ("culprit", 95.0),
    ("cause-top3", 95.0),
    ("cause-first", 85.0),
    ("users", 90.0),
    ("failed", 90.0),
];

/// Verdicts by kind.
#[derive(Clone, Debug, Default)]
pub struct Table(BTreeMap<Kind, Vec<Check>>);

impl Table {
    /// Adds the verdict on one bundle.
    pub fn add(&mut self, kind: Kind, checks: Vec<Check>) {
        self.0.entry(kind).or_default().extend(checks);
    }

    /// The share of a check that is right, in percent; nothing where nothing was checked.
    #[must_use]
    pub fn share(&self, name: &str) -> Option<f64> {
        share(self.0.values().flatten().filter(|c| c.name == name))
    }

    /// Everything, to be read: a row a kind, a row for all, and how far off they are.
    #[must_use]
    pub fn render(&self) -> String {
        let mut out = format!("{:14}", "share right, %");
        for name in CHECKS {
            let _ = write!(out, " {name:>11}");
        }
        for (kind, checks) in &self.0 {
            let _ = write!(out, "\n{:14}", kind.name());
            row(&mut out, checks.iter());
        }
        let _ = write!(out, "\n{:14}", "all");
        row(&mut out, self.0.values().flatten());
        let _ = write!(out, "\n{:14}", "wanted");
        for name in CHECKS {
            let target = TARGETS
                .iter()
                .find(|t| t.0 == name)
                .map_or_else(|| "-".to_owned(), |t| format!("{:.0}", t.1));
            let _ = write!(out, " {target:>11}");
        }
        let _ = write!(out, "\n{:14}", "median off");
        for name in CHECKS {
            let off = median(self.0.values().flatten().filter(|c| c.name == name));
            let off = off
                .filter(|_| name != "culprit")
                .map_or_else(|| "-".to_owned(), |o| format!("{o:.3}"));
            let _ = write!(out, " {off:>11}");
        }
        out.push('\n');
        self.graded(&mut out);
        out.push_str(&self.calibration());
        out
    }

    /// How often what was told with each grade of confidence is right.
    fn graded(&self, out: &mut String) {
        for grade in ["high", "medium", "low"] {
            let _ = write!(out, "{:14}", format!("told as {grade}"));
            let of_grade = |c: &&Check| c.graded.as_deref() == Some(grade);
            let all: Vec<&Check> = self.0.values().flatten().filter(of_grade).collect();
            row(out, all.iter().copied());
            let whole = share(all.iter().copied());
            let whole = whole.map_or_else(|| "-".to_owned(), |s| format!("{s:.1}/{}", all.len()));
            let _ = writeln!(out, "   all {whole}");
        }
    }

    /// How often the culprit is right, by the confidence that was stated.
    fn calibration(&self) -> String {
        let mut bins: BTreeMap<u8, (u32, u32)> = BTreeMap::new();
        for check in self.0.values().flatten().filter(|c| c.name == "culprit") {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let bin = (check.off.unwrap_or_default() * 5.0) as u8;
            let sum = bins.entry(bin.min(4)).or_default();
            *sum = (sum.0 + 1, sum.1 + u32::from(check.right));
        }
        bins.into_iter().fold(
            "culprit by stated confidence:".to_owned(),
            |mut out, (bin, (all, right))| {
                let _ = write!(
                    out,
                    " {:.1}–{:.1}: {right}/{all}",
                    f64::from(bin) / 5.0,
                    f64::from(bin + 1) / 5.0
                );
                out
            },
        ) + "\n"
    }
}

fn row<'c>(out: &mut String, checks: impl Iterator<Item = &'c Check> + Clone) {
    for name in CHECKS {
        let own = checks.clone().filter(|c| c.name == name);
        let all = own.clone().count();
        let text = share(own).map_or_else(|| "-".to_owned(), |s| format!("{s:.1}/{all}"));
        let _ = write!(out, " {text:>11}");
    }
}

#[allow(clippy::cast_precision_loss)]
fn share<'c>(checks: impl Iterator<Item = &'c Check>) -> Option<f64> {
    let (all, right) = checks.fold((0usize, 0usize), |(a, r), c| {
        (a + 1, r + usize::from(c.right))
    });
    (all > 0).then(|| right as f64 * 100.0 / all as f64)
}

fn median<'c>(checks: impl Iterator<Item = &'c Check>) -> Option<f64> {
    let mut all: Vec<f64> = checks.filter_map(|c| c.off).collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied()
}
