//! [`Code`]: the Huffman code of a scan, made for its own symbols (ISO/IEC 10918-1 K.2).

/// How often each symbol occurs.
pub(super) type Counts = [u32; 256];

/// A code of at most 16 bits a symbol.
pub(super) struct Code {
    /// Codes by length, 1 to 16, as DHT has them.
    lengths: [u8; 16],
    /// Symbols in the order of their codes.
    symbols: Vec<u8>,
    /// Code and length of each symbol; length 0 for one that does not occur.
    codes: [(u16, u8); 256],
}

impl Code {
    /// The best code for these counts. One that never occurs has no code.
    pub(super) fn for_counts(counts: &Counts) -> Self {
        let lengths = limited(by_length(counts));
        let mut symbols: Vec<u8> = (0..=255)
            .filter(|symbol| counts[usize::from(*symbol)] > 0)
            .collect();
        // Rare symbols have the longer codes; among equals the order does not matter.
        symbols.sort_by_key(|symbol| std::cmp::Reverse(counts[usize::from(*symbol)]));
        let mut codes = [(0, 0); 256];
        let mut next = symbols.iter();
        let mut code = 0_u16;
        for (length, count) in (1_u8..).zip(lengths) {
            for symbol in next.by_ref().take(usize::from(count)) {
                codes[usize::from(*symbol)] = (code, length);
                code += 1;
            }
            code <<= 1;
        }
        Self {
            lengths,
            symbols,
            codes,
        }
    }

    /// Code and length of a symbol that was counted.
    #[inline]
    pub(super) const fn of(&self, symbol: u8) -> (u32, u32) {
        let (code, length) = self.codes[symbol as usize];
        (code as u32, length as u32)
    }

    /// Appends a DHT segment. `place` is the class in the high and the number in the low four bits.
    pub(super) fn write(&self, place: u8, out: &mut Vec<u8>) {
        let length = 2 + 1 + 16 + self.symbols.len() as u16;
        out.extend_from_slice(&[0xFF, 0xC4]);
        out.extend_from_slice(&length.to_be_bytes());
        out.push(place);
        out.extend_from_slice(&self.lengths);
        out.extend_from_slice(&self.symbols);
    }
}

/// How many codes of each length (by index) the unlimited code has (figures K.1, K.2). One symbol
/// more, the rarest, takes the code of all ones, which is not to be used.
fn by_length(counts: &Counts) -> [u32; 260] {
    const RESERVED: usize = 256;
    let mut weights: Vec<u64> = counts.iter().map(|count| u64::from(*count)).collect();
    weights.push(1);
    let mut sizes = [0_usize; 257];
    let mut others: [Option<usize>; 257] = [None; 257];
    loop {
        let rarest = |besides: Option<usize>| {
            (0..=RESERVED)
                .filter(|at| weights[*at] > 0 && Some(*at) != besides)
                // Of equals the last: the reserved one becomes the longest.
                .min_by_key(|at| (weights[*at], std::cmp::Reverse(*at)))
        };
        let Some(first) = rarest(None) else { break };
        let Some(second) = rarest(Some(first)) else {
            break;
        };
        weights[first] += weights[second];
        weights[second] = 0;
        let mut at = first;
        sizes[at] += 1;
        while let Some(next) = others[at] {
            at = next;
            sizes[at] += 1;
        }
        others[at] = Some(second);
        at = second;
        sizes[at] += 1;
        while let Some(next) = others[at] {
            at = next;
            sizes[at] += 1;
        }
    }
    let mut lengths = [0; 260];
    sizes
        .iter()
        .filter(|size| **size > 0)
        .for_each(|size| lengths[*size] += 1);
    lengths
}

/// The same with no code above 16 bits and without the reserved one (figure K.3).
fn limited(mut lengths: [u32; 260]) -> [u8; 16] {
    for long in (17..lengths.len()).rev() {
        while lengths[long] > 0 {
            // A pair moves up: its prefix becomes a code, and a shorter one the prefix of two.
            let Some(shorter) = (1..long - 1).rev().find(|at| lengths[*at] > 0) else {
                break;
            };
            lengths[long] -= 2;
            lengths[long - 1] += 1;
            lengths[shorter + 1] += 2;
            lengths[shorter] -= 1;
        }
    }
    if let Some(longest) = (1..=16).rev().find(|at| lengths[*at] > 0) {
        lengths[longest] -= 1;
    }
    std::array::from_fn(|at| lengths[at + 1] as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbol_has_a_prefix_code_of_at_most_16_bits() {
        // Weights that grow like Fibonacci's make the longest codes.
        let mut counts = [0; 256];
        let (mut a, mut b) = (1_u32, 1_u32);
        for count in counts.iter_mut().take(40) {
            *count = a;
            (a, b) = (b, a.saturating_add(b));
        }
        let code = Code::for_counts(&counts);
        let share: f64 = (0..40)
            .map(|symbol| {
                let (value, length) = code.of(symbol);
                assert!((1..=16).contains(&length));
                assert!(
                    value < (1 << length) - 1,
                    "the code of all ones is not used"
                );
                0.5_f64.powi(length as i32)
            })
            .sum();
        assert!(share < 1.0);
    }

    #[test]
    fn one_symbol_has_a_code_of_one_bit() {
        let mut counts = [0; 256];
        counts[7] = 100;
        assert_eq!(Code::for_counts(&counts).of(7), (0, 1));
    }
}
