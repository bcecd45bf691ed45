//! Templates that users name, and drafts that are in their place already.

use crate::output::{Output, is_device};
use crate::report::Template;
use crate::report::merge::{self, Block, Refusal};
use crate::report::template::TEMPLATES;
use anyhow::{Context, Result, bail};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes a report, whole or not at all.
pub fn write(path: Option<&Path>, text: &str) -> Result<()> {
    let mut output = Output::new(path)?;
    output.write_all(text.as_bytes())?;
    output.commit()
}

/// A template by its name, else by its path.
pub fn template(name: &str) -> Result<Template> {
    if let Some(template) = Template::named(name) {
        return Ok(template);
    }
    let path = Path::new(name);
    if !path.is_file() {
        let names: Vec<&str> = TEMPLATES.iter().map(|t| t.0).collect();
        let near =
            Template::like(name).map_or_else(String::new, |n| format!("; did you mean `{n}`?"));
        bail!(
            "--template {name}: neither a template of recon's ({}) nor a file{near}",
            names.join(", ")
        );
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("--template {name}"))?;
    let known_as = path
        .file_name()
        .map_or(name.into(), |n| n.to_string_lossy());
    Template::read(&known_as, &text).map_err(|fault| anyhow::anyhow!("--template {name}, {fault}"))
}

/// What to write for a draft, and where: over a draft that is there already, with what people wrote
/// in it; beside a file in which that cannot be told apart, and then why.
pub fn brought_up_to_date(
    path: &Path,
    blocks: &[Block],
    template: &str,
) -> Result<(PathBuf, String, Option<String>)> {
    let fresh = || merge::sealed(blocks, template);
    if is_device(path) {
        return Ok((path.to_owned(), fresh(), None));
    }
    let there = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(e) => return Err(e).with_context(|| format!("cannot read {}", path.display())),
    };
    if there.trim_ascii().is_empty() {
        return Ok((path.to_owned(), fresh(), None));
    }
    let merged = std::str::from_utf8(&there)
        .map_err(|_| Refusal::Foreign)
        .and_then(|file| merge::merged(file, blocks, template));
    let why = match merged {
        Ok(text) => return Ok((path.to_owned(), text, None)),
        Err(Refusal::Foreign) => {
            "it is no draft of recon's, or the comment at its end is gone".to_owned()
        }
        Err(Refusal::Template(other)) => format!("it was made with --template {other}"),
        Err(Refusal::Unlike) => {
            "too little of it is as recon wrote it to find a place for the rest".to_owned()
        }
    };
    let beside = path.with_extension("new.md");
    let trouble = format!(
        "{} is left as it is: {why}. The new draft is in {}; bring the two together by hand, or \
         move the old one away and run again",
        path.display(),
        beside.display()
    );
    Ok((beside, fresh(), Some(trouble)))
}
