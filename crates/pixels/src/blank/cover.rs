//! [`Cover`]: the pixels that the rectangles of a frame cover, each once.

use std::ops::Range;

use crate::area::Area;

/// Rectangles of one frame, clipped to it.
#[derive(Debug, Clone)]
pub(super) struct Cover {
    columns: u32,
    rows: u32,
    /// By first row, then first column.
    areas: Vec<Area>,
}

impl Cover {
    /// The rectangles as far as they lie in a frame of this size. The order does not matter,
    /// repeated and empty ones are left out.
    pub(super) fn new(areas: &[Area], columns: u32, rows: u32) -> Self {
        let mut areas: Vec<Area> = areas
            .iter()
            .filter_map(|area| area.within(columns, rows))
            .collect();
        // `Area` is ordered by row, then by column.
        areas.sort_unstable();
        areas.dedup();
        Self {
            columns,
            rows,
            areas,
        }
    }

    /// The rectangles; [`Cover::spans`] names them by their position here.
    pub(super) fn areas(&self) -> &[Area] {
        &self.areas
    }

    pub(super) fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    pub(super) const fn columns(&self) -> u32 {
        self.columns
    }

    pub(super) const fn rows(&self) -> u32 {
        self.rows
    }

    /// Calls `each` for the covered stretches of every row, from top left to bottom right: row,
    /// columns, and the rectangle they belong to. Where rectangles overlap, the one that begins
    /// further left has the pixel, so that no pixel is met twice, however many they are.
    pub(super) fn spans(&self, mut each: impl FnMut(u32, Range<u32>, usize)) {
        let mut waiting = self.areas.iter().enumerate().peekable();
        let mut active: Vec<(usize, Area)> = Vec::new();
        let mut row = 0;
        while row < self.rows {
            active.retain(|(_, area)| area.bottom() > row);
            while let Some((at, area)) = waiting.next_if(|(_, area)| area.y <= row) {
                let place = active.partition_point(|(_, other)| other.x <= area.x);
                active.insert(place, (at, *area));
            }
            let mut cursor = 0;
            for (at, area) in &active {
                let start = area.x.max(cursor);
                if start < area.right() {
                    each(row, start..area.right(), *at);
                    cursor = area.right();
                }
            }
            row = match (active.is_empty(), waiting.peek()) {
                (true, None) => break,
                (true, Some((_, next))) => next.y,
                (false, _) => row + 1,
            };
        }
    }

    /// A bit for each pixel.
    pub(super) fn mask(&self) -> Mask {
        let pixels = u64::from(self.columns) * u64::from(self.rows);
        let mut mask = Mask {
            columns: self.columns as usize,
            words: vec![0; pixels.div_ceil(64) as usize],
        };
        self.spans(|row, columns, _| mask.set(row, columns));
        mask
    }
}

/// A bit for each pixel of a frame.
pub(super) struct Mask {
    columns: usize,
    words: Vec<u64>,
}

impl Mask {
    fn set(&mut self, row: u32, columns: Range<u32>) {
        let start = row as usize * self.columns;
        for at in start + columns.start as usize..start + columns.end as usize {
            self.words[at / 64] |= 1 << (at % 64);
        }
    }

    /// Whether a pixel is covered, by its number from the top left.
    #[inline]
    pub(super) fn covers(&self, pixel: usize) -> bool {
        self.words[pixel / 64] >> (pixel % 64) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_lies_outside_or_is_empty_covers_nothing() {
        let areas = [
            Area::new(10, 0, 5, 5),
            Area::new(0, 10, 5, 5),
            Area::new(2, 2, 0, 5),
            Area::new(u32::MAX, 1, 9, 9),
        ];
        assert!(Cover::new(&areas, 10, 10).is_empty());
    }

    proptest! {
        #[test]
        fn every_covered_pixel_is_met_once_and_no_other(
            areas in proptest::collection::vec(
                (0_u32..24, 0_u32..24, 0_u32..12, 0_u32..12).prop_map(|(x, y, w, h)| Area::new(x, y, w, h)),
                0..12,
            ),
        ) {
            let cover = Cover::new(&areas, 20, 17);
            let mut met = [0; 20 * 17];
            cover.spans(|row, columns, at| {
                for x in columns {
                    met[(row * 20 + x) as usize] += 1;
                    assert!(cover.areas()[at].holds(&Area::new(x, row, 1, 1)));
                }
            });
            let mask = cover.mask();
            for (at, count) in met.into_iter().enumerate() {
                let pixel = Area::new(at as u32 % 20, at as u32 / 20, 1, 1);
                let covered = areas.iter().any(|area| area.holds(&pixel));
                prop_assert_eq!(count, u32::from(covered));
                prop_assert_eq!(mask.covers(at), covered);
            }
        }
    }
}
