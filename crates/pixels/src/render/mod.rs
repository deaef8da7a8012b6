//! Rendering: from stored values to the picture a radiologist's viewer first shows, and its JPEG.
//!
//! [`Display`] reads once what an object says about its presentation; [`Display::render`] turns a
//! decoded [`Frame`](crate::Frame) into a [`Picture`] of 8 bits; [`Picture::to_jpeg`] encodes it.
//!
//! Choices where viewers differ:
//!
//! - **No window.** Samples of up to 8 bits are shown as they are stored (0 to 255), deeper ones
//!   from the least to the greatest value of the frame, pixel padding left out. dcmtk's `+Wm` takes
//!   the range over all frames and counts padding; its default is the full range of Bits Stored,
//!   which shows 12 of 16 bits nearly black.
//! - **VOI LUT Sequence and windows.** The table is taken, as the vendor made it for this image;
//!   of several tables or windows the first usable one.
//! - **Widths.** A width of 0 or less, or not a number, is no window. LINEAR under 1 is taken as
//!   `LINEAR_EXACT`; dcmtk ignores such a window, pydicom refuses it.
//! - **Rescale Slope 0** is ignored with its intercept, as in dcmtk.
//! - **Polarity.** MONOCHROME1 or Presentation LUT Shape INVERSE invert, both together once.
//!   MONOCHROME1 with IDENTITY, which the standard excludes, is inverted; dcmtk does not.
//! - **XA and XRF** are shown without their Modality LUT Sequence (PS3.4 N.2.1.2); pydicom applies
//!   it.
//! - **Fractions of a tone** are cut, as in dcmtk; viewers that round differ by one tone.
//! - **Padding pixels** pass through the window as any other; there is no background colour.
//! - **Palettes** that promise 16 bits and hold 8 are shown bright; dcmtk shows them black.
//! - Overlays, shutters, ICC profiles, Real World Value Mapping and the pixel aspect ratio are not
//!   applied.

pub(crate) mod attributes;
mod colour;
mod display;
mod error;
mod grayscale;
pub(crate) mod palette;
mod picture;
mod range;
mod segmented;
mod table;
mod tones;

pub use display::Display;
pub use error::RenderError;
pub use picture::{Picture, Quality};
