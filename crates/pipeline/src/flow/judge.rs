//! [`Quality`]: the technical quality of a released image: whether it can be shown, and whether it
//! shows anything.

use image::ImageFormat;
use obscura_core::Limits;
use obscura_dicom::Source;
use obscura_pixels::decode::Image;
use obscura_pixels::{Frame, Samples};
use serde::{Deserialize, Serialize};

/// Frames that are decoded at most: the first, and others evenly after it.
const FRAMES: u32 = 8;

/// The technical quality of an image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quality {
    /// Width of a frame in pixels.
    pub columns: u32,
    /// Height of a frame in pixels.
    pub rows: u32,
    /// Frames of the object.
    pub frames: u32,
    /// Significant bits of a sample.
    pub bits_stored: u16,
    /// Samples of a pixel.
    pub samples_per_pixel: u16,
    /// Frames that were looked at.
    pub looked_at: u32,
    /// Those of them in which all samples are equal: nothing is to be seen.
    pub constant: u32,
    /// The least sample.
    pub least: f64,
    /// The greatest sample.
    pub greatest: f64,
    /// The mean of the samples.
    pub mean: f64,
    /// The standard deviation of the samples: the contrast.
    pub deviation: f64,
    /// The part of the bits' range that the samples span, 0 to 1; none for float samples.
    pub span: Option<f64>,
    /// JPEG pictures that were decoded.
    pub pictures: u32,
}

/// Why a released object cannot be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unshowable;

/// Judges a released DICOM object. `None` if it has no picture.
pub(crate) fn judge(dicom: &[u8], limits: &Limits) -> Result<Option<Quality>, Unshowable> {
    let source = Source::open(dicom, limits).map_err(|_| Unshowable)?;
    let file = source.parse(limits).map_err(|_| Unshowable)?;
    let image = Image::of(&file.data, &file.syntax, limits).map_err(|_| Unshowable)?;
    let Some(image) = image else {
        return Ok(None);
    };
    let frames = image.frames();
    let step = frames.div_ceil(FRAMES).max(1);
    let mut sums = Sums::default();
    for index in (0..frames).step_by(step as usize) {
        // A picture whose samples nobody can decode was released on purpose where the policy does
        // not look at pixels; it has no quality.
        let Ok(frame) = image.decode(index) else {
            return Ok(None);
        };
        sums.add(&frame);
    }
    let count = sums.count.max(1) as f64;
    let mean = sums.sum / count;
    let integral = sums.integral && sums.count > 0;
    let range = (f64::from(image.bits_stored().min(32))).exp2() - 1.0;
    Ok(Some(Quality {
        columns: image.columns(),
        rows: image.rows(),
        frames,
        bits_stored: image.bits_stored(),
        samples_per_pixel: image.samples_per_pixel(),
        looked_at: sums.frames,
        constant: sums.constant,
        least: round(sums.least),
        greatest: round(sums.greatest),
        mean: round(mean),
        deviation: round((sums.squares / count - mean * mean).max(0.0).sqrt()),
        span: integral.then(|| round(((sums.greatest - sums.least) / range).clamp(0.0, 1.0))),
        pictures: 0,
    }))
}

/// Whether a JPEG picture can be shown.
pub(crate) fn is_picture(jpeg: &[u8]) -> bool {
    image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg)
        .is_ok_and(|picture| picture.width() > 0 && picture.height() > 0)
}

/// Sums over the samples of several frames.
#[derive(Debug, Default)]
struct Sums {
    frames: u32,
    constant: u32,
    count: u64,
    sum: f64,
    squares: f64,
    least: f64,
    greatest: f64,
    integral: bool,
}

impl Sums {
    fn add(&mut self, frame: &Frame) {
        match &frame.samples {
            Samples::U8(samples) => self.add_all(samples, true),
            Samples::U16(samples) => self.add_all(samples, true),
            Samples::I16(samples) => self.add_all(samples, true),
            Samples::U32(samples) => self.add_all(samples, true),
            Samples::I32(samples) => self.add_all(samples, true),
            Samples::F32(samples) => self.add_all(samples, false),
            Samples::F64(samples) => self.add_all(samples, false),
        }
    }

    fn add_all<T: Copy + Into<f64>>(&mut self, samples: &[T], integral: bool) {
        let (mut least, mut greatest) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in samples.iter().map(|sample| (*sample).into()) {
            if !f64::is_finite(value) {
                continue;
            }
            self.count += 1;
            self.sum += value;
            self.squares += value * value;
            least = least.min(value);
            greatest = greatest.max(value);
        }
        self.constant += u32::from(least >= greatest);
        if least <= greatest {
            let first = self.frames == 0;
            self.least = if first { least } else { self.least.min(least) };
            self.greatest = if first {
                greatest
            } else {
                self.greatest.max(greatest)
            };
        }
        self.frames += 1;
        self.integral = integral;
    }
}

/// Three decimals: the same in every build.
fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use obscura_testkit::{Person, Synthetic};

    #[test]
    fn an_image_is_judged_and_a_document_is_not() {
        let person = Person::from_seed(3);
        let limits = Limits::default();
        let ct = judge(&Synthetic::ct(&person).encode().bytes, &limits);
        let ct = ct.expect("readable").expect("an image");
        assert!(ct.rows > 0 && ct.columns > 0 && ct.frames == 1 && ct.looked_at == 1);
        assert!(ct.least <= ct.mean && ct.mean <= ct.greatest);
        assert!(ct.span.is_some_and(|span| (0.0..=1.0).contains(&span)));
        let sr = judge(&Synthetic::sr(&person).encode().bytes, &limits);
        assert_eq!(sr, Ok(None));
        assert_eq!(judge(b"not DICOM", &limits), Err(Unshowable));
        assert!(!is_picture(b"not JPEG"));
    }
}
