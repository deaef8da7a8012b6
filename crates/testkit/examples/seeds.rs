//! Writes the synthetic objects of one person into a directory, one file each: seeds for fuzzing,
//! and something to look at with other programs.
//!
//! `cargo run -p obscura-testkit --example seeds -- DIRECTORY [SEED]`

use std::path::Path;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let place = arguments
        .next()
        .unwrap_or_else(|| ".obscura-work/seeds".to_owned());
    let seed = arguments
        .next()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(1);
    std::fs::create_dir_all(&place)?;
    for (name, object) in obscura_testkit::collection(seed) {
        std::fs::write(Path::new(&place).join(format!("{name}.dcm")), &object.bytes)?;
    }
    Ok(())
}
