//! [`Entry`]: one key of a policy file with its value and its line, and what it can mean.

use toml::de::DeValue;

use super::PolicyError;
use super::attribute::{parse_action, parse_pattern, parse_private, refusal};
use super::private::{Knowledge, PrivateDisposition, PrivateOverride};
use super::settings::AttributeOverride;
use crate::tables::TagPattern;

/// Whether a rule or option stands in `[danger]`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Plain,
    Danger,
}

/// A key and its value, with the line of the key.
pub(super) struct Entry<'t> {
    pub(super) key: &'t str,
    pub(super) value: &'t DeValue<'t>,
    pub(super) line: u32,
}

impl<'t> Entry<'t> {
    pub(super) fn text(&self) -> Result<&'t str, PolicyError> {
        self.value
            .as_str()
            .ok_or_else(|| self.wrong("a text in quotes"))
    }

    /// What one of these words stands for.
    pub(super) fn one_of<T: Copy>(&self, words: &[(&str, T)]) -> Result<T, PolicyError> {
        let text = self.text()?;
        let found = words.iter().find(|(word, _)| *word == text);
        found.map(|(_, meant)| *meant).ok_or_else(|| {
            let words: Vec<_> = words
                .iter()
                .map(|(word, _)| format!("\"{word}\""))
                .collect();
            self.wrong(&format!("one of {}", words.join(", ")))
        })
    }

    pub(super) fn unrepeated(&self, first: Option<u32>) -> Result<(), PolicyError> {
        match first {
            None => Ok(()),
            Some(other) => Err(PolicyError::Repeated {
                line: self.line.max(other),
                text: self.key.to_owned(),
                first: self.line.min(other),
            }),
        }
    }

    pub(super) fn unknown(&self, known: &[&str]) -> PolicyError {
        let key = self.key.to_owned();
        PolicyError::UnknownKey {
            line: self.line,
            key,
            known: known.join(", "),
        }
    }

    pub(super) fn wrong(&self, expected: &str) -> PolicyError {
        let (key, expected) = (self.key.to_owned(), expected.to_owned());
        PolicyError::WrongValue {
            line: self.line,
            key,
            expected,
        }
    }

    pub(super) fn not_an_attribute(&self, expected: &'static str) -> PolicyError {
        PolicyError::NotAnAttribute {
            line: self.line,
            text: self.key.to_owned(),
            expected,
        }
    }

    pub(super) fn fixed(&self, why: &'static str) -> PolicyError {
        PolicyError::Fixed {
            line: self.line,
            text: self.key.to_owned(),
            why,
        }
    }

    pub(super) fn policy_name(&self) -> Result<String, PolicyError> {
        let name = self.text()?;
        let printable = name
            .bytes()
            .all(|byte| matches!(byte, b' '..=b'~') && byte != b'\\');
        if (1..=40).contains(&name.len()) && printable && name.trim() == name {
            Ok(name.to_owned())
        } else {
            Err(self.wrong(
                "1 to 40 printable ASCII characters, because it is written into \
                                   the objects",
            ))
        }
    }

    pub(super) fn knowledge(&self) -> Result<Vec<Knowledge>, PolicyError> {
        let words = Knowledge::ALL
            .map(|list| format!("\"{}\"", list.key()))
            .join(", ");
        let wrong = || self.wrong(&format!("a list of {words}, each at most once"));
        let mut lists = Vec::new();
        for value in self.value.as_array().ok_or_else(wrong)? {
            let word = value.get_ref().as_str().ok_or_else(wrong)?;
            let list = Knowledge::ALL.into_iter().find(|list| list.key() == word);
            let list = list
                .filter(|list| !lists.contains(list))
                .ok_or_else(wrong)?;
            lists.push(list);
        }
        Ok(lists)
    }

    pub(super) fn attribute(&self, named: Named) -> Result<AttributeOverride, PolicyError> {
        let pattern = parse_pattern(self.key).ok_or_else(|| {
            self.not_an_attribute(
                "a tag such as \"0008,0080\" or \"60xx,3000\", or a keyword of PS3.6 such as \
                 InstitutionName",
            )
        })?;
        if pattern == TagPattern::Private {
            return Err(self.fixed("private elements are set in [private], by creator"));
        }
        let action = parse_action(self.text()?, pattern)
            .ok_or_else(|| self.wrong("one of K, X, Z, D, U, C, X/Z, X/D, Z/D, X/Z/D"))?;
        if let Some(why) = refusal(pattern, action) {
            return Err(self.fixed(why));
        }
        let named_danger = named == Named::Danger;
        Ok(AttributeOverride {
            pattern,
            action,
            line: self.line,
            named_danger,
        })
    }

    pub(super) fn private(&self, named: Named) -> Result<PrivateOverride, PolicyError> {
        let (group, creator, element) = parse_private(self.key).ok_or_else(|| {
            self.not_an_attribute(
                "a private element such as \"0019,SIEMENS MR HEADER,0C\", or a block such as \
                 \"0019,SIEMENS MR HEADER,*\"",
            )
        })?;
        let words = "one of remove, keep, uid, date, integer-date, clean";
        let disposition =
            PrivateDisposition::from_word(self.text()?).ok_or_else(|| self.wrong(words))?;
        let (line, named_danger) = (self.line, named == Named::Danger);
        Ok(PrivateOverride {
            group,
            creator,
            element,
            disposition,
            line,
            named_danger,
        })
    }
}
