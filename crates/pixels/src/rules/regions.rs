//! [`outside`]: what of an ultrasound image lies outside of its regions (PS3.3 C.8.5.5).
//!
//! The Sequence of Ultrasound Regions (0018,6011) says where the picture, the traces and the graphs
//! stand. Banners with names stand outside, but so do grading scales, depth marks, bars of colour
//! and settings: blanking all of it costs harmless content, which is the caller's to weigh.

use dicom_dictionary_std::tags;
use obscura_dicom::Header;

use super::cover::uncovered;
use crate::area::Area;

/// Regions that one image may have; real ones have fewer than ten.
const MOST_REGIONS: usize = 256;

/// The least share of the frame that regions must cover to be believed: one part in this many.
/// Real regions cover a third and more; less is a mistake, and following it would blank the image.
const LEAST_SHARE: u64 = 20;

/// The SOP classes of ultrasound images (PS3.4 B.5), the retired ones included.
const ULTRASOUND: [&str; 5] = [
    "1.2.840.10008.5.1.4.1.1.6",
    "1.2.840.10008.5.1.4.1.1.6.1",
    "1.2.840.10008.5.1.4.1.1.6.2",
    "1.2.840.10008.5.1.4.1.1.3",
    "1.2.840.10008.5.1.4.1.1.3.1",
];

/// What lies outside of the regions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outside {
    /// Disjoint rectangles within the frame; none if the image is no ultrasound, has no regions
    /// that can be believed, or is covered by them.
    pub rectangles: Vec<Area>,
    /// What was strange about the regions.
    pub notes: Vec<RegionNote>,
}

/// Something strange about the regions of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RegionNote {
    /// A region reaches beyond the frame; the part within counts.
    Clipped,
    /// A region is empty, upside down, outside of the frame or not described; it does not count.
    Ignored,
    /// All regions together cover so little that they cannot be meant: none counts.
    TooSmall,
    /// There are more regions than an image can have: none counts.
    TooMany,
}

impl RegionNote {
    /// A sentence for the report, without values.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Clipped => "an ultrasound region reaches beyond the frame; it was cut there",
            Self::Ignored => "an ultrasound region without a valid place was ignored",
            Self::TooSmall => "the ultrasound regions cover almost nothing; they were ignored",
            Self::TooMany => "there are too many ultrasound regions; they were ignored",
        }
    }
}

/// Whether the header says that the image is ultrasound, by SOP class or modality.
pub fn is_ultrasound(header: &Header<'_, '_>) -> bool {
    ULTRASOUND.contains(&header.word(tags::SOP_CLASS_UID).as_ref())
        || matches!(header.word(tags::MODALITY).as_ref(), "US" | "IVUS")
}

/// What lies outside of the regions of an ultrasound image.
pub fn outside(header: &Header<'_, '_>, rows: u32, columns: u32) -> Outside {
    let frame = Area::new(0, 0, columns, rows);
    let mut found = Outside::default();
    if frame.is_empty() || !is_ultrasound(header) {
        return found;
    }
    let items: Vec<_> = header
        .items(tags::SEQUENCE_OF_ULTRASOUND_REGIONS)
        .take(MOST_REGIONS + 1)
        .collect();
    if items.len() > MOST_REGIONS {
        found.notes.push(RegionNote::TooMany);
        return found;
    }
    let mut regions = Vec::new();
    for item in &items {
        match region(item, frame) {
            Ok(area) => regions.push(area),
            Err((area, note)) => {
                regions.extend(area);
                found.notes.push(note);
            }
        }
    }
    found.notes.sort_unstable();
    found.notes.dedup();
    if regions.is_empty() {
        return found;
    }
    let covered: u64 = uncovered(&regions, &[]).iter().map(Area::pixels).sum();
    if covered * LEAST_SHARE < frame.pixels() {
        found.notes.push(RegionNote::TooSmall);
        return found;
    }
    found.rectangles = uncovered(&[frame], &regions);
    found
}

/// The place of one region in the frame; with a note if it had to be cut or cannot count.
fn region(item: &Header<'_, '_>, frame: Area) -> Result<Area, (Option<Area>, RegionNote)> {
    let ignored = (None, RegionNote::Ignored);
    let number = |tag| {
        let number = item.number(tag).ok_or((None, RegionNote::Ignored))?;
        Ok(number.clamp(-1.0, f64::from(u32::MAX - 1)) as i64)
    };
    let (left, top) = (
        number(tags::REGION_LOCATION_MIN_X0)?,
        number(tags::REGION_LOCATION_MIN_Y0)?,
    );
    // X1 and Y1 are the lower right corner, a pixel of the region (C.8.5.5.1.1).
    let (right, bottom) = (
        number(tags::REGION_LOCATION_MAX_X1)?,
        number(tags::REGION_LOCATION_MAX_Y1)?,
    );
    if right <= left || bottom <= top {
        return Err(ignored);
    }
    let (x, y) = (left.max(0) as u32, top.max(0) as u32);
    let (x1, y1) = (right.max(0) as u32 + 1, bottom.max(0) as u32 + 1);
    let area = Area::new(x, y, x1.saturating_sub(x), y1.saturating_sub(y));
    let Some(within) = area.within(frame.w, frame.h) else {
        return Err(ignored);
    };
    // Many devices write the number of columns for the last column.
    let exact =
        left >= 0 && top >= 0 && area.right() <= frame.w + 1 && area.bottom() <= frame.h + 1;
    if exact {
        Ok(within)
    } else {
        Err((Some(within), RegionNote::Clipped))
    }
}
