//! Private blocks (PS3.5 7.8): known and unknown creators, shifted, nested, and disguised as UN.

use dicom_core::{Tag, VR};
use obscura_dicom::{DataSet, Element, Syntax, write_data_set};

use crate::{Kind, Synthetic};

impl Synthetic {
    /// Private blocks of several creators, with identifiers and with safe values in them.
    ///
    /// - `GEMS_PARM_01` at block 10, and again at block 22 of an item: one creator, two places.
    /// - `GEMS_PATI_01` with a number of the patient.
    /// - `SIEMENS CSA HEADER` with a CSA2 header that holds text.
    /// - An unknown creator with the patient's name, in a sequence and in UN that is a sequence.
    /// - A private element without any creator.
    #[must_use]
    pub fn with_private_blocks(self) -> Self {
        let person = self.person.clone();
        let id = person.id.as_str();
        let shifted = DataSet::from_elements(vec![
            self.text(Tag(0x0043, 0x0022), VR::LO, "GEMS_PARM_01"),
            self.text(Tag(0x0043, 0x2239), VR::IS, "1000\\8\\0\\0"),
        ]);
        let inner = DataSet::from_elements(vec![
            self.text(Tag(0x0099, 0x0010), VR::LO, "QUALMED NOTES 1.0"),
            self.text(Tag(0x0099, 0x1001), VR::LO, &person.pn),
            self.text(Tag(0x0099, 0x1002), VR::SH, id),
        ]);
        let disguised = sequence_as_bytes(&inner);
        let csa = csa_header(&[("PatientNote", id), ("EchoLinePosition", "64")]);
        self.with(Tag(0x0043, 0x0010), VR::LO, "GEMS_PARM_01")
            .with(Tag(0x0043, 0x1039), VR::IS, "1000\\8\\0\\0")
            .with_items(
                dicom_dictionary_std::tags::REFERENCED_IMAGE_SEQUENCE,
                vec![shifted],
            )
            .with(Tag(0x0011, 0x0030), VR::LO, "GEMS_PATI_01")
            .with(Tag(0x0011, 0x3010), VR::SS, "12")
            .with(Tag(0x0029, 0x0010), VR::LO, "SIEMENS CSA HEADER")
            .with_bytes(Tag(0x0029, 0x1010), VR::OB, csa)
            .with(Tag(0x0029, 0x1008), VR::CS, "IMAGE NUM 4")
            .with(Tag(0x0099, 0x0010), VR::LO, "QUALMED NOTES 1.0")
            .with(Tag(0x0099, 0x1001), VR::LO, &person.pn)
            .with_items(Tag(0x0099, 0x1010), vec![inner])
            .with_bytes(Tag(0x0099, 0x1011), VR::UN, disguised)
            .with_bytes(Tag(0x009B, 0x1001), VR::UN, padded(id))
            .planted(Kind::Number, id)
    }
}

/// A sequence of one item in Implicit VR Little Endian, as UN of undefined VR holds it
/// (PS3.5 6.2.2).
fn sequence_as_bytes(item: &DataSet<'_>) -> Vec<u8> {
    let mut content = Vec::new();
    write_data_set(item, &Syntax::from_uid(Syntax::IMPLICIT_LE), &mut content);
    let mut bytes = vec![0xFE, 0xFF, 0x00, 0xE0];
    bytes.extend((content.len() as u32).to_le_bytes());
    bytes.extend(content);
    bytes
}

/// A Siemens CSA2 header: `SV10`, a count, then named elements with items of four-byte alignment.
fn csa_header(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = b"SV10\x04\x03\x02\x01".to_vec();
    bytes.extend((entries.len() as u32).to_le_bytes());
    bytes.extend(77_u32.to_le_bytes());
    for (name, value) in entries {
        let mut field = [0_u8; 64];
        field[..name.len()].copy_from_slice(name.as_bytes());
        bytes.extend(field);
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(b"LO\0\0");
        bytes.extend(19_u32.to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(77_u32.to_le_bytes());
        let length = value.len() as u32;
        for word in [length, length, 77, length] {
            bytes.extend(word.to_le_bytes());
        }
        bytes.extend(value.as_bytes());
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    bytes
}

fn padded(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.resize(bytes.len().next_multiple_of(2), b' ');
    bytes
}

/// An element of the file meta group's private information (PS3.10 7.1).
pub(crate) fn private_information(text: &str) -> Element<'static> {
    Element::new(Tag(0x0002, 0x0102), VR::OB, padded(text))
}
