//! Reading a file of rules: strict TOML, every key known, every fault with its line.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::attribute::{AttributePath, State};
use super::condition::{Condition, Literal, Order, Test};
use super::place::Place;
use super::{Rule, RuleAction, Rules, RulesError};

/// Groups of conditions within groups.
const MOST_DEPTH: usize = 16;

const RULE_KEYS: [&str; 6] = ["name", "source", "modality", "when", "action", "areas"];
const TESTS: [&str; 8] = [
    "is", "equals", "contains", "glob", "at-least", "at-most", "above", "below",
];

/// The rules of a file.
pub(super) fn parse(text: &str) -> Result<Rules, RulesError> {
    let document = DeTable::parse(text).map_err(|error| RulesError::Syntax {
        line: error
            .span()
            .map_or(1, |span| Reader::new(text).line(span.start)),
        message: error.message().to_owned(),
    })?;
    let reader = Reader::new(text);
    let table = document.get_ref();
    let mut rules = Rules::default();
    for entry in reader.entries(table) {
        match entry.key {
            "rule" => {
                let expected = "tables, each beginning with [[rule]]";
                for value in entry.list(expected)? {
                    let line = reader.line(value.span().start);
                    let table = value.get_ref().as_table();
                    let rule = reader.rule(table.ok_or_else(|| entry.wrong(expected))?, line)?;
                    unrepeated(&rules.rules, &rule)?;
                    rules.rules.push(rule);
                }
            }
            "switch-off" => {
                let names = entry.texts("names of rules in quotes")?;
                rules.switched_off = names.into_iter().map(|name| (name, entry.line)).collect();
            }
            _ => return Err(entry.unknown(&["rule", "switch-off"])),
        }
    }
    Ok(rules)
}

fn unrepeated(rules: &[Rule], rule: &Rule) -> Result<(), RulesError> {
    match rules.iter().find(|known| known.name == rule.name) {
        None => Ok(()),
        Some(first) => Err(RulesError::Repeated {
            line: rule.line,
            name: rule.name.clone(),
            first: first.line,
        }),
    }
}

struct Reader {
    /// Where the lines end.
    ends: Vec<usize>,
}

/// One key and its value, with the line of the key.
struct Entry<'t> {
    key: &'t str,
    value: &'t DeValue<'t>,
    line: u32,
}

impl Reader {
    fn new(text: &str) -> Self {
        Self {
            ends: text.match_indices('\n').map(|(at, _)| at).collect(),
        }
    }

    /// The line of a byte, counted from 1.
    fn line(&self, at: usize) -> u32 {
        self.ends.partition_point(|end| *end < at) as u32 + 1
    }

    fn rule(&self, table: &DeTable<'_>, line: u32) -> Result<Rule, RulesError> {
        let missing = |key, why| RulesError::MissingKey { line, key, why };
        let (mut name, mut action, mut places) = (None, None, Vec::new());
        let (mut when, mut has_when) = (Vec::new(), false);
        for entry in self.entries(table) {
            match entry.key {
                "name" => name = Some(entry.name()?),
                // For people; kept out of the program.
                "source" => drop(entry.text("a text in quotes")?),
                "modality" => {
                    let path = AttributePath::parse("Modality").map(|path| {
                        let words = entry.texts("a modality such as \"US\", or a list of them")?;
                        let words = words.iter().map(|word| Literal::Text(word.to_lowercase()));
                        let test = Test::Equals(words.collect());
                        Ok(Condition::Attribute(path, vec![test]))
                    });
                    when.extend(path.transpose()?);
                }
                "when" => {
                    has_when = true;
                    when.extend(self.conditions(&entry, MOST_DEPTH)?);
                }
                "action" => action = Some(entry.action()?),
                "areas" => places = entry.places()?,
                _ => return Err(entry.unknown(&RULE_KEYS)),
            }
        }
        let name = name.ok_or_else(|| missing("name", "it stands in the report"))?;
        let action =
            action.ok_or_else(|| missing("action", "\"blank\", \"keep\" or \"suspect\""))?;
        if !has_when || when.is_empty() {
            // A rule for every object is a mistake far more often than a wish.
            return Err(missing("when", "a list of conditions; not empty"));
        }
        if places.is_empty() != (action == RuleAction::Suspect) {
            let why = "rules that blank or keep need rectangles, those that suspect have none";
            return Err(missing("areas", why));
        }
        let when = Condition::All(when);
        Ok(Rule {
            name,
            action,
            when,
            places,
            line,
        })
    }

    /// The conditions of `when`, `all` or `any`.
    fn conditions(&self, entry: &Entry<'_>, depth: usize) -> Result<Vec<Condition>, RulesError> {
        let expected = "a list of conditions such as { attribute = \"Rows\", equals = 512 }";
        let mut conditions = Vec::new();
        for value in entry.list(expected)? {
            let line = self.line(value.span().start);
            let table = value.get_ref().as_table();
            let table = table.ok_or_else(|| entry.wrong(expected))?;
            conditions.push(self.condition(table, line, depth)?);
        }
        if conditions.is_empty() {
            return Err(entry.wrong(expected));
        }
        Ok(conditions)
    }

    fn condition(
        &self,
        table: &DeTable<'_>,
        line: u32,
        depth: usize,
    ) -> Result<Condition, RulesError> {
        let mut entries: Vec<Entry<'_>> = self.entries(table).collect();
        if let [entry] = entries.as_slice()
            && matches!(entry.key, "all" | "any" | "not")
        {
            let depth = depth
                .checked_sub(1)
                .ok_or_else(|| entry.wrong("nested less deeply"))?;
            return Ok(match entry.key {
                "all" => Condition::All(self.conditions(entry, depth)?),
                "any" => Condition::Any(self.conditions(entry, depth)?),
                _ => {
                    let inner = entry.value.as_table();
                    let inner = inner.ok_or_else(|| entry.wrong("one condition in braces"))?;
                    Condition::Not(Box::new(self.condition(inner, entry.line, depth)?))
                }
            });
        }
        let at = entries.iter().position(|entry| entry.key == "attribute");
        let Some(at) = at else {
            let why = "a condition is about an attribute, or one of all, any, not alone";
            return Err(RulesError::MissingKey {
                line,
                key: "attribute",
                why,
            });
        };
        let path = entries.swap_remove(at).path()?;
        if entries.is_empty() {
            let why = "is, equals, contains, glob, at-least, at-most, above or below";
            return Err(RulesError::MissingKey {
                line,
                key: "equals",
                why,
            });
        }
        let tests = entries.iter().map(Entry::test);
        Ok(Condition::Attribute(path, tests.collect::<Result<_, _>>()?))
    }

    fn entries<'t>(&self, table: &'t DeTable<'t>) -> impl Iterator<Item = Entry<'t>> {
        table.iter().map(|(key, value)| Entry {
            key: key.get_ref(),
            value: value.get_ref(),
            line: self.line(key.span().start),
        })
    }
}

impl<'t> Entry<'t> {
    fn test(&self) -> Result<Test, RulesError> {
        let lower = |texts: Vec<String>| texts.iter().map(|text| text.to_lowercase()).collect();
        let texts = || self.texts("a text in quotes, or a list of them; not empty");
        let number = |order| Ok(Test::Number(order, self.number()?));
        match self.key {
            "is" => match self.text("\"missing\", \"empty\" or \"present\"")? {
                "missing" => Ok(Test::Is(State::Missing)),
                "empty" => Ok(Test::Is(State::Empty)),
                "present" => Ok(Test::Is(State::Present)),
                _ => Err(self.wrong("\"missing\", \"empty\" or \"present\"")),
            },
            "equals" => Ok(Test::Equals(self.literals()?)),
            "contains" => Ok(Test::Contains(lower(texts()?))),
            "glob" => Ok(Test::Glob(lower(texts()?))),
            "at-least" => number(Order::AtLeast),
            "at-most" => number(Order::AtMost),
            "above" => number(Order::Above),
            "below" => number(Order::Below),
            _ => Err(self.unknown(&TESTS)),
        }
    }

    fn path(&self) -> Result<AttributePath, RulesError> {
        let text = self.text("a keyword or tag in quotes")?;
        AttributePath::parse(text).ok_or_else(|| RulesError::UnknownAttribute {
            line: self.line,
            text: text.to_owned(),
        })
    }

    fn action(&self) -> Result<RuleAction, RulesError> {
        let expected = "\"blank\", \"keep\" or \"suspect\"";
        match self.text(expected)? {
            "blank" => Ok(RuleAction::Blank),
            "keep" => Ok(RuleAction::Keep),
            "suspect" => Ok(RuleAction::Suspect),
            _ => Err(self.wrong(expected)),
        }
    }

    fn name(&self) -> Result<String, RulesError> {
        let expected = "a text of 1 to 100 characters in one line";
        let name = self.text(expected)?.trim();
        let fits = (1..=100).contains(&name.chars().count()) && !name.contains(char::is_control);
        fits.then(|| name.to_owned())
            .ok_or_else(|| self.wrong(expected))
    }

    fn places(&self) -> Result<Vec<Place>, RulesError> {
        let place = |text: &String| Place::parse(text).ok_or_else(|| self.wrong(Place::EXPECTED));
        self.texts(Place::EXPECTED)?.iter().map(place).collect()
    }

    fn literals(&self) -> Result<Vec<Literal>, RulesError> {
        let expected = "a text or number, or a list of them; not empty";
        let literal = |value: &DeValue<'_>| match value.as_str() {
            Some(text) if !text.trim().is_empty() => Ok(Literal::Text(text.trim().to_lowercase())),
            Some(_) => Err(self.wrong(expected)),
            None => number(value)
                .map(Literal::Number)
                .ok_or_else(|| self.wrong(expected)),
        };
        match self.value.as_array() {
            None => Ok(vec![literal(self.value)?]),
            Some(values) if values.is_empty() => Err(self.wrong(expected)),
            Some(values) => values
                .iter()
                .map(|value| literal(value.get_ref()))
                .collect(),
        }
    }

    /// A text, or a list of texts that is not empty; without blanks around them, none of them
    /// empty: an empty text would be in every value.
    fn texts(&self, expected: &'static str) -> Result<Vec<String>, RulesError> {
        let one = |value: &DeValue<'_>| {
            let text = value.as_str().map(str::trim).unwrap_or_default();
            (!text.is_empty())
                .then(|| text.to_owned())
                .ok_or_else(|| self.wrong(expected))
        };
        match self.value.as_array() {
            None => Ok(vec![one(self.value)?]),
            Some(values) if values.is_empty() => Err(self.wrong(expected)),
            Some(values) => values.iter().map(|value| one(value.get_ref())).collect(),
        }
    }

    fn number(&self) -> Result<f64, RulesError> {
        number(self.value).ok_or_else(|| self.wrong("a number"))
    }

    fn text(&self, expected: &'static str) -> Result<&'t str, RulesError> {
        self.value.as_str().ok_or_else(|| self.wrong(expected))
    }

    fn list(&self, expected: &'static str) -> Result<&'t [Spanned<DeValue<'t>>], RulesError> {
        let list = self.value.as_array();
        list.map(|list| &list[..])
            .ok_or_else(|| self.wrong(expected))
    }

    fn wrong(&self, expected: &'static str) -> RulesError {
        RulesError::WrongValue {
            line: self.line,
            key: self.key.to_owned(),
            expected,
        }
    }

    fn unknown(&self, known: &[&str]) -> RulesError {
        RulesError::UnknownKey {
            line: self.line,
            key: self.key.to_owned(),
            known: known.join(", "),
        }
    }
}

/// A finite number of TOML, integer or not.
fn number(value: &DeValue<'_>) -> Option<f64> {
    let number: f64 = match value {
        DeValue::Integer(integer) => {
            i64::from_str_radix(integer.as_str(), integer.radix()).ok()? as f64
        }
        DeValue::Float(float) => float.as_str().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}
