//! Which tables there are, and how a column is called.

use super::Column;

#[test]
fn a_column_is_called_as_the_command_line_calls_it() {
    for (column, header) in [
        (Column::Of("partner"), "partner"),
        (Column::Of("granular.approved.by"), "granular_approved_by"),
        (Column::NameOf("partner"), "partner_name"),
        (Column::NameOf("subject.partner"), "subject_partner_name"),
    ] {
        assert_eq!(column.header(), header);
    }
}

#[test]
fn every_word_of_an_address_has_its_table() {
    assert_eq!(super::customer::words(), super::CUSTOMER_TABLES);
    assert_eq!(super::partner::words(), super::PARTNER_TABLES);
    assert_eq!(super::everyone::words(), super::EVERYBODY_TABLES);
}
