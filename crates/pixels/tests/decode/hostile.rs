//! Damaged codestreams, and ones that lie: an error or a picture of the size that they say, never
//! a panic, never more memory than the limits allow (a limit of 16 MiB a frame is set).

use obscura_pixels::decode::DecodeError;
use proptest::prelude::*;

use crate::pictures::{codestream, codestreams, described, values};

fn try_decode(name: &str, data: &[u8]) {
    let (uid, description) = described(name);
    if let Ok(frame) = description.decode_coded(uid, data) {
        let samples =
            u64::from(frame.rows) * u64::from(frame.columns) * u64::from(frame.samples_per_pixel);
        assert_eq!(values(&frame).len() as u64, samples, "{name}");
        assert!(samples <= 16 << 20, "{name}");
    }
}

#[test]
fn streams_that_end_at_any_byte_are_decoded_or_refused() {
    for (name, data) in codestreams() {
        for end in 0..data.len() {
            try_decode(&name, &data[..end]);
        }
    }
}

#[test]
fn a_stream_of_less_than_half_a_picture_is_refused() {
    for name in [
        "busy-12-1-near0.jls",
        "busy-12-1-predictor1.jpg",
        "smooth-8-1-baseline.jpg",
    ] {
        let data = codestream(name);
        let scan = data
            .windows(2)
            .position(|pair| pair == [0xFF, 0xDA])
            .unwrap();
        let (uid, description) = described(name);
        let cut = scan + 10 + (data.len() - scan - 10) / 4;
        let result = description.decode_coded(uid, &data[..cut]);
        assert!(matches!(result, Err(DecodeError::Corrupt { .. })), "{name}");
    }
}

#[test]
fn a_size_above_the_limits_is_refused_by_every_codec() {
    // The position of the height in each header, and what it is changed to.
    for (name, mark, skip) in [
        ("smooth-8-1-baseline.jpg", [0xFF, 0xC0], 5),
        ("smooth-8-1-progressive.jpg", [0xFF, 0xC2], 5),
        ("busy-12-1-predictor1.jpg", [0xFF, 0xC3], 5),
        ("busy-12-1-near0.jls", [0xFF, 0xF7], 5),
    ] {
        let mut data = codestream(name);
        let at = data.windows(2).position(|pair| pair == mark).unwrap() + skip;
        data[at..at + 4].fill(0xFF);
        let (uid, description) = described(name);
        let result = description.decode_coded(uid, &data);
        assert_eq!(
            result,
            Err(DecodeError::Limit("pixels of a frame")),
            "{name}"
        );
    }
    for name in ["busy-8-1-lossless.j2k", "busy-8-1-lossless.jph"] {
        let mut data = codestream(name);
        let at = data
            .windows(2)
            .position(|pair| pair == [0xFF, 0x51])
            .unwrap()
            + 6;
        data[at..at + 8].copy_from_slice(&[0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF]);
        data[at + 16..at + 24].copy_from_slice(&[0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF]);
        let (uid, description) = described(name);
        assert_eq!(
            description.decode_coded(uid, &data),
            Err(DecodeError::Limit("pixels of a frame")),
            "{name}"
        );
    }
}

#[test]
fn a_jpeg_2000_header_that_asks_for_endless_blocks_is_refused() {
    // 65,535 layers over blocks of 4 by 4 samples of a picture of 2048 by 2048.
    let mut data = codestream("busy-8-1-lossless.j2k");
    let size = data
        .windows(2)
        .position(|pair| pair == [0xFF, 0x51])
        .unwrap()
        + 6;
    data[size..size + 8].copy_from_slice(&[0, 0, 8, 0, 0, 0, 8, 0]);
    data[size + 16..size + 24].copy_from_slice(&[0, 0, 8, 0, 0, 0, 8, 0]);
    let style = data
        .windows(2)
        .position(|pair| pair == [0xFF, 0x52])
        .unwrap();
    data[style + 6..style + 8].fill(0xFF);
    data[style + 10..style + 12].fill(0);
    let (uid, description) = described("busy-8-1-lossless.j2k");
    assert_eq!(
        description.decode_coded(uid, &data),
        Err(DecodeError::Limit("bytes of a frame"))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn streams_with_changed_bytes_are_decoded_or_refused(
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
    ) {
        for (name, data) in codestreams() {
            let mut data = data;
            for (at, value) in &changes {
                let at = at.index(data.len());
                data[at] ^= value;
            }
            try_decode(&name, &data);
        }
    }

    #[test]
    fn any_bytes_behind_a_start_are_decoded_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        for name in ["smooth-8-1-baseline.jpg", "busy-12-1-near0.jls", "busy-8-1-lossless.j2k", "busy-8-1-lossless.jxl"] {
            let start = codestream(name);
            for keep in [2, 4, start.len() / 3] {
                let data = [&start[..keep], &bytes].concat();
                try_decode(name, &data);
            }
        }
    }
}
