//! A filter of Partner Center: one comparison, written as an object with a field, an operator and a value.

use ofrecord_interop::write::Shape;
use serde::Deserialize;

use crate::asked::Asked;
use crate::problem::Problem;

/// What has to hold, where something has to.
pub(super) struct Filter(Option<Comparison>);

struct Comparison {
    path: &'static str,
    operator: Operator,
    /// In lower case.
    value: String,
}

/// A field that can be compared, and the property that it means.
pub(super) struct Compared {
    field: &'static str,
    path: &'static str,
    operators: &'static [(&'static str, Operator)],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equals,
    StartsWith,
    Substring,
}

/// The object as it is sent, in capitals or without.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    #[serde(rename = "Field", alias = "field")]
    field: String,
    #[serde(rename = "Value", alias = "value")]
    value: String,
    #[serde(rename = "Operator", alias = "operator")]
    operator: String,
}

impl Compared {
    /// A text that is compared by how it begins or by what is in it.
    pub(super) const fn text(field: &'static str, path: &'static str) -> Self {
        Self { field, path, operators: &[("starts_with", Operator::StartsWith), ("substring", Operator::Substring)] }
    }

    /// A word or an id.
    pub(super) const fn word(field: &'static str, path: &'static str) -> Self {
        Self { field, path, operators: &[("equals", Operator::Equals)] }
    }
}

impl Filter {
    /// Reads the parameter `filter`.
    pub(super) fn of(asked: &Asked, fields: &[Compared]) -> Result<Self, Problem> {
        let Some(text) = asked.text("filter") else { return Ok(Self(None)) };
        let sent: Sent = serde_json::from_str(text).map_err(|error| Problem::malformed("filter", &error))?;
        let field = fields.iter().find(|known| known.field.eq_ignore_ascii_case(&sent.field));
        let field = field.ok_or_else(|| {
            let known: Vec<&str> = fields.iter().map(|known| known.field).collect();
            Problem::malformed("filter", &format_args!("`{}` is none of {}", sent.field, known.join(", ")))
        })?;
        let operator = field.operators.iter().find(|(word, _)| word.eq_ignore_ascii_case(&sent.operator));
        let (_, operator) = operator.ok_or_else(|| {
            Problem::malformed("filter", &format_args!("{} is not compared by `{}`", field.field, sent.operator))
        })?;
        Ok(Self(Some(Comparison { path: field.path, operator: *operator, value: sent.value.to_lowercase() })))
    }

    /// Whether anything has to hold.
    pub(super) fn is_some(&self) -> bool {
        self.0.is_some()
    }

    /// Whether a resource is as the filter has it.
    pub(super) fn holds(&self, shape: &Shape) -> bool {
        let Some(comparison) = &self.0 else { return true };
        let Some(Shape::Text(text)) = shape.at(comparison.path) else { return false };
        let (text, value) = (text.to_lowercase(), &comparison.value);
        match comparison.operator {
            Operator::Equals => text == *value,
            Operator::StartsWith => text.starts_with(value),
            Operator::Substring => text.contains(value),
        }
    }
}
