//! [`Cleaner`]: the rules put together, over one text at a time.

use std::borrow::Cow;
use std::cell::Cell;

use crate::harvest::Harvest;
use crate::kinds::{Cleaned, Context, Removed, Span};
use crate::matcher::Matcher;
use crate::view::{Lookup, Scratch, View};
use crate::{accounts, contact, dates, eponyms, names, numbers, places, settle, technical, tidy};

/// Cleans the texts of one object. Make one an object: it holds the index of its harvest.
pub struct Cleaner<'h> {
    harvest: &'h Harvest,
    matcher: Matcher,
    scratch: Cell<Scratch>,
}

/// A pass can lay bare what the next one finds; each pass that finds something shortens the text.
const MOST_PASSES: usize = 12;
/// Bytes that may be looked at in all passes together beyond those: a short text always comes to rest.
const MOST_WORK: usize = 1 << 18;

impl<'h> Cleaner<'h> {
    /// A cleaner for the object that the harvest was taken from.
    pub fn new(harvest: &'h Harvest) -> Self {
        Self {
            harvest,
            matcher: Matcher::new(harvest),
            scratch: Cell::default(),
        }
    }

    /// Removes what identifies from one value. Cleaning the answer again changes nothing.
    pub fn clean<'t>(&self, text: &'t str, context: Context) -> Cleaned<'t> {
        let mut cleaned = Cleaned {
            text: Cow::Borrowed(text),
            removed: Vec::new(),
        };
        for pass in 0.. {
            if pass >= MOST_PASSES && pass * cleaned.text.len() > MOST_WORK {
                break;
            }
            let Some(next) = self.pass(&cleaned.text, context, &mut cleaned.removed) else {
                break;
            };
            cleaned.text = Cow::Owned(next);
        }
        cleaned
    }

    /// One pass; `None` when nothing was found.
    fn pass(&self, text: &str, context: Context, removed: &mut Vec<Removed>) -> Option<String> {
        if !text.bytes().any(|b| b.is_ascii_alphanumeric() || b >= 0x80) {
            return None;
        }
        let lookup = if context == Context::HarvestOnly {
            Lookup::Skip
        } else {
            Lookup::Words
        };
        let view = View::new(text, self.harvest, lookup, self.scratch.take());
        let cleaned = self.apply_rules(&view, context, removed);
        self.scratch.set(view.into_scratch());
        cleaned
    }

    /// All rules over one text; `None` when nothing was found.
    fn apply_rules(
        &self,
        view: &View<'_>,
        context: Context,
        removed: &mut Vec<Removed>,
    ) -> Option<String> {
        let text = view.text;
        let mut spans: Vec<Span> = Vec::new();
        let hits = self.matcher.find(self.harvest, text);
        let counted = (0..hits.len()).filter(|i| settle::counts(view, &hits, *i, context));
        spans.extend(counted.map(|i| settle::extent(view, &hits[i])));
        dates::find(view, context, &mut spans);
        if context != Context::HarvestOnly {
            contact::find(text, &mut spans);
            accounts::find(view, context, &mut spans);
            numbers::find(view, context, &mut spans);
        }
        if matches!(
            context,
            Context::Technical | Context::Coded | Context::Prose
        ) {
            technical::find(view, context, &mut spans);
        }
        if !matches!(context, Context::Code | Context::HarvestOnly) {
            places::find(view, &mut spans);
        }
        if context != Context::HarvestOnly {
            names::find(view, context, &mut spans);
        }
        eponyms::spare(view, &mut spans);
        if spans.is_empty() {
            return None;
        }
        for span in &mut spans {
            // `90+` stands in for an age: what takes its number takes its mark.
            if text[..span.end].ends_with("90") && text[span.end..].starts_with('+') {
                span.end += 1;
            }
        }
        tidy::merge(&mut spans);
        removed.extend(spans.iter().map(|s| Removed {
            kind: s.kind,
            rule: s.rule,
        }));
        Some(tidy::without(view, &spans))
    }
}
