//! Writing bits of entropy-coded data (ISO/IEC 10918-1 F.1.2.3), a zero byte stuffed after FF.

/// Bits, most significant first.
#[derive(Debug, Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    window: u64,
    /// Bits of the window not yet written, fewer than 8 between calls.
    held: u32,
}

impl BitWriter {
    /// A writer that goes on behind what is there.
    pub(super) const fn behind(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            window: 0,
            held: 0,
        }
    }

    /// Appends the `count` low bits of `value`, 0 to 32. Higher ones must be zero.
    #[inline]
    pub(super) fn put(&mut self, value: u32, count: u32) {
        self.window = self.window << count | u64::from(value);
        self.held += count;
        while self.held >= 8 {
            self.held -= 8;
            let byte = (self.window >> self.held) as u8;
            self.bytes.push(byte);
            if byte == 0xFF {
                self.bytes.push(0);
            }
        }
    }

    /// The bytes, the last one filled up with ones.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let missing = (8 - self.held) % 8;
        self.put((1 << missing) - 1, missing);
        self.bytes
    }
}

/// Size and additional bits of a signed number (ISO/IEC 10918-1 F.1.2.1): the counterpart of
/// EXTEND.
#[inline]
pub(super) const fn magnitude(value: i32) -> (u32, u32) {
    let size = 32 - value.unsigned_abs().leading_zeros();
    let bits = if value < 0 {
        (value - 1) as u32 & ((1 << size) - 1)
    } else {
        value as u32
    };
    (size, bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_ff_are_stuffed_and_the_end_is_filled_with_ones() {
        let mut bits = BitWriter::default();
        bits.put(0xFF1, 12);
        bits.put(0, 1);
        assert_eq!(bits.finish(), [0xFF, 0x00, 0x17]);
    }

    #[test]
    fn numbers_have_the_size_and_bits_of_table_f_1() {
        assert_eq!(magnitude(0), (0, 0));
        assert_eq!((magnitude(-1), magnitude(1)), ((1, 0), (1, 1)));
        assert_eq!((magnitude(-7), magnitude(4)), ((3, 0), (3, 4)));
        assert_eq!(magnitude(-32768), (16, 0x7FFF));
    }
}
