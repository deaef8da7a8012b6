//! Decoding, rendering and encoding on one core, beside dcmtk's `dcmj2pnm` in the same run.
//!
//!     cargo bench -p obscura-pixels --bench render -- PATH...
//!
//! PATH is a DICOM file or a directory of them. Without one, a picture is made up and rendered, to
//! show the cost of each step. dcmtk's time is that of `dcmj2pnm +oj +Jq 90 +Wm +Fa`, a process a
//! file. The ratios of a file are of the best wall time of several runs; the last line also counts
//! processor time over all of them (Linux), which other work on the machine disturbs less, and what
//! remains of it without the time that `dcmj2pnm --version` takes to start.

#![expect(
    clippy::print_stdout,
    reason = "its figures are for the one who runs it"
)]

use std::error::Error;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use obscura_core::Limits;
use obscura_dicom::{DataSet, Element, Source, Syntax, Tag, VR};
use obscura_pixels::decode::Image;
use obscura_pixels::render::{Display, Quality};
use obscura_pixels::{Frame, Photometric, Samples};

/// A measurement takes this long and this many runs at least.
const ENOUGH: Duration = Duration::from_millis(300);
const RUNS: usize = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<PathBuf> = env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .map(PathBuf::from)
        .collect();
    if paths.is_empty() {
        steps()
    } else {
        beside_dcmtk(&files(&paths))
    }
}

/// Rendering and encoding of 1024 x 1024 pixels.
fn steps() -> Result<(), Box<dyn Error>> {
    let side = 1024_u32;
    let data = DataSet::from_elements(vec![
        Element::text(Tag(0x0028, 0x1050), VR::DS, "2048"),
        Element::text(Tag(0x0028, 0x1051), VR::DS, "3000"),
    ]);
    let display = Display::of(&data, &Syntax::from_uid(Syntax::EXPLICIT_LE))?;
    // Slopes with some noise, from a linear congruential generator.
    let mut noise = 1_u32;
    let samples: Vec<u16> = (0..side * side)
        .map(|at| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((at % side + at / side) * 2 % 4000 + (noise >> 26)) as u16
        })
        .collect();
    let gray = Frame {
        rows: side,
        columns: side,
        samples_per_pixel: 1,
        bits_stored: 12,
        photometric: Photometric::Monochrome2,
        samples: Samples::U16(samples),
    };
    let Samples::U16(values) = &gray.samples else {
        return Ok(());
    };
    let ybr = values
        .iter()
        .flat_map(|v| [(v >> 4) as u8, 100, (v >> 5) as u8])
        .collect();
    let colour = Frame {
        samples_per_pixel: 3,
        bits_stored: 8,
        photometric: Photometric::YbrFull,
        samples: Samples::U8(ybr),
        ..gray.clone()
    };
    for (name, frame) in [("gray, 12 bits", &gray), ("YBR_FULL", &colour)] {
        let picture = display.render(0, frame)?;
        let render = measure(|| display.render(0, frame).is_ok()).wall * 1e3;
        let encode = measure(|| picture.to_jpeg(Quality::default()).is_ok()).wall * 1e3;
        println!("{side} x {side} {name:14} render {render:6.2} ms  encode {encode:6.2} ms");
    }
    Ok(())
}

fn files(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in paths {
        match fs::read_dir(path) {
            Ok(entries) => found.extend(entries.flatten().map(|entry| entry.path())),
            Err(_) => found.push(path.clone()),
        }
    }
    found.sort();
    found
}

fn beside_dcmtk(files: &[PathBuf]) -> Result<(), Box<dyn Error>> {
    let before = processor_time();
    for _ in 0..RUNS {
        dcmtk(&["--version"]);
    }
    let start = (processor_time().1 - before.1) / RUNS as f64;
    println!(
        "{:44} {:>6} {:>10} {:>10} {:>6}",
        "file", "frames", "here", "dcmtk", "ratio"
    );
    let out = env::temp_dir().join(format!("render-bench-{}", std::process::id()));
    fs::create_dir_all(&out)?;
    let (mut wall, mut processor, mut count) = ((0.0, 0.0), (0.0, 0.0), 0_u32);
    for file in files {
        let Ok(frames @ 1..) = render(file, &out) else {
            continue;
        };
        let prefix = out.join("dcmtk");
        let options = ["+oj", "+Jq", "90", "+Wm", "+Fa"].map(OsStr::new);
        let arguments = [&options[..], &[file.as_os_str(), prefix.as_os_str()]].concat();
        if !dcmtk(&arguments) {
            continue;
        }
        let ours = measure(|| render(file, &out).is_ok());
        let theirs = measure(|| dcmtk(&arguments));
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        println!(
            "{name:44.44} {frames:>6} {:>8.2} ms {:>8.2} ms {:>6.1}",
            ours.wall * 1e3,
            theirs.wall * 1e3,
            theirs.wall / ours.wall
        );
        wall = (wall.0 + ours.wall, wall.1 + theirs.wall);
        processor = (processor.0 + ours.here, processor.1 + theirs.children);
        count += 1;
    }
    fs::remove_dir_all(&out)?;
    println!(
        "{count} files, times as fast as dcmtk: wall {:.1}, processor {:.1}, without its start {:.1}",
        wall.1 / wall.0,
        processor.1 / processor.0,
        (processor.1 - start * f64::from(count)) / processor.0
    );
    Ok(())
}

/// Seconds of one run.
struct Cost {
    /// The best wall time.
    wall: f64,
    /// Processor time of this process, the mean.
    here: f64,
    /// Processor time of the processes it started, the mean.
    children: f64,
}

fn measure(mut run: impl FnMut() -> bool) -> Cost {
    let (mut wall, before, began) = (f64::MAX, processor_time(), Instant::now());
    let mut runs = 0.0;
    while runs < RUNS as f64 || began.elapsed() < ENOUGH {
        let start = Instant::now();
        run();
        wall = wall.min(start.elapsed().as_secs_f64());
        runs += 1.0;
    }
    let after = processor_time();
    Cost {
        wall,
        here: (after.0 - before.0) / runs,
        children: (after.1 - before.1) / runs,
    }
}

/// Seconds of processor time so far: of this process, and of those it started and waited for.
/// Zeros where the system does not tell.
fn processor_time() -> (f64, f64) {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program, in parentheses, may hold spaces.
    let fields = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_ascii_whitespace();
    let ticks: Vec<f64> = fields
        .skip(11)
        .take(4)
        .filter_map(|field| field.parse().ok())
        .collect();
    match ticks[..] {
        // A hundred ticks a second (proc(5), USER_HZ).
        [user, system, child_user, child_system] => {
            ((user + system) / 100.0, (child_user + child_system) / 100.0)
        }
        _ => (0.0, 0.0),
    }
}

/// Reads the file and writes the JPEG of every frame; gives their number.
fn render(file: &Path, out: &Path) -> Result<u32, Box<dyn Error>> {
    let raw = fs::read(file)?;
    let limits = Limits::default();
    let source = Source::open(&raw, &limits)?;
    let object = source.parse(&limits)?;
    let Some(image) = Image::of(&object.data, &object.syntax, &limits)? else {
        return Ok(0);
    };
    let display = Display::of(&object.data, &object.syntax)?;
    for at in 0..image.frames() {
        let picture = display.render(at, &image.decode(at)?)?;
        fs::write(
            out.join(format!("{at}.jpg")),
            picture.to_jpeg(Quality::default())?,
        )?;
    }
    Ok(image.frames())
}

fn dcmtk<S: AsRef<OsStr>>(arguments: &[S]) -> bool {
    let mut command = Command::new("dcmj2pnm");
    command
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
