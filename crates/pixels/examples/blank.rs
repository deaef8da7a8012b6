//! Blanks rectangles in a DICOM file: for comparison with other programs that read the result.
//! `cargo run -p obscura-pixels --example blank -- FILE OUT FRAME x,y,w,h... [FRAME x,y,w,h...]...`
//!
//! Prints how the frames were written again, the transfer syntax, and the frames that changed.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};

use obscura_core::Limits;
use obscura_dicom::{Source, write_file};
use obscura_pixels::Area;
use obscura_pixels::blank::blank;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let usage = || io::Error::other("usage: blank FILE OUT FRAME x,y,w,h...");
    let mut arguments = std::env::args().skip(1);
    let input = arguments.next().ok_or_else(usage)?;
    let output = arguments.next().ok_or_else(usage)?;
    let mut areas: BTreeMap<u32, Vec<Area>> = BTreeMap::new();
    let mut frame = None;
    for argument in arguments {
        let numbers: Vec<u32> = argument
            .split(',')
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        match (numbers[..].as_ref(), frame) {
            ([index], _) => frame = Some(*index),
            ([x, y, w, h], Some(index)) => areas
                .entry(index)
                .or_default()
                .push(Area::new(*x, *y, *w, *h)),
            _ => return Err(usage().into()),
        }
    }
    let limits = Limits::default();
    let raw = fs::read(input)?;
    let source = Source::open(&raw, &limits)?;
    let mut file = source.parse(&limits)?;
    let done = blank(&mut file.data, &mut file.syntax, &areas, &limits)?;
    let mut out = Vec::new();
    write_file(&file.meta, &file.data, &file.syntax, &mut out);
    fs::write(output, out)?;
    writeln!(
        io::stdout(),
        "{:?} {} {:?}",
        done.recoding,
        file.syntax.uid,
        done.frames
    )?;
    Ok(())
}
