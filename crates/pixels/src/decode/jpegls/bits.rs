//! Reading bits of a JPEG-LS scan (ISO/IEC 14495-1 annex A.1): after a byte of FF the next byte
//! has seven bits.

/// Bits of one scan, most significant first. At a marker or the end it gives zeros, which
/// [`Bits::is_exhausted`] then tells.
pub(super) struct Bits<'a> {
    data: &'a [u8],
    position: usize,
    window: u64,
    available: u32,
    /// The last byte was FF.
    stuffed: bool,
    padding: u64,
}

impl<'a> Bits<'a> {
    pub(super) const fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            position: 0,
            window: 0,
            available: 0,
            stuffed: false,
            padding: 0,
        }
    }

    /// Fills the window to at least 56 bits.
    #[inline]
    pub(super) fn refill(&mut self) {
        if self.available >= 56 {
            return;
        }
        if !self.stuffed
            && let Some(chunk) = self
                .data
                .get(self.position..)
                .and_then(|rest| rest.first_chunk::<8>())
        {
            let word = u64::from_be_bytes(*chunk);
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
        self.window &= !(u64::MAX >> self.available);
        while self.available <= 56 {
            let next = self.data.get(self.position).copied();
            let ends = match (next, self.data.get(self.position + 1)) {
                (None, _) => true,
                (Some(0xFF), after) => after.is_none_or(|byte| byte & 0x80 != 0),
                _ => self.stuffed && next.is_some_and(|byte| byte & 0x80 != 0),
            };
            let (byte, width) = match next {
                Some(byte) if !ends => {
                    self.position += 1;
                    (byte, if self.stuffed { 7 } else { 8 })
                }
                _ => {
                    self.padding += 8;
                    (0, 8)
                }
            };
            self.stuffed = !ends && byte == 0xFF;
            self.window |= u64::from(byte) << (64 - width) >> self.available;
            self.available += width;
        }
    }

    /// Zero bits up to the next one bit, which is taken, too; `limit` of them at most (up to 54).
    #[inline]
    pub(super) fn unary(&mut self, limit: u32) -> u32 {
        self.refill();
        let zeros = self.window.leading_zeros().min(limit);
        self.window <<= zeros + 1;
        self.available = self.available.saturating_sub(zeros + 1);
        zeros
    }

    /// Takes `count` bits, 0 to 32.
    #[inline]
    pub(super) fn take(&mut self, count: u32) -> u32 {
        if count == 0 {
            return 0;
        }
        self.refill();
        let value = (self.window >> (64 - count)) as u32;
        self.window <<= count;
        self.available = self.available.saturating_sub(count);
        value
    }

    /// Made-up bits were taken.
    #[inline]
    pub(super) const fn is_exhausted(&self) -> bool {
        self.padding > self.available as u64
    }

    /// Goes behind the next restart marker. `false` if another marker or the end comes first.
    pub(super) fn restart(&mut self) -> bool {
        self.window = 0;
        self.available = 0;
        self.stuffed = false;
        self.padding = 0;
        while let Some(rest) = self.data.get(self.position..) {
            match rest {
                [0xFF, 0xD0..=0xD7, ..] => {
                    self.position += 2;
                    return true;
                }
                [0xFF, 0..=0x7F, ..] | [0..=0xFE, ..] => self.position += 1,
                _ => return false,
            }
        }
        false
    }
}

/// The length of a scan: up to the first marker that is no restart marker.
pub(super) fn scan_length(data: &[u8]) -> usize {
    let mut from = 0;
    while let Some(found) = data
        .get(from..)
        .and_then(|rest| rest.iter().position(|b| *b == 0xFF))
    {
        let at = from + found;
        match data.get(at + 1) {
            Some(0..=0x7F | 0xD0..=0xD7) => from = at + 2,
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
    fn a_byte_after_ff_has_seven_bits() {
        let mut bits = Bits::new(&[0xFF, 0x7F, 0x80, 0xFF, 0xD9]);
        assert_eq!(bits.take(8), 0xFF);
        assert_eq!(bits.take(7), 0x7F);
        assert_eq!(bits.take(8), 0x80);
        assert!(!bits.is_exhausted());
        assert_eq!(bits.take(1), 0);
        assert!(bits.is_exhausted());
    }

    #[test]
    fn unary_codes_stop_at_their_limit() {
        let mut bits = Bits::new(&[0b0001_0000, 0, 0, 0, 0, 0, 0, 0b1000_0000]);
        assert_eq!(bits.unary(30), 3);
        assert_eq!(bits.unary(10), 10);
    }

    #[test]
    fn a_scan_ends_at_a_marker() {
        assert_eq!(scan_length(&[1, 0xFF, 0x7F, 0xFF, 0xD0, 2, 0xFF, 0xD9]), 6);
    }
}
