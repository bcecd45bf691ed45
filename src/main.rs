//! The `recon` command.

use clap::Parser;
use recon::cli::Cli;
use std::io::ErrorKind;
use std::process::ExitCode;

#[allow(clippy::print_stderr)]
fn main() -> ExitCode {
    match recon::run::run(Cli::parse()) {
        Ok(outcome) => outcome.into(),
        // `recon … | head` ends as soon as the reader has enough: no error.
        Err(e) if e.chain().any(is_broken_pipe) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("recon: {e:#}");
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(e: &(dyn std::error::Error + 'static)) -> bool {
    e.downcast_ref::<std::io::Error>()
        .is_some_and(|e| e.kind() == ErrorKind::BrokenPipe)
}
