//! The file meta group of what is written (PS3.10 7.1): made anew, nothing is carried over.
//!
//! AE titles, presentation addresses, private information, implementation identity and whatever
//! else a system wrote into group 0002 name places and programs; only the transfer syntax stays.

use obscura_dicom::{DataSet, Element, Syntax, Tag, VR};

/// Implementation Class UID of Obscura: a UUID-derived UID (PS3.5 B.2), made once.
const IMPLEMENTATION_CLASS: &str = "2.25.93725932287094355872642057679921398662";
/// Implementation Version Name.
const IMPLEMENTATION_VERSION: &str = "OBSCURA_0_1";

/// The file meta group for an object of this class, instance and transfer syntax.
pub(crate) fn new_meta(sop_class: &str, sop_instance: &str, syntax: &Syntax) -> DataSet<'static> {
    let ui = |element, value: &str| Element::text(Tag(0x0002, element), VR::UI, value);
    DataSet::from_elements(vec![
        Element::new(Tag(0x0002, 0x0001), VR::OB, &[0, 1][..]),
        ui(0x0002, sop_class),
        ui(0x0003, sop_instance),
        ui(0x0010, &syntax.uid),
        Element::fixed(Tag(0x0002, 0x0012), VR::UI, IMPLEMENTATION_CLASS),
        Element::fixed(Tag(0x0002, 0x0013), VR::SH, IMPLEMENTATION_VERSION),
    ])
}
