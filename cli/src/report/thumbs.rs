//! Small copies of rendered pictures, to stand in the report itself.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::{DynamicImage, ImageDecoder};

/// Longest side of a thumbnail in pixels.
pub(super) const SIDE: u32 = 200;
/// Longest side where boxes are drawn over it.
pub(super) const TOUCHED_SIDE: u32 = 420;
const QUALITY: u8 = 72;
/// A rendered frame is never larger than this in memory; what is larger has no thumbnail.
const MAX_DECODED_BYTES: u64 = 1 << 30;

/// A small picture.
#[derive(Debug)]
pub(super) struct Thumb {
    /// The picture it was made of, relative to the output directory.
    pub(super) path: String,
    /// `data:image/jpeg;base64,...`.
    pub(super) data: String,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Width and height of the picture it was made of.
    pub(super) full: (u32, u32),
}

/// Makes thumbnails, on all cores, in the order of the paths. One that cannot be made is left out.
pub(super) fn make(out: &Path, pictures: &[String], side: u32) -> Vec<Thumb> {
    let next = AtomicUsize::new(0);
    let made = Mutex::new(Vec::new());
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..cores.min(pictures.len()) {
            scope.spawn(|| {
                while let Some((at, path)) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    pictures.get(at).map(|path| (at, path))
                } {
                    if let Ok(thumb) = thumb(out, path, side) {
                        made.lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .push((at, thumb));
                    } else {
                        tracing::warn!("a picture has no thumbnail in the report");
                    }
                }
            });
        }
    });
    let mut made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
    made.sort_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, thumb)| thumb).collect()
}

fn thumb(out: &Path, path: &str, side: u32) -> image::ImageResult<Thumb> {
    let decoder = JpegDecoder::new(BufReader::new(File::open(out.join(path))?))?;
    if decoder.total_bytes() > MAX_DECODED_BYTES {
        return Err(image::ImageError::Limits(
            image::error::LimitError::from_kind(image::error::LimitErrorKind::DimensionError),
        ));
    }
    let picture = DynamicImage::from_decoder(decoder)?;
    let full = (picture.width(), picture.height());
    let small = if full.0.max(full.1) > side {
        picture.thumbnail(side, side)
    } else {
        picture
    };
    let mut bytes = Vec::new();
    small.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))?;
    Ok(Thumb {
        path: path.to_owned(),
        data: format!("data:image/jpeg;base64,{}", STANDARD.encode(bytes)),
        width: small.width(),
        height: small.height(),
        full,
    })
}
