//! Pixel data to stored values: native, RLE, JPEG, JPEG-LS, JPEG 2000, `HTJ2K` and JPEG XL.
//!
//! [`Image::of`] reads and checks the description (PS3.3 C.7.6.3) against the limits,
//! [`Image::decode`] gives one [`crate::Frame`]. Codecs see byte slices and give rasters; what the
//! description adds (bits, sign, planes, colour) is applied in one place after them.

#![allow(
    clippy::inline_always,
    reason = "per-sample steps of decoders, measured"
)]

mod describe;
mod error;
mod finish;
mod fragments;
mod image;
mod inside;
pub(crate) mod j2k;
mod j2k_header;
pub(crate) mod jpeg;
pub(crate) mod jpegls;
mod jxl;
mod native;
pub(crate) mod raster;
pub(crate) mod rle;
mod surplus;
mod syntax;

pub use describe::{Planar, SampleKind, Sign};
pub use error::{Codec, DecodeError};
pub use image::Image;
pub use surplus::Surplus;

pub(crate) use finish::SignBit;
pub(crate) use inside::{Layout, Opened, Packing, Stored, joined};
