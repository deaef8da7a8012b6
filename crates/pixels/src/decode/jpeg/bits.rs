//! Reading bits of entropy-coded data (ISO/IEC 10918-1 F.2.2.5), byte stuffing removed.

/// Bits of one entropy-coded segment, most significant first.
///
/// At a marker or the end of the data it gives zeros; [`Bits::is_exhausted`] then says that zeros
/// were taken, so that a damaged stream ends early and never loops.
pub(super) struct Bits<'a> {
    data: &'a [u8],
    position: usize,
    /// The next bits, from the top.
    window: u64,
    /// Bits of the window that may be taken.
    available: u32,
    /// How many of the bits ever put into the window were made up.
    padding: u64,
}

impl<'a> Bits<'a> {
    pub(super) const fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            position: 0,
            window: 0,
            available: 0,
            padding: 0,
        }
    }

    /// Fills the window to at least 48 bits.
    #[inline]
    pub(super) fn refill(&mut self) {
        if self.available > 48 {
            return;
        }
        if let Some(chunk) = self
            .data
            .get(self.position..)
            .and_then(|rest| rest.first_chunk::<8>())
        {
            let word = u64::from_be_bytes(*chunk);
            // A byte of FF becomes zero in the complement: the usual test for a zero byte.
            let inverse = !word;
            let any = inverse.wrapping_sub(0x0101_0101_0101_0101) & word & 0x8080_8080_8080_8080;
            if any == 0 {
                let bytes = (63 - self.available) / 8;
                self.window |= word >> self.available;
                self.position += bytes as usize;
                self.available += bytes * 8;
                return;
            }
        }
        self.refill_slowly();
    }

    #[cold]
    fn refill_slowly(&mut self) {
        // The fast path leaves bits of bytes not yet counted below the available ones.
        if self.available < 64 {
            self.window &= !(u64::MAX >> self.available);
        }
        while self.available <= 56 {
            let byte = match (
                self.data.get(self.position),
                self.data.get(self.position + 1),
            ) {
                (Some(0xFF), Some(0)) => {
                    self.position += 2;
                    0xFF
                }
                (Some(0xFF) | None, _) => {
                    self.padding += 8;
                    0
                }
                (Some(byte), _) => {
                    self.position += 1;
                    *byte
                }
            };
            self.window |= u64::from(byte) << (56 - self.available);
            self.available += 8;
        }
    }

    /// The next `count` bits, 1 to 32, without taking them; after a refill.
    #[inline]
    pub(super) const fn peek(&self, count: u32) -> u32 {
        (self.window >> (64 - count)) as u32
    }

    /// Takes bits that a refill provided.
    #[inline]
    pub(super) const fn skip(&mut self, count: u32) {
        self.window <<= count;
        self.available = self.available.saturating_sub(count);
    }

    /// Takes `count` bits, 0 to 16, refilling as needed.
    #[inline]
    pub(super) fn take(&mut self, count: u32) -> u32 {
        if count == 0 {
            return 0;
        }
        self.refill();
        let value = self.peek(count);
        self.skip(count);
        value
    }

    /// Made-up bits were taken: the data ended before its content.
    #[inline]
    pub(super) const fn is_exhausted(&self) -> bool {
        self.padding > self.available as u64
    }

    /// Goes behind the next restart marker. `false` if another marker or the end comes first.
    pub(super) fn restart(&mut self) -> bool {
        self.window = 0;
        self.available = 0;
        self.padding = 0;
        while let Some(rest) = self.data.get(self.position..) {
            match rest {
                [0xFF, 0xD0..=0xD7, ..] => {
                    self.position += 2;
                    return true;
                }
                [0xFF, 0 | 0xFF, ..] | [0..=0xFE, ..] => self.position += 1,
                _ => return false,
            }
        }
        false
    }
}

/// The length of an entropy-coded segment: up to the first marker that is no restart marker.
pub(super) fn segment_length(data: &[u8]) -> usize {
    let mut from = 0;
    while let Some(found) = data
        .get(from..)
        .and_then(|rest| rest.iter().position(|b| *b == 0xFF))
    {
        let at = from + found;
        match data.get(at + 1) {
            Some(0 | 0xD0..=0xD7) => from = at + 2,
            Some(0xFF) => from = at + 1,
            Some(_) => return at,
            None => break,
        }
    }
    data.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stuffed_bytes_are_removed_and_the_end_gives_zeros() {
        let mut bits = Bits::new(&[0xFF, 0x00, 0x12, 0x34, 0x56, 0x78, 0x9A, 0xBC, 0xDE, 0xF0]);
        assert_eq!(bits.take(16), 0xFF12);
        assert_eq!(bits.take(12), 0x345);
        assert_eq!(bits.take(16), 0x6789);
        assert_eq!(bits.take(16), 0xABCD);
        assert_eq!(bits.take(12), 0xEF0);
        assert!(!bits.is_exhausted());
        assert_eq!(bits.take(4), 0);
        assert!(bits.is_exhausted());
    }

    #[test]
    fn a_restart_goes_behind_the_marker_and_stops_at_another() {
        let mut bits = Bits::new(&[0xAB, 0xFF, 0xD3, 0xCD, 0xFF, 0xD9]);
        assert_eq!(bits.take(8), 0xAB);
        assert!(bits.restart());
        assert_eq!(bits.take(8), 0xCD);
        assert!(!bits.restart());
    }

    #[test]
    fn a_segment_ends_at_the_first_marker_that_is_no_restart() {
        assert_eq!(
            segment_length(&[1, 0xFF, 0, 0xFF, 0xD0, 2, 0xFF, 0xDA, 9]),
            6
        );
        assert_eq!(segment_length(&[1, 2, 0xFF]), 3);
    }
}
