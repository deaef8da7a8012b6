//! Decoding and rendering of DICOM pixel data (PS3.3 C.7.6.3, PS3.5 chapter 8, PS3.14).

mod area;
pub mod blank;
pub mod decode;
mod encode;
mod frame;
pub mod render;
pub mod rules;
pub mod text;

pub use area::Area;
pub use frame::{Frame, Photometric, Samples};
