//! An input that ends within its pixel data is mended and told of: issue 2, "truncated at every byte".

#![allow(clippy::unwrap_used, reason = "a test may fail by panic")]

use std::sync::Arc;

use obscura_core::PseudonymKey;
use obscura_deid::policy::{Policy, Preset};
use obscura_pipeline::{Deidentifier, Frames, Options, Outcome, Pixels};
use obscura_pixels::rules::Rules;
use obscura_testkit::{Person, Synthetic};

fn warnings(input: &[u8]) -> Vec<&'static str> {
    let options = Options {
        frames: Frames::None,
        pixels: Pixels::Rules(Arc::new(Rules::default())),
        ..Options::default()
    };
    let key = PseudonymKey::from_bytes([7; 32]);
    match Deidentifier::new(Policy::preset(Preset::Research), &key, options).process(input) {
        Outcome::Released(release) => release.warnings,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_missing_of_the_pixels_is_said() {
    let whole = Synthetic::us_multiframe(&Person::from_seed(5))
        .encode()
        .bytes;
    let tells = |input: &[u8]| {
        warnings(input)
            .iter()
            .any(|warning| warning.contains("ends within its pixel data"))
    };
    assert!(!tells(&whole));
    for missing in [1, 2, 40] {
        assert!(tells(&whole[..whole.len() - missing]), "{missing}");
    }
}
