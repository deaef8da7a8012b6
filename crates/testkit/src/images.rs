//! The images: CT, MR, ultrasound, secondary capture, and one object of every VR.

use dicom_core::VR;
use dicom_dictionary_std::tags;
use obscura_dicom::{DataSet, Element, Fragments, Tag, Value};

use crate::synthetic::classes;
use crate::{Person, Synthetic, grey_jpeg};

/// Rows and columns of every synthetic image.
const SIDE: u16 = 16;
/// JPEG Baseline (Process 1).
const JPEG_BASELINE: &str = "1.2.840.10008.1.2.4.50";

impl Synthetic {
    /// A CT image of 16 by 16 pixels, 16 bits, signed.
    pub fn ct(person: &Person) -> Self {
        Self::new(person, classes::CT, "CT")
            .with(tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\AXIAL")
            .with(tags::KVP, VR::DS, "120")
            .with(tags::RESCALE_INTERCEPT, VR::DS, "-1024")
            .with(tags::RESCALE_SLOPE, VR::DS, "1")
            .with(tags::PROTOCOL_NAME, VR::LO, "CHEST ROUTINE 5.0 B31f")
            .clinical("CHEST ROUTINE 5.0 B31f")
            .plane()
            .monochrome(16, 1)
            .gradient(1)
    }

    /// An MR image of 16 by 16 pixels, 12 of 16 bits, unsigned.
    pub fn mr(person: &Person) -> Self {
        Self::new(person, classes::MR, "MR")
            .with(tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\M\\SE")
            .with(tags::SCANNING_SEQUENCE, VR::CS, "SE")
            .with(tags::SEQUENCE_VARIANT, VR::CS, "NONE")
            .with(tags::SCAN_OPTIONS, VR::CS, "")
            .with(tags::MR_ACQUISITION_TYPE, VR::CS, "2D")
            .with(tags::ECHO_TIME, VR::DS, "15")
            .with(tags::REPETITION_TIME, VR::DS, "500")
            .with(tags::ECHO_TRAIN_LENGTH, VR::IS, "1")
            .plane()
            .monochrome(12, 0)
            .gradient(1)
    }

    /// An ultrasound clip: three frames in colour, one region with its calibration.
    pub fn us_multiframe(person: &Person) -> Self {
        let region = DataSet::from_elements(vec![
            number(tags::REGION_SPATIAL_FORMAT, VR::US, 1),
            number(tags::REGION_DATA_TYPE, VR::US, 1),
            number(tags::REGION_FLAGS, VR::UL, 0),
            number(tags::REGION_LOCATION_MIN_X0, VR::UL, 0),
            number(tags::REGION_LOCATION_MIN_Y0, VR::UL, 4),
            number(tags::REGION_LOCATION_MAX_X1, VR::UL, u32::from(SIDE) - 1),
            number(tags::REGION_LOCATION_MAX_Y1, VR::UL, u32::from(SIDE) - 1),
            number(tags::PHYSICAL_UNITS_X_DIRECTION, VR::US, 3),
            number(tags::PHYSICAL_UNITS_Y_DIRECTION, VR::US, 3),
            Element::new(
                tags::PHYSICAL_DELTA_X,
                VR::FD,
                0.05_f64.to_le_bytes().to_vec(),
            ),
            Element::new(
                tags::PHYSICAL_DELTA_Y,
                VR::FD,
                0.05_f64.to_le_bytes().to_vec(),
            ),
        ]);
        Self::new(person, classes::US_MULTIFRAME, "US")
            .with(
                tags::IMAGE_TYPE,
                VR::CS,
                "ORIGINAL\\PRIMARY\\ABDOMINAL\\0001",
            )
            .with(tags::LOSSY_IMAGE_COMPRESSION, VR::CS, "00")
            .with(tags::NUMBER_OF_FRAMES, VR::IS, "3")
            .with(tags::FRAME_TIME, VR::DS, "40")
            .with(tags::FRAME_INCREMENT_POINTER, VR::AT, "00181063")
            .with_items(tags::SEQUENCE_OF_ULTRASOUND_REGIONS, vec![region])
            .rgb()
            .gradient(9)
    }

    /// A secondary capture in colour.
    pub fn sc_rgb(person: &Person) -> Self {
        Self::new(person, classes::SC, "OT")
            .with(tags::CONVERSION_TYPE, VR::CS, "WSD")
            .rgb()
            .gradient(3)
    }

    /// A secondary capture as a JPEG whose comment and Exif segments name the patient.
    pub fn sc_jpeg(person: &Person) -> Self {
        let latin = Person {
            repertoire: crate::Repertoire::Ascii,
            ..person.clone()
        };
        let comment = format!("Patient {} {}", latin.id, latin.accession);
        let mut jpeg = grey_jpeg(SIDE, &comment, &format!("Artist {}", latin.id));
        if jpeg.len() % 2 == 1 {
            jpeg.push(0);
        }
        let value = Fragments {
            offset_table: vec![0; 4].into(),
            fragments: vec![jpeg.into()],
        };
        let pixels = Element {
            tag: tags::PIXEL_DATA,
            vr: VR::OB,
            value: Value::Fragments(value),
        };
        Self::new(person, classes::SC, "OT")
            .with(tags::CONVERSION_TYPE, VR::CS, "DI")
            .with(tags::LOSSY_IMAGE_COMPRESSION, VR::CS, "01")
            .with(tags::LOSSY_IMAGE_COMPRESSION_RATIO, VR::DS, "2")
            .with(tags::LOSSY_IMAGE_COMPRESSION_METHOD, VR::CS, "ISO_10918_1")
            .monochrome(8, 0)
            .with_element(pixels)
            .in_syntax(JPEG_BASELINE)
    }

    /// A secondary capture with an element of every VR, in a private block of its own where the
    /// standard has none.
    pub fn every_vr(person: &Person) -> Self {
        let values = [
            (VR::AE, "EXAMPLE_AE"),
            (VR::AS, "045Y"),
            (VR::AT, "00181063"),
            (VR::CS, "YES"),
            (VR::DA, "20200229"),
            (VR::DS, "1.5\\-2e3"),
            (VR::DT, "20200229112233.123456+0100"),
            (VR::FD, "1.5"),
            (VR::FL, "1.5"),
            (VR::IS, "-12"),
            (VR::LO, "a word"),
            (VR::LT, "two\r\nlines"),
            (VR::OB, "\u{1}\u{2}"),
            (VR::OD, "2.5"),
            (VR::OF, "2.5"),
            (VR::OL, "70000"),
            (VR::OV, "5000000000"),
            (VR::OW, "ab"),
            (VR::PN, "A^B"),
            (VR::SH, "short"),
            (VR::SL, "-70000"),
            (VR::SS, "-5"),
            (VR::ST, "text"),
            (VR::SV, "-5000000000"),
            (VR::TM, "112233.12"),
            (VR::UC, "unlimited"),
            (VR::UI, "1.2.3"),
            (VR::UL, "70000"),
            (VR::UN, "unknown"),
            (VR::UR, "https://example.org/"),
            (VR::US, "5"),
            (VR::UT, "unlimited text"),
            (VR::UV, "5000000000"),
        ];
        let block = Self::sc_rgb(person).with(Tag(0x0011, 0x0010), VR::LO, "EXAMPLE EVERY VR");
        let block = values
            .iter()
            .zip(0x1000_u16..)
            .fold(block, |object, ((vr, text), element)| {
                object.with(Tag(0x0011, element), *vr, text)
            });
        block.with_items(Tag(0x0011, 0x10FF), vec![DataSet::default()])
    }

    /// Where and how large the image is in the patient.
    fn plane(self) -> Self {
        let person = self.person.clone();
        self.with(tags::FRAME_OF_REFERENCE_UID, VR::UI, &person.uid("2"))
            .with(tags::POSITION_REFERENCE_INDICATOR, VR::LO, "")
            .with(tags::PATIENT_POSITION, VR::CS, "HFS")
            .with(tags::ACQUISITION_NUMBER, VR::IS, "1")
            .with(tags::PIXEL_SPACING, VR::DS, "0.7\\0.7")
            .with(tags::IMAGE_ORIENTATION_PATIENT, VR::DS, "1\\0\\0\\0\\1\\0")
            .with(tags::IMAGE_POSITION_PATIENT, VR::DS, "-10\\-10\\5")
            .with(tags::SLICE_THICKNESS, VR::DS, "5")
    }

    fn monochrome(self, bits: u16, signed: u16) -> Self {
        let allocated = if bits > 8 { 16 } else { 8 };
        self.with(tags::SAMPLES_PER_PIXEL, VR::US, "1")
            .with(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2")
            .stored(allocated, bits, signed)
    }

    fn rgb(self) -> Self {
        self.with(tags::SAMPLES_PER_PIXEL, VR::US, "3")
            .with(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "RGB")
            .with(tags::PLANAR_CONFIGURATION, VR::US, "0")
            .stored(8, 8, 0)
    }

    fn stored(self, allocated: u16, bits: u16, signed: u16) -> Self {
        self.with(tags::ROWS, VR::US, &SIDE.to_string())
            .with(tags::COLUMNS, VR::US, &SIDE.to_string())
            .with(tags::BITS_ALLOCATED, VR::US, &allocated.to_string())
            .with(tags::BITS_STORED, VR::US, &bits.to_string())
            .with(tags::HIGH_BIT, VR::US, &(bits - 1).to_string())
            .with(tags::PIXEL_REPRESENTATION, VR::US, &signed.to_string())
    }

    /// Pixel data that rises from the top left: `planes` times the samples of one picture.
    fn gradient(self, planes: usize) -> Self {
        let is_wide =
            self.data.get(tags::BITS_ALLOCATED).and_then(Element::bytes) == Some(&[16, 0]);
        let samples = usize::from(SIDE) * usize::from(SIDE) * planes;
        if is_wide {
            let words = (0..samples).map(|at| (at % 256) as u16 * 8);
            let bytes: Vec<u8> = words.flat_map(u16::to_le_bytes).collect();
            return self.with_bytes(tags::PIXEL_DATA, VR::OW, bytes);
        }
        let bytes: Vec<u8> = (0..samples).map(|at| (at % 256) as u8).collect();
        self.with_bytes(tags::PIXEL_DATA, VR::OB, bytes)
    }
}

/// An element of one whole number.
pub(crate) fn number(tag: Tag, vr: VR, number: u32) -> Element<'static> {
    crate::encode::element(tag, vr, &number.to_string(), crate::Repertoire::Ascii)
}
