//! Scans of sequential DCT frames, Huffman-coded (ISO/IEC 10918-1 F.2): every block is complete
//! when it is read and is transformed at once.

use super::Broken;
use super::bits::Bits;
use super::header::{FrameHeader, ScanHeader, Tables, ZIGZAG};
use super::huffman::{Huffman, extend};
use super::idct;
use super::plane::{Geometry, Plane, Sample, mcus};
use super::progressive::Coefficients;

/// What one component of the scan needs.
struct Part<'a> {
    index: usize,
    dc: &'a Huffman,
    ac: &'a Huffman,
    factors: [f32; 64],
    /// The last DC coefficient.
    prediction: i32,
}

/// Decodes a scan into the planes of its components. How many of its MCUs were there, and of
/// how many.
pub(super) fn decode<S: Sample>(
    data: &[u8],
    scan: &ScanHeader,
    frame: &FrameHeader,
    tables: &Tables,
    planes: &mut [Plane<S>],
) -> Result<(usize, usize), Broken> {
    let mut parts = parts(scan, frame, tables)?;
    let geometries = geometries(&parts, |index| planes[index].geometry);
    walk(
        data,
        &mut parts,
        &geometries,
        frame,
        tables.restart_interval,
        |bits, part, at| {
            decode_block(bits, part, &mut planes[part.index], at, frame.precision);
            Ok(())
        },
    )
}

/// The same for the coefficients as they are coded, without transforming them.
pub(super) fn read_coefficients(
    data: &[u8],
    scan: &ScanHeader,
    frame: &FrameHeader,
    tables: &Tables,
    components: &mut [Coefficients],
) -> Result<(usize, usize), Broken> {
    let mut parts = parts(scan, frame, tables)?;
    let geometries = geometries(&parts, |index| components[index].geometry);
    walk(
        data,
        &mut parts,
        &geometries,
        frame,
        tables.restart_interval,
        |bits, part, (across, down)| {
            part.prediction = part.prediction.wrapping_add(part.dc.difference(bits));
            let block = components[part.index].block_mut(across, down);
            *block = [0; 64];
            block[0] = i16::try_from(part.prediction).map_err(|_| Broken)?;
            read_ac(bits, part.ac, |at, value| block[at] = value as i16);
            Ok(())
        },
    )
}

fn geometries(parts: &[Part<'_>], of: impl Fn(usize) -> Geometry) -> Vec<Geometry> {
    parts.iter().map(|part| of(part.index)).collect()
}

/// Goes through the blocks of a scan in the order of their coding, over damaged restart intervals.
#[inline]
fn walk(
    data: &[u8],
    parts: &mut [Part<'_>],
    geometries: &[Geometry],
    frame: &FrameHeader,
    restart_interval: u32,
    mut block: impl FnMut(&mut Bits<'_>, &mut Part<'_>, (usize, usize)) -> Result<(), Broken>,
) -> Result<(usize, usize), Broken> {
    let interleaved = parts.len() > 1;
    let (across, down) = if interleaved {
        mcus(frame)
    } else {
        (geometries[0].blocks_wide, geometries[0].blocks_high)
    };
    let total = across * down;
    let interval = restart_interval as usize;
    let mut bits = Bits::new(data);
    let mut found = 0;
    let mut mcu = 0;
    while mcu < total {
        if interval > 0 && mcu > 0 && mcu.is_multiple_of(interval) {
            if !bits.restart() {
                break;
            }
            for part in parts.iter_mut() {
                part.prediction = 0;
            }
        }
        let (x, y) = (mcu % across, mcu / across);
        for (part, geometry) in parts.iter_mut().zip(geometries) {
            if !interleaved {
                block(&mut bits, part, (x, y))?;
                continue;
            }
            let (horizontal, vertical) = (geometry.horizontal, geometry.vertical);
            for v in 0..vertical {
                for h in 0..horizontal {
                    block(&mut bits, part, (x * horizontal + h, y * vertical + v))?;
                }
            }
        }
        if bits.is_exhausted() {
            if interval == 0 {
                break;
            }
            mcu = mcu.next_multiple_of(interval).max(mcu + 1);
            continue;
        }
        found += 1;
        mcu += 1;
    }
    Ok((found, total))
}

fn parts<'a>(
    scan: &ScanHeader,
    frame: &FrameHeader,
    tables: &'a Tables,
) -> Result<Vec<Part<'a>>, Broken> {
    scan.components
        .iter()
        .map(|component| {
            let quantiser = frame.components[component.index].quantiser;
            Ok(Part {
                index: component.index,
                dc: tables.dc[component.dc].as_deref().ok_or(Broken)?,
                ac: tables.ac[component.ac].as_deref().ok_or(Broken)?,
                factors: idct::multipliers(tables.quantisers[quantiser].as_ref().ok_or(Broken)?),
                prediction: 0,
            })
        })
        .collect()
}

#[inline]
fn decode_block<S: Sample>(
    bits: &mut Bits<'_>,
    part: &mut Part<'_>,
    plane: &mut Plane<S>,
    (across, down): (usize, usize),
    precision: u32,
) {
    part.prediction = part.prediction.wrapping_add(part.dc.difference(bits));
    let mut block = [0_f32; 64];
    block[0] = part.prediction as f32 * part.factors[0];
    let factors = &part.factors;
    let any = read_ac(bits, part.ac, |at, value| {
        block[at] = value as f32 * factors[at];
    });
    let stride = plane.geometry.stride();
    let output = plane.block(across, down);
    if any {
        idct::inverse(&block, output, stride, precision);
    } else {
        idct::inverse_flat(block[0], output, stride, precision);
    }
}

/// Reads the AC coefficients (F.2.2.2): place in natural order and value. Whether there are any.
#[inline(always)]
fn read_ac(bits: &mut Bits<'_>, table: &Huffman, mut put: impl FnMut(usize, i32)) -> bool {
    let mut k = 1;
    let mut any = false;
    while k < 64 {
        bits.refill();
        if let Some((value, run)) = table.short_ac(bits) {
            k += run;
            if k > 63 {
                break;
            }
            let at = usize::from(ZIGZAG[k] & 63);
            put(at, value);
            any = true;
            k += 1;
            continue;
        }
        let symbol = table.value(bits);
        let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
        if size == 0 {
            if run != 15 {
                break;
            }
            k += 16;
            continue;
        }
        k += run;
        if k > 63 {
            break;
        }
        let value = extend(bits.peek(size), size);
        bits.skip(size);
        let at = usize::from(ZIGZAG[k] & 63);
        put(at, value);
        any = true;
        k += 1;
    }
    any
}
