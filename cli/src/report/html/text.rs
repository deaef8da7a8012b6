//! Text for the page: what is safe between tags, and how numbers read.

use std::fmt::{self, Display, Write as _};

use crate::report::collect::Named;

/// Text that is safe between tags and in quoted attributes.
pub(super) struct Esc<T>(pub(super) T);

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
pub(super) struct Count(pub(super) u64);

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
pub(super) use put;

pub(super) fn note(html: &mut String, kind: &str, title: &str, text: &dyn Display) {
    put!(
        html,
        "<div class=\"note {kind}\"><strong>{}</strong>{text}</div>\n",
        Esc(title)
    );
}

/// The numbers of lines, runs joined: `3, 7–12 and 40 more`.
pub(super) fn lines(named: &Named) -> String {
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

pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
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
