//! Segmented palette tables (PS3.3 C.7.9.2): discrete, linear and indirect segments.

use super::table::entry_count;

/// One unit of segment data is a byte for 8-bit tables, a word for 16-bit ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Tables of 8-bit entries.
    Byte,
    /// Tables of 16-bit entries.
    Word,
}

/// Expands the segments to at most the entries the descriptor promises. Stops at what cannot be
/// understood: the entries so far are what the table holds.
pub(super) fn expand(data: &[u16], unit: Unit, descriptor_count: u16) -> Vec<u16> {
    let mut expansion = Expansion {
        data,
        unit,
        limit: entry_count(descriptor_count),
        entries: Vec::new(),
    };
    let mut at = 0;
    let mut starts = Vec::new();
    while expansion.entries.len() < expansion.limit {
        starts.push(at);
        let next = match data.get(at) {
            Some(2) => expansion.indirect(at, &starts),
            Some(_) => expansion.direct(at),
            None => None,
        };
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    expansion.entries
}

struct Expansion<'s> {
    data: &'s [u16],
    unit: Unit,
    limit: usize,
    entries: Vec<u16>,
}

impl Expansion<'_> {
    /// A discrete (0) or linear (1) segment; gives the place of the next one.
    fn direct(&mut self, at: usize) -> Option<usize> {
        let (opcode, length) = (*self.data.get(at)?, usize::from(*self.data.get(at + 1)?));
        let room = self.limit - self.entries.len();
        let body = at + 2;
        match opcode {
            0 => {
                let values = self.data.get(body..body + length)?;
                self.entries.extend_from_slice(&values[..length.min(room)]);
                Some(body + length)
            }
            1 => {
                let (from, to) = (i64::from(*self.entries.last()?), *self.data.get(body)?);
                let (rise, steps) = (i64::from(to) - from, length as i64);
                let value = |step: i64| {
                    // Rounded to the nearest, away from zero at a half.
                    let twice = 2 * rise * step;
                    (from + (twice + twice.signum() * steps) / (2 * steps)) as u16
                };
                self.entries.extend((1..=steps.min(room as i64)).map(value));
                Some(body + 1)
            }
            _ => None,
        }
    }

    /// An indirect segment: repeats segments that stand earlier (not indirect ones, which the
    /// standard forbids). The offset is in bytes; writers that count words are understood.
    fn indirect(&mut self, at: usize, starts: &[usize]) -> Option<usize> {
        let copies = *self.data.get(at + 1)?;
        let (target, next) = match self.unit {
            Unit::Word => {
                let (low, high) = (*self.data.get(at + 2)?, *self.data.get(at + 3)?);
                let offset = usize::from(high) << 16 | usize::from(low);
                let in_bytes = (offset % 2 == 0).then_some(offset / 2);
                let known = |place: &usize| starts.binary_search(place).is_ok();
                (
                    in_bytes.filter(known).or(Some(offset).filter(known))?,
                    at + 4,
                )
            }
            Unit::Byte => {
                let bytes = self.data.get(at + 2..at + 6)?;
                let offset = bytes
                    .iter()
                    .rev()
                    .fold(0, |all, byte| all << 8 | usize::from(*byte));
                (offset, at + 6)
            }
        };
        let mut place = target;
        for _ in 0..copies {
            if place >= at || self.entries.len() >= self.limit {
                break;
            }
            place = self.direct(place)?;
        }
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discrete_and_linear_segments() {
        // C.7.9.2.1 and C.7.9.2.2: a linear segment goes from the last entry to its end point,
        // which it includes.
        let data = [0, 2, 10, 20, 1, 4, 40, 0, 1, 7];
        assert_eq!(expand(&data, Unit::Word, 7), [10, 20, 25, 30, 35, 40, 7]);
        assert_eq!(
            expand(&[0, 1, 100, 1, 4, 0], Unit::Word, 0),
            [100, 75, 50, 25, 0]
        );
    }

    #[test]
    fn indirect_segments_copy_by_byte_or_word_offset() {
        // Segments at words 0, 3 and 6; two of them are copied from the second on.
        let data = |offset| [0, 1, 10, 1, 2, 20, 0, 1, 1, 2, 2, offset, 0];
        let expected = [10, 15, 20, 1, 11, 20, 1];
        assert_eq!(expand(&data(6), Unit::Word, 0)[..4], expected[..4]);
        assert_eq!(
            expand(&data(6), Unit::Word, 0)[4..],
            [11, 20, 1].map(|x: u16| x)[..]
        );
        assert_eq!(expand(&data(3), Unit::Word, 0), expected);
        let bytes = [0, 1, 10, 1, 2, 20, 0, 1, 1, 2, 2, 3, 0, 0, 0];
        assert_eq!(expand(&bytes, Unit::Byte, 0), expected);
    }

    #[test]
    fn hostile_segments_stop_without_harm() {
        assert!(expand(&[1, 4, 40], Unit::Word, 0).is_empty());
        assert!(expand(&[0, 500, 1], Unit::Word, 0).is_empty());
        assert_eq!(expand(&[0, 1, 5, 9, 9], Unit::Word, 0), [5]);
        assert_eq!(expand(&[0, 1, 5, 1, 0, 9], Unit::Word, 0), [5]);
        // Copies of itself never end by themselves.
        assert_eq!(expand(&[0, 1, 5, 2, 65_535, 6, 0], Unit::Word, 0), [5]);
        // A chain of copies is cut at the promised number of entries.
        let mut data = vec![0, 1, 5, 1, 65_535, 6];
        data.extend([2, 2, 0, 0].repeat(1000));
        assert_eq!(expand(&data, Unit::Word, 0).len(), 65_536);
        assert_eq!(expand(&data, Unit::Word, 3).len(), 3);
    }
}
