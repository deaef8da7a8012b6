//! [`Facts`]: what the report needs of the manifest, gathered line by line in bounded memory.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use obscura_core::Reason;
use serde::Deserialize;

use super::redactions::Redacted;
use crate::output::manifest::{FILE_NAME, Line, Status};

/// Pictures that are shown in the report itself.
pub(super) const MAX_PICTURES: usize = 200;
/// Manifest lines that are named for one reason.
const MAX_NAMED: usize = 50;
/// Directories of pictures that are linked.
const MAX_DIRECTORIES: usize = 500;

/// What the manifest says, in numbers.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) inputs: u64,
    pub(super) released: u64,
    pub(super) duplicates: u64,
    pub(super) rendered: u64,
    pub(super) elements: u64,
    /// Manifest lines of objects that share a SOP Instance UID with another content.
    pub(super) conflicts: Named,
    pub(super) quarantined: BTreeMap<Reason, Named>,
    pub(super) skipped: BTreeMap<Reason, u64>,
    pub(super) warnings: BTreeMap<String, Named>,
    /// Elements by what was done.
    pub(super) actions: BTreeMap<String, u64>,
    /// Elements that did not simply stay, by rule.
    pub(super) rules: BTreeMap<String, u64>,
    /// What was blanked and kept in the pixels.
    pub(super) redacted: Redacted,
    /// Paths of the pictures that are shown.
    pub(super) pictures: Vec<String>,
    /// Directories of pictures, with the number in each.
    pub(super) directories: BTreeMap<String, u64>,
}

/// A number of manifest lines, the first of them by number.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub(super) count: u64,
    pub(super) lines: Vec<u64>,
}

impl Named {
    fn add(&mut self, line: u64) {
        self.count += 1;
        if self.lines.len() < MAX_NAMED {
            self.lines.push(line);
        }
    }
}

/// The counts of one object, as the engine wrote them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Plan {
    elements: u64,
    actions: BTreeMap<String, u64>,
    rules: BTreeMap<String, u64>,
}

/// Reads the manifest of an output directory.
pub(super) fn read(out: &Path) -> io::Result<Facts> {
    let file = BufReader::with_capacity(256 << 10, File::open(out.join(FILE_NAME))?);
    let mut facts = Facts::default();
    for (number, text) in (1..).zip(file.lines()) {
        let line: Line = serde_json::from_str(&text?)?;
        facts.add(number, &line)?;
    }
    Ok(facts)
}

impl Facts {
    fn add(&mut self, number: u64, line: &Line) -> io::Result<()> {
        self.inputs += 1;
        match (line.status, line.reason) {
            (Status::Released, Some(Reason::Duplicate)) => {
                self.released += 1;
                self.duplicates += 1;
            }
            (Status::Released, _) => self.released(number, line)?,
            (Status::Quarantined, reason) => {
                self.quarantined
                    .entry(reason.unwrap_or(Reason::Internal))
                    .or_default()
                    .add(number);
            }
            (Status::Skipped, reason) => {
                *self
                    .skipped
                    .entry(reason.unwrap_or(Reason::NotDicom))
                    .or_default() += 1;
            }
        }
        Ok(())
    }

    fn released(&mut self, number: u64, line: &Line) -> io::Result<()> {
        self.released += 1;
        self.rendered += line.jpeg.len() as u64;
        if line.conflict_with.is_some() {
            self.conflicts.add(number);
        }
        for warning in &line.warnings {
            self.warnings
                .entry(warning.clone())
                .or_default()
                .add(number);
        }
        if let Some(plan) = &line.plan {
            let plan: Plan = serde_json::from_str(plan.get())?;
            self.elements += plan.elements;
            add_all(&mut self.actions, plan.actions);
            add_all(&mut self.rules, plan.rules);
        }
        self.redacted.add(number, line)?;
        if let Some(first) = line.jpeg.first() {
            if self.pictures.len() < MAX_PICTURES {
                self.pictures.push(first.clone());
            }
            let directory = first
                .rsplit_once('/')
                .map_or("", |(directory, _)| directory);
            let known = self.directories.contains_key(directory);
            if known || self.directories.len() < MAX_DIRECTORIES {
                *self.directories.entry(directory.to_owned()).or_default() +=
                    line.jpeg.len() as u64;
            }
        }
        Ok(())
    }
}

fn add_all(to: &mut BTreeMap<String, u64>, from: BTreeMap<String, u64>) {
    for (name, count) in from {
        *to.entry(name).or_default() += count;
    }
}
