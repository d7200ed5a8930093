//! Tests of the JSON reading.

use super::Json;

fn object(text: &str) -> super::Object {
    Json::parse(text).unwrap().as_object().unwrap().clone()
}

#[test]
fn a_property_is_found_in_any_case_and_null_counts_as_absent() {
    let read = object(r#"{"CompanyName":"A","domain":null}"#);
    assert_eq!(read.text("companyName"), Some("A"));
    assert_eq!(read.spelling("companyname"), "CompanyName");
    assert!(read.get("Domain").is_none());
    assert!(read.has("Domain"));
    assert!(!read.has("market"));
}

#[test]
fn a_property_that_stands_twice_is_refused_in_whatever_case() {
    for text in [r#"{"a":1,"a":1}"#, r#"{"id":1,"Id":2}"#, r#"{"x":{"b":1,"B":2}}"#] {
        let error = Json::parse(text).unwrap_err().to_string();
        assert!(error.contains("stands twice"), "{text}: {error}");
    }
}

#[test]
fn nesting_beyond_the_limit_is_an_error_and_not_a_crash() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert!(Json::parse(&deep).unwrap_err().to_string().contains("recursion"));
}

#[test]
fn a_credential_is_seen_wherever_it_stands() {
    for text in [
        r#"{"passwordProfile":{"password":"x"}}"#,
        r#"{"a":[{"Password":"x"}]}"#,
        r#"{"resourceNewValue":"{\"UserCredentials\":{\"password\":\"x\"}}"}"#,
        r#"{"resourceNewValue":"{\"password\": cut"}"#,
    ] {
        assert!(Json::parse(text).unwrap().holds_credential(), "{text}");
    }
    for text in [r#"{"password":""}"#, r#"{"password":null}"#, r#"{"operationType":"reset_customer_user_password"}"#] {
        assert!(!Json::parse(text).unwrap().holds_credential(), "{text}");
    }
}
