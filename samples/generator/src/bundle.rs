//! What an incident leaves behind: its files, and what is true about it.

use crate::expect::{self, Truth};
use crate::format::alertmanager::{self, Post};
use crate::format::change_lines::{self, Change};
use crate::format::pagerduty::{self, Event};
use crate::format::slack;
use crate::format::{Program, Writer, github, pagerduty_log, render};
use crate::json::Json;
use crate::script;
use crate::time::{Day, Time, Zone};
use crate::voice::Entry;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What an event of the record is in the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The change after which it broke.
    Change,
    /// The first notice that anybody had: by this method.
    Detected(&'static str),
    /// Somebody was paged.
    Paged,
    /// A person took it.
    Acknowledged,
    /// More people were called in.
    Escalated,
    /// The cause was named.
    Identified,
    /// A fix went to production.
    FixDeployed,
    /// A further fix went to production.
    FurtherFix,
    /// People said that it works again.
    SaidMitigated,
    /// A person declared it over.
    Resolved,
    /// The meeting afterwards.
    Closed,
    /// A wrong turn begins; the hypothesis.
    LeadFrom(&'static str),
    /// It is given up.
    LeadTo(&'static str),
}

/// The files of one incident and its expected report.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// Name of its directory.
    pub name: &'static str,
    /// Paths inside the directory, and contents.
    pub files: BTreeMap<String, String>,
    /// What is true.
    pub expected: Json,
}

/// A bundle in the making.
#[derive(Clone, Debug)]
pub struct Story {
    name: &'static str,
    files: BTreeMap<String, String>,
    marks: Vec<(Mark, Time)>,
}

impl Story {
    /// An empty one.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            files: BTreeMap::new(),
            marks: Vec::new(),
        }
    }

    /// Adds a file.
    pub fn file(&mut self, path: &str, text: String) {
        self.files.insert(path.to_owned(), text);
    }

    /// Adds the log of a program.
    pub fn log(&mut self, path: &str, program: &Program, writer: Writer, entries: Vec<Entry>) {
        self.file(path, render(program, writer, entries));
    }

    /// Adds Alertmanager's POSTs. An alert happens when it starts.
    pub fn alerts(&mut self, path: &str, posts: &[Post]) {
        for post in posts {
            if let (Some(mark), Some(alert)) = (post.mark, post.alerts.first()) {
                self.marks.push((mark, alert.from));
            }
        }
        self.file(path, alertmanager::render(posts));
    }

    /// Adds PagerDuty's webhooks.
    pub fn pages(&mut self, path: &str, events: &[Event]) {
        self.note_pages(events);
        self.file(path, pagerduty::render(events));
    }

    /// Adds PagerDuty's log entries.
    pub fn page_log(&mut self, path: &str, events: &[Event]) {
        self.note_pages(events);
        self.file(path, pagerduty_log::render(events));
    }

    fn note_pages(&mut self, events: &[Event]) {
        let marks = events.iter().filter_map(|e| e.mark.map(|m| (m, e.at)));
        self.marks.extend(marks);
    }

    /// Adds what a script says, a file a channel.
    pub fn chat(&mut self, day: Day, script: &'static str) {
        let date = day.at(12_00_00).show(day.zone, "%Y-%m-%d");
        for (channel, messages) in script::read(day, script) {
            let marks = messages.iter().filter_map(|m| m.mark.map(|k| (k, m.at)));
            self.marks.extend(marks);
            let path = format!("chat/{channel}/{date}.json");
            self.file(&path, slack::render(&messages));
        }
        self.file("chat/users.json", slack::users());
    }

    /// Adds changes as JSON lines, their times at `zone`.
    pub fn changes(&mut self, path: &str, changes: &[Change], zone: Zone) {
        self.note_changes(changes);
        self.file(path, change_lines::render(changes, zone));
    }

    /// Adds changes as GitHub's webhooks.
    pub fn deployments(&mut self, path: &str, changes: &[Change]) {
        self.note_changes(changes);
        self.file(path, github::render(changes));
    }

    fn note_changes(&mut self, changes: &[Change]) {
        let marks = changes.iter().filter_map(|c| c.mark.map(|m| (m, c.at)));
        self.marks.extend(marks);
    }

    /// Notes a moment that stands in a file of another kind.
    pub fn mark(&mut self, mark: Mark, at: Time) {
        self.marks.push((mark, at));
    }

    /// The bundle, with what is true computed from what was written.
    #[must_use]
    pub fn finish(self, truth: &Truth<'_>) -> Bundle {
        Bundle {
            name: self.name,
            expected: expect::expected(&self.marks, truth),
            files: self.files,
        }
    }
}

impl Bundle {
    fn paths(&self, out: &Path) -> BTreeMap<PathBuf, String> {
        let home = out.join(self.name);
        let files = self.files.iter();
        let mut paths: BTreeMap<PathBuf, String> = files
            .map(|(p, text)| (home.join(p), text.clone()))
            .collect();
        let expected = out.join(format!("{}.expected.json", self.name));
        paths.insert(expected, self.expected.pretty(2));
        paths
    }

    /// Writes the bundle under `out`, in the place of what was there under its name.
    ///
    /// # Errors
    /// Where the file system refuses.
    pub fn write(&self, out: &Path) -> io::Result<()> {
        let home = out.join(self.name);
        if home.exists() {
            fs::remove_dir_all(&home)?;
        }
        for (path, text) in self.paths(out) {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, text)?;
        }
        Ok(())
    }

    /// The paths under `out` where something else stands than would be written.
    ///
    /// # Errors
    /// Where the file system refuses.
    pub fn differences(&self, out: &Path) -> io::Result<Vec<PathBuf>> {
        let paths = self.paths(out);
        let mut wrong = Vec::new();
        for (path, text) in &paths {
            let same = fs::read(path).is_ok_and(|found| found == text.as_bytes());
            if !same {
                wrong.push(path.clone());
            }
        }
        let strays = walk(&out.join(self.name))?;
        wrong.extend(strays.into_iter().filter(|p| !paths.contains_key(p)));
        Ok(wrong)
    }
}

fn walk(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if !dir.exists() {
        return Ok(files);
    }
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(walk(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
