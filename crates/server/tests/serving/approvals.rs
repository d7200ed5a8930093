//! What takes two persons: refused to one alone however they come, and decided once another has approved.

use std::fs;

use ofrecord_core::{Entry, Evidence, SourceSystem};
use ofrecord_log::Hash;
use ofrecord_server::{AccessRole, Limits, Scope};
use ofrecord_testkit::story;
use serde_json::{Value, json};

use crate::login::{FORM, OWN, form_token, signed_in, the_cookie};
use crate::stage::{Answer, FOUNDED, Stage, customer};

const JSON: &str = "application/json";
const ID: &str = "00000000-0000-4000-8000-000000000077";

/// A stage with two compliance officers, and what each shows.
fn stage() -> (Stage, String, String) {
    let stage = Stage::asking(Limits::default());
    let (kim, robin) = (officer(&stage, "kim"), officer(&stage, "robin"));
    (stage, kim, robin)
}

fn officer(stage: &Stage, name: &str) -> String {
    stage.token(name, AccessRole::ComplianceOfficer, Scope::OfRole)
}

fn erasure() -> Value {
    json!({
        "command_id": ID,
        "command": {
            "type": "EraseSubject",
            "subject": "0123456789abcdef0123456789abcdef",
            "customer": customer(),
            "reason": "Article 17",
        },
    })
}

fn redaction() -> Value {
    json!({
        "command_id": ID,
        "command": {"type": "RedactEntry", "position": 3, "reason": "a wrong paste", "authority": "Article 17"},
    })
}

fn of_kim(mut submission: Value) -> Value {
    submission["actor"] = json!({"kind": "operator", "user": "kim", "role": "compliance_officer"});
    submission
}

fn asked(stage: &Stage, token: &str, submission: &Value) -> Answer {
    stage.post("/v1/approvals", JSON, token, &submission.to_string())
}

fn answered(stage: &Stage, token: &str, word: &str) -> Answer {
    stage.post(&format!("/v1/approvals/{ID}/{word}"), JSON, token, "{}")
}

fn told(stage: &Stage, token: &str) -> Value {
    stage.get_with(&format!("/v1/approvals/{ID}"), token).json()
}

fn size(stage: &Stage) -> u64 {
    stage.ledger.reader().log().tree_size()
}

/// The last entry.
fn last(stage: &Stage) -> Entry {
    let reader = stage.ledger.reader();
    reader.entry(reader.log().tree_size() - 1).unwrap()
}

#[test]
fn nobody_submits_alone_what_takes_two_and_two_tokens_in_one_request_are_one_request() {
    let (stage, kim, robin) = stage();
    let release = json!({"command_id": ID, "command": {"type": "ReleaseHold", "hold": "case", "reason": "settled"}});
    let mut named = redaction();
    named["command"]["approved_by"] = json!("robin");
    for submission in [erasure(), named, release] {
        let submission = of_kim(submission);
        for headers in [kim.clone(), format!("{kim}{}", robin.replace("Authorization", "Approval"))] {
            let answer = stage.command(&headers, &submission.to_string());
            assert_eq!((answer.status, answer.json_code().as_deref()), (403, Some("forbidden")), "{submission}");
            assert!(answer.text().contains("/v1/approvals"), "{}", answer.text());
        }
        let batch = stage.post("/v1/commands:batch", "application/jsonl", &kim, &format!("{submission}\n"));
        assert_eq!(serde_json::from_str::<Value>(&batch.text()).unwrap()["outcome"], json!("forbidden"));
    }
    assert_eq!(size(&stage), FOUNDED);
}

#[test]
fn what_is_asked_for_is_a_command_that_takes_two_and_comes_from_whoever_asks() {
    let (stage, kim, _) = stage();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut submission = erasure();
        change(&mut submission);
        submission
    };
    let of = |user: &str, role: &str| json!({"kind": "operator", "user": user, "role": role});
    for (submission, status, code, named) in [
        (json!([]), 400, "not_a_command", "one JSON object"),
        (json!({}), 400, "not_a_command", "command"),
        (with(&|value| value["command"]["reason"] = json!("")), 400, "not_a_command", "empty"),
        (with(&|value| value["command"]["colour"] = json!("red")), 400, "not_a_command", "colour"),
        (with(&|value| value["command_id"] = json!("x")), 400, "not_a_command", "GUID"),
        (with(&|value| value["actor"] = of("robin", "compliance_officer")), 403, "forbidden", "actor.user"),
        (with(&|value| value["actor"] = of("kim", "admin_agent")), 403, "forbidden", "actor.role"),
        (
            json!({"command": {"type": "PlaceHold", "hold": "case", "scope": "everything", "reason": "a lawsuit"}}),
            400,
            "not_a_command",
            "takes one person",
        ),
        (
            {
                let mut own = redaction();
                own["command"]["approved_by"] = json!("Kim ");
                own
            },
            403,
            "forbidden",
            "is who asks",
        ),
    ] {
        let answer = asked(&stage, &kim, &submission);
        assert_eq!((answer.status, answer.json_code().as_deref()), (status, Some(code)), "{}", answer.text());
        assert!(answer.text().contains(named), "{named}: {}", answer.text());
    }
    let open = Stage::new();
    let answer = asked(&open, "", &erasure());
    assert_eq!((answer.status, answer.json_code().as_deref()), (409, Some("approvals_need_names")));
    assert_eq!(stage.get_with("/v1/approvals", &kim).json(), json!({"approvals": []}));
    assert!(!stage.approvals().exists());
}

#[test]
fn whoever_asked_does_not_approve_by_whichever_token_session_or_spelling() {
    let (stage, kim, robin) = stage();
    assert_eq!(asked(&stage, &kim, &erasure()).status, 201);
    let session = the_cookie(&signed_in(&stage, &kim, ""));
    let form = form_token(&stage.get_with("/console/approvals", &session).text());
    let in_session = format!("{session}{OWN}Form-Token: {form}\r\n");
    let spelled = officer(&stage, " KIM");
    stage.tokens().revoke("kim", story::instant("2024-06-01")).unwrap();
    let again = officer(&stage, "kim");
    for (token, status) in [(&again, 403), (&spelled, 403), (&in_session, 401)] {
        for word in ["approve", "refuse"] {
            assert_eq!(answered(&stage, token, word).status, status, "{token}");
        }
    }
    let session = the_cookie(&signed_in(&stage, &again, ""));
    let page = stage.get_with("/console/approvals", &session).text();
    assert!(page.contains(&format!("/console/approvals/{ID}/withdraw")), "{page}");
    assert!(!page.contains("/approve\"") && !page.contains("/refuse\""), "{page}");
    let body = format!("form-token={}", form_token(&page));
    let sent = stage.post(&format!("/console/approvals/{ID}/approve"), FORM, &format!("{session}{OWN}"), &body);
    assert_eq!(sent.status, 403, "{}", sent.text());
    let auditor = stage.auditor();
    assert_eq!(answered(&stage, &auditor, "approve").status, 403, "an auditor sees it, and answers nothing");
    assert_eq!(told(&stage, &auditor)["state"], json!("waiting"));
    assert_eq!(answered(&stage, &robin, "withdraw").status, 403, "only who asked withdraws");
    assert_eq!(size(&stage), FOUNDED);
}

#[test]
fn what_was_answered_withdrawn_or_not_answered_in_time_is_not_answered_again() {
    for (word, state) in [("refuse", "refused"), ("withdraw", "withdrawn"), ("", "expired")] {
        let (stage, kim, robin) = stage();
        assert_eq!(asked(&stage, &kim, &erasure()).status, 201);
        if word.is_empty() {
            stage.clock.set(story::instant("2024-06-08"));
        } else {
            let by = if word == "withdraw" { &kim } else { &robin };
            let answer = stage.post(&format!("/v1/approvals/{ID}/{word}"), JSON, by, r#"{"reason":"not yet"}"#);
            assert_eq!((answer.status, &answer.json()["reason"]), (200, &json!("not yet")), "{}", answer.text());
        }
        assert_eq!(told(&stage, &kim)["state"], json!(state));
        for (token, word) in [(&robin, "approve"), (&robin, "refuse"), (&kim, "withdraw")] {
            let answer = answered(&stage, token, word);
            assert_eq!((answer.status, answer.json_code().as_deref()), (409, Some("approval_state")), "{state} {word}");
        }
        assert_eq!(size(&stage), FOUNDED, "{state}");
    }
    let (stage, _, robin) = stage();
    assert_eq!(answered(&stage, &robin, "approve").status, 404, "nothing was asked for");
}

#[test]
fn an_approval_is_asked_for_once_and_its_id_is_taken() {
    let (stage, kim, robin) = stage();
    assert_eq!(asked(&stage, &kim, &erasure()).status, 201);
    let again = asked(&stage, &kim, &erasure());
    assert_eq!((again.status, &again.json()["state"]), (200, &json!("waiting")), "the same again changes nothing");
    let mut other = erasure();
    other["command"]["reason"] = json!("Article 18");
    for (token, submission) in [(&kim, &other), (&robin, &erasure())] {
        let answer = asked(&stage, token, submission);
        assert_eq!((answer.status, answer.json_code().as_deref()), (409, Some("approval_id_reused")));
    }
    assert_eq!(stage.get_with("/v1/approvals", &kim).json()["approvals"].as_array().unwrap().len(), 1);
}

#[test]
fn the_entry_of_what_two_persons_did_names_who_asked_and_the_record_of_both() {
    let (stage, kim, robin) = stage();
    let waiting = asked(&stage, &kim, &redaction());
    assert_eq!((waiting.status, waiting.header("location")), (201, Some(format!("/v1/approvals/{ID}").as_str())));
    assert_eq!(waiting.json()["expires_at"], json!("2024-06-08T00:00:00.0000000Z"));
    let answer = answered(&stage, &robin, "approve");
    assert_eq!(answer.status, 201, "{}", answer.text());
    let (entry, told) = (last(&stage), told(&stage, &stage.auditor()));
    let decision = serde_json::to_value(&entry.decision).unwrap();
    assert_eq!(decision.pointer("/actor/user"), Some(&json!("kim")), "{decision}");
    assert_eq!(decision.pointer("/command/approved_by"), Some(&json!("robin")), "{decision}");
    let [Evidence { source, record_id, raw_hash, .. }] = entry.decision.evidence.as_slice() else {
        panic!("{decision}")
    };
    assert_eq!((source, record_id.as_str()), (&SourceSystem::Manual, format!("approval:{ID}").as_str()));
    let record = told["record"]["text"].as_str().unwrap();
    assert_eq!(*raw_hash, Hash::of(record.as_bytes()).to_string());
    assert_eq!(told["record"]["sha256"], json!(raw_hash));
    let kept = fs::read_to_string(stage.approvals().join(format!("{ID}.jsonl"))).unwrap();
    assert_eq!(kept.split_inclusive('\n').take(2).collect::<String>(), record, "the first two lines of the file");
    assert!(record.contains(r#""asked_by":"kim""#) && record.contains(r#""answered_by":"robin""#), "{record}");
    assert_eq!((&told["state"], &told["outcome"]), (&json!("decided"), &json!("accepted")));
    assert_eq!(told["position"], json!(entry.position));
    let again = answered(&stage, &robin, "approve");
    assert_eq!(again.json_code().as_deref(), Some("approval_state"));
}

#[test]
fn a_command_that_names_who_approves_is_approved_by_nobody_else() {
    let (stage, kim, robin) = stage();
    let lou = officer(&stage, "lou");
    let mut named = redaction();
    named["command"]["approved_by"] = json!("robin");
    assert_eq!(asked(&stage, &kim, &named).status, 201);
    let answer = answered(&stage, &lou, "approve");
    assert!(answer.status == 403 && answer.text().contains("names somebody else"), "{}", answer.text());
    assert_eq!(answered(&stage, &robin, "approve").status, 201);
}

#[test]
fn a_rule_that_refuses_what_was_approved_is_what_came_of_it() {
    let (stage, kim, robin) = stage();
    let release = json!({"command_id": ID, "command": {"type": "ReleaseHold", "hold": "case", "reason": "settled"}});
    assert_eq!(asked(&stage, &kim, &release).status, 201);
    let answer = answered(&stage, &robin, "approve");
    assert_eq!((answer.status, answer.json_code().as_deref()), (422, Some("hold_not_standing")));
    let told = told(&stage, &kim);
    assert_eq!((&told["outcome"], &told["code"]), (&json!("refused"), &json!("hold_not_standing")));
    assert_eq!(told["position"], json!(FOUNDED));
    assert!(serde_json::to_string(&last(&stage).decision.evidence).unwrap().contains(&format!("approval:{ID}")));
}

#[test]
fn what_was_approved_when_the_power_went_is_decided_once_whoever_approved_does_so_again() {
    let (stage, kim, robin) = stage();
    let lou = officer(&stage, "lou");
    assert_eq!(asked(&stage, &kim, &redaction()).status, 201);
    assert_eq!(answered(&stage, &robin, "approve").status, 201);
    let path = stage.approvals().join(format!("{ID}.jsonl"));
    let whole = fs::read_to_string(&path).unwrap();
    let cut: String = whole.split_inclusive('\n').take(2).collect();
    fs::write(&path, &cut).unwrap();
    assert_eq!(told(&stage, &kim)["state"], json!("approved"));
    assert_eq!(answered(&stage, &lou, "approve").status, 409, "another one approved it");
    let again = answered(&stage, &robin, "approve");
    assert_eq!((again.status, size(&stage)), (200, FOUNDED + 1), "the command was decided before: {}", again.text());
    assert_eq!(told(&stage, &kim)["outcome"], json!("repeated"));
    fs::write(&path, "spoiled\n").unwrap();
    assert_eq!(answered(&stage, &robin, "approve").status, 500, "what cannot be read is not approved");
}

#[test]
fn the_page_shows_what_waits_and_its_buttons_answer() {
    let (stage, kim, robin) = stage();
    assert_eq!(asked(&stage, &kim, &redaction()).status, 201);
    let session = the_cookie(&signed_in(&stage, &robin, ""));
    let page = stage.get_with("/console/approvals", &session).text();
    for said in ["RedactEntry", "a wrong paste", "Article 17", "kim", &format!("/console/approvals/{ID}/approve")] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let path = format!("/console/approvals/{ID}/approve");
    for (headers, body, status) in [
        (session.clone(), format!("form-token={}", form_token(&page)), 400),
        (format!("{session}{OWN}"), String::new(), 400),
        (format!("{session}{OWN}"), format!("form-token={}&colour=red", form_token(&page)), 400),
        (format!("{session}{OWN}"), format!("form-token={}", form_token(&page)), 303),
    ] {
        assert_eq!(stage.post(&path, FORM, &headers, &body).status, status, "{body}");
    }
    assert_eq!(size(&stage), FOUNDED + 1);
    let page = stage.get_with("/console/approvals", &session).text();
    assert!(page.contains("decided by <bdi>robin</bdi>") && page.contains("entries/5"), "{page}");
    let auditor = stage.auditor();
    let page = stage.get_with("/console/approvals", &auditor).text();
    assert!(!page.contains("method=\"post\""), "an auditor has no buttons: {page}");
}

#[test]
fn no_more_than_a_hundred_wait_at_once() {
    let (stage, kim, robin) = stage();
    for number in 0..100 {
        let mut one = erasure();
        one["command_id"] = json!(format!("00000000-0000-4000-8000-{number:012}"));
        assert_eq!(asked(&stage, &kim, &one).status, 201);
    }
    let mut one = erasure();
    one["command_id"] = json!("00000000-0000-4000-8000-000000000100");
    let full = asked(&stage, &kim, &one);
    assert_eq!((full.status, full.json_code().as_deref()), (503, Some("too_many_approvals")));
    assert_eq!(answered(&stage, &robin, "refuse").status, 200);
    assert_eq!(asked(&stage, &kim, &one).status, 201);
}
