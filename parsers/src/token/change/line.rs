//! A line of a change log: what was changed, where, to what and by whom, in any order.

use super::names::{is_environment, is_name};
use super::placed::placed;
use super::words::Words;
use crate::record::{ChangeState, Kind, Record, field};
use crate::token::payload;
use crate::token::text::text;
use std::borrow::Cow;

/// What a line tells of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its kind.
    pub kind: &'static str,
    /// How far it has come.
    pub state: ChangeState,
    /// What was changed.
    pub service: Option<&'a str>,
    /// To what.
    pub version: Option<&'a str>,
    /// The flag or the setting.
    pub item: Option<&'a str>,
    /// Where.
    pub environment: Option<&'a str>,
    /// Who did it.
    pub actor: Option<&'a str>,
}

/// Reads a line without its time. A word for the change, what was changed, and at least one of where, to
/// what and by whom: less is no line of a change log.
#[must_use]
pub fn line(said: &str) -> Option<Line<'_>> {
    let words = Words::of(said);
    if words.logged() {
        return None;
    }
    if let Some(placed) = placed(said) {
        return placed.line(None);
    }
    let change = words.change()?;
    let cells = cells(said);
    let item = words.item(change);
    let (mut actor, mut service) = match cells {
        Some(cells) => (cells.actor, cells.service),
        None => (None, None),
    };
    actor = actor.or_else(|| words.actor().filter(|a| Some(*a) != service));
    service = service.or_else(|| words.service(change.at, actor));
    let given = words
        .headed(change.at)
        .filter(|(name, _)| Some(*name) == service);
    service = service.filter(|s| Some(*s) != item);
    // `quay: deploy 4.2.0`: who would have spoken is what was changed.
    if service.is_none() && words.speaker() == actor {
        service = actor.take();
    }
    let version = given.map(|(_, v)| v).filter(|v| !is_number(v));
    let (version, environment) = (version.or_else(|| words.version()), words.environment());
    let told = actor.is_some() || environment.is_some() || version.is_some();
    // Of a flag or a setting it is mostly not said whose it is.
    let known = service.is_some() || matches!(change.kind, "flag" | "config" | "infrastructure");
    (told && known).then_some(Line {
        kind: change.kind,
        state: words.state(change.begins),
        service,
        version,
        item,
        environment,
        actor,
    })
}

/// Digits alone, as of a pull request.
fn is_number(version: &str) -> bool {
    version.bytes().all(|b| b.is_ascii_digit())
}

impl<'a> Line<'a> {
    /// The record of a line that says so.
    #[must_use]
    pub fn record(self, said: &'a str) -> Record<'a> {
        let mut record = Record::new(Kind::Change(self.state), text(said.as_bytes()));
        record.service = self.service.map(Cow::Borrowed);
        let actor = |name| payload::actor(Cow::Borrowed(name), false);
        record.actor = self.actor.map(actor);
        record.fields.push(field::CHANGE, self.kind);
        let item = if self.kind == "flag" {
            "flag"
        } else {
            "setting"
        };
        record.fields.push_known([
            (field::VERSION, self.version),
            (field::ENVIRONMENT, self.environment),
            (item, self.item),
        ]);
        record
    }
}

/// What stands alone in its cell.
#[derive(Clone, Copy)]
struct Cells<'a> {
    service: Option<&'a str>,
    actor: Option<&'a str>,
}

/// The cells of a row, `production | quay | set pool.max = 40 | mira`: what was changed stands before who did it.
fn cells(said: &str) -> Option<Cells<'_>> {
    let marks = ['|', ';', '\t'];
    let all = || said.split(marks).map(str::trim).filter(|c| !c.is_empty());
    let change = all().position(|c| Words::of(c).change().is_some())?;
    let plain = |c: &&str| {
        let other = is_environment(c) || super::status(&c.to_ascii_lowercase()).is_some();
        is_name(c) && !other && Words::of(c).change().is_none()
    };
    let names: Vec<(usize, &str)> = all().enumerate().filter(|(_, c)| plain(c)).collect();
    if all().count() < 3 || names.is_empty() {
        return None;
    }
    // Names of people have no joints.
    let jointed = |(_, c): &&(usize, &str)| c.contains(['-', '_', '.']);
    let mut before = names.iter().filter(|(at, _)| *at < change);
    let service = names.iter().find(jointed).or_else(|| before.next());
    let service = service.or_else(|| names.first().filter(|_| names.len() > 1))?;
    let mut others = names.iter().rev().filter(|n| *n != service);
    Some(Cells {
        service: Some(service.1),
        actor: others.next().map(|(_, c)| *c),
    })
}

#[cfg(test)]
mod tests {
    use super::line;

    fn told(said: &str) -> Option<String> {
        let l = line(said)?;
        let parts = [l.service, l.version, l.item, l.environment, l.actor];
        let parts = parts.map(|p| p.unwrap_or("-"));
        Some(format!("{} {}", l.kind, parts.join(" ")))
    }

    #[test]
    fn settings_and_switches() {
        for (said, expected) in [
            (
                "production | quay | set berth.max_wait = 40 | mira",
                "config quay - berth.max_wait production mira",
            ),
            (
                "live | tide-api | berth.max_wait -> default (revert) | tomas",
                "config tide-api - berth.max_wait live tomas",
            ),
            (
                "opsbot: change berth.max_wait to small (quay) to production by mira - OK",
                "config quay - berth.max_wait production mira",
            ),
            (
                "opsbot: berth.max_wait -> none (revert) (quay) to production by mira",
                "config quay - berth.max_wait production mira",
            ),
            (
                "quay: berth_limit 10 → 20 [prod] (mira)",
                "config quay - berth_limit prod mira",
            ),
            (
                "config: BERTH_LIMIT 10 → 20 (quay, prod) by mira",
                "config quay - BERTH_LIMIT prod mira",
            ),
            (
                "[live] quay PR #771: config applied, set berth_wait on quay (Mira Lund), done",
                "config quay - - live -",
            ),
            (
                "config  quay=CHG20771 env=live user=mira \"set berth_wait on quay\"",
                "config quay CHG20771 - live mira",
            ),
            (
                "quay: flag bulk-berths on [prod] (mira)",
                "flag quay - bulk-berths prod mira",
            ),
            (
                "quay: feature bulk-berths switched off [prod]",
                "flag quay - bulk-berths prod -",
            ),
        ] {
            assert_eq!(told(said).as_deref(), Some(expected), "{said}");
        }
    }

    #[test]
    fn deployments() {
        for (said, expected) in [
            (
                "quay: deploy release-12 [production] (mira)",
                "deploy quay release-12 - production mira",
            ),
            (
                "tide-api: rollback to build-5511 [production] (mira)",
                "rollback tide-api build-5511 - production mira",
            ),
            (
                "production | quay | deploy build-5512 | mira",
                "deploy quay build-5512 - production mira",
            ),
            (
                "mira | tide-api | prod | deployed 4.2.0",
                "deploy tide-api 4.2.0 - prod mira",
            ),
            (
                "[production] tide-api build-5512: deployed, berth maps cleanup (Mira Lund), done",
                "deploy tide-api build-5512 - production -",
            ),
            (
                "[production] tide-api build-5511: rolled back, rollback to build-5510 (Mira Lund), done",
                "rollback tide-api build-5511 - production -",
            ),
            (
                "deploy  tide-api=4.2.0 env=production user=mira \"new ferry map\"",
                "deploy tide-api 4.2.0 - production mira",
            ),
            (
                "quay: deploy 4.2.0 [production]",
                "deploy quay 4.2.0 - production -",
            ),
            (
                "mira: deployed quay build 77 to production",
                "deploy quay 77 - production mira",
            ),
        ] {
            assert_eq!(told(said).as_deref(), Some(expected), "{said}");
        }
    }

    #[test]
    fn what_only_looks_like_a_change() {
        for said in [
            "quay.example.net -> 192.0.2.7",
            "production | quay | order 77 accepted | mira",
            "berth.max_wait = 40",
            "mira: is berth.max_wait set in production?",
            "read settings.yaml to memory in production",
        ] {
            assert_eq!(told(said), None, "{said}");
        }
    }
}
