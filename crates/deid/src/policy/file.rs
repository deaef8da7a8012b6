//! Reading a policy file: strict TOML, every key known, every fault with its line.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::attribute::{parse_action, parse_pattern, parse_private};
use super::options::{OptionSet, is_danger};
use super::private::{Knowledge, PrivateDisposition, PrivateOverride};
use super::settings::{AttributeActions, AttributeOverride, Documents, Settings};
use super::{PolicyError, Preset, ProfileOption};
use crate::tables::TagPattern;

const TOP: [&str; 9] = [
    "name",
    "description",
    "extends",
    "options",
    "tables",
    "documents",
    "attributes",
    "private",
    "danger",
];

/// The settings a policy file asks for.
pub(super) fn parse(text: &str) -> Result<Settings, PolicyError> {
    let document = DeTable::parse(text).map_err(|error| PolicyError::Syntax {
        line: error.span().map_or(1, |span| line_at(text, span.start)),
        message: error.message().to_owned(),
    })?;
    let reader = Reader { text };
    let table = document.get_ref();
    reader.known_keys(table, &TOP)?;

    let mut settings = reader.base(table)?;
    if let Some(entry) = reader.entry(table, "name") {
        settings.name = reader.name(&entry)?;
    }
    if let Some(entry) = reader.entry(table, "description") {
        settings.description = entry.text(&reader)?.to_owned();
    }
    if let Some(options) = reader.table(table, "options")? {
        reader.options(options, Named::Plain, &mut settings.options)?;
    }
    reader.lists(table, &mut settings)?;
    let mut own = Own::default();
    reader.rules(table, Named::Plain, &mut own)?;
    if let Some(danger) = reader.table(table, "danger")? {
        reader.options(danger, Named::Danger, &mut settings.options)?;
        reader.rules(danger, Named::Danger, &mut own)?;
    }
    own.put_over(&mut settings);
    exclude(settings.options)?;
    Ok(settings)
}

/// Whether a rule or option stands in `[danger]`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    Plain,
    Danger,
}

/// The file's own rules, before they go over those of the preset it extends.
#[derive(Default)]
struct Own {
    attributes: Vec<AttributeOverride>,
    private: Vec<PrivateOverride>,
}

impl Own {
    fn put_over(self, settings: &mut Settings) {
        settings.overrides.extend(self.attributes);
        settings.private_overrides.extend(self.private);
    }
}

/// A key and its value, with the line of the key.
struct Entry<'t> {
    key: &'t str,
    value: &'t DeValue<'t>,
    line: u32,
}

impl<'t> Entry<'t> {
    fn text(&self, reader: &Reader<'_>) -> Result<&'t str, PolicyError> {
        self.value
            .as_str()
            .ok_or_else(|| reader.wrong(self, "a text in quotes"))
    }
}

struct Reader<'s> {
    text: &'s str,
}

impl Reader<'_> {
    /// The settings that the file builds on: those of the preset it extends, or the basic profile.
    fn base(&self, table: &DeTable<'_>) -> Result<Settings, PolicyError> {
        let mut base = match self.entry(table, "extends") {
            None => Settings::default(),
            Some(entry) => {
                let preset = Preset::from_name(entry.text(self)?);
                let preset = preset
                    .ok_or_else(|| self.wrong(&entry, "\"basic\", \"research\" or \"tcia\""))?;
                parse(preset.toml())?
            }
        };
        "custom".clone_into(&mut base.name);
        base.description.clear();
        Ok(base)
    }

    fn name(&self, entry: &Entry<'_>) -> Result<String, PolicyError> {
        let name = entry.text(self)?;
        let printable = name
            .bytes()
            .all(|byte| matches!(byte, b' '..=b'~') && byte != b'\\');
        if (1..=40).contains(&name.len()) && printable && name.trim() == name {
            Ok(name.to_owned())
        } else {
            Err(self.wrong(
                entry,
                "1 to 40 printable ASCII characters, because it is written into \
                                   the objects",
            ))
        }
    }

    fn options(
        &self,
        table: &DeTable<'_>,
        named: Named,
        options: &mut OptionSet,
    ) -> Result<(), PolicyError> {
        let tables: &[&str] = if named == Named::Danger {
            &["attributes", "private"]
        } else {
            &[]
        };
        for entry in self
            .entries(table)
            .filter(|entry| !tables.contains(&entry.key))
        {
            let option = ProfileOption::from_key(entry.key);
            let fits = |option: &ProfileOption| named == Named::Plain || is_danger(*option);
            let Some(option) = option.filter(fits) else {
                let known = ProfileOption::ALL
                    .into_iter()
                    .filter(fits)
                    .map(ProfileOption::key);
                let known: Vec<_> = known.chain(tables.iter().copied()).collect();
                return Err(self.unknown(&entry, &known));
            };
            let DeValue::Boolean(on) = entry.value else {
                return Err(self.wrong(&entry, "true or false"));
            };
            if *on && named == Named::Plain && is_danger(option) {
                return Err(PolicyError::NotNamedDanger {
                    line: entry.line,
                    key: entry.key.to_owned(),
                    place: "danger",
                    why: super::options::retains(option)
                        .unwrap_or_default()
                        .to_owned(),
                });
            }
            options.set(option, *on);
        }
        Ok(())
    }

    /// `[tables]` and `[documents]`.
    fn lists(&self, table: &DeTable<'_>, settings: &mut Settings) -> Result<(), PolicyError> {
        if let Some(tables) = self.table(table, "tables")? {
            self.known_keys(tables, &["attribute-actions", "private"])?;
            if let Some(entry) = self.entry(tables, "attribute-actions") {
                settings.attribute_actions = match entry.text(self)? {
                    "none" => AttributeActions::None,
                    "tcia" => AttributeActions::Tcia,
                    _ => return Err(self.wrong(&entry, "\"none\" or \"tcia\"")),
                };
            }
            if let Some(entry) = self.entry(tables, "private") {
                settings.knowledge = self.knowledge(&entry)?;
            }
        }
        if let Some(documents) = self.table(table, "documents")? {
            self.known_keys(documents, &["encapsulated"])?;
            if let Some(entry) = self.entry(documents, "encapsulated") {
                settings.documents = match entry.text(self)? {
                    "dummy" => Documents::Dummy,
                    "quarantine" => Documents::Quarantine,
                    _ => return Err(self.wrong(&entry, "\"dummy\" or \"quarantine\"")),
                };
            }
        }
        Ok(())
    }

    fn knowledge(&self, entry: &Entry<'_>) -> Result<Vec<Knowledge>, PolicyError> {
        let words = Knowledge::ALL
            .map(|list| format!("\"{}\"", list.key()))
            .join(", ");
        let wrong = || self.wrong(entry, &format!("a list of {words}, each at most once"));
        let mut lists = Vec::new();
        for value in entry.value.as_array().ok_or_else(wrong)? {
            let word = value.get_ref().as_str().ok_or_else(wrong)?;
            let list = Knowledge::ALL.into_iter().find(|list| list.key() == word);
            let list = list
                .filter(|list| !lists.contains(list))
                .ok_or_else(wrong)?;
            lists.push(list);
        }
        Ok(lists)
    }

    /// `[attributes]` and `[private]` of the file, or of its `[danger]` table.
    fn rules(&self, table: &DeTable<'_>, named: Named, own: &mut Own) -> Result<(), PolicyError> {
        if let Some(attributes) = self.table(table, "attributes")? {
            for entry in self.entries(attributes) {
                let rule = self.attribute(&entry, named)?;
                let before = own
                    .attributes
                    .iter()
                    .find(|known| known.pattern == rule.pattern);
                self.unrepeated(&entry, before.map(|known| known.line))?;
                own.attributes.push(rule);
            }
        }
        if let Some(private) = self.table(table, "private")? {
            for entry in self.entries(private) {
                let rule = self.private(&entry, named)?;
                let same = |known: &&PrivateOverride| {
                    (known.group, known.element) == (rule.group, rule.element)
                        && known.creator.eq_ignore_ascii_case(&rule.creator)
                };
                let before = own.private.iter().find(same);
                self.unrepeated(&entry, before.map(|known| known.line))?;
                own.private.push(rule);
            }
        }
        Ok(())
    }

    fn attribute(&self, entry: &Entry<'_>, named: Named) -> Result<AttributeOverride, PolicyError> {
        let pattern = parse_pattern(entry.key).ok_or_else(|| PolicyError::NotAnAttribute {
            line: entry.line,
            text: entry.key.to_owned(),
            expected: "a tag such as \"0008,0080\" or \"60xx,3000\", or a keyword of PS3.6 such as \
                       InstitutionName",
        })?;
        if pattern == TagPattern::Private {
            return Err(self.fixed(entry, "private elements are set in [private], by creator"));
        }
        let action = parse_action(entry.text(self)?, pattern)
            .ok_or_else(|| self.wrong(entry, "one of K, X, Z, D, U, C, X/Z, X/D, Z/D, X/Z/D"))?;
        if let Some(why) = super::attribute::refusal(pattern, action) {
            return Err(self.fixed(entry, why));
        }
        let named_danger = named == Named::Danger;
        Ok(AttributeOverride {
            pattern,
            action,
            line: entry.line,
            named_danger,
        })
    }

    fn private(&self, entry: &Entry<'_>, named: Named) -> Result<PrivateOverride, PolicyError> {
        let (group, creator, element) =
            parse_private(entry.key).ok_or_else(|| PolicyError::NotAnAttribute {
                line: entry.line,
                text: entry.key.to_owned(),
                expected: "a private element such as \"0019,SIEMENS MR HEADER,0C\", or a block \
                           such as \"0019,SIEMENS MR HEADER,*\"",
            })?;
        let words = "one of remove, keep, uid, date, integer-date, clean";
        let disposition = PrivateDisposition::from_word(entry.text(self)?)
            .ok_or_else(|| self.wrong(entry, words))?;
        let (line, named_danger) = (entry.line, named == Named::Danger);
        Ok(PrivateOverride {
            group,
            creator,
            element,
            disposition,
            line,
            named_danger,
        })
    }

    fn unrepeated(&self, entry: &Entry<'_>, first: Option<u32>) -> Result<(), PolicyError> {
        match first {
            None => Ok(()),
            Some(other) => Err(PolicyError::Repeated {
                line: entry.line.max(other),
                text: entry.key.to_owned(),
                first: entry.line.min(other),
            }),
        }
    }

    fn entries<'t>(&self, table: &'t DeTable<'t>) -> impl Iterator<Item = Entry<'t>> {
        table.iter().map(|(key, value)| self.spanned(key, value))
    }

    fn entry<'t>(&self, table: &'t DeTable<'t>, key: &str) -> Option<Entry<'t>> {
        self.entries(table).find(|entry| entry.key == key)
    }

    fn spanned<'t>(
        &self,
        key: &'t Spanned<std::borrow::Cow<'_, str>>,
        value: &'t Spanned<DeValue<'t>>,
    ) -> Entry<'t> {
        let line = line_at(self.text, key.span().start);
        Entry {
            key: key.get_ref(),
            value: value.get_ref(),
            line,
        }
    }

    fn table<'t>(
        &self,
        table: &'t DeTable<'t>,
        key: &str,
    ) -> Result<Option<&'t DeTable<'t>>, PolicyError> {
        self.entry(table, key)
            .map(|entry| {
                let value: &'t DeValue<'t> = entry.value;
                value
                    .as_table()
                    .ok_or_else(|| self.wrong(&entry, "a table"))
            })
            .transpose()
    }

    fn known_keys(&self, table: &DeTable<'_>, known: &[&str]) -> Result<(), PolicyError> {
        match self
            .entries(table)
            .find(|entry| !known.contains(&entry.key))
        {
            Some(entry) => Err(self.unknown(&entry, known)),
            None => Ok(()),
        }
    }

    fn unknown(&self, entry: &Entry<'_>, known: &[&str]) -> PolicyError {
        let key = entry.key.to_owned();
        PolicyError::UnknownKey {
            line: entry.line,
            key,
            known: known.join(", "),
        }
    }

    fn wrong(&self, entry: &Entry<'_>, expected: &str) -> PolicyError {
        let (key, expected) = (entry.key.to_owned(), expected.to_owned());
        PolicyError::WrongValue {
            line: entry.line,
            key,
            expected,
        }
    }

    fn fixed(&self, entry: &Entry<'_>, why: &'static str) -> PolicyError {
        PolicyError::Fixed {
            line: entry.line,
            text: entry.key.to_owned(),
            why,
        }
    }
}

/// Options that cannot be on together.
fn exclude(options: OptionSet) -> Result<(), PolicyError> {
    let full = ProfileOption::RetainLongitudinalFullDates;
    let modified = ProfileOption::RetainLongitudinalModifiedDates;
    if options.has(full) && options.has(modified) {
        return Err(PolicyError::Excluded {
            first: full.key(),
            second: modified.key(),
        });
    }
    Ok(())
}

/// The line of a byte, counted from 1.
fn line_at(text: &str, at: usize) -> u32 {
    let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    before.iter().filter(|byte| **byte == b'\n').count() as u32 + 1
}
