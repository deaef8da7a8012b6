//! [`Dark`]: which value of a frame is displayed darkest.

use dicom_dictionary_std::tags;
use obscura_dicom::{DataSet, Syntax};

use crate::frame::{Frame, Photometric};
use crate::render::attributes::Attributes;
use crate::render::palette::{Palette, Sign};

/// How the darkest value is found.
#[derive(Debug, Clone)]
pub(super) enum Dark {
    /// The least of the values present (MONOCHROME2).
    Least,
    /// The greatest of the values present (MONOCHROME1).
    Greatest,
    /// Of the indices present the one with the darkest colour.
    Palette(Palette),
    /// Black, whatever is present.
    Colour([f64; 3]),
}

impl Dark {
    /// How it is found in a frame of this data set.
    ///
    /// Pixel padding needs no rule of its own: where it is darkest it is among the values present,
    /// and where it is brightest it would be a white patch.
    pub(super) fn of(data: &DataSet<'_>, syntax: &Syntax, frame: &Frame) -> Self {
        let attributes = Attributes::new(data, syntax.endian);
        let top = 2_f64.powi(i32::from(frame.bits_stored.min(52)));
        match frame.photometric {
            Photometric::PaletteColor => {
                let signed = matches!(
                    frame.samples,
                    crate::frame::Samples::I16(_) | crate::frame::Samples::I32(_)
                );
                let sign = if signed { Sign::Signed } else { Sign::Unsigned };
                Palette::read(attributes, sign).map_or(Self::Least, Self::Palette)
            }
            _ if frame.samples_per_pixel == 1 => Self::of_greys(attributes, frame.photometric),
            Photometric::YbrFull | Photometric::YbrFull422 => {
                Self::Colour([0.0, top / 2.0, top / 2.0])
            }
            // PS3.3 C.7.6.3.1.2: black is 16 of 256.
            Photometric::YbrPartial => Self::Colour([top / 16.0, top / 2.0, top / 2.0]),
            _ => Self::Colour([0.0; 3]),
        }
    }

    /// MONOCHROME1 and Presentation LUT Shape INVERSE invert, both together once; a falling
    /// rescale turns the values over before that.
    fn of_greys(attributes: Attributes<'_, '_>, photometric: Photometric) -> Self {
        let inverse = attributes.code(tags::PRESENTATION_LUT_SHAPE) == "INVERSE";
        let falls = attributes
            .number(tags::RESCALE_SLOPE)
            .is_some_and(|slope| slope < 0.0);
        let inverted = photometric == Photometric::Monochrome1 || inverse;
        if inverted == falls {
            Self::Least
        } else {
            Self::Greatest
        }
    }

    /// Samples are indices: two that are near each other need not look alike.
    pub(super) const fn is_index(&self) -> bool {
        matches!(self, Self::Palette(_))
    }

    pub(super) const fn search(&self) -> Search<'_> {
        Search {
            dark: self,
            found: None,
        }
    }
}

/// The darkest value so far.
pub(super) struct Search<'d> {
    dark: &'d Dark,
    /// How bright it is, and the value.
    found: Option<(f64, f64)>,
}

impl Search<'_> {
    #[inline]
    pub(super) fn add(&mut self, value: f64) {
        let brightness = match self.dark {
            Dark::Least => value,
            Dark::Greatest => -value,
            Dark::Palette(palette) => {
                let [red, green, blue] = palette.colour(value as i64).map(f64::from);
                0.299 * red + 0.587 * green + 0.114 * blue
            }
            Dark::Colour(_) => return,
        };
        if brightness.is_finite() && self.found.is_none_or(|(least, _)| brightness < least) {
            self.found = Some((brightness, value));
        }
    }

    /// The fill; `None` if no value was seen.
    pub(super) fn result(&self) -> Option<[f64; 3]> {
        match self.dark {
            Dark::Colour(black) => Some(*black),
            _ => self.found.map(|(_, value)| [value, 0.0, 0.0]),
        }
    }
}
