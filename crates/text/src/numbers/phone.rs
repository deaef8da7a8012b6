//! Telephone and fax numbers, by the grouping of their digits or the word before them.

use super::{Find, followed_by_unit};
use crate::kinds::{Context, IdentifierKind};
use crate::token::{Case, Kind};
use crate::view::View;
use crate::words::Words;

pub(super) static PHONE_CUES: Words = Words::new(
    "phone tel telephone telefon fax mobile mob cell handy pager beeper telefono telefone gsm \
     natel pgr hotline telefax movil cellulare celular telefoon callback bleep 電話 电话 전화",
);

/// Words before a telephone number that stand before other numbers too.
pub(super) static LOOSE_PHONE_CUES: Words =
    Words::new("call contact home work at ext extension office reach");

/// The groups of digits of what could be a telephone number.
pub(super) struct Groups {
    from: usize,
    end: usize,
    lens: [usize; 8],
    count: usize,
    plus: bool,
    bracket: bool,
    marks: bool,
}

impl Groups {
    fn read(view: &View<'_>, at: usize) -> Option<Self> {
        let mut groups = Self {
            from: at,
            end: at + 1,
            lens: [0; 8],
            count: 0,
            plus: false,
            bracket: false,
            marks: false,
        };
        groups.lens[0] = view.tokens[at].len();
        groups.count = 1;
        groups.prefix(view, at)?;
        while let Some(next) = groups.next(view) {
            if groups.count == groups.lens.len() {
                return None;
            }
            groups.lens[groups.count] = view.tokens[next].len();
            groups.count += 1;
            groups.end = next + 1;
        }
        Some(groups)
    }

    /// A `+` or `(` before the first group; `None` when the number is a part of something else.
    fn prefix(&mut self, view: &View<'_>, at: usize) -> Option<()> {
        let mut first = at;
        if first > 0 && view.mark(first - 1) == Some(b'(') {
            first -= 1;
            self.bracket = true;
        }
        if first > 0
            && view.mark(first - 1) == Some(b'+')
            && first
                .checked_sub(2)
                .is_none_or(|i| view.kind(i) != Some(Kind::Number))
        {
            first -= 1;
            self.plus = true;
        }
        self.from = first;
        let glued = first > 0
            && (matches!(view.kind(first - 1), Some(Kind::Word))
                && view.case(first - 1) != Case::None
                || view.mark(first - 1) == Some(b'.')
                    && first > 1
                    && view.kind(first - 2) == Some(Kind::Number));
        (!glued).then_some(())
    }

    fn next(&mut self, view: &View<'_>) -> Option<usize> {
        let mut i = self.end;
        let mut marks = 0;
        while i < self.end + 3 && view.kind(i) != Some(Kind::Number) {
            match (view.kind(i)?, view.mark(i)) {
                (Kind::Space, _) if view.tokens[i].len() == 1 => {}
                (_, Some(b'-' | b'.' | b'/')) => marks += 1,
                (_, Some(b')')) if self.bracket => marks += 1,
                (_, Some(b'(')) if self.plus => {
                    self.bracket = true;
                    marks += 1;
                }
                _ => return None,
            }
            i += 1;
        }
        let good = i > self.end && view.kind(i) == Some(Kind::Number) && marks <= 2;
        self.marks |= good && marks > 0;
        good.then_some(i)
    }

    fn digits(&self) -> usize {
        self.lens[..self.count].iter().sum()
    }
}

/// Telephone numbers, by their grouping or the word before.
pub(super) fn phone(view: &View<'_>, at: usize, context: Context) -> Option<Find> {
    let groups = Groups::read(view, at)?;
    let digits = groups.digits();
    let lens = &groups.lens[..groups.count];
    let first = view.tokens[at].text(view.text);
    let before = view.word_before(groups.from);
    let cued = PHONE_CUES.has(before) && (4..=16).contains(&digits)
        || LOOSE_PHONE_CUES.has(before) && (7..=16).contains(&digits) && groups.count > 1;
    let extension = matches!(before, "ext" | "extension") && (3..=6).contains(&digits);
    let cued = cued || extension && groups.count == 1;
    let american = matches!(lens, [3, 3, 4] | [1, 3, 3, 4])
        && (groups.marks || groups.bracket || context == Context::Prose && !is_listed(view, at))
        && !first.starts_with('0');
    let local = matches!(lens, [3, 4])
        && groups.marks
        && !groups.plus
        && view.mark(at + 1) == Some(b'-')
        && (first == "555"
            || view.tokens[at + 2].text(view.text).starts_with('0')
            || with_extension(view, groups.end));
    let trunk = first.starts_with('0')
        && first.len() >= 3
        && groups.count >= 2
        && (9..=13).contains(&digits)
        && lens.iter().all(|l| *l >= 2);
    let french = first.starts_with('0') && lens == [2, 2, 2, 2, 2];
    let american = american && !is_weighting(view, &groups);
    let worldwide = groups.plus && (8..=15).contains(&digits);
    if !(cued || american || local || trunk || french || worldwide)
        || !cued && !worldwide && followed_by_unit(view, groups.end) && !extended(view, groups.end)
    {
        return None;
    }
    let mut end = groups.end;
    let ext = if view.kind(end) == Some(Kind::Space) {
        end + 1
    } else {
        end
    };
    if matches!(view.folded(ext), "x" | "ext" | "extension") {
        let number = (ext + 1..ext + 4).find(|i| view.kind(*i) == Some(Kind::Number));
        end = number.map_or(end, |n| n + 1);
    }
    Some(Find::Gone(
        groups.from,
        end,
        IdentifierKind::Phone,
        "telephone number",
    ))
}

/// ` x221`: an extension, and no size.
fn extended(view: &View<'_>, end: usize) -> bool {
    let x = end + usize::from(view.kind(end) == Some(Kind::Space));
    view.folded(x) == "x" && view.number(x + 1).is_some_and(|(_, digits)| digits >= 3)
}

/// ` ext. 45` behind a number.
fn with_extension(view: &View<'_>, end: usize) -> bool {
    let word = end + usize::from(view.kind(end) == Some(Kind::Space));
    let number = word + 1 + usize::from(view.mark(word + 1) == Some(b'.'));
    let number = number + usize::from(view.kind(number) == Some(Kind::Space));
    matches!(view.folded(word), "ext" | "extension") && view.kind(number) == Some(Kind::Number)
}

/// `B0/100/800/1400`: round numbers behind strokes are weightings.
fn is_weighting(view: &View<'_>, groups: &Groups) -> bool {
    let mut numbers = (groups.from..groups.end).filter(|i| view.kind(*i) == Some(Kind::Number));
    let strokes = (groups.from..groups.end).any(|i| view.mark(i) == Some(b'/'));
    strokes && numbers.all(|i| view.tokens[i].text(view.text).ends_with("00"))
}

/// Another number stands before the first: `b 50 400 800 1000`.
fn is_listed(view: &View<'_>, at: usize) -> bool {
    at > 1 && view.kind(at - 1) == Some(Kind::Space) && view.kind(at - 2) == Some(Kind::Number)
}
