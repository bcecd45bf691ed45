//! Ansible's log (`log_path`), and what `ansible-playbook` prints where each line or each task is stamped: by
//! a pipeline, by the callback `profile_tasks`. A play is a change; the recap at the end tells how it went.

use crate::cut;
use crate::document::playbook::{Play, Run};
use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record};
use crate::stamp::Reading;
use crate::token::date::Order;
use crate::token::text::text;
use crate::token::time;
use memchr::memmem;
use std::ops::Range;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "ansible",
    title: "Ansible log",
    reference: "https://docs.ansible.com/ansible/latest/reference_appendices/logging.html",
    cut: Cut::Document,
    specificity: 85,
    hint: |i| memmem::find(i, b"PLAY [").is_some() || memmem::find(i, b"PLAY RECAP").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/ansible/input.log"),
};

/// A line: its time if it has one, who runs what, and what is said.
struct Line<'a> {
    at: Option<Reading>,
    /// The process, which tells runs apart, and its user.
    owner: Option<(&'a str, &'a str)>,
    said: &'a str,
    range: Range<usize>,
}

/// What a line is in the course of a run.
enum Mark<'a> {
    Play(&'a str),
    Task(&'a str, bool),
    Recap,
    /// `changed: [web-1]`, `fatal: [web-1]: FAILED! => …`
    Result(&'a str, &'a str),
    /// `web-1 : ok=7 changed=2 unreachable=0 failed=0`
    Tally(&'a str, &'a str),
    Ignored,
    /// The command that starts a run.
    Command(&'a str),
}

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    (FORMAT.hint)(entry).then_some(())?;
    let mut reader = Reader::default();
    for range in cut::lines(entry) {
        let bytes = entry.get(range.clone())?;
        let Ok(line) = std::str::from_utf8(bytes) else {
            continue;
        };
        if !line.trim().is_empty() {
            reader.line(stamped(line, range));
        }
    }
    reader.close();
    // What another program logs beside a play or two stays that program's log.
    (reader.plays > 0 && reader.known > reader.others).then_some(())?;
    let mut records = reader.records;
    records.sort_by_key(|r| r.part.as_ref().map_or(0, |p| p.start));
    out.append(&mut records);
    Some(())
}

#[derive(Default)]
struct Reader {
    /// Those that are under way, by their process.
    runs: Vec<(String, Run)>,
    records: Vec<Record<'static>>,
    /// The time that the lines so far have told.
    clock: Option<Reading>,
    /// Lines of a play, other lines with a time, and plays with one.
    known: usize,
    others: usize,
    plays: usize,
}

impl Reader {
    fn line(&mut self, line: Line<'_>) {
        self.clock = line.at.or(self.clock);
        let measured = line.at.is_some() && is_measured(line.said);
        let process = line.owner.map_or("", |(process, _)| process);
        let place = self.runs.iter().position(|(p, _)| p == process);
        let mark = mark(line.said);
        let own = line.owner.is_some() || mark.is_some() || measured;
        self.known += usize::from(own);
        self.others += usize::from(!own && line.at.is_some());
        let Some(mark) = mark else {
            let run = place.and_then(|n| self.runs.get_mut(n));
            return match (measured, run) {
                (true, Some((_, run))) => run.touch(self.clock),
                (true, None) => {}
                _ => self.other(&line),
            };
        };
        if matches!(mark, Mark::Tally(..)) && place.is_none() {
            return;
        }
        // A further play of a run whose recap has come is another run.
        let begins = matches!(mark, Mark::Play(_) | Mark::Command(_));
        let over = begins
            && place
                .and_then(|n| self.runs.get(n))
                .is_some_and(|(_, r)| r.is_over());
        let place = match place.filter(|_| !over) {
            Some(place) => place,
            None => {
                if let Some((_, run)) = place.filter(|_| over).map(|n| self.runs.remove(n)) {
                    self.ended(run);
                }
                let user = line.owner.map(|(_, user)| user.to_owned());
                self.runs.push((process.to_owned(), Run::of(user)));
                self.runs.len() - 1
            }
        };
        let clock = self.clock;
        let Some((_, run)) = self.runs.get_mut(place) else {
            return;
        };
        match mark {
            Mark::Command(words) => run.ordered(words),
            Mark::Play(name) => {
                run.begin(Play::new(name, clock, line.range));
            }
            Mark::Task(name, handler) => run.task(name, handler, clock),
            Mark::Result(how, host) => {
                run.result(how, host, clock, &line.range);
                if matches!(how, "fatal" | "failed") {
                    let mut record =
                        Record::new(Kind::Log, text(line.said.as_bytes()).into_owned());
                    record.at = clock;
                    record.level = Some(Level::Error);
                    record.host = Some(host.to_owned().into());
                    record.service = Some("ansible".into());
                    record.part = Some(line.range);
                    self.records.push(record);
                }
            }
            Mark::Ignored => run.ignored(),
            Mark::Recap => run.recap(clock),
            Mark::Tally(host, counts) => run.tally(host, counts, clock, &line.range),
        }
    }

    /// A line that says nothing of a play's course: of the program that has printed it.
    fn other(&mut self, line: &Line<'_>) {
        let Some(at) = line.at else {
            return;
        };
        let said = line.said.trim();
        let level = [
            ("[WARNING]", Level::Warn),
            ("[ERROR]", Level::Error),
            ("ERROR!", Level::Error),
        ];
        let level = level.iter().find(|(word, _)| said.starts_with(word));
        let mut record = Record::new(Kind::Log, said.to_owned());
        record.at = Some(at);
        record.level = level.map(|(_, level)| *level);
        record.part = Some(line.range.clone());
        self.records.push(record);
    }

    fn close(&mut self) {
        for (_, run) in std::mem::take(&mut self.runs) {
            self.ended(run);
        }
    }

    fn ended(&mut self, run: Run) {
        self.plays += run.dated();
        self.records.extend(run.records());
    }
}

/// `2024-05-01 10:00:01,123 p=123 u=deploy n=ansible | PLAY …`, or a time in brackets or not.
fn stamped(line: &str, range: Range<usize>) -> Line<'_> {
    let open = line.strip_prefix('[');
    let any = time::any(Order::default());
    let found = any(open.unwrap_or(line).as_bytes()).ok();
    let found = found.and_then(|(rest, at)| {
        let rest = if open.is_some() {
            rest.strip_prefix(b"]")?
        } else {
            rest
        };
        let rest = std::str::from_utf8(rest).ok()?;
        let rest = rest.strip_prefix(" |").unwrap_or(rest);
        rest.starts_with(char::is_whitespace).then_some((at, rest))
    });
    let (at, said) = match found {
        Some((at, rest)) => (Some(at), rest.trim_start()),
        None => (None, line),
    };
    let owner = owner(said);
    Line {
        at,
        said: owner.map_or(said, |(_, said)| said),
        owner: owner.map(|(owner, _)| owner),
        range,
    }
}

/// `p=123 u=deploy n=ansible | `
fn owner(said: &str) -> Option<((&str, &str), &str)> {
    let (head, said) = said.split_once('|')?;
    let mut words = head.split_whitespace();
    let process = words.next()?.strip_prefix("p=")?;
    let user = words.next()?.strip_prefix("u=")?;
    words.all(|w| w.starts_with("n=")).then_some(())?;
    Some(((process, user), said.strip_prefix(' ').unwrap_or(said)))
}

fn mark(said: &str) -> Option<Mark<'_>> {
    let said = said.trim();
    let titled = |head: &str| {
        let (name, stars) = said.strip_prefix(head)?.rsplit_once(']')?;
        let bare = stars.trim().bytes().all(|b| b == b'*');
        bare.then_some(name)
    };
    if let Some(name) = titled("PLAY [") {
        return Some(Mark::Play(name));
    }
    if let Some(name) = titled("TASK [").or_else(|| titled("TASK: [")) {
        return Some(Mark::Task(name, false));
    }
    if let Some(name) = titled("RUNNING HANDLER [").or_else(|| titled("NOTIFIED: [")) {
        return Some(Mark::Task(name, true));
    }
    if said.starts_with("PLAY RECAP") {
        return Some(Mark::Recap);
    }
    if said.starts_with("...ignoring") {
        return Some(Mark::Ignored);
    }
    if let Some(file) = said.strip_prefix("PLAYBOOK: ") {
        return Some(Mark::Command(file.trim_end_matches(['*', ' '])));
    }
    let command = said.trim_start_matches(['+', '$', '#', ' ']);
    if command.starts_with("ansible-playbook ") {
        return Some(Mark::Command(command));
    }
    if let Some((host, counts)) = said
        .split_once(" : ok=")
        .or_else(|| said.split_once(": ok="))
    {
        return Some(Mark::Tally(host.trim(), counts));
    }
    let (how, behind) = said.split_once(": [")?;
    let results = [
        "ok",
        "changed",
        "skipping",
        "fatal",
        "failed",
        "unreachable",
        "included",
    ];
    let host = behind.split(']').next()?;
    results.contains(&how).then_some(Mark::Result(how, host))
}

/// `(0:00:00.041)       0:00:00.041 *****` behind a time, which the callbacks that measure tasks put
/// below a task's title and below the recap.
fn is_measured(said: &str) -> bool {
    let took = said.strip_prefix('(').and_then(|s| s.split_once(')'));
    took.is_some_and(|(took, stars)| {
        let digits = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.');
        took.contains(':') && took.chars().all(digits) && stars.trim_end().ends_with('*')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Layout;

    fn read(log: &str) -> Option<Vec<String>> {
        let layout = Layout::default();
        let mut records = Vec::new();
        parse(log.as_bytes(), &Context { layout: &layout }, &mut records)?;
        let told = |r: &Record<'_>| {
            let time = r.at.map(|at| at.notation()).unwrap_or_default();
            let state = r.kind.state().unwrap_or("log");
            format!(
                "{time} {state} {} {}",
                r.service.as_deref().unwrap_or("-"),
                r.message
            )
        };
        Some(records.iter().map(told).collect())
    }

    #[test]
    fn a_log_that_only_tells_of_plays_is_another_programs() {
        for log in [
            "2025-03-11 08:12:40,001 p=9 u=ada n=ansible | ok: [a]\n",
            "2025-03-11 08:12:40 GET /plays\n2025-03-11 08:12:41 PLAY [x] ***\n2025-03-11 08:12:42 done\n2025-03-11 08:12:43 done\n",
            // Nothing tells when.
            "PLAY [deploy shop] ****\nchanged: [a]\nPLAY RECAP ***\na : ok=1 changed=1\n",
            "2025-03-11 08:12:40 PLAYER [x] ***\n",
            "",
        ] {
            assert_eq!(read(log), None, "{log}");
        }
    }

    #[test]
    fn what_changes_nothing_is_no_change() {
        for (title, counts, expected) in [
            (
                "deploy quay 2.6.0",
                "ok=3 changed=1 unreachable=0 failed=0",
                "finished",
            ),
            (
                "deploy quay 2.6.0",
                "ok=3 changed=0 unreachable=0 failed=0",
                "log",
            ),
            (
                "deploy quay 2.6.0] [CHECK MODE",
                "ok=3 changed=1 unreachable=0 failed=0",
                "log",
            ),
            (
                "deploy quay 2.6.0",
                "ok=1 changed=0 unreachable=1 failed=0",
                "failed",
            ),
            (
                "deploy quay 2.6.0",
                "ok=3 changed=1 unreachable=0 failed=1",
                "failed",
            ),
        ] {
            let stamp = "2025-03-11 08:12:40,001 p=9 u=ada n=ansible | ";
            let log = format!(
                "{stamp}PLAY [{title}] ****\n{stamp}PLAY RECAP ****\n{stamp}a : {counts}\n"
            );
            let found = read(&log).unwrap();
            assert!(
                found[0].starts_with(&format!("2025-03-11T08:12:40.001 {expected} ")),
                "{found:?}"
            );
        }
    }
}
