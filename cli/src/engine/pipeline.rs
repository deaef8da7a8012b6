//! The real engine behind the port: the pipeline's [`Deidentifier`].

use obscura_core::Reason;
use obscura_pipeline as pipeline;
use obscura_pipeline::Deidentifier;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::{Engine, MapEntry, MapKind, Outcome, Picture, Place, Release};

impl Engine for Deidentifier {
    fn process(&self, input: &[u8]) -> Outcome {
        match Self::process(self, input) {
            pipeline::Outcome::Released(release) => match released(*release) {
                Ok(release) => Outcome::Released(Box::new(release)),
                Err(_) => Outcome::Quarantined {
                    reason: Reason::Internal,
                    detail: "the plan could not be written as JSON".to_owned(),
                    left: None,
                },
            },
            pipeline::Outcome::Quarantined(quarantine) => Outcome::Quarantined {
                reason: quarantine.reason,
                detail: quarantine.detail,
                left: raw(&quarantine.left).ok(),
            },
            pipeline::Outcome::Skipped(reason) => Outcome::Skipped(reason),
        }
    }
}

fn released(release: pipeline::Release) -> Result<Release, serde_json::Error> {
    let pipeline::Place {
        patient,
        study,
        series,
        sop,
    } = release.place;
    let picture = |jpeg: pipeline::Jpeg| Picture {
        frame: jpeg.frame,
        of: jpeg.of,
        bytes: jpeg.bytes,
    };
    let entry = |entry: pipeline::MapEntry| MapEntry {
        kind: match entry.kind {
            pipeline::MapKind::Uid => MapKind::Uid,
            pipeline::MapKind::Patient => MapKind::Patient,
        },
        old: entry.old,
        new: entry.new,
    };
    Ok(Release {
        dicom: release.dicom,
        place: Place {
            patient,
            study,
            series,
            sop,
        },
        danger_original: release.danger_original.map(picture),
        jpegs: release.jpegs.into_iter().map(picture).collect(),
        plan: raw(&release.plan)?,
        redactions: raw(&release.redactions)?,
        warnings: release
            .warnings
            .into_iter()
            .map(ToOwned::to_owned)
            .collect(),
        map: release.map.into_iter().map(entry).collect(),
    })
}

fn raw(value: &impl Serialize) -> Result<Box<RawValue>, serde_json::Error> {
    to_raw_value(value)
}
