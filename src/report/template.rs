//! Templates: headings and fixed words with slots that the evidence fills. A template is read
//! before any evidence is, so braces in a log line mean nothing.

use super::draft::slots::{Fill, SLOTS, Slot};
use std::fmt;

/// The templates that come with recon, by name; the first is the default.
pub const TEMPLATES: [(&str, &str); 7] = [
    ("recon", include_str!("templates/recon.md")),
    ("0x19", include_str!("templates/0x19.md")),
    ("atlassian", include_str!("templates/atlassian.md")),
    ("howie", include_str!("templates/howie.md")),
    ("pagerduty", include_str!("templates/pagerduty.md")),
    ("short", include_str!("templates/short.md")),
    ("sre", include_str!("templates/sre.md")),
];

/// A template whose slots are known to exist.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// What drafts made with it say that they were made with.
    pub name: String,
    pub(super) rows: Vec<Row>,
}

/// One line of a template.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Row {
    /// `## Timeline`
    Heading { level: usize, words: Vec<Word> },
    /// `- {{timeline}}`: what the slot gives, each as an item of such a list, or all as paragraphs.
    Lines { form: Form, slot: &'static Slot },
    /// Fixed words, with figures among them.
    Words(Vec<Word>),
    /// An empty line.
    Blank,
}

/// A stretch of a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Word {
    /// The template's own Markdown.
    Fixed(String),
    /// A slot that gives a figure.
    Figure(&'static Slot),
}

/// How the statements of a slot are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Statements flow as one paragraph.
    Paragraph,
    /// A list with points, indented so far.
    Bullets(usize),
    /// A numbered list, indented so far.
    Numbers(usize),
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its line, from 1.
    pub line: usize,
    /// What is wrong with it, and the way out.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl Default for Template {
    fn default() -> Self {
        Self::named("recon").unwrap_or_else(|| Self {
            name: "recon".to_owned(),
            rows: Vec::new(),
        })
    }
}

impl Template {
    /// A template that comes with recon.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let (name, text) = TEMPLATES.iter().find(|(n, _)| *n == name)?;
        Self::read(name, text).ok()
    }

    /// The name most like this one, of those that come with recon.
    #[must_use]
    pub fn like(name: &str) -> Option<&'static str> {
        nearest(name, TEMPLATES.iter().map(|(n, _)| *n))
    }

    /// Reads a template, and holds every slot in it against those that there are.
    pub fn read(name: &str, text: &str) -> Result<Self, Fault> {
        let lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines();
        let rows = (1..)
            .zip(lines)
            .map(|(line, text)| row(text.trim_end()).map_err(|what| Fault { line, what }));
        let rows: Vec<Row> = rows.collect::<Result<_, _>>()?;
        let says = rows.iter().any(|r| match r {
            Row::Lines { .. } => true,
            Row::Heading { words, .. } | Row::Words(words) => {
                words.iter().any(|w| matches!(w, Word::Figure(_)))
            }
            Row::Blank => false,
        });
        if says {
            let name = name.to_owned();
            return Ok(Self { name, rows });
        }
        Err(Fault {
            line: 1,
            what: "there is no slot in it, such as {{summary}} or {{timeline}}, so a draft would \
                   say nothing of the incident"
                .to_owned(),
        })
    }
}

fn row(line: &str) -> Result<Row, String> {
    if line.trim().is_empty() {
        return Ok(Row::Blank);
    }
    let level = line.bytes().take_while(|b| *b == b'#').count();
    if let Some(title) = line.get(level..).and_then(|l| l.strip_prefix(' '))
        && (1..=6).contains(&level)
    {
        let words = words(title.trim())?;
        return Ok(Row::Heading { level, words });
    }
    let (form, rest) = form(line);
    let all = words(rest)?;
    if let [Word::Figure(slot)] = all.as_slice()
        && !matches!(slot.fill, Fill::Figure(_))
    {
        return Ok(Row::Lines { form, slot });
    }
    for word in &all {
        if let Word::Figure(slot) = word
            && !matches!(slot.fill, Fill::Figure(_))
        {
            return Err(format!(
                "the slot `{0}` gives whole lines, so it stands alone: write it on a line of its \
                 own, as {{{{{0}}}}} or - {{{{{0}}}}}",
                slot.name
            ));
        }
    }
    Ok(Row::Words(words(line)?))
}

/// The form of a list that a line begins, and what stands behind its mark.
fn form(line: &str) -> (Form, &str) {
    let inner = line.trim_start();
    let indent = line.len() - inner.len();
    if let Some(rest) = inner
        .strip_prefix("- ")
        .or_else(|| inner.strip_prefix("* "))
    {
        return (Form::Bullets(indent), rest.trim());
    }
    if let Some(rest) = inner.strip_prefix("1. ") {
        return (Form::Numbers(indent), rest.trim());
    }
    (Form::Paragraph, inner)
}

/// A line cut at its slots. `\{{` is a pair of braces.
fn words(line: &str) -> Result<Vec<Word>, String> {
    let mut all = Vec::new();
    let mut fixed = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("{{") {
        if let Some(before) = before.strip_suffix('\\') {
            fixed.push_str(before);
            fixed.push_str("{{");
            rest = after;
            continue;
        }
        fixed.push_str(before);
        let (name, behind) = after.split_once("}}").ok_or(
            "`{{` opens a slot that no `}}` closes; write `\\{{` for the braces themselves",
        )?;
        if !fixed.is_empty() {
            all.push(Word::Fixed(std::mem::take(&mut fixed)));
        }
        all.push(Word::Figure(slot(name.trim())?));
        rest = behind;
    }
    fixed.push_str(rest);
    if !fixed.is_empty() {
        all.push(Word::Fixed(fixed));
    }
    Ok(all)
}

fn slot(name: &str) -> Result<&'static Slot, String> {
    if let Some(slot) = SLOTS.iter().find(|s| s.name == name) {
        return Ok(slot);
    }
    let names = || SLOTS.iter().map(|s| s.name);
    Err(match nearest(name, names()) {
        Some(near) => format!("no slot `{name}`; did you mean `{near}`?"),
        None => format!(
            "no slot `{name}`; there are: {}",
            names().collect::<Vec<_>>().join(", ")
        ),
    })
}

/// The name that fewest letters tell from this one; none if all are far from it.
fn nearest<'n>(name: &str, among: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let name = name.to_lowercase();
    let far = among.map(|n| (distance(&name, n), n)).min()?;
    (far.0 <= 1 + name.chars().count() / 4).then_some(far.1)
}

/// Letters to insert, delete or replace to make one word of the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut costs: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (y, cost) in b.iter().zip(costs.iter_mut().skip(1)) {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = *cost;
            left = replaced.min(left + 1).min(*cost + 1);
            *cost = left;
        }
        if let Some(first) = costs.first_mut() {
            *first = i + 1;
        }
    }
    costs.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_that_comes_with_recon_reads() {
        for (name, text) in TEMPLATES {
            if let Err(fault) = Template::read(name, text) {
                panic!("{name}: {fault}");
            }
        }
    }

    #[test]
    fn a_slot_that_is_none_is_told_with_the_nearest() {
        let fault = Template::read("t", "# A\n\n- {{ escalaton }}\n").expect_err("no such slot");
        let said = "line 3: no slot `escalaton`; did you mean `escalation`?";
        assert_eq!(fault.to_string(), said);
        let fault = Template::read("t", "{{zzzzzzzzzz}}").expect_err("no such slot");
        assert!(fault.what.contains("there are: "), "{fault}");
        assert!(fault.what.contains("timeline"), "{fault}");
    }

    #[test]
    fn lines_stand_alone_and_slots_are_closed() {
        let fault = Template::read("t", "We saw {{timeline}} then").expect_err("inline lines");
        assert!(fault.what.contains("on a line of its own"), "{fault}");
        let fault = Template::read("t", "{{duration").expect_err("open");
        assert!(fault.what.contains("no `}}` closes"), "{fault}");
        let fault = Template::read("t", "# Only words").expect_err("no slot");
        assert!(fault.what.contains("no slot in it"), "{fault}");
    }

    #[test]
    fn rows_are_what_they_look_like() {
        let text = "# {{title}}\n\nIt took {{duration}}, not \\{{x}}.\n  * {{timeline}}\n1. {{tasks}}\n{{summary}}";
        let template = Template::read("t", text).expect("a template");
        let forms: Vec<_> = template
            .rows
            .iter()
            .filter_map(|r| match r {
                Row::Lines { form, slot } => Some((*form, slot.name)),
                _ => None,
            })
            .collect();
        let expected = [
            (Form::Bullets(2), "timeline"),
            (Form::Numbers(0), "tasks"),
            (Form::Paragraph, "summary"),
        ];
        assert_eq!(forms, expected);
        let Row::Words(words) = &template.rows[2] else {
            panic!("{:?}", template.rows[2]);
        };
        assert_eq!(words[2], Word::Fixed(", not {{x}}.".to_owned()));
    }

    #[test]
    fn distances() {
        for (a, b, d) in [("", "abc", 3), ("kitten", "sitting", 3), ("a", "a", 0)] {
            assert_eq!(distance(a, b), d, "{a} {b}");
        }
    }
}
