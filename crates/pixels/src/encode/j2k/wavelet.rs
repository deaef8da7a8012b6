//! The reversible 5/3 transform of JPEG 2000 (ISO/IEC 15444-1 F.4), forward, in place: after it the
//! low band stands at the top left of the high ones.

/// A plane of samples, later of coefficients.
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) samples: Vec<i32>,
}

impl Plane {
    /// Transforms `levels` times, each time the low band of the one before.
    pub(super) fn transform(&mut self, levels: usize) {
        let (mut width, mut height) = (self.width, self.height);
        for _ in 0..levels {
            // F.4.2: down first, then across; with rounding the order matters.
            self.down(width, height);
            for line in self.samples.chunks_exact_mut(self.width).take(height) {
                across(&mut line[..width]);
            }
            (width, height) = (width.div_ceil(2), height.div_ceil(2));
        }
    }

    /// All columns at once, a line at a time.
    fn down(&mut self, width: usize, height: usize) {
        if height < 2 {
            return;
        }
        let stride = self.width;
        let step =
            |samples: &mut [i32], at: usize, one: usize, two: usize, lift: fn(i32) -> i32| {
                for x in 0..width {
                    let sum = samples[one * stride + x] + samples[two * stride + x];
                    samples[at * stride + x] += lift(sum);
                }
            };
        for y in (1..height).step_by(2) {
            let below = if y + 1 < height { y + 1 } else { y - 1 };
            step(&mut self.samples, y, y - 1, below, high);
        }
        for y in (0..height).step_by(2) {
            let above = if y > 0 { y - 1 } else { 1 };
            let below = if y + 1 < height { y + 1 } else { y - 1 };
            step(&mut self.samples, y, above, below, low);
        }
        let mut apart = vec![0; width * height];
        for y in 0..height {
            let target = y / 2 + if y % 2 == 1 { height.div_ceil(2) } else { 0 };
            apart[target * width..(target + 1) * width]
                .copy_from_slice(&self.samples[y * stride..y * stride + width]);
        }
        for (line, apart) in self
            .samples
            .chunks_exact_mut(stride)
            .zip(apart.chunks_exact(width))
        {
            line[..width].copy_from_slice(apart);
        }
    }
}

/// What is added to an odd sample from the sum of its neighbours (equation F-9).
const fn high(sum: i32) -> i32 {
    -(sum >> 1)
}

/// What is added to an even sample from the sum of its neighbours (equation F-10).
const fn low(sum: i32) -> i32 {
    (sum + 2) >> 2
}

fn across(line: &mut [i32]) {
    let length = line.len();
    if length < 2 {
        return;
    }
    for x in (1..length).step_by(2) {
        let right = if x + 1 < length { x + 1 } else { x - 1 };
        line[x] += high(line[x - 1] + line[right]);
    }
    for x in (0..length).step_by(2) {
        let left = if x > 0 { x - 1 } else { 1 };
        let right = if x + 1 < length { x + 1 } else { x - 1 };
        line[x] += low(line[left] + line[right]);
    }
    let apart: Vec<i32> = (0..length)
        .step_by(2)
        .chain((1..length).step_by(2))
        .map(|x| line[x])
        .collect();
    line.copy_from_slice(&apart);
}
