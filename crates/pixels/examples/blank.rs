//! Blanks rectangles in DICOM files, for comparison with other programs that read the result:
//! `cargo run -p obscura-pixels --example blank -- FILE OUT FRAME x,y,w,h... [FRAME ...]`
//!
//! Prints how the frames were written again, the transfer syntax, and the frames that changed.
//! Without arguments it reads such lines from standard input, their words parted by tabs, and
//! prints a line for each. `tests/compare/blank_reference.py` calls it so.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, Write};

use obscura_core::Limits;
use obscura_dicom::{Source, write_file};
use obscura_pixels::Area;
use obscura_pixels::blank::blank;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut out = io::stdout().lock();
    if !arguments.is_empty() {
        writeln!(out, "{}", run(&arguments)?)?;
        return Ok(());
    }
    for line in io::stdin().lock().lines() {
        let words: Vec<String> = line?.split('\t').map(str::to_owned).collect();
        match run(&words) {
            Ok(done) => writeln!(out, "{done}")?,
            Err(error) => match error.source() {
                Some(source) => writeln!(out, "error: {error}: {source}")?,
                None => writeln!(out, "error: {error}")?,
            },
        }
    }
    Ok(())
}

fn run(words: &[String]) -> Result<String, Failure> {
    let [input, output, rest @ ..] = words else {
        return Err(io::Error::other("usage: blank FILE OUT FRAME x,y,w,h...").into());
    };
    let areas = areas(rest)?;
    let limits = Limits::default();
    let raw = fs::read(input)?;
    let source = Source::open(&raw, &limits)?;
    let mut file = source.parse(&limits)?;
    let done = blank(&mut file.data, &mut file.syntax, &areas, &limits)?;
    let mut written = Vec::new();
    write_file(&file.meta, &file.data, &file.syntax, &mut written);
    fs::write(output, written)?;
    let frames: Vec<String> = done.frames.iter().map(u32::to_string).collect();
    Ok(format!(
        "{:?} {} {}",
        done.recoding,
        file.syntax.uid,
        frames.join(",")
    ))
}

/// Rectangles by frame: a number alone is the frame of those that follow.
fn areas(words: &[String]) -> Result<BTreeMap<u32, Vec<Area>>, Failure> {
    let mut areas: BTreeMap<u32, Vec<Area>> = BTreeMap::new();
    let mut frame = 0;
    for word in words {
        let numbers: Vec<u32> = word.split(',').map(str::parse).collect::<Result<_, _>>()?;
        match numbers[..] {
            [index] => frame = index,
            [x, y, w, h] => areas.entry(frame).or_default().push(Area::new(x, y, w, h)),
            _ => return Err(io::Error::other("not a frame and not a rectangle").into()),
        }
    }
    Ok(areas)
}
