//! Renders every frame of a DICOM file: `render FILE OUTDIR [--pnm]`.
//!
//! Writes `OUTDIR/<frame>.jpg`, frames counted from 0; with `--pnm` also the picture before JPEG
//! as `OUTDIR/<frame>.pnm`. `tests/compare/render_reference.py` compares them with other renderers.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use obscura_core::Limits;
use obscura_dicom::Source;
use obscura_pixels::decode::Image;
use obscura_pixels::render::{Display, Picture, Quality};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [file, directory, options @ ..] = &arguments[..] else {
        return Err("usage: render FILE OUTDIR [--pnm]".into());
    };
    let directory = Path::new(directory);
    fs::create_dir_all(directory)?;
    let raw = fs::read(file)?;
    let limits = Limits::default();
    let source = Source::open(&raw, &limits)?;
    let object = source.parse(&limits)?;
    let image = Image::of(&object.data, &object.syntax, &limits)?.ok_or("no pixel data")?;
    let display = Display::of(&object.data, &object.syntax)?;
    for at in 0..image.frames() {
        let picture = display.render(at, &image.decode(at)?)?;
        fs::write(
            directory.join(format!("{at}.jpg")),
            picture.to_jpeg(Quality::default())?,
        )?;
        if options.iter().any(|option| option == "--pnm") {
            fs::write(directory.join(format!("{at}.pnm")), pnm(&picture))?;
        }
    }
    Ok(())
}

/// The picture as binary PGM or PPM.
fn pnm(picture: &Picture) -> Vec<u8> {
    let kind = if picture.channels == 1 { "P5" } else { "P6" };
    let mut file = format!("{kind}\n{} {}\n255\n", picture.width, picture.height).into_bytes();
    file.extend_from_slice(&picture.data);
    file
}
