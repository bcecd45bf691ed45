//! The history of a case as ServiceNow keeps it, a row a field that was changed: what a change of state, of who works
//! on it or of whose it is means for whoever waits for help.

use super::payload;
use crate::record::{Kind, PageAct, Record, field};

/// A row of the history.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// The case: its number, or the identity of its record.
    pub key: String,
    /// The table that it stands in.
    pub table: Option<String>,
    /// Which field was changed.
    pub field: String,
    /// What it held before.
    pub old: String,
    /// What it holds now.
    pub new: String,
    /// Who changed it.
    pub user: Option<String>,
}

/// How far a case has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    None,
    New,
    Working,
    Waiting,
    Over,
}

fn state(value: &str) -> Option<State> {
    let lower = value.trim().to_ascii_lowercase();
    // `2 - In Progress`
    let bare = lower.split_once(" - ").map_or(lower.as_str(), |(_, w)| w);
    Some(match bare {
        "" => State::None,
        "new" | "open" | "opened" | "registered" | "1" => State::New,
        "in progress" | "work in progress" | "assigned" | "active" | "accepted"
        | "investigating" | "acknowledged" | "2" => State::Working,
        "on hold" | "pending" | "awaiting problem" | "awaiting user info" | "awaiting evidence"
        | "suspended" | "3" | "4" | "5" => State::Waiting,
        "resolved" | "closed" | "closed complete" | "canceled" | "cancelled" | "6" | "7" | "8" => {
            State::Over
        }
        _ => return None,
    })
}

impl Step {
    /// What it tells, or nothing of what nobody waits for.
    #[must_use]
    pub fn record<'a>(&self) -> Option<Record<'a>> {
        let name = self.field_name();
        // Requests and changes have states of their own.
        let case = self.table.as_deref().is_none_or(|t| {
            let table = t.trim().to_ascii_lowercase();
            table == "task" || table == "em_alert" || table.contains("incident")
        });
        let kind = match case {
            true => Kind::Page(self.act(&name)?),
            false => Kind::Log,
        };
        let mut record = Record::new(kind, self.words(&name));
        let user = self.user.clone().filter(|u| !u.is_empty());
        let program = user.as_deref().is_some_and(is_program);
        record.actor = user.map(|name| payload::actor(name, program));
        let act = kind.state().unwrap_or_default();
        let handed = matches!(act, "escalated" | "reassigned");
        record.fields.push_known([
            (field::ID, Some(self.key.clone())),
            ("field", Some(name)),
            ("assignee", handed.then(|| self.new.clone())),
        ]);
        Some(record)
    }

    fn field_name(&self) -> String {
        let lower = self.field.trim().to_ascii_lowercase();
        lower.replace([' ', '-'], "_")
    }

    fn words(&self, name: &str) -> String {
        match (name, self.old.trim(), self.new.trim()) {
            ("work_notes" | "comments" | "short_description", _, new) => new.to_owned(),
            (_, "", new) => format!("{} {name}: {new}", self.key),
            (_, old, new) => format!("{} {name}: {old} -> {new}", self.key),
        }
    }

    fn act(&self, name: &str) -> Option<PageAct> {
        let (old, new) = (self.old.trim(), self.new.trim());
        let by_program = self.user.as_deref().is_none_or(is_program);
        Some(match name {
            "state" | "incident_state" | "status" => match (state(old), state(new)) {
                (_, None) => PageAct::Annotated,
                (Some(State::None), Some(State::New)) => PageAct::Triggered,
                (Some(State::Over), Some(State::Over)) => PageAct::Annotated,
                (_, Some(State::Over)) => PageAct::Resolved,
                (Some(State::Over), _) => PageAct::Reopened,
                (Some(State::None | State::New), Some(State::Working)) if !by_program => {
                    PageAct::Acknowledged
                }
                _ => PageAct::Annotated,
            },
            "assigned_to" => match (old, new) {
                (_, "") => PageAct::Unacknowledged,
                ("", new) if !by_program && self.is_own(new) => PageAct::Acknowledged,
                _ => PageAct::Reassigned,
            },
            "assignment_group" => match (old, new) {
                // Whose it is at first.
                ("", _) | (_, "") => PageAct::Annotated,
                _ => PageAct::Escalated,
            },
            "priority" | "severity" | "urgency" | "impact" | "escalation" | "work_notes"
            | "comments" | "short_description" => PageAct::Annotated,
            _ => return None,
        })
    }

    /// Whether somebody took it rather than gave it to another: as far as one can tell.
    fn is_own(&self, assignee: &str) -> bool {
        let Some(user) = self.user.as_deref() else {
            return false;
        };
        // The identity of a record says nothing.
        let opaque = |t: &str| t.len() == 32 && t.bytes().all(|b| b.is_ascii_hexdigit());
        if opaque(assignee) || opaque(user) {
            return true;
        }
        let user = user.split('@').next().unwrap_or(user).to_lowercase();
        let assignee = assignee
            .split('@')
            .next()
            .unwrap_or(assignee)
            .to_lowercase();
        let words = |t: &str| -> Vec<String> {
            let all = t.split(|c: char| !c.is_alphanumeric());
            all.filter(|w| !w.is_empty()).map(str::to_owned).collect()
        };
        let (mine, theirs) = (words(&user), words(&assignee));
        let all = |a: &[String], b: &[String]| a.iter().all(|w| b.contains(w));
        // `aweiss` for Ana Weiss.
        let short = || {
            let [given, .., family] = theirs.as_slice() else {
                return false;
            };
            let first = given.chars().next().map(String::from).unwrap_or_default();
            [
                first.clone() + family,
                family.clone() + &first,
                given.clone() + family,
            ]
            .contains(&mine.concat())
        };
        all(&mine, &theirs) || all(&theirs, &mine) || short()
    }
}

/// The accounts under which rules and integrations write.
fn is_program(user: &str) -> bool {
    const ACCOUNTS: [&str; 7] = [
        "system",
        "guest",
        "event",
        "mgmt",
        "mid",
        "rule",
        "monitoring",
    ];
    let lower = user.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    payload::sounds_automatic(user) || words.any(|w| ACCOUNTS.contains(&w))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(field: &str, old: &str, new: &str, user: &str) -> Option<&'static str> {
        let step = Step {
            key: "INC0010042".to_owned(),
            table: Some("incident".to_owned()),
            field: field.to_owned(),
            old: old.to_owned(),
            new: new.to_owned(),
            user: Some(user.to_owned()),
        };
        step.record().and_then(|r| r.kind.state())
    }

    #[test]
    fn fields_of_a_case_tell_what_became_of_it() {
        for (field, old, new, user, act) in [
            ("state", "", "New", "event.mgmt", "triggered"),
            ("state", "New", "In Progress", "runa.holm", "acknowledged"),
            ("incident_state", "1", "2", "runa.holm", "acknowledged"),
            (
                "State",
                "1 - New",
                "2 - In Progress",
                "runa.holm",
                "acknowledged",
            ),
            ("state", "In Progress", "On Hold", "runa.holm", "annotated"),
            ("state", "On Hold", "In Progress", "runa.holm", "annotated"),
            ("state", "In Progress", "Resolved", "runa.holm", "resolved"),
            ("state", "Resolved", "Closed", "system", "annotated"),
            ("state", "Resolved", "In Progress", "runa.holm", "reopened"),
            ("assigned_to", "", "Runa Holm", "runa.holm", "acknowledged"),
            (
                "assigned_to",
                "",
                "Runa Holm",
                "rholm@example.com",
                "acknowledged",
            ),
            (
                "assigned_to",
                "Runa Holm",
                "Ivo Brandt",
                "runa.holm",
                "reassigned",
            ),
            (
                "assignment_group",
                "Service Desk",
                "Print",
                "runa.holm",
                "escalated",
            ),
            ("priority", "3", "1", "runa.holm", "annotated"),
        ] {
            assert_eq!(
                told(field, old, new, user),
                Some(act),
                "{field} {old} {new}"
            );
        }
    }

    #[test]
    fn nobody_takes_what_a_rule_or_another_gives_away() {
        assert_eq!(
            told("state", "New", "In Progress", "system"),
            Some("annotated")
        );
        assert_eq!(
            told("assigned_to", "", "Runa Holm", "system"),
            Some("reassigned")
        );
        assert_eq!(
            told("assigned_to", "", "Runa Holm", "ivo.brandt"),
            Some("reassigned")
        );
        assert_eq!(
            told("assignment_group", "", "Service Desk", "system"),
            Some("annotated")
        );
        assert_eq!(told("sys_mod_count", "1", "2", "runa.holm"), None);
    }
}
