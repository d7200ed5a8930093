//! A filter of OData: comparisons of one property each, joined by `and`. Whatever else the language has is refused.

use std::fmt::Display;

use ofrecord_core::Timestamp;
use ofrecord_interop::write::Shape;

use crate::problem::Problem;

/// What has to hold, all of it.
#[derive(Debug, Default)]
pub(super) struct Filter(Vec<Comparison>);

#[derive(Debug)]
struct Comparison {
    path: &'static str,
    operator: Operator,
    literal: Literal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Before,
    NotAfter,
    After,
    NotBefore,
}

/// The words of the operators.
const OPERATORS: [(&str, Operator); 6] = [
    ("eq", Operator::Equal),
    ("ne", Operator::NotEqual),
    ("lt", Operator::Before),
    ("le", Operator::NotAfter),
    ("gt", Operator::After),
    ("ge", Operator::NotBefore),
];

#[derive(Debug)]
enum Literal {
    Null,
    /// In quotes, or a GUID.
    Text(String),
    At(Timestamp),
}

impl Filter {
    /// Reads a filter over these properties.
    pub(super) fn read(text: &str, compared: &[&'static str]) -> Result<Self, Problem> {
        let words = words(text)?;
        let read: Result<Vec<Comparison>, Problem> =
            words.split(|word| word.eq_ignore_ascii_case("and")).map(|term| comparison(term, compared)).collect();
        read.map(Self)
    }

    /// Whether a resource is as the filter has it.
    pub(super) fn holds(&self, shape: &Shape) -> bool {
        self.0.iter().all(|comparison| comparison.holds(shape.at(comparison.path)))
    }
}

impl Comparison {
    fn holds(&self, value: Option<&Shape>) -> bool {
        let text = match value {
            Some(Shape::Text(text)) => Some(text.as_str()),
            Some(Shape::Null | Shape::Flag(_) | Shape::Number(_) | Shape::List(_) | Shape::Object(_)) | None => None,
        };
        let is_asked_equal = self.operator == Operator::Equal;
        match &self.literal {
            Literal::Null => text.is_none() == is_asked_equal,
            Literal::Text(wanted) => text.is_some_and(|text| text.eq_ignore_ascii_case(wanted)) == is_asked_equal,
            Literal::At(wanted) => match text.and_then(|text| text.parse::<Timestamp>().ok()) {
                Some(at) => self.operator.holds(at, *wanted),
                None => self.operator == Operator::NotEqual,
            },
        }
    }
}

impl Operator {
    fn holds(self, at: Timestamp, wanted: Timestamp) -> bool {
        match self {
            Self::Equal => at == wanted,
            Self::NotEqual => at != wanted,
            Self::Before => at < wanted,
            Self::NotAfter => at <= wanted,
            Self::After => at > wanted,
            Self::NotBefore => at >= wanted,
        }
    }
}

fn comparison(term: &[String], compared: &[&'static str]) -> Result<Comparison, Problem> {
    let [property, operator, literal] = term else {
        return Err(refused(&"write comparisons such as `status eq 'active'`, joined by `and`"));
    };
    let path = compared.iter().find(|path| *path == property);
    let path = path.ok_or_else(|| refused(&format_args!("`{property}` is none of {}", compared.join(", "))))?;
    let operator = OPERATORS.iter().find(|(word, _)| word.eq_ignore_ascii_case(operator));
    let (_, operator) = operator.ok_or_else(|| refused(&format_args!("`{}` is no comparison", term.join(" "))))?;
    let literal = Literal::read(literal);
    let has_order = matches!(literal, Literal::At(_));
    if !has_order && !matches!(operator, Operator::Equal | Operator::NotEqual) {
        return Err(refused(&"only instants, such as 2024-06-01T00:00:00Z, are compared by their order"));
    }
    Ok(Comparison { path, operator: *operator, literal })
}

impl Literal {
    fn read(word: &str) -> Self {
        if let Some(quoted) = word.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
            return Self::Text(quoted.replace("''", "'"));
        }
        match word.parse() {
            _ if word == "null" => Self::Null,
            Ok(at) => Self::At(at),
            Err(_) => Self::Text(word.to_owned()),
        }
    }
}

/// The words between the blanks; a text in quotes is one word, whatever stands in it.
fn words(text: &str) -> Result<Vec<String>, Problem> {
    let (mut words, mut word, mut is_quoted) = (Vec::new(), String::new(), false);
    for letter in text.chars() {
        is_quoted ^= letter == '\'';
        if letter == ' ' && !is_quoted {
            words.push(std::mem::take(&mut word));
        } else {
            word.push(letter);
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    if is_quoted { Err(refused(&"a text does not end")) } else { Ok(words) }
}

fn refused(why: &dyn Display) -> Problem {
    Problem::malformed("$filter", why)
}
