//! JPEG lossless (ISO/IEC 10918-1 annex H), process 14 with selection value 1: what both transfer
//! syntaxes of it allow (PS3.5 A.4.1, 1.2.840.10008.1.2.4.57 and .70).

use super::NoForm;
use super::bits::{BitWriter, magnitude};
use super::huffman::Code;

/// A picture to encode.
pub(crate) struct Picture<'p> {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    /// Bits of a sample, 2 to 16.
    pub(crate) precision: u32,
    /// The identifiers of the components; as many as samples of a pixel.
    pub(crate) ids: &'p [u8],
    /// Segments to stand behind SOI.
    pub(crate) segments: &'p [u8],
    /// Interleaved by pixel.
    pub(crate) samples: &'p [u16],
}

/// Encodes a picture: one scan, all components interleaved, one table for all.
pub(crate) fn encode(picture: &Picture<'_>) -> Result<Vec<u8>, NoForm> {
    let count = picture.ids.len();
    let size = |length: usize| {
        u16::try_from(length)
            .ok()
            .filter(|l| *l > 0)
            .ok_or(NoForm)
            .map(u16::to_be_bytes)
    };
    let (rows, columns) = (size(picture.rows)?, size(picture.columns)?);
    let sound = (2..=16).contains(&picture.precision)
        && (1..=4).contains(&count)
        && picture.samples.len() == picture.rows * picture.columns * count;
    if !sound {
        return Err(NoForm);
    }
    let mut counts = [0_u32; 256];
    differences(picture, |difference| {
        let (size, _) = magnitude(difference);
        counts[size as usize] = counts[size as usize].saturating_add(1);
    });
    let code = Code::for_counts(&counts);

    let mut out = vec![0xFF, 0xD8];
    out.extend_from_slice(picture.segments);
    out.extend_from_slice(&[0xFF, 0xC3, 0, 8 + 3 * count as u8, picture.precision as u8]);
    out.extend_from_slice(&rows);
    out.extend_from_slice(&columns);
    out.push(count as u8);
    for id in picture.ids {
        out.extend_from_slice(&[*id, 0x11, 0]);
    }
    code.write(0, &mut out);
    out.extend_from_slice(&[0xFF, 0xDA, 0, 6 + 2 * count as u8, count as u8]);
    for id in picture.ids {
        out.extend_from_slice(&[*id, 0]);
    }
    // Predictor 1, no point transform.
    out.extend_from_slice(&[1, 0, 0]);
    let mut bits = BitWriter::behind(out);
    differences(picture, |difference| {
        let (size, additional) = magnitude(difference);
        let (code, length) = code.of(size as u8);
        bits.put(code, length);
        // A difference of 32768 needs no bits (H.1.2.2).
        if size < 16 {
            bits.put(additional, size);
        }
    });
    let mut out = bits.finish();
    out.extend_from_slice(&[0xFF, 0xD9]);
    Ok(out)
}

/// The differences from the left neighbour, of a row's first sample from the one above, modulo
/// 2^16 (H.1.2.1), in the order of coding.
fn differences(picture: &Picture<'_>, mut take: impl FnMut(i32)) {
    let count = picture.ids.len();
    let line = picture.columns * count;
    let origin = 1_u16 << (picture.precision - 1);
    let mut above: &[u16] = &[];
    for samples in picture.samples.chunks_exact(line) {
        for (at, sample) in samples.iter().enumerate() {
            let prediction = if at >= count {
                samples[at - count]
            } else {
                above.get(at).copied().unwrap_or(origin)
            };
            take(i32::from(sample.wrapping_sub(prediction).cast_signed()));
        }
        above = samples;
    }
}
