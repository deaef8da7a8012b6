//! What cleaning DICOM files costs, call by call: `cost MODELS FILE...`. One line a file: seconds in
//! all, and for the first look, the detector and the reader how often they were asked, for how many
//! megapixels as they went through the network, and for how long.
#![allow(clippy::print_stdout, reason = "an example that prints")]

use std::error::Error;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use obscura_core::Limits;
use obscura_dicom::Source;
use obscura_ocr::{ModelFile, Models, Ocr};
use obscura_pixels::render::Picture;
use obscura_pixels::text::{
    Effort, FinderError, Glimpses, Identifiers, Plane, Reading, Request, Spot, TextFinder, clean,
};

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Knows nobody.
#[derive(Debug)]
struct Nobody;

impl Identifiers for Nobody {
    fn named_in(&self, _: &str) -> bool {
        false
    }
}

/// Calls, pixels and time of one kind of work.
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    calls: u32,
    pixels: f64,
    time: Duration,
}

/// A finder that keeps accounts.
#[derive(Debug)]
struct Counted {
    ocr: Ocr,
    costs: Mutex<[Cost; 3]>,
}

impl Counted {
    fn of<T>(&self, kind: usize, pixels: f64, work: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let done = work();
        if let Ok(mut costs) = self.costs.lock() {
            costs[kind].calls += 1;
            costs[kind].pixels += pixels;
            costs[kind].time += begun.elapsed();
        }
        done
    }
}

impl TextFinder for Counted {
    fn glance(&self, plane: &Plane) -> Result<Glimpses, FinderError> {
        self.of(0, plane.values.len() as f64, || self.ocr.glance(plane))
    }

    fn detect(&self, picture: &Picture, scale: f32) -> Result<Vec<Spot>, FinderError> {
        let pixels = f64::from(picture.width) * f64::from(picture.height);
        let scaled = pixels * f64::from(scale) * f64::from(scale);
        self.of(1, scaled, || self.ocr.detect(picture, scale))
    }

    fn read(&self, line: &Picture) -> Result<Reading, FinderError> {
        let width = 48.0 * f64::from(line.width) / f64::from(line.height);
        self.of(2, width * 48.0, || self.ocr.read(line))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let models = arguments.next().ok_or("MODELS FILE...")?;
    let load = |file: ModelFile| std::fs::read(Path::new(&models).join(file.name));
    let limits = Limits::default();
    let (detector, reader) = (load(ModelFile::DETECTOR)?, load(ModelFile::READER)?);
    #[cfg(not(feature = "ort"))]
    let models = Models::load(detector, reader)?;
    #[cfg(feature = "ort")]
    let models = match std::env::var_os("OBSCURA_ONNX_RUNTIME") {
        Some(library) => {
            let runtime = obscura_ocr::OnnxRuntime::load(Path::new(&library))?;
            Models::load_for(&runtime, detector, reader)?
        }
        None => Models::load(detector, reader)?,
    };
    let finder = Counted {
        ocr: Ocr::new(models),
        costs: Mutex::default(),
    };
    for path in arguments {
        let bytes = std::fs::read(&path)?;
        let source = Source::open(&bytes, &limits)?;
        let mut object = source.parse(&limits)?;
        let request = Request {
            effort: Effort::Usual,
            finder: Some(&finder),
            identifiers: &Nobody,
            rules: &[],
            limits: &limits,
        };
        let begun = Instant::now();
        let done = clean(&mut object.data, &mut object.syntax, &request);
        let seconds = begun.elapsed().as_secs_f64();
        let costs = finder
            .costs
            .lock()
            .map(|mut costs| std::mem::take(&mut *costs));
        let costs: Vec<String> = costs
            .unwrap_or_default()
            .iter()
            .map(|cost| {
                format!(
                    "{:4} x {:7.2} MP {:6.2} s",
                    cost.calls,
                    cost.pixels / 1e6,
                    cost.time.as_secs_f64()
                )
            })
            .collect();
        let marks = done.map(|cleaned| cleaned.marked.len());
        println!(
            "{seconds:6.2} s | {} | {} marks | {path}",
            costs.join(" | "),
            marks.map_or_else(|_| "no".to_owned(), |count| count.to_string())
        );
    }
    Ok(())
}
