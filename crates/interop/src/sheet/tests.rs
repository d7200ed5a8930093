//! Tests of taking sheets apart.

use super::{Row, Sheet};
use crate::json::Object;

fn rows(text: &str) -> Vec<Row<'_>> {
    Sheet::of(text, |_| true).map(|sheet| sheet.rows()).unwrap_or_default()
}

fn told(row: &Row<'_>) -> String {
    fn of(object: &Object) -> String {
        let members = object.iter().map(|(name, value)| match value.as_object() {
            Some(inner) => format!("{name}({})", of(inner)),
            None => format!("{name}={}", value.as_text().unwrap_or_default()),
        });
        members.collect::<Vec<_>>().join(" ")
    }
    row.object.as_ref().map_or_else(Clone::clone, of)
}

#[test]
fn rows_are_read_whatever_separates_ends_and_quotes_them() {
    for text in [
        "Id,Name\n1,Heron\n2,\"Bakery, \"\"Blue\"\"\"\n",
        "Id;Name\r\n1;Heron\r\n\r\n2;\"Bakery, \"\"Blue\"\"\"\r\n",
        "Id\tName\r1\tHeron\r2\t\"Bakery, \"\"Blue\"\"\"",
        "\nId,Name\n\n1,Heron\n , \n2,\"Bakery, \"\"Blue\"\"\"",
    ] {
        let rows = rows(text);
        assert_eq!(
            rows.iter().map(told).collect::<Vec<_>>(),
            ["Id=1 Name=Heron", "Id=2 Name=Bakery, \"Blue\""],
            "{text:?}"
        );
        assert_eq!(rows.last().map(|row| row.raw.chars().count()), Some(20), "{text:?}");
    }
}

#[test]
fn a_value_may_hold_breaks_and_a_row_is_its_own_text() {
    let rows = rows("a,b\n\"one\ntwo\",3\n4,5\n");
    assert_eq!(rows.iter().map(|row| row.raw).collect::<Vec<_>>(), ["\"one\ntwo\",3", "4,5"]);
}

#[test]
fn a_row_of_another_width_is_told_and_does_not_stop_the_others() {
    let rows = rows("a,b\n1\n1,2,3\n1,2\n");
    let told: Vec<String> = rows.iter().map(told).collect();
    assert_eq!(told, ["the row has 1 columns and the header 2", "the row has 3 columns and the header 2", "a=1 b=2"]);
}

#[test]
fn columns_that_stand_twice_belong_to_partner_and_customer() {
    let rows = rows("Id,CustomerDelegatedAdminRelationshipId,DisplayName,TenantId,DisplayName,TenantId\n1,2,3,4,5,6\n");
    let told: Vec<String> = rows.iter().map(told).collect();
    assert_eq!(
        told,
        [
            "customer(displayName=5 tenantId=6) CustomerDelegatedAdminRelationshipId=2 displayName=3 Id=1 partner(tenantId=4)"
        ]
    );
}

#[test]
fn a_column_that_stands_twice_for_nothing_known_keeps_both_values() {
    let rows = rows("a,a,b\n1,2,3\n");
    assert_eq!(rows.iter().map(told).collect::<Vec<_>>(), ["a=1 a 2=2 b=3"]);
}

#[test]
fn a_text_of_one_column_or_of_an_unknown_header_is_no_sheet() {
    assert!(Sheet::of("just\none\ncolumn", |_| true).is_none());
    assert!(Sheet::of("", |_| true).is_none());
    assert!(Sheet::of("a,b\n1,2", |_| false).is_none());
}
