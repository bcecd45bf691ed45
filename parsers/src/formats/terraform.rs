//! What `terraform apply` and `tofu apply` print, in words or with `-json` as one object a line, as a pipeline's
//! log keeps it: words are dated, if at all, by the pipeline, which also has lines of its own.

use crate::cut;
use crate::document::apply::{Apply, Step};
use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Level, Record};
use crate::stamp::Reading;
use crate::token::date::Order;
use crate::token::json::{self, Object};
use crate::token::text::text;
use crate::token::{level, payload, time};
use memchr::memmem;
use std::ops::Range;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "terraform",
    title: "Output of Terraform or OpenTofu",
    reference: "https://developer.hashicorp.com/terraform/cli/commands/apply",
    cut: Cut::Document,
    specificity: 85,
    hint: |i| {
        let told = |words: &str| memmem::find(i, words.as_bytes()).is_some();
        MARKS.iter().any(|m| told(m)) || STEPS.iter().any(|(s, _)| told(s)) || told(UI)
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/terraform/input.log"),
};

/// Lines that nothing else begins with.
const MARKS: [&str; 7] = [
    "Terraform will perform the following actions",
    "OpenTofu will perform the following actions",
    "Terraform used the selected providers",
    "OpenTofu used the selected providers",
    "Apply complete! Resources:",
    "Destroy complete! Resources:",
    "No changes. Your infrastructure matches the configuration",
];

/// What is said of a resource, and how far it has come. What is under way is said again and again.
const STEPS: [(&str, Option<ChangeState>); 13] = [
    ("Creation complete after", Some(ChangeState::Finished)),
    ("Modifications complete after", Some(ChangeState::Finished)),
    ("Destruction complete after", Some(ChangeState::Finished)),
    ("Creating...", Some(ChangeState::Started)),
    ("Modifying...", Some(ChangeState::Started)),
    ("Destroying...", Some(ChangeState::Started)),
    ("Still creating...", None),
    ("Still modifying...", None),
    ("Still destroying...", None),
    ("Refreshing state...", None),
    ("Reading...", None),
    ("Still reading...", None),
    ("Read complete after", None),
];

/// Who writes the objects of `-json`: `tofu.ui`, `terraform.ui`.
const UI: &str = ".ui\"";

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    (FORMAT.hint)(entry).then_some(())?;
    let mut reader = Reader::default();
    for range in cut::lines(entry) {
        let line = entry.get(range.clone())?;
        let (at, said) = stamped(line);
        let said = said.trim_ascii();
        reader.lines += usize::from(!said.is_empty());
        match json::object(said).filter(is_ui) {
            Some(object) => reader.object(&object, range),
            None => reader.words(at, &text(said), range),
        }
    }
    reader.close();
    (reader.own || reader.steps * 2 > reader.lines).then_some(())?;
    let mut records = reader.records;
    records.sort_by_key(|r| r.part.as_ref().map_or(0, |p| p.start));
    out.append(&mut records);
    Some(())
}

fn is_ui(object: &Object<'_>) -> bool {
    let module = object.text(&["@module"]);
    module.is_some_and(|m| matches!(m.as_ref(), "terraform.ui" | "tofu.ui"))
}

#[derive(Default)]
struct Reader {
    apply: Apply,
    records: Vec<Record<'static>>,
    /// Whether any line is one that nothing else writes.
    own: bool,
    /// Lines that tell of a resource's course, which others may, too, and all lines.
    steps: usize,
    lines: usize,
    /// Outputs follow.
    outputs: bool,
}

impl Reader {
    /// A line in words.
    fn words(&mut self, at: Option<Reading>, said: &str, place: Range<usize>) {
        if let Some((address, id, state)) = step(said) {
            self.steps += 1;
            self.outputs = false;
            if let Some(state) = state {
                self.step(Step {
                    address,
                    id,
                    said,
                    state,
                    at,
                    place,
                });
            }
            return;
        }
        let plain = said.trim_start_matches(['│', '╷', '╵', ' ', '#', '[', ']']);
        self.course(at, said, plain);
        // Of a plan that nobody has dated there is nothing to tell.
        if at.is_some() && !said.is_empty() {
            let level = [
                ("Error: ", Level::Error),
                ("error]", Level::Error),
                ("Warning: ", Level::Warn),
            ];
            let level = level.iter().find(|(word, _)| plain.starts_with(word));
            self.log(said, at, level.map(|(_, level)| *level), place);
        }
    }

    /// What a line in words says of the apply as a whole.
    fn course(&mut self, at: Option<Reading>, said: &str, plain: &str) {
        if MARKS.iter().any(|m| said.starts_with(m)) {
            self.own = true;
            self.outputs = false;
            let ends = said.contains("complete! Resources:");
            // The providers are told before the actions: neither ends what has not begun.
            if ends { self.apply.end() } else { self.close() }
        } else if plain.starts_with("Error: ") {
            self.apply.failed(None, at);
        } else if said == "Outputs:" {
            self.outputs = true;
        } else if let Some((name, value)) = said.split_once(" = ").filter(|_| self.outputs) {
            self.apply
                .output(name.trim(), value.trim().trim_matches('"'));
        }
    }

    /// An object of `-json`.
    fn object(&mut self, object: &Object<'_>, place: Range<usize>) {
        self.own = true;
        let at = payload::time_at(object, &["@timestamp"]);
        let said = object.text(&["@message"]).unwrap_or_default();
        let kind = object.text(&["type"]).unwrap_or_default();
        let state = match kind.as_ref() {
            "apply_start" => Some(ChangeState::Started),
            "apply_complete" => Some(ChangeState::Finished),
            "apply_errored" => Some(ChangeState::Failed),
            "version" => {
                self.close();
                None
            }
            "outputs" => {
                self.put_out(object);
                None
            }
            "change_summary" => {
                if object.text(&["changes.operation"]).as_deref() != Some("plan") {
                    self.apply.end();
                }
                None
            }
            "apply_progress" => return,
            _ => None,
        };
        let address = object.text(&["hook.resource.addr"]);
        // To read a data source changes nothing.
        let reads = object
            .text(&["hook.action"])
            .is_some_and(|a| a == "read" || a == "noop");
        match (state, address) {
            (Some(_), _) if reads => {}
            (Some(state), Some(address)) => self.step(Step {
                address: &address,
                id: object.text(&["hook.id_value"]).as_deref(),
                said: &said,
                state,
                at,
                place,
            }),
            _ => {
                let level = object.text(&["@level"]);
                let level = level.and_then(|l| level::word(l.as_bytes()));
                self.log(&said, at, level, place);
            }
        }
    }

    fn put_out(&mut self, object: &Object<'_>) {
        for (name, output) in object.object("outputs").iter().flat_map(|o| o.iter()) {
            let value = output.object().and_then(|o| o.text(&["value"]));
            if let Some(value) = value {
                self.apply.output(name, &value);
            }
        }
    }

    fn step(&mut self, step: Step<'_>) {
        if self.apply.is_over() {
            self.close();
        }
        self.apply.step(&step);
    }

    fn log(&mut self, said: &str, at: Option<Reading>, level: Option<Level>, place: Range<usize>) {
        let mut record = Record::new(Kind::Log, said.to_owned());
        record.at = at;
        record.level = level;
        record.part = Some(place);
        self.records.push(record);
    }

    fn close(&mut self) {
        let apply = std::mem::take(&mut self.apply);
        self.records.extend(apply.records());
    }
}

/// The time that a pipeline has put before a line.
fn stamped(line: &[u8]) -> (Option<Reading>, &[u8]) {
    let open = line.strip_prefix(b"[");
    match time::any(Order::default())(open.unwrap_or(line)) {
        Ok((rest, at)) => {
            let rest = if open.is_some() {
                rest.strip_prefix(b"]")
            } else {
                Some(rest)
            };
            match rest {
                Some(rest) if rest.first().is_none_or(u8::is_ascii_whitespace) => (Some(at), rest),
                _ => (None, line),
            }
        }
        Err(_) => (None, line),
    }
}

/// A step of a resource, `aws_ecs_service.shop: Modifying... [id=…]`: its address, its id, how far it has come.
fn step(said: &str) -> Option<(&str, Option<&str>, Option<ChangeState>)> {
    let (address, tail) = said
        .match_indices(": ")
        .map(|(at, sep)| (&said[..at], &said[at + sep.len()..]))
        .find(|(_, tail)| STEPS.iter().any(|(words, _)| tail.starts_with(words)))?;
    let (_, state) = STEPS.iter().find(|(words, _)| tail.starts_with(words))?;
    // A type, a dot, a name; blanks only within the key of an instance.
    let bare = address.split('[').next()?;
    let named = bare.contains('.')
        && bare
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
    named.then_some(())?;
    let id = tail
        .split_once("[id=")
        .and_then(|(_, id)| id.split_once([']', ',']));
    Some((address, id.map(|(id, _)| id), *state))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::changes_told as told;

    #[test]
    fn one_apply_is_one_change_of_a_service() {
        let done = "Apply complete! Resources: 0 added, 1 changed, 0 destroyed.\nOutputs:\n";
        for (log, expected) in [
            // Its outputs tell the version of what runs, and where.
            (
                format!(
                    "helm_release.quay: Modifying...\nhelm_release.quay: Modifications complete after 4s\n{done}quay_version = \"2.6.0\"\nenvironment = \"staging\"\n"
                ),
                vec!["deploy finished quay 2.6.0 staging"],
            ),
            // The version of something else is no version of it.
            (
                format!(
                    "module.quay.aws_ecs_service.this: Modifying...\nmodule.quay.aws_ecs_service.this: Modifications complete after 4s\n{done}cluster_version = \"1.29.4\"\n"
                ),
                vec!["infrastructure finished quay - -"],
            ),
            // An environment is no service.
            (
                format!(
                    "module.production.helm_release.this: Modifying...\nmodule.production.helm_release.this: Modifications complete after 4s\n{done}"
                ),
                vec!["infrastructure finished - - production"],
            ),
            (
                "helm_release.quay: Creating...\n│ Error: timed out waiting for the condition\n"
                    .to_owned(),
                vec!["infrastructure failed quay - -"],
            ),
        ] {
            let log = format!("Terraform will perform the following actions:\n{log}");
            let expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
            assert_eq!(told(&FORMAT, &log), Some(expected), "{log}");
        }
    }

    #[test]
    fn other_programs_create_things_too() {
        for log in [
            "10:00 ready\nqueue.orders: Creating...\nserving\n",
            "{\"@message\":\"Apply complete!\",\"@module\":\"shop.ui\"}\n",
            "the docs say: Terraform will perform the following actions\n",
            "",
        ] {
            assert_eq!(told(&FORMAT, log), None, "{log}");
        }
    }
}
