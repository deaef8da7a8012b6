//! A text as the rules see it: its tokens with the folded words and what the lexicon says of each.

use crate::fold;
use crate::harvest::Harvest;
use crate::lexicon::{self, Class};
use crate::token::{self, Case, Kind, Token};

/// One text under examination.
pub(crate) struct View<'a> {
    pub(crate) text: &'a str,
    pub(crate) tokens: Vec<Token>,
    pub(crate) harvest: &'a Harvest,
    pub(crate) has_digit: bool,
    folded: String,
    words: Vec<(u32, u32)>,
    classes: Vec<Class>,
}

/// The memory of a view that is done with, for the next one.
#[derive(Default)]
pub(crate) struct Scratch {
    tokens: Vec<Token>,
    folded: String,
    words: Vec<(u32, u32)>,
    classes: Vec<Class>,
}

/// Whether the rules of a pass ask the lexicon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lookup {
    /// Every word of two letters or more is looked up.
    Words,
    /// None is.
    Skip,
}

impl<'a> View<'a> {
    pub(crate) fn new(
        text: &'a str,
        harvest: &'a Harvest,
        lookup: Lookup,
        scratch: Scratch,
    ) -> Self {
        let Scratch {
            mut tokens,
            mut folded,
            mut words,
            mut classes,
        } = scratch;
        tokens.clear();
        token::tokenize_into(text, &mut tokens);
        folded.clear();
        folded.reserve(text.len());
        words.clear();
        words.reserve(tokens.len());
        classes.clear();
        classes.reserve(tokens.len());
        let mut view = Self {
            text,
            harvest,
            has_digit: tokens.iter().any(|t| t.kind == Kind::Number),
            folded,
            words,
            classes,
            tokens,
        };
        for index in 0..view.tokens.len() {
            view.fold_token(index, lookup);
        }
        view
    }

    /// The memory, for the next view.
    pub(crate) fn into_scratch(self) -> Scratch {
        Scratch {
            tokens: self.tokens,
            folded: self.folded,
            words: self.words,
            classes: self.classes,
        }
    }

    fn fold_token(&mut self, index: usize, lookup: Lookup) {
        let token = self.tokens[index];
        let start = self.folded.len();
        let mut class = Class::default();
        if token.kind == Kind::Word {
            let word = token.text(self.text);
            if word.is_ascii() {
                self.folded
                    .extend(word.bytes().map(|b| char::from(b.to_ascii_lowercase())));
            } else {
                word.chars()
                    .for_each(|c| fold::push_folded(c, &mut self.folded));
            }
            if lookup == Lookup::Words && self.folded.len() - start > 1 {
                class = lexicon::class(&self.folded[start..]);
            }
        }
        self.words.push((start as u32, self.folded.len() as u32));
        self.classes.push(class);
    }

    pub(crate) fn token(&self, index: usize) -> Option<&Token> {
        self.tokens.get(index)
    }

    /// The folded word at an index; empty where there is none.
    pub(crate) fn folded(&self, index: usize) -> &str {
        self.words
            .get(index)
            .map_or("", |(from, to)| &self.folded[*from as usize..*to as usize])
    }

    /// What the lexicon says of the word at an index.
    pub(crate) fn class(&self, index: usize) -> Class {
        self.classes.get(index).copied().unwrap_or_default()
    }

    pub(crate) fn kind(&self, index: usize) -> Option<Kind> {
        self.tokens.get(index).map(|t| t.kind)
    }

    pub(crate) fn case(&self, index: usize) -> Case {
        self.tokens.get(index).map_or(Case::None, |t| t.case)
    }

    /// Whether a token is a number or a word of a script with case: what codes are made of.
    pub(crate) fn is_code_part(&self, index: usize) -> bool {
        self.kind(index) == Some(Kind::Number) || self.case(index) != Case::None
    }

    /// The single ASCII mark at an index.
    pub(crate) fn mark(&self, index: usize) -> Option<u8> {
        self.tokens
            .get(index)
            .filter(|t| t.kind == Kind::Mark)
            .map(|t| self.text.as_bytes()[t.start])
            .filter(u8::is_ascii)
    }

    /// The number at an index (at most nine digits) and how many digits it has.
    pub(crate) fn number(&self, index: usize) -> Option<(u32, usize)> {
        let token = self
            .tokens
            .get(index)
            .filter(|t| t.kind == Kind::Number && t.len() <= 9)?;
        token.text(self.text).parse().ok().map(|n| (n, token.len()))
    }

    /// The word before an index, past blanks and the marks of a label; empty where there is none.
    pub(crate) fn word_before(&self, index: usize) -> &str {
        self.index_before(index).map_or("", |i| self.folded(i))
    }

    /// The index of the word before, past blanks and the marks of a label.
    pub(crate) fn index_before(&self, index: usize) -> Option<usize> {
        let floor = index.saturating_sub(4);
        for i in (floor..index).rev() {
            match self.tokens[i].kind {
                Kind::Word => return Some(i),
                Kind::Space => {}
                Kind::Mark
                    if matches!(self.mark(i), Some(b':' | b'.' | b'=' | b'(' | b'#' | b'_')) => {}
                _ => return None,
            }
        }
        None
    }

    /// Whether a token starts a line or a sentence.
    pub(crate) fn starts_sentence(&self, index: usize) -> bool {
        for i in (0..index).rev() {
            match self.tokens[i].kind {
                Kind::Space => {}
                Kind::Newline => return true,
                Kind::Mark => {
                    return !matches!(self.mark(i), Some(b',' | b'(' | b'\'' | b'-' | b'/'));
                }
                _ => return false,
            }
        }
        true
    }
}
