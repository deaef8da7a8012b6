//! The other hiding places: nested sequences, graphics, and bytes outside the data set.

use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;
use obscura_dicom::{DataSet, Element};

use crate::images::number;
use crate::private::private_information;
use crate::{Kind, Synthetic};

impl Synthetic {
    /// Sequences, up to five deep, that name the patient and others; one item has a character set
    /// of its own.
    #[must_use]
    pub fn with_nested_sequences(self) -> Self {
        let person = self.person.clone();
        let other = DataSet::from_elements(vec![
            self.text(tags::PATIENT_ID, VR::LO, &person.other_id),
            self.text(tags::ISSUER_OF_PATIENT_ID, VR::LO, &person.hospital),
        ]);
        let deep = (0..5).fold(self.leaf(), |inner, _| {
            DataSet::from_elements(vec![Element::sequence(tags::CONTENT_SEQUENCE, vec![inner])])
        });
        let own_charset = DataSet::from_elements(vec![
            Element::text(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192"),
            crate::encode::element(
                tags::SCHEDULED_PERFORMING_PHYSICIAN_NAME,
                VR::PN,
                &person.physician,
                crate::Repertoire::Utf8,
            ),
        ]);
        let request = DataSet::from_elements(vec![
            self.text(tags::ACCESSION_NUMBER, VR::SH, &person.accession),
            self.text(tags::REQUESTING_PHYSICIAN, VR::PN, &person.physician),
            self.text(tags::SCHEDULED_PROCEDURE_STEP_ID, VR::SH, &person.accession),
            Element::sequence(tags::SCHEDULED_PROCEDURE_STEP_SEQUENCE, vec![own_charset]),
        ]);
        let original = DataSet::from_elements(vec![Element::sequence(
            tags::MODIFIED_ATTRIBUTES_SEQUENCE,
            vec![self.leaf()],
        )]);
        self.with_items(tags::OTHER_PATIENT_I_DS_SEQUENCE, vec![other])
            .with_items(tags::REQUEST_ATTRIBUTES_SEQUENCE, vec![request])
            .with_items(tags::ORIGINAL_ATTRIBUTES_SEQUENCE, vec![original])
            .with_items(tags::REFERENCED_STUDY_SEQUENCE, vec![deep])
            .planted(Kind::Number, &person.other_id)
    }

    fn leaf(&self) -> DataSet<'static> {
        DataSet::from_elements(vec![
            self.text(tags::PATIENT_NAME, VR::PN, &self.person.pn),
            self.text(tags::PATIENT_ID, VR::LO, &self.person.id),
            self.text(tags::PATIENT_BIRTH_DATE, VR::DA, &self.person.birth_date),
        ])
    }

    /// An overlay, a curve and an icon, with names in their labels.
    #[must_use]
    pub fn with_graphics(self) -> Self {
        let label = self.person.id.clone();
        let icon = DataSet::from_elements(vec![
            number(tags::SAMPLES_PER_PIXEL, VR::US, 1),
            Element::text(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"),
            number(tags::ROWS, VR::US, 2),
            number(tags::COLUMNS, VR::US, 2),
            number(tags::BITS_ALLOCATED, VR::US, 8),
            number(tags::BITS_STORED, VR::US, 8),
            number(tags::HIGH_BIT, VR::US, 7),
            number(tags::PIXEL_REPRESENTATION, VR::US, 0),
            Element::new(tags::PIXEL_DATA, VR::OB, vec![1, 2, 3, 4]),
        ]);
        self.with(Tag(0x6000, 0x0010), VR::US, "16")
            .with(Tag(0x6000, 0x0011), VR::US, "16")
            .with(Tag(0x6000, 0x0022), VR::LO, &label)
            .with(Tag(0x6000, 0x0040), VR::CS, "G")
            .with(Tag(0x6000, 0x0050), VR::SS, "1\\1")
            .with(Tag(0x6000, 0x0100), VR::US, "1")
            .with(Tag(0x6000, 0x0102), VR::US, "0")
            .with_bytes(Tag(0x6000, 0x3000), VR::OW, vec![0x55; 32])
            .with(Tag(0x6002, 0x4000), VR::LT, &label)
            .with(Tag(0x5000, 0x0005), VR::US, "1")
            .with(Tag(0x5000, 0x0020), VR::CS, "ECG")
            .with(Tag(0x5000, 0x2500), VR::LO, &label)
            .with_items(tags::ICON_IMAGE_SEQUENCE, vec![icon])
    }

    /// Words in the preamble, the file meta group, Data Set Trailing Padding and after the end.
    #[must_use]
    pub fn with_hidden_bytes(mut self) -> Self {
        let person = self.person.clone();
        self.meta.put(private_information(&person.id));
        let mut padding = person.accession.clone().into_bytes();
        padding.resize(padding.len().next_multiple_of(2), 0);
        // What follows a deflate stream belongs to no data set: only the plain ones get a tail.
        self.with_preamble(&format!("exported for {}", person.id))
            .with_meta(Tag(0x0002, 0x0016), VR::AE, &person.station)
            .with_meta(
                Tag(0x0002, 0x0100),
                VR::UI,
                "1.2.826.0.1.3680043.10.1338.9.2",
            )
            .with_bytes(tags::DATA_SET_TRAILING_PADDING, VR::OB, padding)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Kind, collection};

    #[test]
    fn what_is_said_to_be_planted_is_there() {
        for (name, object) in collection(11) {
            if name == "deflated" {
                continue;
            }
            for planted in &object.planted {
                let forms = object.repertoire.leaks(&planted.text);
                let is_there = forms.iter().any(|form| {
                    object
                        .bytes
                        .windows(form.len())
                        .any(|window| window == form.as_slice())
                });
                assert!(
                    is_there,
                    "{name}: a planted {:?} is not in the bytes",
                    planted.kind
                );
            }
            assert!(
                object
                    .planted
                    .iter()
                    .any(|planted| planted.kind == Kind::Name)
            );
            assert!(!object.clinical.is_empty(), "{name}");
        }
    }
}
