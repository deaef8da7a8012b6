//! The sections after the totals: quarantine, policy, what was done, warnings, pictures, proof.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use obscura_deid::policy::WeakeningLevel;
use obscura_pipeline::explain;

use super::Page;
use super::text::{Count, Esc, lines, put, sentence};
use crate::report::About;
use crate::report::collect::{Facts, MAX_PICTURES, Named};

pub(super) fn set_aside(html: &mut String, facts: &Facts) {
    html.push_str(
        "<section aria-labelledby=\"quarantine\">\n<h2 id=\"quarantine\">Quarantine</h2>\n",
    );
    if facts.quarantined.is_empty() {
        html.push_str("<p>Nothing was quarantined.</p>\n</section>\n");
        return;
    }
    html.push_str(
        "<p>A quarantined input was not copied: the original stays where it is, and nothing of it \
         is in the output. Its name stands in <code>manifest.jsonl</code>, in the line given \
         here.</p>\n<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">Reason</th>\
         <th scope=\"col\" class=\"n\">Inputs</th><th scope=\"col\">What it means</th>\
         <th scope=\"col\">What to do</th><th scope=\"col\">Manifest lines</th></tr></thead>\n<tbody>\n",
    );
    for (reason, named) in &facts.quarantined {
        let explained = explain(*reason);
        put!(
            html,
            "<tr><th scope=\"row\"><code>{reason}</code></th><td class=\"n\">{}</td><td>{}</td>\
             <td>{}</td><td>{}</td></tr>\n",
            Count(named.count),
            Esc(explained.meaning),
            Esc(explained.advice),
            lines(named)
        );
    }
    html.push_str("</tbody>\n</table></div>\n</section>\n");
}

pub(super) fn policy(html: &mut String, about: &About) {
    html.push_str("<section aria-labelledby=\"policy\">\n<h2 id=\"policy\">Policy</h2>\n");
    if !about.description.is_empty() {
        put!(html, "<p>{}</p>\n", Esc(&about.description));
    }
    let settings = &about.settings;
    let options = options(about);
    html.push_str("<div class=\"wide\"><table class=\"facts\">\n<tbody>\n");
    for (name, value) in [
        ("Policy", about.policy.as_str()),
        ("Digest", about.digest.as_str()),
        ("Options of PS3.15 Annex E", options.as_str()),
        ("Pseudonyms", about.key),
        ("Fingerprint of the key", settings.key.as_str()),
        ("Frames rendered as JPEG", settings.jpeg.as_str()),
        ("Text in the pixels", settings.pixels.as_str()),
        ("Version", settings.version.as_str()),
    ] {
        put!(
            html,
            "<tr><th scope=\"row\">{name}</th><td>{}</td></tr>\n",
            Esc(value)
        );
    }
    html.push_str(
        "</tbody>\n</table></div>\n<h3>What this policy keeps beyond the Basic Profile</h3>\n",
    );
    if about.weakenings.is_empty() {
        html.push_str("<p>Nothing.</p>\n</section>\n");
        return;
    }
    html.push_str(
        "<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">Level</th>\
         <th scope=\"col\">Rule</th><th scope=\"col\">What it means</th></tr></thead>\n<tbody>\n",
    );
    for (level, key, sentence) in &about.weakenings {
        let word = match level {
            WeakeningLevel::Danger => "Danger",
            WeakeningLevel::Note => "Note",
        };
        put!(
            html,
            "<tr><td>{word}</td><th scope=\"row\"><code>{}</code></th><td>{}</td></tr>\n",
            Esc(key),
            Esc(sentence)
        );
    }
    html.push_str("</tbody>\n</table></div>\n</section>\n");
}

/// The options the policy asks for; cleaning of pixels only counts when it was done.
pub(super) fn options(about: &About) -> String {
    let stated = |option: &String| {
        let pixels = about.settings.pixels.as_str();
        let undone = matches!(pixels, "off" | "rules") && option.contains("Clean Pixel Data");
        if undone {
            format!("{option} (asked for, but not stated: --pixels {pixels})")
        } else {
            option.clone()
        }
    };
    let options: Vec<String> = about.options.iter().map(stated).collect();
    if options.is_empty() {
        "none".to_owned()
    } else {
        options.join("; ")
    }
}

pub(super) fn done(html: &mut String, facts: &Facts) {
    html.push_str("<section aria-labelledby=\"done\">\n<h2 id=\"done\">What was done</h2>\n");
    put!(
        html,
        "<p>{} data elements in {} released objects, those inside sequences included; the elements \
         of a sequence that was removed are not counted one by one.</p>\n",
        Count(facts.elements),
        Count(facts.released - facts.duplicates)
    );
    table(html, "By action", "Action", &facts.actions, action_words);
    table(
        html,
        "By rule: elements that did not simply stay",
        "Rule",
        &facts.rules,
        |_| "",
    );
    let blanked: u64 = facts.redacted.blanked.values().sum();
    put!(
        html,
        "<p>{} regions of pixels were blanked: <a href=\"#pixels\">text in the pixels</a>.</p>\n\
         </section>\n",
        Count(blanked)
    );
}

pub(super) fn table(
    html: &mut String,
    caption: &str,
    what: &str,
    counts: &BTreeMap<String, u64>,
    words: fn(&str) -> &'static str,
) {
    let mut sorted: Vec<(&String, u64)> =
        counts.iter().map(|(name, count)| (name, *count)).collect();
    sorted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let most = sorted.first().map_or(1, |(_, count)| *count).max(1);
    put!(
        html,
        "<h3>{caption}</h3>\n<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">{what}</th>\
         <th scope=\"col\" class=\"n\">Elements</th><td class=\"bar\"></td></tr></thead>\n<tbody>\n"
    );
    for (name, count) in sorted {
        let explained = words(name);
        let between = if explained.is_empty() { "" } else { ": " };
        put!(
            html,
            "<tr><th scope=\"row\">{}<span class=\"soft\" style=\"font-weight:400\">{between}{explained}</span></th>\
             <td class=\"n\">{}</td><td class=\"bar\" aria-hidden=\"true\"><span style=\"width:{:.1}%\"></span></td></tr>\n",
            Esc(name),
            Count(count),
            count as f64 * 100.0 / most as f64
        );
    }
    html.push_str("</tbody>\n</table></div>\n");
}

/// What the engine's words for actions mean.
pub(super) fn action_words(action: &str) -> &'static str {
    match action {
        "keep" => "stayed as it is",
        "keep-scrubbed" => "stayed, but for identifiers that the object states elsewhere",
        "clean" => "identifying words taken out",
        "descend" => "sequence kept, its elements treated one by one",
        "remove" => "removed",
        "empty" => "emptied",
        "dummy" => "replaced by a dummy value",
        "remap-uid" => "UID replaced by its pseudonym, consistently",
        "shift-date" | "shift-seconds" => "moved by the patient's number of days",
        "limit-age" => "ages of 90 years and more set to 90",
        "pseudonym" => "replaced by the patient's pseudonym",
        "dummy-document" => "document replaced by a page that says so",
        "scrub-frames" => "pixel data kept, text segments beside the samples taken out",
        _ => "",
    }
}

pub(super) fn attention(html: &mut String, facts: &Facts) {
    html.push_str("<section aria-labelledby=\"attention\">\n<h2 id=\"attention\">Warnings</h2>\n");
    let conflict = "The object has the SOP Instance UID of another one but a different content. \
                    Both were released, the later one under a name with a suffix.";
    let conflicts = (facts.conflicts.count > 0).then_some((conflict, &facts.conflicts));
    let all: Vec<(&str, &Named)> = conflicts
        .into_iter()
        .chain(
            facts
                .warnings
                .iter()
                .map(|(text, named)| (text.as_str(), named)),
        )
        .collect();
    if all.is_empty() {
        html.push_str("<p>None.</p>\n</section>\n");
        return;
    }
    html.push_str(
        "<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">Warning</th>\
         <th scope=\"col\" class=\"n\">Objects</th><th scope=\"col\">Manifest lines</th></tr></thead>\n<tbody>\n",
    );
    for (text, named) in all {
        put!(
            html,
            "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td>{}</td></tr>\n",
            Esc(sentence(text)),
            Count(named.count),
            lines(named)
        );
    }
    html.push_str("</tbody>\n</table></div>\n</section>\n");
}

pub(super) fn pictures(html: &mut String, page: &Page<'_>) {
    let facts = page.facts;
    html.push_str("<section aria-labelledby=\"pictures\">\n<h2 id=\"pictures\">Pictures</h2>\n");
    if facts.rendered == 0 {
        html.push_str("<p>No picture was rendered.</p>\n</section>\n");
        return;
    }
    put!(
        html,
        "<p>The first picture of each object, {} at most; each leads to the file beside this \
         report. In all {} pictures were rendered.</p>\n<ul class=\"pictures\">\n",
        MAX_PICTURES,
        Count(facts.rendered)
    );
    for (number, thumb) in (1..).zip(page.thumbs) {
        let name = thumb.path.rsplit('/').next().unwrap_or(&thumb.path);
        put!(
            html,
            "<li><a href=\"{}\"><img src=\"{}\" width=\"{}\" height=\"{}\" loading=\"lazy\" \
             alt=\"Rendered image {number}\"></a><p title=\"{}\">{}</p></li>\n",
            Esc(&thumb.path),
            thumb.data,
            thumb.width,
            thumb.height,
            Esc(name),
            Esc(name)
        );
    }
    html.push_str("</ul>\n");
    put!(
        html,
        "<details><summary>All pictures, by series ({} directories)</summary>\n<ul>\n",
        facts.directories.len()
    );
    for (directory, count) in &facts.directories {
        put!(
            html,
            "<li><a href=\"{}/\"><code>{}</code></a>: {}</li>\n",
            Esc(directory),
            Esc(directory),
            Count(*count)
        );
    }
    html.push_str("</ul></details>\n</section>\n");
}

pub(super) fn verify(html: &mut String) {
    html.push_str(
        "<section aria-labelledby=\"verify\">\n<h2 id=\"verify\">How to verify</h2>\n\
         <p>Whoever holds the originals can repeat the search for their identifiers at any time, in \
         these files or in those of another tool:</p>\n\
         <pre><code>obscura verify dicom --against ORIGINALS</code></pre>\n\
         <p>The plan for any single original, element by element and without values:</p>\n\
         <pre><code>obscura inspect FILE</code></pre>\n\
         <p><code>manifest.jsonl</code> has a line for each input, with the SHA-256 of what was read \
         and of what was released. It names the originals: keep it with them, and do not give it \
         away with the released files.</p>\n</section>\n",
    );
}
