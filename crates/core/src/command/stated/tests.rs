//! A stated command keeps its JSON, and tells its name wherever that stands.

use serde_json::json;

use super::*;

fn read(text: &str) -> StatedCommand {
    serde_json::from_str(text).expect("a JSON value")
}

#[test]
fn its_json_is_kept_as_it_stands() {
    for text in [r#"{"seats":5,"type":"AddSeats"}"#, r#"{ "type": "AddSeats" }"#, "null", "[1]"] {
        assert_eq!(read(text).json(), text);
    }
}

#[test]
fn its_name_is_what_stands_under_type_and_otherwise_none() {
    for (text, name) in [
        (r#"{"seats":5,"type":"AddSeats"}"#, "AddSeats"),
        (r#"{"type":"AddSeats","within":{"type":"Other"}}"#, "AddSeats"),
        (r#"{"type":"AddSeats","type":"RemoveSeats"}"#, ""),
        (r#"{"within":{"type":"Other"}}"#, ""),
        (r#"{"type":7}"#, ""),
        ("[]", ""),
        ("null", ""),
    ] {
        assert_eq!(read(text).name(), name, "{text}");
    }
}

#[test]
fn a_value_goes_in_and_comes_out_as_it_was() {
    let value = json!({"type": "AddSeats", "seats": 5, "note": "é\u{1f}\"\\"});
    let stated = StatedCommand::from(value.clone());
    assert_eq!(stated.value(), value);
    assert_eq!(read(&serde_json::to_string(&stated).expect("writes")), stated);
    assert_eq!(serde_json::from_value::<StatedCommand>(value).expect("reads"), stated);
}
