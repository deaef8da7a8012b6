//! Putting a text back together after pieces of it were taken out.
//!
//! Words that announced what is gone (`Dr.`, `operator`, `Phone:`), empty brackets and doubled
//! separators go with it; no other word does. Line ends are never removed.

use crate::cues;
use crate::kinds::{IdentifierKind, Span};
use crate::numbers;
use crate::token::{Case, Kind};
use crate::view::View;

/// Sorts spans and joins those that touch or overlap; the first one's kind and rule stand.
pub(crate) fn merge(spans: &mut Vec<Span>) {
    spans.sort_unstable_by_key(|s| (s.start, std::cmp::Reverse(s.end)));
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans.drain(..) {
        match merged.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    *spans = merged;
}

/// What stands in place of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Keep,
    /// It identifies, or only announced what does.
    Gone,
}

/// The text without the spans.
pub(crate) fn without<'v>(view: &'v View<'v>, spans: &'v [Span]) -> String {
    let mut plan = Plan::new(view, spans);
    let mut index = 0;
    while index < plan.fates.len() {
        if plan.fates[index] == Fate::Gone {
            index = plan.settle(index);
        } else {
            index += 1;
        }
    }
    plan.write()
}

struct Plan<'v> {
    view: &'v View<'v>,
    spans: &'v [Span],
    fates: Vec<Fate>,
}

impl<'v> Plan<'v> {
    fn new(view: &'v View<'v>, spans: &'v [Span]) -> Self {
        let mut fates = vec![Fate::Keep; view.tokens.len()];
        let mut at = 0;
        for span in spans.iter().filter(|s| s.kind != IdentifierKind::Age) {
            while at < view.tokens.len() && view.tokens[at].end <= span.start {
                at += 1;
            }
            let mut i = at;
            while i < view.tokens.len() && view.tokens[i].start < span.end {
                // A token that is only partly identifying is cut when the text is written.
                if view.tokens[i].start >= span.start && view.tokens[i].end <= span.end {
                    fates[i] = Fate::Gone;
                }
                i += 1;
            }
        }
        Self { view, spans, fates }
    }

    fn gone(&self, index: usize) -> bool {
        self.fates.get(index) == Some(&Fate::Gone)
    }

    /// The kind of what was removed at a token or after it.
    fn kind_at(&self, index: usize) -> IdentifierKind {
        let start = self.view.tokens.get(index).map_or(usize::MAX, |t| t.start);
        let next = self.spans.partition_point(|s| s.end <= start);
        self.spans
            .get(next)
            .map_or(IdentifierKind::Other, |s| s.kind)
    }

    fn is_space(&self, index: usize) -> bool {
        self.view.kind(index) == Some(Kind::Space)
    }

    /// A mark that parts things and means nothing at an end. (`+`, `%`, `<` are content.)
    fn is_separator(&self, index: usize) -> bool {
        self.is_space(index)
            || matches!(
                self.view.mark(index),
                Some(
                    b'-' | b','
                        | b';'
                        | b':'
                        | b'/'
                        | b'_'
                        | b'|'
                        | b'^'
                        | b'&'
                        | b'#'
                        | b'@'
                        | b'='
                        | b'\\'
                )
            )
            || matches!(
                self.view.tokens.get(index).map(|t| t.text(self.view.text)),
                Some("–" | "—" | "、" | "，" | "：" | "・")
            )
    }

    /// Settles what stands around one removed stretch that starts at a token; returns where to go on.
    fn settle(&mut self, start: usize) -> usize {
        let (mut left, mut right) = self.extent(start);
        loop {
            let before = (left, right);
            self.open_brackets(&mut left, &mut right);
            self.announcers(&mut left, right);
            self.join_gone(&mut left, &mut right);
            if before == (left, right) {
                break;
            }
        }
        for fate in &mut self.fates[left..right] {
            *fate = Fate::Gone;
        }
        self.separators(left, right);
        right.max(start + 1)
    }

    fn extent(&self, start: usize) -> (usize, usize) {
        let mut right = start;
        while self.gone(right) {
            right += 1;
        }
        (start, right)
    }

    /// Stretches with nothing but separators between them are one.
    fn join_gone(&self, left: &mut usize, right: &mut usize) {
        let mut next = *right;
        while self.is_separator(next) || self.view.mark(next) == Some(b'.') {
            next += 1;
        }
        if self.gone(next) {
            *right = self.extent(next).1;
        }
        let mut previous = *left;
        while previous > 0 && self.is_separator(previous - 1) {
            previous -= 1;
        }
        while previous > 0 && self.gone(previous - 1) {
            previous -= 1;
            *left = previous;
        }
    }

    /// `( … )` with nothing left inside.
    fn open_brackets(&self, left: &mut usize, right: &mut usize) {
        let (mut from, mut to) = (*left, *right);
        while from > 0 && self.is_separator(from - 1) {
            from -= 1;
        }
        while self.is_separator(to) || self.view.mark(to) == Some(b'.') {
            to += 1;
        }
        let open = from.checked_sub(1).and_then(|i| self.view.mark(i));
        let close = self.view.mark(to);
        if matches!(
            (open, close),
            (Some(b'('), Some(b')'))
                | (Some(b'['), Some(b']'))
                | (Some(b'<'), Some(b'>'))
                | (Some(b'"'), Some(b'"'))
                | (Some(b'{'), Some(b'}'))
        ) {
            *left = from - 1;
            *right = to + 1;
        }
    }

    /// The words before that only announced what is gone.
    fn announcers(&self, left: &mut usize, right: usize) {
        let mut at = *left;
        while at > 0
            && (self.is_separator(at - 1) || matches!(self.view.mark(at - 1), Some(b'.' | b'(')))
        {
            at -= 1;
        }
        let Some(word) = at
            .checked_sub(1)
            .filter(|i| self.view.kind(*i) == Some(Kind::Word))
        else {
            return;
        };
        let opened = (at..*left).any(|i| self.view.mark(i) == Some(b'('));
        let folded = self.view.folded(word);
        if opened
            || !(cues::is_dangling(folded) || numbers::is_label(folded, self.kind_at(*left)))
            || self.glued_to_more(word)
        {
            return;
        }
        // `CT chest with` says something of contrast; `scanned with` nothing.
        if folded == "with" {
            let done = self.view.word_before(word);
            let small = self.view.case(word) == Case::Lower;
            if !small || !(done.ends_with("ed") || matches!(done, "spoke" | "seen")) {
                return;
            }
        }
        // `cor_bh_in`, `3 DEL`: a part of a code, or a word cut short.
        let small = folded.len() <= 3 && !matches!(folded, "dr" | "id" | "dob" | "md" | "rn");
        let coded = word > 0 && self.view.mark(word - 1) == Some(b'_');
        if small && (coded || folded == "del" && self.view.case(word) == Case::Upper) {
            return;
        }
        if folded == "e" && self.view.folded(word + 2) != "mail" {
            return;
        }
        let modality = matches!(folded, "dr" | "op" | "sr" | "do")
            && self.view.case(word) == Case::Upper
            && self.view.mark(word + 1) != Some(b'.');
        if modality || cues::dangles_at_end_only(folded) && !self.ends_here(right) {
            return;
        }
        *left = word;
    }

    /// A word that is a part of a longer one (`MR-ID`, `T2DR`) announces nothing.
    fn glued_to_more(&self, word: usize) -> bool {
        word.checked_sub(1)
            .is_some_and(|i| matches!(self.view.kind(i), Some(Kind::Number | Kind::Word)))
    }

    /// Whether a line, sentence or bracket ends after a stretch.
    fn ends_here(&self, right: usize) -> bool {
        let mut at = right;
        while self.is_space(at) {
            at += 1;
        }
        match self.view.kind(at) {
            None | Some(Kind::Newline) => true,
            Some(Kind::Mark) => {
                !matches!(self.view.mark(at), Some(b'(' | b'+' | b'\'' | b'"' | b'['))
            }
            _ => false,
        }
    }

    /// Of the separators on both sides one is kept, and none at the end of a line.
    fn separators(&mut self, left: usize, right: usize) {
        let mut from = left;
        while from > 0 && self.is_separator(from - 1) && !self.gone(from - 1) {
            from -= 1;
        }
        let mut to = right;
        while self.is_separator(to) && !self.gone(to) {
            to += 1;
        }
        let at_start = from == 0
            || matches!(self.view.kind(from - 1), Some(Kind::Newline))
            || self.only_gone_before(from);
        let at_end = matches!(self.view.kind(to), None | Some(Kind::Newline));
        let stop = matches!(
            self.view.mark(to),
            Some(b'.' | b'!' | b'?' | b')' | b']' | b'}' | b'>')
        );
        let marks =
            |plan: &Self, range: std::ops::Range<usize>| range.clone().any(|i| !plan.is_space(i));
        let drop = if at_end || stop {
            from..left
        } else if at_start {
            right..to
        } else if from < left && to > right {
            // `A - X - B`, `A X, B`: the heavier side stays.
            if marks(self, right..to) && !self.leads_in(right) {
                from..left
            } else {
                right..to
            }
        } else {
            0..0
        };
        for i in drop {
            self.fates[i] = Fate::Gone;
        }
        if at_start && (at_end || stop) {
            self.drop_range(right, if at_end { to } else { right });
        } else if at_end {
            self.drop_range(right, to);
        }
        let stopped = from
            .checked_sub(1)
            .is_some_and(|i| self.view.mark(i) == Some(b'.') && !self.gone(i));
        if (at_start || stopped) && !at_end {
            self.stray_stop(to, at_start);
        }
    }

    /// A mark that belongs to what stood before it and is gone (`: ` after a label, `#`).
    fn leads_in(&self, index: usize) -> bool {
        matches!(self.view.mark(index), Some(b':' | b'='))
    }

    fn drop_range(&mut self, from: usize, to: usize) {
        for fate in &mut self.fates[from..to] {
            *fate = Fate::Gone;
        }
    }

    fn only_gone_before(&self, index: usize) -> bool {
        (0..index).rev().take(64).all(|i| self.gone(i)) && index <= 64
    }

    /// A full stop with nothing before it, or right after another.
    fn stray_stop(&mut self, at: usize, at_start: bool) {
        if matches!(self.view.mark(at), Some(b'.'))
            && !matches!(self.view.kind(at + 1), Some(Kind::Number))
        {
            self.fates[at] = Fate::Gone;
            if at_start && self.is_space(at + 1) {
                self.fates[at + 1] = Fate::Gone;
            }
        }
    }

    fn write(&self) -> String {
        let spans = self.spans;
        let mut out = String::with_capacity(self.view.text.len());
        let mut at = 0;
        for (index, token) in self.view.tokens.iter().enumerate() {
            if self.gone(index) {
                continue;
            }
            while at < spans.len() && spans[at].end <= token.start {
                at += 1;
            }
            let mut from = token.start;
            let mut next = at;
            while next < spans.len() && spans[next].start < token.end {
                if spans[next].start > from {
                    out.push_str(&self.view.text[from..spans[next].start]);
                }
                // An age of several words (`ninety-four`) is replaced once.
                let begins = spans[next].start >= token.start && spans[next].end > from;
                if spans[next].kind == IdentifierKind::Age && begins {
                    out.push_str("90+");
                }
                from = from.max(spans[next].end);
                next += 1;
            }
            if from < token.end {
                out.push_str(&self.view.text[from..token.end]);
            }
        }
        out
    }
}
