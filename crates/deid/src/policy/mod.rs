//! What a team asks for: profile, options, lists of safe private elements and rules of its own,
//! resolved into one [`Policy`] that answers for every attribute what is done and who says so.
//!
//! A policy is a TOML file ([`Policy::from_toml`]) or one of the presets ([`Preset`]), which are
//! such files too. What weakens privacy has to be named in the file's `[danger]` table and is
//! listed by [`Policy::weakenings`].

mod attribute;
mod entry;
mod error;
mod file;
mod options;
mod preset;
mod private;
mod rule;
mod settings;
mod show;
mod table;
#[cfg(test)]
mod tests;
mod weakening;

use dicom_core::{Tag, VR};

pub use crate::tables::{Action, KbStep as PathStep, ProfileOption};
pub use error::PolicyError;
pub use preset::Preset;
pub use private::{Knowledge, PrivateDisposition, PrivateLookup, PrivateRule, PrivateSource};
pub use rule::{Rule, RuleSource};
pub use settings::{AttributeActions, Documents, Faces, Pages};
pub use show::PolicyRow;
pub use weakening::{Weakening, WeakeningLevel};

use crate::tables::{CONTENT_ITEMS, EDITION, PROFILE, TagPattern, content_items, tcia_attribute};
pub(crate) use private::is_number_or_code;
use private::tcia_deletes;
use rule::{by_options, by_tcia};
use settings::Settings;
use table::RuleTable;

/// An effective policy: the basic profile, the options and a team's own rules, resolved.
#[derive(Debug, Clone)]
pub struct Policy {
    settings: Settings,
    rules: RuleTable,
    /// The rules of repeating groups, overrides first.
    repeating: Vec<(TagPattern, Rule)>,
    /// The rule of each row of [`CONTENT_ITEMS`].
    content: Vec<Rule>,
    weakenings: Vec<Weakening>,
}

impl Policy {
    /// One of the policies that come with Obscura.
    pub fn preset(preset: Preset) -> Self {
        // A test parses every preset. Were one broken, the strictest policy would stand in.
        Self::from_toml(preset.toml()).unwrap_or_else(|_| Self::of(Settings::default()))
    }

    /// Reads a policy file: TOML, see the comments in the presets for every key.
    ///
    /// # Errors
    /// [`PolicyError`] with the line, for what is not TOML, keys, tags and words that are not
    /// known, options that exclude each other, and weakenings that are not named in `[danger]`.
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        let policy = Self::of(file::parse(text)?);
        weakening::check(&policy)?;
        Ok(policy)
    }

    fn of(settings: Settings) -> Self {
        let mut single = Vec::with_capacity(PROFILE.len());
        let mut repeating = Vec::new();
        for row in PROFILE {
            let rule = profile_rule(row, &settings);
            match row.pattern {
                TagPattern::One(tag) => single.push((tag, rule)),
                TagPattern::Repeating { .. } => repeating.push((row.pattern, rule)),
                TagPattern::Private => {}
            }
        }
        let mut own_repeating = Vec::new();
        for own in &settings.overrides {
            let source = RuleSource::Override(own.line);
            let rule = Rule {
                action: own.action,
                source,
            };
            match own.pattern {
                TagPattern::One(tag) => single.push((tag, rule)),
                pattern => own_repeating.push((pattern, rule)),
            }
        }
        // One element of a repeating group before the whole group, a team's rule before the table.
        own_repeating.sort_by_key(|(pattern, _)| whole_group(*pattern));
        own_repeating.append(&mut repeating);
        let content = CONTENT_ITEMS
            .iter()
            .map(|row| {
                let basic = Rule {
                    action: row.basic,
                    source: RuleSource::Basic,
                };
                by_options(row.options, settings.options).unwrap_or(basic)
            })
            .collect();
        let rules = RuleTable::new(single);
        let mut policy = Self {
            settings,
            rules,
            repeating: own_repeating,
            content,
            weakenings: Vec::new(),
        };
        policy.weakenings = weakening::list(&policy.settings);
        policy
    }

    /// The name of the policy: printable ASCII, 1 to 40 characters.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// What the policy's author says of it; may be empty.
    pub fn description(&self) -> &str {
        &self.settings.description
    }

    /// One line that tells one effective policy from another: name, edition, options, the number
    /// of rules of its own, and a hash of all of it. The same in every process and build.
    pub fn digest(&self) -> String {
        let options: Vec<_> = self.options().map(ProfileOption::key).collect();
        let options = if options.is_empty() {
            "no options".to_owned()
        } else {
            options.join(", ")
        };
        format!(
            "{}: PS3.15 {EDITION} basic profile; {options}; {} rules of its own; {:016x}",
            self.name(),
            self.settings.overrides.len() + self.settings.private_overrides.len(),
            show::hash(self),
        )
    }

    /// An option is on.
    pub fn has(&self, option: ProfileOption) -> bool {
        self.settings.options.has(option)
    }

    /// The options that are on, in the order of the columns of Table E.1-1.
    pub fn options(&self) -> impl Iterator<Item = ProfileOption> + use<> {
        self.settings.options.iter()
    }

    /// The rule of a standard attribute. `None` if neither the table nor the policy file speaks of
    /// it, and for private attributes ([`Policy::private_rule`]).
    pub fn rule(&self, tag: Tag) -> Option<Rule> {
        let rule = self.rules.get(tag);
        if rule.is_some() || !matches!(tag.0, 0x5000..=0x50FF | 0x6000..=0x60FF) {
            return rule;
        }
        self.repeating
            .iter()
            .find(|(pattern, _)| pattern.matches(tag))
            .map(|(_, rule)| *rule)
    }

    /// The rule of a private element of the data set itself, whose VR is not known.
    pub fn private_rule(&self, lookup: PrivateLookup<'_>) -> PrivateRule {
        self.private_rule_at(lookup, VR::UN, &[])
    }

    /// The rule of a private element, with the VR it has in the object (UN where there is none)
    /// and the sequences around it, from the outside in.
    ///
    /// VR and path matter for TCIA's knowledge base, which speaks of elements by their place.
    pub fn private_rule_at(
        &self,
        lookup: PrivateLookup<'_>,
        written: VR,
        path: &[PathStep<'_>],
    ) -> PrivateRule {
        let lookup = PrivateLookup {
            creator: lookup.creator.trim_matches([' ', '\0']),
            ..lookup
        };
        if lookup.creator.is_empty() {
            return PrivateRule::removed(PrivateSource::Unknown);
        }
        let known = || {
            let lists = self.settings.knowledge.iter();
            lists
                .copied()
                .find_map(|list| list.rule(lookup, written, path))
        };
        if let Some(own) = self.own_private_rule(lookup) {
            let vr = known().and_then(|rule| rule.vr);
            return PrivateRule { vr, ..own };
        }
        if !self.has(ProfileOption::RetainSafePrivate) {
            return PrivateRule::removed(PrivateSource::Basic);
        }
        known().unwrap_or(PrivateRule::removed(PrivateSource::Unknown))
    }

    fn own_private_rule(&self, lookup: PrivateLookup<'_>) -> Option<PrivateRule> {
        let own = || {
            self.settings
                .private_overrides
                .iter()
                .filter(|own| own.matches(lookup))
        };
        let found = own()
            .find(|own| own.element.is_some())
            .or_else(|| own().next())?;
        let source = PrivateSource::Override(found.line);
        Some(PrivateRule {
            disposition: found.disposition,
            vr: None,
            source,
        })
    }

    /// What the lists in use say of a standard attribute that stands inside a private sequence;
    /// `None` leaves it to [`Policy::rule`]. TCIA's knowledge base deletes some of them.
    pub fn standard_in_private(
        &self,
        tag: Tag,
        written: VR,
        path: &[PathStep<'_>],
    ) -> Option<PrivateRule> {
        let deleted = self.settings.knowledge.contains(&Knowledge::Tcia)
            && path
                .iter()
                .any(|step| matches!(step, PathStep::Private { .. }))
            && tcia_deletes(tag, written, path);
        deleted.then_some(PrivateRule::removed(PrivateSource::Tcia))
    }

    /// The rule of a content item by its concept name (Table E.3.4-1), of the strictest row where
    /// the value type would choose between several.
    pub fn content_item(&self, code: &str, scheme: &str) -> Option<Rule> {
        let rules = content_items(code, scheme).map(|at| self.content[at]);
        rules.min_by_key(|rule| show::leniency(rule.action))
    }

    /// The rule of a content item by its concept name and its value type (0040,A040).
    pub fn content_item_typed(&self, code: &str, scheme: &str, value_type: &str) -> Option<Rule> {
        let at = content_items(code, scheme).find(|at| CONTENT_ITEMS[*at].value_type == value_type);
        at.map(|at| self.content[at])
            .or_else(|| self.content_item(code, scheme))
    }

    /// What is done with encapsulated documents, which cannot be cleaned.
    pub fn encapsulated_documents(&self) -> Documents {
        self.settings.documents
    }

    /// Objects with an encapsulated document are set aside.
    pub fn quarantines_documents(&self) -> bool {
        self.settings.documents == Documents::Quarantine
    }

    /// What is done with pages in the picture.
    pub fn pages(&self) -> Pages {
        self.settings.pages
    }

    /// What is done with objects in which a face may be recognised.
    pub fn faces(&self) -> Faces {
        self.settings.faces
    }

    /// What this policy keeps beyond the basic profile, for the report; dangers first.
    pub fn weakenings(&self) -> &[Weakening] {
        &self.weakenings
    }

    /// Every rule of the policy with its source: pages and faces in the picture, Table E.1-1, the
    /// policy file's own rules for attributes, content items, the lists of private elements in use and the file's rules for
    /// private elements.
    pub fn rows(&self) -> impl Iterator<Item = PolicyRow> + '_ {
        show::rows(self)
    }
}

/// The rule of a row of Table E.1-1 under these settings, before the team's own rules: what a
/// named danger keeps, then TCIA's actions if they are asked for, then the options, then the
/// basic profile.
fn profile_rule(row: &crate::tables::ProfileRow, settings: &Settings) -> Rule {
    let basic = Rule {
        action: row.basic,
        source: RuleSource::Basic,
    };
    let on = settings.options;
    let tcia = || {
        let word = match (settings.attribute_actions, row.pattern) {
            (AttributeActions::None, _) | (_, TagPattern::Private) => None,
            (AttributeActions::Tcia, TagPattern::One(tag)) => tcia_attribute(tag),
            (AttributeActions::Tcia, TagPattern::Repeating { group, element }) => {
                tcia_attribute(Tag(group, element.unwrap_or_default()))
            }
        };
        by_tcia(word?, row.options, on)
    };
    // A danger that is on keeps its rows, unless another option that is on cleans them.
    let danger = by_options(row.options, on.dangers()).and(by_options(row.options, on));
    danger
        .or_else(tcia)
        .or_else(|| by_options(row.options, on))
        .unwrap_or(basic)
}

const fn whole_group(pattern: TagPattern) -> bool {
    matches!(pattern, TagPattern::Repeating { element: None, .. })
}
