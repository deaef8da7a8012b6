//! The store in memory guarantees what every store guarantees.

use obscura_core::Timestamp;
use obscura_storage::conformance;
use obscura_storage::memory::Memory;

fn memory() -> Memory {
    Memory::new(Timestamp::from_millis(1_800_000_000_000))
}

#[test]
fn objects() {
    assert_eq!(conformance::objects(&memory(), &memory()), Ok(()));
    assert_eq!(conformance::lists(&memory(), &memory()), Ok(()));
    assert_eq!(conformance::uploads(&memory(), &memory()), Ok(()));
}

#[test]
fn rows_and_groups() {
    assert_eq!(conformance::rows(&memory(), &memory()), Ok(()));
    assert_eq!(conformance::files(&memory(), &memory()), Ok(()));
    assert_eq!(conformance::groups(&memory(), &memory()), Ok(()));
}
