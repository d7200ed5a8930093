//! Input that is broken, hostile or beside the point: a problem that names its place, never a panic.

use ofrecord_core::Cloud;
use ofrecord_interop::{Context, Reading, Severity, read};

const CUSTOMER: &str = "0c000000-0000-4000-8000-0000000000c1";

fn reading(bytes: &[u8]) -> Reading {
    let context = Context {
        partner: "0a000000-0000-4000-8000-0000000000a1".parse().ok(),
        customer: CUSTOMER.parse().ok(),
        fetched_at: None,
        ..Context::new(Cloud::Worldwide)
    };
    read("bad.json", bytes, &context)
}

/// The worst problem is as bad as said, its message holds the words, and so many statements come out.
fn check(what: &str, bytes: &[u8], severity: Severity, words: &str, statements: usize) {
    let reading = reading(bytes);
    let worst = reading.problems.iter().map(|problem| problem.severity).min();
    assert_eq!(worst, Some(severity), "{what}: {:?}", reading.problems);
    let told = reading.problems.iter().any(|problem| problem.to_string().contains(words));
    assert!(told, "{what}: `{words}` is not in {:?}", reading.problems);
    assert_eq!(reading.statements.len(), statements, "{what}");
    assert!(reading.problems.iter().all(|problem| problem.file == "bad.json"), "{what}");
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    use Severity::Bad;
    check("empty", b"", Bad, "the file is empty", 0);
    check("blank", b"  \r\n\t", Bad, "the file is empty", 0);
    check("a mark alone", b"\xef\xbb\xbf", Bad, "the file is empty", 0);
    check("truncated", b"{\"items\":[{\"operationType\":\"add_cus", Bad, "nothing of it was read", 0);
    check("NUL", b"{\"a\":\"\0\"}", Bad, "not JSON", 0);
    check("NUL bytes", b"\0\0\0\0", Bad, "not JSON", 0);
    check("UTF-16", b"\xff\xfe{\0}\0", Bad, "save it as UTF-8", 0);
    check("not UTF-8", b"{\"a\":\"\xff\"}", Bad, "not UTF-8 at byte 6", 0);
    check("text", b"Dear customer", Bad, "not JSON", 0);
    check("XML", b"<a/>", Bad, "not JSON", 0);
    check("comma", b"[{},]", Bad, "not JSON", 0);
    check("scalar", b"17", Bad, "a number, not an object", 0);
    check("empty list", b"[]", Severity::Note, "the collection is empty", 0);
}

#[test]
fn a_record_that_cannot_be_read_says_why() {
    use Severity::Bad;
    check("twice", b"{\"eventName\":\"x\",\"EventName\":\"y\"}", Bad, "stands twice", 0);
    check("huge number", b"{\"operationType\":1e999}", Bad, "number out of range", 0);
    check("lone surrogate", br#"{"a":"\ud800"}"#, Bad, "the record cannot be read", 0);
    check("nothing known", b"{}", Bad, "not a record of", 0);
    let deep = format!("{}{}", "{\"a\":".repeat(10_000), "1".to_owned() + &"}".repeat(10_000));
    check("deep", deep.as_bytes(), Bad, "recursion limit", 0);
    let deep_list = format!("{{\"items\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    check("deep list", deep_list.as_bytes(), Bad, "recursion limit", 0);
}

fn audit(fields: &str) -> Vec<u8> {
    let record = format!(
        r#"{{"partnerId":"0a000000-0000-4000-8000-0000000000a1","customerId":"{CUSTOMER}","operationStatus":"succeeded",{fields}}}"#
    );
    record.into_bytes()
}

#[test]
fn an_audit_record_with_a_fault_says_which_field() {
    let date = r#""operationDate":"2024-03-01T00:00:00Z""#;
    check("no date", &audit(r#""operationType":"add_customer""#), Severity::Bad, "operationDate", 0);
    check("no type", &audit(&format!(r#"{date},"operationType":null"#)), Severity::Unrecognised, "operationType", 1);
    let types = audit(r#""operationType":"add_customer","operationDate":20240301"#);
    check("a number for a date", &types, Severity::Bad, "a number stands where an instant belongs", 0);
    let value = audit(&format!(r#"{date},"operationType":"add_customer","resourceNewValue":"{{cut""#));
    check("a value that is no JSON", &value, Severity::Bad, "resourceNewValue", 1);
    let value = audit(&format!(r#"{date},"operationType":"create_order","resourceNewValue":[]"#));
    check("a value of another kind", &value, Severity::Bad, "resourceNewValue", 1);
    let value = audit(&format!(
        r#"{date},"operationType":"create_order","resourceNewValue":"{{\"Id\":\"{}\"}}""#,
        "x".repeat(300)
    ));
    check("an id that is too long", &value, Severity::Bad, "resourceNewValue.Id", 1);
    let status = format!(r#"{{"operationType":"add_customer",{date},"customerId":"{CUSTOMER}"}}"#);
    check("no status", status.as_bytes(), Severity::Note, "operationStatus", 1);
}

#[test]
fn a_line_with_a_faulty_partner_id_says_so() {
    let head = r#""operationDate":"2024-03-01T00:00:00Z","operationType":"create_order""#;
    let line = r#"{\"SubscriptionId\":\"0e000000-0000-4000-8000-0000000000e1\",\"OfferId\":\"o\",\"Quantity\":1,\"AdditionalPartnerIdsOnRecord\":[\"5550001\",\"five\"]}"#;
    let record = audit(&format!(r#"{head},"resourceNewValue":"{{\"Id\":\"o\",\"LineItems\":[{line}]}}""#));
    check("in the order", &record, Severity::Bad, "LineItems[0].AdditionalPartnerIdsOnRecord[1]", 1);
    let pairs =
        r#"{"key":"OrderId","value":"o"},{"key":"OfferId-0","value":"o"},{"key":"PartnerOnRecord-0","value":"five"}"#;
    let record = audit(&format!(r#"{head},"customizedData":[{pairs}]"#));
    check("in the numbered keys", &record, Severity::Bad, "customizedData.PartnerOnRecord-0", 1);
}

#[test]
fn the_good_records_beside_a_bad_one_are_read() {
    let good = r#"{"eventName":"subscription-updated","resourceUri":"/customers/0c000000-0000-4000-8000-0000000000c1/subscriptions/0e000000-0000-4000-8000-0000000000e1","resourceChangeUtcDate":"2024-03-01T00:00:00Z"}"#;
    let file = format!("[{good},{{\"a\":1e999}},{good}]");
    check("in a list", file.as_bytes(), Severity::Bad, "record 1", 2);
    let lines = format!("{good}\n{{\"cut\n{good}\n");
    check("in lines", lines.as_bytes(), Severity::Bad, "bad.json:2", 2);
}

#[test]
fn a_record_too_large_for_an_entry_is_known_by_its_hash() {
    let name = "n".repeat(100_000);
    let record = format!(
        r#"{{"id":"{CUSTOMER}","companyProfile":{{"companyName":"{name}"}},"relationshipToPartner":"reseller","attributes":{{"objectType":"Customer"}}}}"#
    );
    check("a name of 100 kB", record.as_bytes(), Severity::Bad, "too large", 1);
    let reading = reading(record.as_bytes());
    let text = serde_json::to_string(&reading.statements.iter().map(|s| &s.events).collect::<Vec<_>>()).unwrap();
    assert!(text.len() < 2_000);
    assert!(text.contains("ResellerRelationshipObserved"), "the other facts are kept");
}

#[test]
fn an_order_of_many_lines_is_split_so_that_each_part_fits_an_entry() {
    let lines: Vec<String> = (0..500)
        .map(|n| format!(r#"{{"subscriptionId":"0e000000-0000-4000-8000-{n:012x}","offerId":"CFQ7TTC0AAAA:0001:CFQ7TTC0BBBB","quantity":1}}"#))
        .collect();
    let order = format!(
        r#"{{"id":"many","referenceCustomerId":"{CUSTOMER}","creationDate":"2024-03-01T00:00:00Z","lineItems":[{}],"attributes":{{"objectType":"Order"}}}}"#,
        lines.join(",")
    );
    let reading = reading(order.as_bytes());
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    assert!(reading.statements.len() > 1);
    let parts: Vec<u32> = reading.statements.iter().map(|statement| statement.part).collect();
    assert_eq!(parts, (0..).take(parts.len()).collect::<Vec<u32>>());
    for statement in &reading.statements {
        assert!(serde_json::to_string(&statement.events).unwrap().len() < 30_000);
    }
    let events: usize = reading.statements.iter().map(|statement| statement.events.len()).sum();
    assert_eq!(events, 501);
}
