//! The curves of the chart: failures and durations over time.

use super::chart::{Drawing, LEFT, RIGHT};
use super::text::html;
use crate::incident::{Point, Series};
use crate::report::prose;
use std::fmt::Write;

const RATE_HEIGHT: f64 = 150.0;
const DURATION_HEIGHT: f64 = 84.0;
/// Below a plot: the axis labels of this and the next are not to touch.
const GAP: f64 = 14.0;
/// Above a plot, for its name: in it, it would lie on the curve.
const TITLE: f64 = 18.0;

#[allow(clippy::cast_precision_loss)]
impl Drawing {
    /// Lines across the plot at zero, half and full height, with their values.
    fn grid(&mut self, height: f64, title: &str, values: [&str; 3]) {
        self.y += TITLE;
        let top = self.y;
        for (n, value) in values.into_iter().enumerate() {
            let y = top + height - height * n as f64 / 2.0;
            let _ = writeln!(
                self.out,
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>"
            );
            self.label(y + 4.0, "tick", value);
        }
        let _ = writeln!(
            self.out,
            "<text class=\"title\" x=\"{}\" y=\"{:.1}\">{}</text>",
            LEFT,
            top - 6.0,
            html(title)
        );
    }

    pub(super) fn failures(&mut self, series: &Series) {
        let value = |p: &Point| match (series.requests, p.requests) {
            (true, 0) => None,
            (true, all) => Some(p.failed as f64 / all as f64),
            (false, _) => Some(p.failed as f64),
        };
        let values: Vec<Option<f64>> = series.points.iter().map(value).collect();
        let most = values.iter().flatten().copied().fold(0.0, f64::max);
        let top = if series.requests {
            round_up(most * 100.0).min(100.0) / 100.0
        } else {
            round_up(most)
        };
        if series.requests {
            let title = "Failed requests, share";
            let labels = [0.0, top / 2.0, top].map(prose::percent);
            self.grid(RATE_HEIGHT, title, labels.each_ref().map(String::as_str));
        } else {
            let every = prose::duration(series.step);
            let labels = [0.0, top / 2.0, top].map(|v| format!("{v}"));
            let title = format!("Errors in the log, every {every}");
            self.grid(RATE_HEIGHT, &title, labels.each_ref().map(String::as_str));
        }
        let steps = self.steps(series, &values, top, RATE_HEIGHT);
        let _ = writeln!(
            self.out,
            "<g clip-path=\"url(#clip)\"><path class=\"failures stretch\" d=\"{steps}\"/></g>"
        );
        self.y += RATE_HEIGHT + GAP;
    }

    /// A filled outline of steps; gaps where nothing is known.
    fn steps(&self, series: &Series, values: &[Option<f64>], top: f64, height: f64) -> String {
        let base = self.y + height;
        let y = |v: f64| base - height * (v / top.max(f64::MIN_POSITIVE)).min(1.0);
        let mut path = String::new();
        let mut open = false;
        for (n, value) in values.iter().enumerate() {
            let from = self.x(series.start + series.step * n as i64);
            let to = self.x(series.start + series.step * (n as i64 + 1));
            match value {
                Some(v) => {
                    if !open {
                        let _ = write!(path, "M{from:.2} {base:.1}");
                    }
                    let v = y(*v);
                    let _ = write!(path, "L{from:.2} {v:.1}L{to:.2} {v:.1}");
                    open = true;
                }
                None if open => {
                    let _ = write!(path, "L{from:.2} {base:.1}Z");
                    open = false;
                }
                None => {}
            }
        }
        if open {
            let _ = write!(path, "L{RIGHT:.2} {base:.1}Z");
        }
        path
    }

    pub(super) fn durations(&mut self, series: &Series) {
        let most = series.points.iter().filter_map(|p| p.p99_ms);
        let Some(most) = most.reduce(f64::max) else {
            return;
        };
        let top = round_up(most);
        let labels = [0.0, top / 2.0, top].map(shown_millis);
        let labels = labels.each_ref().map(String::as_str);
        self.grid(DURATION_HEIGHT, "Request duration, p99 and median", labels);
        for (class, of) in [
            ("p99", (|p| p.p99_ms) as fn(&Point) -> Option<f64>),
            ("p50", |p| p.p50_ms),
        ] {
            let line = self.line(series, top, of);
            let _ = writeln!(
                self.out,
                "<g clip-path=\"url(#clip)\"><path class=\"{class} stretch\" d=\"{line}\"/></g>"
            );
        }
        self.y += DURATION_HEIGHT + GAP;
    }

    fn line(&self, series: &Series, top: f64, of: fn(&Point) -> Option<f64>) -> String {
        let mut path = String::new();
        let mut open = false;
        for (n, point) in series.points.iter().enumerate() {
            let Some(value) = of(point) else {
                open = false;
                continue;
            };
            let x = self.x(series.start + series.step * n as i64 + series.step / 2);
            let y = self.y + DURATION_HEIGHT * (1.0 - (value / top).min(1.0));
            let _ = write!(path, "{}{x:.2} {y:.1}", if open { 'L' } else { 'M' });
            open = true;
        }
        path
    }
}

/// The next number that begins with 1, 2 or 5 and goes on with zeros.
fn round_up(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let scale = 10_f64.powf(value.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|s| s * scale);
    steps.into_iter().find(|s| *s >= value).unwrap_or(value)
}

fn shown_millis(ms: f64) -> String {
    if ms >= 1000.0 {
        format!("{} s", ms / 1000.0)
    } else {
        format!("{ms} ms")
    }
}
