//! Tests of recognising records.

use super::is_request_file;

#[test]
fn requests_are_told_by_the_names_of_their_files() {
    for name in ["a.req2.json", "x/y/a.req.json", "create-request.request.json", "A.REQ10.JSON"] {
        assert!(is_request_file(name), "{name}");
    }
    for name in ["a.resp2.json", "request-reseller-relationship.resp3.json", "require.json", "reqs.json"] {
        assert!(!is_request_file(name), "{name}");
    }
}
