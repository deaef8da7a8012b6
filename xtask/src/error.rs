//! [`TaskError`]: why a chore did not succeed, in words that say what to do next.

use std::path::PathBuf;

use thiserror::Error;

/// Why a chore did not succeed.
#[derive(Debug, Error)]
pub(crate) enum TaskError {
    /// The command line was not understood; the text says how it goes.
    #[error("{0}")]
    Usage(&'static str),
    /// The workspace's root was not found.
    #[error("run this inside the Obscura workspace, with `cargo xtask`")]
    NoWorkspace,
    /// A program could not be started.
    #[error("`{program}` could not be started{advice}")]
    NotStarted {
        /// The program.
        program: String,
        /// What to install, beginning with punctuation; may be empty.
        advice: &'static str,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A program ended with a failure; it has said why itself.
    #[error("`{program}` failed ({status})")]
    ProgramFailed {
        /// The program with its arguments.
        program: String,
        /// How it ended.
        status: std::process::ExitStatus,
    },
    /// Something needed is not there, and this says how to get it.
    #[error("{0}")]
    Missing(String),
    /// A file or directory could not be used.
    #[error("cannot {action} {path}")]
    Io {
        /// What was to be done with it.
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A program's output or a file of settings does not have the expected form.
    #[error("{what} does not have the expected form: {detail}")]
    Form {
        /// Whose form.
        what: &'static str,
        /// What is wrong with it.
        detail: String,
    },
    /// The engine's tables could not be made, or are out of date.
    #[error(transparent)]
    Tables(#[from] crate::tables::TablesError),
    /// A check found something; one line for each finding.
    #[error("{} finding(s):\n  {}", .0.len(), .0.join("\n  "))]
    Findings(Vec<String>),
}

impl TaskError {
    /// The error and its causes, one line each.
    pub(crate) fn with_causes(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text.push_str("\n  because: ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }

    /// `Ok` for no findings.
    pub(crate) fn unless_empty(findings: Vec<String>) -> Result<(), Self> {
        if findings.is_empty() {
            Ok(())
        } else {
            Err(Self::Findings(findings))
        }
    }
}
