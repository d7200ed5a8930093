//! Rows are held to their table.

use super::{Cell, Column, Kind, Row, RowError, Table};

const TABLE: Table = Table {
    name: "t",
    doc: "Rows of a test.",
    columns: &[Column::number("n", "A number."), Column::text("a", "A text.").optional(), Column::texts("l", "Texts.")],
};

fn row(n: Cell, a: Cell, l: Cell) -> Row {
    vec![("n", n), ("a", a), ("l", l)]
}

fn place(expected: Option<&'static str>, found: Option<&'static str>) -> RowError {
    RowError::Place { table: "t", expected, found }
}

#[test]
fn a_row_of_other_columns_is_refused() {
    let cells = || row(1_u64.into(), Cell::Absent, Cell::Texts(Vec::new()));
    let mut swapped = cells();
    swapped.swap(1, 2);
    assert_eq!(TABLE.check(&swapped), Err(place(Some("a"), Some("l"))));
    let mut short = cells();
    short.pop();
    assert_eq!(TABLE.check(&short), Err(place(Some("l"), None)));
    let mut long = cells();
    long.push(("n", 1_u64.into()));
    assert_eq!(TABLE.check(&long), Err(place(None, Some("n"))));
}

#[test]
fn a_cell_of_another_kind_is_refused() {
    let none = || Cell::Texts(Vec::new());
    for (row, column, kind) in [
        (row(Cell::text("1"), Cell::Absent, none()), "n", Kind::Number),
        (row(Cell::Absent, Cell::Absent, none()), "n", Kind::Number),
        (row(1_u64.into(), 2_u64.into(), none()), "a", Kind::Text),
        (row(1_u64.into(), Cell::Absent, Cell::Absent), "l", Kind::Texts),
        (row(1_u64.into(), Cell::Absent, Cell::Numbers(Vec::new())), "l", Kind::Texts),
    ] {
        let refused = TABLE.check(&row);
        assert!(
            matches!(&refused, Err(RowError::Kind { column: told, kind: held, .. }) if *told == column && *held == kind),
            "{refused:?}"
        );
    }
}

#[test]
fn a_row_that_fits_is_taken() {
    assert_eq!(TABLE.check(&row(1_u64.into(), Cell::Absent, Cell::texts(["x"]))), Ok(()));
    assert_eq!(TABLE.check(&row(1_u64.into(), Cell::text("x"), Cell::texts([""; 0]))), Ok(()));
}
