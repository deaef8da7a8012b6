//! [`ReviewError`]: why a review list cannot be used. Nothing that a list says is in it.

use miette::Diagnostic;
use thiserror::Error;

use super::VERSION;

/// Why a review list cannot be used.
#[derive(Debug, Error, Diagnostic)]
pub(crate) enum ReviewError {
    /// It cannot be read.
    #[error("the review list {path} cannot be read")]
    Read {
        path: String,
        #[source]
        source: std::io::Error,
    },
    /// It is not JSON of this form.
    #[error("{path} is not a review list: {what}, at line {line}")]
    #[diagnostic(help("docs/review.md describes the format; write one with --review"))]
    Malformed {
        path: String,
        what: &'static str,
        line: usize,
    },
    /// It was written by another version.
    #[error("the review list {path} has version {version}, and this program knows {VERSION}")]
    #[diagnostic(help("write the list anew with --review"))]
    Version { path: String, version: u64 },
    /// A box says nothing that can be done.
    #[error("box {number} of object {object} in {path} {what}")]
    #[diagnostic(help("docs/review.md describes the format"))]
    Box {
        path: String,
        object: usize,
        number: usize,
        what: &'static str,
    },
    /// An object is not named by a SHA-256.
    #[error("object {object} in {path} has no SHA-256 of 64 hexadecimal digits")]
    #[diagnostic(help("docs/review.md describes the format"))]
    Digest { path: String, object: usize },
    /// It has nothing about the file.
    #[error("the review list {path} was not made from this file: the SHA-256 is another one")]
    #[diagnostic(help("write a list for this file with `obscura redact FILE --review LIST.json`"))]
    AnotherFile { path: String },
    /// The manifest, which says what remained, cannot be read.
    #[error("what remained cannot be read from the manifest of {path}")]
    Manifest {
        path: String,
        #[source]
        source: std::io::Error,
    },
    /// There is a file already.
    #[error("{path} exists already and may hold decisions: it is not written over")]
    #[diagnostic(help("name another file"))]
    Exists { path: String },
    /// It cannot be written.
    #[error("{path} cannot be written")]
    Write {
        path: String,
        #[source]
        source: std::io::Error,
    },
}
