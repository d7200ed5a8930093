//! Granular administration in the shapes of Microsoft Graph: what is refused and how it is told, what each sees, pages.

use ofrecord_core::Request;
use ofrecord_core::vocabulary::PartnerType;
use ofrecord_server::{AccessRole, Scope};
use ofrecord_testkit::generator::Range;
use ofrecord_testkit::role::{DIRECTORY_READERS, GLOBAL_READER};
use ofrecord_testkit::story::{Story, Terms};
use ofrecord_testkit::{Generator, name};
use serde_json::{Value, json};

use crate::stage::{Answer, Stage};

const ROOT: &str = "/v1.0/tenantRelationships";

/// P administers C by G and has asked D by W, and has prepared V for C; Q administers C by H.
pub(crate) fn granular() -> Vec<Request> {
    let story = Story::new(40);
    let terms = || Terms::of_days(365, &[GLOBAL_READER, DIRECTORY_READERS]);
    let (p, q) = (|at| story.at(at).partner("P"), |at| story.at(at).partner("Q"));
    vec![
        story.at("2024-01-02").ledger().registers_customer("D"),
        story.at("2024-01-02").ledger().registers_partner("R", PartnerType::DirectBill, None),
        p("2024-01-03").requests_relationship(),
        story.at("2024-01-04").customer("C").accepts("P"),
        p("2024-02-01").makes_granular("C", "G", terms()),
        p("2024-02-01").locks_granular("C", "G"),
        story.at("2024-02-02").customer("C").approves_granular("P", "G"),
        story.at("2024-02-02").ledger().activates_granular("C", "P", "G"),
        p("2024-02-03").assigns("C", "G", ("A", "Support"), &[GLOBAL_READER]),
        story.at("2024-02-03").ledger().activates_assignment("C", "P", "G", "A"),
        q("2024-02-04").makes_granular("C", "H", terms()),
        q("2024-02-04").locks_granular("C", "H"),
        story.at("2024-02-05").customer("C").approves_granular("Q", "H"),
        story.at("2024-02-05").ledger().activates_granular("C", "Q", "H"),
        p("2024-03-01").makes_granular("C", "V", terms()),
        p("2024-04-02").makes_granular("D", "W", terms()),
        p("2024-04-02").locks_granular("D", "W"),
    ]
}

/// The story, served.
pub(crate) fn stage() -> Stage {
    let stage = Stage::worldwide();
    stage.accepted(granular());
    stage
}

/// What is answered below the root; `G`, `A`, `C` and the like in brackets stand for ids.
fn asked(stage: &Stage, path: &str, headers: &str) -> Answer {
    stage.get_with(&format!("{ROOT}/{}", named(path)), headers)
}

/// Letters in brackets stand for ids.
pub(crate) fn named(text: &str) -> String {
    let granular = ["G", "H", "V", "W", "X"].map(|short| (format!("[{short}]"), name::granular(short).to_string()));
    let customers = ["C", "D"].map(|short| (format!("[{short}]"), name::customer(short).to_string()));
    let partners = ["P", "Q", "R"].map(|short| (format!("[{short}]"), name::partner(short).to_string()));
    let others = [("[A]".to_owned(), name::assignment("A").to_string())];
    let all = granular.into_iter().chain(customers).chain(partners).chain(others);
    all.fold(text.to_owned(), |text, (short, id)| text.replace(&short, &id))
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

fn ids(answer: &Answer) -> Vec<String> {
    let known = ["G", "H", "V", "W"].map(|short| (name::granular(short).to_string(), short));
    let short = |id: &str| known.iter().find(|(known, _)| known == id).map_or(id, |(_, short)| short).to_owned();
    answer.json()["value"].as_array().unwrap().iter().map(|item| short(item["id"].as_str().unwrap())).collect()
}

#[test]
fn whatever_is_not_answered_is_told_as_graph_tells_it_with_the_ledgers_own_code() {
    let stage = stage();
    let p = stage.partner("P");
    for (path, status, code, own) in [
        ("delegatedAdminRelationships?$top=0", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$top=301", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$top=1&$top=2", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$orderby=colour", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$orderby=status+upwards", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$orderby=status,", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$orderby=status&$skiptoken=x", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$search=status", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$expand=accessAssignments", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$skiptoken=x", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$select=colour", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$filter=status", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$filter=colour+eq+'red'", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$filter=status+lt+'active'", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$filter=status+eq+'active", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$filter=", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$filter=endswith(displayName,'a')", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$filter=startswith(displayName)", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$filter=startswith(colour,'a')", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$filter=startswith(displayName,null)", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$filter=(status+eq+'a'", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$filter=status+eq+'a')", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$filter=status+eq+'a'+or", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$filter=not", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$filter=status+in+()", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$filter=status+in+('a'", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?$filter=status+in+'a'", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships/$count?$top=1", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships/$count?$filter=status", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships/[H]/requests/$count", 404, "itemNotFound", "not_found"),
        ("delegatedAdminRelationships?as_of=soon", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?known_at=@9999", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships?partner=[Q]", 403, "accessDenied", "forbidden"),
        ("delegatedAdminRelationships/x", 400, "badRequest", "malformed"),
        ("delegatedAdminRelationships/[X]", 404, "itemNotFound", "not_found"),
        ("delegatedAdminRelationships/[H]", 404, "itemNotFound", "not_found"),
        ("delegatedAdminRelationships/[H]/accessAssignments", 404, "itemNotFound", "not_found"),
        ("delegatedAdminRelationships/[G]/accessAssignments/x", 404, "itemNotFound", "not_found"),
        ("delegatedAdminRelationships/[G]/operations/x", 404, "itemNotFound", "not_found"),
        ("delegatedAdminRelationships/[G]?as_of=2024-01-31", 404, "itemNotFound", "not_found"),
        ("delegatedAdminCustomers/[D]", 404, "itemNotFound", "not_found"),
        ("delegatedAdminCustomers/[C]/serviceManagementDetails", 404, "itemNotFound", "not_found"),
    ] {
        let told = [("/error/code", json!(code)), ("/error/innerError/code", json!(own))];
        check(&stage, &p, path, status, &told);
    }
    check(&stage, "", "delegatedAdminCustomers", 401, &[("/error/code", json!("InvalidAuthenticationToken"))]);
}

#[test]
fn the_ids_of_a_request_are_repeated_and_stand_in_the_error() {
    let stage = stage();
    let p = stage.partner("P");
    let sent = format!("{p}client-request-id: 8bd28ff6-2b65-4b02-9d4c-6b9ab2a1b3c1\r\n");
    for path in ["delegatedAdminRelationships", "delegatedAdminRelationships/[X]"] {
        let answer = asked(&stage, path, &sent);
        assert_eq!(answer.header("client-request-id"), Some("8bd28ff6-2b65-4b02-9d4c-6b9ab2a1b3c1"), "{path}");
        assert_eq!(answer.header("request-id"), answer.header("x-request-id"), "{path}");
        assert_eq!(answer.header("content-type"), Some("application/json"), "{path}");
        if answer.status == 404 {
            let inner = &answer.json()["error"]["innerError"];
            assert_eq!(inner["client-request-id"], json!("8bd28ff6-2b65-4b02-9d4c-6b9ab2a1b3c1"));
            assert_eq!(inner["request-id"].as_str(), answer.header("request-id"));
        }
    }
    assert_eq!(asked(&stage, "delegatedAdminCustomers", &p).header("client-request-id"), None);
}

#[test]
fn a_partner_sees_its_own_relationships_and_nothing_of_others() {
    let stage = stage();
    let seen = |token: &str, path: &str| ids(&asked(&stage, path, token));
    let [p, q, r] = ["P", "Q", "R"].map(|name| stage.partner(name));
    let customer = stage.token("c", AccessRole::CustomerAdmin, Scope::Customer(name::customer("C")));
    let auditor = stage.auditor();
    let of_q = format!("{auditor}ofrecord-partner: {}\r\n", name::partner("Q"));
    for (token, relationships, customers) in [
        (&p, &["G", "V", "W"][..], 1),
        (&q, &["H"], 1),
        (&r, &[], 0),
        (&auditor, &["G", "V", "W", "H"], 1),
        (&of_q, &["H"], 1),
        (&customer, &["G", "V", "H"], 1),
    ] {
        assert_eq!(seen(token, "delegatedAdminRelationships"), relationships, "{token}");
        assert_eq!(seen(token, "delegatedAdminCustomers").len(), customers, "{token}");
    }
    let told = [("/tenantId", json!("[C]")), ("/displayName", json!("C"))];
    check(&stage, &p, "delegatedAdminCustomers/[C]", 200, &told);
    // Q prepared nothing for C, and neither sees by which roles the other administers it.
    let of_customer = "delegatedAdminRelationships?$filter=customer/tenantId%20eq%20'[C]'";
    assert_eq!((seen(&p, of_customer), seen(&q, of_customer)), (vec!["G".into(), "V".into()], vec!["H".into()]));
}

#[test]
fn a_relationship_is_told_whole_at_the_instant_and_by_the_knowledge_asked_for() {
    let stage = stage();
    let p = stage.partner("P");
    let one = "delegatedAdminRelationships/[G]";
    let active = [
        ("/id", json!("[G]")),
        ("/@odata.type", json!("#microsoft.graph.delegatedAdminRelationship")),
        ("/status", json!("active")),
        ("/customer", json!({"tenantId": "[C]", "displayName": "C"})),
        ("/duration", json!("P365D")),
        ("/activatedDateTime", json!("2024-02-02T00:00:00Z")),
    ];
    check(&stage, &p, one, 200, &active);
    check(&stage, &p, &format!("{one}?as_of=2024-02-01"), 200, &[("/status", json!("approvalPending"))]);
    check(&stage, &p, &format!("{one}?as_of=2025-06-01"), 200, &[("/status", json!("expired"))]);
    check(&stage, &format!("{p}ofrecord-as-of: 2025-06-01\r\n"), one, 200, &[("/status", json!("expired"))]);
    check(&stage, &format!("{p}ofrecord-known-at: @10\r\n"), one, 200, &[("/status", json!("created"))]);
    check(
        &stage,
        &p,
        &format!("{one}?$select=status"),
        200,
        &[("/status", json!("active")), ("/duration", Value::Null)],
    );
    let assigned = [("/value/0/id", json!("[A]")), ("/value/0/status", json!("active")), ("/value/1", Value::Null)];
    check(&stage, &p, &format!("{one}/accessAssignments"), 200, &assigned);
    check(&stage, &p, &format!("{one}/accessAssignments/[A]"), 200, &[("/status", json!("active"))]);
    let told = asked(&stage, one, &p);
    let root = stage.ledger.reader().log().head().root;
    let basis = told.header("ofrecord-basis").unwrap();
    assert!(basis.contains(&format!("root=\"{root}\"")) && basis.contains("as_of=\"2024-06-01"), "{basis}");
}

#[test]
fn filters_hold_of_what_is_listed_and_counts_are_of_all_pages() {
    let stage = stage();
    let p = stage.partner("P");
    for (filter, wanted) in [
        ("status eq 'active'", &["G"][..]),
        ("status eq 'ACTIVE'", &["G"]),
        ("status ne 'active'", &["V", "W"]),
        ("customer/tenantId eq '[D]'", &["W"]),
        ("customer/tenantId eq [C] and status eq 'created'", &["V"]),
        ("createdDateTime ge 2024-04-02T00:00:00Z", &["W"]),
        ("createdDateTime lt 2024-03-01T00:00:00Z", &["G"]),
        ("activatedDateTime eq null", &["V", "W"]),
        ("displayName eq 'administration G'", &["G"]),
        ("displayName eq 'O''Neill and sons'", &[]),
        ("status eq 'active' or customer/tenantId eq '[D]'", &["G", "W"]),
        ("status eq 'created' or status eq 'active' and customer/tenantId eq '[D]'", &["V"]),
        ("(status eq 'created' or status eq 'active') and customer/tenantId eq '[C]'", &["G", "V"]),
        ("not status eq 'active'", &["V", "W"]),
        ("not (status eq 'active' or customer/tenantId eq '[D]')", &["V"]),
        ("NOT(NOT(status eq 'active'))", &["G"]),
        ("status in ('active','expired')", &["G"]),
        ("status in ( 'created' , 'active' ) AND not(customer/tenantId in ('[D]', null))", &["G", "V"]),
        ("startswith(displayName,'ADMINISTRATION G')", &["G"]),
        ("startswith(displayName, 'administration') and status ne 'active'", &["V", "W"]),
        ("startswith(displayName,'a (b), c')", &[]),
        ("activatedDateTime in (null)", &["V", "W"]),
    ] {
        let path = format!("delegatedAdminRelationships?$filter={}", named(filter).replace(' ', "%20"));
        assert_eq!(ids(&asked(&stage, &path, &p)), wanted, "{filter}");
    }
    let deep = "(".repeat(40);
    let path = format!("delegatedAdminRelationships?$filter={deep}status eq 'a'").replace(' ', "%20");
    check(&stage, &p, &path, 400, &[("/error/code", json!("badRequest"))]);
    for (path, wanted) in [
        ("delegatedAdminRelationships/$count", "3"),
        ("delegatedAdminRelationships/$count?$filter=status%20eq%20'active'", "1"),
        ("delegatedAdminRelationships/[G]/accessAssignments/$count", "1"),
        ("delegatedAdminRelationships/[G]/requests/$count?$filter=action%20eq%20'approve'", "1"),
        ("delegatedAdminRelationships/[G]/operations/$count", "0"),
        ("delegatedAdminCustomers/$count", "1"),
    ] {
        let answer = asked(&stage, path, &p);
        assert_eq!((answer.status, answer.text().as_str()), (200, wanted), "{path}");
        assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"), "{path}");
    }
    for path in ["delegatedAdminRelationships?$count=true&$top=1", "delegatedAdminRelationships?$count=true"] {
        check(&stage, &p, path, 200, &[("/@odata.count", json!(3))]);
    }
}

#[test]
fn lists_come_in_the_order_that_is_asked_for() {
    let stage = stage();
    let token = stage.auditor();
    for (order, wanted) in [
        ("createdDateTime", ["G", "H", "V", "W"]),
        ("createdDateTime desc", ["W", "V", "H", "G"]),
        ("status,createdDateTime desc", ["H", "G", "W", "V"]),
        // What is absent comes first; what is the same keeps the order of partners and ids.
        ("activatedDateTime", ["V", "W", "G", "H"]),
        ("customer/tenantId desc, displayName ASC", ["W", "G", "H", "V"]),
    ] {
        let path = format!("delegatedAdminRelationships?$orderby={}", order.replace(' ', "%20"));
        assert_eq!(ids(&asked(&stage, &path, &token)), wanted, "{order}");
        let (mut told, mut next) = (Vec::new(), Some(format!("{ROOT}/{path}&$top=3")));
        while let Some(path) = next {
            let answer = stage.get_with(&path, &token);
            told.extend(ids(&answer));
            let link = answer.json()["@odata.nextLink"].as_str().map(str::to_owned);
            next = link.map(|link| link.trim_start_matches("http://localhost").to_owned());
        }
        assert_eq!(told, wanted, "{order} in pages");
    }
}

#[test]
fn pages_come_to_the_whole_by_links_that_rest_on_the_first_one() {
    for (token, top, wanted) in [("P", 1, 3), ("P", 2, 2), ("auditor", 1, 4)] {
        let stage = stage();
        let token = if token == "P" { stage.partner("P") } else { stage.auditor() };
        let whole = ids(&asked(&stage, "delegatedAdminRelationships", &token));
        let (mut told, mut pages) = (Vec::new(), 0);
        let mut next = Some(format!("{ROOT}/delegatedAdminRelationships?$top={top}&$count=true"));
        while let Some(path) = next {
            let answer = stage.get_with(&path, &token);
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            told.extend(ids(&answer));
            let body = answer.json();
            assert_eq!(body["@odata.count"], json!(whole.len()), "{path}");
            next = body["@odata.nextLink"].as_str().map(|link| {
                assert!(link.starts_with("http://localhost/v1.0/"), "{link}");
                link.trim_start_matches("http://localhost").to_owned()
            });
            pages += 1;
            // What is recorded in between is of another state of knowledge.
            let story = Story::new(50 + pages);
            let between = format!("B{pages}");
            let terms = Terms::of_days(30, &[GLOBAL_READER]);
            stage.accepted([story.at("2024-05-01").partner("P").makes_granular("C", &between, terms)]);
        }
        assert_eq!((told, pages), (whole, wanted));
    }
    let stage = stage();
    let forwarded = "X-Forwarded-Proto: https\r\nX-Forwarded-Host: ledger.example\r\n";
    let answer = asked(&stage, "delegatedAdminRelationships?$top=1", &format!("{}{forwarded}", stage.auditor()));
    let link = answer.json()["@odata.nextLink"].as_str().unwrap().to_owned();
    assert!(link.starts_with("https://ledger.example/v1.0/"), "{link}");
}

#[test]
fn the_lists_of_all_partners_come_to_the_whole_and_none_reaches_into_another() {
    let mut relationships = 0;
    for seed in 1..=3 {
        println!("seed {seed}");
        let stage = Stage::worldwide();
        let mut generator = Generator::over(seed, Range::Everything, 4, 4);
        stage.record((0..500).map(|_| generator.draft().request));
        let auditor = stage.auditor();
        let listed = |token: &str| -> Vec<String> {
            ids(&asked(&stage, "delegatedAdminRelationships?$top=300&as_of=2030-01-01", token))
        };
        let all = listed(&auditor);
        relationships += all.len();
        let mut told = Vec::new();
        for partner in generator.partners().to_vec() {
            let token = stage.token(&partner.to_string(), AccessRole::PartnerUser, Scope::Partner(partner));
            let own = listed(&token);
            assert_eq!(own, listed(&format!("{auditor}ofrecord-partner: {partner}\r\n")), "{partner}");
            for id in &all {
                for below in ["", "/accessAssignments", "/requests", "/operations"] {
                    let path = format!("delegatedAdminRelationships/{id}{below}?as_of=2030-01-01");
                    let status = asked(&stage, &path, &token).status;
                    assert_eq!(status, if own.contains(id) { 200 } else { 404 }, "{path} to {partner}");
                }
            }
            told.extend(own);
        }
        // Two partners may each have a relationship that is called the same.
        let sorted = |ids: Vec<String>| {
            let mut ids = ids;
            ids.sort();
            ids
        };
        assert_eq!(sorted(told), sorted(all));
    }
    assert!(relationships > 10, "there is enough to tell: {relationships}");
}
