//! [`Region`]: which part of the body an object shows, by codes before words.

use dicom_dictionary_std::tags;
use obscura_dicom::Header;

use super::words::{self, Said};

/// Where in the body, as far as faces are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Region {
    /// The head or a part of it.
    Head,
    /// The neck, the cervical spine, or the whole body.
    BesideHead,
    /// Named, and neither of these.
    Elsewhere,
    /// Not named.
    Unknown,
}

/// Codes of head and parts of the head (PS3.16 CID 4031 and Annex L): SNOMED CT, and SNOMED RT as
/// objects before 2018 have it.
const HEAD: &[&str] = &[
    "69536005",
    "T-D1100", // Head
    "774007",
    "T-D1000", // Head and Neck
    "12738006",
    "T-A0100", // Brain
    "113305005",
    "T-A6000", // Cerebellum
    "89545001",
    "T-D1200",  // Face
    "91397008", // Facial bones
    "89546000",
    "T-11100", // Skull
    "363654007",
    "T-D14AE", // Orbit
    "81745001",
    "T-AA000", // Eye
    "117590005",
    "T-AB001", // Ear
    "361078006",
    "T-AB959",  // Internal Auditory Canal
    "59066005", // Mastoid bone
    "45206002",
    "T-21000", // Nose
    "2095001",
    "T-22000", // Paranasal sinus
    "70925003",
    "T-11170", // Maxilla
    "91609006",
    "T-11180", // Mandible
    "661005",
    "T-D1213", // Jaw region
    "53620006",
    "T-15290",  // Temporomandibular joint
    "13881006", // Zygoma
    "38199008", // Tooth
    "88176008",
    "39481002", // Dental arches
    "123851003",
    "T-D0662", // Mouth
    "56329008",
    "T-B1000", // Pituitary
    "42575006",
    "T-D1460",  // Sella turcica
    "41695006", // Scalp
];

/// Codes of what lies beside the head or holds it.
const BESIDE: &[&str] = &[
    "45048000",
    "T-D1600", // Neck
    "122494005",
    "T-11501", // Cervical spine
    "1217257000",
    "297171002",
    "T-D00F7", // Cervico-thoracic spine
    "38266002",
    "T-D0010", // Entire body
    "69105007",
    "T-45010", // Carotid artery
    "54066008",
    "T-55000", // Pharynx
    "4596009",
    "T-24100",   // Larynx
    "360955006", // Nasopharynx
];

impl Region {
    /// What codes say, then Body Part Examined, then the descriptions. A head that any of them
    /// names is a head: a default of the console often stands in the others.
    pub(super) fn of(header: &Header<'_, '_>) -> Self {
        let sources = [coded, words::of_body_part, words::of_descriptions];
        let mut nearest = None;
        for source in sources {
            nearest = Said::nearest(nearest, source(header));
            if nearest == Some(Said::Head) {
                break;
            }
        }
        match nearest {
            Some(Said::Head) => Self::Head,
            Some(Said::BesideHead) => Self::BesideHead,
            Some(Said::Elsewhere) => Self::Elsewhere,
            None => Self::Unknown,
        }
    }
}

/// The Anatomic Region Sequence (0008,2218), of the object or of the frames of an enhanced one.
fn coded(header: &Header<'_, '_>) -> Option<Said> {
    let frames = [
        tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE,
        tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
    ];
    let mut found = anatomic(header);
    for sequence in frames {
        // The frames of one object show one body; the first items say enough.
        for group in header.items(sequence).take(8) {
            for anatomy in group.items(tags::FRAME_ANATOMY_SEQUENCE) {
                found = Said::nearest(found, anatomic(&anatomy));
            }
        }
    }
    found
}

fn anatomic(header: &Header<'_, '_>) -> Option<Said> {
    let regions = header.items(tags::ANATOMIC_REGION_SEQUENCE);
    regions.take(16).fold(None, |found, region| {
        let code = region.word(tags::CODE_VALUE);
        let said = if HEAD.contains(&code.as_ref()) {
            Some(Said::Head)
        } else if BESIDE.contains(&code.as_ref()) {
            Some(Said::BesideHead)
        } else {
            words::of_meaning(&region)
        };
        Said::nearest(found, said)
    })
}
