//! How long a first look takes: `cargo run --release -p obscura-ocr --example glance [WIDTH HEIGHT]`.

use std::time::Instant;

use obscura_ocr::glance::{Glance, GlanceError, SUSPECT};

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), GlanceError> {
    let mut sizes = std::env::args()
        .skip(1)
        .filter_map(|size| size.parse().ok());
    let width: usize = sizes.next().unwrap_or(512);
    let height = sizes.next().unwrap_or(width);
    let mut state = 1_u32;
    let values: Vec<f32> = (0..width * height)
        .map(|at| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((at % width) / 8 + (state >> 27) as usize) as f32
        })
        .collect();
    let glance = Glance::new()?;
    let mut times = Vec::new();
    let mut marks = 0;
    for _ in 0..30 {
        let start = Instant::now();
        marks = glance.look(&values, width, height)?.boxes(SUSPECT).len();
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    #[expect(clippy::print_stdout, reason = "an example that measures")]
    {
        println!(
            "{width} x {height}: least {:.2} ms, median {:.2} ms, {marks} marks",
            times[0],
            times[times.len() / 2]
        );
    }
    Ok(())
}
