//! [`Planes`]: what goes in and out of a convolution, with a rim of zeros around each plane.

use super::TILE;

/// Planes of `height * width` numbers, one after the other.
///
/// Above and below each plane lie `rim` rows of zeros, and between its rows `rim` zeros, which are the
/// right rim of one row and the left rim of the next. So a step of a kernel is the same way through the
/// memory from every place of the plane, and whoever convolves needs to know no edges.
#[derive(Debug, Clone)]
pub(crate) struct Planes {
    pub(crate) channels: usize,
    pub(crate) height: usize,
    pub(crate) width: usize,
    pub(super) rim: usize,
    pub(super) cells: Vec<f32>,
}

impl Planes {
    /// Planes of zeros.
    pub(crate) fn zeros(channels: usize, height: usize, width: usize, rim: usize) -> Self {
        let mut planes = Self {
            channels,
            height,
            width,
            rim,
            cells: Vec::new(),
        };
        planes.cells = vec![0.0; channels * planes.size()];
        planes
    }

    /// Planes of these numbers: channel by channel, row by row, no rim.
    pub(crate) fn from_slice(values: &[f32], shape: [usize; 3], rim: usize) -> Self {
        let [channels, height, width] = shape;
        let mut planes = Self::zeros(channels, height, width, rim);
        planes.fill(values);
        planes
    }

    /// Other numbers in the place of these.
    pub(super) fn fill(&mut self, values: &[f32]) {
        let mut rows = values.chunks_exact(self.width.max(1));
        for channel in 0..self.channels {
            for (y, row) in (0..self.height).zip(&mut rows) {
                self.row_mut(channel, y).copy_from_slice(row);
            }
        }
    }

    /// The numbers without the rims: channel by channel, row by row.
    pub(crate) fn to_vec(&self) -> Vec<f32> {
        let mut values = Vec::with_capacity(self.channels * self.height * self.width);
        self.append_to(&mut values);
        values
    }

    /// Puts the numbers without the rims after others.
    pub(super) fn append_to(&self, values: &mut Vec<f32>) {
        for channel in 0..self.channels {
            for y in 0..self.height {
                values.extend_from_slice(self.row(channel, y));
            }
        }
    }

    pub(crate) fn row(&self, channel: usize, y: usize) -> &[f32] {
        let at = channel * self.size() + self.lead() + y * self.stride();
        &self.cells[at..at + self.width]
    }

    pub(crate) fn row_mut(&mut self, channel: usize, y: usize) -> &mut [f32] {
        let at = channel * self.size() + self.lead() + y * self.stride();
        &mut self.cells[at..at + self.width]
    }

    /// From one row to the next.
    pub(super) fn stride(&self) -> usize {
        self.width + self.rim
    }

    /// What lies before the first number of a plane.
    pub(super) fn lead(&self) -> usize {
        self.rim * self.stride() + self.rim
    }

    /// From the first number of a plane to the end of its last row, in whole tiles.
    pub(super) fn body(&self) -> usize {
        (self.height * self.stride()).next_multiple_of(TILE)
    }

    /// From one plane to the next.
    pub(super) fn size(&self) -> usize {
        self.body() + 2 * self.lead()
    }

    /// Makes the rims zero again after something was written over all of the bodies.
    pub(super) fn clear_rims(&mut self) {
        let (lead, stride, width) = (self.lead(), self.stride(), self.width);
        let (own, size) = (self.height * stride, self.size());
        for plane in self.cells.chunks_exact_mut(size) {
            let (rows, below) = plane[lead..].split_at_mut(own);
            for row in rows.chunks_exact_mut(stride) {
                row[width..].fill(0.0);
            }
            below.fill(0.0);
        }
    }

    /// What a convolution with a stride of 2 sees: of each plane four of half the size, for the even and
    /// the odd columns of the even rows, then of the odd ones. Heights and widths are even.
    pub(crate) fn phases(&self) -> Self {
        let (height, width) = (self.height / 2, self.width / 2);
        let mut phases = Self::zeros(4 * self.channels, height, width, self.rim);
        let size = phases.size();
        for channel in 0..self.channels {
            for y in 0..2 * height {
                let pairs = self.row(channel, y).as_chunks::<2>().0;
                let first = 4 * channel + y % 2 * 2;
                let at = phases.lead() + y / 2 * phases.stride();
                let (even, odd) = phases.cells[first * size..].split_at_mut(size);
                let even = &mut even[at..at + width];
                let odd = &mut odd[at..at + width];
                for ((pair, even), odd) in pairs.iter().zip(even).zip(odd) {
                    (*even, *odd) = (pair[0], pair[1]);
                }
            }
        }
        phases
    }

    /// The other way round: of four planes one of twice the size.
    pub(crate) fn shuffled(&self) -> Self {
        let (height, width) = (2 * self.height, 2 * self.width);
        let mut planes = Self::zeros(self.channels / 4, height, width, self.rim);
        for channel in 0..planes.channels {
            for y in 0..height {
                let first = 4 * channel + y % 2 * 2;
                let (even, odd) = (self.row(first, y / 2), self.row(first + 1, y / 2));
                let pairs = planes.row_mut(channel, y).as_chunks_mut::<2>().0;
                for ((pair, even), odd) in pairs.iter_mut().zip(even).zip(odd) {
                    *pair = [*even, *odd];
                }
            }
        }
        planes
    }

    /// The largest of each number and its neighbours to the right, below, and both, of numbers that are
    /// not below zero.
    pub(crate) fn pooled(&self) -> Self {
        let mut pooled = Self::zeros(self.channels, self.height, self.width, self.rim);
        let (size, lead, stride) = (self.size(), self.lead(), self.stride());
        let targets = pooled.cells.chunks_exact_mut(size);
        for (to, from) in targets.zip(self.cells.chunks_exact(size)) {
            let (near, below) = (&from[lead..], &from[lead + stride..]);
            let upper = near.iter().zip(&near[1..]);
            let lower = below.iter().zip(&below[1..]);
            let to = &mut to[lead..][..self.height * stride];
            for ((to, (a, b)), (c, d)) in to.iter_mut().zip(upper).zip(lower) {
                *to = a.max(*b).max(c.max(*d));
            }
        }
        pooled.clear_rims();
        pooled
    }

    /// Puts other planes of the same size after these.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.channels += other.channels;
        self.cells.append(&mut other.cells);
    }

    /// Adds planes of the same shape.
    pub(crate) fn add(&mut self, other: &Self) {
        for (cell, other) in self.cells.iter_mut().zip(&other.cells) {
            *cell += other;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(channels: usize, height: usize, width: usize) -> Planes {
        let count = channels * height * width;
        let values: Vec<f32> = (1..=count).map(|at| at as f32).collect();
        Planes::from_slice(&values, [channels, height, width], 1)
    }

    #[test]
    fn numbers_come_back_and_rims_are_cleared() {
        let mut planes = numbered(2, 3, 5);
        let values = planes.to_vec();
        assert_eq!(values.len(), 30);
        assert_eq!(planes.row(1, 2), [26.0, 27.0, 28.0, 29.0, 30.0]);
        let rims = planes.cells.iter().filter(|cell| **cell == 0.0).count();
        let (lead, body, size) = (planes.lead(), planes.body(), planes.size());
        for plane in planes.cells.chunks_exact_mut(size) {
            for cell in &mut plane[lead..lead + body] {
                if *cell == 0.0 {
                    *cell = 7.0;
                }
            }
        }
        planes.clear_rims();
        assert_eq!(planes.to_vec(), values);
        assert_eq!(
            planes.cells.iter().filter(|cell| **cell == 0.0).count(),
            rims
        );
    }

    #[test]
    fn phases_are_put_together_again() {
        let planes = numbered(3, 4, 6);
        let phases = planes.phases();
        assert_eq!((phases.channels, phases.height, phases.width), (12, 2, 3));
        assert_eq!(phases.row(0, 0), [1.0, 3.0, 5.0]);
        assert_eq!(phases.row(1, 1), [14.0, 16.0, 18.0]);
        assert_eq!(phases.row(3, 0), [8.0, 10.0, 12.0]);
        assert_eq!(phases.shuffled().to_vec(), planes.to_vec());
    }

    #[test]
    fn the_largest_of_four_ends_with_the_plane() {
        let mut planes = numbered(1, 3, 4);
        planes.row_mut(0, 1)[0] = 50.0;
        let pooled = planes.pooled();
        assert_eq!(pooled.row(0, 0), [50.0, 7.0, 8.0, 8.0]);
        assert_eq!(pooled.row(0, 1), [50.0, 11.0, 12.0, 12.0]);
        assert_eq!(pooled.row(0, 2), [10.0, 11.0, 12.0, 12.0]);
        let mut two = planes.clone();
        two.append(pooled);
        assert_eq!(
            (two.channels, two.row(1, 2)),
            (2, &[10.0, 11.0, 12.0, 12.0][..])
        );
    }
}
