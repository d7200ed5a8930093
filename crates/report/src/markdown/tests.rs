//! Markdown in which nothing from outside is markup.

use super::{code, escaped, write};
use crate::document::{Block, Cell, Document, Links, Pairs, Phrase, Piece, Section, Table, said};

#[test]
fn nothing_from_outside_is_markup() {
    let rows = [
        ("Contoso (China)", "Contoso (China)"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("a | b", "a \\| b"),
        ("*bold* _it_ `code` ~s~", "\\*bold\\* \\_it\\_ \\`code\\` \\~s\\~"),
        ("[click](javascript:x)", "\\[click\\](javascript:x)"),
        ("![x](y)", "!\\[x\\](y)"),
        ("# heading\nline", "\\# heading line"),
        ("&lt; &amp;", "&amp;lt; &amp;amp;"),
        ("\\| trick", "\\\\\\| trick"),
        ("\"quotes\" and 'apostrophes'", "\"quotes\" and 'apostrophes'"),
    ];
    for (text, written) in rows {
        assert_eq!(escaped(text), written);
    }
}

#[test]
fn a_code_that_would_end_early_is_written_as_text() {
    assert_eq!(code("7f0c2a4be51d"), "`7f0c2a4be51d`");
    assert_eq!(code("<b>"), "`<b>`");
    for trick in ["a`b", "a|b", "a\\"] {
        assert!(!code(trick).starts_with('`'), "{trick}");
    }
    assert_eq!(code(""), "");
}

#[test]
fn a_table_has_one_line_a_row_and_as_many_cells_as_columns() {
    let evil = Piece::Name("a|b\n| c |\r\n<td>".to_owned());
    let table = Table {
        caption: "Rows".to_owned(),
        columns: vec!["first", "second"],
        rows: vec![vec![Cell::of(evil).because([3, 4]), Cell::default()]],
    };
    let document = Document {
        title: Phrase::from("A title"),
        head: Pairs::default(),
        sections: vec![Section { title: "Only section", blocks: vec![Block::Table(table)] }],
        links: Links::ToEntries,
    };
    let written = write(&document);
    let row = "| a\\|b \\| c \\|  &lt;td&gt; [[3]](#entry-3) [[4]](#entry-4) | – |";
    assert!(written.lines().any(|line| line == row), "{written}");
    let nowhere = write(&Document { links: Links::Nowhere, ..document });
    assert!(nowhere.contains("\\[3\\] \\[4\\]") && !nowhere.contains("#entry-"), "{nowhere}");
}

#[test]
fn what_no_source_says_is_left_out_of_pairs() {
    let rows = vec![("name", Cell::of("Contoso")), ("domain", Cell::default())];
    let pairs = Block::Pairs(Pairs { caption: String::new(), rows });
    let sections = vec![Section { title: "Only section", blocks: vec![pairs] }];
    let document = Document { title: said!["A title"], head: Pairs::default(), sections, links: Links::Nowhere };
    let written = write(&document);
    assert!(written.contains("| name | Contoso |") && !written.contains("domain"), "{written}");
}
