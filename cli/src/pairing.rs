//! Which original a released file was made of: by manifest, by equal path, by equal pixel data.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use obscura_core::Limits;
use obscura_dicom::{Source, Tag, Value};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::exit::shown;
use crate::output::manifest::{FILE_NAME, Line, hex};
use crate::sources::{Input, Reader, Walk};

/// Why pairs cannot be made.
#[derive(Debug, Error, Diagnostic)]
pub(crate) enum PairingError {
    /// The manifest cannot be read.
    #[error("the manifest {path} cannot be read")]
    Read {
        path: String,
        #[source]
        source: std::io::Error,
    },
    /// The manifest is not one.
    #[error("{path} is not a manifest of Obscura: line {line}")]
    Manifest { path: String, line: usize },
}

/// Originals that one released file may have been made of.
#[derive(Debug, Clone)]
pub(crate) enum Originals {
    /// These; usually one.
    Found(Vec<Input>),
    /// The manifest names one, but its content is another one now.
    Changed,
    /// None.
    Missing,
}

/// Pairs released files with originals.
pub(crate) struct Pairing {
    by_name: HashMap<String, Input>,
    /// By the released file's path below the searched directory: name and SHA-256 of the original.
    by_manifest: HashMap<String, (String, Option<String>)>,
    /// By the hash of the pixel data, made when it is first needed.
    by_pixels: Option<HashMap<[u8; 32], Vec<Input>>>,
    limits: Limits,
}

/// Originals with equal pixel data that are compared with one released file.
const MAX_TWINS: usize = 16;
/// Pixel Data (PS3.3 C.7.6.3).
const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);

impl Pairing {
    /// Lists the originals and reads the manifest, if there is one.
    pub(crate) fn new(
        originals: &Walk,
        released: &Path,
        manifest: Option<&Path>,
        limits: Limits,
    ) -> Result<Self, PairingError> {
        let mut by_name = HashMap::new();
        originals.run(&mut |input| {
            by_name.insert(input.name.clone(), input);
            ControlFlow::Continue(())
        });
        let by_manifest = match manifest.map(Path::to_owned).or_else(|| nearby(released)) {
            Some(path) => read_manifest(&path, released)?,
            None => HashMap::new(),
        };
        Ok(Self {
            by_name,
            by_manifest,
            by_pixels: None,
            limits,
        })
    }

    /// The originals of a released file, named by its path below the searched directory.
    pub(crate) fn find(&mut self, name: &str, released: &[u8], reader: &mut Reader) -> Originals {
        if let Some((original, sha256)) = self.by_manifest.get(name) {
            let Some(input) = self.by_name.get(original) else {
                return Originals::Missing;
            };
            let same = |bytes: &[u8]| sha256.as_ref().is_none_or(|sha| *sha == digest(bytes));
            return match read(reader, input) {
                Some(bytes) if same(bytes) => Originals::Found(vec![input.clone()]),
                _ => Originals::Changed,
            };
        }
        if let Some(input) = self.by_name.get(name) {
            return Originals::Found(vec![input.clone()]);
        }
        let Some(pixels) = pixel_hash(released, &self.limits) else {
            return Originals::Missing;
        };
        let (by_name, limits) = (&self.by_name, &self.limits);
        let by_pixels = self
            .by_pixels
            .get_or_insert_with(|| index(by_name, limits, reader));
        match by_pixels.get(&pixels) {
            Some(twins) => Originals::Found(twins.iter().take(MAX_TWINS).cloned().collect()),
            None => Originals::Missing,
        }
    }
}

/// The bytes of an original.
pub(crate) fn read<'a>(reader: &'a mut Reader, input: &Input) -> Option<&'a [u8]> {
    reader.open(input).ok()?.read().ok()
}

fn index(
    originals: &HashMap<String, Input>,
    limits: &Limits,
    reader: &mut Reader,
) -> HashMap<[u8; 32], Vec<Input>> {
    let mut sorted: Vec<&Input> = originals.values().collect();
    sorted.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    let mut by_pixels = HashMap::<_, Vec<Input>>::new();
    for input in sorted {
        if let Some(hash) = read(reader, input).and_then(|bytes| pixel_hash(bytes, limits)) {
            by_pixels.entry(hash).or_default().push(input.clone());
        }
    }
    by_pixels
}

fn pixel_hash(bytes: &[u8], limits: &Limits) -> Option<[u8; 32]> {
    let source = Source::open(bytes, limits).ok()?;
    let file = source.parse(limits).ok()?;
    let mut hash = Sha256::new();
    match &file.data.get(PIXEL_DATA)?.value {
        Value::Bytes(bytes) => hash.update(bytes),
        Value::Fragments(fragments) => fragments.fragments.iter().for_each(|f| hash.update(f)),
        Value::Items(_) => return None,
    }
    Some(hash.finalize().into())
}

fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The manifest of the directory, or of the one above it (when `OUT/dicom` is searched).
fn nearby(released: &Path) -> Option<PathBuf> {
    let below = released.join(FILE_NAME);
    let above = released.parent().map(|parent| parent.join(FILE_NAME));
    [Some(below), above]
        .into_iter()
        .flatten()
        .find(|path| path.is_file())
}

fn read_manifest(
    path: &Path,
    released: &Path,
) -> Result<HashMap<String, (String, Option<String>)>, PairingError> {
    let failed = |source| PairingError::Read {
        path: shown(path),
        source,
    };
    let file = BufReader::new(File::open(path).map_err(failed)?);
    // A line's output is relative to the manifest's directory, the key to the searched one.
    let base = path.parent().unwrap_or(Path::new("."));
    let prefix = std::fs::canonicalize(released)
        .ok()
        .zip(std::fs::canonicalize(base).ok())
        .and_then(|(released, base)| released.strip_prefix(base).map(Path::to_owned).ok())
        .map(|below| below.to_string_lossy().replace('\\', "/"))
        .filter(|below| !below.is_empty())
        .map_or(String::new(), |below| below + "/");
    let mut pairs = HashMap::new();
    for (number, text) in file.lines().enumerate() {
        let damaged = || PairingError::Manifest {
            path: shown(path),
            line: number + 1,
        };
        let text = text.map_err(|_| damaged())?;
        let line: Line = serde_json::from_str(&text).map_err(|_| damaged())?;
        let output = line
            .output
            .as_deref()
            .and_then(|output| output.strip_prefix(&prefix));
        if let Some(output) = output {
            // Of several inputs with one output the first was released.
            pairs
                .entry(output.to_owned())
                .or_insert((line.input, line.sha256_in));
        }
    }
    Ok(pairs)
}
