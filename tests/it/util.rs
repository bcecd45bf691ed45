//! Running `recon` and naming the samples.

use assert_cmd::Command;
use serde_json::Value as Json;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The root of the repository; `recon` is run from here, so that paths in reports are short.
pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// How a run ended and what it said.
#[derive(Debug)]
pub(super) struct Ran {
    /// Exit status.
    pub(super) code: i32,
    /// Standard output.
    pub(super) stdout: String,
    /// Standard error.
    pub(super) stderr: String,
}

impl Ran {
    /// Standard output as JSON.
    pub(super) fn json(&self) -> Json {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|e| panic!("no JSON: {e}\n{}\n{}", self.stdout, self.stderr))
    }

    /// Standard output as JSON lines.
    pub(super) fn json_lines(&self) -> Vec<Json> {
        let parse = |l| serde_json::from_str(l).unwrap_or_else(|e| panic!("no JSON: {e}\n{l}"));
        self.stdout.lines().map(parse).collect()
    }
}

/// The command, with nothing of the caller's environment that could change what it prints.
pub(super) fn recon() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_recon"));
    command
        .current_dir(root())
        .env_remove("TZ")
        .env("LC_ALL", "C");
    command
}

/// Runs `recon` with these arguments.
pub(super) fn run<A: AsRef<str>>(arguments: &[A]) -> Ran {
    let mut command = recon();
    command.args(arguments.iter().map(AsRef::as_ref));
    ran(&mut command)
}

/// Runs `recon` with these arguments in this folder.
pub(super) fn run_in(folder: &Path, arguments: &[&str]) -> Ran {
    ran(recon().current_dir(folder).args(arguments))
}

/// Runs a command to its end.
pub(super) fn ran(command: &mut Command) -> Ran {
    let output = command.output().expect("recon starts");
    Ran {
        code: output.status.code().expect("recon ends by itself"),
        stdout: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A sample incident: a folder of inputs, and beside it what is true about them.
#[derive(Debug)]
pub(super) struct Sample {
    /// Its name.
    pub(super) name: String,
    /// Its folder, from the root.
    pub(super) folder: String,
    /// What is true.
    pub(super) expected: Json,
}

impl Sample {
    /// Whether there is an incident in it.
    pub(super) fn is_incident(&self) -> bool {
        self.expected["incident"] == true
    }

    /// The reviewed Markdown report.
    pub(super) fn golden(&self) -> PathBuf {
        root().join(format!("{}.expected.md", self.folder))
    }

    /// Its files, from the root.
    pub(super) fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        walk(&root().join(&self.folder), &mut |path| {
            let path = path.strip_prefix(root()).expect("a path under the root");
            files.push(path.to_str().expect("a UTF-8 path").to_owned());
        });
        files
    }
}

/// All sample incidents, by name.
pub(super) fn samples() -> Vec<Sample> {
    let folder = root().join("samples/incidents");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("the sample incidents")
        .filter_map(|e| Some(e.ok()?.file_name().to_str()?.to_owned()))
        .filter_map(|n| Some(n.strip_suffix(".expected.json")?.to_owned()))
        .collect();
    names.sort();
    assert!(!names.is_empty(), "no sample in {}", folder.display());
    let sample = |name: String| {
        let text = fs::read_to_string(folder.join(format!("{name}.expected.json")));
        let text = text.expect("a readable expectation");
        Sample {
            folder: format!("samples/incidents/{name}"),
            expected: serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}")),
            name,
        }
    };
    names.into_iter().map(sample).collect()
}

/// Gives every file under a folder to `each`, in order of path.
pub(super) fn walk(folder: &Path, each: &mut dyn FnMut(&Path)) {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|e| e.expect("a readable folder").path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            walk(&path, each);
        } else {
            each(&path);
        }
    }
}

/// A folder that is gone when dropped.
pub(super) fn scratch() -> TempDir {
    TempDir::new().expect("a temporary folder")
}

/// Writes a file into a folder.
pub(super) fn put(folder: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("a writable temporary folder");
    path.to_str().expect("a UTF-8 path").to_owned()
}
