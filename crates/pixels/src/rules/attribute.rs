//! [`AttributePath`]: which attribute a condition speaks of, sequences included.

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry, TagRange};
use dicom_dictionary_std::StandardDataDictionary;
use obscura_dicom::{Header, Tag};

/// An attribute of the data set, or of any item of the sequences before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AttributePath {
    sequences: Vec<Tag>,
    attribute: Name,
}

/// One attribute, or one of a repeating group (overlays, curves).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    One(Tag),
    Repeating(Tag),
}

/// Whether an attribute is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Missing,
    Empty,
    Present,
}

impl AttributePath {
    /// A keyword of PS3.6 or a tag `gggg,eeee`, after those of the sequences it stands in, joined
    /// by dots. `None` if one of them is not known.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (sequences, last) = match text.rsplit_once('.') {
            Some((before, last)) => (before, last),
            None => ("", text),
        };
        let sequences = sequences
            .split('.')
            .filter(|name| !name.is_empty())
            .map(|name| match parse_name(name)? {
                Name::One(tag) => Some(tag),
                Name::Repeating(_) => None,
            });
        Some(Self {
            sequences: sequences.collect::<Option<_>>()?,
            attribute: parse_name(last)?,
        })
    }

    /// Whether `test` holds for one of the attributes that the path leads to.
    pub(super) fn any(
        &self,
        header: &Header<'_, '_>,
        test: &dyn Fn(&Header<'_, '_>, Tag) -> bool,
    ) -> bool {
        self.any_below(header, &self.sequences, test)
    }

    fn any_below(
        &self,
        header: &Header<'_, '_>,
        sequences: &[Tag],
        test: &dyn Fn(&Header<'_, '_>, Tag) -> bool,
    ) -> bool {
        match sequences {
            [] => self.attribute.tags().any(|tag| test(header, tag)),
            [first, rest @ ..] => header
                .items(*first)
                .any(|item| self.any_below(&item, rest, test)),
        }
    }

    /// Whether the attribute is there, and with a value, in any of its places.
    pub(super) fn state(&self, header: &Header<'_, '_>) -> State {
        let there = self.any(header, &|header, tag| header.has(tag));
        let valued = self.any(header, &|header, tag| {
            header.has(tag) && !header.is_blank(tag)
        });
        match (there, valued) {
            (false, _) => State::Missing,
            (true, false) => State::Empty,
            (true, true) => State::Present,
        }
    }
}

impl Name {
    /// The tags of the name: sixteen of a repeating group (PS3.5 7.6).
    fn tags(self) -> impl Iterator<Item = Tag> {
        let (tag, groups) = match self {
            Self::One(tag) => (tag, 1),
            Self::Repeating(tag) => (tag, 16),
        };
        (0..groups).map(move |at| Tag(tag.0 + 2 * at, tag.1))
    }
}

fn parse_name(text: &str) -> Option<Name> {
    if let Some(entry) = StandardDataDictionary.by_name(text) {
        return Some(match entry.tag_range() {
            TagRange::Group100(tag) => Name::Repeating(tag),
            range => Name::One(range.inner()),
        });
    }
    let (group, element) = text.split_once(',')?;
    let number = |text: &str| {
        (text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .then(|| u16::from_str_radix(text, 16).ok())
            .flatten()
    };
    Some(Name::One(Tag(number(group)?, number(element)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_tags_and_paths_are_attributes_and_nothing_else() {
        for known in [
            "Manufacturer",
            "0008,0070",
            "OverlayDescription",
            "CTDIPhantomTypeCodeSequence.CodeMeaning",
            "0018,9346.0008,0104",
        ] {
            assert!(AttributePath::parse(known).is_some(), "{known}");
        }
        for unknown in [
            "",
            "Manfacturer",
            "8,70",
            "0008,00700",
            "Rows.",
            "OverlayData.Rows",
            "+008,0070",
        ] {
            assert!(AttributePath::parse(unknown).is_none(), "{unknown}");
        }
    }
}
