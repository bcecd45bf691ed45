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
    /// The files that it was read from, as they were named.
    files: Vec<Settings>,
    /// Formats.
    pub formats: Vec<Declared>,
}

/// A file of settings.
#[derive(Clone, Debug)]
struct Settings {
    path: PathBuf,
    text: String,
    /// How many formats it declares.
    formats: usize,
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
            config.file(path, text)?;
        }
        Ok(config)
    }

    /// The settings in files that were read before: their names and what stands in them.
    pub fn of(files: &[(String, String)]) -> Result<Self> {
        let mut config = Self::default();
        for (path, text) in files {
            config.file(Path::new(path), text.clone())?;
        }
        Ok(config)
    }

    /// The files that were read: their names and what stands in them.
    #[must_use]
    pub fn texts(&self) -> Vec<(String, String)> {
        let files = self.files.iter();
        files
            .map(|f| (f.path.to_string_lossy().into_owned(), f.text.clone()))
            .collect()
    }

    fn file(&mut self, path: &Path, text: String) -> Result<()> {
        let before = self.formats.len();
        self.add(&path.to_string_lossy(), &text)?;
        self.files.push(Settings {
            path: path.to_owned(),
            text,
            formats: self.formats.len() - before,
        });
        Ok(())
    }

    /// The files that were read, and how many formats each declares.
    pub fn read(&self) -> impl Iterator<Item = (std::borrow::Cow<'_, str>, usize)> {
        let files = self.files.iter();
        files.map(|f| (f.path.to_string_lossy(), f.formats))
    }

    /// Whether the file at a path is one of those settings: it is no evidence then.
    #[must_use]
    pub fn is_file(&self, path: &str) -> bool {
        let same = |a: &Path, b: &Path| matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b);
        self.files.iter().any(|f| same(&f.path, Path::new(path)))
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
