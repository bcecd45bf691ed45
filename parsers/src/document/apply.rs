//! The course of a `terraform apply`: the resources that it touches, how that ended, what it puts out. All
//! that it does to one service is one change.

use crate::record::{ChangeState, Kind, Record, field};
use crate::stamp::Reading;
use crate::token::change;
use std::ops::Range;

/// Resources that are listed by their addresses.
const LISTED: usize = 20;

/// One apply.
#[derive(Default)]
pub(crate) struct Apply {
    touched: Vec<Touched>,
    outputs: Vec<(String, String)>,
    over: bool,
}

/// A resource that an apply touches.
struct Touched {
    resource: Resource,
    /// What is said of it last.
    said: String,
    state: ChangeState,
    begun: Option<Reading>,
    at: Option<Reading>,
    place: Range<usize>,
}

/// What is said of a resource, where and when.
pub(crate) struct Step<'a> {
    pub(crate) address: &'a str,
    /// What the provider calls it.
    pub(crate) id: Option<&'a str>,
    pub(crate) said: &'a str,
    pub(crate) state: ChangeState,
    pub(crate) at: Option<Reading>,
    pub(crate) place: Range<usize>,
}

impl Apply {
    /// Whether it has told how it ended: what is touched then is another one's.
    pub(crate) const fn is_over(&self) -> bool {
        self.over
    }

    /// It has told how it ended.
    pub(crate) const fn end(&mut self) {
        self.over = true;
    }

    /// A resource begins to be changed, or is.
    pub(crate) fn step(&mut self, step: &Step<'_>) {
        let known = |t: &&mut Touched| {
            t.resource.address == step.address && t.state == ChangeState::Started
        };
        if let Some(touched) = self.touched.iter_mut().rev().find(known) {
            step.said.clone_into(&mut touched.said);
            touched.state = step.state;
            touched.at = step.at.or(touched.at);
            touched.place = step.place.clone();
            let id = step.id.map(str::to_owned);
            touched.resource.id = id.or_else(|| touched.resource.id.take());
            return;
        }
        self.touched.push(Touched {
            resource: Resource {
                address: step.address.to_owned(),
                id: step.id.map(str::to_owned),
            },
            said: step.said.to_owned(),
            state: step.state,
            begun: step.at,
            at: step.at,
            place: step.place.clone(),
        });
    }

    /// An error was told: what was under way has failed, the resource at `address` or all.
    pub(crate) fn failed(&mut self, address: Option<&str>, at: Option<Reading>) {
        for touched in &mut self.touched {
            let mine = address.is_none_or(|a| touched.resource.address == a);
            if mine && touched.state == ChangeState::Started {
                touched.state = ChangeState::Failed;
                touched.at = at.or(touched.at);
            }
        }
    }

    /// A value that it puts out.
    pub(crate) fn output(&mut self, name: &str, value: &str) {
        self.outputs.push((name.to_owned(), value.to_owned()));
    }

    /// What it changed, service by service.
    pub(crate) fn records(self) -> Vec<Record<'static>> {
        let mut groups: Vec<(Group, Vec<&Touched>)> = Vec::new();
        for touched in &self.touched {
            let group = Group::of(touched);
            match groups.iter_mut().find(|(g, _)| *g == group) {
                Some((_, all)) => all.push(touched),
                None => groups.push((group, vec![touched])),
            }
        }
        let several = groups.len() > 1;
        let records = groups
            .iter()
            .filter_map(|(group, all)| self.record(group, all, several));
        records.collect()
    }

    fn record(&self, group: &Group, all: &[&Touched], several: bool) -> Option<Record<'static>> {
        let last = all.iter().rev().max_by_key(|t| t.place.start)?;
        let message = match all.len() {
            1 => last.said.clone(),
            n => format!("{} and {} more", last.said, n - 1),
        };
        let mut record = Record::new(Kind::Change(group.state), message);
        record.at = last.at;
        record.part = Some(last.place.clone());
        record.service = group.service.clone().map(Into::into);
        let version = self.version(group.service.as_deref(), several);
        let runs = all.iter().any(|t| t.resource.runs());
        let back = self
            .outputs
            .iter()
            .any(|(_, value)| change::class(value) == Some("rollback"));
        let kind = match (group.kind, &version) {
            ("infrastructure", Some(_)) if runs && back => "rollback",
            ("infrastructure", Some(_)) if runs => "deploy",
            (kind, _) => kind,
        };
        let fields = &mut record.fields;
        fields.push(field::CHANGE, kind);
        let addresses = all.iter().take(LISTED);
        let addresses: Vec<&str> = addresses.map(|t| t.resource.address.as_str()).collect();
        fields.push_known([
            (field::VERSION, version),
            (
                field::ENVIRONMENT,
                group.environment.clone().or_else(|| self.environment()),
            ),
            ("addresses", Some(addresses.join(" "))),
            ("resource", last.resource.id.clone()),
        ]);
        let begun = all.iter().filter_map(|t| t.begun).next();
        if let Some(begun) = begun.filter(|b| Some(*b) != last.at) {
            fields.push("started_at", begun);
        }
        Some(record)
    }

    /// Where, as it is put out.
    fn environment(&self) -> Option<String> {
        let mut values = self.outputs.iter().map(|(_, value)| value);
        values.find(|v| change::is_environment(v)).cloned()
    }

    /// The version that is put out for a service: one that is named after it, or the only one.
    fn version(&self, service: Option<&str>, several: bool) -> Option<String> {
        const NAMES: [&str; 5] = ["version", "tag", "image", "release", "revision"];
        let told = |(name, value): &(String, String)| {
            let parts: Vec<&str> = name.split(['_', '-', '.']).collect();
            let at = parts.iter().position(|p| NAMES.contains(p))?;
            let value = value.rsplit([':', '@']).next().unwrap_or(value);
            change::is_version(value).then(|| (parts[..at].join("-"), value.to_owned()))
        };
        let all: Vec<(String, String)> = self.outputs.iter().filter_map(told).collect();
        let own = all.iter().find(|(name, _)| Some(name.as_str()) == service);
        let only = || all.first().filter(|_| all.len() == 1 && !several);
        // What is named after another is another's.
        let only = || {
            only().filter(|(name, _)| {
                name.is_empty() || service.is_none_or(|s| s.contains(name.as_str()))
            })
        };
        own.or_else(only).map(|(_, version)| version.clone())
    }
}

/// What resources that are changed together have in common.
#[derive(PartialEq)]
struct Group {
    service: Option<String>,
    environment: Option<String>,
    kind: &'static str,
    state: ChangeState,
}

impl Group {
    fn of(touched: &Touched) -> Self {
        let (environment, service) = touched.resource.place();
        Self {
            service: service.map(|s| s.replace('_', "-")),
            environment: environment.map(str::to_owned),
            kind: touched.resource.kind(),
            state: touched.state,
        }
    }
}

/// A resource by its address: `module.quay.aws_ecs_service.this["eu west"]`.
struct Resource {
    address: String,
    id: Option<String>,
}

impl Resource {
    /// The parts of the address, without the keys of instances.
    fn parts(&self) -> Vec<&str> {
        // A dot in a key parts nothing.
        let bare = self.address.split(']').map(|p| p.split('[').next());
        let bare = bare.flatten().flat_map(|p| p.split('.'));
        bare.filter(|p| !p.is_empty()).collect()
    }

    /// Its type: the last part but one.
    fn sort(&self) -> &str {
        let all = self.parts();
        let at = all.len().checked_sub(2);
        at.and_then(|n| all.get(n).copied()).unwrap_or_default()
    }

    fn kind(&self) -> &'static str {
        let is = |words: &[&str]| words.iter().any(|w| self.sort().contains(w));
        if is(&["secret", "certificate", "password"]) {
            "secret"
        } else if is(&["parameter", "config", "setting", "feature"]) {
            "config"
        } else {
            "infrastructure"
        }
    }

    /// Whether it is of a type that runs programs.
    fn runs(&self) -> bool {
        const RUNS: [&str; 6] = [
            "_service",
            "_deployment",
            "_function",
            "_app",
            "_release",
            "_job",
        ];
        let sort = self.sort();
        let sort = sort.trim_end_matches(|c: char| c.is_ascii_digit());
        let sort = sort.strip_suffix("_v").unwrap_or(sort);
        RUNS.iter().any(|r| sort.ends_with(r))
    }

    /// Where and what: paths are mostly made of both, `/production/shop/POOL_SIZE`; what runs is
    /// called after what it is.
    fn place(&self) -> (Option<&str>, Option<&str>) {
        const ANY: [&str; 5] = ["this", "main", "default", "app", "service"];
        let named = |name: &str| {
            let letters = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
            name.len() > 1
                && name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.bytes().all(letters)
        };
        let id = self.id.as_deref().unwrap_or_default();
        let path: Vec<&str> = id.split(['/', ':']).collect();
        let at = path.iter().position(|p| change::is_environment(p));
        let environment = at.and_then(|at| path.get(at).copied());
        let behind = at
            .and_then(|at| path.get(at + 1).copied())
            .filter(|n| named(n));
        let parts = self.parts();
        let runs = self.runs();
        let own = |n: &&str| !ANY.contains(n) && !change::is_environment(n);
        let last = parts.last().copied().filter(own).filter(|_| runs);
        let modules = parts.windows(2).rev().filter(|w| w[0] == "module");
        let module = modules.map(|w| w[1]).find(own);
        let module = module.filter(|_| runs || self.kind() == "config");
        let environment = environment.or_else(|| {
            let mut all = parts.iter().copied();
            all.find(|p| change::is_environment(p))
        });
        (environment, behind.or(last).or(module))
    }
}
