//! Decoding: whatever the description claims, the limits hold and a frame is what it says it is.

use obscura_dicom::Source;
use obscura_pixels::decode::Image;
use obscura_pixels::{Frame, Samples};

use crate::tight_limits;

/// Decodes every frame of the object the bytes are.
///
/// # Panics
/// If a frame passes a limit, or does not hold the samples it claims.
pub fn check_decode(bytes: &[u8]) {
    let limits = tight_limits();
    let Ok(source) = Source::open(bytes, &limits) else {
        return;
    };
    let Ok(file) = source.parse(&limits) else {
        return;
    };
    let Ok(Some(image)) = Image::of(&file.data, &file.syntax, &limits) else {
        return;
    };
    assert!(
        image.frames() <= limits.max_frames,
        "more frames than the limit"
    );
    for index in 0..image.frames() {
        let Ok(frame) = image.decode(index) else {
            continue;
        };
        let pixels = u64::from(frame.rows) * u64::from(frame.columns);
        assert!(
            pixels <= limits.max_frame_pixels,
            "more pixels than the limit"
        );
        let samples = pixels * u64::from(frame.samples_per_pixel);
        let (count, width) = size(&frame);
        assert_eq!(
            count as u64, samples,
            "a frame does not hold the samples it claims"
        );
        assert!(
            count as u64 * width <= limits.max_frame_bytes * 4,
            "more bytes than the limit"
        );
        in_range(&frame);
    }
}

/// Samples and bytes of each.
const fn size(frame: &Frame) -> (usize, u64) {
    match &frame.samples {
        Samples::U8(samples) => (samples.len(), 1),
        Samples::U16(samples) => (samples.len(), 2),
        Samples::I16(samples) => (samples.len(), 2),
        Samples::U32(samples) => (samples.len(), 4),
        Samples::I32(samples) => (samples.len(), 4),
        Samples::F32(samples) => (samples.len(), 4),
        Samples::F64(samples) => (samples.len(), 8),
    }
}

/// Bits above Bits Stored are masked away (PS3.5 8.1.1).
fn in_range(frame: &Frame) {
    let bits = u32::from(frame.bits_stored);
    let highest = if bits >= 32 {
        u32::MAX
    } else {
        (1 << bits) - 1
    };
    let fits = match &frame.samples {
        Samples::U8(samples) => samples.iter().all(|sample| u32::from(*sample) <= highest),
        Samples::U16(samples) => samples.iter().all(|sample| u32::from(*sample) <= highest),
        Samples::U32(samples) => samples.iter().all(|sample| *sample <= highest),
        _ => true,
    };
    assert!(fits, "a sample has bits above Bits Stored");
}
