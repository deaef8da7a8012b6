//! The plan: what will be done to each element, as data, before anything is done.
//!
//! [`Plan::of`] walks a data set once and writes down a [`Step`] for every element and item in the
//! order of the walk; `apply` walks again and does what the steps say. The applied plan, which
//! holds no values, is the audit record: what was done, and by which rule.

mod decide;
mod form;
mod outside;
mod private;
mod structured;
mod summary;

use obscura_dicom::{DataSet, DicomFile, Element, Tag, VR, Value};

pub use decide::Because;
pub use summary::{PlanLine, PlanSummary};

use crate::policy::{PathStep, Policy};
use crate::tables::types::Iod;
use decide::{Decision, Place, decide};

/// What is done to one element, or to one item of a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Act {
    /// The value stays as it is.
    Keep,
    /// The text stays, but for identifiers that the object itself states elsewhere.
    Scrub,
    /// The text is cleaned: words that identify go, the others stay (C).
    Clean,
    /// The sequence, or the item, stays and its elements are treated one by one.
    Descend,
    /// The element, or the item, goes (X).
    Remove,
    /// The value goes, the element stays with zero length (Z).
    Empty,
    /// A dummy value takes its place (D).
    Dummy,
    /// UIDs are replaced consistently (U).
    RemapUid,
    /// Dates move by the patient's number of days (C of the modified dates option).
    ShiftDate,
    /// A count of seconds since 1970 moves by the patient's number of days.
    ShiftSeconds,
    /// Ages of 90 years and more become 90 (HIPAA 164.514(b)(2)(i)(C)).
    LimitAge,
    /// The patient's pseudonym takes its place (Z or D with a value that links studies).
    Pseudonym,
    /// A document that says that the original was removed takes its place (D).
    DummyDocument,
    /// Pixel data: the coded samples stay byte for byte, text segments beside them go.
    ScrubFrames,
}

impl Act {
    /// The word of the report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Scrub => "keep-scrubbed",
            Self::Clean => "clean",
            Self::Descend => "descend",
            Self::Remove => "remove",
            Self::Empty => "empty",
            Self::Dummy => "dummy",
            Self::RemapUid => "remap-uid",
            Self::ShiftDate => "shift-date",
            Self::ShiftSeconds => "shift-seconds",
            Self::LimitAge => "limit-age",
            Self::Pseudonym => "pseudonym",
            Self::DummyDocument => "dummy-document",
            Self::ScrubFrames => "scrub-frames",
        }
    }
}

/// Code Meaning.
const CODE_MEANING: Tag = Tag(0x0008, 0x0104);
/// Text Value.
const TEXT_VALUE: Tag = Tag(0x0040, 0xA160);

/// The tag that steps for items carry (PS3.5 7.5).
pub(crate) const ITEM: Tag = Tag(0xFFFE, 0xE000);

/// One line of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The element's tag, or (FFFE,E000) for an item.
    pub tag: Tag,
    /// The element's VR; SQ for an item.
    pub vr: VR,
    /// Sequences around it: 0 for the elements of the object itself.
    pub depth: u8,
    /// What is done.
    pub act: Act,
    /// By which rule.
    pub because: Because,
    /// The object's IOD asks for a value, so that cleaning may not leave the element empty.
    pub needs_value: bool,
}

/// What will be done to one object.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    steps: Vec<Step>,
}

impl Plan {
    /// Plans the de-identification of an object under a policy.
    pub fn of(file: &DicomFile<'_>, policy: &Policy) -> Self {
        let sop_class = file.data.ascii(Tag(0x0008, 0x0016)).unwrap_or_default();
        let mut planner = Planner {
            policy,
            iod: Iod::of(sop_class),
            path: Vec::with_capacity(8),
            creators: Vec::with_capacity(8),
            steps: Vec::with_capacity(file.data.elements().len() + 16),
        };
        planner.data_set(&file.data, Place::Object);
        Self {
            steps: planner.steps,
        }
    }

    /// The steps in the order of the walk: an element, then, where it is descended into, each item
    /// followed by its elements.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Walks the object the plan was made of together with its steps: `see` gets each element
    /// with its step and the path of (sequence, item number) that leads to it.
    pub fn visit(
        &self,
        data: &DataSet<'_>,
        see: &mut impl FnMut(&Step, &[(Tag, usize)], &Element<'_>),
    ) {
        visit(&mut self.steps.iter(), data, &mut Vec::new(), see);
    }
}

fn visit(
    steps: &mut std::slice::Iter<'_, Step>,
    data: &DataSet<'_>,
    path: &mut Vec<(Tag, usize)>,
    see: &mut impl FnMut(&Step, &[(Tag, usize)], &Element<'_>),
) {
    for element in data.elements() {
        let Some(step) = steps.next() else { return };
        see(step, path, element);
        if step.act != Act::Descend {
            continue;
        }
        for (number, item) in element.items().unwrap_or_default().iter().enumerate() {
            let Some(step) = steps.next() else { return };
            if step.act == Act::Descend {
                path.push((element.tag, number));
                visit(steps, item, path, see);
                path.pop();
            }
        }
    }
}

struct Planner<'p> {
    policy: &'p Policy,
    iod: Option<Iod>,
    /// The sequences around the current data set, from the outside in, ...
    path: Vec<Tag>,
    /// ... and for each of them its private creator, if it is private.
    creators: Vec<Option<&'p str>>,
    steps: Vec<Step>,
}

impl<'p> Planner<'p> {
    fn data_set(&mut self, data: &'p DataSet<'_>, place: Place) {
        let start = self.steps.len();
        for element in data.elements() {
            let mut decision = decide(self, data, element, place);
            if decision.act == Act::Descend && element.items().is_none() {
                decision.act = Act::Keep;
            }
            if matches!(element.value, Value::Fragments(_)) && decision.act == Act::Keep {
                decision.act = Act::ScrubFrames;
            }
            let at = self.steps.len();
            self.push(element.tag, decision.vr.unwrap_or(element.vr), decision);
            if decision.act == Act::Descend {
                self.creators.push(private::creator_of(data, element.tag));
                self.items(
                    element.tag,
                    element.items().unwrap_or_default(),
                    decision.inside,
                );
                self.creators.pop();
                if element.items().is_some_and(|items| !items.is_empty())
                    && self.steps[at + 1..]
                        .iter()
                        .all(|step| step.act == Act::Remove)
                {
                    // Every item goes: so does the sequence, unless the object needs it.
                    self.steps.truncate(at + 1);
                    self.steps[at].act = self.emptied(element.tag);
                }
            }
        }
        private::settle_creators(&mut self.steps[start..], data, self.path.len() as u8);
    }

    fn items(&mut self, tag: Tag, items: &'p [DataSet<'_>], inside: Place) {
        self.path.push(tag);
        for item in items {
            let decision = decide::decide_item(self, item, inside);
            self.push(ITEM, VR::SQ, decision);
            if decision.act == Act::Descend {
                self.data_set(item, decision.inside);
            }
        }
        self.path.pop();
    }

    fn push(&mut self, tag: Tag, vr: VR, decision: Decision) {
        let depth = self.path.len().min(usize::from(u8::MAX)) as u8;
        let Decision { act, because, .. } = decision;
        let needs_value = match act {
            // Code Meaning is Type 1 in every code sequence (PS3.3 8.8), Text Value in every TEXT
            // item (C.17.3).
            Act::Clean | Act::Scrub if matches!(tag, CODE_MEANING | TEXT_VALUE) => true,
            Act::Clean => decide::need(self, tag) == decide::Need::Value,
            _ => false,
        };
        self.steps.push(Step {
            tag,
            vr,
            depth,
            act,
            because,
            needs_value,
        });
    }

    /// The sequences around the current data set as the lists of private elements name them.
    fn steps_to_here(&self) -> Vec<PathStep<'p>> {
        let steps = self.path.iter().zip(&self.creators);
        steps
            .map(|(tag, creator)| match creator {
                Some(creator) => PathStep::Private {
                    group: tag.group(),
                    creator,
                    element: tag.element() as u8,
                },
                None => PathStep::Standard(*tag),
            })
            .collect()
    }

    /// What an element that lost all its content becomes: gone, or empty where its Type asks.
    fn emptied(&self, tag: Tag) -> Act {
        match decide::need(self, tag) {
            decide::Need::None => Act::Remove,
            decide::Need::Element | decide::Need::Value => Act::Empty,
        }
    }
}
