//! A fake engine for tests: its "objects" are lines of text that say what should become of them.
//!
//! `patient/study/series/sop[/frames] anything` is released; `bad REASON` is quarantined;
//! `panic` panics with a value in its message; everything else is not DICOM.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use obscura_core::{Phi, Reason};
use serde_json::value::{RawValue, to_raw_value};

use super::{Engine, MapEntry, MapKind, Outcome, Picture, Place, Release};

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Fake {
    /// Objects that were processed.
    pub(crate) processed: AtomicU64,
    /// Work that each object takes.
    pub(crate) work: Duration,
}

impl Engine for Fake {
    fn process(&self, input: &[u8]) -> Outcome {
        self.processed.fetch_add(1, Ordering::Relaxed);
        if !self.work.is_zero() {
            std::thread::sleep(self.work);
        }
        let text = String::from_utf8_lossy(input);
        let (head, rest) = text.split_once(' ').unwrap_or((&text, ""));
        match head {
            "panic" => panic!("Doe^Jane {rest}"),
            "bad" => Outcome::Quarantined {
                reason: serde_json::from_value(rest.trim().into()).unwrap_or(Reason::Malformed),
                detail: "(0010,0010) PN".to_owned(),
                left: (rest.trim() == "burned-in-text").then(|| {
                    raw(&serde_json::json!([
                        {"frame": 1, "x": 1, "y": 2, "w": 3, "h": 4, "cause": "text", "kept": true}
                    ]))
                }),
            },
            _ if head.split('/').count() >= 4 => Outcome::Released(Box::new(release(head, rest))),
            _ => Outcome::Skipped(Reason::NotDicom),
        }
    }
}

fn release(head: &str, rest: &str) -> Release {
    let parts: Vec<&str> = head.split('/').collect();
    let place = Place {
        patient: parts[0].to_owned(),
        study: parts[1].to_owned(),
        series: parts[2].to_owned(),
        sop: parts[3].to_owned(),
    };
    let of = parts.get(4).and_then(|n| n.parse().ok()).unwrap_or(0);
    let picture = |frame| Picture {
        frame,
        of,
        bytes: jpeg(frame as u8),
    };
    Release {
        dicom: format!("clean {rest}").into_bytes(),
        jpegs: (1..=of).map(picture).collect(),
        plan: raw(&serde_json::json!({"by_action": {"X": 2, "K": 1}})),
        redactions: raw(&serde_json::json!([])),
        danger_original: None,
        warnings: Vec::new(),
        map: vec![MapEntry {
            kind: MapKind::Uid,
            old: Phi::new(format!("1.2.{}", place.sop)),
            new: place.sop.clone(),
        }],
        place,
    }
}

fn raw(value: &serde_json::Value) -> Box<RawValue> {
    to_raw_value(value).expect("a JSON value serialises")
}

/// A small grey JPEG.
pub(crate) fn jpeg(shade: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let pixels = [shade.wrapping_mul(40); 64 * 48];
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 80)
        .encode(&pixels, 64, 48, image::ExtendedColorType::L8)
        .expect("a small picture encodes");
    bytes
}
