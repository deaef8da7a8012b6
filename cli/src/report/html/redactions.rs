//! The section about text in the pixels: what was looked for, what was blanked, what was kept, and
//! the touched images with boxes over them.

use std::fmt::Write as _;

use super::Page;
use super::text::{Count, Esc, note, put};
use crate::report::redactions::{Cause, MAX_KEPT, MAX_SHOWN, Mark, Touched};
use crate::report::thumbs::Thumb;

pub(super) fn redactions(html: &mut String, page: &Page<'_>) {
    html.push_str(
        "<section aria-labelledby=\"pixels\">\n<h2 id=\"pixels\">Text in the pixels</h2>\n",
    );
    mode(html, &page.about.settings.pixels);
    if page.about.settings.pixels != "off" {
        counts(html, page);
        kept(html, page);
        touched(html, page);
    }
    html.push_str("</section>\n");
}

fn mode(html: &mut String, pixels: &str) {
    let (kind, title, text) = match pixels {
        "off" => (
            "bad",
            "Danger: text in the pixels was not looked for.",
            "<code>--pixels off</code>: nothing was blanked, and nobody looked.",
        ),
        "rules" => (
            "warn",
            "Only rules ran: other text was not looked for.",
            "<code>--pixels rules</code>: what lies outside of ultrasound regions and the rectangles \
             known of devices were blanked. Names, numbers and dates elsewhere in a picture may still \
             be readable.",
        ),
        "strict" => (
            "good",
            "Every frame was searched as a whole, at several sizes.",
            "<code>--pixels strict</code>: text and everything outside of ultrasound regions was \
             blanked, and the blanked frames were searched again. What still showed text was \
             quarantined.",
        ),
        _ => (
            "good",
            "Every frame was searched.",
            "<code>--pixels text</code>: what was found was blanked, and the blanked frames were \
             searched again. What still showed text was quarantined. A search is no proof that \
             nothing was missed: look at the pictures before you publish them.",
        ),
    };
    note(html, kind, title, &text);
}

fn counts(html: &mut String, page: &Page<'_>) {
    let redacted = &page.facts.redacted;
    put!(
        html,
        "<p>{} of {} released objects had something blanked. A box counts once for each frame.</p>\n\
         <div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">Cause</th>\
         <th scope=\"col\" class=\"n\">Blanked</th><th scope=\"col\" class=\"n\">Kept</th></tr></thead>\n<tbody>\n",
        Count(redacted.touched),
        Count(page.facts.released - page.facts.duplicates)
    );
    let count = |counts: &std::collections::BTreeMap<Cause, u64>, cause| {
        Count(counts.get(&cause).copied().unwrap_or(0))
    };
    for cause in Cause::ALL {
        put!(
            html,
            "<tr><th scope=\"row\"><span class=\"key {code}\" aria-hidden=\"true\"></span>{code}\
             <span class=\"soft\" style=\"font-weight:400\">: {}</span></th>\
             <td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
            cause.words(),
            count(&redacted.blanked, cause),
            count(&redacted.kept, cause),
            code = cause.code(),
        );
    }
    html.push_str("</tbody>\n</table></div>\n");
}

fn kept(html: &mut String, page: &Page<'_>) {
    let redacted = &page.facts.redacted;
    html.push_str("<h3>What was kept</h3>\n");
    if redacted.places_in_all == 0 {
        html.push_str("<p>No text was found that was then kept.</p>\n");
        return;
    }
    put!(
        html,
        "<p>Text that was read with confidence and is on the allow-list (side markers, scales, \
         settings of the scanner), or stands where a rule or a person keeps it. What it says is not \
         repeated here.</p>\n<details><summary>{} place{}</summary>\n<div class=\"wide\"><table>\n\
         <thead><tr><th scope=\"col\" class=\"n\">Manifest line</th><th scope=\"col\">Cause</th>\
         <th scope=\"col\">First frame</th><th scope=\"col\" class=\"n\">Frames</th>\
         <th scope=\"col\">x, y</th><th scope=\"col\">Width × height</th></tr></thead>\n<tbody>\n",
        Count(redacted.places_in_all),
        if redacted.places_in_all == 1 { "" } else { "s" }
    );
    for place in &redacted.places {
        let mark = &place.mark;
        put!(
            html,
            "<tr><td class=\"n\">{}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td><td>{}, {}</td>\
             <td>{} × {}</td></tr>\n",
            place.line,
            mark.cause.code(),
            mark.frame,
            Count(place.frames),
            mark.x,
            mark.y,
            mark.w,
            mark.h
        );
    }
    html.push_str("</tbody>\n</table></div>\n");
    let more = redacted.places_in_all - redacted.places.len() as u64;
    if more > 0 {
        put!(
            html,
            "<p class=\"soft\">The first {MAX_KEPT}; {} more are in the manifest.</p>\n",
            Count(more)
        );
    }
    html.push_str("</details>\n");
}

fn touched(html: &mut String, page: &Page<'_>) {
    let redacted = &page.facts.redacted;
    if redacted.touched == 0 {
        return;
    }
    let originals = page.about.settings.show_originals;
    put!(
        html,
        "<h3>Touched images</h3>\n<p>The first changed frame of each, {MAX_SHOWN} at most, as it was \
         released{}. The boxes show where something was blanked, and why; a dashed box was looked at \
         and kept.</p>\n",
        if originals {
            ", and beside it as it was"
        } else {
            ""
        }
    );
    html.push_str("<ul class=\"legend\" aria-label=\"Colours of the boxes\">");
    for cause in Cause::ALL {
        put!(
            html,
            "<li><span class=\"key {code}\" aria-hidden=\"true\"></span>{code}</li>",
            code = cause.code()
        );
    }
    html.push_str("<li><span class=\"key kept\" aria-hidden=\"true\"></span>kept</li></ul>\n");
    if redacted.shown.iter().any(|one| one.after.is_none()) {
        put!(
            html,
            "<p class=\"soft\">Where the changed frame was not rendered (<code>--jpeg {}</code>) there \
             is no picture of it: its boxes are listed.</p>\n",
            Esc(&page.about.settings.jpeg)
        );
    }
    html.push_str(if originals {
        "<ul class=\"touched pairs\">\n"
    } else {
        "<ul class=\"touched\">\n"
    });
    for one in &redacted.shown {
        item(html, page, one);
    }
    html.push_str("</ul>\n");
}

fn item(html: &mut String, page: &Page<'_>, one: &Touched) {
    let thumb = |path: &Option<String>| {
        path.as_ref()
            .and_then(|path| page.touched_thumbs.iter().find(|thumb| thumb.path == *path))
    };
    html.push_str("<li>");
    put!(
        html,
        "<p><strong>Manifest line {}</strong>, frame {}{}</p>\n",
        one.line,
        one.frame,
        match one.frames {
            1 => String::new(),
            frames => format!(" (the first of {} changed)", Count(frames as u64)),
        }
    );
    let after = thumb(&one.after);
    if let Some(after) = after {
        html.push_str("<div class=\"pair\">\n");
        if let Some(before) = thumb(&one.before) {
            picture(html, before, one, "Before");
        }
        picture(html, after, one, "After");
        html.push_str("</div>\n");
    } else if let Some(before) = thumb(&one.before) {
        html.push_str("<div class=\"pair\">\n");
        picture(html, before, one, "Before");
        html.push_str("</div>\n");
    }
    let open = if after.is_none() { " open" } else { "" };
    put!(
        html,
        "<details{open}><summary>{}</summary>\n<ul>\n",
        Esc(in_words(&one.marks))
    );
    for mark in &one.marks {
        put!(
            html,
            "<li>{}{}: x {}, y {}, {} × {}</li>\n",
            mark.cause.code(),
            if mark.kept { ", kept" } else { "" },
            mark.x,
            mark.y,
            mark.w,
            mark.h
        );
    }
    if one.more > 0 {
        put!(html, "<li>{} more</li>\n", Count(one.more as u64));
    }
    html.push_str("</ul></details></li>\n");
}

/// A picture with the boxes drawn over it, in the coordinates of the frame.
fn picture(html: &mut String, thumb: &Thumb, one: &Touched, word: &str) {
    let (width, height) = thumb.full;
    put!(
        html,
        "<figure><svg viewBox=\"0 0 {width} {height}\" width=\"{}\" height=\"{}\" role=\"img\" \
         aria-label=\"{word}: frame {} with boxes; {}\">\
         <image href=\"{}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\"/>",
        thumb.width,
        thumb.height,
        one.frame,
        Esc(in_words(&one.marks)),
        thumb.data
    );
    for mark in &one.marks {
        put!(
            html,
            "<rect class=\"{}{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            mark.cause.code(),
            if mark.kept { " kept" } else { "" },
            mark.x,
            mark.y,
            mark.w,
            mark.h
        );
    }
    put!(html, "</svg><figcaption>{word}");
    if word == "After" {
        put!(html, ": <a href=\"{}\">whole picture</a>", Esc(&thumb.path));
    }
    html.push_str("</figcaption></figure>\n");
}

/// `blanked: 1 identifier, 2 text; kept: 1`.
fn in_words(marks: &[Mark]) -> String {
    let parts: Vec<String> = Cause::ALL
        .iter()
        .filter_map(|cause| {
            let of = |m: &&Mark| m.cause == *cause && !m.kept;
            let count = marks.iter().filter(of).count();
            (count > 0).then(|| format!("{count} {}", cause.code()))
        })
        .collect();
    let kept = marks.iter().filter(|mark| mark.kept).count();
    let blanked = format!("blanked: {}", parts.join(", "));
    if kept > 0 {
        format!("{blanked}; kept: {kept}")
    } else {
        blanked
    }
}
