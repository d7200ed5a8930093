//! A filter of OData: comparisons of one property each, `in` and `startswith`, joined by `and`, `or`, `not` and
//! brackets. Whatever else the language has is refused.

use std::fmt::Display;

use ofrecord_core::Timestamp;
use ofrecord_interop::write::Shape;

use crate::problem::Problem;

/// How deep terms may stand in each other.
const DEPTH_MAX: usize = 16;

/// What has to hold; everything holds where nothing is asked for.
#[derive(Debug, Default)]
pub(super) struct Filter(Option<Term>);

#[derive(Debug)]
enum Term {
    All(Vec<Term>),
    Any(Vec<Term>),
    Not(Box<Term>),
    Compared(Comparison),
    Begins { path: &'static str, with: String },
}

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
    pub(super) fn read(text: &str, compared: &'static [&'static str]) -> Result<Self, Problem> {
        let words = words(text)?;
        let mut reading = Reading { rest: &words, compared };
        let term = reading.any(0)?;
        match reading.rest.first() {
            None => Ok(Self(Some(term))),
            Some(word) => Err(refused(&format_args!("`{word}` stands behind the end"))),
        }
    }

    /// Whether a resource is as the filter has it.
    pub(super) fn holds(&self, shape: &Shape) -> bool {
        self.0.as_ref().is_none_or(|term| term.holds(shape))
    }
}

impl Term {
    fn holds(&self, shape: &Shape) -> bool {
        match self {
            Self::All(terms) => terms.iter().all(|term| term.holds(shape)),
            Self::Any(terms) => terms.iter().any(|term| term.holds(shape)),
            Self::Not(term) => !term.holds(shape),
            Self::Compared(comparison) => comparison.holds(shape.at(comparison.path)),
            Self::Begins { path, with } => text_of(shape.at(path))
                .is_some_and(|text| text.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with))),
        }
    }
}

fn text_of(value: Option<&Shape>) -> Option<&str> {
    match value {
        Some(Shape::Text(text)) => Some(text.as_str()),
        Some(Shape::Null | Shape::Flag(_) | Shape::Number(_) | Shape::List(_) | Shape::Object(_)) | None => None,
    }
}

impl Comparison {
    fn holds(&self, value: Option<&Shape>) -> bool {
        let text = text_of(value);
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

/// A filter that is read from its words on: `or` binds less than `and`, and that less than `not`.
struct Reading<'a> {
    rest: &'a [String],
    compared: &'static [&'static str],
}

impl<'a> Reading<'a> {
    fn any(&mut self, depth: usize) -> Result<Term, Problem> {
        let mut terms = vec![self.all(depth)?];
        while self.takes("or") {
            terms.push(self.all(depth)?);
        }
        Ok(Term::Any(terms))
    }

    fn all(&mut self, depth: usize) -> Result<Term, Problem> {
        let mut terms = vec![self.one(depth)?];
        while self.takes("and") {
            terms.push(self.one(depth)?);
        }
        Ok(Term::All(terms))
    }

    fn one(&mut self, depth: usize) -> Result<Term, Problem> {
        if depth > DEPTH_MAX {
            return Err(refused(&format_args!("terms stand in each other more than {DEPTH_MAX} times")));
        }
        if self.takes("not") {
            return Ok(Term::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.takes("(") {
            let term = self.any(depth + 1)?;
            self.needs(")")?;
            return Ok(term);
        }
        if self.takes("startswith") {
            self.needs("(")?;
            let path = self.property()?;
            self.needs(",")?;
            let Literal::Text(with) = Literal::read(self.next()?) else {
                return Err(refused(&"`startswith` takes a text in quotes"));
            };
            self.needs(")")?;
            return Ok(Term::Begins { path, with });
        }
        let path = self.property()?;
        if self.takes("in") { self.one_of(path) } else { self.comparison(path) }
    }

    fn comparison(&mut self, path: &'static str) -> Result<Term, Problem> {
        let word = self.next()?;
        let operator = OPERATORS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
        let (_, operator) = operator.ok_or_else(|| refused(&format_args!("`{word}` is no comparison")))?;
        let literal = Literal::read(self.next()?);
        let has_order = matches!(literal, Literal::At(_));
        if !has_order && !matches!(operator, Operator::Equal | Operator::NotEqual) {
            return Err(refused(&"only instants, such as 2024-06-01T00:00:00Z, are compared by their order"));
        }
        Ok(Term::Compared(Comparison { path, operator: *operator, literal }))
    }

    fn one_of(&mut self, path: &'static str) -> Result<Term, Problem> {
        self.needs("(")?;
        let mut terms = Vec::new();
        loop {
            let literal = Literal::read(self.next()?);
            terms.push(Term::Compared(Comparison { path, operator: Operator::Equal, literal }));
            if self.takes(")") {
                return Ok(Term::Any(terms));
            }
            self.needs(",")?;
        }
    }

    fn property(&mut self) -> Result<&'static str, Problem> {
        let word = self.next()?;
        let path = self.compared.iter().find(|path| **path == word);
        path.copied().ok_or_else(|| refused(&format_args!("`{word}` is none of {}", self.compared.join(", "))))
    }

    fn next(&mut self) -> Result<&'a str, Problem> {
        let end = || refused(&"it ends too early; write comparisons such as `status eq 'active'`");
        let (word, rest) = self.rest.split_first().ok_or_else(end)?;
        self.rest = rest;
        Ok(word)
    }

    fn takes(&mut self, wanted: &str) -> bool {
        let Some((_, rest)) = self.rest.split_first().filter(|(word, _)| word.eq_ignore_ascii_case(wanted)) else {
            return false;
        };
        self.rest = rest;
        true
    }

    fn needs(&mut self, wanted: &str) -> Result<(), Problem> {
        if self.takes(wanted) { Ok(()) } else { Err(refused(&format_args!("`{wanted}` is missing"))) }
    }
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

/// The words between the blanks; a text in quotes is one word, whatever stands in it, and so is a bracket or a comma.
fn words(text: &str) -> Result<Vec<String>, Problem> {
    let (mut words, mut word, mut is_quoted) = (Vec::new(), String::new(), false);
    for letter in text.chars() {
        is_quoted ^= letter == '\'';
        match letter {
            ' ' if !is_quoted => words.push(std::mem::take(&mut word)),
            '(' | ')' | ',' if !is_quoted => words.extend([std::mem::take(&mut word), letter.to_string()]),
            _ => word.push(letter),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    if is_quoted { Err(refused(&"a text does not end")) } else { Ok(words) }
}

fn refused(why: &dyn Display) -> Problem {
    Problem::malformed("$filter", why)
}
