//! Tables as data: their names, columns and what each says, and rows as typed cells that are held to them.

use std::fmt::Display;

use ofrecord_core::Timestamp;
use thiserror::Error;

/// A table of the data set.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name, also of its folder.
    pub name: &'static str,
    /// What a row is.
    pub doc: &'static str,
    /// Its columns, in order.
    pub columns: &'static [Column],
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What its cells hold.
    pub kind: Kind,
    /// Whether a cell may be absent.
    pub presence: Presence,
    /// What a cell says.
    pub doc: &'static str,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole number that is not negative.
    Number,
    /// A text.
    Text,
    /// An instant of 100 nanoseconds.
    Time,
    /// Numbers, in order; none is an empty list.
    Numbers,
    /// Texts, in order; none is an empty list.
    Texts,
}

/// Whether a cell may be absent. Lists never are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Every row has it.
    Always,
    /// A row may be without it.
    Optional,
}

/// One cell of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing is known, or nothing is there.
    Absent,
    /// A number.
    Number(u64),
    /// A text.
    Text(String),
    /// An instant.
    Time(Timestamp),
    /// Numbers.
    Numbers(Vec<u64>),
    /// Texts.
    Texts(Vec<String>),
}

/// The cells of one row, each with the name of its column, in the order of the columns.
pub type Row = Vec<(&'static str, Cell)>;

/// Why a row does not fit its table.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RowError {
    /// A cell stands where the table has another column, or the row is too short or too long.
    #[error("fill column {} of {table} with {}", expected.unwrap_or("after the last"), found.unwrap_or("nothing"))]
    Place {
        /// The table.
        table: &'static str,
        /// The column that comes next; none after the last one.
        expected: Option<&'static str>,
        /// The name of the cell; none when there are no more.
        found: Option<&'static str>,
    },
    /// A cell holds something else than its column.
    #[error("put {cell:?} into column {column} of {table}, which holds {kind:?}")]
    Kind {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// What the column holds.
        kind: Kind,
        /// What came.
        cell: Cell,
    },
}

impl Column {
    /// A column of numbers.
    #[must_use]
    pub const fn number(name: &'static str, doc: &'static str) -> Self {
        Self { name, kind: Kind::Number, presence: Presence::Always, doc }
    }

    /// A column of texts.
    #[must_use]
    pub const fn text(name: &'static str, doc: &'static str) -> Self {
        Self { name, kind: Kind::Text, presence: Presence::Always, doc }
    }

    /// A column of instants.
    #[must_use]
    pub const fn time(name: &'static str, doc: &'static str) -> Self {
        Self { name, kind: Kind::Time, presence: Presence::Always, doc }
    }

    /// A column of lists of numbers.
    #[must_use]
    pub const fn numbers(name: &'static str, doc: &'static str) -> Self {
        Self { name, kind: Kind::Numbers, presence: Presence::Always, doc }
    }

    /// A column of lists of texts.
    #[must_use]
    pub const fn texts(name: &'static str, doc: &'static str) -> Self {
        Self { name, kind: Kind::Texts, presence: Presence::Always, doc }
    }

    /// The same column, whose cells may be absent.
    #[must_use]
    pub const fn optional(self) -> Self {
        Self { presence: Presence::Optional, ..self }
    }

    fn takes(&self, cell: &Cell) -> bool {
        match (self.kind, cell) {
            (Kind::Number, Cell::Number(_))
            | (Kind::Text, Cell::Text(_))
            | (Kind::Time, Cell::Time(_))
            | (Kind::Numbers, Cell::Numbers(_))
            | (Kind::Texts, Cell::Texts(_)) => true,
            (Kind::Number | Kind::Text | Kind::Time, Cell::Absent) => self.presence == Presence::Optional,
            (
                Kind::Number | Kind::Text | Kind::Time | Kind::Numbers | Kind::Texts,
                Cell::Absent | Cell::Number(_) | Cell::Text(_) | Cell::Time(_) | Cell::Numbers(_) | Cell::Texts(_),
            ) => false,
        }
    }
}

impl Table {
    /// Holds a row to the table: a cell for each column, in order, and of its kind.
    ///
    /// # Errors
    /// [`RowError`] naming the first column that is wrong.
    pub fn check(&self, row: &Row) -> Result<(), RowError> {
        let mut cells = row.iter();
        for column in self.columns {
            let found = cells.next();
            let Some((_, cell)) = found.filter(|(name, _)| *name == column.name) else {
                return Err(self.misplaced(Some(column.name), found.map(|(name, _)| *name)));
            };
            if !column.takes(cell) {
                let (table, kind) = (self.name, column.kind);
                return Err(RowError::Kind { table, column: column.name, kind, cell: cell.clone() });
            }
        }
        match cells.next() {
            Some((name, _)) => Err(self.misplaced(None, Some(name))),
            None => Ok(()),
        }
    }

    fn misplaced(&self, expected: Option<&'static str>, found: Option<&'static str>) -> RowError {
        RowError::Place { table: self.name, expected, found }
    }
}

impl Cell {
    /// The text of a value.
    #[must_use]
    pub fn text(value: impl Display) -> Self {
        Self::Text(value.to_string())
    }

    /// The text of a value that may be absent.
    #[must_use]
    pub fn text_of<T: Display>(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::text)
    }

    /// The texts of values.
    #[must_use]
    pub fn texts<T: Display>(values: impl IntoIterator<Item = T>) -> Self {
        Self::Texts(values.into_iter().map(|value| value.to_string()).collect())
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<Timestamp> for Cell {
    fn from(instant: Timestamp) -> Self {
        Self::Time(instant)
    }
}

impl From<Vec<u64>> for Cell {
    fn from(numbers: Vec<u64>) -> Self {
        Self::Numbers(numbers)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}

#[cfg(test)]
mod tests;
