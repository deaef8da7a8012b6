//! [`Frames`]: which frames of an object become pictures.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Which frames become JPEG files. Its text form is `all`, `first`, `none`, or frames counted from
/// 1 and ranges of them: `1,5-8`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Frames {
    /// Every frame.
    #[default]
    All,
    /// The first one.
    First,
    /// None.
    None,
    /// These, as inclusive ranges counted from 1, ascending and apart. Frames that an object does
    /// not have are passed over.
    Chosen(Vec<(u32, u32)>),
}

/// A text names no frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("say all, first, none, or frames counted from 1 such as 1,5-8")]
pub struct FramesError;

impl Frames {
    /// The last frame that is named, from 1; `None` where none is named by its number.
    pub(crate) fn last(&self) -> Option<u32> {
        match self {
            Self::Chosen(ranges) => ranges.iter().map(|(_, to)| *to).max(),
            _ => None,
        }
    }

    /// The frames to render of an object that has `count`, as indices from 0, ascending.
    pub(crate) fn indices(&self, count: u32) -> impl Iterator<Item = u32> + use<> {
        let ranges = match self {
            Self::All => vec![(1, count)],
            Self::First => vec![(1, count.min(1))],
            Self::None => Vec::new(),
            Self::Chosen(ranges) => ranges.clone(),
        };
        ranges
            .into_iter()
            .flat_map(move |(from, to)| (from..=to.min(count)).map(|n| n - 1))
    }
}

impl FromStr for Frames {
    type Err = FramesError;

    fn from_str(text: &str) -> Result<Self, FramesError> {
        match text {
            "all" => return Ok(Self::All),
            "first" => return Ok(Self::First),
            "none" => return Ok(Self::None),
            _ => {}
        }
        let mut ranges = text.split(',').map(range).collect::<Result<Vec<_>, _>>()?;
        ranges.sort_unstable();
        // Overlapping and touching ranges become one, so that no frame is rendered twice.
        let mut apart: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (from, to) in ranges {
            match apart.last_mut() {
                Some(last) if from <= last.1.saturating_add(1) => last.1 = last.1.max(to),
                _ => apart.push((from, to)),
            }
        }
        Ok(Self::Chosen(apart))
    }
}

fn range(text: &str) -> Result<(u32, u32), FramesError> {
    let number = |text: &str| text.trim().parse::<u32>().ok().filter(|n| *n > 0);
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let (from, to) = (
        number(from).ok_or(FramesError)?,
        number(to).ok_or(FramesError)?,
    );
    if from <= to {
        Ok((from, to))
    } else {
        Err(FramesError)
    }
}

impl fmt::Display for Frames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ranges = match self {
            Self::All => return f.write_str("all"),
            Self::First => return f.write_str("first"),
            Self::None => return f.write_str("none"),
            Self::Chosen(ranges) => ranges,
        };
        for (index, (from, to)) in ranges.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            if from == to {
                write!(f, "{comma}{from}")?;
            } else {
                write!(f, "{comma}{from}-{to}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_round_trips_and_names_each_frame_once() {
        for (text, shown, of_ten) in [
            ("all", "all", (0..10).collect::<Vec<u32>>()),
            ("first", "first", vec![0]),
            ("none", "none", vec![]),
            ("3", "3", vec![2]),
            ("8-12,1,2-3, 5", "1-3,5,8-12", vec![0, 1, 2, 4, 7, 8, 9]),
            ("4-6,5-7", "4-7", vec![3, 4, 5, 6]),
        ] {
            let frames: Frames = text.parse().unwrap();
            assert_eq!(frames.to_string(), shown);
            assert_eq!(frames.indices(10).collect::<Vec<_>>(), of_ten, "{text}");
            assert_eq!(shown.parse(), Ok(frames));
        }
        assert_eq!("first".parse::<Frames>().unwrap().indices(0).count(), 0);
    }

    #[test]
    fn what_names_no_frames_is_refused() {
        for text in ["", "0", "1-", "3-1", "a", "1;2", "-1", "99999999999"] {
            assert_eq!(text.parse::<Frames>(), Err(FramesError), "{text}");
        }
    }
}
