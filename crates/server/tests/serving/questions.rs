//! Answers out: what no question is, what every answer rests on, and when it is new.

use ofrecord_testkit::Story;
use serde_json::{Value, json};

use crate::stage::{FOUNDED, Stage, customer, told};

const QUESTIONS: [&str; 9] = [
    "resellers",
    "subscriptions",
    "transfers",
    "partners-of-record",
    "access",
    "gdap",
    "timeline",
    "findings",
    "explain?answer=resellers",
];

fn stage() -> Stage {
    let stage = Stage::new();
    stage.record(told());
    stage
}

fn path(question: &str, parameters: &str) -> String {
    let joint = if question.contains('?') { '&' } else { '?' };
    format!("/v1/customers/{}/{question}{joint}{parameters}", customer())
}

#[track_caller]
fn check(stage: &Stage, path: &str, status: u16, code: &str, field: &Value) {
    let answer = stage.get(path);
    let problem = answer.json();
    assert_eq!(
        (answer.status, &problem["code"], &problem["field"]),
        (status, &json!(code), field),
        "{path}: {problem}"
    );
}

#[test]
fn what_is_no_question_is_refused_with_the_parameter() {
    let stage = stage();
    let malformed = [
        ("resellers", "as_of=yesterday", "as_of"),
        ("resellers", "known_at=soon", "known_at"),
        ("resellers", "known_at=@99", "known_at"),
        ("resellers", "min_position=-1", "min_position"),
        ("resellers", "colour=red", "colour"),
        ("resellers", "history=yes", "history"),
        ("resellers", "as_of=2024-01-01&as_of=2024-01-02", "as_of"),
        ("resellers", "history=true&gaps=true", "gaps"),
        ("resellers", "customer=4b827261-d21f-4aa9-b7db-7fa1f56fb163", "customer"),
        ("subscriptions", "history=terms", "history"),
        ("subscriptions", "subscription=x", "subscription"),
        ("access", "show=nobody", "show"),
        ("access", "show=terminated&mechanism=dap", "mechanism"),
        ("timeline", "from=2024-03-01&to=2024-02-01", "to"),
        ("findings", "code=none", "code"),
        ("coverage", "from=2024-03-01&to=2024-02-01", "to"),
        ("coverage", "facts=yes", "facts"),
        ("billing", "to=yesterday", "to"),
        ("diff", "from_known_at=soon", "from_known_at"),
        ("diff", "to_known_at=@99", "known_at"),
        ("explain", "partner=4b827261-d21f-4aa9-b7db-7fa1f56fb163", "answer"),
    ];
    for (question, parameters, field) in malformed {
        check(&stage, &path(question, parameters), 400, "malformed", &json!(field));
    }
    check(&stage, "/v1/customers/nobody/resellers", 400, "malformed", &json!("customer"));
    let unknown = "/v1/customers/4b827261-d21f-4aa9-b7db-7fa1f56fb163/resellers";
    check(&stage, unknown, 404, "not_found", &Value::Null);
    check(&stage, &path("resellers", "known_at=@0"), 404, "not_found", &Value::Null);
}

#[test]
fn every_answer_names_what_it_rests_on_and_the_same_basis_gives_the_same_bytes() {
    let stage = stage();
    for question in QUESTIONS {
        let asked = path(question, "as_of=2024-05-01&known_at=@9");
        let answer = stage.get(&asked);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")), "{asked}");
        assert!(answer.body.ends_with(b"}\n"), "{asked}: the line that the program prints");
        let said = answer.json();
        let root = stage.ledger.reader().log().root_at(9).unwrap();
        let basis = json!({"origin": "ofrecord.local/test", "tree_size": FOUNDED + 4, "root": root.to_string()});
        assert_eq!((&said["basis"], &said["as_of"]), (&basis, &json!("2024-05-01T00:00:00.0000000Z")), "{asked}");
        assert!(said["rows"].is_array(), "{asked}: {said}");
        let later = Story::new(8).at("2024-02-09").partner("P").requests_relationship();
        stage.record([later]);
        assert_eq!(stage.get(&asked).body, answer.body, "{asked}");
    }
}

#[test]
fn knowledge_and_the_instant_decide_what_is_answered() {
    let stage = stage();
    let rows = |parameters: &str| stage.get(&path("resellers", parameters)).json()["rows"].as_array().unwrap().len();
    assert_eq!(rows("as_of=2024-05-01"), 1);
    assert_eq!(rows("as_of=2024-02-01"), 0);
    assert_eq!(rows("as_of=2024-05-01&known_at=6"), 1);
    assert_eq!(rows(""), 1, "without an instant it is about the present");
}

#[test]
fn an_answer_that_is_here_already_is_not_sent_again() {
    let stage = stage();
    let asked = path("timeline", "as_of=2024-05-01&known_at=@9");
    let tag = stage.get(&asked).header("etag").unwrap().to_owned();
    let again = stage.get_with(&asked, &format!("If-None-Match: {tag}\r\n"));
    assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, Some(tag.as_str())));
    let other = path("timeline", "as_of=2024-05-02&known_at=@9");
    assert_eq!(stage.get_with(&other, &format!("If-None-Match: {tag}\r\n")).status, 200);
}

#[test]
fn a_question_waits_for_the_entry_that_its_asker_knows_of() {
    let stage = Stage::new();
    stage.record(told().into_iter().take(2));
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| stage.get(&path("resellers", "as_of=2024-05-01&min_position=7")));
        let submitted = stage.command("", &crate::stage::lines()[2]);
        assert_eq!(submitted.json()["position"], json!(FOUNDED + 2));
        let answer = asking.join().unwrap();
        assert_eq!((answer.status, &answer.json()["basis"]["tree_size"]), (200, &json!(FOUNDED + 3)));
    });
}

#[test]
fn answers_are_compressed_for_who_takes_it() {
    let stage = stage();
    let asked = path("timeline", "as_of=2024-05-01&known_at=@9");
    let plain = stage.get(&asked);
    assert_eq!(plain.header("content-encoding"), None);
    for encoding in ["gzip", "zstd"] {
        let sent = stage.get_with(&asked, &format!("Accept-Encoding: {encoding}\r\n"));
        assert_eq!(sent.header("content-encoding"), Some(encoding));
        assert_eq!(sent.header("etag"), plain.header("etag"));
        assert!(sent.body.len() < plain.body.len(), "{encoding}");
    }
}
