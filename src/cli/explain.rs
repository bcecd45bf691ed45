//! What `recon explain` takes.

use super::{AccountForm, Inputs};
use clap::Args;
use std::path::PathBuf;

/// `recon explain`
#[derive(Debug, Args)]
pub struct ExplainJob {
    /// What to read and how.
    #[command(flatten)]
    pub inputs: Inputs,
    /// Instead: why each milestone of the incidents, or of the one with this ID, stands where it does
    #[arg(long, value_name = "ID", num_args = 0..=1)]
    pub incident: Option<Option<String>>,
    /// Form of the account
    #[arg(long, value_enum, value_name = "FORM", default_value = "text")]
    pub format: AccountForm,
}

impl ExplainJob {
    /// The incident to explain, after giving back to the inputs what `--incident` took but is a path.
    pub fn take_incident(&mut self) -> Option<Option<String>> {
        let id = self.incident.take()?;
        let is_path = |id: &String| id == "-" || PathBuf::from(id).exists();
        match id {
            Some(path) if is_path(&path) => {
                self.inputs.paths.insert(0, path.into());
                Some(None)
            }
            id => Some(id),
        }
    }
}
