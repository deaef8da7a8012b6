//! What the search for text finds in DICOM files, one JSON line each: `find MODELS [--strict] FILE...`.
//! For trying thresholds; it prints places and scores, no texts.
#![allow(clippy::print_stdout, reason = "an example that prints")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use obscura_core::Limits;
use obscura_dicom::Source;
use obscura_ocr::{ModelFile, Models, Ocr};
use obscura_pixels::text::{Effort, Identifiers, Request, survey};

/// Knows nobody.
#[derive(Debug)]
struct Nobody;

impl Identifiers for Nobody {
    fn named_in(&self, _: &str) -> bool {
        false
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let models = arguments.next().ok_or("MODELS FILE...")?;
    let load = |file: ModelFile| std::fs::read(Path::new(&models).join(file.name));
    let ocr = Ocr::new(Models::load(
        load(ModelFile::DETECTOR)?,
        load(ModelFile::READER)?,
    )?);
    let limits = Limits::default();
    let mut effort = Effort::Usual;
    for path in arguments {
        if path == "--strict" {
            effort = Effort::Strict;
            continue;
        }
        let bytes = std::fs::read(&path)?;
        let source = Source::open(&bytes, &limits)?;
        let object = source.parse(&limits)?;
        let request = Request {
            effort,
            finder: Some(&ocr),
            identifiers: &Nobody,
            rules: &[],
            limits: &limits,
        };
        let begun = Instant::now();
        match survey(&object.data, &object.syntax, &request) {
            Ok(seen) => {
                let lines: Vec<String> = seen
                    .iter()
                    .map(|one| {
                        let parts: Vec<[u32; 4]> = one.parts.iter().map(|a| [a.x, a.y, a.w, a.h]).collect();
                        format!(
                            "{{\"area\":{:?},\"parts\":{parts:?},\"frames\":{:?},\"fate\":\"{:?}\",\"cause\":\"{:?}\",\"scores\":{:?}}}",
                            [one.area.x, one.area.y, one.area.w, one.area.h], one.frames, one.fate, one.cause, one.scores
                        )
                    })
                    .collect();
                println!(
                    "{{\"path\":{path:?},\"seconds\":{:.3},\"seen\":[{}]}}",
                    begun.elapsed().as_secs_f64(),
                    lines.join(",")
                );
            }
            Err(error) => println!("{{\"path\":{path:?},\"error\":\"{error}\"}}"),
        }
    }
    Ok(())
}
