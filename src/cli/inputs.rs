//! What every verb reads and how, as it is typed.

use super::size;
use crate::clock::Zone;
use crate::ingest::{ServiceRule, ZoneRule};
use crate::redact::Choice as Redaction;
use crate::window::Window;
use clap::{ArgAction, Args};
use std::path::PathBuf;

/// Files in which settings are.
#[derive(Debug, Default, Args)]
pub struct Settings {
    /// Settings, such as formats of your own [default: recon.toml, if it is there]
    #[arg(long, value_name = "PATH")]
    pub config: Option<PathBuf>,
    /// A further file of formats of your own; can be given several times
    #[arg(long = "format-file", value_name = "PATH")]
    pub format_files: Vec<PathBuf>,
}

/// What every verb reads and how.
#[derive(Debug, Args)]
pub struct Inputs {
    /// Files, folders (walked), compressed files, `-` for standard input
    #[arg(value_name = "INPUT")]
    pub paths: Vec<PathBuf>,
    /// What of them is shown and how.
    #[command(flatten)]
    pub view: View,
    /// How they are read.
    #[command(flatten)]
    pub reading: Reading,
    /// What it may take.
    #[command(flatten)]
    pub effort: Effort,
}

/// What of the inputs is shown and how.
#[derive(Debug, Args)]
pub struct View {
    /// Look at a range of time. Alone: find the incidents and crop to them.
    /// `2h`: the last two hours of the data. `2024-01-19T10:00..14:45`, `10:00..12:00`,
    /// `2024-01-19T10:00+3h`, `..12:00`: that range
    #[arg(long, value_name = "W", num_args = 0..=1, default_missing_value = "auto", action = ArgAction::Append)]
    pub window: Vec<String>,
    /// Zone of the times shown to people: an offset or an IANA name
    #[arg(
        long,
        value_name = "ZONE",
        default_value = "UTC",
        allow_hyphen_values = true
    )]
    pub zone: Zone,
    /// Put pseudonyms (`<token-1>`) in the place of secrets and, if named, of `email`, `ip` and
    /// `name`: a list of these, `all` or `none`
    #[arg(
        long,
        value_name = "WHAT",
        num_args = 0..=1,
        require_equals = true,
        default_value = "secrets",
        default_missing_value = "all"
    )]
    pub redact: Redaction,
}

impl Default for View {
    fn default() -> Self {
        Self {
            window: Vec::new(),
            zone: Zone::UTC,
            redact: Redaction::default(),
        }
    }
}

/// How inputs are read.
#[derive(Debug, Default, Args)]
pub struct Reading {
    /// Zone of times that state none: an offset or an IANA name, for all files or for those that a
    /// glob names (`db*.log=Europe/Paris`) [default: what shared ids show, else UTC]
    #[arg(
        long = "input-zone",
        value_name = "[GLOB=]ZONE",
        allow_hyphen_values = true
    )]
    pub input_zones: Vec<ZoneRule>,
    /// Year of the first entry of files whose dates have none
    #[arg(long, value_name = "Y")]
    pub year: Option<i32>,
    /// The service that files speak for, such as `auth=logs/auth*.log`
    #[arg(long = "service", value_name = "NAME=GLOB")]
    pub services: Vec<ServiceRule>,
    /// What is set in files.
    #[command(flatten)]
    pub settings: Settings,
    /// Bytes that compressed inputs and archives may unpack to in all, such as 500M or 64G
    #[arg(long, value_name = "SIZE", default_value = "32G", value_parser = size)]
    pub unpack_limit: u64,
    /// Bytes of a file read at a time, in KiB; changes nothing in the result
    #[arg(long, value_name = "KIB", default_value = "4096", hide = true)]
    pub chunk: u64,
}

/// What a run may take and what it tells on the way.
#[derive(Debug, Default, Args)]
pub struct Effort {
    /// Threads [default: one per core]
    #[arg(short = 'j', long, value_name = "N")]
    pub threads: Option<usize>,
    /// Memory for what is kept of the inputs, such as 64M or 1G; less tells fewer operations and
    /// templates apart and counts longer stretches together [default: 256M, of which events take
    /// 128M for what has to wait; the rest waits in temporary files]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub memory: Option<u64>,
    /// No progress bar (there is none anyway where standard error is no terminal)
    #[arg(long)]
    pub no_progress: bool,
    /// Only errors on standard error
    #[arg(short, long)]
    pub quiet: bool,
    /// More on standard error
    #[arg(short, long)]
    pub verbose: bool,
}

impl Inputs {
    /// The window, after giving back to the inputs what `--window` took but is a path:
    /// `recon --window logs/*.log` must not lose the first file.
    pub fn take_window(&mut self) -> Result<Window, String> {
        let mut window = Window::All;
        for text in std::mem::take(&mut self.view.window) {
            let path = PathBuf::from(&text);
            match text.parse::<Window>() {
                Ok(w) => window = w,
                Err(_) if path.exists() || text == "-" => {
                    self.paths.insert(0, path);
                    window = Window::Auto;
                }
                Err(e) => return Err(format!("--window {text}: {e}")),
            }
        }
        Ok(window)
    }
}
