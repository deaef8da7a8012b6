//! Measures reading and writing on one core. `speed FILE...`, best built for release.

use std::time::Instant;

use obscura_core::Limits;
use obscura_dicom::{Source, write_file};

fn main() {
    let limits = Limits::default();
    let files: Vec<Vec<u8>> = std::env::args_os()
        .skip(1)
        .filter_map(|path| std::fs::read(path).ok())
        .collect();
    let total: usize = files.iter().map(Vec::len).sum();
    let rounds = (2_000_000_000 / total.max(1)).clamp(1, 200);
    let (mut read, mut elements, mut out) = (0, 0, Vec::new());
    let mut spent = [0.0; 2];
    for bytes in std::iter::repeat_n(&files, rounds).flatten() {
        let start = Instant::now();
        let Ok(source) = Source::open(bytes, &limits) else {
            continue;
        };
        let Ok(file) = source.parse(&limits) else {
            continue;
        };
        spent[0] += start.elapsed().as_secs_f64();
        let start = Instant::now();
        out.clear();
        write_file(&file.meta, &file.data, &file.syntax, &mut out);
        spent[1] += start.elapsed().as_secs_f64();
        read += 1;
        elements += file.data.elements().len();
    }
    let per_second = |seconds: f64| f64::from(read) / seconds.max(1e-9);
    let report = format!(
        "{read} files of {} bytes and {} elements on average: read {:.0}/s, written {:.0}/s\n",
        total / files.len().max(1),
        elements / usize::try_from(read.max(1)).unwrap_or(1),
        per_second(spent[0]),
        per_second(spent[1]),
    );
    let _ = std::io::Write::write_all(&mut std::io::stdout(), report.as_bytes());
}
