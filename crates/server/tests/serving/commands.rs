//! Commands in: what is no command, what a rule refuses, what conflicts, and what is recorded.

use serde_json::{Value, json};

use crate::stage::{FOUNDED, Stage, customer, lines, told};

fn with(line: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut value = serde_json::from_str(line).unwrap();
    change(&mut value);
    value.to_string()
}

#[track_caller]
fn check(stage: &Stage, headers: &str, body: &str, status: u16, code: &str, named: &str) {
    let answer = stage.command(headers, body);
    let problem = answer.json();
    assert_eq!((answer.status, &problem["code"]), (status, &json!(code)), "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains(named), "{named}: {problem}");
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert_eq!(problem["status"], json!(status));
    assert_eq!(problem["request_id"].as_str(), answer.header("x-request-id"));
}

#[test]
fn what_is_no_command_is_refused_with_the_field_and_nothing_is_recorded() {
    let stage = Stage::new();
    let line = &lines()[0];
    let malformed = [
        (String::new(), "not JSON"),
        ("{".to_owned(), "not JSON"),
        ("[]".to_owned(), "one JSON object"),
        (with(line, |value| drop(value.as_object_mut().unwrap().remove("actor"))), "`actor`"),
        (with(line, |value| value["command_id"] = json!("x")), "GUID"),
        (with(line, |value| value["expected_version"] = json!("x")), "u64"),
        (with(line, |value| value["colour"] = json!("red")), "`colour`"),
        (with(line, |value| value["command"]["type"] = json!("PaintReseller")), "PaintReseller"),
    ];
    for (body, named) in &malformed {
        check(&stage, "", body, 400, "not_a_command", named);
    }
    assert_eq!(stage.ledger.reader().log().tree_size(), FOUNDED);
}

#[test]
fn headers_that_contradict_the_body_are_refused_and_nothing_is_recorded() {
    let stage = Stage::new();
    let line = &lines()[0];
    let conditioned = with(line, |value| value["expected_version"] = json!(3));
    let numbered = with(line, |value| value["command_id"] = json!(5));
    let other = "Idempotency-Key: 00000000-0000-4000-8000-000000000099\r\n";
    let rows = [
        ("Idempotency-Key: x\r\n", line, "Idempotency-Key"),
        (other, line, "Idempotency-Key"),
        (other, &numbered, "Idempotency-Key"),
        ("If-Match: 17\r\n", line, "If-Match"),
        ("If-Match: *\r\n", line, "If-Match"),
        ("If-Match: \"2\"\r\n", &conditioned, "If-Match"),
        ("If-Match: \"2\"\r\nIf-Match: \"3\"\r\n", line, "given twice"),
    ];
    for (headers, body, named) in rows {
        check(&stage, headers, body, 400, "malformed", named);
    }
    assert_eq!(stage.ledger.reader().log().tree_size(), FOUNDED);
}

#[test]
fn what_a_rule_refuses_is_recorded_and_told_with_the_rule_and_again_for_a_repeat() {
    let stage = Stage::new();
    stage.record(told().into_iter().take(3));
    for outcome in ["refused", "repeated"] {
        let answer = stage.command("", &lines()[3]);
        let problem = answer.json();
        assert_eq!(answer.status, 422, "{problem}");
        assert_eq!(problem["receipt"]["outcome"], json!(outcome), "{problem}");
        let refusal = &problem["receipt"]["refusal"];
        for field in ["code", "rule", "upstream_code", "upstream_status"] {
            assert_eq!(problem[field], refusal[field], "{field}: {problem}");
        }
        assert!(problem["rule"].is_string() && problem["upstream_code"].is_number(), "{problem}");
        assert_eq!(stage.ledger.reader().log().tree_size(), FOUNDED + 4);
    }
}

#[test]
fn a_stale_version_and_a_reused_id_conflict_and_append_nothing() {
    let stage = Stage::new();
    stage.record(told().into_iter().take(2));
    let stale = with(&lines()[3], |value| value["command_id"] = json!("00000000-0000-4000-8000-000000000099"));
    check(&stage, "If-Match: \"0\"\r\n", &stale, 409, "wrong_expected_version", "moved on");
    let reused = with(&lines()[1], |value| value["effective_at"] = json!("2024-02-09T00:00:00.0000000Z"));
    check(&stage, "", &reused, 409, "request_id_reused", "another request");
    assert_eq!(stage.ledger.reader().log().tree_size(), FOUNDED + 2);
}

#[test]
fn a_command_is_created_once_and_its_receipt_given_again() {
    let stage = Stage::new();
    let line = &lines()[0];
    let created = stage.command("", line);
    assert_eq!(created.status, 201, "{}", created.text());
    assert_eq!(created.header("location"), Some("/v1/entries/5"));
    let receipt = created.json();
    assert_eq!((&receipt["outcome"], &receipt["position"]), (&json!("accepted"), &json!(FOUNDED)));
    let leaf = stage.ledger.reader().log().leaf_hash(FOUNDED).unwrap().to_string();
    assert_eq!(receipt["leaf_hash"], json!(leaf));
    let again = stage.command("", line);
    assert_eq!(again.status, 200);
    assert_eq!((&again.json()["outcome"], &again.json()["leaf_hash"]), (&json!("repeated"), &json!(leaf)));
    assert_eq!(stage.ledger.reader().log().tree_size(), FOUNDED + 1);
}

#[test]
fn the_id_and_the_version_may_stand_in_headers_alone() {
    let stage = Stage::new();
    let id = "00000000-0000-4000-8000-000000000042";
    let line = with(&lines()[0], |value| drop(value.as_object_mut().unwrap().remove("command_id")));
    let headers = format!("Idempotency-Key: \"{id}\"\r\nIf-Match: \"2\"\r\n");
    let created = stage.command(&headers, &line);
    assert_eq!((created.status, &created.json()["command_id"]), (201, &json!(id)));
}

#[test]
fn the_mark_of_an_answer_conditions_the_next_command() {
    let stage = Stage::new();
    stage.record(told().into_iter().take(3));
    let path = format!("/v1/customers/{}/resellers?as_of=2024-05-01", customer());
    let seen = stage.get(&path).header("etag").unwrap().to_owned();
    let rival = ofrecord_testkit::Story::new(8).at("2024-02-05").customer("C").accepts("Q");
    assert_eq!(stage.command(&format!("If-Match: {seen}\r\n"), &ofrecord_testkit::line::of(&rival)).status, 201);
    let late = ofrecord_testkit::Story::new(9).at("2024-02-06").partner("P").removes_relationship("C");
    assert_eq!(stage.command(&format!("If-Match: {seen}\r\n"), &ofrecord_testkit::line::of(&late)).status, 409);
}

#[test]
fn a_batch_answers_each_line_in_order_as_the_program_does() {
    let stage = Stage::new();
    let lines = lines();
    let body = format!("\u{feff}{}\r\n\n{{\"colour\":1}}\n{}\n{}\n", lines[0], lines[1], lines[0]);
    let answer = stage.post("/v1/commands:batch", "application/jsonl", "", &body);
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/jsonl")));
    let text = answer.text();
    let told: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let outcomes: Vec<&Value> = told.iter().map(|line| &line["outcome"]).collect();
    assert_eq!(outcomes, ["accepted", "invalid", "accepted", "repeated"], "{text}");
    assert_eq!(told[1]["line"], json!(3), "the number is that of the line as sent: {text}");
    assert_eq!((&told[2]["position"], &told[3]["position"]), (&json!(FOUNDED + 1), &json!(FOUNDED)));
    assert_eq!(stage.ledger.reader().log().tree_size(), FOUNDED + 2);
}
