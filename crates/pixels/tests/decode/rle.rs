//! RLE Lossless (PS3.5 annex G), against an encoder of the tests' own.

use obscura_pixels::decode::{Codec, DecodeError};
use proptest::prelude::*;

use crate::pictures::{Description, busy, values};

const RLE: &str = "1.2.840.10008.1.2.5";

/// `PackBits` as G.3.1 has it: runs where two bytes are equal, literals elsewhere.
fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut rest = bytes;
    while let [first, ..] = rest {
        let run = rest
            .iter()
            .take(128)
            .take_while(|byte| *byte == first)
            .count();
        if run > 1 {
            packed.extend_from_slice(&[(257 - run) as u8, *first]);
            rest = &rest[run..];
        } else {
            let end = rest
                .windows(2)
                .position(|pair| pair[0] == pair[1])
                .unwrap_or(rest.len())
                .clamp(1, 128);
            packed.push((end - 1) as u8);
            packed.extend_from_slice(&rest[..end]);
            rest = &rest[end..];
        }
    }
    if packed.len() % 2 == 1 {
        packed.push(0x80);
    }
    packed
}

/// A frame of cells of `bytes` bytes, `samples` a pixel.
fn encode(cells: &[u64], samples: usize, bytes: usize) -> Vec<u8> {
    let mut header = vec![(samples * bytes) as u32];
    let mut body = Vec::new();
    for sample in 0..samples {
        for byte in (0..bytes).rev() {
            header.push(64 + body.len() as u32);
            let plane: Vec<u8> = cells
                .iter()
                .skip(sample)
                .step_by(samples)
                .map(|cell| (cell >> (8 * byte)) as u8)
                .collect();
            body.extend(pack(&plane));
        }
    }
    header.resize(16, 0);
    let mut frame: Vec<u8> = header.iter().flat_map(|word| word.to_le_bytes()).collect();
    frame.extend(body);
    frame
}

#[test]
fn frames_of_one_to_four_bytes_and_three_planes_are_decoded() {
    for (bits, samples) in [(8, 1), (8, 3), (16, 1), (16, 3)] {
        let picture = busy(bits, samples);
        let cells: Vec<u64> = picture.iter().map(|value| *value as u64).collect();
        let data = encode(&cells, samples as usize, bits as usize / 8);
        let frame = Description::new(bits as u16, samples as u16)
            .decode_coded(RLE, &data)
            .unwrap();
        assert_eq!(values(&frame), picture, "{bits} bits, {samples} samples");
    }
    let wide: Vec<u64> = busy(16, 3)
        .iter()
        .map(|value| *value as u64 * 0x0001_0003)
        .collect();
    for (bits, mask) in [(24, 0xFF_FFFF), (32, 0xFFFF_FFFF)] {
        let data = encode(&wide, 3, bits as usize / 8);
        let description = Description {
            allocated: bits,
            stored: bits,
            high: bits - 1,
            ..Description::new(8, 3)
        };
        let expected: Vec<i64> = wide.iter().map(|cell| (cell & mask) as i64).collect();
        assert_eq!(
            values(&description.decode_coded(RLE, &data).unwrap()),
            expected
        );
    }
}

#[test]
fn single_bits_in_rle_are_decoded() {
    let description = Description {
        rows: 4,
        columns: 6,
        allocated: 1,
        stored: 1,
        high: 0,
        ..Description::new(8, 1)
    };
    let data = encode(&[0b1010_0101, 0b1111_0000, 0b0000_0001], 1, 1);
    let expected: Vec<i64> = [0b1010_0101_u8, 0b1111_0000, 1]
        .iter()
        .flat_map(|b| (0..8).map(move |k| i64::from(b >> k & 1)))
        .collect();
    assert_eq!(
        values(&description.decode_coded(RLE, &data).unwrap()),
        expected
    );
}

#[test]
fn broken_headers_and_short_segments_are_refused() {
    let corrupt = Err(DecodeError::Corrupt { codec: Codec::Rle });
    let description = Description::new(16, 1);
    let cells: Vec<u64> = busy(16, 1).iter().map(|value| *value as u64).collect();
    let good = encode(&cells, 1, 2);
    let with = |at: usize, word: u32| {
        let mut data = good.clone();
        data[at..at + 4].copy_from_slice(&word.to_le_bytes());
        description.decode_coded(RLE, &data)
    };
    assert_eq!(with(0, 0), corrupt);
    assert_eq!(with(0, 1), corrupt);
    assert_eq!(with(0, 16), corrupt);
    assert_eq!(with(4, 12), corrupt);
    assert_eq!(with(8, 1 << 30), corrupt);
    assert_eq!(description.decode_coded(RLE, &good[..60]), corrupt);
    assert_eq!(description.decode_coded(RLE, &good[..100]), corrupt);
}

proptest! {
    #[test]
    fn any_frame_survives_coding(cells in proptest::collection::vec(prop_oneof![Just(0_u64), any::<u64>()], 6..300)) {
        let pixels = cells.len() / 3;
        let description =
            Description { rows: 1, columns: pixels as u16, ..Description::new(16, 3) };
        let cells = &cells[..pixels * 3];
        let frame = description.decode_coded(RLE, &encode(cells, 3, 2)).unwrap();
        let expected: Vec<i64> = cells.iter().map(|cell| (cell & 0xFFFF) as i64).collect();
        prop_assert_eq!(values(&frame), expected);
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Description::new(16, 3).decode_coded(RLE, &bytes);
    }
}
