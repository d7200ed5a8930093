//! Customers, subscriptions and audit records in the shapes of Partner Center: what is refused, what each sees, pages.

use ofrecord_core::Request;
use ofrecord_core::vocabulary::{BillingCycle, PartnerType, TermDuration};
use ofrecord_server::{AccessRole, Limits, Scope};
use ofrecord_testkit::story::Story;
use ofrecord_testkit::{Generator, name, product};
use serde_json::{Value, json};

use crate::stage::{Answer, Stage};

const ROOT: &str = "/partnercenter/v1";
const SINCE: &str = "auditrecords?startDate=2024-01-01";

/// P sells S to C and nothing to D; Q sells T to C.
fn sold() -> Vec<Request> {
    let story = Story::new(60);
    let office = |subscription: &str| {
        let (id, office) = (name::subscription(subscription), product::office_legacy());
        product::line(id, office, 25, TermDuration::P1Y, BillingCycle::Annual)
    };
    let (p, q) = (|at| story.at(at).partner("P"), |at| story.at(at).partner("Q"));
    vec![
        story.at("2024-01-02").ledger().registers_customer("D"),
        story.at("2024-01-02").ledger().records_direct_agreement("C"),
        p("2024-02-01").requests_relationship(),
        story.at("2024-02-02").customer("C").accepts("P"),
        story.at("2024-02-02").customer("D").accepts("P"),
        q("2024-02-03").requests_relationship(),
        story.at("2024-02-04").customer("C").accepts("Q"),
        p("2024-03-01").orders("C", "order-1", vec![office("S")]),
        q("2024-03-02").orders("C", "order-2", vec![office("T")]),
    ]
}

/// The story, served.
pub(crate) fn stage() -> Stage {
    let stage = Stage::worldwide();
    stage.accepted(sold());
    stage
}

/// Letters in brackets stand for ids.
fn named(text: &str) -> String {
    let customers = ["C", "D", "E"].map(|short| (format!("[{short}]"), name::customer(short).to_string()));
    let partners = ["P", "Q"].map(|short| (format!("[{short}]"), name::partner(short).to_string()));
    let sold = ["S", "T"].map(|short| (format!("[{short}]"), name::subscription(short).to_string()));
    let all = customers.into_iter().chain(partners).chain(sold);
    all.fold(text.to_owned(), |text, (short, id)| text.replace(&short, &id))
}

fn asked(stage: &Stage, path: &str, headers: &str) -> Answer {
    let path = named(path).replace('{', "%7B").replace('}', "%7D").replace('"', "%22").replace(' ', "%20");
    stage.get_with(&format!("{ROOT}/{path}"), headers)
}

/// Asks as somebody, and looks at the status and at places of the answer.
#[track_caller]
fn check(stage: &Stage, headers: &str, path: &str, status: u16, told: &[(&str, Value)]) {
    let answer = asked(stage, path, headers);
    assert_eq!(answer.status, status, "{path}: {}", answer.text());
    let body = answer.json();
    for (place, wanted) in told {
        let wanted: Value = serde_json::from_str(&named(&wanted.to_string())).unwrap();
        assert_eq!(body.pointer(place).unwrap_or(&Value::Null), &wanted, "{path} at {place}: {body:#}");
    }
}

#[test]
fn whatever_is_not_answered_is_told_as_partner_center_tells_it_with_the_ledgers_own_code() {
    let stage = stage();
    let p = stage.partner("P");
    for (path, status, code, own) in [
        ("customers?size=0", 400, 3_000, "malformed"),
        ("customers?size=501", 400, 3_000, "malformed"),
        ("customers?colour=red", 400, 3_000, "malformed"),
        ("customers?seekOperation=Next", 400, 3_000, "malformed"),
        ("customers?seekOperation=Last", 400, 3_000, "malformed"),
        ("customers?filter=CompanyName", 400, 3_000, "malformed"),
        (r#"customers?filter={"Field":"Colour","Value":"red","Operator":"starts_with"}"#, 400, 3_000, "malformed"),
        (r#"customers?filter={"Field":"Domain","Value":"c","Operator":"equals"}"#, 400, 3_000, "malformed"),
        ("customers?partner=[Q]", 403, 2_032, "forbidden"),
        ("customers/x", 400, 3_000, "malformed"),
        ("customers/[E]", 404, 1_000, "not_found"),
        ("customers/[C]?as_of=soon", 400, 3_000, "malformed"),
        ("customers/[C]/subscriptions/x", 400, 3_000, "malformed"),
        ("customers/[C]/subscriptions/[T]", 404, 1_000, "not_found"),
        ("customers/[C]/subscriptions/[S]/supportcontact", 404, 1_000, "not_found"),
        ("customers/[C]/transfers/x", 404, 1_000, "not_found"),
        ("customers/[C]/orders", 404, 1_000, "not_found"),
        ("customers/relationshiprequests", 404, 1_000, "not_found"),
        ("relationships?relationship_type=IsPartnerOf", 400, 3_000, "malformed"),
        ("customers/[E]/profiles/company", 404, 1_000, "not_found"),
        ("customers/[E]/directSignedMicrosoftCustomerAgreementStatus", 404, 1_000, "not_found"),
        ("auditrecords", 400, 3_000, "malformed"),
        ("auditrecords?endDate=2024-01-01", 400, 3_000, "malformed"),
        ("auditrecords?startDate=2024-02-01&endDate=2024-01-01", 400, 3_000, "malformed"),
        ("auditrecords?startDate=soon", 400, 3_000, "malformed"),
    ] {
        check(&stage, &p, path, status, &[("/code", json!(code)), ("/data/0", json!(own))]);
    }
    for token in ["x", "2024-06-01~@8", "soon~@8~1", "2024-06-01~@9999~1", "2024-06-01~@8~x"] {
        check(&stage, &format!("{p}MS-ContinuationToken: {token}\r\n"), SINCE, 400, &[("/source", json!("ofrecord"))]);
    }
    check(&stage, "", "customers", 401, &[("/code", json!(400)), ("/data/0", json!("not_authenticated"))]);
    let auditor = stage.auditor();
    check(&stage, &auditor, "customers/relationshiprequests", 400, &[("/data/0", json!("malformed"))]);
}

#[test]
fn whoever_sends_too_many_is_told_so_in_the_shape_that_is_published_for_it() {
    let stage = Stage::asking(Limits { principal_requests: 1, ..Limits::default() });
    let p = stage.partner("P");
    check(&stage, &p, "customers", 200, &[]);
    check(&stage, &p, "customers", 429, &[("/statusCode", json!(429)), ("/code", Value::Null)]);
    assert!(asked(&stage, "customers", &p).header("retry-after").is_some());
}

#[test]
fn the_ids_of_a_request_are_repeated_or_given() {
    let stage = stage();
    let p = stage.partner("P");
    let sent = format!("{p}MS-RequestId: 8bd28ff6-2b65-4b02-9d4c-6b9ab2a1b3c1\r\nMS-CorrelationId: one\r\n");
    for path in ["customers", "customers/[E]"] {
        let answer = asked(&stage, path, &sent);
        assert_eq!(answer.header("ms-requestid"), Some("8bd28ff6-2b65-4b02-9d4c-6b9ab2a1b3c1"), "{path}");
        assert_eq!(answer.header("ms-correlationid"), Some("one"), "{path}");
        let own = asked(&stage, path, &p);
        assert_eq!(own.header("ms-requestid"), own.header("x-request-id"), "{path}");
        assert_eq!(own.header("ms-correlationid"), own.header("x-request-id"), "{path}");
    }
}

#[test]
fn a_partner_sees_its_customers_and_what_it_sold_to_them() {
    let stage = stage();
    let (p, q) = (stage.partner("P"), stage.partner("Q"));
    let customers = [
        ("/totalCount", json!(2)),
        ("/items/0/id", json!("[C]")),
        ("/items/1/id", json!("[D]")),
        ("/items/0/relationshipToPartner", json!("reseller")),
        ("/attributes/objectType", json!("Collection")),
        ("/links/self/uri", json!("/customers")),
        ("/links/next", Value::Null),
    ];
    check(&stage, &p, "customers", 200, &customers);
    check(&stage, &q, "customers", 200, &[("/totalCount", json!(1)), ("/items/0/id", json!("[C]"))]);
    check(&stage, &p, "customers?as_of=2024-01-31", 200, &[("/totalCount", json!(0))]);
    let named_c = r#"customers?filter={"Field":"CompanyName","Value":"c","Operator":"starts_with"}"#;
    check(&stage, &p, named_c, 200, &[("/totalCount", json!(1)), ("/items/0/companyProfile/companyName", json!("C"))]);
    check(&stage, &p, "customers/[C]", 200, &[("/id", json!("[C]")), ("/attributes/objectType", json!("Customer"))]);
    let sold = [("/totalCount", json!(1)), ("/items/0/id", json!("[S]")), ("/items/0/quantity", json!(25))];
    check(&stage, &p, "customers/[C]/subscriptions", 200, &sold);
    check(&stage, &p, "customers/[C]/subscriptions?order_id=order-1", 200, &[("/totalCount", json!(1))]);
    check(&stage, &p, "customers/[C]/subscriptions?order_id=order-2", 200, &[("/totalCount", json!(0))]);
    check(&stage, &p, "customers/[C]/subscriptions?as_of=2024-02-20", 200, &[("/totalCount", json!(0))]);
    check(&stage, &q, "customers/[C]/subscriptions/[T]", 200, &[("/id", json!("[T]"))]);
    check(&stage, &q, "customers/[D]/subscriptions", 404, &[]);
    check(&stage, &p, "customers/[C]/relationships", 200, &[("/totalCount", json!(0))]);
    check(&stage, &p, "relationships", 200, &[("/totalCount", json!(0))]);
    let company = [("/tenantId", json!("[C]")), ("/companyName", json!("C"))];
    check(&stage, &p, "customers/[C]/profiles/company", 200, &company);
    check(&stage, &p, "customers/[C]/agreements", 200, &[("/totalCount", json!(0))]);
    assert_eq!(asked(&stage, "customers/[C]/transfers", &p).json(), json!([]));
}

#[test]
fn both_sides_of_a_partnership_are_told_of_it_while_it_is_active() {
    let stage = Stage::worldwide();
    let story = Story::new(8);
    let ledger = || story.at("2024-01-01").ledger();
    stage.accepted([
        ledger().registers_partner("V", PartnerType::IndirectProvider, Some("517290")),
        ledger().records_partner_agreement("V"),
        ledger().registers_partner("R", PartnerType::IndirectReseller, Some("517291")),
        ledger().records_partner_agreement("R"),
        story.at("2024-02-01").partner("V").invites("R"),
        story.at("2024-02-02").partner("R").accepts_partnership("V"),
        story.at("2024-04-01").partner("V").ends_partnership("R"),
    ]);
    let (provider, reseller) = (stage.partner("V"), stage.partner("R"));
    let ids = ["V", "R"].map(|short| json!(name::partner(short).to_string()));
    for (token, word, told, other) in [
        (&provider, "IsIndirectCloudSolutionProviderOf", 1, &ids[1]),
        (&provider, "IsIndirectResellerOf", 0, &Value::Null),
        (&reseller, "IsIndirectResellerOf", 1, &ids[0]),
        (&reseller, "IsIndirectCloudSolutionProviderOf", 0, &Value::Null),
    ] {
        let path = format!("relationships?relationship_type={word}");
        let rows = [("/totalCount", json!(told)), ("/items/0/id", other.clone())];
        check(&stage, token, &format!("{path}&as_of=2024-03-01"), 200, &rows);
        check(&stage, token, &path, 200, &[("/totalCount", json!(0))]);
    }
}

#[test]
fn the_agreement_that_a_customer_signed_itself_is_told_to_whoever_sells_to_it() {
    let stage = stage();
    let p = stage.partner("P");
    for (asked, is_signed) in [("[C]", true), ("[D]", false)] {
        let path = format!("customers/{asked}/directSignedMicrosoftCustomerAgreementStatus");
        check(&stage, &p, &path, 200, &[("/isSigned", json!(is_signed))]);
        check(&stage, &p, &format!("{path}?as_of=2024-01-01"), 200, &[("/isSigned", json!(false))]);
    }
}

#[test]
fn whoever_sees_more_is_answered_as_the_partner_that_it_names_or_as_nobody() {
    let stage = stage();
    let auditor = stage.auditor();
    let c = stage.token("c", AccessRole::CustomerAdmin, Scope::Customer(name::customer("C")));
    let everything = [("/totalCount", json!(2)), ("/items/0/relationshipToPartner", Value::Null)];
    check(&stage, &auditor, "customers", 200, &everything);
    check(&stage, &auditor, "customers/[C]/subscriptions", 200, &[("/totalCount", json!(2))]);
    check(&stage, &auditor, "customers/[C]/subscriptions?partner=[Q]", 200, &[("/items/0/id", json!("[T]"))]);
    check(&stage, &c, "customers", 200, &[("/totalCount", json!(1)), ("/items/0/id", json!("[C]"))]);
    check(&stage, &c, "customers/[C]/subscriptions", 200, &[("/totalCount", json!(2))]);
    check(&stage, &c, "customers/[D]", 403, &[("/data/0", json!("forbidden"))]);
    let (own, named) = (stage.partner("Q"), format!("{auditor}ofrecord-partner: {}\r\n", name::partner("Q")));
    for path in ["customers", "customers/[C]", "customers/[C]/subscriptions", SINCE] {
        let (own, named) = (asked(&stage, path, &own), asked(&stage, path, &named));
        assert_eq!((own.status, own.text()), (200, named.text()), "{path}");
    }
}

#[test]
fn audit_records_tell_of_what_a_partner_may_see_and_of_nothing_else() {
    let stage = stage();
    let operations = |token: &str, path: &str| -> Vec<String> {
        let body = asked(&stage, path, token).json();
        let items = body["items"].as_array().unwrap_or_else(|| panic!("{path}: {body:#}")).iter();
        items.map(|item| item["operationType"].as_str().unwrap().to_owned()).collect()
    };
    let (p, q) = (stage.partner("P"), stage.partner("Q"));
    let of_p = operations(&p, SINCE);
    assert!(of_p.contains(&"create_order".to_owned()), "{of_p:?}");
    let of_c = r#"auditrecords?filter={"Field":"CustomerId","Value":"[C]","Operator":"equals"}"#;
    let orders = r#"auditrecords?filter={"Field":"ResourceType","Value":"ORDER","Operator":"equals"}"#;
    assert_eq!(operations(&q, orders), ["create_order"]);
    assert!(operations(&p, of_c).len() < of_p.len(), "and what it did to D, and to its account");
    let march = "auditrecords?startDate=2024-03-01&endDate=2024-03-01T12:00:00Z";
    assert_eq!(operations(&p, march), ["create_order"]);
    assert_eq!(operations(&q, march), Vec::<String>::new());
    let text = asked(&stage, SINCE, &p).text();
    assert!(!text.contains(&name::subscription("T").to_string()), "{text}");
    assert!(!text.contains(&name::partner("Q").to_string()), "{text}");
}

#[test]
fn pages_come_to_the_whole_and_rest_on_what_the_first_one_does() {
    let stage = Stage::new();
    let mut generator = Generator::new(31);
    stage.record((0..300).map(|_| generator.draft().request));
    for (path, size) in [("customers", 1), ("auditrecords?startDate=2015-01-01", 40)] {
        let joined = |more: &str| format!("{ROOT}/{path}{}{more}", if path.contains('?') { "&" } else { "?" });
        let whole = stage.get(&joined("as_of=2030-01-01&size=500")).json();
        let all = whole["items"].as_array().unwrap();
        let (mut told, mut pages) = (Vec::new(), 0);
        let mut next = Some((joined(&format!("as_of=2030-01-01&size={size}")), String::new()));
        while let Some((address, headers)) = next {
            let answer = stage.get_with(&address, &headers);
            assert_eq!(answer.status, 200, "{address}: {}", answer.text());
            let page = answer.json();
            told.extend(page["items"].as_array().unwrap().iter().cloned());
            next = page["links"]["next"]["uri"].as_str().map(|uri| {
                let header = &page["links"]["next"]["headers"][0];
                assert_eq!(header["value"], page["continuationToken"], "{address}");
                let (key, value) = (header["key"].as_str().unwrap(), header["value"].as_str().unwrap());
                (format!("{ROOT}{uri}"), format!("{key}: {value}\r\n"))
            });
            pages += 1;
            // What is recorded in between is of another state of knowledge.
            stage.record([generator.draft().request]);
        }
        assert!(!all.is_empty() && pages > 2, "{path}: {pages} pages");
        assert_eq!(&told, all, "{path}");
    }
}
