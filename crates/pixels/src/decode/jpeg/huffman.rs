//! Huffman tables (ISO/IEC 10918-1 annex C, F.2.2.3) with a look-up of the short codes.

use super::bits::Bits;

const FAST_BITS: u32 = 10;

/// A decoding table.
#[derive(Clone)]
pub(super) struct Huffman {
    /// By the next 10 bits: length of the code in the high byte, its value in the low byte;
    /// 0 where the code is longer.
    fast: [u16; 1 << FAST_BITS],
    /// By the next 10 bits, where an AC code and its coefficient fit in them: coefficient in the
    /// high 16 bits, run in the next 8, bits of both in the low 8; 0 where they do not fit.
    fast_ac: [i32; 1 << FAST_BITS],
    /// For each length, one above the largest code, aligned to 16 bits.
    limit: [u32; 17],
    /// For each length, what to add to a code to find its value.
    offset: [i32; 17],
    values: Vec<u8>,
}

impl Huffman {
    /// A table from the counts of codes by length (1 to 16) and their values (DHT).
    /// `None` if the counts are not those of a prefix code.
    pub(super) fn new(counts: &[u8; 16], values: &[u8]) -> Option<Self> {
        let mut table = Self {
            fast: [0; 1 << FAST_BITS],
            fast_ac: [0; 1 << FAST_BITS],
            limit: [0; 17],
            offset: [0; 17],
            values: values.to_vec(),
        };
        let mut code = 0_u32;
        let mut index = 0_usize;
        for (length, count) in (1_u32..).zip(counts) {
            table.offset[length as usize] = index as i32 - code as i32;
            for _ in 0..*count {
                let value = *values.get(index)?;
                if code >> length != 0 {
                    return None;
                }
                if length <= FAST_BITS {
                    let first = (code << (FAST_BITS - length)) as usize;
                    let entry = (length << 8) as u16 | u16::from(value);
                    table.fast[first..first + (1 << (FAST_BITS - length))].fill(entry);
                }
                code += 1;
                index += 1;
            }
            table.limit[length as usize] = code << (16 - length);
            code <<= 1;
        }
        table.fill_fast_ac();
        Some(table)
    }

    fn fill_fast_ac(&mut self) {
        for (bits, (entry, fast)) in self.fast_ac.iter_mut().zip(&self.fast).enumerate() {
            let length = u32::from(fast >> 8);
            let run = i32::from(fast >> 4 & 15);
            let size = u32::from(fast & 15);
            if length == 0 || size == 0 || length + size > FAST_BITS {
                continue;
            }
            let rest = (bits as u32) << length & ((1 << FAST_BITS) - 1);
            let value = extend(rest >> (FAST_BITS - size), size);
            *entry = value << 16 | run << 8 | (length + size) as i32;
        }
    }

    /// The next value; after a refill, takes at most 16 bits.
    /// 0 for a code that the table has not (a damaged stream).
    #[inline]
    pub(super) fn value(&self, bits: &mut Bits<'_>) -> u8 {
        let entry = self.fast[bits.peek(FAST_BITS) as usize];
        if entry != 0 {
            bits.skip(u32::from(entry >> 8));
            return entry as u8;
        }
        self.long_value(bits)
    }

    #[cold]
    fn long_value(&self, bits: &mut Bits<'_>) -> u8 {
        let code = bits.peek(16);
        for length in 1..=16_u32 {
            if code < self.limit[length as usize] {
                bits.skip(length);
                let index = (code >> (16 - length)) as i32 + self.offset[length as usize];
                return self.values.get(index as usize).copied().unwrap_or(0);
            }
        }
        bits.skip(16);
        0
    }

    /// The next code of a run and a size with its coefficient, if both are short:
    /// (coefficient, run). Codes of a size alone have no run.
    #[inline]
    pub(super) fn short_ac(&self, bits: &mut Bits<'_>) -> Option<(i32, usize)> {
        let entry = self.fast_ac[bits.peek(FAST_BITS) as usize];
        if entry == 0 {
            return None;
        }
        bits.skip((entry & 0xFF) as u32);
        Some((entry >> 16, (entry >> 8 & 0xFF) as usize))
    }

    /// The next difference of DC coefficients or of lossless samples (F.2.2.1, H.2):
    /// a size, then as many bits. -32767 to 32768.
    #[inline]
    pub(super) fn difference(&self, bits: &mut Bits<'_>) -> i32 {
        bits.refill();
        if let Some((value, _)) = self.short_ac(bits) {
            return value;
        }
        match u32::from(self.value(bits)) {
            0 => 0,
            16 => 32768,
            size => {
                let size = size.min(15);
                let value = extend(bits.peek(size), size);
                bits.skip(size);
                value
            }
        }
    }
}

/// The signed number that `size` bits (1 to 16) stand for (EXTEND, F.2.2.1).
#[inline]
pub(super) const fn extend(bits: u32, size: u32) -> i32 {
    if bits >> (size - 1) == 0 {
        bits as i32 - (1 << size) + 1
    } else {
        bits as i32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_any_length_are_found() {
        // Lengths 1, 2, 3 ... 16: 0, 10, 110 ... (ISO/IEC 10918-1 C.2).
        let counts = [1; 16];
        let values: Vec<u8> = (0..16).collect();
        let table = Huffman::new(&counts, &values).unwrap();
        for length in 1..=16_u32 {
            let code = ((1_u32 << length) - 2) << (16 - length);
            let data = [(code >> 8) as u8, code as u8];
            // A byte of FF is followed by a stuffed zero.
            let stuffed: Vec<u8> = data
                .iter()
                .flat_map(|b| if *b == 0xFF { vec![0xFF, 0] } else { vec![*b] })
                .collect();
            let mut bits = Bits::new(&stuffed);
            bits.refill();
            assert_eq!(table.value(&mut bits), length as u8 - 1);
        }
    }

    #[test]
    fn counts_that_overflow_their_length_are_refused() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Huffman::new(&counts, &[1, 2, 3]).is_none());
        counts[0] = 2;
        assert!(Huffman::new(&counts, &[1]).is_none());
    }

    #[test]
    fn extended_numbers_follow_table_f_1() {
        assert_eq!((extend(0, 1), extend(1, 1)), (-1, 1));
        assert_eq!(
            (extend(0, 3), extend(3, 3), extend(4, 3), extend(7, 3)),
            (-7, -4, 4, 7)
        );
    }
}
