//! [`Synthetic`]: the builder, and what it gives: [`Object`] and [`Planted`].

use dicom_core::{Tag, VR};
use dicom_dictionary_std::{tags, uids};
use obscura_dicom::{DataSet, Element, Syntax, write_file};

use crate::encode::{element, swap_bytes, undefine_lengths};
use crate::{Person, Repertoire};

/// Retired, and in the archives of every hospital.
const OTHER_PATIENT_IDS: Tag = Tag(0x0010, 0x1000);

/// A file, and what is known about it.
#[derive(Debug, Clone)]
pub struct Object {
    /// The bytes of the file.
    pub bytes: Vec<u8>,
    /// What was planted in it.
    pub planted: Vec<Planted>,
    /// Clinical words that must survive the cleaning of descriptors.
    pub clinical: Vec<String>,
    /// The character sets of its text.
    pub repertoire: Repertoire,
}

/// One identifier that stands somewhere in the object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planted {
    /// What kind of identifier it is.
    pub kind: Kind,
    /// The text, as it stands there.
    pub text: String,
}

/// Kinds of identifiers, by what a policy may do with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The name of a person, or a part of it.
    Name,
    /// A number of a person or a study.
    Number,
    /// A date: `YYYYMMDD`.
    Date,
    /// A UID of an instance.
    Uid,
    /// A telephone number, an address, a mail address.
    Contact,
    /// An institution or a device.
    Place,
}

/// A DICOM object in the making, about one invented person.
///
/// The methods of the kinds ([`Synthetic::ct`] and so on) begin one that is complete and valid;
/// `with_...` adds to it; [`Synthetic::encode`] ends it.
#[derive(Debug, Clone)]
pub struct Synthetic {
    pub(crate) person: Person,
    pub(crate) meta: DataSet<'static>,
    pub(crate) data: DataSet<'static>,
    pub(crate) planted: Vec<Planted>,
    clinical: Vec<String>,
    syntax: Syntax,
    undefined_lengths: bool,
    preamble: Vec<u8>,
    trailing: Vec<u8>,
}

impl Synthetic {
    /// An object of a SOP class and modality with the modules every object has: patient, study,
    /// series, equipment, SOP common.
    pub fn new(person: &Person, sop_class: &str, modality: &str) -> Self {
        let empty = Self {
            person: person.clone(),
            meta: DataSet::default(),
            data: DataSet::default(),
            planted: Vec::new(),
            clinical: Vec::new(),
            syntax: Syntax::from_uid(Syntax::EXPLICIT_LE),
            undefined_lengths: false,
            preamble: vec![0; 128],
            trailing: Vec::new(),
        };
        let with_charset = match person.repertoire.terms() {
            Some(terms) => empty.with(tags::SPECIFIC_CHARACTER_SET, VR::CS, terms),
            None => empty,
        };
        with_charset
            .sop_common(sop_class)
            .patient()
            .study(modality)
            .series(modality)
    }

    fn sop_common(self, sop_class: &str) -> Self {
        let instance = self.person.uid("1.1.1");
        self.with_meta(tags::MEDIA_STORAGE_SOP_CLASS_UID, VR::UI, sop_class)
            .with_meta(tags::MEDIA_STORAGE_SOP_INSTANCE_UID, VR::UI, &instance)
            .with_meta(
                tags::IMPLEMENTATION_CLASS_UID,
                VR::UI,
                "1.2.826.0.1.3680043.10.1338.9.1",
            )
            .with(tags::SOP_CLASS_UID, VR::UI, sop_class)
            .plant(tags::SOP_INSTANCE_UID, VR::UI, Kind::Uid, &instance)
            .with(tags::INSTANCE_NUMBER, VR::IS, "1")
    }

    fn patient(self) -> Self {
        let person = self.person.clone();
        self.with(tags::PATIENT_NAME, VR::PN, &person.pn)
            .planted(Kind::Name, &person.family)
            .planted(Kind::Name, &person.given)
            .plant(tags::PATIENT_ID, VR::LO, Kind::Number, &person.id)
            .plant(OTHER_PATIENT_IDS, VR::LO, Kind::Number, &person.other_id)
            .plant(
                tags::PATIENT_BIRTH_DATE,
                VR::DA,
                Kind::Date,
                &person.birth_date,
            )
            .with(tags::PATIENT_SEX, VR::CS, person.sex)
            .with(tags::PATIENT_AGE, VR::AS, &person.age)
            .plant(
                tags::PATIENT_ADDRESS,
                VR::LO,
                Kind::Contact,
                &person.address,
            )
            .plant(
                tags::PATIENT_TELEPHONE_NUMBERS,
                VR::SH,
                Kind::Contact,
                &person.phone,
            )
    }

    fn study(self, modality: &str) -> Self {
        let person = self.person.clone();
        let referring = format!("{}^Dr", person.physician);
        let description = format!("{modality} CHEST W CONTRAST - Dr. {}", person.physician);
        self.plant(
            tags::STUDY_INSTANCE_UID,
            VR::UI,
            Kind::Uid,
            &person.uid("1"),
        )
        .with(tags::STUDY_ID, VR::SH, "1")
        .plant(tags::STUDY_DATE, VR::DA, Kind::Date, &person.study_date)
        .with(tags::STUDY_TIME, VR::TM, &person.study_time)
        .plant(
            tags::ACCESSION_NUMBER,
            VR::SH,
            Kind::Number,
            &person.accession,
        )
        .with(tags::REFERRING_PHYSICIAN_NAME, VR::PN, &referring)
        .planted(Kind::Name, &person.physician)
        .with(tags::STUDY_DESCRIPTION, VR::LO, &description)
        .clinical("CHEST W CONTRAST")
    }

    fn series(self, modality: &str) -> Self {
        let person = self.person.clone();
        self.with(tags::MODALITY, VR::CS, modality)
            .plant(
                tags::SERIES_INSTANCE_UID,
                VR::UI,
                Kind::Uid,
                &person.uid("1.1"),
            )
            .with(tags::SERIES_NUMBER, VR::IS, "1")
            .with(tags::SERIES_DESCRIPTION, VR::LO, "Axial 5.0 mm soft tissue")
            .clinical("Axial 5.0 mm soft tissue")
            .plant(
                tags::INSTITUTION_NAME,
                VR::LO,
                Kind::Place,
                &person.hospital,
            )
            .plant(tags::STATION_NAME, VR::SH, Kind::Place, &person.station)
            .with(tags::MANUFACTURER, VR::LO, "Example Devices")
    }

    /// Puts an element with a text value, in place of one of the same tag.
    ///
    /// # Panics
    /// If the text is not a value of the VR.
    #[must_use]
    pub fn with(mut self, tag: Tag, vr: VR, text: &str) -> Self {
        self.data
            .put(element(tag, vr, text, self.person.repertoire));
        self
    }

    /// Puts an element with these bytes, as they are to stand in a little-endian file.
    #[must_use]
    pub fn with_bytes(mut self, tag: Tag, vr: VR, bytes: impl Into<Vec<u8>>) -> Self {
        self.data.put(Element::new(tag, vr, bytes.into()));
        self
    }

    /// Puts any element.
    #[must_use]
    pub fn with_element(mut self, element: Element<'static>) -> Self {
        self.data.put(element);
        self
    }

    /// Puts a sequence of these items.
    #[must_use]
    pub fn with_items(self, tag: Tag, items: Vec<DataSet<'static>>) -> Self {
        self.with_element(Element::sequence(tag, items))
    }

    /// Takes an element out.
    #[must_use]
    pub fn without(mut self, tag: Tag) -> Self {
        self.data.remove(tag);
        self
    }

    /// Puts an element into the file meta group.
    #[must_use]
    pub fn with_meta(mut self, tag: Tag, vr: VR, text: &str) -> Self {
        self.meta.put(element(tag, vr, text, Repertoire::Ascii));
        self
    }

    /// Puts an element whose text is an identifier.
    #[must_use]
    pub fn plant(self, tag: Tag, vr: VR, kind: Kind, text: &str) -> Self {
        self.with(tag, vr, text).planted(kind, text)
    }

    /// Notes that a text which stands somewhere in the object is an identifier.
    #[must_use]
    pub fn planted(mut self, kind: Kind, text: &str) -> Self {
        let planted = Planted {
            kind,
            text: text.to_owned(),
        };
        if !self.planted.contains(&planted) {
            self.planted.push(planted);
        }
        self
    }

    /// Notes that these words, which stand somewhere in the object, are clinical and must stay.
    #[must_use]
    pub fn clinical(mut self, words: &str) -> Self {
        self.clinical.push(words.to_owned());
        self
    }

    /// Bytes of the preamble, at most 128.
    #[must_use]
    pub fn with_preamble(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        self.preamble[..bytes.len()].copy_from_slice(bytes);
        self
    }

    /// Bytes after the end of the data set.
    #[must_use]
    pub fn with_trailing(mut self, bytes: &[u8]) -> Self {
        self.trailing = bytes.to_vec();
        self
    }

    /// In Implicit VR Little Endian.
    #[must_use]
    pub fn implicit(self) -> Self {
        self.in_syntax(Syntax::IMPLICIT_LE)
    }

    /// In Explicit VR Big Endian.
    #[must_use]
    pub fn big_endian(self) -> Self {
        self.in_syntax(Syntax::EXPLICIT_BE)
    }

    /// In Deflated Explicit VR Little Endian.
    #[must_use]
    pub fn deflated(self) -> Self {
        self.in_syntax(Syntax::DEFLATED_LE)
    }

    /// In the transfer syntax of a UID. Pixel data is not transcoded.
    #[must_use]
    pub fn in_syntax(mut self, uid: &str) -> Self {
        self.syntax = Syntax::from_uid(uid);
        self
    }

    /// With sequences and items of undefined length.
    #[must_use]
    pub fn undefined_lengths(mut self) -> Self {
        self.undefined_lengths = true;
        self
    }

    /// An element of text in the object's character sets, for items.
    pub(crate) fn text(&self, tag: Tag, vr: VR, text: &str) -> Element<'static> {
        element(tag, vr, text, self.person.repertoire)
    }

    /// The file.
    pub fn encode(mut self) -> Object {
        if self.syntax.uid == Syntax::EXPLICIT_BE {
            swap_bytes(&mut self.data);
        }
        if self.undefined_lengths {
            undefine_lengths(&mut self.data);
        }
        let mut bytes = Vec::new();
        write_file(&self.meta, &self.data, &self.syntax, &mut bytes);
        bytes[..128].copy_from_slice(&self.preamble);
        bytes.extend(&self.trailing);
        let Self {
            planted,
            clinical,
            person,
            ..
        } = self;
        Object {
            bytes,
            planted,
            clinical,
            repertoire: person.repertoire,
        }
    }
}

/// SOP classes by short names, so that the kinds read well.
pub(crate) mod classes {
    use super::uids;

    pub(crate) const CT: &str = uids::CT_IMAGE_STORAGE;
    pub(crate) const MR: &str = uids::MR_IMAGE_STORAGE;
    pub(crate) const US_MULTIFRAME: &str = uids::ULTRASOUND_MULTI_FRAME_IMAGE_STORAGE;
    pub(crate) const SC: &str = uids::SECONDARY_CAPTURE_IMAGE_STORAGE;
    pub(crate) const SR: &str = uids::ENHANCED_SR_STORAGE;
    pub(crate) const RTSTRUCT: &str = uids::RT_STRUCTURE_SET_STORAGE;
    pub(crate) const PR: &str = uids::GRAYSCALE_SOFTCOPY_PRESENTATION_STATE_STORAGE;
    pub(crate) const PDF: &str = uids::ENCAPSULATED_PDF_STORAGE;
}
