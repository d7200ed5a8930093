//! The cells of one row group, column by column, with the levels by which Parquet tells absent from empty.

use std::io::Write;

use ofrecord_core::Timestamp;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedRowGroupWriter;

use crate::table::{Cell, Column, Kind, Presence, Row, Table};

/// .NET ticks at 1970-01-01.
const UNIX_EPOCH_TICKS: i64 = 621_355_968_000_000_000;
/// Ticks in a microsecond.
const TICKS_PER_MICRO: i64 = 10;
/// What a value weighs beyond its bytes.
const VALUE_BYTES: usize = 8;

/// The cells of one row group.
pub(super) struct Held {
    columns: Vec<Values>,
    rows: usize,
    bytes: usize,
}

/// The cells of one column of the table.
enum Values {
    Numbers(Leaf<Int64Type>),
    Texts(Leaf<ByteArrayType>),
    Times(Leaf<Int64Type>, Leaf<ByteArrayType>),
}

/// The values of one column of the file, with their levels.
struct Leaf<T: DataType> {
    values: Vec<T::T>,
    /// For each place, whether a value stands there; none in a column that always has one.
    definition: Option<Vec<i16>>,
    /// For each place, whether it continues the list of the place before; none in a column without lists.
    repetition: Option<Vec<i16>>,
}

impl Held {
    pub(super) fn of(table: &Table) -> Self {
        Self { columns: table.columns.iter().map(Values::of).collect(), rows: 0, bytes: 0 }
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Takes a row that was checked against the table.
    pub(super) fn take(&mut self, row: &Row) {
        for (column, (_, cell)) in self.columns.iter_mut().zip(row) {
            self.bytes += column.take(cell);
        }
        self.rows += 1;
    }

    /// Writes everything held and lets it go.
    pub(super) fn write<W: Write + Send>(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        for column in &mut self.columns {
            match column {
                Values::Numbers(leaf) => leaf.write(group)?,
                Values::Texts(leaf) => leaf.write(group)?,
                Values::Times(micros, exact) => {
                    micros.write(group)?;
                    exact.write(group)?;
                }
            }
        }
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl Values {
    fn of(column: &Column) -> Self {
        match column.kind {
            Kind::Number => Self::Numbers(Leaf::single(column.presence)),
            Kind::Text => Self::Texts(Leaf::single(column.presence)),
            Kind::Time => Self::Times(Leaf::single(column.presence), Leaf::single(column.presence)),
            Kind::Numbers => Self::Numbers(Leaf::list()),
            Kind::Texts => Self::Texts(Leaf::list()),
        }
    }

    /// Takes a cell and tells what it weighs. A cell of another kind does not come: the row was checked.
    fn take(&mut self, cell: &Cell) -> usize {
        match (self, cell) {
            (Self::Numbers(leaf), Cell::Number(number)) => leaf.value(number.cast_signed()),
            (Self::Numbers(leaf), Cell::Numbers(numbers)) => leaf.items(numbers.iter().map(|one| one.cast_signed())),
            (Self::Numbers(leaf), Cell::Absent | Cell::Text(_) | Cell::Texts(_) | Cell::Time(_)) => leaf.absent(),
            (Self::Texts(leaf), Cell::Text(text)) => text.len() + leaf.value(bytes_of(text)),
            (Self::Texts(leaf), Cell::Texts(texts)) => {
                texts.iter().map(String::len).sum::<usize>() + leaf.items(texts.iter().map(|text| bytes_of(text)))
            }
            (Self::Texts(leaf), Cell::Absent | Cell::Number(_) | Cell::Numbers(_) | Cell::Time(_)) => leaf.absent(),
            (Self::Times(micros, exact), Cell::Time(instant)) => {
                let text = instant.to_string();
                text.len() + micros.value(micros_of(*instant)) + exact.value(bytes_of(&text))
            }
            (
                Self::Times(micros, exact),
                Cell::Absent | Cell::Number(_) | Cell::Numbers(_) | Cell::Text(_) | Cell::Texts(_),
            ) => micros.absent() + exact.absent(),
        }
    }
}

impl<T: DataType> Leaf<T> {
    fn single(presence: Presence) -> Self {
        let definition = match presence {
            Presence::Always => None,
            Presence::Optional => Some(Vec::new()),
        };
        Self { values: Vec::new(), definition, repetition: None }
    }

    fn list() -> Self {
        Self { values: Vec::new(), definition: Some(Vec::new()), repetition: Some(Vec::new()) }
    }

    fn value(&mut self, value: T::T) -> usize {
        self.levels(1, 0);
        self.values.push(value);
        VALUE_BYTES
    }

    fn items(&mut self, items: impl Iterator<Item = T::T>) -> usize {
        let before = self.values.len();
        for item in items {
            self.levels(1, i16::from(self.values.len() > before));
            self.values.push(item);
        }
        if self.values.len() == before {
            return self.absent();
        }
        (self.values.len() - before) * VALUE_BYTES
    }

    fn absent(&mut self) -> usize {
        self.levels(0, 0);
        VALUE_BYTES
    }

    fn levels(&mut self, definition: i16, repetition: i16) {
        self.definition.iter_mut().for_each(|levels| levels.push(definition));
        self.repetition.iter_mut().for_each(|levels| levels.push(repetition));
    }

    fn write<W: Write + Send>(&mut self, group: &mut SerializedRowGroupWriter<'_, W>) -> Result<(), ParquetError> {
        let Some(mut column) = group.next_column()? else {
            return Err(ParquetError::General("the schema has fewer columns than the table".to_owned()));
        };
        column.typed::<T>().write_batch(&self.values, self.definition.as_deref(), self.repetition.as_deref())?;
        column.close()?;
        self.values.clear();
        self.definition.iter_mut().for_each(Vec::clear);
        self.repetition.iter_mut().for_each(Vec::clear);
        Ok(())
    }
}

fn bytes_of(text: &str) -> ByteArray {
    ByteArray::from(text.as_bytes().to_vec())
}

/// Microseconds since 1970, cut: what lies within a microsecond belongs to its beginning, before 1970 too.
fn micros_of(instant: Timestamp) -> i64 {
    // An instant has fewer than 2^62 ticks.
    (instant.ticks().cast_signed() - UNIX_EPOCH_TICKS).div_euclid(TICKS_PER_MICRO)
}
