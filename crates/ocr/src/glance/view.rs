//! The network's view of a plane: local contrast, whatever the window, the depth or the polarity.
//!
//! `v = clip((I - mean) / (deviation + floor), -3, 3) / 3`, mean and deviation over a box of 33
//! pixels cut at the frame's edges. The training's `view.py` computes the same; a test holds the
//! two together. The input of the network is [`blocks`]: four half-size planes, one for each
//! place in a block of 2 by 2 pixels.

/// Half the box, less its centre.
const RADIUS: usize = 16;
/// Where the view is cut, in deviations.
const CLIP: f32 = 3.0;
/// The network's coarsest stride: heights and widths it gets are multiples of it.
pub(crate) const STRIDE: usize = 16;

/// A plane of values, row by row.
#[derive(Clone, Copy)]
pub(crate) struct Values<'a> {
    pub(crate) cells: &'a [f32],
    pub(crate) width: usize,
    pub(crate) height: usize,
}

/// A rectangle of a plane, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) x: usize,
    pub(crate) y: usize,
    pub(crate) width: usize,
    pub(crate) height: usize,
}

/// The network's input for one part: `4 * rows * columns` values.
pub(crate) struct Blocks {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) values: Vec<f32>,
}

/// The least deviation that counts, so that the last bit of a flat background stays quiet: half a
/// step where all values are whole, 1/512 of the range where they are not.
pub(crate) fn floor(values: &[f32]) -> f32 {
    // Piece by piece, so that the common case is a loop without a way out.
    let mut pieces = values.chunks(1024);
    if pieces.all(|piece| all_small_and_whole(piece) || piece.iter().all(|v| is_whole(*v))) {
        return 0.5;
    }
    let (low, high) = values
        .iter()
        .fold((f32::MAX, f32::MIN), |(low, high), value| {
            (low.min(*value), high.max(*value))
        });
    ((high - low) / 512.0).max(1e-30)
}

/// Whether all values are whole and fit into 32 bits.
#[expect(clippy::float_cmp, reason = "whole is what has no fraction at all")]
fn all_small_and_whole(values: &[f32]) -> bool {
    let broken = |value: &f32| u32::from((*value as i32) as f32 != *value);
    values.iter().map(broken).sum::<u32>() == 0
}

#[expect(clippy::float_cmp, reason = "whole is what has no fraction at all")]
fn is_whole(value: f32) -> bool {
    value.trunc() == value
}

/// Means of blocks of 3 by 3 pixels; rows and columns left over are dropped.
pub(crate) fn third(plane: Values) -> Vec<f32> {
    let (width, height) = (plane.width / 3, plane.height / 3);
    let mut reduced = Vec::with_capacity(width * height);
    for rows in plane.cells.chunks_exact(3 * plane.width).take(height) {
        let (top, rest) = rows.split_at(plane.width);
        let (middle, bottom) = rest.split_at(plane.width);
        let columns = top
            .chunks_exact(3)
            .zip(middle.chunks_exact(3))
            .zip(bottom.chunks_exact(3));
        reduced.extend(columns.map(|((a, b), c)| {
            let sum = |row: &[f32]| row.iter().sum::<f32>();
            (sum(a) + sum(b) + sum(c)) / 9.0
        }));
    }
    reduced
}

/// Sums over the columns of the box around a row: of the values and of their squares.
struct Columns {
    sums: Vec<f64>,
    squares: Vec<f64>,
    /// Taken off every value first: sums of what is far from zero would lose their last digits.
    offset: f64,
}

impl Columns {
    fn change(&mut self, row: &[f32], sign: f64) {
        let sums = self.sums.iter_mut().zip(&mut self.squares);
        for ((sum, square), value) in sums.zip(row) {
            let value = f64::from(*value) - self.offset;
            *sum += sign * value;
            *square += sign * value * value;
        }
    }
}

/// The view of one part of a plane as the network's input; what the part lacks to a multiple of
/// [`STRIDE`] is 0.
pub(crate) fn blocks(plane: Values, part: Part, floor: f32) -> Blocks {
    let rows = part.height.next_multiple_of(STRIDE) / 2;
    let columns = part.width.next_multiple_of(STRIDE) / 2;
    let mut values = vec![0.0; 4 * rows * columns];
    // The part of the columns that the boxes of this part reach.
    let left = part.x.saturating_sub(RADIUS);
    let right = (part.x + part.width + RADIUS).min(plane.width);
    let row = |y: usize| &plane.cells[y * plane.width..][left..right];
    let mut sums = Columns {
        sums: vec![0.0; right - left],
        squares: vec![0.0; right - left],
        offset: plane.cells.first().copied().map_or(0.0, f64::from),
    };
    let first = part.y.saturating_sub(RADIUS);
    for y in first..(part.y + RADIUS).min(plane.height) {
        sums.change(row(y), 1.0);
    }
    let mut line = Line::new(part, left, right);
    for y in part.y..part.y + part.height {
        if y + RADIUS < plane.height {
            sums.change(row(y + RADIUS), 1.0);
        }
        if y > RADIUS && y - RADIUS > first {
            sums.change(row(y - RADIUS - 1), -1.0);
        }
        let high = (y + RADIUS + 1).min(plane.height) - y.saturating_sub(RADIUS);
        line.compute(&sums, row(y), high, floor);
        let at = y - part.y;
        let (even, odd) = values[2 * (at % 2) * rows * columns..][..2 * rows * columns]
            .split_at_mut(rows * columns);
        let even = &mut even[(at / 2) * columns..][..columns];
        let odd = &mut odd[(at / 2) * columns..][..columns];
        for ((pair, even), odd) in line.view.chunks(2).zip(even).zip(odd) {
            *even = pair[0];
            *odd = pair.get(1).copied().unwrap_or(0.0);
        }
    }
    Blocks {
        rows,
        columns,
        values,
    }
}

/// One row of the view and what is needed to compute it.
struct Line {
    part: Part,
    /// The columns that were summed.
    left: usize,
    right: usize,
    /// Sums of all columns before one.
    sums: Vec<f64>,
    squares: Vec<f64>,
    view: Vec<f32>,
}

impl Line {
    fn new(part: Part, left: usize, right: usize) -> Self {
        Self {
            part,
            left,
            right,
            sums: vec![0.0; right - left + 1],
            squares: vec![0.0; right - left + 1],
            view: vec![0.0; part.width],
        }
    }

    fn compute(&mut self, columns: &Columns, row: &[f32], high: usize, floor: f32) {
        let (mut sum, mut square) = (0.0, 0.0);
        let prefixes = self.sums[1..].iter_mut().zip(&mut self.squares[1..]);
        for ((to_sum, to_square), (a, b)) in prefixes.zip(columns.sums.iter().zip(&columns.squares))
        {
            sum += a;
            square += b;
            (*to_sum, *to_square) = (sum, square);
        }
        // Boxes cut at an edge have widths of their own; those between are all alike.
        let (start, end) = (self.part.x, self.part.x + self.part.width);
        let from = (self.left + RADIUS).clamp(start, end);
        let to = self.right.saturating_sub(RADIUS).clamp(from, end);
        for x in (start..from).chain(to..end) {
            self.cells(x, 1, columns, row, high, floor);
        }
        self.cells(from, to - from, columns, row, high, floor);
    }

    /// The view of `count` pixels from column `x`, whose boxes are all as wide as the first.
    fn cells(
        &mut self,
        x: usize,
        count: usize,
        of: &Columns,
        row: &[f32],
        high: usize,
        floor: f32,
    ) {
        if count == 0 {
            return;
        }
        let from = x.saturating_sub(RADIUS).max(self.left) - self.left;
        let to = (x + RADIUS + 1).min(self.right) - self.left;
        let pixels = 1.0 / ((to - from) * high) as f64;
        let sums = self.sums[to..][..count].iter().zip(&self.sums[from..]);
        let squares = self.squares[to..][..count]
            .iter()
            .zip(&self.squares[from..]);
        let own = &row[x - self.left..];
        let view = self.view[x - self.part.x..].iter_mut().zip(own);
        for ((value, own), (sum, square)) in view.zip(sums.zip(squares)) {
            let mean = (sum.0 - sum.1) * pixels;
            let spread = (square.0 - square.1) * pixels - mean * mean;
            let deviation = (spread.max(0.0) as f32).sqrt();
            let over = (f64::from(*own) - of.offset - mean) as f32;
            *value = (over / (deviation + floor)).clamp(-CLIP, CLIP) * (1.0 / CLIP);
        }
    }
}

#[cfg(test)]
#[expect(
    clippy::float_cmp,
    reason = "what is computed exactly is compared exactly"
)]
mod tests {
    use super::*;

    fn view(values: &[f32], width: usize, part: Part) -> Blocks {
        let plane = Values {
            cells: values,
            width,
            height: values.len() / width,
        };
        blocks(plane, part, floor(values))
    }

    fn at(blocks: &Blocks, x: usize, y: usize) -> f32 {
        let plane = (y % 2) * 2 + x % 2;
        blocks.values[(plane * blocks.rows + y / 2) * blocks.columns + x / 2]
    }

    fn plane(width: usize, height: usize) -> Vec<f32> {
        let value = |at: usize| ((at * 7919 + at * at * 31) % 1009) as f32;
        (0..width * height).map(value).collect()
    }

    const fn whole(width: usize, height: usize) -> Part {
        Part {
            x: 0,
            y: 0,
            width,
            height,
        }
    }

    #[test]
    fn a_flat_plane_shows_nothing_and_one_step_on_it_shows() {
        let mut values = vec![4000.0; 64 * 64];
        let flat = view(&values, 64, whole(64, 64));
        assert!(flat.values.iter().all(|value| *value == 0.0));
        values[32 * 64 + 32] = 4001.0;
        let lit = view(&values, 64, whole(64, 64));
        assert!(at(&lit, 32, 32) > 0.5, "{}", at(&lit, 32, 32));
    }

    #[test]
    fn neither_window_nor_polarity_nor_offset_matter() {
        let values = plane(50, 40);
        let other: Vec<f32> = values.iter().map(|v| 30_000.0 - 16.0 * v).collect();
        let (one, two) = (
            view(&values, 50, whole(50, 40)),
            view(&other, 50, whole(50, 40)),
        );
        for (a, b) in one.values.iter().zip(&two.values) {
            assert!((a + b).abs() < 2e-3, "{a} {b}");
        }
    }

    #[test]
    fn a_part_is_seen_as_in_the_whole() {
        let values = plane(120, 90);
        let all = view(&values, 120, whole(120, 90));
        let part = Part {
            x: 32,
            y: 16,
            width: 75,
            height: 61,
        };
        let some = view(&values, 120, part);
        assert_eq!((some.columns, some.rows), (40, 32));
        for y in 0..part.height {
            for x in 0..part.width {
                let (a, b) = (at(&some, x, y), at(&all, x + part.x, y + part.y));
                assert!((a - b).abs() < 1e-5, "{x} {y}: {a} {b}");
            }
        }
        assert_eq!(at(&some, 75, 0), 0.0);
    }

    #[test]
    fn a_third_is_the_mean_of_nine() {
        let values: Vec<f32> = (0..7 * 4).map(|at| at as f32).collect();
        let plane = Values {
            cells: &values,
            width: 7,
            height: 4,
        };
        assert_eq!(third(plane), [8.0, 11.0]);
    }

    #[test]
    fn fractions_have_a_floor_by_their_range() {
        assert_eq!(floor(&[0.0, 3.0, -7.0]), 0.5);
        assert_eq!(floor(&[0.0, 256.5]), 256.5 / 512.0);
        assert_eq!(floor(&[5e9, 0.0]), 0.5);
    }
}
