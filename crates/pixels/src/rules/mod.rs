//! Rules: which rectangles of an image hold identifiers, by what its header says of the device.
//!
//! [`Rules`] are data: the public rules that come with Obscura ([`Rules::builtin`]) and those of a
//! team ([`Rules::parse`], [`Rules::with`]). [`Rules::areas`] says what they ask of one image, and
//! adds what lies outside of the regions of an ultrasound image ([`regions`]). [`kind`] says what
//! kind of page an object is by its header. Nothing here looks at a pixel, and no header makes an
//! image clean: rules only add rectangles, or shield those that a team's `keep` rule names.
//!
//! The rules have to see the header as it came, before anything of it is removed.

mod attribute;
mod condition;
mod cover;
mod error;
mod file;
pub mod kind;
mod place;
pub mod regions;

use obscura_dicom::Header;

pub use cover::uncovered;
pub use error::RulesError;

use crate::area::Area;
use condition::Condition;
use place::Place;
use regions::{Outside, RegionNote};

/// The rules that come with Obscura; `docs/pixel-rules.md` describes the format.
pub const DEVICES: &str = include_str!("../../rules/devices.toml");

/// A list of rules, in the order of their files.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    rules: Vec<Rule>,
    /// Names that a team's file switches off, with their lines.
    switched_off: Vec<(String, u32)>,
}

/// One rule.
#[derive(Debug, Clone)]
struct Rule {
    name: String,
    action: RuleAction,
    when: Condition,
    places: Vec<Place>,
    line: u32,
}

/// What a rule does with its rectangles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RuleAction {
    /// They are blanked, whatever is in them.
    Blank,
    /// What stands in them stays, although it would be blanked. Weakens privacy.
    Keep,
    /// No rectangles: the object is named as one that often holds identifiers.
    Suspect,
}

/// Why a rectangle is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RuleCause {
    /// It lies outside of the Sequence of Ultrasound Regions (0018,6011).
    UltrasoundRegion,
    /// A rule for the device names it.
    DeviceRule,
}

/// One rectangle of every frame of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleArea<'r> {
    /// The rectangle, within the frame and not empty.
    pub area: Area,
    /// Why.
    pub cause: RuleCause,
    /// [`RuleAction::Blank`] or [`RuleAction::Keep`].
    pub action: RuleAction,
    /// The name of the rule.
    pub rule: &'r str,
}

/// What the rules ask of one image.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleAreas<'r> {
    /// Rectangles to blank and to keep. Those of device rules may overlap; those outside of the
    /// ultrasound regions are disjoint.
    pub areas: Vec<RuleArea<'r>>,
    /// Names of the rules by which the object often holds identifiers, without saying where.
    pub suspect: Vec<&'r str>,
    /// Names of rules that match but whose rectangles do not fit this frame: not followed.
    pub unfit: Vec<&'r str>,
    /// What was strange about the ultrasound regions.
    pub notes: Vec<RegionNote>,
}

/// The name under which what lies outside of the ultrasound regions is reported.
pub const OUTSIDE_REGIONS: &str = "outside the ultrasound regions";

impl Rules {
    /// The rules that come with Obscura.
    pub fn builtin() -> Self {
        // A test parses the file; it is part of the program.
        Self::parse(DEVICES).unwrap_or_default()
    }

    /// Reads a file of rules.
    ///
    /// # Errors
    /// [`RulesError`] with the line, for what is not TOML and for keys, attributes, conditions and
    /// rectangles that are not known.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        file::parse(text)
    }

    /// These rules and those of a team's file behind them, without those that the file switches
    /// off.
    ///
    /// # Errors
    /// [`RulesError::UnknownRule`] if the file switches off a rule that is not here.
    pub fn with(mut self, own: Self) -> Result<Self, RulesError> {
        for (name, line) in &own.switched_off {
            let before = self.rules.len();
            self.rules.retain(|rule| rule.name != *name);
            if self.rules.len() == before {
                return Err(RulesError::UnknownRule {
                    line: *line,
                    name: name.clone(),
                });
            }
        }
        self.rules.extend(own.rules);
        self.switched_off.extend(own.switched_off);
        Ok(self)
    }

    /// The number of rules.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// No rules.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// What these rules weaken, for the report: the `keep` rules and the rules switched off, each
    /// as a sentence.
    pub fn weakenings(&self) -> Vec<String> {
        let kept = self
            .rules
            .iter()
            .filter(|rule| rule.action == RuleAction::Keep);
        let kept = kept.map(|rule| {
            format!(
                "Rule \"{}\" (line {}) keeps text in the picture that would be blanked.",
                rule.name, rule.line
            )
        });
        let off = self.switched_off.iter().map(|(name, line)| {
            format!(
                "Rule \"{name}\" is switched off (line {line}): its rectangles are not blanked."
            )
        });
        kept.chain(off).collect()
    }

    /// What the rules ask of one image whose frames have these rows and columns, by its header as
    /// it came.
    pub fn areas(&self, header: &Header<'_, '_>, rows: u32, columns: u32) -> RuleAreas<'_> {
        let frame = Area::new(0, 0, columns, rows);
        let mut found = RuleAreas::default();
        let Outside { rectangles, notes } = regions::outside(header, rows, columns);
        found.notes = notes;
        found
            .areas
            .extend(rectangles.into_iter().map(|area| RuleArea {
                area,
                cause: RuleCause::UltrasoundRegion,
                action: RuleAction::Blank,
                rule: OUTSIDE_REGIONS,
            }));
        for rule in self.rules.iter().filter(|rule| rule.when.holds(header)) {
            if rule.action == RuleAction::Suspect {
                found.suspect.push(&rule.name);
                continue;
            }
            let placed: Vec<Area> = rule
                .places
                .iter()
                .filter_map(|place| place.in_frame(frame))
                .collect();
            if !rule.fits(&placed, frame) {
                found.unfit.push(&rule.name);
                continue;
            }
            found.areas.extend(placed.into_iter().map(|area| RuleArea {
                area,
                cause: RuleCause::DeviceRule,
                action: rule.action,
                rule: &rule.name,
            }));
        }
        found
    }
}

impl Rule {
    /// Rectangles in pixels were measured on one size of screen. On a picture so small that they
    /// would take more than half of it, or miss it altogether, they mean nothing.
    fn fits(&self, placed: &[Area], frame: Area) -> bool {
        if placed.is_empty() {
            return false;
        }
        if self.places.iter().any(Place::follows_the_frame) {
            return true;
        }
        let taken: u64 = uncovered(placed, &[]).iter().map(Area::pixels).sum();
        taken * 2 <= frame.pixels()
    }
}

impl RuleAreas<'_> {
    /// The rectangles to blank for one cause, without what a `keep` rule shields: disjoint.
    pub fn blanked(&self, cause: RuleCause) -> Vec<Area> {
        let of = |action, cause: Option<RuleCause>| -> Vec<Area> {
            let areas = self.areas.iter().filter(|area| {
                area.action == action && cause.is_none_or(|cause| area.cause == cause)
            });
            areas.map(|area| area.area).collect()
        };
        uncovered(
            &of(RuleAction::Blank, Some(cause)),
            &of(RuleAction::Keep, None),
        )
    }

    /// The name of the `keep` rule in whose rectangle this one lies whole.
    pub fn kept_by(&self, area: &Area) -> Option<&str> {
        let keeps = |kept: &&RuleArea<'_>| kept.action == RuleAction::Keep && kept.area.holds(area);
        self.areas.iter().find(keeps).map(|kept| kept.rule)
    }
}
