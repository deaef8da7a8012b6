//! [`face`]: whether a face may be recognised in an object, or in what is rendered from its series.
//!
//! A stack of thin slices of a head can be rendered to the skin, and the face compared with
//! photographs (PS3.15 E.3.2). Nothing here looks at a pixel or removes one: the header says what
//! was imaged, and the answer becomes Recognizable Visual Features (0028,0302), a warning, or a
//! quarantine by policy. The words it reads do not decide that a face is absent: where nothing is
//! known, the answer is [`Face::Possible`].

mod list;
mod region;
mod words;

use dicom_dictionary_std::tags;
use obscura_dicom::Header;

use region::Region;

/// Whether a face may be recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Face {
    /// The object shows a face, or is part of a volume that does.
    Likely(FaceCause),
    /// It may; the header does not say enough, or the technique seldom suffices.
    Possible(FaceCause),
    /// Nothing in the header speaks for it.
    No,
}

/// What in the header speaks for a face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaceCause {
    /// Slices of the head.
    Head,
    /// Slices of the neck, the cervical spine or the whole body, which often reach the face.
    BesideHead,
    /// Slices of which the header names no part of the body.
    UnknownRegion,
    /// Slices by a technique for heads: a sequence of the brain, a cone beam for teeth.
    Technique,
    /// A picture rendered from slices of the head.
    Rendering,
    /// A photograph.
    Photograph,
}

impl FaceCause {
    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::BesideHead => "beside-head",
            Self::UnknownRegion => "unknown-region",
            Self::Technique => "technique",
            Self::Rendering => "rendering",
            Self::Photograph => "photograph",
        }
    }
}

impl Face {
    /// What a person should know, as a fixed sentence without values; `None` for [`Face::No`].
    pub const fn warning(self) -> Option<&'static str> {
        match self {
            Self::Likely(FaceCause::Photograph) => {
                Some("this photograph may show a recognisable face")
            }
            Self::Likely(_) => {
                Some("the head in this object can be rendered to a recognisable face")
            }
            Self::Possible(FaceCause::UnknownRegion) => Some(
                "the header does not say which part of the body this is; a head could be rendered \
                 to a recognisable face",
            ),
            Self::Possible(_) => Some("this object may show a recognisable face"),
            Self::No => None,
        }
    }

    /// What speaks for a face.
    pub const fn cause(self) -> Option<FaceCause> {
        match self {
            Self::Likely(cause) | Self::Possible(cause) => Some(cause),
            Self::No => None,
        }
    }
}

/// How an object shows a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Technique {
    /// Slices that make a volume whose surface can be rendered.
    Slices,
    /// The same, too coarse or too distorted for most faces: PET, echo planar MR, thick slices.
    CoarseSlices,
    /// A picture of the outside.
    Photograph,
    /// A secondary capture, which may be a rendering.
    Capture,
    /// None of these: projections, ultrasound, localizers, objects without pixels.
    Other,
}

/// SOP classes whose frames are slices (PS3.4 B.5).
const SLICES: [&str; 10] = [
    "1.2.840.10008.5.1.4.1.1.2",
    "1.2.840.10008.5.1.4.1.1.2.1",
    "1.2.840.10008.5.1.4.1.1.2.2",
    "1.2.840.10008.5.1.4.1.1.4",
    "1.2.840.10008.5.1.4.1.1.4.1",
    "1.2.840.10008.5.1.4.1.1.4.3",
    "1.2.840.10008.5.1.4.1.1.4.4",
    // X-Ray 3D Angiographic and Craniofacial: cone beams.
    "1.2.840.10008.5.1.4.1.1.13.1.1",
    "1.2.840.10008.5.1.4.1.1.13.1.2",
    // Parametric maps and their like are made of slices of the same space.
    "1.2.840.10008.5.1.4.1.1.30",
];
/// X-Ray 3D Craniofacial: a head by its definition.
const CRANIOFACIAL: &str = "1.2.840.10008.5.1.4.1.1.13.1.2";
/// PET, enhanced and legacy converted.
const PET: [&str; 3] = [
    "1.2.840.10008.5.1.4.1.1.128",
    "1.2.840.10008.5.1.4.1.1.130",
    "1.2.840.10008.5.1.4.1.1.128.1",
];
/// VL Photographic and Video Photographic.
const PHOTOGRAPHS: [&str; 2] = [
    "1.2.840.10008.5.1.4.1.1.77.1.4",
    "1.2.840.10008.5.1.4.1.1.77.1.4.1",
];
/// Ophthalmic photography, 8 and 16 bit: of the retina, or of the face around the eye.
const OPHTHALMIC: [&str; 2] = [
    "1.2.840.10008.5.1.4.1.1.77.1.5.1",
    "1.2.840.10008.5.1.4.1.1.77.1.5.2",
];
/// The beginning of the UIDs of the Secondary Capture family.
const CAPTURE: &str = "1.2.840.10008.5.1.4.1.1.7";
/// Clean Recognizable Visual Features Option (PS3.16 CID 7050).
const FEATURES_CLEANED: &str = "113102";
/// External Camera (PS3.16 CID 4202), in SNOMED CT and before.
const EXTERNAL_CAMERA: [&str; 2] = ["409903006", "R-1021C"];
/// Millimetres between slices above which a surface has steps as large as a nose.
const COARSE: f64 = 8.0;

/// Whether a face may be recognised in an object with this header, as it came.
pub fn face(header: &Header<'_, '_>) -> Face {
    let technique = Technique::of(header);
    if technique == Technique::Other || is_defaced(header) {
        return Face::No;
    }
    let by_nature = || words::is_head_by_nature(header) || is_dental(header);
    match (technique, Region::of(header)) {
        (Technique::Photograph, Region::Head) => Face::Likely(FaceCause::Photograph),
        (Technique::Photograph, Region::BesideHead | Region::Unknown) => {
            Face::Possible(FaceCause::Photograph)
        }
        (Technique::Capture, Region::Head) if words::is_rendering(header) => {
            Face::Possible(FaceCause::Rendering)
        }
        (Technique::Capture | Technique::Other, _) | (_, Region::Elsewhere) => Face::No,
        (Technique::Slices, Region::Head) => Face::Likely(FaceCause::Head),
        (Technique::Slices, Region::Unknown) if by_nature() => Face::Likely(FaceCause::Technique),
        (Technique::CoarseSlices, Region::Head) => Face::Possible(FaceCause::Head),
        (Technique::CoarseSlices, Region::Unknown) if by_nature() => {
            Face::Possible(FaceCause::Technique)
        }
        (_, Region::BesideHead) => Face::Possible(FaceCause::BesideHead),
        (_, Region::Unknown) => Face::Possible(FaceCause::UnknownRegion),
    }
}

impl Technique {
    fn of(header: &Header<'_, '_>) -> Self {
        let class = header.word(tags::SOP_CLASS_UID);
        let class = class.as_ref();
        let modality = header.word(tags::MODALITY).to_uppercase();
        let is_capture = class
            .strip_prefix(CAPTURE)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.') && rest.len() == 2);
        if PHOTOGRAPHS.contains(&class) || modality == "XC" {
            return Self::Photograph;
        }
        if OPHTHALMIC.contains(&class) {
            return if is_external_camera(header) {
                Self::Photograph
            } else {
                Self::Other
            };
        }
        if is_capture {
            return Self::Capture;
        }
        let is_pet = PET.contains(&class) || (class.is_empty() && modality == "PT");
        let is_slices = SLICES.contains(&class)
            || (class.is_empty() && matches!(modality.as_str(), "CT" | "MR"));
        if !(is_pet || is_slices) || words::is_localizer(header) {
            return Self::Other;
        }
        let spacing = [tags::SPACING_BETWEEN_SLICES, tags::SLICE_THICKNESS]
            .into_iter()
            .find_map(|tag| header.number(tag));
        if is_pet || words::is_echo_planar(header) || spacing.is_some_and(|mm| mm.abs() > COARSE) {
            return Self::CoarseSlices;
        }
        Self::Slices
    }
}

/// An earlier tool states that it removed the face (PS3.15 E.3.2), or the series says so.
fn is_defaced(header: &Header<'_, '_>) -> bool {
    let stated = header
        .items(tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE)
        .any(|item| item.word(tags::CODE_VALUE) == FEATURES_CLEANED);
    stated || words::is_defaced(header)
}

fn is_external_camera(header: &Header<'_, '_>) -> bool {
    header
        .items(tags::ACQUISITION_DEVICE_TYPE_CODE_SEQUENCE)
        .any(|item| EXTERNAL_CAMERA.contains(&item.word(tags::CODE_VALUE).as_ref()))
}

/// A cone beam CT of teeth and jaws, by its class or the maker of the device.
fn is_dental(header: &Header<'_, '_>) -> bool {
    header.word(tags::SOP_CLASS_UID) == CRANIOFACIAL
        || (header.word(tags::MODALITY) == "CT" && words::is_dental_maker(header))
}

#[cfg(test)]
mod tests;
