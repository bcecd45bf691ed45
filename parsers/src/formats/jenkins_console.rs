//! The console log of Jenkins' builds with the stamps of its Timestamper plugin, one build or several in a
//! file. A build is a change if its job, its stages or its commands say so.

use crate::cut;
use crate::document::build::{self, Build};
use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record};
use crate::stamp::{DAY, Reading, When};
use crate::token::date::Order;
use crate::token::{payload, time};
use memchr::memmem;
use std::ops::Range;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "jenkins-console",
    title: "Jenkins console log",
    reference: "https://plugins.jenkins.io/timestamper/",
    cut: Cut::Document,
    specificity: 84,
    hint: |i| {
        let told = |words: &str| memmem::find(i, words.as_bytes()).is_some();
        told("Started by ") || told("[Pipeline] ") || told("Finished: ")
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/jenkins-console/input.log"),
};

/// Lines before the first of Jenkins' own: a page's title, what a pipeline says of itself.
const HEAD: usize = 12;

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    (FORMAT.hint)(entry).then_some(())?;
    let mut reader = Reader::default();
    for range in cut::lines(entry) {
        let Ok(line) = std::str::from_utf8(entry.get(range.clone())?) else {
            continue;
        };
        if line.trim().is_empty() {
            continue;
        }
        reader.line(line, range);
        reader.lines += 1;
        // Only a build's log begins with a build.
        if reader.lines == HEAD && reader.marks == 0 {
            return None;
        }
    }
    reader.close();
    // Where builds are begun one after the other and none ends somebody else's words tell of them, a line a step.
    let ends = reader.finished > 0 || reader.started < 2;
    (reader.marks > 1 && reader.builds > 0 && ends).then_some(())?;
    let mut records = reader.records;
    records.sort_by_key(|r| r.part.as_ref().map_or(0, |p| p.start));
    out.append(&mut records);
    Some(())
}

/// What a line is in the course of a build.
enum Mark<'a> {
    /// `Started by user …`: what stands behind `by`.
    Started(&'a str),
    /// `Running on agent-2 in /srv/jenkins/workspace/deploy-quay`: the folder and the build's number.
    Workspace(&'a str, Option<&'a str>),
    /// `[Pipeline] { (Deploy to production)`: a stage's title.
    Stage(&'a str),
    /// `Stage "Deploy" skipped due to …`
    Skipped(&'a str),
    /// `+ ./deploy.sh quay`, `[deploy-quay] $ /bin/sh -xe …`
    Command(&'a str),
    /// Who let a build go on that waited for somebody.
    Approved(&'a str),
    /// How it ended.
    Finished(&'a str),
    /// Another word of Jenkins'.
    Own,
}

#[derive(Default)]
struct Reader {
    build: Option<Build>,
    records: Vec<Record<'static>>,
    /// The day that is told where stamps are times of day alone, and the last of them.
    day: Option<i64>,
    clock: i64,
    lines: usize,
    marks: usize,
    builds: usize,
    /// Builds that somebody began, by lines with a time, and those that ended.
    started: usize,
    finished: usize,
}

impl Reader {
    fn line(&mut self, line: &str, range: Range<usize>) {
        let (at, said) = stamped(line);
        let at = at.map(|at| self.dated(at));
        let said = said.trim();
        if at.is_none_or(|at| matches!(at.when, When::TimeOfDay { .. })) {
            self.look_for_day(said);
        }
        let mark = mark(said);
        self.marks += usize::from(matches!(
            mark,
            Some(Mark::Started(_) | Mark::Workspace(..) | Mark::Finished(_) | Mark::Own)
                | Some(Mark::Stage(_) | Mark::Skipped(_))
        ));
        self.started +=
            usize::from(matches!(mark, Some(Mark::Started(by)) if by.starts_with("user")));
        self.finished += usize::from(matches!(mark, Some(Mark::Finished(_))));
        let fresh = match (&mark, &self.build) {
            (Some(Mark::Finished(_)), None) | (None, _) => false,
            (Some(Mark::Started(_)), Some(build)) => build.is_under_way(),
            (Some(_), None) => true,
            _ => false,
        };
        if fresh {
            self.close();
            self.build = Some(Build::new(at, range.clone()));
        }
        if let Some(build) = &mut self.build {
            build.touch(at, &range);
            match &mark {
                Some(Mark::Started(by)) => build.started(by),
                Some(Mark::Workspace(folder, number)) => build.placed(folder, *number),
                Some(Mark::Stage(title)) => build.stage(title, &range),
                Some(Mark::Skipped(title)) => build.skipped(title),
                Some(Mark::Command(words)) => build.command(words, &range),
                Some(Mark::Approved(who)) => build.approved(who),
                Some(Mark::Finished(result)) => build.finished(result),
                Some(Mark::Own) | None => {}
            }
        }
        if matches!(mark, Some(Mark::Finished(_))) {
            self.close();
        }
        let Some(at) = at else { return };
        let level = [("ERROR: ", Level::Error), ("FATAL: ", Level::Error)];
        let level = level.iter().find(|(word, _)| said.starts_with(word));
        let mut record = Record::new(Kind::Log, said.to_owned());
        record.at = Some(at);
        record.level = level.map(|(_, level)| *level);
        record.service = Some("jenkins".into());
        record.part = Some(range);
        self.records.push(record);
    }

    /// A time of day on the day that was told, or the next one after midnight.
    fn dated(&mut self, at: Reading) -> Reading {
        let (When::TimeOfDay { nanos, offset }, Some(day)) = (at.when, self.day) else {
            return at;
        };
        let day = day + if nanos + DAY / 2 < self.clock { DAY } else { 0 };
        (self.day, self.clock) = (Some(day), nanos);
        let local = Reading::new(When::Local(day + nanos), at.precision);
        offset.map_or(local, |offset| local.at_offset(offset))
    }

    /// `Build #17 (Jan 5, 2024, 10:00:00 AM)`, or what `date` prints.
    fn look_for_day(&mut self, said: &str) {
        let inside = said.rsplit_once('(').and_then(|(_, s)| s.split_once(')'));
        let behind = || said.split_once(": ").map(|(_, s)| s);
        let texts = [inside.map(|(s, _)| s), Some(said), behind()];
        let found = texts.into_iter().flatten().find_map(|text| {
            let bare = text.replacen(", ", " ", 2);
            payload::text_instant(text).or_else(|| payload::text_instant(&bare))
        });
        // Programs print times in any zone; a day is changed by a title alone.
        if let Some(When::Local(at)) = found.map(|f| f.when)
            && (self.day.is_none() || inside.is_some())
        {
            self.day = Some(at - at.rem_euclid(DAY));
            self.clock = at.rem_euclid(DAY);
        }
    }

    fn close(&mut self) {
        if let Some(record) = self.build.take().and_then(Build::record) {
            self.builds += 1;
            self.records.push(record);
        }
    }
}

/// `[2024-05-01T10:00:01.123Z] said`, `2024-05-01 10:00:01  said`, `10:00:01  said`.
fn stamped(line: &str) -> (Option<Reading>, &str) {
    let open = line.strip_prefix('[');
    let text = open.unwrap_or(line).as_bytes();
    let found = time::any(Order::default())(text).or_else(|_| time::time_of_day(text));
    let said = found.ok().and_then(|(rest, at)| {
        let rest = match open {
            Some(_) => rest.strip_prefix(b"]")?,
            None => rest,
        };
        let rest = std::str::from_utf8(rest).ok()?;
        rest.starts_with(char::is_whitespace).then_some((at, rest))
    });
    said.map_or((None, line), |(at, said)| (Some(at), said))
}

fn mark(said: &str) -> Option<Mark<'_>> {
    if let Some(by) = said.strip_prefix("Started by ") {
        return Some(Mark::Started(by));
    }
    if let Some(result) = said.strip_prefix("Finished: ") {
        let own = build::RESULTS.iter().any(|(word, _)| *word == result);
        return own.then_some(Mark::Finished(result));
    }
    if let Some(step) = said.strip_prefix("[Pipeline] ") {
        let title = step
            .split_once('(')
            .and_then(|(_, t)| t.strip_suffix(')'))
            .filter(|_| step.starts_with(['{', 's']));
        return Some(title.map_or(Mark::Own, Mark::Stage));
    }
    if let Some((title, _)) = said
        .strip_prefix("Stage \"")
        .and_then(|s| s.split_once("\" skipped due to"))
    {
        return Some(Mark::Skipped(title));
    }
    if let Some(who) = said.strip_prefix("Approved by ") {
        return Some(Mark::Approved(who));
    }
    if let Some(words) = said.strip_prefix("+ ") {
        return Some(Mark::Command(words));
    }
    workspace(said)
}

/// Where a build runs, which is called after its job.
fn workspace(said: &str) -> Option<Mark<'_>> {
    let folder = |text: &str| text.starts_with('/') || text.contains(":\\");
    let rest = match said.split_once(' ')? {
        ("Running", rest) => match rest.strip_prefix("in ") {
            Some(rest) => rest,
            None => rest.strip_prefix("on ")?.split_once(" in ")?.1,
        },
        ("Building", rest) => rest.split_once("in workspace ")?.1,
        _ => return None,
    };
    let (path, number) = match rest.rsplit_once(" #") {
        Some((path, number)) => (path, Some(number)),
        None => (rest, None),
    };
    folder(path).then_some(Mark::Workspace(path.trim(), number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::changes_told as told;

    fn build(lines: &[&str]) -> String {
        let mut log = String::new();
        for line in lines {
            log.push_str("[2024-06-11T08:58:12.004Z] ");
            log.push_str(line);
            log.push('\n');
        }
        log
    }

    #[test]
    fn builds_that_change_something() {
        let started = "Started by user Ines Falk";
        for (lines, expected) in [
            (
                vec![
                    "Running in /ws/workspace/deploy-quay #4",
                    "Finished: ABORTED",
                ],
                "deploy failed quay - -",
            ),
            // A stage that was passed over has not been reached.
            (
                vec![
                    "[Pipeline] { (Deploy quay 2.6.0 to staging)",
                    "[Pipeline] { (Deploy quay 2.6.0 to production)",
                    "Stage \"Deploy quay 2.6.0 to production\" skipped due to earlier failure(s)",
                    "Finished: FAILURE",
                ],
                "deploy failed quay 2.6.0 staging",
            ),
            (
                vec![
                    "Running in /ws/workspace/ops",
                    "+ kubectl rollout undo deployment/quay -n prod",
                    "Finished: SUCCESS",
                ],
                "rollback finished quay - prod",
            ),
            (
                vec![
                    "Building in workspace /var/lib/jenkins/jobs/quay/workspace",
                    "+ npm publish",
                    "Finished: SUCCESS",
                ],
                "build finished - - -",
            ),
        ] {
            let lines: Vec<&str> = std::iter::once(started).chain(lines).collect();
            let found = told(&FORMAT, &build(&lines));
            assert_eq!(found, Some(vec![expected.to_owned()]), "{lines:?}");
        }
    }

    #[test]
    fn other_programs_begin_and_finish_things_too() {
        let many = ["tick"; HEAD];
        let late: Vec<&str> = many
            .into_iter()
            .chain(["Started by user x", "Finished: SUCCESS"])
            .collect();
        for lines in [
            vec!["Started by systemd", "ready"],
            vec!["Finished: 12 rows", "Started by hand"],
            vec!["job 4 Started by user x", "job 4 Finished: SUCCESS"],
            late,
        ] {
            assert_eq!(told(&FORMAT, &build(&lines)), None, "{lines:?}");
        }
        // Nothing tells when.
        let undated =
            "Started by user x\nRunning in /ws/workspace/deploy-quay\nFinished: SUCCESS\n";
        assert_eq!(told(&FORMAT, undated), None);
    }
}
