//! [`Picture`]: what a viewer shows of one frame, in 8 bits, and its JPEG.

use jpeg_encoder::{ColorType, Encoder, QuantizationTableType, SamplingFactor};

use super::RenderError;

/// What a viewer shows of one frame: gray or RGB, 8 bits a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Width in pixels, at least 1.
    pub width: u32,
    /// Height in pixels, at least 1.
    pub height: u32,
    /// Samples of a pixel: 1 (gray) or 3 (red, green, blue).
    pub channels: u8,
    /// The samples, `width * height * channels`, row by row, interleaved by pixel, in `[0, 255]`.
    pub data: Vec<u8>,
}

/// The step of every frequency at quality 50.
///
/// The tables of T.81 Annex K leave out what an eye at six times the picture's height does not see:
/// fine noise and grain, and shades near black, which viewers of medical images enlarge and brighten.
/// Equal steps keep them. Against the picture before JPEG, SSIM at quality 90 rises from 0.95 or
/// 0.96 on noisy and dark images to 0.985 and more, for about a quarter more bytes on real ones.
const STEP: u32 = 16;

/// Pixels up to which a picture, asked for in the default quality or a better one, is encoded in
/// the best: it takes a few kilobytes either way, and viewers enlarge it until every flaw shows.
const SMALL: usize = 64 * 64;

/// The quality of a JPEG, 1 to 100: steps grow and shrink with it as in the IJG's library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quality(u8);

impl Quality {
    /// A quality; `None` outside 1 to 100.
    pub const fn new(quality: u8) -> Option<Self> {
        if quality >= 1 && quality <= 100 {
            Some(Self(quality))
        } else {
            None
        }
    }

    /// The number.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The quantization step: `STEP` at 50, a fifth of it at 90, 1 at 100.
    fn step(self) -> u16 {
        let quality = u32::from(self.0);
        let percent = if quality < 50 {
            5000 / quality
        } else {
            200 - 2 * quality
        };
        ((STEP * percent + 50) / 100).clamp(1, 255) as u16
    }
}

impl Default for Quality {
    /// 90, the default of dcmtk and of the field's viewers.
    fn default() -> Self {
        Self(90)
    }
}

impl Picture {
    /// The picture as baseline JPEG (ITU-T T.81) with a JFIF header and nothing else: no EXIF, no
    /// comment, no ICC profile, no thumbnail, nothing that could carry an identifier.
    ///
    /// Chrominance is not subsampled, so that coloured annotations and overlays of flow keep their
    /// edges.
    ///
    /// # Errors
    /// [`RenderError::TooLargeForJpeg`] for a side over 65,535 pixels.
    pub fn to_jpeg(&self, quality: Quality) -> Result<Vec<u8>, RenderError> {
        let too_large = RenderError::TooLargeForJpeg {
            width: self.width,
            height: self.height,
        };
        let width = u16::try_from(self.width).map_err(|_| too_large)?;
        let height = u16::try_from(self.height).map_err(|_| too_large)?;
        let mut jpeg = Vec::with_capacity(self.data.len() / 4 + 1024);
        let mut encoder = Encoder::new(&mut jpeg, quality.0);
        encoder.set_sampling_factor(SamplingFactor::R_4_4_4);
        let is_small = self.data.len() <= SMALL * self.samples() && quality >= Quality::default();
        let step = if is_small { 1 } else { quality.step() };
        let table = || QuantizationTableType::Custom(Box::new([step; 64]));
        encoder.set_quantization_tables(table(), table());
        let colour = if self.channels == 1 {
            ColorType::Luma
        } else {
            ColorType::Rgb
        };
        encoder
            .encode(&self.data, width, height, colour)
            .map_err(|_| RenderError::Encode)?;
        Ok(jpeg)
    }

    /// The picture reduced so that its longer side is at most `max` pixels, each pixel the mean of
    /// those it stands for. A smaller picture is returned as it is.
    #[must_use]
    pub fn thumbnail(&self, max: u32) -> Self {
        let max = max.max(1);
        let longer = self.width.max(self.height);
        if longer <= max {
            return self.clone();
        }
        let side = |length: u32| {
            let reduced =
                (u64::from(length) * u64::from(max) + u64::from(longer) / 2) / u64::from(longer);
            (reduced as u32).max(1)
        };
        let (width, height) = (side(self.width), side(self.height));
        let mut data = Vec::with_capacity(width as usize * height as usize * self.samples());
        for row in 0..height {
            for column in 0..width {
                self.mean_into(
                    span(column, width, self.width),
                    span(row, height, self.height),
                    &mut data,
                );
            }
        }
        Self {
            width,
            height,
            channels: self.channels,
            data,
        }
    }

    fn samples(&self) -> usize {
        usize::from(self.channels)
    }

    fn mean_into(&self, columns: (usize, usize), rows: (usize, usize), out: &mut Vec<u8>) {
        let (samples, stride) = (self.samples(), self.width as usize * self.samples());
        let count = ((columns.1 - columns.0) * (rows.1 - rows.0)) as u64;
        let mut sums = [0_u64; 3];
        for row in rows.0..rows.1 {
            let line = &self.data[row * stride + columns.0 * samples..]
                [..(columns.1 - columns.0) * samples];
            for pixel in line.chunks_exact(samples) {
                for (sum, sample) in sums.iter_mut().zip(pixel) {
                    *sum += u64::from(*sample);
                }
            }
        }
        out.extend(
            sums[..samples]
                .iter()
                .map(|sum| ((sum + count / 2) / count) as u8),
        );
    }
}

/// The first and one past the last pixel of `from` that pixel `at` of `to` stands for.
fn span(at: u32, to: u32, from: u32) -> (usize, usize) {
    let edge = |at: u32| (u64::from(at) * u64::from(from) / u64::from(to)) as usize;
    (edge(at), edge(at + 1).max(edge(at) + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gray(width: u32, height: u32, data: Vec<u8>) -> Picture {
        Picture {
            width,
            height,
            channels: 1,
            data,
        }
    }

    #[test]
    fn a_jpeg_holds_the_picture_and_no_metadata() {
        let picture = gray(9, 3, (0..27).map(|v| v * 9).collect());
        let jpeg = picture.to_jpeg(Quality::default()).unwrap();
        let mut at = 2;
        let mut markers = Vec::new();
        while jpeg[at + 1] != 0xDA {
            markers.push(jpeg[at + 1]);
            at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        }
        assert_eq!(&jpeg[..2], [0xFF, 0xD8]);
        assert_eq!(&jpeg[6..11], b"JFIF\0");
        // APP0, then only tables and the frame header: no other APPn, no COM.
        assert_eq!(markers[0], 0xE0);
        let known = |marker: &u8| matches!(marker, 0xDB | 0xC4 | 0xC0);
        assert!(markers[1..].iter().all(known), "{markers:x?}");
    }

    #[test]
    fn the_step_is_equal_for_every_frequency_and_finest_for_small_pictures() {
        let steps = |side: u32, quality| {
            let picture = gray(side, side, vec![7; (side * side) as usize]);
            let jpeg = picture.to_jpeg(Quality(quality)).unwrap();
            let at = jpeg
                .windows(2)
                .position(|bytes| bytes == [0xFF, 0xDB])
                .unwrap();
            let table = jpeg[at + 5..at + 69].to_vec();
            assert!(table.iter().all(|step| *step == table[0]));
            table[0]
        };
        assert_eq!(
            [steps(64, 90), steps(64, 89), steps(65, 90), steps(65, 50)],
            [1, 4, 3, 16]
        );
    }

    #[test]
    fn sides_jpeg_cannot_hold_are_an_error() {
        let picture = gray(65_536, 1, vec![0; 65_536]);
        let error = RenderError::TooLargeForJpeg {
            width: 65_536,
            height: 1,
        };
        assert_eq!(picture.to_jpeg(Quality::default()), Err(error));
        assert_eq!(picture.thumbnail(65_535).width, 65_535);
    }

    #[test]
    fn a_thumbnail_is_the_mean_of_what_it_stands_for() {
        let picture = gray(4, 2, vec![0, 100, 10, 10, 100, 200, 10, 10]);
        assert_eq!(picture.thumbnail(2), gray(2, 1, vec![100, 10]));
        assert_eq!(picture.thumbnail(4), picture);
        assert_eq!(gray(1, 3, vec![1, 2, 6]).thumbnail(0), gray(1, 1, vec![3]));
        let rgb = Picture {
            width: 2,
            height: 1,
            channels: 3,
            data: vec![0, 10, 20, 100, 30, 21],
        };
        assert_eq!(rgb.thumbnail(1).data, [50, 20, 21]);
    }

    #[test]
    fn qualities_are_1_to_100() {
        assert_eq!((Quality::new(0), Quality::new(101)), (None, None));
        assert_eq!(Quality::new(100).map(Quality::get), Some(100));
        assert_eq!(Quality::default().get(), 90);
        let step = |quality| Quality(quality).step();
        assert_eq!([1, 50, 90, 100].map(step), [255, 16, 3, 1]);
    }
}
