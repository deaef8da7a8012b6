//! [`Place`]: a rectangle as a rule states it, in pixels, parts of the frame or from its far edges.

use crate::area::Area;

/// A rectangle that finds its place once the size of the frame is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// The whole frame.
    All,
    /// Left and upper edge, width and height.
    Rectangle {
        x: Offset,
        y: Offset,
        w: Extent,
        h: Extent,
    },
}

/// Where a rectangle begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Offset {
    /// Pixels from the left or upper edge.
    FromNear(u32),
    /// Pixels before the right or lower edge.
    FromFar(u32),
    /// Of the width or height, 0 to 100.
    Percent(f64),
}

/// How far a rectangle goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Extent {
    Pixels(u32),
    /// Of the width or height, 0 to 100.
    Percent(f64),
    /// To the edge of the frame.
    ToEdge,
}

impl Place {
    /// What a rectangle must be, for an error.
    pub(super) const EXPECTED: &'static str = "rectangles: \"all\" or \"x,y,w,h\" with pixels \
         (x and y below zero count from the right and lower edge), percent (\"8%\"), or \"*\" for a \
         width or height up to the edge";

    /// Reads `all` or `x,y,w,h`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.trim().eq_ignore_ascii_case("all") {
            return Some(Self::All);
        }
        let mut parts = text.split(',').map(str::trim);
        let place = Self::Rectangle {
            x: offset(parts.next()?)?,
            y: offset(parts.next()?)?,
            w: extent(parts.next()?)?,
            h: extent(parts.next()?)?,
        };
        parts.next().is_none().then_some(place)
    }

    /// The rectangle in a frame, cut at its edges; `None` if nothing of it lies in the frame.
    pub(super) fn in_frame(&self, frame: Area) -> Option<Area> {
        let Self::Rectangle { x, y, w, h } = *self else {
            return (!frame.is_empty()).then_some(frame);
        };
        let (left, top) = (x.at(frame.w), y.at(frame.h));
        Area::new(left, top, w.of(frame.w, left), h.of(frame.h, top)).within(frame.w, frame.h)
    }

    /// It was stated with respect to the size of the frame, so that it fits every frame.
    pub(super) const fn follows_the_frame(&self) -> bool {
        match self {
            Self::All => true,
            Self::Rectangle { x, y, w, h } => {
                !matches!((x, y), (Offset::FromNear(_), Offset::FromNear(_)))
                    || !matches!((w, h), (Extent::Pixels(_), Extent::Pixels(_)))
            }
        }
    }
}

impl Offset {
    fn at(self, length: u32) -> u32 {
        match self {
            Self::FromNear(pixels) => pixels,
            Self::FromFar(pixels) => length.saturating_sub(pixels),
            Self::Percent(percent) => part(percent, length).floor() as u32,
        }
    }
}

impl Extent {
    fn of(self, length: u32, from: u32) -> u32 {
        match self {
            Self::Pixels(pixels) => pixels,
            // A pixel that is covered in part is covered.
            Self::Percent(percent) => part(percent, length).ceil() as u32,
            Self::ToEdge => length.saturating_sub(from),
        }
    }
}

fn part(percent: f64, length: u32) -> f64 {
    f64::from(length) * percent / 100.0
}

fn percent(text: &str) -> Option<f64> {
    let number: f64 = text.strip_suffix('%')?.trim_end().parse().ok()?;
    (0.0..=100.0).contains(&number).then_some(number)
}

fn offset(text: &str) -> Option<Offset> {
    if let Some(percent) = percent(text) {
        return Some(Offset::Percent(percent));
    }
    let number: i64 = text.parse().ok()?;
    let pixels = u32::try_from(number.unsigned_abs()).ok()?;
    Some(if number < 0 {
        Offset::FromFar(pixels)
    } else {
        Offset::FromNear(pixels)
    })
}

fn extent(text: &str) -> Option<Extent> {
    if text == "*" {
        return Some(Extent::ToEdge);
    }
    if let Some(percent) = percent(text) {
        return (percent > 0.0).then_some(Extent::Percent(percent));
    }
    let pixels: u32 = text.parse().ok()?;
    (pixels > 0).then_some(Extent::Pixels(pixels))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Area = Area::new(0, 0, 800, 600);

    fn placed(text: &str) -> Option<Area> {
        Place::parse(text).expect(text).in_frame(FRAME)
    }

    #[test]
    fn rectangles_are_cut_at_the_frame() {
        assert_eq!(placed("all"), Some(FRAME));
        assert_eq!(placed("0,0,1150,75"), Some(Area::new(0, 0, 800, 75)));
        assert_eq!(
            placed("-200, -40, 200, 40"),
            Some(Area::new(600, 560, 200, 40))
        );
        assert_eq!(placed("-900,0,100,10"), Some(Area::new(0, 0, 100, 10)));
        assert_eq!(placed("0,0,*,8%"), Some(Area::new(0, 0, 800, 48)));
        assert_eq!(
            placed("50%,590,33.3%,*"),
            Some(Area::new(400, 590, 267, 10))
        );
        assert_eq!(placed("800,0,10,10"), None);
        assert_eq!(Place::All.in_frame(Area::new(0, 0, 0, 0)), None);
    }

    #[test]
    fn what_is_no_rectangle_is_refused() {
        for text in [
            "",
            "1,2,3",
            "1,2,3,4,5",
            "a,0,1,1",
            "0,0,0,5",
            "0,0,-5,5",
            "0,0,101%,5",
            "0,*,5,5",
            "nan%,0,1,1",
            "0,0,99999999999,1",
        ] {
            assert!(Place::parse(text).is_none(), "{text}");
        }
    }
}
