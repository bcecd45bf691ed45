//! What `terraform apply` and `tofu apply` print, as a pipeline's log keeps it: its lines are dated, if at all,
//! by the pipeline, which also has lines of its own.

use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{ChangeState, Kind, Level, Record, field};
use crate::stamp::Reading;
use crate::token::change;
use crate::token::date::Order;
use crate::token::text::{first_line, text};
use crate::token::time;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "terraform",
    title: "Output of Terraform or OpenTofu",
    reference: "https://developer.hashicorp.com/terraform/cli/commands/apply",
    cut: Cut::Line,
    specificity: 85,
    // Only the head of a file tells whose output it is.
    hint: |i| !i.is_empty(),
    parse,
    learn: Some(learn),
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

/// Whether a file is a terraform's is told by a column that it does not have.
fn learn(head: &[u8]) -> Layout {
    let own = cut::lines(head).filter_map(|l| head.get(l)).any(|line| {
        let (_, said) = stamped(line);
        let said = String::from_utf8_lossy(said);
        let said = said.trim();
        MARKS.iter().any(|m| said.starts_with(m)) || step(said).is_some()
    });
    match own {
        true => Layout::of_sort(FORMAT.name),
        false => Layout::default(),
    }
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    (!cx.layout.columns.is_empty() && !line.trim_ascii().is_empty()).then_some(())?;
    let (at, said) = stamped(line);
    let said = text(said.trim_ascii());
    if let Some(step) = step(&said) {
        if let Some(state) = step.state {
            let mut record = step.record(state);
            record.at = at;
            out.push(record.into_owned());
        }
        return Some(());
    }
    // Of a plan that nobody has dated there is nothing to tell.
    if at.is_some() && !said.is_empty() {
        let plain = said.trim_start_matches(['│', '╷', '╵', ' ', '#', '[', ']']);
        let level = [
            ("Error: ", Level::Error),
            ("error]", Level::Error),
            ("Warning: ", Level::Warn),
        ];
        let level = level.iter().find(|(word, _)| plain.starts_with(word));
        let level = level.map(|(_, level)| *level);
        let mut record = Record::new(Kind::Log, said);
        record.at = at;
        record.level = level;
        out.push(record);
    }
    Some(())
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

/// A step of a resource: `aws_ecs_service.shop: Modifying... [id=…]`.
struct Step<'a> {
    address: &'a str,
    id: Option<&'a str>,
    said: &'a str,
    state: Option<ChangeState>,
}

fn step(said: &str) -> Option<Step<'_>> {
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
    Some(Step {
        address,
        id: id.map(|(id, _)| id),
        said,
        state: *state,
    })
}

impl<'a> Step<'a> {
    fn record(&self, state: ChangeState) -> Record<'a> {
        let mut record = Record::new(Kind::Change(state), self.said);
        let (environment, service) = self.place();
        record.service = service.map(|s| s.replace('_', "-").into());
        let fields = &mut record.fields;
        let sort = self.sort().unwrap_or_default();
        let is = |words: &[&str]| words.iter().any(|w| sort.contains(w));
        let kind = if is(&["secret", "certificate", "password"]) {
            "secret"
        } else if is(&["parameter", "config", "setting", "feature"]) {
            "config"
        } else {
            "infrastructure"
        };
        fields.push(field::CHANGE, kind);
        fields.push(field::ID, self.address);
        if let Some(environment) = environment {
            fields.push(field::ENVIRONMENT, environment);
        }
        if let Some(id) = self.id {
            fields.push("resource", id);
        }
        record
    }

    /// The parts of the address, without the keys of instances.
    fn parts(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let parts = self.address.split('.');
        parts.map(|p| p.split('[').next().unwrap_or(p))
    }

    /// The resource's type: the last part but one.
    fn sort(&self) -> Option<&'a str> {
        let all: Vec<_> = self.parts().collect();
        all.len().checked_sub(2).and_then(|n| all.get(n).copied())
    }

    /// Where and what: paths are mostly made of both, `/production/shop/POOL_SIZE`; what runs is
    /// called after what it is.
    fn place(&self) -> (Option<&'a str>, Option<&'a str>) {
        const RUNS: [&str; 6] = [
            "_service",
            "_deployment",
            "_function",
            "_app",
            "_release",
            "_job",
        ];
        const ANY: [&str; 5] = ["this", "main", "default", "app", "service"];
        let named = |name: &str| {
            let letters = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
            name.len() > 1
                && name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.bytes().all(letters)
        };
        let path: Vec<&str> = self.id.unwrap_or_default().split(['/', ':']).collect();
        let at = path.iter().position(|p| change::is_environment(p));
        let environment = at.and_then(|at| path.get(at).copied());
        let behind = at
            .and_then(|at| path.get(at + 1).copied())
            .filter(|n| named(n));
        let parts: Vec<_> = self.parts().collect();
        let runs = self
            .sort()
            .is_some_and(|s| RUNS.iter().any(|r| s.ends_with(r)));
        let own = parts.last().copied().filter(|n| runs && !ANY.contains(n));
        let mut modules = parts.windows(2).filter(|w| w[0] == "module").map(|w| w[1]);
        let module = modules.next_back().filter(|_| runs && own.is_none());
        let environment = environment.or_else(|| {
            let mut all = parts.iter().copied();
            all.find(|p| change::is_environment(p))
        });
        (environment, behind.or(own).or(module))
    }
}
