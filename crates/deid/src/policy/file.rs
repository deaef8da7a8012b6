//! Reading a policy file: strict TOML, every key known, every fault with its line.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::entry::{Entry, Named};
use super::options::{OptionSet, is_danger};
use super::private::PrivateOverride;
use super::settings::{AttributeActions, AttributeOverride, Documents, Faces, Pages, Settings};
use super::{PolicyError, Preset, ProfileOption};

const TOP: [&str; 10] = [
    "name",
    "description",
    "extends",
    "options",
    "tables",
    "documents",
    "pixels",
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
        settings.name = entry.policy_name()?;
    }
    if let Some(entry) = reader.entry(table, "description") {
        entry.text()?.clone_into(&mut settings.description);
    }
    if let Some(options) = reader.table(table, "options")? {
        reader.options(options, Named::Plain, &mut settings.options)?;
    }
    reader.lists(table, &mut settings)?;
    reader.pixels(table, &mut settings)?;
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

/// The file's own rules, before they go over those of the preset it extends.
#[derive(Default)]
struct Own {
    attributes: Vec<AttributeOverride>,
    private: Vec<PrivateOverride>,
}

impl Own {
    fn put_over(mut self, settings: &mut Settings) {
        self.attributes.sort_by_key(|own| own.line);
        self.private.sort_by_key(|own| own.line);
        settings.overrides.extend(self.attributes);
        settings.private_overrides.extend(self.private);
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
                let preset = Preset::from_name(entry.text()?);
                let preset =
                    preset.ok_or_else(|| entry.wrong("\"basic\", \"research\" or \"tcia\""))?;
                parse(preset.toml())?
            }
        };
        "custom".clone_into(&mut base.name);
        base.description.clear();
        Ok(base)
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
                return Err(entry.unknown(&known));
            };
            let DeValue::Boolean(on) = entry.value else {
                return Err(entry.wrong("true or false"));
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
                settings.attribute_actions = match entry.text()? {
                    "none" => AttributeActions::None,
                    "tcia" => AttributeActions::Tcia,
                    _ => return Err(entry.wrong("\"none\" or \"tcia\"")),
                };
            }
            if let Some(entry) = self.entry(tables, "private") {
                settings.knowledge = entry.knowledge()?;
            }
        }
        if let Some(documents) = self.table(table, "documents")? {
            self.known_keys(documents, &["encapsulated"])?;
            if let Some(entry) = self.entry(documents, "encapsulated") {
                settings.documents = match entry.text()? {
                    "dummy" => Documents::Dummy,
                    "quarantine" => Documents::Quarantine,
                    _ => return Err(entry.wrong("\"dummy\" or \"quarantine\"")),
                };
            }
        }
        Ok(())
    }

    /// `[pixels]`.
    fn pixels(&self, table: &DeTable<'_>, settings: &mut Settings) -> Result<(), PolicyError> {
        let Some(pixels) = self.table(table, "pixels")? else {
            return Ok(());
        };
        self.known_keys(pixels, &["pages", "faces"])?;
        if let Some(entry) = self.entry(pixels, "pages") {
            settings.pages = entry.one_of(&Pages::WORDS)?;
        }
        if let Some(entry) = self.entry(pixels, "faces") {
            settings.faces = entry.one_of(&Faces::WORDS)?;
        }
        Ok(())
    }

    /// `[attributes]` and `[private]` of the file, or of its `[danger]` table.
    fn rules(&self, table: &DeTable<'_>, named: Named, own: &mut Own) -> Result<(), PolicyError> {
        if let Some(attributes) = self.table(table, "attributes")? {
            for entry in self.entries(attributes) {
                let rule = entry.attribute(named)?;
                let before = own
                    .attributes
                    .iter()
                    .find(|known| known.pattern == rule.pattern);
                entry.unrepeated(before.map(|known| known.line))?;
                own.attributes.push(rule);
            }
        }
        if let Some(private) = self.table(table, "private")? {
            for entry in self.entries(private) {
                let rule = entry.private(named)?;
                let same = |known: &&PrivateOverride| {
                    (known.group, known.element) == (rule.group, rule.element)
                        && known.creator.eq_ignore_ascii_case(&rule.creator)
                };
                let before = own.private.iter().find(same);
                entry.unrepeated(before.map(|known| known.line))?;
                own.private.push(rule);
            }
        }
        Ok(())
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
                value.as_table().ok_or_else(|| entry.wrong("a table"))
            })
            .transpose()
    }

    fn known_keys(&self, table: &DeTable<'_>, known: &[&str]) -> Result<(), PolicyError> {
        match self
            .entries(table)
            .find(|entry| !known.contains(&entry.key))
        {
            Some(entry) => Err(entry.unknown(known)),
            None => Ok(()),
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
    let before = text.get(..at).unwrap_or(text);
    before.matches('\n').count() as u32 + 1
}
