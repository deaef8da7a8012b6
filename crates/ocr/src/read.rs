//! [`Reader`]: what a line of text says, by a network with connectionist temporal classification.
//!
//! The network sees the line at a height of 48 pixels and gives for every eighth column the
//! probability of each character; repeated ones and blanks fall together (Graves et al., 2006).

use obscura_core::Phi;
use obscura_pixels::Area;
use obscura_pixels::render::Picture;
use obscura_pixels::text::Reading;
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use crate::network::{InferenceError, Network};
use crate::raster::{Order, resampled};

/// The height of a line as the network was trained.
const HEIGHT: usize = 48;
/// The least width that goes in: the network was trained with lines at least that long.
const LEAST: usize = 160;
/// The greatest: longer lines are squeezed.
const MOST: usize = 1600;

/// Reads lines of text.
#[derive(Debug)]
pub struct Reader {
    /// The characters by class; class 0 is the blank.
    characters: Vec<char>,
    network: Box<dyn Network>,
}

impl Reader {
    /// A reader for a network that knows these characters, one a line; the space comes after them.
    pub(crate) fn new(characters: &str, network: Box<dyn Network>) -> Self {
        let listed = characters.split('\n');
        let mut characters: Vec<char> = listed
            .map(|one| one.chars().next().unwrap_or(' '))
            .collect();
        characters.push(' ');
        Self {
            characters,
            network,
        }
    }

    /// Reads one upright line that fills the picture.
    ///
    /// # Errors
    /// [`InferenceError`] if the network fails.
    pub fn read(&self, line: &Picture) -> Result<Reading, InferenceError> {
        let ratio = line.width as f32 / line.height as f32;
        let width = ((HEIGHT as f32 * ratio).ceil() as usize).clamp(8, MOST);
        let full = width.max(LEAST).next_multiple_of(8);
        let whole = Area::new(0, 0, line.width, line.height);
        let planes = resampled(line, whole, (width, HEIGHT), (full, HEIGHT), Order::Bgr);
        let mut values = planes.values;
        // Beyond the line stands the middle of the range, as in training.
        for row in values.chunks_exact_mut(full) {
            row[width..].fill(0.0);
        }
        let input = NdTensor::from_data([1, 3, HEIGHT, full], values);
        let output = self.network.run(input)?;
        let &[1, columns, classes] = output.shape() else {
            return Err(InferenceError::Output);
        };
        let probabilities = output.data().ok_or(InferenceError::Output)?;
        Ok(self.decode(probabilities, columns, classes))
    }

    fn decode(&self, probabilities: &[f32], columns: usize, classes: usize) -> Reading {
        let (mut text, mut sum, mut count, mut before) = (String::new(), 0.0, 0_u32, 0);
        for column in probabilities.chunks_exact(classes).take(columns) {
            let best = column
                .iter()
                .enumerate()
                .fold(
                    (0, 0.0),
                    |best, (class, p)| if *p > best.1 { (class, *p) } else { best },
                );
            if best.0 != 0 && best.0 != before {
                text.extend(self.characters.get(best.0 - 1));
                sum += best.1;
                count += 1;
            }
            before = best.0;
        }
        Reading {
            text: Phi::new(text),
            confidence: if count == 0 { 0.0 } else { sum / count as f32 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rten_tensor::Tensor;

    #[derive(Debug)]
    struct Says(Vec<(usize, f32)>);

    impl Network for Says {
        fn run(&self, input: NdTensor<f32, 4>) -> Result<Tensor<f32>, InferenceError> {
            assert_eq!(input.shape()[2], HEIGHT);
            let mut values = vec![0.0; self.0.len() * 4];
            for (column, (class, p)) in self.0.iter().enumerate() {
                values[column * 4 + class] = *p;
            }
            Ok(Tensor::from_data(&[1, self.0.len(), 4], values))
        }
    }

    #[test]
    fn repeated_classes_and_blanks_fall_together() {
        let classes = vec![
            (0, 0.9),
            (1, 0.8),
            (1, 0.6),
            (0, 0.9),
            (1, 1.0),
            (3, 0.9),
            (2, 0.7),
        ];
        let reader = Reader::new("A\nB", Box::new(Says(classes)));
        let line = Picture {
            width: 30,
            height: 10,
            channels: 1,
            data: vec![0; 300],
        };
        let reading = reader.read(&line).unwrap();
        assert_eq!(reading.text.expose(), "AA B");
        assert!((reading.confidence - 0.85).abs() < 1e-6);
        let silent = Reader::new("A\nB", Box::new(Says(vec![(0, 0.9)])));
        assert!(silent.read(&line).unwrap().confidence < 1e-9);
    }
}
