//! Private attributes that are known to identify nobody: PS3.15 Table E.3.10-1 and `PixelMed`'s list.

use dicom_core::VR;

use super::generated;

/// One private attribute of a list of safe ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SafePrivateRow {
    /// The (odd) group.
    pub group: u16,
    /// The low byte of the element; the high byte is the block that the creator reserved.
    pub element: u8,
    /// The private creator.
    pub creator: &'static str,
    /// The VR as the list gives it, if it gives one. UI rows hold UIDs that must be replaced.
    pub vr: Option<VR>,
}

/// Table E.3.10-1, in ascending order of group, element and creator.
///
/// The table was transcribed by hand, VRs are informative: an element's own VR comes first.
pub static SAFE_PRIVATE: &[SafePrivateRow] = &generated::safe_private::ROWS;

/// The list of safe private attributes that comes with `PixelMed`'s toolkit, without those that
/// Table E.3.10-1 has too; in ascending order of group, element and creator.
pub static PIXELMED_PRIVATE: &[SafePrivateRow] = &generated::pixelmed::ROWS;

/// The row of Table E.3.10-1 for a private attribute.
pub fn safe_private(group: u16, creator: &str, element: u8) -> Option<&'static SafePrivateRow> {
    find(SAFE_PRIVATE, group, creator, element)
}

/// The row of `PixelMed`'s list for a private attribute.
pub fn pixelmed_private(group: u16, creator: &str, element: u8) -> Option<&'static SafePrivateRow> {
    find(PIXELMED_PRIVATE, group, creator, element)
}

fn find(
    rows: &'static [SafePrivateRow],
    group: u16,
    creator: &str,
    element: u8,
) -> Option<&'static SafePrivateRow> {
    let start = rows.partition_point(|row| (row.group, row.element) < (group, element));
    rows[start..]
        .iter()
        .take_while(|row| row.group == group && row.element == element)
        .find(|row| same_creator(row.creator, creator))
}

/// Two private creators are one: without padding and in any case, because vendors write
/// `Philips MR Imaging DD 001` and `PHILIPS MR IMAGING DD 001` for the same block.
pub fn same_creator(a: &str, b: &str) -> bool {
    let padding = [' ', '\0'];
    a.trim_matches(padding)
        .eq_ignore_ascii_case(b.trim_matches(padding))
}
