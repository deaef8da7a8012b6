//! RLE Lossless (PS3.5 annex G): `PackBits`, one segment for each byte of a sample.

use super::error::{Codec, DecodeError};

/// Bytes of the header: the number of segments and 15 offsets.
const HEADER: usize = 64;

/// Decodes a frame of `cells` cells (pixels, or bytes of packed bits) of `samples` samples, each
/// of `bytes` bytes. The result is little endian and by plane (Planar Configuration 1).
pub(crate) fn decode(
    data: &[u8],
    cells: usize,
    samples: usize,
    bytes: usize,
) -> Result<Vec<u8>, DecodeError> {
    let segments = segments(data)?;
    if segments.len() < samples * bytes {
        return Err(DecodeError::corrupt(Codec::Rle));
    }
    // Two bytes expand to 128 at most: a claim far above that takes no memory.
    if segments
        .iter()
        .any(|segment| segment.len().saturating_mul(128) < cells)
    {
        return Err(DecodeError::corrupt(Codec::Rle));
    }
    let mut frame = vec![0_u8; cells * samples * bytes];
    let mut plane = vec![0_u8; if bytes == 1 { 0 } else { cells }];
    for sample in 0..samples {
        for byte in 0..bytes {
            let segment = segments[sample * bytes + byte];
            let target = &mut frame[sample * cells * bytes..(sample + 1) * cells * bytes];
            if bytes == 1 {
                check(unpack(segment, target), cells)?;
                continue;
            }
            plane.fill(0);
            check(unpack(segment, &mut plane), cells)?;
            // The most significant byte comes first (G.2), a cell has it last.
            let significance = bytes - 1 - byte;
            for (cell, value) in target[significance..].iter_mut().step_by(bytes).zip(&plane) {
                *cell = *value;
            }
        }
    }
    Ok(frame)
}

/// Segments that end early leave zeros; less than half is no frame.
fn check(written: usize, cells: usize) -> Result<(), DecodeError> {
    if written * 2 < cells {
        Err(DecodeError::corrupt(Codec::Rle))
    } else {
        Ok(())
    }
}

/// The segments, in order. The last one goes to the end.
fn segments(data: &[u8]) -> Result<Vec<&[u8]>, DecodeError> {
    let corrupt = DecodeError::corrupt(Codec::Rle);
    let header = data.first_chunk::<HEADER>().ok_or(corrupt)?;
    let words: Vec<usize> = header
        .as_chunks::<4>()
        .0
        .iter()
        .map(|word| u32::from_le_bytes(*word) as usize)
        .collect();
    let count = words[0];
    if !(1..=15).contains(&count) {
        return Err(corrupt);
    }
    let offsets = &words[1..=count];
    offsets
        .iter()
        .enumerate()
        .map(|(at, start)| {
            let end = offsets
                .get(at + 1)
                .copied()
                .unwrap_or(data.len())
                .min(data.len());
            (*start >= HEADER)
                .then(|| data.get(*start..end))
                .flatten()
                .ok_or(corrupt)
        })
        .collect()
}

/// Expands a segment into `target`; what passes its end is left out. The bytes written.
fn unpack(mut segment: &[u8], target: &mut [u8]) -> usize {
    let mut at = 0;
    while let [head, rest @ ..] = segment {
        if at == target.len() {
            break;
        }
        let room = target.len() - at;
        match *head {
            128 => segment = rest,
            0..=127 => {
                let length = usize::from(*head) + 1;
                let taken = length.min(room).min(rest.len());
                target[at..at + taken].copy_from_slice(&rest[..taken]);
                at += taken;
                segment = &rest[length.min(rest.len())..];
            }
            129..=255 => {
                let [value, rest @ ..] = rest else { break };
                let taken = (257 - usize::from(*head)).min(room);
                target[at..at + taken].fill(*value);
                at += taken;
                segment = rest;
            }
        }
    }
    at
}
