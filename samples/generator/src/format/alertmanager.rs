//! Alertmanager's webhook bodies, one POST a line.

use super::fingerprint;
use crate::bundle::Mark;
use crate::json::{Json, object};
use crate::time::{Time, Zone};

/// One alert of a POST.
#[derive(Clone, Copy, Debug)]
pub struct Alert {
    /// Name of the rule.
    pub name: &'static str,
    /// Service that it watches.
    pub service: &'static str,
    /// `critical`, `warning`, `page` …
    pub severity: &'static str,
    /// Where it was measured.
    pub instance: &'static str,
    /// What it says to people.
    pub summary: &'static str,
    /// `startsAt`: after the rule's `for`.
    pub from: Time,
    /// `endsAt`, once it is resolved.
    pub to: Option<Time>,
}

impl Alert {
    /// The same alert, resolved.
    #[must_use]
    pub const fn until(mut self, to: Time) -> Self {
        self.to = Some(to);
        self
    }

    fn json(&self) -> Json {
        let identity = fingerprint(&[self.name, self.service, self.instance]);
        let starts = self.from.stamp_ms(Zone::UTC);
        let ends = self.to.map_or_else(
            || "0001-01-01T00:00:00Z".to_owned(),
            |t| t.stamp_ms(Zone::UTC),
        );
        let graph = format!(
            "http://prometheus.example.internal/graph?rule={}",
            self.name
        );
        object([
            ("status", self.status().into()),
            (
                "labels",
                object([
                    ("alertname", self.name.into()),
                    ("instance", self.instance.into()),
                    ("service", self.service.into()),
                    ("severity", self.severity.into()),
                ]),
            ),
            ("annotations", object([("summary", self.summary.into())])),
            ("startsAt", starts.into()),
            ("endsAt", ends.into()),
            ("generatorURL", graph.into()),
            ("fingerprint", format!("{identity:016x}").into()),
        ])
    }

    const fn status(&self) -> &'static str {
        if self.to.is_some() {
            "resolved"
        } else {
            "firing"
        }
    }
}

/// One POST.
#[derive(Clone, Debug)]
pub struct Post {
    /// Its alerts; firing and resolved ones may stand together.
    pub alerts: Vec<Alert>,
    /// What the first of them is in the story.
    pub mark: Option<Mark>,
}

/// A POST of these alerts.
#[must_use]
pub fn post<const N: usize>(alerts: [Alert; N]) -> Post {
    Post {
        alerts: alerts.into(),
        mark: None,
    }
}

impl Post {
    /// The same POST, which is `mark` in the story.
    #[must_use]
    pub fn is(mut self, mark: Mark) -> Self {
        self.mark = Some(mark);
        self
    }
}

/// All POSTs as one file.
#[must_use]
pub fn render(posts: &[Post]) -> String {
    posts.iter().map(|p| format!("{}\n", body(p))).collect()
}

fn body(post: &Post) -> Json {
    let firing = post.alerts.iter().any(|a| a.to.is_none());
    let group = post.alerts.first().map_or("", |a| a.service);
    object([
        ("version", "4".into()),
        (
            "groupKey",
            format!("{{}}/{{team=\"web\"}}:{{service=\"{group}\"}}").into(),
        ),
        ("truncatedAlerts", 0.into()),
        ("status", if firing { "firing" } else { "resolved" }.into()),
        ("receiver", "incident-hook".into()),
        ("groupLabels", object([("service", group.into())])),
        ("commonLabels", object([("service", group.into())])),
        ("commonAnnotations", object([])),
        ("externalURL", "http://alerts.example.internal".into()),
        ("alerts", post.alerts.iter().map(Alert::json).collect()),
    ])
}
