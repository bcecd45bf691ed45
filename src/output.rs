//! Where results go: standard output, or a file that appears whole or not at all.

use anyhow::{Context, Result};
use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A place to write a result to. Nothing is in a file's place until [`Output::commit`].
pub struct Output {
    to: To,
}

enum To {
    Stdout(BufWriter<StdoutLock<'static>>),
    File {
        temporary: BufWriter<NamedTempFile>,
        path: PathBuf,
    },
}

impl Output {
    /// Standard output, or a file at `path`.
    pub fn new(path: Option<&Path>) -> Result<Self> {
        let to = match path {
            None => To::Stdout(BufWriter::with_capacity(1 << 16, io::stdout().lock())),
            Some(path) => {
                let folder = path
                    .parent()
                    .filter(|p| !p.as_os_str().is_empty())
                    .unwrap_or(Path::new("."));
                let temporary = NamedTempFile::new_in(folder)
                    .with_context(|| format!("cannot write in {}", folder.display()))?;
                To::File {
                    temporary: BufWriter::with_capacity(1 << 16, temporary),
                    path: path.to_owned(),
                }
            }
        };
        Ok(Self { to })
    }

    /// Makes the result visible.
    pub fn commit(self) -> Result<()> {
        match self.to {
            To::Stdout(mut out) => Ok(out.flush()?),
            To::File { temporary, path } => {
                let temporary = temporary
                    .into_inner()
                    .map_err(io::IntoInnerError::into_error)?;
                share(temporary.as_file())?;
                temporary
                    .persist(&path)
                    .with_context(|| format!("cannot write {}", path.display()))?;
                Ok(())
            }
        }
    }
}

/// Temporary files are their owner's alone; a report is as readable as other files.
#[cfg(unix)]
fn share(file: &std::fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn share(_: &std::fs::File) -> io::Result<()> {
    Ok(())
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.to {
            To::Stdout(out) => out.write(bytes),
            To::File { temporary, .. } => temporary.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.to {
            To::Stdout(out) => out.flush(),
            To::File { temporary, .. } => temporary.flush(),
        }
    }
}
