//! The course of a playbook: its plays, their tasks and how they went. A play is a change if it changed
//! something, of the kind, the service and the version that its words tell.

use crate::record::{ChangeState, Kind, Record, field};
use crate::stamp::Reading;
use crate::token::change::{SERVICES, Words, is_environment, is_version, title};
use crate::token::payload;
use std::borrow::Cow;
use std::ops::Range;

/// A run of a playbook.
#[derive(Default)]
pub(crate) struct Run {
    user: Option<String>,
    /// What the command or `PLAYBOOK:` says: the file's name, and variables.
    playbook: Option<String>,
    variables: Vec<(String, String)>,
    environment: Option<String>,
    check: bool,
    plays: Vec<Play>,
    over: bool,
    tallies: Vec<Tally>,
}

/// How a host fared, all plays together.
struct Tally {
    host: String,
    changed: bool,
    failed: bool,
}

/// A play of a run.
pub(crate) struct Play {
    name: String,
    check: bool,
    begun: Option<Reading>,
    last: Option<Reading>,
    place: Range<usize>,
    tasks: Vec<Task>,
    hosts: Vec<String>,
    failures: usize,
}

struct Task {
    name: String,
    handler: bool,
    changed: bool,
}

/// What a dry run has behind its titles.
const CHECK: &str = "] [CHECK MODE";

impl Play {
    /// The play `name`, whose title stands at `place`.
    pub(crate) fn new(name: &str, at: Option<Reading>, place: Range<usize>) -> Self {
        let bare = name.strip_suffix(CHECK);
        Self {
            name: bare.unwrap_or(name).trim().to_owned(),
            check: bare.is_some(),
            begun: at,
            last: at,
            place,
            tasks: Vec::new(),
            hosts: Vec::new(),
            failures: 0,
        }
    }
}

impl Run {
    /// A run by this user.
    pub(crate) fn of(user: Option<String>) -> Self {
        Self {
            user,
            ..Self::default()
        }
    }

    /// Whether the recap has come.
    pub(crate) const fn is_over(&self) -> bool {
        self.over
    }

    /// Plays of which the time is known.
    pub(crate) fn dated(&self) -> usize {
        self.plays.iter().filter(|p| p.begun.is_some()).count()
    }

    /// The command: `ansible-playbook deploy.yml -i inventories/production -e version=4.2.0 --check`.
    pub(crate) fn ordered(&mut self, command: &str) {
        let blanks = |c: char| c.is_whitespace() || matches!(c, '"' | '\'');
        for word in command.split(blanks).filter(|w| !w.is_empty()) {
            let file = word
                .strip_suffix(".yml")
                .or_else(|| word.strip_suffix(".yaml"));
            if let Some(file) = file {
                let own = file.rsplit('/').next().unwrap_or(file);
                self.playbook.get_or_insert_with(|| own.to_owned());
            } else if let Some((name, value)) =
                word.split_once('=').filter(|(n, _)| !n.starts_with('-'))
            {
                let pair = (name.to_ascii_lowercase(), value.to_owned());
                self.variables.push(pair);
            }
            self.check |= matches!(word, "--check" | "-C" | "--syntax-check" | "--list-tasks");
            let place = word.split(['/', '.', '=']).find(|w| is_environment(w));
            if let Some(place) = place.filter(|_| self.environment.is_none()) {
                self.environment = Some(place.to_owned());
            }
        }
    }

    /// The next play begins.
    pub(crate) fn begin(&mut self, play: Play) {
        self.plays.push(play);
    }

    /// It is this late.
    pub(crate) fn touch(&mut self, at: Option<Reading>) {
        if let Some(play) = self.plays.last_mut() {
            play.begun = play.begun.or(at);
            play.last = at.or(play.last);
        }
    }

    /// A task begins, or a handler.
    pub(crate) fn task(&mut self, name: &str, handler: bool, at: Option<Reading>) {
        self.touch(at);
        if let Some(play) = self.plays.last_mut() {
            let name = name.strip_suffix(CHECK).unwrap_or(name);
            play.tasks.push(Task {
                name: name.trim().to_owned(),
                handler,
                changed: false,
            });
        }
    }

    /// How the task went on a host; on `web-1 -> db-1` it was done on the latter.
    pub(crate) fn result(
        &mut self,
        how: &str,
        host: &str,
        at: Option<Reading>,
        place: &Range<usize>,
    ) {
        self.touch(at);
        let Some(play) = self.plays.last_mut() else {
            return;
        };
        play.place.end = place.end;
        let host = host.split(" -> ").next().unwrap_or(host).trim();
        if how != "included" && !play.hosts.iter().any(|h| h == host) {
            play.hosts.push(host.to_owned());
        }
        match (how, play.tasks.last_mut()) {
            ("changed", Some(task)) => task.changed = true,
            ("fatal" | "unreachable", _) => play.failures += 1,
            _ => {}
        }
    }

    /// The failure that was told last does no harm.
    pub(crate) fn ignored(&mut self) {
        if let Some(play) = self.plays.last_mut() {
            play.failures = play.failures.saturating_sub(1);
        }
    }

    /// The recap has come.
    pub(crate) fn recap(&mut self, at: Option<Reading>) {
        self.over = true;
        self.touch(at);
    }

    /// `7    changed=2    unreachable=0    failed=0`, what stands behind a host's `ok=`.
    pub(crate) fn tally(
        &mut self,
        host: &str,
        counts: &str,
        at: Option<Reading>,
        place: &Range<usize>,
    ) {
        let any = |wanted: &[&str]| {
            let pairs = counts.split_whitespace().filter_map(|w| w.split_once('='));
            let mut mine = pairs.filter(|(name, _)| wanted.contains(name));
            mine.any(|(_, n)| n.parse::<u64>().is_ok_and(|n| n > 0))
        };
        self.over = true;
        self.touch(at);
        if let Some(play) = self.plays.last_mut() {
            play.place.end = place.end;
        }
        self.tallies.push(Tally {
            host: host.to_owned(),
            changed: any(&["changed"]),
            failed: any(&["failed", "unreachable"]),
        });
    }

    /// What its plays were.
    pub(crate) fn records(self) -> Vec<Record<'static>> {
        let count = self.plays.len();
        let plays = self.plays.iter().enumerate();
        let dated = plays.filter(|(_, play)| play.begun.is_some());
        dated
            .map(|(n, play)| self.record(play, n + 1 == count))
            .collect()
    }

    fn record(&self, play: &Play, last: bool) -> Record<'static> {
        let state = self.state(play, last);
        let kind = state.map_or(Kind::Log, Kind::Change);
        let mut record = Record::new(kind, play.message());
        record.at = match state {
            Some(ChangeState::Started) => play.begun,
            _ => play.last.or(play.begun),
        };
        record.part = Some(play.place.clone());
        let user = self.user.clone();
        record.actor = user.map(|name| payload::actor(name, false));
        if state.is_none() {
            record.service = Some(Cow::Borrowed("ansible"));
            return record;
        }
        let told = self.told(play);
        record.service = told.service.map(Cow::Owned);
        let fields = &mut record.fields;
        fields.push(field::CHANGE, told.kind);
        let hosts = play.hosts.iter().map(String::as_str);
        let listed = self.tallies.iter().map(|t| t.host.as_str());
        let mut hosts: Vec<&str> = hosts.chain(listed.filter(|_| last)).collect();
        hosts.sort_unstable();
        hosts.dedup();
        hosts.truncate(20);
        let hosts = Some(hosts.join(" ")).filter(|h| !h.is_empty());
        fields.push_known([
            (field::VERSION, told.version),
            (field::ENVIRONMENT, told.environment),
            ("hosts", hosts),
        ]);
        if let Some(begun) = play.begun.filter(|b| Some(*b) != record.at) {
            fields.push("started_at", begun);
        }
        record
    }

    /// How far a play has come, if it is a change: one that changes nothing is none.
    fn state(&self, play: &Play, last: bool) -> Option<ChangeState> {
        if self.check || play.check {
            return None;
        }
        let shown = self.plays.iter().any(Play::changes);
        let counted = !shown && self.tallies.iter().any(|t| t.changed);
        let changed = play.changes() || counted;
        let named = self.plays.iter().any(|p| p.failures > 0);
        let counted = !named && last && self.tallies.iter().any(|t| t.failed);
        let failed = play.failures > 0 || counted;
        // Where some hosts are done and others are not, it is in effect.
        let done = self.tallies.iter().any(|t| t.changed && !t.failed);
        match (changed, failed) {
            (true, true) if done => Some(ChangeState::Finished),
            (_, true) => Some(ChangeState::Failed),
            _ if last && !self.over => Some(ChangeState::Started),
            (true, false) => Some(ChangeState::Finished),
            (false, false) => None,
        }
    }

    fn variable(&self, names: &[&str]) -> Option<String> {
        let named = |wanted: &&str| {
            let mut all = self.variables.iter();
            all.find(|(n, _)| n == wanted || n.ends_with(&format!("_{wanted}")))
        };
        names.iter().find_map(named).map(|(_, value)| value.clone())
    }

    fn told(&self, play: &Play) -> Told {
        let words = Words::of(&play.name);
        let change = words.change();
        let file = self.playbook.as_deref().and_then(title);
        let tasks = play.changed();
        let service = self
            .variable(SERVICES)
            .or_else(|| Some(words.service(change?.at, None)?.to_owned()))
            .or_else(|| Some(file?.service?.to_owned()))
            .or_else(|| tasks.iter().find_map(|t| t.service()));
        let kinds: Vec<&'static str> = tasks.iter().filter_map(|t| t.kind()).collect();
        let own = [change.map(|c| c.kind), file.map(|f| f.kind)];
        let own: Vec<&'static str> = own.into_iter().flatten().collect();
        let back = own.iter().chain(&kinds).find(|k| **k == "rollback");
        let kind = back.or_else(|| own.first()).or_else(|| kinds.first());
        let variable = self.variable(&[
            "version",
            "tag",
            "release",
            "image_tag",
            "revision",
            "commit",
            "ref",
        ]);
        let version = variable
            .filter(|v| is_version(v))
            .or_else(|| words.version().map(str::to_owned))
            .or_else(|| {
                play.tasks
                    .iter()
                    .find_map(|t| t.version(service.as_deref()))
            });
        let environment = words.environment().map(str::to_owned);
        let of_file = || file.and_then(|f| f.environment).map(str::to_owned);
        let place = || self.variable(&["env", "environment", "stage", "target_env"]);
        Told {
            kind: kind.copied().unwrap_or("config"),
            service,
            version,
            environment: environment
                .or_else(place)
                .or_else(|| self.environment.clone())
                .or_else(of_file),
        }
    }
}

/// What the words of a play and its tasks tell.
struct Told {
    kind: &'static str,
    service: Option<String>,
    version: Option<String>,
    environment: Option<String>,
}

impl Play {
    fn changes(&self) -> bool {
        self.tasks.iter().any(|t| t.changed)
    }

    /// The tasks that changed something; handlers only where nothing else did.
    fn changed(&self) -> Vec<&Task> {
        let all = || self.tasks.iter().filter(|t| t.changed);
        let own: Vec<&Task> = all().filter(|t| !t.handler).collect();
        if own.is_empty() { all().collect() } else { own }
    }

    /// The play and the first tasks that changed something.
    fn message(&self) -> String {
        let tasks: Vec<&str> = self.changed().iter().take(3).map(|t| t.words()).collect();
        match tasks.as_slice() {
            [] => self.name.clone(),
            tasks => format!("{}: {}", self.name, tasks.join("; ")),
        }
    }
}

impl Task {
    /// Its title without its role's name.
    fn words(&self) -> &str {
        self.name
            .split_once(" : ")
            .map_or(&self.name, |(_, words)| words)
    }

    /// The role that it belongs to is often named after what it installs.
    fn service(&self) -> Option<String> {
        const GENERAL: &str = "base baseline common deploy deployment release rollback setup users";
        if let Some((role, _)) = self.name.split_once(" : ") {
            let role = role.rsplit(['.', '/']).next()?.trim();
            let of_job = title(role).and_then(|t| t.service);
            let own = of_job.unwrap_or(role);
            return GENERAL.split(' ').all(|g| g != own).then(|| own.to_owned());
        }
        let words = Words::of(self.words());
        Some(words.service(words.change()?.at, None)?.to_owned())
    }

    /// `Deploy the configuration` deploys nothing.
    fn kind(&self) -> Option<&'static str> {
        let kind = Words::of(self.words()).change()?.kind;
        let lower = self.words().to_ascii_lowercase();
        let set = ["config", "setting", "template", "vhost", "crontab"];
        let config = kind == "deploy" && set.iter().any(|w| lower.contains(w));
        Some(if config { "config" } else { kind })
    }

    /// A version that is deployed, or that of the service; not that of any package.
    fn version(&self, service: Option<&str>) -> Option<String> {
        let words = Words::of(self.words());
        let named = service.is_some_and(|s| self.words().contains(s));
        let deployed = matches!(self.kind(), Some("deploy" | "rollback"));
        let version = words.version()?.to_owned();
        (named || deployed).then_some(version)
    }
}
