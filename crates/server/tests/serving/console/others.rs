//! Pages of partners, comparisons and operations: each says what the views and the status say.

use ofrecord_testkit::{Story, name};

use super::{UNKNOWN, check_frame, check_problem, section, stage};
use crate::stage::{Stage, customer};

fn partner(stage: &Stage, who: &str, parameters: &str) -> String {
    let path = format!("/console/partners/{}{parameters}", name::partner(who));
    let answer = stage.get(&path);
    check_frame(&path, &answer);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text()
}

#[test]
fn what_is_no_partner_and_no_comparison_is_told_on_a_page() {
    let stage = stage();
    for (path, status, words) in [
        ("/console/partners/nobody", 400, "partner: "),
        (&format!("/console/partners/{UNKNOWN}"), 404, UNKNOWN),
        (&format!("/console/partners/{}?as_of=soon", name::partner("P")), 400, "as_of: "),
        ("/console/compare?customer=nobody", 400, "customer: "),
        (&format!("/console/compare?customer={UNKNOWN}"), 404, UNKNOWN),
        (&format!("/console/compare?customer={}&from_as_of=soon", customer()), 400, "from_as_of: "),
        (&format!("/console/compare?customer={}&to_known_at=@99", customer()), 400, "to_known_at: "),
        ("/console/operations?colour=red", 400, "colour: "),
    ] {
        check_problem(&stage, path, status, words);
    }
}

#[test]
fn a_partners_page_has_its_account_and_the_book_of_its_customers() {
    let stage = stage();
    let before = section(&partner(&stage, "P", "?as_of=2024-01-15"), "book").to_owned();
    assert!(before.contains("never seen as reseller") && before.contains(">0<"), "{before}");
    let text = partner(&stage, "P", "");
    assert!(section(&text, "account").contains("517285"), "{text}");
    let book = section(&text, "book");
    assert!(book.contains(&customer()) && book.contains("reseller since") && book.contains(">1<"), "{book}");
    assert!(book.contains("1 customer was read") && book.contains("There are none after them"), "{book}");
    let other = partner(&stage, "Q", "");
    assert!(section(&other, "book").contains("by DAP"), "{other}");
    stage.record([Story::new(8).at("2024-01-01").ledger().registers_customer("Nobody's")]);
    let book = section(&partner(&stage, "P", ""), "book").to_owned();
    assert!(book.contains("2 customers were read") && book.contains("1 record names"), "{book}");
}

#[test]
fn what_a_partner_should_look_at_is_what_the_findings_say() {
    let stage = stage();
    let story = Story::new(8);
    stage.record([
        story.at("2024-03-05").ledger().records_azure_owner("C", "Q", "/subscriptions/1"),
        story.at("2024-04-01").partner("Q").removes_relationship("C"),
    ]);
    let found = stage.get(&format!("/v1/customers/{}/findings", customer())).json();
    let of = |who: &str| -> Vec<String> {
        let rows = found["rows"].as_array().unwrap().iter();
        let own = rows.filter(|row| row["subject"]["partner"] == name::partner(who).to_string());
        own.map(|row| row["code"].as_str().unwrap().to_owned()).collect()
    };
    let text = partner(&stage, "Q", "");
    let outlived = "former_reseller_still_has_access".to_owned();
    assert!(of("Q").contains(&outlived) && section(&text, "outlived").contains(&outlived), "{found} {text}");
    assert!(section(&text, "book").contains("former reseller, until"), "{text}");
    let dormant = partner(&stage, "P", "");
    assert!(!of("P").contains(&outlived) && !section(&dormant, "outlived").contains(&outlived), "{dormant}");
}

#[test]
fn a_comparison_shows_both_sides_of_every_row_that_differs() {
    let stage = stage();
    let compare = |parameters: &str| {
        let path = format!("/console/compare?customer={}{parameters}", customer());
        let answer = stage.get(&path);
        check_frame(&path, &answer);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.text()
    };
    let same = compare("");
    assert!(section(&same, "world").contains("No row differs"), "{same}");
    assert!(section(&same, "learned").contains("No row differs"), "{same}");
    let world = compare("&from_as_of=2024-01-15&to_as_of=2024-05-01");
    assert!(section(&world, "learned").contains("No row differs"), "{world}");
    let rows = section(&world, "world");
    for said in [name::partner("P").to_string(), name::subscription("S").to_string()] {
        assert!(rows.contains(&said), "{said}: {rows}");
    }
    assert!(rows.contains("only in the second") && !rows.contains("only in the first"), "{rows}");
    let back = compare("&from_as_of=2024-05-01T00:00&to_as_of=2024-01-15");
    assert!(section(&back, "world").contains("only in the first"), "{back}");
    let learned = compare("&from_as_of=2024-05-01&from_known_at=@7&to_as_of=2024-05-01");
    assert!(section(&learned, "world").contains("No row differs"), "{learned}");
    assert!(section(&learned, "learned").contains(&name::subscription("S").to_string()), "{learned}");
}

#[test]
fn operations_say_how_the_ledger_is_and_name_what_is_done_elsewhere() {
    let stage = stage();
    let text = stage.get("/console/operations").text();
    let status = stage.get("/v1/status").json();
    for field in ["health", "tree_size", "verified_through"] {
        let said = status[field].as_str().map_or_else(|| status[field].to_string(), str::to_owned);
        assert!(section(&text, "state").contains(&said), "{field}: {text}");
    }
    assert!(section(&text, "holds").contains("No hold was ever placed"), "{text}");
    assert!(section(&text, "custody").contains("Information left the ledger 0 times"), "{text}");
    let taken = "Sec-Fetch-Site: same-origin\r\n";
    stage.post("/console/entries/0/bytes", "application/x-www-form-urlencoded", taken, "");
    let text = stage.get("/console/operations").text();
    assert!(section(&text, "custody").contains("Information left the ledger 1 time,"), "{text}");
    for kind in ["verify", "rebuild", "replay", "backup", "certify", "evidence"] {
        assert!(section(&text, "jobs").contains(&format!("Start {kind}")), "{kind}");
    }
    for command in ["ofrecord drift", "ofrecord restore --drill", "ofrecord impact", "ofrecord erase"] {
        assert!(section(&text, "elsewhere").contains(command), "{command}");
    }
}
