//! A declared format held against the samples that its user gives: what a line is said to
//! mean must be what is read from it.

use super::{Custom, TimeForm, whole_line};
use crate::record::{Record, Value};
use crate::token::text::{first_line, text};
use regex::bytes::Regex;
use regex_syntax::ast::{Ast, parse::Parser};

/// A line, or an entry of several, and what it means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// The entry.
    pub entry: String,
    /// What it means: `time`, `level`, `service`, `host`, `message`, `actor`, `kind` or the name
    /// of a field, and its value as text.
    pub means: Vec<(String, String)>,
}

/// Where a sample and its format disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The key of the sample that is wrong; `line` if it is not read at all.
    pub key: String,
    /// What is wrong.
    pub message: String,
}

impl Custom {
    /// Reads a sample and holds it against what it is said to mean.
    pub fn check(&self, sample: &Sample) -> Result<(), Mismatch> {
        let mut records = Vec::new();
        let read = self.read(sample.entry.as_bytes(), &mut records);
        let Some(record) = read.and(records.first()).filter(|r| !r.continues) else {
            return Err(Mismatch {
                key: "line".to_owned(),
                message: self.why_not(sample),
            });
        };
        for (key, wanted) in &sample.means {
            let got = said(record, key);
            let time = TimeForm::Auto.read(wanted).map(|t| t.when);
            let same_time = key == "time" && time.is_some() && time == record.at.map(|t| t.when);
            if got.as_deref() != Some(wanted.as_str()) && !same_time {
                let got = got.map_or_else(|| "nothing".to_owned(), |got| format!("`{got}`"));
                return Err(Mismatch {
                    key: key.clone(),
                    message: format!("the sample says `{wanted}`, and {got} is read from its line"),
                });
            }
        }
        Ok(())
    }

    /// Why a sample is not read.
    fn why_not(&self, sample: &Sample) -> String {
        let (line, _) = first_line(sample.entry.as_bytes());
        if self.continues.as_ref().is_some_and(|c| c.is_match(line)) {
            return "`continues` takes it for a line that goes on with the entry before".to_owned();
        }
        if let Some(groups) = self.line.captures(line) {
            let time = groups.name("time").map(|m| text(m.as_bytes()));
            return format!(
                "the pattern takes it, but `{}` is no time of the declared form",
                time.unwrap_or_default()
            );
        }
        let line = text(line);
        match reach(&self.declaration.pattern, &line) {
            Some(at) => format!(
                "the pattern does not take it:\n  {line}\n  {}^ it takes what is before this",
                " ".repeat(line.get(..at).map_or(0, |taken| taken.chars().count()))
            ),
            None => format!("the pattern does not take `{line}`"),
        }
    }
}

/// What a record says under the name of a group.
fn said(record: &Record<'_>, key: &str) -> Option<String> {
    Some(match key {
        "time" => record.at?.notation(),
        "level" => record.level?.name().to_owned(),
        "service" => record.service.as_deref()?.to_owned(),
        "host" => record.host.as_deref()?.to_owned(),
        "message" => record.message.as_ref().to_owned(),
        "actor" => record.actor.as_ref()?.name.as_ref().to_owned(),
        "kind" => record.kind.name().to_owned(),
        name => match record.fields.get(name)? {
            Value::Text(text) => text.as_ref().to_owned(),
            Value::Int(number) => number.to_string(),
            Value::Float(number) => number.to_string(),
            Value::Time(reading) => reading.notation(),
        },
    })
}

/// How far into a line the longest beginning of a pattern reaches that fits there.
fn reach(pattern: &str, line: &str) -> Option<usize> {
    let ast = Parser::new().parse(&whole_line(pattern)).ok()?;
    let parts = parts(&ast)?;
    let whole = whole_line(pattern);
    parts.iter().rev().find_map(|end| {
        let beginning = format!("{})", whole.get(..*end)?);
        let found = Regex::new(&beginning).ok()?.find(line.as_bytes())?;
        Some(found.end())
    })
}

/// Where the parts end that a pattern wrapped by [`whole_line`] is a sequence of.
fn parts(ast: &Ast) -> Option<Vec<usize>> {
    let Ast::Concat(outer) = ast else { return None };
    let Some(Ast::Group(group)) = outer.asts.get(1) else {
        return None;
    };
    let Ast::Concat(inner) = group.ast.as_ref() else {
        return None;
    };
    Some(
        inner
            .asts
            .iter()
            .map(|part| part.span().end.offset)
            .collect(),
    )
}
