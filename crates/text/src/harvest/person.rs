//! Persons: the words of a name, their spellings, and the ways they are put together.

use zeroize::Zeroizing;

use super::{Harvest, Role, Strength};
use crate::fold;
use crate::kinds::IdentifierKind;
use crate::lexicon::{self, Known, Rank};
use crate::names;

/// Han characters that say alone what was examined, or its side, whoever is called so.
const SIGNS: &str =
    "左右中前後后上下高低大小胸頭头首頸颈腹腰肩肘手足膝股骨肝腎肾肺心脳脑胃腸肠眼耳鼻口舌歯齿";

/// Persons: the words of a name and the ways they are put together.
impl Harvest {
    pub(super) fn add_person(&mut self, value: &str) {
        for group in value.split('=') {
            let mut parts = PersonParts::of(group);
            if parts.family.is_empty() && parts.given.is_empty() {
                continue;
            }
            let mut weak = true;
            for index in 0..parts.family.len() + parts.given.len() {
                let word = parts.word(index);
                weak &= self.add_name_part(word) == Strength::Weak;
            }
            parts.family.truncate(3);
            parts.given.truncate(3);
            self.add_full_names(&parts, weak);
        }
    }

    fn add_name_part(&mut self, word: &str) -> Strength {
        let folded = Zeroizing::new(fold::squeezed(word));
        let count = folded.chars().count();
        let cjk = folded.chars().next().is_some_and(crate::token::is_cjk);
        if count < 2 {
            if cjk && !SIGNS.contains(&*folded) {
                let (rank, weak) = (Rank::Ordinary, Strength::Weak);
                self.fold(
                    IdentifierKind::PersonName,
                    Role::NamePart,
                    &folded,
                    rank,
                    weak,
                );
            }
            return Strength::Weak;
        }
        let rank = lexicon::class(&folded).rank;
        let strong = rank < Rank::Ordinary && (count >= 4 || cjk && count >= 2);
        let strength = if strong {
            Strength::Strong
        } else {
            Strength::Weak
        };
        let kind = IdentifierKind::PersonName;
        self.show(kind, word, strength);
        self.fold(kind, Role::NamePart, &folded, rank, strength);
        for other in [fold::expanded(word), fold::collapsed(&folded)]
            .into_iter()
            .flatten()
        {
            let rank = lexicon::class(&other).rank;
            let strength = if rank < Rank::Ordinary {
                strength
            } else {
                Strength::Weak
            };
            self.fold(kind, Role::NamePart, &other, rank, strength);
        }
        for half in word
            .split(['-', '\u{2010}', '\u{2011}'])
            .filter(|h| h.len() < word.len())
        {
            self.add_name_part(half);
        }
        strength
    }

    /// `van den Berg` as one thing: its particles are words of their own that no part finds.
    fn add_whole_family(&mut self, parts: &PersonParts<'_>, family: &str) {
        let [first, .., last] = &parts.family[..] else {
            return;
        };
        let particle = names::is_particle(&fold::squeezed(first));
        let name = lexicon::class_of(last);
        let word = name.rank == Rank::Clinical && name.surname == Known::No;
        if particle && !word && family.len() > 4 {
            let (kind, role) = (IdentifierKind::PersonName, Role::FullName);
            self.fold(kind, role, family, Rank::Unknown, Strength::Strong);
        }
    }

    fn add_full_names(&mut self, parts: &PersonParts<'_>, weak: bool) {
        let family = Zeroizing::new(fold::squeezed(&parts.family.concat()));
        let given = Zeroizing::new(fold::squeezed(&parts.given.concat()));
        let first = Zeroizing::new(fold::squeezed(
            parts.given.first().copied().unwrap_or_default(),
        ));
        self.add_whole_family(parts, &family);
        if family.is_empty() || given.is_empty() {
            return;
        }
        let rank = if weak { Rank::Ordinary } else { Rank::Unknown };
        let letter = letters_and_word(&parts.family, &parts.given);
        let whole = if letter {
            Rank::Clinical
        } else {
            Rank::Unknown
        };
        let mut push = |a: &str, b: &str, rank: Rank| {
            let joined = Zeroizing::new([a, b].concat());
            let strength = if joined.chars().count() >= 5 {
                Strength::Strong
            } else {
                Strength::Weak
            };
            self.fold(
                IdentifierKind::PersonName,
                Role::FullName,
                &joined,
                rank,
                strength,
            );
        };
        for given in [given.as_str(), first.as_str()] {
            push(&family, given, whole);
            push(given, &family, whole);
        }
        let initials: Zeroizing<String> = Zeroizing::new(
            parts
                .given
                .iter()
                .filter_map(|g| fold::squeezed(g).chars().next())
                .collect(),
        );
        let initial: Zeroizing<String> = Zeroizing::new(first.chars().take(1).collect());
        for initials in [initial.as_str(), initials.as_str()] {
            let rank = rank.max(whole);
            push(&family, initials, rank);
            push(initials, &family, rank);
        }
        if weak {
            let (f, g) = (
                Zeroizing::new(parts.family.join(" ")),
                Zeroizing::new(parts.given.join(" ")),
            );
            // `Left L`, `Brain w`: radiology writes that, with no patient in mind.
            let spoken = if letter {
                Strength::Weak
            } else {
                Strength::Strong
            };
            for (text, strength) in [
                (format!("{} {}", *f, *g), spoken),
                (format!("{} {}", *g, *f), spoken),
                (format!("{}^{}", *f, *g), Strength::Strong),
                (format!("{}, {}", *f, *g), Strength::Strong),
            ] {
                let text = Zeroizing::new(text);
                self.show(IdentifierKind::PersonName, &text, strength);
            }
        }
    }
}

/// Whether one part of a name is single letters and the other a word of its own (`Hand^L`).
fn letters_and_word(family: &[&str], given: &[&str]) -> bool {
    let single = |part: &[&str]| part.iter().all(|w| w.len() == 1);
    let word = |part: &[&str]| {
        part.iter()
            .all(|w| w.len() == 1 || lexicon::class_of(w).rank >= Rank::Ordinary)
    };
    single(given) && word(family) || single(family) && word(given)
}

/// The words of one person name, without titles.
struct PersonParts<'v> {
    family: Vec<&'v str>,
    given: Vec<&'v str>,
}

impl<'v> PersonParts<'v> {
    fn of(group: &'v str) -> Self {
        fn words(text: &str) -> impl Iterator<Item = &str> {
            text.split(|c: char| !(c.is_alphanumeric() || fold::is_name_mark(c)))
                .map(|w| w.trim_matches(fold::is_name_mark))
                .filter(|w| !w.is_empty() && !crate::cues::is_title(w))
        }
        if group.contains('^') {
            let mut components = group.split('^');
            let family = components.next().unwrap_or_default();
            let mut named: Vec<&str> = words(family).collect();
            let family = family.trim();
            // `Do^Minh`: a degree alone in the place of the family name is one.
            let plain = |c: char| c.is_alphabetic();
            if named.is_empty() && family.chars().all(plain) && !family.is_empty() {
                named.push(family);
            }
            let family = named;
            let given = components.take(2).flat_map(words).collect();
            return Self { family, given };
        }
        if let Some((family, given)) = group.split_once(',') {
            return Self {
                family: words(family).collect(),
                given: words(given).collect(),
            };
        }
        let mut given: Vec<&str> = words(group).collect();
        let family = given.pop().into_iter().collect();
        Self { family, given }
    }

    fn word(&self, index: usize) -> &'v str {
        self.family
            .get(index)
            .copied()
            .unwrap_or_else(|| self.given[index - self.family.len()])
    }
}
