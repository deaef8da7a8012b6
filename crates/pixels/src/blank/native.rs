//! Native cells, written over in place.

use std::borrow::Cow;

use dicom_dictionary_std::tags;
use obscura_dicom::{DataSet, Value};

use super::fill::Fills;
use crate::decode::{Image, Layout};

/// Writes the fills of frames into the native pixel data of an object.
pub(super) fn write(data: &mut DataSet<'_>, layout: &Layout, fills: &[(u32, Fills)]) {
    for tag in [
        tags::PIXEL_DATA,
        tags::FLOAT_PIXEL_DATA,
        tags::DOUBLE_FLOAT_PIXEL_DATA,
    ] {
        if let Some(element) = data.get_mut(tag)
            && let Value::Bytes(bytes) = &mut element.value
        {
            let bytes = Cow::to_mut(bytes);
            for (index, fills) in fills {
                write_frame(bytes, Image::first_bit(layout, *index), layout, fills);
            }
            return;
        }
    }
}

/// Writes the fills of one frame, which begins at a bit of these bytes.
pub(super) fn write_frame(bytes: &mut [u8], first_bit: u64, layout: &Layout, fills: &Fills) {
    let (columns, _) = layout.size();
    let (samples, _) = layout.samples_and_bytes();
    let width = u64::from(layout.cell_bits());
    let cells: Vec<[u64; 3]> = (0..fills.cover.areas().len())
        .map(|at| fills.of(at).map(|value| layout.cell_of(value)))
        .collect();
    fills.cover.spans(|row, stretch, at| {
        for column in stretch {
            let pixel = u64::from(row) * u64::from(columns) + u64::from(column);
            for (sample, cell) in (0..samples as u64).zip(cells[at]) {
                let bit = first_bit + layout.cell(pixel, sample) * width;
                layout.put(bytes, bit, cell);
            }
        }
    });
}
