//! The order that OData asks for: properties one after the other, each upwards or downwards.

use std::cmp::Ordering;

use ofrecord_core::Timestamp;
use ofrecord_interop::write::Shape;

use crate::problem::Problem;

/// By what resources are put in order; by nothing where nothing is asked for.
#[derive(Debug, Default)]
pub(super) struct Order(Vec<(&'static str, Direction)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

impl Order {
    /// Reads an order over these properties.
    pub(super) fn read(text: &str, compared: &[&'static str]) -> Result<Self, Problem> {
        let read: Result<Vec<_>, Problem> = text.split(',').map(|term| by(term, compared)).collect();
        read.map(Self)
    }

    /// Whether none is asked for.
    pub(super) fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// Which of two resources comes first.
    pub(super) fn of(&self, one: &Shape, other: &Shape) -> Ordering {
        let compared = self.0.iter().map(|(path, direction)| {
            let order = value(one, path).cmp(&value(other, path));
            match direction {
                Direction::Up => order,
                Direction::Down => order.reverse(),
            }
        });
        compared.fold(Ordering::Equal, Ordering::then)
    }
}

fn by(term: &str, compared: &[&'static str]) -> Result<(&'static str, Direction), Problem> {
    let words: Vec<&str> = term.split_whitespace().collect();
    let (property, direction) = match words.as_slice() {
        [property] => (property, Direction::Up),
        [property, word] if word.eq_ignore_ascii_case("asc") => (property, Direction::Up),
        [property, word] if word.eq_ignore_ascii_case("desc") => (property, Direction::Down),
        _ => return Err(Problem::malformed("$orderby", &format_args!("`{term}` is no property with its direction"))),
    };
    match compared.iter().find(|path| *path == property) {
        Some(path) => Ok((path, direction)),
        None => Err(Problem::malformed("$orderby", &format_args!("`{property}` is none of {}", compared.join(", ")))),
    }
}

/// An instant by when it is, any other text without regard to case; what is absent comes first.
fn value(shape: &Shape, path: &str) -> Option<(Option<Timestamp>, String)> {
    match shape.at(path) {
        Some(Shape::Text(text)) => Some((text.parse().ok(), text.to_lowercase())),
        Some(Shape::Null | Shape::Flag(_) | Shape::Number(_) | Shape::List(_) | Shape::Object(_)) | None => None,
    }
}
