//! The engine: one object in, the same object without its identifiers out, and proof.
//!
//! [`Engine::deidentify`] harvests, plans, applies, writes and scans what it wrote. Nothing it
//! returns as released has failed any of the steps.

use std::collections::{BTreeMap, BTreeSet};

use obscura_core::{Limits, PatientKey, Phi, PseudonymKey, Pseudonyms, Reason};
use obscura_dicom::{Charsets, DataSet, DicomFile, Element, Header, Syntax, Tag, VR, write_file};
use obscura_text::{Cleaner, Harvest};
use thiserror::Error;

use crate::apply::{Applier, PATIENT_ID, is_of_the_standard};
use crate::faces::{self, Face, FaceCause};
use crate::identity::{Identity, SOP_CLASS, SOP_INSTANCE, is_uid, stated};
use crate::markers::{CONTRIBUTING_EQUIPMENT, METHOD, METHOD_CODES, PixelCleaning, put_markers};
use crate::plan::{Act, Plan};
use crate::policy::{Faces, Policy, ProfileOption};
use crate::residual::{self, SearchSet};
use crate::{harvest, meta};

const STUDY: Tag = Tag(0x0020, 0x000D);
const SERIES: Tag = Tag(0x0020, 0x000E);
const FRAME_OF_REFERENCE: Tag = Tag(0x0020, 0x0052);
/// Manufacturer and Manufacturer's Model Name.
const PRODUCT: [Tag; 2] = [Tag(0x0008, 0x0070), Tag(0x0008, 0x1090)];
const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);
const PATIENT_NAME: Tag = Tag(0x0010, 0x0010);
const BIRTH_DATE: Tag = Tag(0x0010, 0x0030);

/// De-identifies objects of one group under one policy. Built once, used from many threads.
#[derive(Debug)]
pub struct Engine {
    policy: Policy,
    pseudonyms: Pseudonyms,
    limits: Limits,
}

/// What became of one object.
#[derive(Debug)]
pub struct Deidentified {
    /// The bytes of the PS3.10 file.
    pub bytes: Vec<u8>,
    /// What was done, without values.
    pub plan: Plan,
    /// Values and segments out of which something was cut.
    pub cut: usize,
    /// Where the object belongs, in pseudonyms.
    pub place: Place,
    /// Whether a face may be recognised in it.
    pub face: Face,
    /// The original SOP Instance UID.
    pub sop_original: Phi<String>,
    /// Originals of replaced UIDs and of the Patient ID, with their replacements.
    pub map: Vec<MapEntry>,
}

/// Patient, study, series and instance of an object, in pseudonyms: letters, digits and dots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The pseudonymous Patient ID.
    pub patient: String,
    /// The new Study Instance UID.
    pub study: String,
    /// The new Series Instance UID.
    pub series: String,
    /// The new SOP Instance UID.
    pub sop: String,
}

/// One line of the old-to-new tables.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MapEntry {
    /// Of what kind.
    pub kind: MapKind,
    /// The original.
    pub old: Phi<String>,
    /// What stands for it.
    pub new: String,
}

/// What a line of the old-to-new tables maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MapKind {
    /// A UID.
    Uid,
    /// A Patient ID.
    Patient,
}

/// Why an object is not released. Never carries a value.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EngineError {
    /// SOP Class UID or SOP Instance UID is missing, in the file meta group too.
    #[error("the object has no {0}")]
    NoSopInstance(&'static str),
    /// The policy sets objects of this kind aside.
    #[error("the policy quarantines encapsulated documents")]
    EncapsulatedDocument,
    /// The policy sets objects aside in which a face may be recognised.
    #[error("the policy quarantines recognisable faces ({0})")]
    RecognisableFace(&'static str),
    /// An identifier is still in what was written.
    #[error("an identifier of the object is still in the result: {0}")]
    Residual(String),
    /// What was written cannot be read by the independent scan.
    #[error("the result could not be read again")]
    Unreadable(#[source] residual::ScanError),
    /// Pixel data that is made of items although its transfer syntax knows none: what of it is
    /// picture and what is text beside it cannot be told.
    #[error("element (7FE0,0010) OB/OW: encapsulated frames under a native transfer syntax")]
    DisguisedFrames,
    /// The plan and the object disagree.
    #[error("the plan does not fit the object")]
    OutOfStep,
}

impl EngineError {
    /// The code for the manifest.
    pub const fn reason(&self) -> Reason {
        match self {
            Self::NoSopInstance(_) => Reason::NoSopInstance,
            Self::EncapsulatedDocument => Reason::EncapsulatedDocument,
            Self::RecognisableFace(_) => Reason::PolicyQuarantine,
            Self::Residual(_) => Reason::ResidualIdentifier,
            Self::Unreadable(_) => Reason::WrittenUnreadable,
            Self::DisguisedFrames => Reason::Malformed,
            Self::OutOfStep => Reason::Internal,
        }
    }
}

impl Engine {
    /// An engine for one policy and one group's secret.
    pub fn new(policy: Policy, key: &PseudonymKey, limits: Limits) -> Self {
        Self {
            policy,
            pseudonyms: Pseudonyms::new(key),
            limits,
        }
    }

    /// The policy.
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What would be done to an object.
    pub fn plan(&self, file: &DicomFile<'_>) -> Plan {
        Plan::of(file, &self.policy)
    }

    /// Every identifier that an object states about its people and places.
    pub fn harvest(&self, file: &DicomFile<'_>) -> Harvest {
        harvest::harvest(file, &self.policy)
    }

    /// De-identifies an object and verifies the result.
    ///
    /// # Errors
    /// An [`EngineError`] when the object must not be released; nothing of it is returned then.
    pub fn deidentify(
        &self,
        mut file: DicomFile<'_>,
        pixels: PixelCleaning,
    ) -> Result<Deidentified, EngineError> {
        let identity = Identity::settle(&mut file)?;
        if self.policy.quarantines_documents() && file.data.get(Tag(0x0042, 0x0011)).is_some() {
            return Err(EngineError::EncapsulatedDocument);
        }
        // Of the header as it came: most of what it says of the body may be removed.
        let face = faces::face(&Header::of(&file));
        if let (Faces::Quarantine, Some(cause)) = (self.policy.faces(), face.cause()) {
            return Err(EngineError::RecognisableFace(cause.code()));
        }
        if has_disguised_frames(&file.data) {
            return Err(EngineError::DisguisedFrames);
        }
        let patient = self.patient(&file);
        let found = harvest::harvest(&file, &self.policy);
        let cleaner = Cleaner::new(&found);
        let plan = Plan::of(&file, &self.policy);
        let DicomFile {
            mut data, syntax, ..
        } = file;
        let charsets = Charsets::of(&data, None);
        let original_id = stated(&data, PATIENT_ID, &charsets).into_owned();

        let mut applier = Applier::new(&plan, &syntax, &self.pseudonyms, patient, &cleaner);
        applier.apply(&mut data);
        if applier.out_of_step {
            return Err(EngineError::OutOfStep);
        }
        let (uids, cut) = (applier.uids, applier.cut);
        self.complete(&mut data, patient, pixels, face);

        let sop = data.ascii(SOP_INSTANCE).unwrap_or_default().to_owned();
        let meta = meta::new_meta(&identity.sop_class, &sop, &syntax);
        let mut bytes = Vec::new();
        write_file(&meta, &data, &syntax, &mut bytes);

        let mut set = search_set(&found, uids.keys());
        if self.scan(&bytes, &set).is_err() {
            // What may stand only ever takes hits away, and hits are rare: it is put together when
            // there is one.
            self.allow_kept_words(&data, &mut set);
            allow_own_words(&data, &meta, &mut set);
            self.scan(&bytes, &set)?;
        }
        let place = place(&data, sop);
        let map = map(uids, original_id, patient);
        Ok(Deidentified {
            bytes,
            plan,
            cut,
            place,
            face,
            sop_original: identity.sop_instance,
            map,
        })
    }

    /// The pseudonymous Patient ID of an object, which its release would have.
    pub fn patient_id(&self, file: &DicomFile<'_>) -> String {
        self.patient(file).patient_id()
    }

    /// Scans a released object for the identifiers of its original: the residual scan alone.
    ///
    /// # Errors
    /// When the released bytes cannot be walked.
    pub fn verify(
        &self,
        original: &DicomFile<'_>,
        released: &[u8],
    ) -> Result<Vec<residual::Hit>, residual::ScanError> {
        let found = harvest::harvest(original, &self.policy);
        let plan = Plan::of(original, &self.policy);
        let uids = planned_uids(original, &plan);
        let mut set = search_set(&found, uids.iter());
        self.allow_kept_words(&original.data, &mut set);
        self.allow_words_of_any_release(original, &mut set);
        residual::scan(released, &set, &self.limits)
    }

    /// What may stand in a release of this object, whoever made it: its class and coding, and what
    /// this program would write. Not what the released file says itself, which nobody vouches for.
    fn allow_words_of_any_release(&self, original: &DicomFile<'_>, set: &mut SearchSet) {
        let class = [&original.data, &original.meta]
            .into_iter()
            .zip([SOP_CLASS, Tag(0x0002, 0x0002)])
            .find_map(|(data, tag)| data.ascii(tag))
            .unwrap_or_default();
        set.allow(class);
        let mut markers = DataSet::from_elements(Vec::new());
        let face = Face::Likely(FaceCause::Head);
        put_markers(&mut markers, &self.policy, PixelCleaning::Verified, face);
        let native = Syntax::from_uid(Syntax::EXPLICIT_LE);
        for syntax in [&original.syntax, &native] {
            let meta = meta::new_meta(class, "", syntax);
            allow_own_words(&markers, &meta, set);
        }
    }

    /// The patient, from the Patient ID; without one from name and birth date; without those from
    /// the study. The issuer does not count: the same patient's objects often lack it or differ in
    /// it, and one group's secret covers one assigning authority (docs/decisions).
    fn patient(&self, file: &DicomFile<'_>) -> PatientKey {
        let charsets = Charsets::of(&file.data, None);
        let raw = |tag| stated(&file.data, tag, &charsets);
        let id = raw(PATIENT_ID);
        if !id.is_empty() {
            return self.pseudonyms.patient("", &id);
        }
        let name = raw(PATIENT_NAME);
        if name.trim_matches(['^', '=']).is_empty() {
            self.pseudonyms.patient("study", &raw(STUDY))
        } else {
            self.pseudonyms
                .patient("name", &format!("{name}\n{}", raw(BIRTH_DATE)))
        }
    }

    /// Patient's Name and Patient ID where the object had none, and the markers.
    fn complete(
        &self,
        data: &mut DataSet<'_>,
        patient: PatientKey,
        pixels: PixelCleaning,
        face: Face,
    ) {
        for (tag, vr) in [(PATIENT_NAME, VR::PN), (PATIENT_ID, VR::LO)] {
            if data.get(tag).is_none() {
                data.put(Element::text(tag, vr, &patient.patient_id()));
            }
        }
        put_markers(data, &self.policy, pixels, face);
    }

    /// Words that the object holds by right and that are no hits: its maker and model, and the UIDs
    /// that the policy retains.
    fn allow_kept_words(&self, data: &DataSet<'_>, set: &mut SearchSet) {
        let retained: &[Tag] = if self.policy.has(ProfileOption::RetainUids) {
            &[SOP_INSTANCE, STUDY, SERIES, FRAME_OF_REFERENCE]
        } else {
            &[]
        };
        let kept = PRODUCT.iter().chain(retained);
        for word in kept.filter_map(|tag| data.ascii(*tag)) {
            set.allow(word);
        }
    }

    fn scan(&self, bytes: &[u8], set: &SearchSet) -> Result<(), EngineError> {
        let hits = residual::scan(bytes, set, &self.limits).map_err(EngineError::Unreadable)?;
        match hits.first() {
            None => Ok(()),
            Some(hit) => Err(EngineError::Residual(hit.to_string())),
        }
    }
}

/// The old-to-new tables of one object.
fn map(
    uids: BTreeMap<Phi<String>, String>,
    original_id: String,
    patient: PatientKey,
) -> Vec<MapEntry> {
    let uids = uids.into_iter().map(|(old, new)| MapEntry {
        kind: MapKind::Uid,
        old,
        new,
    });
    let patient = (!original_id.is_empty()).then(|| MapEntry {
        kind: MapKind::Patient,
        old: Phi::new(original_id),
        new: patient.patient_id(),
    });
    uids.chain(patient).collect()
}

/// Pixel data of defined length that begins with an item (PS3.5 A.4), in either byte order.
fn has_disguised_frames(data: &DataSet<'_>) -> bool {
    let bytes = data
        .get(PIXEL_DATA)
        .and_then(Element::bytes)
        .unwrap_or_default();
    bytes.starts_with(&[0xFE, 0xFF, 0x00, 0xE0]) || bytes.starts_with(&[0xFF, 0xFE, 0xE0, 0x00])
}

/// Where an object belongs, by what stands in it now.
fn place(data: &DataSet<'_>, sop: String) -> Place {
    let uid = |tag| {
        let uid = data.ascii(tag).filter(|uid| is_uid(uid));
        uid.map_or_else(|| "none".to_owned(), str::to_owned)
    };
    let patient = data.ascii(PATIENT_ID).unwrap_or("none").to_owned();
    Place {
        patient,
        study: uid(STUDY),
        series: uid(SERIES),
        sop,
    }
}

/// What this program wrote itself may stand: the markers and the file meta group.
fn allow_own_words(data: &DataSet<'_>, meta: &DataSet<'_>, set: &mut SearchSet) {
    if let Some(class) = data.ascii(SOP_CLASS) {
        set.allow(class);
    }
    allow_text_of(meta.elements(), set);
    for element in [METHOD, METHOD_CODES]
        .into_iter()
        .filter_map(|tag| data.get(tag))
    {
        allow_text_of(std::slice::from_ref(element), set);
    }
    // Of the contributing equipment only the last item is this program's.
    let equipment = data.get(CONTRIBUTING_EQUIPMENT).and_then(Element::items);
    if let Some(own) = equipment.and_then(<[_]>::last) {
        allow_text_of(own.elements(), set);
    }
}

fn allow_text_of(elements: &[Element<'_>], set: &mut SearchSet) {
    for element in elements {
        for item in element.items().unwrap_or_default() {
            allow_text_of(item.elements(), set);
        }
        let values = element
            .bytes()
            .unwrap_or_default()
            .split(|byte| *byte == b'\\');
        for value in values {
            set.allow(&String::from_utf8_lossy(value));
        }
    }
}

/// What the residual scan looks for: the harvest and the originals of replaced UIDs.
fn search_set<'u>(found: &Harvest, uids: impl Iterator<Item = &'u Phi<String>>) -> SearchSet {
    let mut builder = SearchSet::builder();
    for needle in found.needles() {
        builder.add(needle.kind, needle.text, needle.strength);
    }
    for uid in uids {
        builder.add_uid(uid.expose());
    }
    builder.build()
}

/// The UIDs that a plan replaces.
fn planned_uids(file: &DicomFile<'_>, plan: &Plan) -> BTreeSet<Phi<String>> {
    let mut uids = BTreeSet::new();
    plan.visit(&file.data, &mut |step, _, element| {
        if step.act == Act::RemapUid || element.tag == SOP_INSTANCE {
            let text = String::from_utf8_lossy(element.bytes().unwrap_or_default());
            let values = text.split('\\').map(|uid| uid.trim_matches([' ', '\0']));
            uids.extend(
                values
                    .filter(|uid| !uid.is_empty() && !is_of_the_standard(uid))
                    .map(|uid| Phi::new(uid.to_owned())),
            );
        }
    });
    uids
}
