//! [`Condition`]: what an object's header must say for a rule to speak of it.

use obscura_dicom::{Header, Tag};

use super::attribute::{AttributePath, State};

/// A condition, or several of them put together.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    /// Every one holds; an empty list holds.
    All(Vec<Condition>),
    /// At least one holds; an empty list does not.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// One attribute, each of the tests.
    Attribute(AttributePath, Vec<Test>),
}

/// What is asked of one attribute. Of several values one has to pass.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    /// Whether it is there.
    Is(State),
    /// A value is one of these.
    Equals(Vec<Literal>),
    /// A value holds one of these texts; lower case.
    Contains(Vec<String>),
    /// A value is as a whole one of these patterns with `*` and `?`; lower case.
    Glob(Vec<String>),
    /// A value is a number on this side of another.
    Number(Order, f64),
}

/// A text, in lower case, or a number to compare with.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Text(String),
    Number(f64),
}

/// How a number stands to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    AtLeast,
    AtMost,
    Above,
    Below,
}

impl Condition {
    /// Whether it holds for an object with this header. Upper and lower case are the same, as they
    /// are in the public recipes.
    pub(super) fn holds(&self, header: &Header<'_, '_>) -> bool {
        match self {
            Self::All(all) => all.iter().all(|condition| condition.holds(header)),
            Self::Any(any) => any.iter().any(|condition| condition.holds(header)),
            Self::Not(condition) => !condition.holds(header),
            Self::Attribute(path, tests) => tests.iter().all(|test| test.holds(path, header)),
        }
    }
}

impl Test {
    fn holds(&self, path: &AttributePath, header: &Header<'_, '_>) -> bool {
        if let Self::Is(state) = self {
            return path.state(header) == *state;
        }
        path.any(header, &|header, tag| self.holds_of(header, tag))
    }

    fn holds_of(&self, header: &Header<'_, '_>, tag: Tag) -> bool {
        let word = |test: &dyn Fn(&str) -> bool| {
            let words = header.words(tag);
            words.iter().any(|word| test(&word.to_lowercase()))
        };
        match self {
            Self::Is(_) => false,
            Self::Equals(literals) => literals.iter().any(|literal| match literal {
                Literal::Text(text) => word(&|value| value == text),
                Literal::Number(number) => header.numbers(tag).contains(number),
            }),
            Self::Contains(texts) => {
                word(&|value| texts.iter().any(|text| value.contains(text.as_str())))
            }
            Self::Glob(patterns) => {
                word(&|value| patterns.iter().any(|pattern| is_like(value, pattern)))
            }
            Self::Number(order, limit) => header.numbers(tag).iter().any(|number| match order {
                Order::AtLeast => number >= limit,
                Order::AtMost => number <= limit,
                Order::Above => number > limit,
                Order::Below => number < limit,
            }),
        }
    }
}

/// Whether a whole text is like a pattern: `*` stands for any characters, `?` for one. Takes no
/// longer than the product of both lengths.
fn is_like(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) =
        (text.chars().collect(), pattern.chars().collect());
    let (mut at, mut of) = (0, 0);
    // The last `*`, and how much of the text it has taken so far.
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(of) {
            Some('*') => {
                star = Some((of, at));
                of += 1;
            }
            Some(&c) if c == '?' || c == text[at] => {
                at += 1;
                of += 1;
            }
            _ => {
                let Some((place, taken)) = star else {
                    return false;
                };
                star = Some((place, taken + 1));
                at = taken + 1;
                of = place + 1;
            }
        }
    }
    pattern[of..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::is_like;

    #[test]
    fn patterns_are_of_the_whole_text() {
        for (text, pattern) in [
            ("logiq e9", "logiq*e9"),
            ("logiq e9", "*"),
            ("logiq e9", "logiq ??"),
            ("aab", "*ab"),
            ("", "**"),
        ] {
            assert!(is_like(text, pattern), "{text} {pattern}");
        }
        for (text, pattern) in [
            ("logiq e9", "logiq"),
            ("ab", "a?b"),
            ("", "?"),
            ("abc", "*ab"),
        ] {
            assert!(!is_like(text, pattern), "{text} {pattern}");
        }
        // What makes a pattern with many stars slow elsewhere takes no time here.
        let text = "a".repeat(20_000);
        assert!(!is_like(&text, &format!("{}b", "a*".repeat(40))));
    }
}
