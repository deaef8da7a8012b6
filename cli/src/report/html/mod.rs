//! The page: sections in the order in which a compliance officer asks.

mod redactions;
mod sections;
mod text;

use std::fmt::Write as _;

use obscura_core::Reason;
use obscura_deid::policy::WeakeningLevel;

use super::About;
use super::collect::Facts;
use super::thumbs::Thumb;
use crate::run::Ended;
use redactions::redactions;
use sections::{attention, done, pictures, policy, set_aside, verify};
use text::{Count, Esc, note, put};

const STYLE: &str = include_str!("../style.css");

/// Everything the page says.
pub(super) struct Page<'a> {
    pub(super) about: &'a About,
    pub(super) facts: &'a Facts,
    pub(super) thumbs: &'a [Thumb],
    /// Of the touched images, after and before.
    pub(super) touched_thumbs: &'a [Thumb],
    pub(super) ended: Ended,
    pub(super) date: &'a str,
}

/// The whole page.
pub(super) fn page(page: &Page<'_>) -> String {
    let mut html = String::with_capacity(64 << 10);
    put!(
        html,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; \
         style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>De-identification report</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
    );
    head(&mut html, page);
    html.push_str("<main>\n");
    totals(&mut html, page);
    set_aside(&mut html, page.facts);
    policy(&mut html, page.about);
    done(&mut html, page.facts);
    attention(&mut html, page.facts);
    redactions(&mut html, page);
    pictures(&mut html, page);
    verify(&mut html);
    put!(
        html,
        "</main>\n<footer>Made by Obscura {} on {}. {} It loads nothing from a network.</footer>\n\
         </body>\n</html>\n",
        Esc(&page.about.settings.version),
        Esc(page.date),
        if page.about.settings.show_originals {
            "This file shows pictures of originals (--danger-show-originals): never give it away."
        } else {
            "This file carries no original name."
        }
    );
    html
}

fn head(html: &mut String, page: &Page<'_>) {
    let about = page.about;
    put!(
        html,
        "<header>\n<h1>De-identification report</h1>\n\
         <p class=\"soft\">{}, policy <strong>{}</strong>, Obscura {}</p>\n",
        Esc(page.date),
        Esc(&about.policy),
        Esc(&about.settings.version)
    );
    html.push_str("<nav aria-label=\"Sections\"><ul>");
    for (id, title) in [
        ("totals", "Totals"),
        ("quarantine", "Quarantine"),
        ("policy", "Policy"),
        ("done", "What was done"),
        ("attention", "Warnings"),
        ("pixels", "Text in the pixels"),
        ("pictures", "Pictures"),
        ("verify", "How to verify"),
    ] {
        put!(html, "<li><a href=\"#{id}\">{title}</a></li>");
    }
    html.push_str("</ul></nav>\n</header>\n");
}

fn totals(html: &mut String, page: &Page<'_>) {
    let facts = page.facts;
    let quarantined: u64 = facts.quarantined.values().map(|named| named.count).sum();
    let skipped: u64 = facts.skipped.values().sum();
    html.push_str("<section aria-labelledby=\"totals\">\n<h2 id=\"totals\">Totals</h2>\n");
    if page.ended == Ended::Interrupted {
        let text =
            "It was stopped. What is listed here is done; the same command goes on with the rest.";
        note(
            html,
            "warn",
            "This run did not reach its last input.",
            &text,
        );
    }
    if quarantined == 0 {
        let text = "Each released file was read again by an independent reader and searched for the \
                    identifiers of its original; none was found.";
        note(html, "good", "No input was quarantined.", &text);
    } else {
        let text = "They were not released. Below is why, and what to do about each. Every file \
                    that was released was read again and searched for the identifiers of its \
                    original; none was found.";
        let title = format!(
            "{} of {} inputs were quarantined.",
            Count(quarantined),
            Count(facts.inputs)
        );
        note(html, "warn", &title, &text);
    }
    dangers(html, page.about);
    html.push_str("<dl class=\"totals\">\n");
    for (name, count) in [
        ("Inputs", facts.inputs),
        ("Released", facts.released),
        ("Quarantined", quarantined),
        ("Skipped", skipped),
        ("Duplicates", facts.duplicates),
        ("Pictures", facts.rendered),
        ("Elements", facts.elements),
    ] {
        put!(
            html,
            "<div><dt>{name}</dt><dd>{}</dd></div>\n",
            Count(count)
        );
    }
    html.push_str("</dl>\n");
    if !facts.skipped.is_empty() {
        html.push_str("<p class=\"soft\">Skipped, since there is nothing to de-identify: ");
        let each: Vec<String> = facts
            .skipped
            .iter()
            .map(|(reason, count)| format!("{} {}", Count(*count), skipped_word(*reason)))
            .collect();
        put!(
            html,
            "{}. They were not copied.</p>\n",
            Esc(each.join(", "))
        );
    }
    html.push_str("</section>\n");
}

/// What weakens privacy in this run, before any number.
fn dangers(html: &mut String, about: &About) {
    for (level, _, sentence) in &about.weakenings {
        if *level == WeakeningLevel::Danger {
            note(
                html,
                "bad",
                "Danger: the policy weakens privacy.",
                &Esc(sentence),
            );
        }
    }
    if about.settings.pixels == "off" {
        let text = "This run was made with <code>--pixels off</code>: no picture was searched for \
                    burned-in text. Names, numbers and dates that are part of the image itself may \
                    still be readable. Look at the pictures before you give them away.";
        note(
            html,
            "bad",
            "Danger: text in the pixels was not looked for.",
            &text,
        );
    }
    if about.settings.pixels == "rules" {
        let text = "This run was made with <code>--pixels rules</code>: rectangles by rule were \
                    blanked, and no picture was searched for other text. Look at the pictures before \
                    you give them away.";
        note(
            html,
            "warn",
            "Text in the pixels was blanked by rule only.",
            &text,
        );
    }
    if about.settings.show_originals {
        let text = "This report and <code>danger-originals/</code> hold pictures of originals \
                    (<code>--danger-show-originals</code>) with the text that was blanked: names, \
                    numbers and dates. Keep both with the originals and never give them away.";
        note(html, "bad", "Danger: originals are shown.", &text);
    }
    if about.settings.export_map {
        let text = "Tables of every original identifier and its pseudonym were written \
                    (<code>--export-map</code>). Whoever holds them can undo this de-identification.";
        note(html, "bad", "Danger: the map was exported.", &text);
    }
}

const fn skipped_word(reason: Reason) -> &'static str {
    match reason {
        Reason::NotDicom => "not DICOM",
        Reason::Dicomdir => "DICOMDIR",
        other => other.code(),
    }
}
