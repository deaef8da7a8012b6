//! JPEG of DCT coefficients (ISO/IEC 10918-1 F.1, G.1): writes coefficients as they are, with
//! Huffman codes of their own, so that blocks that were not changed decode to what they did.

use super::NoForm;
use super::bits::{BitWriter, magnitude};
use super::huffman::{Code, Counts};
use crate::decode::jpeg::{Coefficients, FrameHeader, Process, ZIGZAG};

/// A picture to encode.
pub(crate) struct Picture<'p> {
    pub(crate) frame: &'p FrameHeader,
    /// The marker of the frame header: SOF0, SOF1 or SOF2.
    pub(crate) marker: u8,
    pub(crate) quantisers: &'p [Option<[u16; 64]>; 4],
    pub(crate) scans: Scans,
    /// Segments to stand behind SOI.
    pub(crate) segments: &'p [u8],
    pub(crate) components: &'p [Coefficients],
}

/// How the components are spread over scans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scans {
    /// All components in one scan.
    Interleaved,
    /// A scan for each component.
    Separate,
}

/// The most blocks of an MCU (B.2.3).
const MOST_BLOCKS: u32 = 10;

/// Encodes a picture.
///
/// A progressive picture is written as a scan of the DC coefficients and one of the AC
/// coefficients of each component, all of their bits at once.
pub(crate) fn encode(picture: &Picture<'_>) -> Result<Vec<u8>, NoForm> {
    let mut out = vec![0xFF, 0xD8];
    out.extend_from_slice(picture.segments);
    write_quantisers(picture, &mut out)?;
    write_frame(picture, &mut out)?;
    for scan in scans(picture) {
        out = write_scan(picture, &scan, out)?;
    }
    out.extend_from_slice(&[0xFF, 0xD9]);
    Ok(out)
}

/// One scan: its components and the coefficients it codes.
struct Scan {
    components: Vec<usize>,
    start: u8,
    end: u8,
}

fn scans(picture: &Picture<'_>) -> Vec<Scan> {
    let count = picture.frame.components.len();
    let blocks: u32 = picture
        .frame
        .components
        .iter()
        .map(|c| c.horizontal * c.vertical)
        .sum();
    let together = count > 1 && picture.scans == Scans::Interleaved && blocks <= MOST_BLOCKS;
    let groups: Vec<Vec<usize>> = if together {
        vec![(0..count).collect()]
    } else {
        (0..count).map(|at| vec![at]).collect()
    };
    let scan = |start, end| {
        move |components| Scan {
            components,
            start,
            end,
        }
    };
    if picture.frame.process != Process::Progressive {
        return groups.into_iter().map(scan(0, 63)).collect();
    }
    let bands = (0..count).map(|at| vec![at]);
    groups
        .into_iter()
        .map(scan(0, 0))
        .chain(bands.map(scan(1, 63)))
        .collect()
}

fn write_quantisers(picture: &Picture<'_>, out: &mut Vec<u8>) -> Result<(), NoForm> {
    for (number, table) in (0_u8..).zip(picture.quantisers) {
        let used = picture
            .frame
            .components
            .iter()
            .any(|c| c.quantiser == usize::from(number));
        let Some(table) = table.as_ref().filter(|_| used) else {
            if used {
                return Err(NoForm);
            }
            continue;
        };
        let wide = table.iter().any(|value| *value > 255);
        out.extend_from_slice(&[0xFF, 0xDB, 0, if wide { 131 } else { 67 }]);
        out.push(u8::from(wide) << 4 | number);
        for natural in ZIGZAG {
            let value = table[usize::from(natural)].to_be_bytes();
            out.extend_from_slice(if wide { &value } else { &value[1..] });
        }
    }
    Ok(())
}

fn write_frame(picture: &Picture<'_>, out: &mut Vec<u8>) -> Result<(), NoForm> {
    let frame = picture.frame;
    let size = |length: u32| {
        u16::try_from(length)
            .map_err(|_| NoForm)
            .map(u16::to_be_bytes)
    };
    let count = frame.components.len() as u8;
    out.extend_from_slice(&[0xFF, picture.marker, 0, 8 + 3 * count]);
    out.push(frame.precision as u8);
    out.extend_from_slice(&size(frame.rows)?);
    out.extend_from_slice(&size(frame.columns)?);
    out.push(count);
    for c in &frame.components {
        out.extend_from_slice(&[
            c.id,
            (c.horizontal << 4 | c.vertical) as u8,
            c.quantiser as u8,
        ]);
    }
    Ok(())
}

/// Two tables of each class are all that the baseline process has (F.1.2): one for the first
/// component, one for the others.
const fn table_of(component: usize) -> usize {
    if component == 0 { 0 } else { 1 }
}

fn write_scan(picture: &Picture<'_>, scan: &Scan, mut out: Vec<u8>) -> Result<Vec<u8>, NoForm> {
    let mut dc: [Counts; 2] = [[0; 256]; 2];
    let mut ac: [Counts; 2] = [[0; 256]; 2];
    visit(picture, scan, |class, table, symbol, _, _| {
        let counts = match class {
            Class::Dc => &mut dc[table],
            Class::Ac => &mut ac[table],
        };
        counts[usize::from(symbol)] = counts[usize::from(symbol)].saturating_add(1);
    })?;
    let (dc, ac) = (dc.map(|c| code(&c)), ac.map(|c| code(&c)));
    for (class, codes) in [(0_u8, &dc), (0x10, &ac)] {
        for (number, code) in (0..).zip(codes) {
            if let Some(code) = code {
                code.write(class | number, &mut out);
            }
        }
    }
    let count = scan.components.len() as u8;
    out.extend_from_slice(&[0xFF, 0xDA, 0, 6 + 2 * count, count]);
    for component in &scan.components {
        let table = table_of(*component) as u8;
        // The part of a table that the scan has no use for is 0.
        let dc = if scan.start == 0 { table } else { 0 };
        let ac = if scan.end > 0 { table } else { 0 };
        out.extend_from_slice(&[picture.frame.components[*component].id, dc << 4 | ac]);
    }
    out.extend_from_slice(&[scan.start, scan.end, 0]);
    let mut bits = BitWriter::behind(out);
    visit(picture, scan, |class, table, symbol, value, size| {
        let code = match class {
            Class::Dc => &dc[table],
            Class::Ac => &ac[table],
        };
        if let Some(code) = code {
            let (code, length) = code.of(symbol);
            bits.put(code, length);
            bits.put(value, size);
        }
    })?;
    Ok(bits.finish())
}

fn code(counts: &Counts) -> Option<Code> {
    counts
        .iter()
        .any(|count| *count > 0)
        .then(|| Code::for_counts(counts))
}

#[derive(Clone, Copy)]
enum Class {
    Dc,
    Ac,
}

/// Calls `put` for every symbol of a scan: class, table, symbol, additional bits and their number.
fn visit(
    picture: &Picture<'_>,
    scan: &Scan,
    mut put: impl FnMut(Class, usize, u8, u32, u32),
) -> Result<(), NoForm> {
    let mut predictions = [0_i32; 4];
    let mut block = |component: usize, coefficients: &[i16; 64]| {
        let table = table_of(component);
        if scan.start == 0 {
            let value = i32::from(coefficients[0]);
            let (size, bits) = magnitude(value - predictions[component]);
            predictions[component] = value;
            if size > 15 {
                return Err(NoForm);
            }
            put(Class::Dc, table, size as u8, bits, size);
        }
        if scan.end == 0 {
            return Ok(());
        }
        let mut run = 0_u8;
        for natural in &ZIGZAG[1..] {
            let value = i32::from(coefficients[usize::from(*natural)]);
            if value == 0 {
                run += 1;
                continue;
            }
            while run > 15 {
                put(Class::Ac, table, 0xF0, 0, 0);
                run -= 16;
            }
            let (size, bits) = magnitude(value);
            if size > 15 {
                return Err(NoForm);
            }
            put(Class::Ac, table, run << 4 | size as u8, bits, size);
            run = 0;
        }
        if run > 0 {
            put(Class::Ac, table, 0, 0, 0);
        }
        Ok(())
    };
    if let [alone] = scan.components[..] {
        let component = &picture.components[alone];
        let geometry = &component.geometry;
        for down in 0..geometry.blocks_high {
            for across in 0..geometry.blocks_wide {
                block(alone, component.block(across, down))?;
            }
        }
        return Ok(());
    }
    let (mcus_wide, mcus_high) = crate::decode::jpeg::mcus(picture.frame);
    for mcu in 0..mcus_wide * mcus_high {
        let (x, y) = (mcu % mcus_wide, mcu / mcus_wide);
        for at in &scan.components {
            let component = &picture.components[*at];
            let (wide, high) = (component.geometry.horizontal, component.geometry.vertical);
            for v in 0..high {
                for h in 0..wide {
                    block(*at, component.block(x * wide + h, y * high + v))?;
                }
            }
        }
    }
    Ok(())
}
