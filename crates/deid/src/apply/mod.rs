//! Doing what the plan says, step by step, in place.
//!
//! The walk is the planner's: an element, then, where it is descended into, each item followed by
//! its elements. Values that a step does not change stay the bytes they were read from.

pub(crate) mod dates;
mod document;
mod dummy;
mod pixels;
mod text;
mod values;

use std::collections::BTreeMap;

use obscura_core::{PatientKey, Phi, Pseudonyms};
use obscura_dicom::{Charsets, DataSet, Element, Syntax, Tag, VR, Value};
use obscura_text::Cleaner;

use crate::identity::distinct;
use crate::plan::{Act, ITEM, Plan, Step};

/// What the steps need to know of the object and its group.
pub(crate) struct Applier<'c> {
    pub(crate) pseudonyms: &'c Pseudonyms,
    pub(crate) patient: PatientKey,
    pub(crate) cleaner: &'c Cleaner<'c>,
    syntax: &'c Syntax,
    /// MIME Type of Encapsulated Document.
    mime_type: String,
    document_length: Option<usize>,
    plane_bytes: Option<u64>,
    steps: std::slice::Iter<'c, Step>,
    /// The originals of all UIDs that were replaced, with what stands for each.
    pub(crate) uids: BTreeMap<Phi<String>, String>,
    /// Words or segments that were taken out of values that stay.
    pub(crate) cut: usize,
    /// A step did not belong to the element it met: the object is not released.
    pub(crate) out_of_step: bool,
}

impl<'c> Applier<'c> {
    pub(crate) fn new(
        plan: &'c Plan,
        syntax: &'c Syntax,
        pseudonyms: &'c Pseudonyms,
        patient: PatientKey,
        cleaner: &'c Cleaner<'c>,
    ) -> Self {
        Self {
            pseudonyms,
            patient,
            cleaner,
            syntax,
            mime_type: String::new(),
            document_length: None,
            plane_bytes: None,
            steps: plan.steps().iter(),
            uids: BTreeMap::new(),
            cut: 0,
            out_of_step: false,
        }
    }

    /// Applies the whole plan to an object.
    pub(crate) fn apply(&mut self, data: &mut DataSet<'_>) {
        pixels::clear_overlay_bits(data, self.syntax);
        self.plane_bytes = pixels::plane_bytes(data, self.syntax.endian);
        self.mime_type = data
            .ascii(Tag(0x0042, 0x0012))
            .unwrap_or_default()
            .to_owned();
        let charsets = Charsets::of(data, None);
        self.data_set(data, &charsets);
        if self.steps.next().is_some() {
            self.out_of_step = true;
        }
        if let Some(length) = self.document_length {
            pixels::put_document_length(data, self.syntax.endian, length);
        }
    }

    fn data_set(&mut self, data: &mut DataSet<'_>, charsets: &Charsets) {
        data.elements_mut().retain_mut(|element| {
            let Some(step) = self.next_step(element.tag) else {
                return false;
            };
            match step.act {
                Act::Remove => return false,
                Act::Descend => self.items(element, charsets),
                _ => self.element(element, step, charsets),
            }
            true
        });
    }

    fn items(&mut self, element: &mut Element<'_>, charsets: &Charsets) {
        let Value::Items(sequence) = &mut element.value else {
            self.out_of_step = true;
            return;
        };
        sequence.items.retain_mut(|item| {
            let Some(step) = self.next_step(ITEM) else {
                return false;
            };
            if step.act != Act::Descend {
                return false;
            }
            if item.get(Tag(0x0008, 0x0005)).is_some() {
                let own = Charsets::of(item, Some(charsets));
                self.data_set(item, &own);
            } else {
                self.data_set(item, charsets);
            }
            true
        });
    }

    /// The step of this element; anything else fails closed: the element goes and the object is
    /// not released.
    fn next_step(&mut self, tag: Tag) -> Option<Step> {
        let step = self.steps.next().filter(|step| step.tag == tag).copied();
        self.out_of_step |= step.is_none();
        step
    }

    fn element(&mut self, element: &mut Element<'_>, step: Step, charsets: &Charsets) {
        let vr = step.vr;
        match step.act {
            Act::Keep | Act::Descend | Act::Remove => {}
            Act::Scrub | Act::Clean => self.clean(element, step, charsets),
            Act::Empty => values::empty(element),
            Act::Dummy => dummy::put_dummy(element),
            Act::RemapUid => self.remap(element),
            Act::ShiftDate => values::shift(element, vr, self.patient.shift_days()),
            Act::ShiftSeconds => {
                values::shift_seconds(element, vr, self.patient.shift_days(), self.syntax.endian);
            }
            Act::LimitAge => values::limit_age(element),
            Act::Pseudonym => self.pseudonym(element, charsets),
            Act::DummyDocument => {
                let document = document::dummy_document(&self.mime_type);
                self.document_length = Some(document.len());
                values::put_bytes(element, document);
            }
            Act::ScrubFrames => {
                self.cut += pixels::scrub_frames(element, self.syntax, self.plane_bytes);
            }
        }
    }

    fn clean(&mut self, element: &mut Element<'_>, step: Step, charsets: &Charsets) {
        let Some(bytes) = element.bytes() else { return };
        let context = text::context(element.tag, step.vr, step.act);
        if let Some(cleaned) = text::clean(self.cleaner, bytes, step.vr, context, charsets) {
            self.cut += 1;
            values::put_bytes(element, cleaned);
            if element.is_empty() && step.needs_value {
                dummy::put_dummy(element);
            }
        }
    }

    fn remap(&mut self, element: &mut Element<'_>) {
        let Some(bytes) = element.bytes() else { return };
        let original = String::from_utf8_lossy(bytes).into_owned();
        let mut mapped = String::with_capacity(original.len() + 16);
        for (index, value) in original.split('\\').enumerate() {
            if index > 0 {
                mapped.push('\\');
            }
            let value = value.trim_matches([' ', '\0']);
            let standard = is_of_the_standard(value);
            if value.is_empty() || (standard && !must_be_unique(element.tag)) {
                mapped.push_str(value);
                continue;
            }
            if standard {
                mapped.push_str(&self.pseudonyms.uid(value));
                continue;
            }
            // Objects name their study and their references many times.
            let new = self.uids.entry(Phi::new(value.to_owned()));
            mapped.push_str(new.or_insert_with(|| self.pseudonyms.uid(value)));
        }
        let padding = if element.vr == VR::UI { 0 } else { b' ' };
        values::put_text(element, mapped, padding);
    }

    /// Patient ID becomes the pseudonym of what stood there, Patient's Name that of the patient.
    fn pseudonym(&mut self, element: &mut Element<'_>, charsets: &Charsets) {
        let bytes = element.bytes().unwrap_or_default();
        let stood = distinct(bytes, element.vr, charsets);
        let id = if element.tag == PATIENT_ID && !stood.is_empty() {
            self.pseudonyms.patient("", &stood).patient_id()
        } else {
            self.patient.patient_id()
        };
        values::put_text(element, id, b' ');
    }
}

/// Patient ID.
pub(crate) const PATIENT_ID: Tag = Tag(0x0010, 0x0020);

/// Attributes that name one instance, study or series, whatever stands in them.
fn must_be_unique(tag: Tag) -> bool {
    matches!(tag, Tag(0x0008, 0x0018) | Tag(0x0020, 0x000D | 0x000E))
}

/// UIDs under the root of the standard (PS3.5 annex A, PS3.6 annex A) name no instance.
pub(crate) fn is_of_the_standard(uid: &str) -> bool {
    uid.starts_with("1.2.840.10008.")
}
