//! Questions over all customers: what is none, and that pages come to the whole, whatever is recorded between them.

use ofrecord_testkit::Generator;
use serde_json::{Value, json};

use crate::stage::Stage;

const QUESTIONS: [&str; 4] = ["/v1/customers", "/v1/partners", "/v1/findings", "/v1/coverage"];

fn stage() -> Stage {
    let stage = Stage::new();
    let mut generator = Generator::new(31);
    stage.record((0..300).map(|_| generator.draft().request));
    stage
}

#[test]
fn what_is_no_page_is_refused_with_the_parameter() {
    let stage = Stage::new();
    for path in QUESTIONS {
        for (parameters, field) in [
            ("limit=0", "limit"),
            ("limit=10001", "limit"),
            ("after=x", "after"),
            ("known_at=@99", "known_at"),
            ("as_of=soon", "as_of"),
            ("colour=red", "colour"),
        ] {
            let answer = stage.get(&format!("{path}?{parameters}"));
            assert_eq!((answer.status, &answer.json()["field"]), (400, &json!(field)), "{path}?{parameters}");
        }
    }
    assert_eq!(stage.get("/v1/findings?code=none").status, 400);
}

#[test]
fn pages_come_to_the_whole_and_rest_on_what_the_first_one_does() {
    for path in QUESTIONS {
        let stage = stage();
        let asked = format!("{path}?as_of=2030-01-01");
        let whole = stage.get(&asked).json();
        let all = whole["rows"].as_array().unwrap();
        assert!(!all.is_empty(), "{path}");
        let mut generator = Generator::over(77, ofrecord_testkit::generator::Range::Everything, 9, 9);
        let (mut rows, mut next, mut pages) = (Vec::new(), Some(format!("{asked}&limit=1")), 0);
        while let Some(page) = next {
            let answer = stage.get(&page);
            assert_eq!(answer.status, 200, "{page}: {}", answer.text());
            let told = answer.json();
            assert_eq!(told["basis"], whole["basis"], "{page}");
            rows.extend(told["rows"].as_array().unwrap().iter().cloned());
            next = answer.header("link").map(|link| link.trim_start_matches('<').split('>').next().unwrap().to_owned());
            pages += 1;
            // Customers and partners that come in between are of another state of knowledge.
            stage.record([generator.draft().request]);
        }
        assert_eq!(&rows, all, "{path}");
        assert!(pages > 2, "{path}");
    }
}

#[test]
fn the_customers_that_are_listed_are_those_that_can_be_asked_about() {
    let stage = stage();
    let size = stage.ledger.reader().log().tree_size();
    for known in [3, 20, size] {
        let listed = stage.get(&format!("/v1/customers?known_at=%40{known}")).json();
        let listed: Vec<&Value> = listed["rows"].as_array().unwrap().iter().map(|row| &row["customer"]).collect();
        let everybody = stage.get("/v1/customers").json();
        for row in everybody["rows"].as_array().unwrap() {
            let customer = row["customer"].as_str().unwrap();
            let answer = stage.get(&format!("/v1/customers/{customer}/resellers?known_at=%40{known}"));
            assert_eq!(answer.status == 200, listed.contains(&&row["customer"]), "{customer} at {known}");
        }
    }
}
