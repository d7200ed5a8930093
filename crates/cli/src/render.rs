//! Answers as a table for people, one line of JSON, or CSV; one layout per view says which fields stand where.

use ofrecord_interop::field::{Joined, short_instant};
use ofrecord_ledger::Answer;
use ofrecord_ledger::answers::Document;
use serde::Serialize;
use serde_json::Value;

use crate::arguments::Format;
use crate::failure::Failure;
use crate::inquiry::Names;
use crate::output::Output;

mod pairs;
mod separated;
mod table;

/// Which fields of a view's rows are shown, and in which order.
pub(crate) struct Layout {
    /// What is said when there are no rows.
    pub(crate) empty: &'static str,
    /// The columns.
    pub(crate) columns: &'static [Column],
}

/// One column.
pub(crate) struct Column {
    /// The title in a table; CSV takes the field's path.
    pub(crate) title: &'static str,
    /// The field, as a path of JSON keys.
    pub(crate) path: &'static str,
    /// What of it is shown.
    pub(crate) shown: Shown,
}

/// What is shown of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// The value.
    Value,
    /// The name of the partner whose id it is.
    Name,
    /// The value, and only in CSV: it would make a table too wide.
    ValueInCsv,
}

impl Column {
    /// A field's value.
    pub(crate) const fn of(title: &'static str, path: &'static str) -> Self {
        Self { title, path, shown: Shown::Value }
    }

    /// The name of the partner in a field.
    pub(crate) const fn name(title: &'static str, path: &'static str) -> Self {
        Self { title, path, shown: Shown::Name }
    }

    /// A field's value that only CSV shows.
    pub(crate) const fn csv(path: &'static str) -> Self {
        Self { title: "", path, shown: Shown::ValueInCsv }
    }

    /// What CSV calls it.
    fn header(&self) -> String {
        let path = self.path.replace('.', "_");
        match self.shown {
            Shown::Name => format!("{path}_name"),
            Shown::Value | Shown::ValueInCsv => path,
        }
    }
}

/// Prints an answer.
pub(crate) fn answer<Row: Serialize>(
    output: &mut Output,
    format: Format,
    layout: &Layout,
    answer: &Answer<Row>,
    names: &Names,
) -> Result<(), Failure> {
    document(output, format, layout, &Document { answer, extra: &NoExtra {} }, names)
}

/// Prints an answer whose JSON says more than its rows.
pub(crate) fn document<Row: Serialize, Extra: Serialize>(
    output: &mut Output,
    format: Format,
    layout: &Layout,
    document: &Document<'_, Row, Extra>,
    names: &Names,
) -> Result<(), Failure> {
    match format {
        Format::Json => output.json(document)?,
        Format::Table => {
            table::print(output, layout, &values(&document.answer.rows)?, names)?;
            output.line("")?;
            output.line(&basis_line(document.answer))?;
        }
        Format::Csv => separated::print(output, layout, &values(&document.answer.rows)?, names)?,
    }
    output.flush()
}

#[derive(Serialize)]
struct NoExtra {}

/// Prints names and values, one pair a line; as one object in JSON.
pub(crate) fn pairs<T: Serialize>(output: &mut Output, format: Format, value: &T) -> Result<(), Failure> {
    match format {
        Format::Json => output.json(value)?,
        Format::Table => {
            for (name, text) in pairs::of(value, Joined::ForPeople)? {
                output.line(format!("{:<18}  {text}", name.replace('_', " ")).trim_end())?;
            }
        }
        Format::Csv => {
            let (names, texts): (Vec<String>, Vec<String>) = pairs::of(value, Joined::ForMachines)?.into_iter().unzip();
            separated::lines(output, &[names, texts])?;
        }
    }
    output.flush()
}

/// Prints rows that rest on nothing but themselves.
pub(crate) fn rows<Row: Serialize>(
    output: &mut Output,
    format: Format,
    layout: &Layout,
    rows: &[Row],
) -> Result<(), Failure> {
    let names = Names::default();
    match format {
        Format::Json => output.json(&rows)?,
        Format::Table => table::print(output, layout, &values(rows)?, &names)?,
        Format::Csv => separated::print(output, layout, &values(rows)?, &names)?,
    }
    output.flush()
}

/// What an answer rests on, for people.
pub(crate) fn basis_line<Row>(answer: &Answer<Row>) -> String {
    let root: String = answer.basis.root.to_string().chars().take(ROOT_DIGITS).collect();
    format!(
        "as of {} · known at {} · tree size {} · root {root}… · {}",
        short_instant(&answer.as_of.to_string()),
        short_instant(&answer.known_at.to_string()),
        answer.basis.tree_size,
        answer.basis.origin,
    )
}

/// Digits of the root in a table's last line; JSON has all of them.
const ROOT_DIGITS: usize = 16;

fn values<Row: Serialize>(rows: &[Row]) -> Result<Vec<Value>, Failure> {
    rows.iter().map(|row| serde_json::to_value(row).map_err(|error| Failure::Output(error.into()))).collect()
}

#[cfg(test)]
mod tests;
