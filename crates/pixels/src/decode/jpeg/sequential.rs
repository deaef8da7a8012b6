//! Scans of sequential DCT frames, Huffman-coded (ISO/IEC 10918-1 F.2): every block is complete
//! when it is read and is transformed at once.

use super::Broken;
use super::bits::Bits;
use super::header::{FrameHeader, ScanHeader, Tables, ZIGZAG};
use super::huffman::{Huffman, extend};
use super::idct;
use super::plane::{Plane, Sample, mcus};

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
    let interleaved = parts.len() > 1;
    let (across, down) = if interleaved {
        mcus(frame)
    } else {
        let geometry = &planes[parts[0].index].geometry;
        (geometry.blocks_wide, geometry.blocks_high)
    };
    let total = across * down;
    let interval = tables.restart_interval as usize;
    let mut bits = Bits::new(data);
    let mut found = 0;
    let mut mcu = 0;
    while mcu < total {
        if interval > 0 && mcu > 0 && mcu.is_multiple_of(interval) {
            if !bits.restart() {
                break;
            }
            for part in &mut parts {
                part.prediction = 0;
            }
        }
        let place = (mcu % across, mcu / across);
        for part in &mut parts {
            decode_mcu(
                &mut bits,
                part,
                &mut planes[part.index],
                place,
                interleaved,
                frame.precision,
            );
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
fn decode_mcu<S: Sample>(
    bits: &mut Bits<'_>,
    part: &mut Part<'_>,
    plane: &mut Plane<S>,
    (across, down): (usize, usize),
    interleaved: bool,
    precision: u32,
) {
    if !interleaved {
        decode_block(bits, part, plane, (across, down), precision);
        return;
    }
    let (horizontal, vertical) = (plane.geometry.horizontal, plane.geometry.vertical);
    for v in 0..vertical {
        for h in 0..horizontal {
            let at = (across * horizontal + h, down * vertical + v);
            decode_block(bits, part, plane, at, precision);
        }
    }
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
    let any = read_ac(bits, part.ac, &part.factors, &mut block);
    let stride = plane.geometry.stride();
    let output = plane.block(across, down);
    if any {
        idct::inverse(&block, output, stride, precision);
    } else {
        idct::inverse_flat(block[0], output, stride, precision);
    }
}

/// Reads the AC coefficients (F.2.2.2). Whether there are any.
#[inline]
fn read_ac(
    bits: &mut Bits<'_>,
    table: &Huffman,
    factors: &[f32; 64],
    block: &mut [f32; 64],
) -> bool {
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
            block[at] = value as f32 * factors[at];
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
        block[at] = value as f32 * factors[at];
        any = true;
        k += 1;
    }
    any
}
