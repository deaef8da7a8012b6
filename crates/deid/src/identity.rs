//! Which object it is: the SOP Class and the SOP Instance UID that a released file must have.
//!
//! Some programs write both to the file meta group alone. The standard wants them equal to those
//! of the data set (PS3.10 7.1), so what stands there is the answer, and it is put where it
//! belongs. An object that names them nowhere is set aside: a class made up for it would be a lie.

use std::borrow::Cow;

use obscura_core::Phi;
use obscura_dicom::{Charsets, DataSet, DicomFile, Element, Tag, VR};

use crate::engine::EngineError;

/// SOP Class UID.
pub(crate) const SOP_CLASS: Tag = Tag(0x0008, 0x0016);
/// SOP Instance UID.
pub(crate) const SOP_INSTANCE: Tag = Tag(0x0008, 0x0018);
/// Media Storage SOP Class UID and Media Storage SOP Instance UID.
const MEDIA_STORAGE: [(Tag, Tag); 2] = [
    (SOP_CLASS, Tag(0x0002, 0x0002)),
    (SOP_INSTANCE, Tag(0x0002, 0x0003)),
];

/// The identity of an object that a released file must have.
pub(crate) struct Identity {
    /// The SOP class.
    pub(crate) sop_class: String,
    /// The original instance.
    pub(crate) sop_instance: Phi<String>,
}

impl Identity {
    /// Puts what only the file meta group says into the data set, and reads the identity.
    ///
    /// # Errors
    /// [`EngineError::NoSopInstance`] if neither place names the class or the instance.
    pub(crate) fn settle(file: &mut DicomFile<'_>) -> Result<Self, EngineError> {
        for (tag, media_storage) in MEDIA_STORAGE {
            let lacks = file.data.get(tag).is_none_or(Element::is_empty);
            let stated = file.meta.ascii(media_storage).filter(|uid| is_uid(uid));
            if let Some(uid) = stated.filter(|_| lacks) {
                let element = Element::text(tag, VR::UI, uid);
                file.data.put(element);
            }
        }
        let class = file.data.ascii(SOP_CLASS).filter(|uid| is_uid(uid));
        let instance = file.data.ascii(SOP_INSTANCE);
        Ok(Self {
            sop_class: class
                .ok_or(EngineError::NoSopInstance("SOP Class UID"))?
                .to_owned(),
            sop_instance: Phi::new(
                instance
                    .ok_or(EngineError::NoSopInstance("SOP Instance UID"))?
                    .to_owned(),
            ),
        })
    }
}

/// The text by which a patient is told apart, without padding: as the character sets declare it,
/// else as UTF-8, else as Latin-1. No two texts become one for want of a declaration, and one text
/// is the same in every object, however it was encoded there.
pub(crate) fn distinct<'b>(bytes: &'b [u8], vr: VR, charsets: &Charsets) -> Cow<'b, str> {
    let mut text = charsets.decode_vr(vr, bytes);
    if text.contains(char::REPLACEMENT_CHARACTER) {
        text = match str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
        };
    }
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(PADDING)),
        Cow::Owned(text) => Cow::Owned(text.trim_matches(PADDING).to_owned()),
    }
}

/// The [distinct] text of an element of the data set; nothing if it is not there.
pub(crate) fn stated<'d>(data: &'d DataSet<'_>, tag: Tag, charsets: &Charsets) -> Cow<'d, str> {
    data.get(tag).map_or(Cow::Borrowed(""), |element| {
        distinct(element.bytes().unwrap_or_default(), element.vr, charsets)
    })
}

/// What fills a value up to an even length.
const PADDING: [char; 2] = [' ', '\0'];

/// Digits and dots, 64 at most (PS3.5 9.1).
pub(crate) fn is_uid(text: &str) -> bool {
    text.len() <= 64 && !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit() || c == b'.')
}
