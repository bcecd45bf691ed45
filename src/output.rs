//! Where results go: standard output, or a file that appears whole or not at all.

use anyhow::{Context, Result};
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A place to write a result to. Nothing is in a file's place until [`Output::commit`].
pub struct Output {
    to: To,
}

enum To {
    Stdout(BufWriter<StdoutLock<'static>>),
    /// A device or a pipe: written to as it is. Renaming a file over it would put an end to it.
    Device(BufWriter<File>),
    File {
        temporary: BufWriter<NamedTempFile>,
        path: PathBuf,
    },
}

impl Output {
    /// Standard output, or a file at `path`. What stands there is replaced when all is written: a
    /// link leads to the file that is replaced, and its permissions stay.
    pub fn new(path: Option<&Path>) -> Result<Self> {
        let to = match path {
            None => To::Stdout(BufWriter::with_capacity(1 << 16, io::stdout().lock())),
            Some(path) if is_device(path) => {
                let device = OpenOptions::new().write(true).open(path);
                let device = device.with_context(|| format!("cannot write {}", path.display()))?;
                To::Device(BufWriter::with_capacity(1 << 16, device))
            }
            Some(path) => {
                let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
                To::File {
                    temporary: BufWriter::with_capacity(1 << 16, beside(&path)?),
                    path,
                }
            }
        };
        Ok(Self { to })
    }

    /// Makes the result visible.
    pub fn commit(self) -> Result<()> {
        match self.to {
            To::Stdout(mut out) => Ok(out.flush()?),
            To::Device(mut out) => Ok(out.flush()?),
            To::File { temporary, path } => {
                let temporary = temporary
                    .into_inner()
                    .map_err(io::IntoInnerError::into_error)?;
                if let Ok(replaced) = path.metadata() {
                    temporary
                        .as_file()
                        .set_permissions(replaced.permissions())?;
                }
                temporary
                    .persist(&path)
                    .with_context(|| format!("cannot write {}", path.display()))?;
                Ok(())
            }
        }
    }
}

/// Whether something stands at a path that is no file: a device, a pipe, a socket.
pub fn is_device(path: &Path) -> bool {
    path.metadata().is_ok_and(|m| !m.is_file() && !m.is_dir())
}

/// A file in the folder of `path`, to be given its name.
fn beside(path: &Path) -> Result<NamedTempFile> {
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // Temporary files are their owner's alone; a report is as readable as other files here.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
        .tempfile_in(folder)
        .with_context(|| format!("cannot write in {}", folder.display()))
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.to {
            To::Stdout(out) => out.write(bytes),
            To::Device(out) => out.write(bytes),
            To::File { temporary, .. } => temporary.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.to {
            To::Stdout(out) => out.flush(),
            To::Device(out) => out.flush(),
            To::File { temporary, .. } => temporary.flush(),
        }
    }
}
