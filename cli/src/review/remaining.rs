//! What remained in quarantined objects, by the manifest: the boxes of `obscura deid --review`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use obscura_core::Reason;
use obscura_pipeline::Area;
use serde::Deserialize;

use super::{Listed, Object};
use crate::output::manifest::{FILE_NAME, Line, Status};

/// A rectangle of the manifest's `redactions`.
#[derive(Deserialize)]
struct Mark {
    frame: u32,
    x: u32,
    y: u32,
    w: u32,
    h: u32,
    cause: String,
}

/// The objects of an output directory that were quarantined because text remained in them. Those of
/// former runs are among them; an object that is there twice is listed once.
pub(crate) fn remaining(out: &Path) -> io::Result<Vec<Object>> {
    let file = BufReader::with_capacity(256 << 10, File::open(out.join(FILE_NAME))?);
    let mut objects: Vec<Object> = Vec::new();
    for (number, text) in (1..).zip(file.lines()) {
        let line: Line = serde_json::from_str(&text?)?;
        let remains =
            (line.status, line.reason) == (Status::Quarantined, Some(Reason::BurnedInText));
        let Some(sha256) = line.sha256_in.filter(|_| remains) else {
            continue;
        };
        let marks: Vec<Mark> = serde_json::from_str(line.redactions.get())?;
        if marks.is_empty() || objects.iter().any(|object| object.sha256 == sha256) {
            continue;
        }
        objects.push(Object {
            sha256,
            line: Some(number),
            boxes: boxes(marks),
        });
    }
    Ok(objects)
}

/// Each place once, with the frames it is in.
fn boxes(marks: Vec<Mark>) -> Vec<Listed> {
    let mut places: BTreeMap<(Area, String), Vec<u32>> = BTreeMap::new();
    for mark in marks {
        let area = Area::new(mark.x, mark.y, mark.w, mark.h);
        places
            .entry((area, mark.cause))
            .or_default()
            .push(mark.frame);
    }
    places
        .into_iter()
        .map(|((area, cause), frames)| Listed::remaining(frames, area, &cause))
        .collect()
}
