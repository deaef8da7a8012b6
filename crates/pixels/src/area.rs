//! [`Area`]: a rectangle of a frame, in pixels.

/// A rectangle of a frame: columns `x` to `x + w`, rows `y` to `y + h`, the ends left out.
///
/// `x + w` and `y + h` fit into `u32`; [`Area::new`] sees to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Area {
    /// The first row.
    pub y: u32,
    /// The first column.
    pub x: u32,
    /// Columns.
    pub w: u32,
    /// Rows.
    pub h: u32,
}

impl Area {
    /// A rectangle; what passes the largest coordinate is cut off.
    pub const fn new(x: u32, y: u32, w: u32, h: u32) -> Self {
        let (right, bottom) = (x.saturating_add(w), y.saturating_add(h));
        Self {
            y,
            x,
            w: right - x,
            h: bottom - y,
        }
    }

    /// One past the last column.
    pub const fn right(&self) -> u32 {
        self.x + self.w
    }

    /// One past the last row.
    pub const fn bottom(&self) -> u32 {
        self.y + self.h
    }

    /// No pixel lies in it.
    pub const fn is_empty(&self) -> bool {
        self.w == 0 || self.h == 0
    }

    /// Pixels in it.
    pub const fn pixels(&self) -> u64 {
        self.w as u64 * self.h as u64
    }

    /// The part that lies in a frame of `columns` and `rows`; `None` if there is none.
    pub fn within(&self, columns: u32, rows: u32) -> Option<Self> {
        self.meet(&Self::new(0, 0, columns, rows))
    }

    /// The part that both share; `None` if there is none.
    pub fn meet(&self, other: &Self) -> Option<Self> {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let right = self.right().min(other.right());
        let bottom = self.bottom().min(other.bottom());
        (x < right && y < bottom).then(|| Self::new(x, y, right - x, bottom - y))
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn around(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let right = self.right().max(other.right());
        let bottom = self.bottom().max(other.bottom());
        Self::new(x, y, right - x, bottom - y)
    }

    /// The same area of the frame whose rows and columns are exchanged.
    pub(crate) const fn transposed(&self) -> Self {
        Self::new(self.y, self.x, self.h, self.w)
    }

    /// Larger by `margin` pixels on every side, as far as coordinates go.
    #[must_use]
    pub const fn grown(&self, margin: u32) -> Self {
        let (x, y) = (self.x.saturating_sub(margin), self.y.saturating_sub(margin));
        let right = self.right().saturating_add(margin);
        let bottom = self.bottom().saturating_add(margin);
        Self::new(x, y, right - x, bottom - y)
    }

    /// Every pixel of `other` lies in it.
    pub fn holds(&self, other: &Self) -> bool {
        self.meet(other) == Some(*other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rectangles_meet_and_grow_within_their_bounds() {
        let area = Area::new(2, 3, 10, 5);
        assert_eq!(area.within(8, 100), Some(Area::new(2, 3, 6, 5)));
        assert_eq!(area.within(2, 100), None);
        assert_eq!(area.grown(4), Area::new(0, 0, 16, 12));
        assert_eq!(area.around(&Area::new(20, 0, 1, 1)), Area::new(2, 0, 19, 8));
        assert!(area.holds(&Area::new(3, 4, 1, 1)) && !area.holds(&Area::new(3, 4, 9, 5)));
        let edge = Area::new(u32::MAX - 1, 0, 10, 10).grown(5);
        assert_eq!((edge.right(), edge.w), (u32::MAX, 6));
    }
}
