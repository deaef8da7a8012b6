//! `obscura verify`: the residual scan alone, for the output of any tool.

use std::fmt::Write as _;
use std::ops::ControlFlow;

use miette::Diagnostic;
use obscura_core::{Limits, PseudonymKey, Reason};
use obscura_deid::policy::{Policy, Preset};
use obscura_dicom::Source;
use obscura_pipeline::{Deidentifier, HitLine, Options};
use serde::Serialize;
use thiserror::Error;

use super::CommandResult;
use crate::args::VerifyArgs;
use crate::exit::{Ending, Shown, shown};
use crate::pairing::{Originals, Pairing, read};
use crate::sources::{Input, Reader, Walk};

/// Why there is nothing to say.
#[derive(Debug, Error, Diagnostic)]
#[error("there is no DICOM file in {path}")]
struct NothingFound {
    path: String,
}

/// What was found, for the terminal or as JSON.
#[derive(Debug, Default, Serialize)]
struct Findings {
    /// Files that were compared with their originals.
    verified: u64,
    /// Of these: without a hit.
    clean: u64,
    /// Files with hits.
    hits: Vec<FileHits>,
    /// Files without an original to compare with.
    unpaired: Vec<Unverified>,
    /// Files that could not be compared.
    unreadable: Vec<Unverified>,
    /// Files that are not DICOM.
    skipped: u64,
}

#[derive(Debug, Serialize)]
struct FileHits {
    file: String,
    hits: Vec<HitLine>,
}

#[derive(Debug, Serialize)]
struct Unverified {
    file: String,
    why: String,
}

/// Searches each released file for the identifiers of its original.
pub(crate) fn verify(args: &VerifyArgs) -> CommandResult {
    let limits = Limits::default();
    let released = Walk::new(std::slice::from_ref(&args.released), None, limits)?;
    let originals = Walk::new(std::slice::from_ref(&args.against), None, limits)?;
    let pairing = Pairing::new(&originals, &args.released, args.manifest.as_deref(), limits)?;
    // The search set comes from the original alone: neither policy nor key matter.
    let policy = Policy::preset(Preset::Basic);
    let key = PseudonymKey::from_bytes([0; 32]);
    let mut search = Search {
        engine: Deidentifier::new(policy, &key, Options::default()),
        pairing,
        released: Reader::new(limits),
        originals: Reader::new(limits),
        limits,
        findings: Findings::default(),
    };
    released.run(&mut |input| {
        search.look(&input);
        ControlFlow::Continue(())
    });
    let findings = search.findings;
    if findings.verified == 0 && findings.unpaired.is_empty() && findings.unreadable.is_empty() {
        return Err(Box::new(NothingFound {
            path: shown(&args.released),
        }));
    }
    crate::stdout(&if args.json {
        serde_json::to_string_pretty(&findings).unwrap_or_default() + "\n"
    } else {
        as_text(&findings)
    });
    let all_clean = findings.clean == findings.verified
        && findings.unpaired.is_empty()
        && findings.unreadable.is_empty();
    Ok(if all_clean {
        Ending::Clean
    } else {
        Ending::Wanting
    })
}

struct Search {
    engine: Deidentifier,
    pairing: Pairing,
    released: Reader,
    originals: Reader,
    limits: Limits,
    findings: Findings,
}

impl Search {
    fn look(&mut self, input: &Input) {
        if input.name.starts_with(".obscura/") {
            return;
        }
        let file = input.name.clone();
        let unreadable = |why: String| Unverified {
            file: file.clone(),
            why,
        };
        let bytes = match self
            .released
            .open(input)
            .and_then(crate::sources::Opened::read)
        {
            Ok(bytes) => bytes,
            Err(failure) if failure.reason == Reason::NotDicom => return,
            Err(failure) => return self.findings.unreadable.push(unreadable(failure.detail)),
        };
        if let Err(error) = Source::open(bytes, &self.limits) {
            if error.reason() == Reason::NotDicom {
                self.findings.skipped += 1;
            } else {
                self.findings.unreadable.push(unreadable(error.to_string()));
            }
            return;
        }
        let originals = match self.pairing.find(&input.name, bytes, &mut self.originals) {
            Originals::Found(originals) => originals,
            Originals::Changed => {
                let why = "its original has changed since, or cannot be read".to_owned();
                return self.findings.unpaired.push(unreadable(why));
            }
            Originals::Missing => {
                let why = "no original was found for it".to_owned();
                return self.findings.unpaired.push(unreadable(why));
            }
        };
        let mut hits = Vec::new();
        for original in &originals {
            let Some(original) = read(&mut self.originals, original) else {
                let why = "its original cannot be read".to_owned();
                return self.findings.unreadable.push(unreadable(why));
            };
            match self.engine.verify(original, bytes) {
                Ok(found) => hits.extend(
                    found
                        .into_iter()
                        .filter(|hit| !hits.contains(hit))
                        .collect::<Vec<_>>(),
                ),
                Err(error) => {
                    let cause = std::error::Error::source(&error).map(ToString::to_string);
                    let why = format!("{error}: {}", cause.unwrap_or_default());
                    return self.findings.unreadable.push(unreadable(why));
                }
            }
        }
        self.findings.verified += 1;
        if hits.is_empty() {
            self.findings.clean += 1;
        } else {
            self.findings.hits.push(FileHits { file, hits });
        }
    }
}

fn as_text(findings: &Findings) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    for FileHits { file, hits } in &findings.hits {
        let _ = writeln!(text, "{}", Shown(file));
        for hit in hits {
            let _ = writeln!(
                text,
                "  {} in {} (byte {})",
                hit.kind, hit.place, hit.offset
            );
        }
    }
    for Unverified { file, why } in findings.unpaired.iter().chain(&findings.unreadable) {
        let _ = writeln!(text, "{}\n  not verified: {}", Shown(file), Shown(why));
    }
    let not_verified = findings.unpaired.len() + findings.unreadable.len();
    let _ = writeln!(
        text,
        "{} files verified: {} clean, {} with identifiers of their originals; {not_verified} not \
         verified, {} not DICOM",
        findings.verified,
        findings.clean,
        findings.hits.len(),
        findings.skipped
    );
    text
}
