//! Blanking: what lies outside of the rectangles stays as it was, in every coding.

use std::collections::BTreeMap;

use obscura_core::Limits;
use obscura_dicom::{DicomFile, Source};
use obscura_pixels::blank::{Recoding, blank};
use obscura_pixels::decode::Image;
use obscura_pixels::{Area, Frame, Photometric, Samples};

use crate::tight_limits;

/// How far the blocks of a lossy JPEG reach beyond a rectangle: chroma of the coarsest sampling,
/// and the pixels that a decoder smooths.
const BLOCK_REACH: u32 = 40;

/// Blanks a rectangle in the first and the last frame of the object the bytes are, and decodes it
/// again.
///
/// # Panics
/// If a frame is lost, a pixel outside of the rectangle changes, or an object that could not be
/// blanked is not what it was.
pub fn check_blank(bytes: &[u8]) {
    let limits = tight_limits();
    let Ok(source) = Source::open(bytes, &limits) else {
        return;
    };
    let Ok(file) = source.parse(&limits) else {
        return;
    };
    let Some((before, area)) = decoded(&file, &limits) else {
        return;
    };
    let last = before.len().saturating_sub(1) as u32;
    let areas = BTreeMap::from([(0, vec![area]), (last, vec![area])]);
    let mut cleaned = file.clone();
    let Ok(blanked) = blank(&mut cleaned.data, &mut cleaned.syntax, &areas, &limits) else {
        assert!(
            cleaned.data == file.data && cleaned.syntax == file.syntax,
            "an object changed that could not be blanked"
        );
        return;
    };
    let image = Image::of(&cleaned.data, &cleaned.syntax, &roomy(&limits))
        .expect("a blanked object is described")
        .expect("a blanked object has pixel data");
    assert_eq!(image.frames() as usize, before.len(), "a frame is lost");
    let reach = match blanked.recoding {
        Recoding::Blocks => area.grown(BLOCK_REACH),
        // Neighbours share their chroma (PS3.3 C.7.6.3.1.2, YBR_FULL_422).
        _ if before.iter().flatten().any(shares_chroma) => area.grown(1),
        _ => area,
    };
    for (index, before) in (0..).zip(before) {
        let Some(before) = before else { continue };
        let after = image.decode(index).expect("a blanked frame decodes");
        let changes = blanked.frames.contains(&index).then_some(reach);
        stays(&before, &after, changes);
    }
}

/// Every frame that decodes, and a rectangle in the midst of them.
fn decoded(file: &DicomFile<'_>, limits: &Limits) -> Option<(Vec<Option<Frame>>, Area)> {
    let image = Image::of(&file.data, &file.syntax, limits).ok()??;
    let (columns, rows) = (image.columns(), image.rows());
    let area = Area::new(columns / 4, rows / 3, columns / 2 + 1, rows / 3 + 1);
    let frames = (0..image.frames()).map(|index| image.decode(index).ok());
    Some((frames.collect(), area))
}

const fn shares_chroma(frame: &Frame) -> bool {
    matches!(
        frame.photometric,
        Photometric::YbrFull422 | Photometric::YbrPartial
    )
}

/// An object that lost its coding is larger than it was.
const fn roomy(limits: &Limits) -> Limits {
    Limits {
        max_file_bytes: limits.max_file_bytes * 64,
        ..*limits
    }
}

fn stays(before: &Frame, after: &Frame, changes: Option<Area>) {
    let shape = |frame: &Frame| (frame.rows, frame.columns, frame.samples_per_pixel);
    assert_eq!(shape(before), shape(after), "a frame has another shape");
    let per_pixel = usize::from(before.samples_per_pixel);
    for row in 0..before.rows {
        for column in 0..before.columns {
            let inside = changes.is_some_and(|area| area.holds(&Area::new(column, row, 1, 1)));
            if inside {
                continue;
            }
            let pixel = row as usize * before.columns as usize + column as usize;
            for at in pixel * per_pixel..(pixel + 1) * per_pixel {
                assert!(
                    bits(&before.samples, at) == bits(&after.samples, at),
                    "a pixel outside of the rectangle changed"
                );
            }
        }
    }
}

/// A sample, whatever type holds it, so that equal values are equal numbers.
fn bits(samples: &Samples, at: usize) -> Option<u64> {
    match samples {
        Samples::U8(samples) => samples.get(at).map(|sample| u64::from(*sample)),
        Samples::U16(samples) => samples.get(at).map(|sample| u64::from(*sample)),
        Samples::I16(samples) => samples.get(at).map(|sample| *sample as u64),
        Samples::U32(samples) => samples.get(at).map(|sample| u64::from(*sample)),
        Samples::I32(samples) => samples.get(at).map(|sample| *sample as u64),
        Samples::F32(samples) => samples.get(at).map(|sample| u64::from(sample.to_bits())),
        Samples::F64(samples) => samples.get(at).map(|sample| sample.to_bits()),
    }
}
