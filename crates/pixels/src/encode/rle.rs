//! RLE Lossless (PS3.5 annex G): `PackBits`, one segment for each byte of a sample.

use super::NoForm;

/// Bytes of the header: the number of segments and 15 offsets.
const HEADER: usize = 64;
const MOST_SEGMENTS: usize = 15;

/// Encodes a frame of cells of `bytes` bytes, little endian and by plane (Planar Configuration 1).
/// `row` is the number of cells in a row, which no run passes (G.3.1).
pub(crate) fn encode(
    frame: &[u8],
    row: usize,
    samples: usize,
    bytes: usize,
) -> Result<Vec<u8>, NoForm> {
    let segments = samples * bytes;
    if !(1..=MOST_SEGMENTS).contains(&segments) || row == 0 {
        return Err(NoForm);
    }
    let plane = frame.len() / samples;
    let mut out = vec![0; HEADER];
    let mut words = vec![segments];
    let mut line = Vec::with_capacity(row);
    for sample in 0..samples {
        let cells = &frame[sample * plane..(sample + 1) * plane];
        // The most significant byte comes first (G.2), a cell has it last.
        for significance in (0..bytes).rev() {
            words.push(out.len());
            for cells in cells.chunks(row * bytes) {
                line.clear();
                line.extend(cells.iter().skip(significance).step_by(bytes));
                pack(&line, &mut out);
            }
            if out.len() % 2 == 1 {
                out.push(0);
            }
        }
    }
    for (place, word) in out.as_chunks_mut::<4>().0.iter_mut().zip(words) {
        *place = u32::try_from(word).map_err(|_| NoForm)?.to_le_bytes();
    }
    Ok(out)
}

/// Packs one row: runs of three and more, and what lies between them as it is.
fn pack(row: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    let mut literal = 0;
    while at < row.len() {
        let run = row[at..]
            .iter()
            .take(128)
            .take_while(|byte| **byte == row[at])
            .count();
        if run >= 3 || (run == 2 && literal == at) {
            put_literal(&row[literal..at], out);
            out.extend_from_slice(&[(257 - run) as u8, row[at]]);
            literal = at + run;
        }
        at += run;
    }
    put_literal(&row[literal..], out);
}

fn put_literal(bytes: &[u8], out: &mut Vec<u8>) {
    for part in bytes.chunks(128) {
        out.push((part.len() - 1) as u8);
        out.extend_from_slice(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::rle;
    use proptest::prelude::*;

    proptest! {
        /// PS3.5 annex G: what is decoded is what was encoded, for runs and noise.
        #[test]
        fn a_frame_comes_back(
            row in 1_usize..40,
            rows in 1_usize..12,
            samples in 1_usize..4,
            bytes in 1_usize..5,
            span in 1_u8..=255,
            seed in any::<u32>(),
        ) {
            let cells = row * rows;
            let mut state = seed;
            let frame: Vec<u8> = (0..cells * samples * bytes)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    ((state >> 24) as u8) % span
                })
                .collect();
            let coded = encode(&frame, row, samples, bytes).unwrap();
            prop_assert_eq!(coded.len() % 2, 0);
            prop_assert_eq!(rle::decode(&coded, cells, samples, bytes).unwrap(), frame);
        }
    }

    #[test]
    fn a_long_run_is_split_at_128_and_at_the_row() {
        let coded = encode(&[9; 260], 130, 1, 1).unwrap();
        assert_eq!(coded[64..], [129, 9, 255, 9, 129, 9, 255, 9]);
        assert_eq!(encode(&[0; 16], 1, 1, 16), Err(NoForm));
    }
}
