//! [`Detector`]: where text stands in a picture, by a network with differentiable binarization.
//!
//! The network (Liao et al., "Real-time Scene Text Detection with Differentiable Binarization",
//! 2020) gives for each pixel the probability that it lies in the shrunk core of a line. Cores are
//! grown back to lines here. Large pictures go through it in tiles, so that memory stays bounded.

use obscura_pixels::Area;
use obscura_pixels::render::Picture;
use obscura_pixels::text::Spot;
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use crate::component::{Component, components};
use crate::network::{InferenceError, Network};
use crate::raster::{Order, resampled};

/// The longest side of what goes through the network at once. Memory grows with its square: 736
/// takes about 110 MB.
const TILE: u32 = 736;
/// How much neighbouring tiles share: a line of that height is whole in one of them.
const OVERLAP: u32 = 96;
/// The network's strides ask for sides that are multiples of this.
const MULTIPLE: usize = 32;
/// A pixel belongs to a core from this probability on. The model's own default is 0.3; the lower
/// one finds 3 % more of small and faint lines.
const PIXEL: f32 = 0.2;
/// A core is reported from this mean probability on (default of the model: 0.5).
const BOX: f32 = 0.3;
/// A core is the line shrunk by area times ratio through perimeter; the growth that turns it back.
/// The model's default is 1.6 for cores from 0.3 on; from 0.2 on they are wider.
const UNCLIP: f32 = 1.3;

/// Finds lines of text.
#[derive(Debug)]
pub struct Detector {
    network: Box<dyn Network>,
}

impl Detector {
    pub(crate) fn new(network: Box<dyn Network>) -> Self {
        Self { network }
    }

    /// The lines in a picture that is enlarged by `scale` before; rectangles in the picture's own
    /// pixels. A line that crosses tiles is found in pieces that overlap.
    ///
    /// # Errors
    /// [`InferenceError`] if the network fails.
    pub fn detect(&self, picture: &Picture, scale: f32) -> Result<Vec<Spot>, InferenceError> {
        let mut spots = Vec::new();
        let step = |length: u32| steps(length, (TILE as f32 / scale) as u32, overlap(scale));
        for (y, h) in step(picture.height) {
            for (x, w) in step(picture.width) {
                self.tile(picture, Area::new(x, y, w, h), scale, &mut spots)?;
            }
        }
        Ok(spots)
    }

    fn tile(
        &self,
        picture: &Picture,
        tile: Area,
        scale: f32,
        spots: &mut Vec<Spot>,
    ) -> Result<(), InferenceError> {
        let scaled = |length: u32| ((length as f32 * scale).round() as usize).max(1);
        let (width, height) = (scaled(tile.w), scaled(tile.h));
        let full = |length: usize| length.next_multiple_of(MULTIPLE);
        let planes = resampled(
            picture,
            tile,
            (width, height),
            (full(width), full(height)),
            Order::Bgr,
        );
        let shape = [1, 3, planes.height, planes.width];
        let output = self
            .network
            .run(NdTensor::from_data(shape, planes.values))?;
        if output.shape() != [1, 1, planes.height, planes.width] {
            return Err(InferenceError::Output);
        }
        let map = output.data().ok_or(InferenceError::Output)?;
        let back = Back {
            tile,
            x: tile.w as f32 / width as f32,
            y: tile.h as f32 / height as f32,
        };
        let found = components(map, planes.width, PIXEL);
        let lines = found.iter().filter(|core| core.mean >= BOX);
        spots.extend(lines.filter_map(|core| back.spot(core)));
        Ok(())
    }
}

fn overlap(scale: f32) -> u32 {
    (OVERLAP as f32 / scale) as u32
}

/// Begins and lengths of pieces of at most `piece` that cover `length` and share `overlap`.
fn steps(length: u32, piece: u32, overlap: u32) -> Vec<(u32, u32)> {
    if length <= piece {
        return vec![(0, length)];
    }
    let count = (length - overlap).div_ceil(piece - overlap);
    let last = length - piece;
    (0..count)
        .map(|at| {
            let begin = u64::from(last) * u64::from(at) / u64::from(count - 1);
            (begin as u32, piece)
        })
        .collect()
}

/// From cells of the map back to pixels of the picture.
struct Back {
    tile: Area,
    x: f32,
    y: f32,
}

impl Back {
    fn spot(&self, core: &Component) -> Option<Spot> {
        let (w, h) = (core.area.w as f32, core.area.h as f32);
        let growth = core.cells as f32 * UNCLIP / (2.0 * (w + h));
        let parts: Vec<Area> = core
            .parts()
            .iter()
            .filter_map(|part| self.area(part, growth.max(1.0)))
            .collect();
        let area = self.area(&core.area, growth.max(1.0))?;
        Some(Spot {
            area,
            parts,
            score: core.mean,
        })
    }

    /// A rectangle of the map, grown, as pixels of the picture; only what lies in the tile.
    fn area(&self, part: &Area, growth: f32) -> Option<Area> {
        let low = |at: u32, ratio: f32| ((at as f32 - growth).max(0.0) * ratio).floor() as u32;
        let high = |at: u32, ratio: f32| ((at as f32 + growth) * ratio).ceil() as u32;
        let (x, y) = (low(part.x, self.x), low(part.y, self.y));
        let (right, bottom) = (high(part.right(), self.x), high(part.bottom(), self.y));
        let part = Area::new(x, y, right - x, bottom - y).within(self.tile.w, self.tile.h)?;
        Some(Area::new(
            part.x + self.tile.x,
            part.y + self.tile.y,
            part.w,
            part.h,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rten_tensor::Tensor;

    /// A network that finds what is white.
    #[derive(Debug)]
    struct White;

    impl Network for White {
        fn run(&self, input: NdTensor<f32, 4>) -> Result<Tensor<f32>, InferenceError> {
            let [_, _, h, w] = input.shape();
            let values = input.data().ok_or(InferenceError::Output)?;
            let map = values[..h * w]
                .iter()
                .map(|v| f32::from(u8::from(*v > 0.9)));
            Ok(Tensor::from_data(&[1, 1, h, w], map.collect::<Vec<_>>()))
        }
    }

    fn picture(width: u32, height: u32, white: Area) -> Picture {
        let inside = |at: u32| white.holds(&Area::new(at % width, at / width, 1, 1));
        Picture {
            width,
            height,
            channels: 1,
            data: (0..width * height)
                .map(|at| u8::from(inside(at)) * 255)
                .collect(),
        }
    }

    #[test]
    fn a_core_is_grown_back_to_its_line() {
        let core = Area::new(40, 20, 60, 6);
        for scale in [1.0, 2.0] {
            let spots = Detector::new(Box::new(White))
                .detect(&picture(200, 90, core), scale)
                .unwrap();
            assert_eq!(spots.len(), 1);
            let line = spots[0].area;
            assert!(
                line.holds(&core.grown(3)) && core.grown(7).holds(&line),
                "{line:?}"
            );
            assert_eq!(spots[0].parts, [line]);
        }
    }

    #[test]
    fn tiles_cover_a_large_picture_and_share_a_margin() {
        let pieces = steps(2000, 736, 96);
        assert_eq!(
            (pieces[0], pieces.last().copied()),
            ((0, 736), Some((1264, 736)))
        );
        assert!(pieces.windows(2).all(|two| two[0].0 + 736 >= two[1].0 + 96));
        assert_eq!(steps(736, 736, 96), [(0, 736)]);
        let white = Area::new(1500, 30, 20, 8);
        let spots = Detector::new(Box::new(White))
            .detect(&picture(1600, 100, white), 1.0)
            .unwrap();
        assert!(!spots.is_empty() && spots.iter().all(|spot| spot.area.holds(&white)));
    }
}
