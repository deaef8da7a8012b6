//! Names of people that the object does not state: by the word before them, by the credentials
//! after them, by their shape, and by the lists of known names.
//!
//! The grade of evidence that a place asks for falls with what the place says: after `Dr.` any
//! word that can be a name is one; after `operator` an unknown word is; alone in a text only a
//! common name that is no word of any kind is. Eponyms (`Baker cyst`) stay.

mod alone;
mod announced;
mod family;
mod forms;
mod han;
mod misspelt;
mod unit;

use alone::{family_comma_given_in_code, past_credentials, unannounced};
use announced::{announced, announced_in_code};
use forms::{caret, cjk};
use misspelt::misspelt;
pub(crate) use unit::is_particle;

use crate::kinds::{Context, IdentifierKind, Span};
use crate::token::{Case, Kind};
use crate::view::View;

/// Finds the names of people.
pub(crate) fn find(view: &View<'_>, context: Context, spans: &mut Vec<Span>) {
    let style = Style::of(view, context);
    let mut at = 0;
    while at < view.tokens.len() {
        let found = match view.kind(at) {
            Some(Kind::Word) if context == Context::Code => announced_in_code(view, &style, at)
                .or_else(|| family_comma_given_in_code(view, at))
                .or_else(|| misspelt(view, at)),
            _ if context == Context::Code => None,
            Some(Kind::Word) => cjk(view, at)
                .or_else(|| han::apart(view, at))
                .or_else(|| announced(view, &style, at))
                .or_else(|| unannounced(view, &style, at))
                .or_else(|| misspelt(view, at)),
            Some(Kind::Mark) => caret(view, at),
            _ => None,
        };
        match found {
            Some((from, to, rule)) => {
                let to = past_credentials(view, to);
                spans.push(Span::new(
                    view.tokens[from].start,
                    view.tokens[to - 1].end,
                    IdentifierKind::PersonName,
                    rule,
                ));
                at = to.max(at + 1);
            }
            None => at += 1,
        }
    }
}

type Found = Option<(usize, usize, &'static str)>;

/// Whether the name at a token stands for a disease, a sign or a publication (`Murphy sign`).
pub(crate) fn stands_for_a_thing(view: &View<'_>, at: usize) -> bool {
    unit::unit(view, at).is_some_and(|unit| unit::is_eponym(view, &unit))
}

/// How the whole text is written.
struct Style {
    prose: bool,
    /// There are words in lower case, so that a capital means something.
    mixed: bool,
}

impl Style {
    fn of(view: &View<'_>, context: Context) -> Self {
        let lower = view
            .tokens
            .iter()
            .take(2000)
            .filter(|t| t.case == Case::Lower && t.len() > 2)
            .count();
        let title = view
            .tokens
            .iter()
            .take(2000)
            .filter(|t| t.case == Case::Title && t.len() > 2)
            .count();
        Self {
            prose: context == Context::Prose,
            mixed: lower > 0 || title > 0,
        }
    }
}
