//! Places that are gone to, and texts that lead elsewhere and are not.

use super::Place;

#[test]
fn a_text_that_names_no_page_of_this_server_leads_to_where_one_begins() {
    let long = format!("/console?{}", "a".repeat(600));
    for text in [
        "",
        "console",
        "//evil.example/console",
        "/\\evil.example",
        "/console\\..\\evil",
        "https://evil.example/console",
        "javascript:alert(1)",
        "/consolevil",
        "/v1/status",
        "/console?a=\r\nSet-Cookie:x",
        "/console\u{200b}",
        "/console?a b",
        "/console#fragment",
        "/console/login",
        "/console/login/returned?code=1",
        long.as_str(),
    ] {
        assert_eq!(Place::of(text).as_str(), "/console", "{text:?}");
    }
}

#[test]
fn a_page_of_this_server_is_gone_to_with_its_query() {
    for text in ["/console", "/console?after=1", "/console/customers/x?as_of=2024-03-01T10:00&known_at=%409"] {
        assert_eq!(Place::of(text).as_str(), text);
    }
}
