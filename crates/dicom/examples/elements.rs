//! Prints what the reader makes of files, one element a line, without values: for comparison with
//! other readers. `elements FILE...`

use std::io::Write;

use obscura_core::Limits;
use obscura_dicom::{DataSet, Source, Value};

fn main() -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let limits = Limits::default();
    for path in std::env::args_os().skip(1) {
        let bytes = std::fs::read(&path)?;
        writeln!(out, "file {}", path.to_string_lossy())?;
        let source = match Source::open(&bytes, &limits) {
            Ok(source) => source,
            Err(error) => {
                writeln!(out, "error {error}")?;
                continue;
            }
        };
        match source.parse(&limits) {
            Ok(file) => {
                let (syntax, trailing) = (&file.syntax, file.trailing.len());
                writeln!(
                    out,
                    "syntax {syntax:?} trailing {trailing} mends {:?}",
                    file.mends
                )?;
                print(&file.meta, "", &mut out)?;
                print(&file.data, "", &mut out)?;
            }
            Err(error) => writeln!(out, "error {error}")?,
        }
    }
    out.flush()
}

fn print(data: &DataSet<'_>, path: &str, out: &mut impl Write) -> std::io::Result<()> {
    for element in data.elements() {
        let place = format!("{path}{:04X}{:04X}", element.tag.0, element.tag.1);
        match &element.value {
            Value::Bytes(bytes) => {
                writeln!(
                    out,
                    "{place} {} {} {:08x}",
                    element.vr,
                    bytes.len(),
                    checksum(bytes)
                )?;
            }
            Value::Items(items) => {
                writeln!(out, "{place} {} items {}", element.vr, items.items.len())?;
                for (number, item) in items.items.iter().enumerate() {
                    print(item, &format!("{place}[{number}]."), out)?;
                }
            }
            Value::Fragments(fragments) => {
                let count = fragments.fragments.len();
                let sum = fragments
                    .fragments
                    .iter()
                    .map(|one| one.len())
                    .sum::<usize>();
                writeln!(out, "{place} {} fragments {count} {sum}", element.vr)?;
            }
        }
    }
    Ok(())
}

/// FNV-1a of 32 bits.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811C_9DC5, |sum, byte| {
        (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}
