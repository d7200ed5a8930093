//! Tests of the judgement on names.

use super::*;

#[test]
fn a_name_is_judged_by_its_whole_words() {
    for (line, refused) in [
        ("pub struct ConnectionManager {", true),
        ("pub(crate) enum EntryData {", true),
        ("mod string_utils;", true),
        ("trait RequestHandler {", true),
        ("struct Database;", false),
        ("pub struct Services {", false),
        ("pub struct ServiceName(Box<str>);", false),
        ("type Informed = u8;", false),
        ("struct TileOffset(u64);", true),
        ("let data = 1;", false),
    ] {
        assert_eq!(declared(line).and_then(judged).is_some(), refused, "{line}");
    }
}
