//! The page: sections in the order in which a compliance officer asks.

use std::fmt::{self, Display, Write as _};

use obscura_core::Reason;
use obscura_deid::policy::WeakeningLevel;

use super::About;
use super::collect::{Facts, MAX_PICTURES, Named};
use super::reasons::explain;
use super::thumbs::Thumb;
use crate::run::Ended;

const STYLE: &str = include_str!("style.css");

/// Everything the page says.
pub(super) struct Page<'a> {
    pub(super) about: &'a About,
    pub(super) facts: &'a Facts,
    pub(super) thumbs: &'a [Thumb],
    pub(super) ended: Ended,
    pub(super) date: &'a str,
}

/// Text that is safe between tags and in quoted attributes.
struct Esc<T>(T);

impl<T: Display> Display for Esc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.to_string().chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                _ => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// A number with thin spaces between thousands.
struct Count(u64);

impl Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                f.write_char('\u{202f}')?;
            }
            f.write_char(digit)?;
        }
        Ok(())
    }
}

/// Appends formatted text. Writing to a string cannot fail.
macro_rules! put {
    ($page:expr, $($text:tt)*) => {{ let _ = write!($page, $($text)*); }};
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
    pictures(&mut html, page);
    verify(&mut html);
    put!(
        html,
        "</main>\n<footer>Made by Obscura {} on {}. This file carries no original name and loads \
         nothing from a network.</footer>\n</body>\n</html>\n",
        Esc(&page.about.settings.version),
        Esc(page.date)
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
        ("pictures", "Pictures"),
        ("verify", "How to verify"),
    ] {
        put!(html, "<li><a href=\"#{id}\">{title}</a></li>");
    }
    html.push_str("</ul></nav>\n</header>\n");
}

fn note(html: &mut String, kind: &str, title: &str, text: &dyn Display) {
    put!(
        html,
        "<div class=\"note {kind}\"><strong>{}</strong>{text}</div>\n",
        Esc(title)
    );
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
    for (level, _, sentence) in &page.about.weakenings {
        if *level == WeakeningLevel::Danger {
            note(
                html,
                "bad",
                "Danger: the policy weakens privacy.",
                &Esc(sentence),
            );
        }
    }
    if page.about.settings.pixels == "off" {
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
    if page.about.settings.export_map {
        let text = "Tables of every original identifier and its pseudonym were written \
                    (<code>--export-map</code>). Whoever holds them can undo this de-identification.";
        note(html, "bad", "Danger: the map was exported.", &text);
    }
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

const fn skipped_word(reason: Reason) -> &'static str {
    match reason {
        Reason::NotDicom => "not DICOM",
        Reason::Dicomdir => "DICOMDIR",
        other => other.code(),
    }
}

fn set_aside(html: &mut String, facts: &Facts) {
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

/// The numbers of lines, runs joined: `3, 7–12 and 40 more`.
fn lines(named: &Named) -> String {
    let mut text = String::new();
    let mut at = 0;
    while let Some(first) = named.lines.get(at) {
        let run = named.lines[at..]
            .windows(2)
            .take_while(|pair| pair[1] == pair[0] + 1)
            .count();
        if at > 0 {
            text.push_str(", ");
        }
        put!(text, "{first}");
        if run > 0 {
            put!(text, "–{}", named.lines[at + run]);
        }
        at += run + 1;
    }
    let more = named.count - named.lines.len() as u64;
    if more > 0 {
        put!(text, " and {} more", Count(more));
    }
    text
}

fn policy(html: &mut String, about: &About) {
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
fn options(about: &About) -> String {
    let stated = |option: &String| {
        let undone = about.settings.pixels == "off" && option.contains("Clean Pixel Data");
        if undone {
            format!("{option} (asked for, but not done: --pixels off)")
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

fn done(html: &mut String, facts: &Facts) {
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
    put!(
        html,
        "<p>{} regions of pixels were blanked.</p>\n</section>\n",
        Count(facts.redactions)
    );
}

fn table(
    html: &mut String,
    caption: &str,
    what: &str,
    counts: &std::collections::BTreeMap<String, u64>,
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
fn action_words(action: &str) -> &'static str {
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

fn attention(html: &mut String, facts: &Facts) {
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

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn pictures(html: &mut String, page: &Page<'_>) {
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

fn verify(html: &mut String) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_place_in_the_page() {
        let text = "<script>'\"&</script>";
        assert_eq!(
            Esc(text).to_string(),
            "&lt;script&gt;&#39;&quot;&amp;&lt;/script&gt;"
        );
    }

    #[test]
    fn numbers_and_lines_read_well() {
        assert_eq!(Count(1_234_567).to_string(), "1\u{202f}234\u{202f}567");
        assert_eq!(Count(12).to_string(), "12");
        let named = Named {
            count: 9,
            lines: vec![1, 3, 4, 5, 9],
        };
        assert_eq!(lines(&named), "1, 3–5, 9 and 4 more");
    }
}
