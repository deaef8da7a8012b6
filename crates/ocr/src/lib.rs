//! Finding and reading text in pictures: the models behind [`obscura_pixels::text::TextFinder`].
//!
//! [`Models`] checks the model files by their SHA-256 and loads them; [`Ocr`] is the finder. The
//! detector and the reader are PP-OCRv6 small (`PaddlePaddle`, Apache-2.0); the first look
//! ([`glance`]) is a small network of our own and part of the program. All are computed in this
//! process, one thread a caller: detector and reader by `rten`, but for the convolutions that it is
//! slow with, the first look by those alone. With the feature `ort`, detector and reader can be run by
//! ONNX Runtime instead. Nothing is fetched here and no file is opened: the bytes come
//! from the caller.

mod component;
mod convolution;
mod detect;
pub mod glance;
mod layers;
mod lazy;
mod models;
mod network;
mod ocr;
#[cfg(feature = "ort")]
mod onnx_runtime;
mod raster;
mod read;
mod segments;
mod stem;
mod weights;

pub use detect::Detector;
pub use lazy::LazyOcr;
pub use models::{ModelError, ModelFile, Models};
pub use network::InferenceError;
pub use ocr::Ocr;
#[cfg(feature = "ort")]
pub use onnx_runtime::OnnxRuntime;
pub use read::Reader;
