//! The output directory: where files go, how they get there, and what is written about them.

pub(crate) mod atomic;
pub(crate) mod layout;
pub(crate) mod manifest;
pub(crate) mod map;
pub(crate) mod state;
pub(crate) mod sync;

use std::io;

use miette::Diagnostic;
use thiserror::Error;

/// Why the output directory cannot be used or written.
#[derive(Debug, Error, Diagnostic)]
pub(crate) enum OutputError {
    /// A write failed.
    #[error("{path} cannot be written")]
    #[diagnostic(help(
        "what was released before is whole and recorded; make room or give access, then run the \
         same command again: it goes on from there"
    ))]
    Write {
        path: String,
        #[source]
        source: io::Error,
    },
    /// Something on the way of the output is there already and is not a run's.
    #[error("{path} holds files that Obscura did not write")]
    #[diagnostic(help("name a new or empty directory with --out"))]
    Foreign { path: String },
    /// A run with other settings wrote there.
    #[error("{path} holds the output of a run with {what}")]
    #[diagnostic(help(
        "one output directory is made by one version, one policy and one key, so that its report \
         is true of every file: name another directory with --out, or repeat those settings"
    ))]
    Mixed { path: String, what: String },
    /// Another run is writing there.
    #[error("another run is writing to {path}")]
    Locked { path: String },
    /// The system gives no threads.
    #[error("no worker thread could be started")]
    Threads {
        #[source]
        source: io::Error,
    },
    /// The record of a former run cannot be understood.
    #[error("{path} is damaged at line {line}")]
    #[diagnostic(help("name another directory with --out"))]
    Damaged { path: String, line: u64 },
}
