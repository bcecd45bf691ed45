//! What a user sets in files: `recon.toml`, and files of formats.
//!
//! A section is one module here and one line in [`SECTIONS`].

mod format;
mod read;

pub use read::Error;

use crate::ingest::Declared;
use anyhow::{Context, Result};
use read::{File, Table};
use std::path::{Path, PathBuf};

/// The file that is read without being named, in the folder that recon is called from.
const USUAL: &str = "recon.toml";

/// What is set.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The files that it was read from, as they were named, and how many formats each declares.
    files: Vec<(PathBuf, usize)>,
    /// Formats.
    pub formats: Vec<Declared>,
}

/// Reads one section into the settings.
type Section = fn(&mut Config, &File<'_>, &Table<'_>) -> Result<(), Error>;

const SECTIONS: &[(&str, Section)] = &[("format", formats)];

impl Config {
    /// The settings of the file that was named, else of the usual one if it is there, and of
    /// further files of formats.
    pub fn gather(named: Option<&Path>, format_files: &[PathBuf]) -> Result<Self> {
        let usual = Path::new(USUAL);
        let main = named.or_else(|| usual.is_file().then_some(usual));
        let mut config = Self::default();
        for path in main
            .into_iter()
            .chain(format_files.iter().map(PathBuf::as_path))
        {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("cannot read the settings in {}", path.display()))?;
            config.add(&path.to_string_lossy(), &text)?;
            let before: usize = config.files.iter().map(|(_, n)| n).sum();
            let declared = config.formats.len() - before;
            config.files.push((path.to_owned(), declared));
        }
        Ok(config)
    }

    /// The files that were read, and how many formats each declares.
    pub fn read(&self) -> impl Iterator<Item = (std::borrow::Cow<'_, str>, usize)> {
        let files = self.files.iter();
        files.map(|(path, formats)| (path.to_string_lossy(), *formats))
    }

    /// Whether the file at a path is one of those settings: it is no evidence then.
    #[must_use]
    pub fn is_file(&self, path: &str) -> bool {
        let same = |a: &Path, b: &Path| matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b);
        self.files
            .iter()
            .any(|(file, _)| same(file, Path::new(path)))
    }

    /// Adds what a file sets.
    fn add(&mut self, path: &str, text: &str) -> Result<(), Error> {
        let file = File { path, text };
        let table = file.parse()?;
        let names: Vec<&str> = SECTIONS.iter().map(|(name, _)| *name).collect();
        table.only("section", &names)?;
        for (_, section) in SECTIONS {
            section(self, &file, &table)?;
        }
        Ok(())
    }
}

fn formats(config: &mut Config, file: &File<'_>, whole: &Table<'_>) -> Result<(), Error> {
    let Some(setting) = whole.get("format") else {
        return Ok(());
    };
    let list = setting.list().map_err(|_| {
        setting.error("a format is declared by [[format]], in two pairs of brackets")
    })?;
    for setting in list {
        let table = setting.table()?;
        let declared = format::read(file.path, &table)?;
        let taken = |d: &&Declared| d.format == declared.format;
        if let Some(other) = config.formats.iter().find(taken) {
            let name = other.format.format().name;
            return Err(setting.error(format!("a format `{name}` is declared already")));
        }
        config.formats.push(declared);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
