//! Writes the stored values of every frame of DICOM files, for comparison with other decoders:
//! `cargo run -p obscura-pixels --example dump_frames -- OUT FILE...`
//!
//! `OUT/index.tsv` has a line for each frame: number of the file among the arguments, frame, rows,
//! columns, samples per pixel, photometric, bits stored, type, name of the dump; or for a file or
//! frame that is not decoded its number, frame or `-`, and the error. A dump holds the samples as
//! they stand in the frame, little endian. `tests/compare/decode_reference.py` reads both.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use obscura_core::Limits;
use obscura_dicom::Source;
use obscura_pixels::decode::Image;
use obscura_pixels::{Frame, Samples};

fn main() -> io::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let Some(out) = arguments.next() else {
        return Err(io::Error::other("usage: dump_frames OUT FILE..."));
    };
    let out = Path::new(&out);
    fs::create_dir_all(out)?;
    let mut index = BufWriter::new(fs::File::create(out.join("index.tsv"))?);
    for (number, input) in arguments.enumerate() {
        let raw = fs::read(&input)?;
        if let Err(error) = dump(&raw, number, out, &mut index) {
            writeln!(index, "{number}\t-\t{error}")?;
        }
    }
    index.flush()
}

fn dump(
    raw: &[u8],
    number: usize,
    out: &Path,
    index: &mut impl Write,
) -> Result<(), Box<dyn std::error::Error>> {
    let limits = Limits::default();
    let source = Source::open(raw, &limits)?;
    let file = source.parse(&limits)?;
    let Some(image) = Image::of(&file.data, &file.syntax, &limits)? else {
        return Ok(());
    };
    for at in 0..image.frames() {
        match image.decode(at) {
            Ok(frame) => {
                let name = format!("{number}-{at}.raw");
                let kind = write_samples(&out.join(&name), &frame)?;
                writeln!(
                    index,
                    "{number}\t{at}\t{}\t{}\t{}\t{:?}\t{}\t{kind}\t{name}",
                    frame.rows,
                    frame.columns,
                    frame.samples_per_pixel,
                    frame.photometric,
                    frame.bits_stored
                )?;
            }
            Err(error) => writeln!(index, "{number}\t{at}\t{error}")?,
        }
    }
    Ok(())
}

/// Writes the samples; their type in the notation of `numpy`.
fn write_samples(path: &Path, frame: &Frame) -> io::Result<&'static str> {
    let mut file = BufWriter::new(fs::File::create(path)?);
    let mut put = |bytes: &[u8]| file.write_all(bytes);
    let kind = match &frame.samples {
        Samples::U8(samples) => put(samples).map(|()| "u1"),
        Samples::U16(samples) => samples
            .iter()
            .try_for_each(|s| put(&s.to_le_bytes()))
            .map(|()| "<u2"),
        Samples::I16(samples) => samples
            .iter()
            .try_for_each(|s| put(&s.to_le_bytes()))
            .map(|()| "<i2"),
        Samples::U32(samples) => samples
            .iter()
            .try_for_each(|s| put(&s.to_le_bytes()))
            .map(|()| "<u4"),
        Samples::I32(samples) => samples
            .iter()
            .try_for_each(|s| put(&s.to_le_bytes()))
            .map(|()| "<i4"),
        Samples::F32(samples) => samples
            .iter()
            .try_for_each(|s| put(&s.to_le_bytes()))
            .map(|()| "<f4"),
        Samples::F64(samples) => samples
            .iter()
            .try_for_each(|s| put(&s.to_le_bytes()))
            .map(|()| "<f8"),
    }?;
    file.flush()?;
    Ok(kind)
}
