//! The engine: what it releases holds nothing the original states, or it releases nothing.

use std::sync::LazyLock;

use obscura_core::PseudonymKey;
use obscura_deid::policy::{Policy, Preset};
use obscura_deid::{Engine, PixelCleaning};
use obscura_dicom::{Source, Tag};

use crate::tight_limits;

/// A key for tests: the numbers from 1 to 32.
static ENGINES: LazyLock<Vec<Engine>> = LazyLock::new(|| {
    let key = PseudonymKey::from_bytes(std::array::from_fn(|at| at as u8 + 1));
    let engine = |preset| Engine::new(Policy::preset(preset), &key, tight_limits());
    Preset::ALL.into_iter().map(engine).collect()
});

/// De-identifies the object the bytes are under each preset. What is released is readable, says
/// that it was de-identified, has an empty preamble and nothing after its end, and the residual
/// scan finds nothing of the original in it.
///
/// # Panics
/// If one of these does not hold.
pub fn check_walk(bytes: &[u8]) {
    let limits = tight_limits();
    let Ok(source) = Source::open(bytes, &limits) else {
        return;
    };
    for engine in ENGINES.iter() {
        let Ok(file) = source.parse(&limits) else {
            return;
        };
        let Ok(original) = source.parse(&limits) else {
            return;
        };
        let Ok(released) = engine.deidentify(file, PixelCleaning::NotDone) else {
            continue;
        };
        let hits = engine
            .verify(&original, &released.bytes)
            .expect("a released file is scanned");
        assert!(
            hits.is_empty(),
            "an identifier of the original is in what was released"
        );
        is_sound(&released.bytes);
    }
}

fn is_sound(bytes: &[u8]) {
    const PATIENT_IDENTITY_REMOVED: Tag = Tag(0x0012, 0x0062);
    let limits = obscura_core::Limits::default();
    let source = Source::open(bytes, &limits).expect("a released file opens");
    let file = source.parse(&limits).expect("a released file parses");
    assert!(
        bytes[..128].iter().all(|byte| *byte == 0),
        "a released file has a preamble"
    );
    assert!(
        file.trailing.is_empty(),
        "a released file has bytes after its end"
    );
    assert_eq!(file.data.ascii(PATIENT_IDENTITY_REMOVED), Some("YES"));
}
