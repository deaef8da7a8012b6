//! Finding and reading text in pictures: the models behind [`obscura_pixels::text::TextFinder`].
//!
//! [`Models`] checks the model files by their SHA-256 and loads them; [`Ocr`] is the finder. The
//! detector and the reader are PP-OCRv6 small (`PaddlePaddle`, Apache-2.0); the first look
//! ([`glance`]) is a small network of our own and part of the program. All are run by `rten` in
//! this process, one thread a caller. Nothing is fetched here and no file is opened: the bytes come
//! from the caller.

mod component;
mod detect;
pub mod glance;
mod lazy;
mod models;
mod network;
mod ocr;
mod raster;
mod read;

pub use detect::Detector;
pub use lazy::LazyOcr;
pub use models::{ModelError, ModelFile, Models};
pub use network::InferenceError;
pub use ocr::Ocr;
pub use read::Reader;
