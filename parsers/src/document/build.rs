//! The course of a build as its log tells it: who started it, where it runs, its stages and commands, how it
//! ended. What it changes, where and to what version is told by the words of these.

use crate::record::{Actor, ChangeState, Kind, Record, field};
use crate::stamp::{Reading, When};
use crate::token::change::{self, is_environment, is_version};
use crate::token::payload;
use std::ops::Range;

/// How builds end; an unstable one has done what it does.
pub(crate) const RESULTS: [(&str, ChangeState); 5] = [
    ("SUCCESS", ChangeState::Finished),
    ("UNSTABLE", ChangeState::Finished),
    ("FAILURE", ChangeState::Failed),
    ("ABORTED", ChangeState::Failed),
    ("NOT_BUILT", ChangeState::Failed),
];

const SERVICES: &[&str] = &[
    "service",
    "app",
    "application",
    "component",
    "deployment",
    "project",
];
const VERSIONS: &[&str] = &["version", "tag", "release", "revision", "image", "ref"];
const PLACES: &[&str] = &[
    "environment",
    "env",
    "stage",
    "target",
    "cluster",
    "namespace",
    "n",
    "context",
];
const SETTINGS: &[&str] = &["setting", "key", "flag", "feature"];
/// Commands that publish what they have built, with the words that others use for putting it in place.
const BUILDERS: [&str; 9] = [
    "mvn", "mvnw", "gradle", "gradlew", "npm", "yarn", "docker", "twine", "cargo",
];

/// A build.
pub(crate) struct Build {
    begun: Option<Reading>,
    last: Option<Reading>,
    /// From its first line to its last.
    place: Range<usize>,
    /// The first line that tells what is changed.
    telling: Option<Range<usize>>,
    /// The first command that does.
    shown: Option<String>,
    cause: Option<Actor<'static>>,
    job: Option<String>,
    number: Option<String>,
    stages: Vec<Said>,
    commands: Vec<Said>,
    pairs: Vec<(String, String)>,
    result: Option<String>,
}

/// A stage's title or a command, and what it tells.
struct Said {
    words: String,
    kind: &'static str,
    service: Option<String>,
    version: Option<String>,
    environment: Option<String>,
}

impl Said {
    fn of(words: &str) -> Option<Self> {
        let told = change::title(words)?;
        let own = |word: Option<&str>| word.map(str::to_owned);
        Some(Self {
            words: words.to_owned(),
            kind: told.kind,
            service: own(told.service),
            version: own(told.version),
            environment: own(told.environment),
        })
    }
}

impl Build {
    /// One that begins here.
    pub(crate) const fn new(at: Option<Reading>, place: Range<usize>) -> Self {
        Self {
            begun: at,
            last: at,
            place,
            telling: None,
            shown: None,
            cause: None,
            job: None,
            number: None,
            stages: Vec::new(),
            commands: Vec::new(),
            pairs: Vec::new(),
            result: None,
        }
    }

    /// Whether it has done anything: what starts then is another one.
    pub(crate) const fn is_under_way(&self) -> bool {
        self.job.is_some() || !self.stages.is_empty() || !self.commands.is_empty()
    }

    /// It has come this far.
    pub(crate) fn touch(&mut self, at: Option<Reading>, place: &Range<usize>) {
        self.begun = self.begun.or(at);
        self.last = at.or(self.last);
        self.place.end = place.end;
    }

    /// By whom or by what: `user Ines Falk`, `an SCM change`. A person is behind what a program begins.
    pub(crate) fn started(&mut self, by: &str) {
        let person = by.strip_prefix("user ").map(unmarked);
        let found = match person {
            Some(name) => payload::actor(name.to_owned(), false),
            None => payload::actor(format!("Started by {by}"), true),
        };
        if self.cause.is_none() || person.is_some() {
            self.cause = Some(found);
        }
    }

    /// Who allowed it to go on.
    pub(crate) fn approved(&mut self, who: &str) {
        if self.cause.as_ref().is_none_or(|c| c.bot) {
            self.cause = Some(payload::actor(unmarked(who).to_owned(), false));
        }
    }

    /// In which folder it runs.
    pub(crate) fn placed(&mut self, folder: &str, number: Option<&str>) {
        let parts: Vec<&str> = folder.split(['/', '\\']).collect();
        let at = |name: &str| parts.iter().rposition(|p| *p == name);
        let own = match (at("workspace"), at("jobs")) {
            (Some(n), _) if n + 1 < parts.len() => parts.last(),
            (_, Some(n)) => parts.get(n + 1),
            _ => parts.last(),
        };
        // A second run beside the first has its own folder: `deploy-quay@2`.
        let own = own.and_then(|name| name.split('@').next());
        if let Some(name) = own.filter(|name| !name.is_empty()) {
            self.job.get_or_insert_with(|| name.to_owned());
        }
        let digits = |n: &&str| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit());
        if let Some(number) = number.filter(digits) {
            self.number.get_or_insert_with(|| number.to_owned());
        }
    }

    /// A stage begins.
    pub(crate) fn stage(&mut self, title: &str, place: &Range<usize>) {
        if let Some(said) = Said::of(title) {
            self.telling.get_or_insert_with(|| place.clone());
            self.stages.push(said);
        }
    }

    /// A stage was passed over.
    pub(crate) fn skipped(&mut self, title: &str) {
        self.stages.retain(|stage| stage.words != title);
    }

    /// A command is run: `./deploy.sh --service quay --version 2.6.0 --env production`.
    pub(crate) fn command(&mut self, words: &str, place: &Range<usize>) {
        let blanks = |c: char| c.is_whitespace() || matches!(c, '"' | '\'');
        let all: Vec<&str> = words.split(blanks).filter(|w| !w.is_empty()).collect();
        let first = all.first().map_or("", |word| program(word));
        if BUILDERS.contains(&first) || matches!(first, "echo" | "git" | "cd" | "export") {
            return;
        }
        let from = self.pairs.len();
        for (n, word) in all.iter().enumerate() {
            let name = word.trim_start_matches('-');
            let option = name.len() < word.len();
            let pair = name.split_once('=').or_else(|| {
                let value = all.get(n + 1).filter(|v| !v.starts_with('-'))?;
                option.then_some((name, *value))
            });
            if let Some((name, value)) = pair {
                let name = name.to_ascii_lowercase().replace('-', "_");
                self.pairs.push((name, value.to_owned()));
            }
            // `deployment/quay`
            let kinds = ["deployment", "deploy", "statefulset", "daemonset"];
            if let Some((kind, name)) = word.split_once('/').filter(|(k, _)| kinds.contains(k)) {
                self.pairs
                    .push((kind.replace("deploy", "app"), name.to_owned()));
            }
        }
        let plain: Vec<&str> = all.iter().map(|word| program(word)).collect();
        let act = act(first, &all).map_or_else(String::new, |act| format!("{act} "));
        let said = Said::of(&format!("{act}{}", plain.join(" "))).map(|mut said| {
            said.words = words.to_owned();
            said
        });
        let known = said.is_some()
            || self.pairs.get(from..).is_some_and(|pairs| {
                let named = |(name, _): &(String, String)| SERVICES.contains(&name.as_str());
                pairs.iter().any(named)
            });
        if known {
            self.telling.get_or_insert_with(|| place.clone());
            self.shown.get_or_insert_with(|| words.to_owned());
        }
        self.commands.extend(said);
    }

    /// It is over.
    pub(crate) fn finished(&mut self, result: &str) {
        self.result = Some(result.to_owned());
    }

    /// The value of the first option or variable that goes by one of `names`.
    fn pair(&self, names: &[&str], is: impl Fn(&str) -> bool) -> Option<String> {
        let found = names.iter().find_map(|wanted| {
            let mut all = self.pairs.iter();
            let named = |name: &str| {
                name == *wanted || wanted.len() > 1 && name.split(['_', '.']).any(|p| p == *wanted)
            };
            all.find(|(name, value)| named(name) && is(value))
        });
        found.map(|(_, value)| value.clone())
    }

    fn state(&self) -> ChangeState {
        let word = self.result.as_deref();
        let known = RESULTS.iter().find(|(name, _)| Some(*name) == word);
        known.map_or(ChangeState::Started, |(_, state)| *state)
    }

    /// What it was, if anything says when.
    pub(crate) fn record(self) -> Option<Record<'static>> {
        let state = self.state();
        let at = match state {
            ChangeState::Started => self.begun,
            _ => self.last,
        }?;
        let told = self.told();
        let setting = self.pair(SETTINGS, |_| true);
        let what = self.job.as_deref().unwrap_or("build");
        let number = self.number.as_deref().map(|n| format!(" #{n}"));
        let number = number.unwrap_or_default();
        let said = self.stages.last().map(|s| &s.words).or(self.shown.as_ref());
        let said = said.map_or_else(String::new, |words| format!(": {words}"));
        let result = self.result.as_deref().unwrap_or("running");
        let message = format!("{what}{number}{said} ({result})");
        let mut record = Record::new(Kind::Change(state), message);
        record.at = Some(at);
        record.service = told.service.map(Into::into);
        record.actor = self.cause.clone();
        // Times of day alone must not go back from entry to entry.
        let from = match at.when {
            When::TimeOfDay { .. } => self.place.start,
            _ => self.telling.map_or(self.place.start, |t| t.start),
        };
        record.part = Some(from..self.place.end);
        let fields = &mut record.fields;
        fields.push(field::CHANGE, told.kind);
        if !number.is_empty() {
            fields.push(field::ID, format!("{what}{number}"));
        }
        fields.push_known([
            (field::VERSION, told.version),
            (field::ENVIRONMENT, told.environment),
            ("setting", setting),
            ("job", self.job),
            ("result", self.result),
        ]);
        if let Some(begun) = self.begun.filter(|b| *b != at) {
            fields.push("started_at", begun);
        }
        Some(record)
    }

    fn told(&self) -> Told {
        let job = self.job.as_deref().and_then(change::title);
        let all = || self.stages.iter().chain(&self.commands);
        let kinds = || job.iter().map(|j| j.kind).chain(all().map(|s| s.kind));
        // Who says where, or sets what, changes something; other builds build.
        let place = self.pair(PLACES, is_environment);
        let service = self.pair(SERVICES, |v| !is_environment(v) && !is_version(v));
        let version = self.pair(VERSIONS, is_version);
        let set = self.pair(SETTINGS, |_| true).map(|_| "config");
        let placed = place.as_ref().and(version.as_ref()).map(|_| "deploy");
        let back = kinds().find(|kind| *kind == "rollback");
        let kind = back.or_else(|| kinds().next()).or(set).or(placed);
        let of_job = |part: Option<&str>| part.map(str::to_owned);
        let own_name = || self.job.clone().filter(|_| kind.is_some() && job.is_none());
        Told {
            kind: kind.unwrap_or("build"),
            service: service
                .or_else(|| all().find_map(|s| s.service.clone()))
                .or_else(|| of_job(job.and_then(|j| j.service)))
                .or_else(own_name),
            version: version
                .or_else(|| all().find_map(|s| s.version.clone()))
                .or_else(|| of_job(job.and_then(|j| j.version))),
            // One place after the other: the last one is how far it came.
            environment: self
                .stages
                .iter()
                .rev()
                .find_map(|s| s.environment.clone())
                .or_else(|| of_job(job.and_then(|j| j.environment)))
                .or(place)
                .or_else(|| all().last()?.environment.clone()),
        }
    }
}

/// What a build changes.
struct Told {
    kind: &'static str,
    service: Option<String>,
    version: Option<String>,
    environment: Option<String>,
}

/// What is done by a program whose name does not say it.
fn act(program: &str, words: &[&str]) -> Option<&'static str> {
    const ACTS: [(&str, &str); 8] = [
        ("undo", "rollback"),
        ("rollback", "rollback"),
        ("restart", "restart"),
        ("scale", "scale"),
        ("image", "deploy"),
        ("upgrade", "deploy"),
        ("apply", "deploy"),
        ("update-service", "deploy"),
    ];
    let tools = ["kubectl", "oc", "helm", "helmfile", "kustomize", "aws"];
    let mut acts = ACTS.iter().filter(|(word, _)| words.contains(word));
    tools.contains(&program).then(|| acts.next().map(|a| a.1))?
}

/// A program without its folder and the language that it is written in.
fn program(word: &str) -> &str {
    let script = [".sh", ".py", ".rb", ".bash", ".ps1", ".cmd"];
    let bare = script.iter().find_map(|s| word.strip_suffix(s));
    match bare {
        Some(bare) => bare.rsplit('/').next().unwrap_or(bare),
        None => word.strip_prefix("./").unwrap_or(word),
    }
}

/// A name without the mark that Jenkins hides before it in the raw log.
fn unmarked(name: &str) -> &str {
    let bare = name.strip_prefix("ha:////");
    let bare = bare.and_then(|b| b.rsplit_once('=')).map(|(_, n)| n);
    bare.unwrap_or(name).trim()
}
