//! What a former run recorded: which inputs need no second look, and which outputs stand.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use obscura_core::Reason;
use sha2::{Digest, Sha256};

use super::{FILE_NAME, Fingerprint, Line, Status, hex};
use crate::exit::shown;
use crate::output::OutputError;
use crate::output::layout::sop_of;
use crate::output::state::Trust;
use crate::sources::Loaded;

/// What the former runs left.
#[derive(Debug, Default)]
pub(crate) struct Former {
    /// By input: what became of it.
    pub(crate) inputs: HashMap<Fingerprint, Entry>,
    /// Outputs that stand.
    pub(crate) outputs: Vec<Standing>,
    /// Length of the manifest up to the end of its last whole line.
    pub(crate) length: u64,
}

/// What became of one input.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    /// Where its line begins in the manifest.
    pub(crate) offset: u64,
    /// Size and time of the input then.
    pub(crate) loaded: Loaded,
    /// Its content then.
    pub(crate) sha_in: Option<Fingerprint>,
    /// What became of it.
    pub(crate) status: Status,
    /// Why.
    pub(crate) reason: Option<Reason>,
    /// Whether that still counts.
    pub(crate) standing: Validity,
}

/// Whether what a former run said of an input still counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Validity {
    /// It does, as long as the input is the same.
    Good,
    /// The input is tried again: its output is gone, or the reason may have passed.
    Again,
}

/// An output that stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    /// Its SOP Instance UID.
    pub(crate) sop: Fingerprint,
    /// The content it was made from.
    pub(crate) sha_in: Fingerprint,
    /// Its content.
    pub(crate) sha_out: Fingerprint,
    /// Where its line begins in the manifest.
    pub(crate) offset: u64,
}

/// Reads the manifest of an output directory; a torn last line is left out.
pub(crate) fn load(out: &Path, trust: Trust) -> Result<Former, OutputError> {
    let path = out.join(FILE_NAME);
    let failed = |source| OutputError::Write {
        path: shown(&path),
        source,
    };
    let mut file = match File::open(&path) {
        Ok(file) => BufReader::with_capacity(256 << 10, file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Former::default()),
        Err(error) => return Err(failed(error)),
    };
    let mut former = Former::default();
    let mut text = Vec::new();
    let mut number = 0;
    while file.read_until(b'\n', &mut text).map_err(failed)? > 0 && text.last() == Some(&b'\n') {
        number += 1;
        let line: Line = serde_json::from_slice(&text).map_err(|_| OutputError::Damaged {
            path: shown(&path),
            line: number,
        })?;
        former.take(&line, out, trust);
        former.length += text.len() as u64;
        text.clear();
    }
    Ok(former)
}

impl Former {
    /// Has inputs tried again that were quarantined for the text in their pictures, where a person
    /// has decided about their content since.
    pub(crate) fn reconsider(&mut self, decided: &HashSet<Fingerprint>) {
        for entry in self.inputs.values_mut() {
            let waits = entry.reason == Some(Reason::BurnedInText);
            if waits && entry.sha_in.is_some_and(|sha| decided.contains(&sha)) {
                entry.standing = Validity::Again;
            }
        }
    }

    fn take(&mut self, line: &Line, out: &Path, trust: Trust) {
        let sha_in = line.sha256_in.as_deref().and_then(Fingerprint::of_hex);
        let standing = match (line.status, line.reason) {
            (Status::Released, _) if stands(line, out, trust) => Validity::Good,
            (Status::Released, _)
            | (_, Some(Reason::ReadFailed | Reason::WriteFailed | Reason::Internal)) => {
                Validity::Again
            }
            _ => Validity::Good,
        };
        if line.duplicate_of.is_none() && standing == Validity::Good {
            self.outputs.extend(self.standing(line, sha_in));
        }
        let entry = Entry {
            offset: self.length,
            loaded: Loaded {
                size: line.size_in,
                modified: line.mtime_in,
            },
            sha_in,
            status: line.status,
            reason: line.reason,
            standing,
        };
        self.inputs
            .insert(Fingerprint::of_input(&line.source, &line.input), entry);
    }

    fn standing(&self, line: &Line, sha_in: Option<Fingerprint>) -> Option<Standing> {
        let sha_out = line.sha256_out.as_deref().and_then(Fingerprint::of_hex);
        Some(Standing {
            sop: Fingerprint::of_text(sop_of(line.output.as_deref()?)?),
            sha_in: sha_in?,
            sha_out: sha_out?,
            offset: self.length,
        })
    }
}

/// Every file of a released line is there and is what it was.
fn stands(line: &Line, out: &Path, trust: Trust) -> bool {
    let Some(output) = &line.output else {
        return false;
    };
    let path = out.join(output);
    let size = fs::metadata(&path).ok().map(|m| m.len());
    let whole = match trust {
        Trust::Sizes => true,
        Trust::Contents => digest(&path).is_ok_and(|sha| Some(sha) == line.sha256_out),
    };
    // After a crash of the machine a picture can be empty; its content was not recorded.
    let picture = |name: &String| match trust {
        Trust::Sizes => fs::metadata(out.join(name)).is_ok_and(|m| m.len() > 0),
        Trust::Contents => false,
    };
    size.is_some()
        && size == line.size_out
        && whole
        && line.jpeg.iter().chain(&line.danger_original).all(picture)
}

fn digest(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut File::open(path)?, &mut hash)?;
    Ok(hex(&hash.finalize()))
}
