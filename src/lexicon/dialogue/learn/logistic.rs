//! Logistic regression with a quadratic penalty, by Newton's method.

/// The penalty of what may be as large as it likes.
pub(super) const FREE: f64 = 1e-6;
/// Newton's steps, at most.
const STEPS: usize = 60;
/// A slope that is nothing but for what is written of the weights.
const LEVEL: f64 = 0.5;
/// Steps of the solution of each.
const INNER: usize = 40;

/// What is there of a message, by number, and whether it does the act.
pub(super) struct Lesson {
    pub(super) present: Vec<(usize, f64)>,
    pub(super) is: bool,
}

/// What teaches one act, and how much a large weight of each number costs.
pub(super) struct Lessons<'p> {
    pub(super) lessons: Vec<Lesson>,
    pub(super) penalties: &'p [f64],
}

/// Those that are not nothing, numbered from 1, behind the bias, which has number 0.
pub(super) fn with_bias(signs: &[f32]) -> impl Iterator<Item = (usize, f64)> {
    let numbered = (1..).zip(signs.iter().map(|s| f64::from(*s)));
    let there = numbered.filter(|(_, s)| *s != 0.0);
    std::iter::once((0, 1.0)).chain(there)
}

pub(super) fn sum(weights: &[f64], present: &[(usize, f64)]) -> f64 {
    present.iter().map(|(n, x)| weights[*n] * x).sum()
}

fn likely(weights: &[f64], lesson: &Lesson) -> f64 {
    1.0 / (1.0 + (-sum(weights, &lesson.present)).exp())
}

impl Lessons<'_> {
    /// The slope of the penalised likelihood at some weights; nothing at its top.
    pub(super) fn slope(&self, weights: &[f64]) -> Vec<f64> {
        let costs = weights.iter().zip(self.penalties);
        let mut slope: Vec<f64> = costs.map(|(w, p)| -w * p).collect();
        for lesson in &self.lessons {
            let off = f64::from(u8::from(lesson.is)) - likely(weights, lesson);
            for (n, x) in &lesson.present {
                slope[*n] += off * x;
            }
        }
        slope
    }

    /// Newton's method.
    pub(super) fn learned(&self) -> Vec<f64> {
        let mut weights = vec![0.0; self.penalties.len()];
        for _ in 0..STEPS {
            let bend = |lesson: &Lesson| {
                let p = likely(&weights, lesson);
                p * (1.0 - p)
            };
            let slope = self.slope(&weights);
            if slope.iter().all(|s| s.abs() < LEVEL) {
                break;
            }
            let bends: Vec<f64> = self.lessons.iter().map(bend).collect();
            let step = self.solved(&bends, slope);
            for (w, s) in weights.iter_mut().zip(step) {
                *w += s;
            }
        }
        weights
    }

    /// How the slope bends along a direction.
    fn bent(&self, bends: &[f64], along: &[f64]) -> Vec<f64> {
        let costs = along.iter().zip(self.penalties);
        let mut bent: Vec<f64> = costs.map(|(a, p)| a * p).collect();
        for (lesson, bend) in self.lessons.iter().zip(bends) {
            let much = bend * sum(along, &lesson.present);
            for (n, x) in &lesson.present {
                bent[*n] += much * x;
            }
        }
        bent
    }

    /// The step to where the slope is nothing, by conjugate gradients.
    fn solved(&self, bends: &[f64], slope: Vec<f64>) -> Vec<f64> {
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let mut step = vec![0.0; slope.len()];
        let mut along = slope.clone();
        let mut left = slope;
        let mut size = dot(&left, &left);
        for _ in 0..INNER {
            if size < 1e-9 {
                break;
            }
            let bent = self.bent(bends, &along);
            let far = size / dot(&along, &bent);
            for ((s, l), (a, b)) in step.iter_mut().zip(&mut left).zip(along.iter().zip(&bent)) {
                *s += far * a;
                *l -= far * b;
            }
            let rest = dot(&left, &left);
            for (a, l) in along.iter_mut().zip(&left) {
                *a = l + rest / size * *a;
            }
            size = rest;
        }
        step
    }
}
