//! A source that is sent to be imported: what is refused before a byte of it is kept, what is told of it, and that it
//! stands on the device until its job has ended and no longer.

use std::io::Write as _;
use std::time::Duration;

use ofrecord_server::{AccessRole, Limits, Scope};
use serde_json::json;

use crate::jobs::{stands, until};
use crate::rehearsal::Step;
use crate::stage::{Answer, Stage, posted, read_answer};

const BYTES: &str = "application/octet-stream";
/// The SHA-256 of `[]`, as `sha256sum` says it.
const DIGEST: &str = "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945";
const PARTNER: &str = "partner=0b2cf1cf-5a4b-4d3c-8a4f-3e9c3d0b7a02";

fn sent(stage: &Stage, query: &str, source: &str) -> Answer {
    stage.post(&format!("/v1/imports?{query}"), BYTES, "", source)
}

/// The id of a job that is taken.
fn taken(stage: &Stage, source: &str) -> String {
    let answer = sent(stage, "", source);
    assert_eq!(answer.status, 202, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[track_caller]
fn check_refused(stage: &Stage, answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, answer.json_code().as_deref()), (status, Some(code)), "{}", answer.text());
    assert_eq!(stage.get("/v1/jobs").json(), json!({"jobs": []}));
    assert_eq!(stage.uploads(), Vec::<std::path::PathBuf>::new(), "nothing of it is kept");
}

#[test]
fn what_is_said_of_a_source_is_looked_at_before_it_is_taken() {
    let stage = Stage::new();
    let (long, zeros) = (format!("name={}", "x".repeat(201)), format!("sha256={}", "0".repeat(64)));
    for (query, named) in [
        ("name=", "name"),
        ("name=a%0Ab", "name"),
        (&long, "name"),
        ("partner=x", "partner"),
        ("customer=x", "customer"),
        ("fetched_at=yesterday", "fetched_at"),
        ("covers_from=2024-01-01", "covers_from"),
        ("covers_from=2024-01-01&covers_to=2024-02-01", "covers_from"),
        (&format!("{PARTNER}&covers_from=2024-02-01&covers_to=2024-02-01"), "covers_from"),
        ("dry_run=1", "dry_run"),
        ("sha256=x", "sha256"),
        (&zeros, "sha256"),
        ("kind=import", "kind"),
    ] {
        let answer = sent(&stage, query, "[]");
        check_refused(&stage, &answer, 400, "malformed");
        assert_eq!(answer.json()["field"], json!(named), "{query}");
    }
    check_refused(&stage, &stage.post("/v1/imports", "application/json", "", "[]"), 415, "media_type");
    check_refused(&stage, &stage.post("/v1/imports", BYTES, "Content-Encoding: gzip\r\n", "[]"), 415, "media_type");
    let foreign = stage.post("/v1/imports", BYTES, "Origin: https://evil.example\r\n", "[]");
    check_refused(&stage, &foreign, 400, "malformed");
}

#[test]
fn a_source_that_is_too_long_or_breaks_off_or_does_not_come_is_not_kept() {
    let short = Duration::from_millis(50);
    let stage = Stage::within(Limits { upload_bytes: 10, stall: short, ..Limits::default() });
    check_refused(&stage, &sent(&stage, "", "[          ]"), 413, "too_large");
    let chunked = |chunks: &str| {
        format!(
            "POST /v1/imports HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {BYTES}\r\n\
             Transfer-Encoding: chunked\r\n\r\n{chunks}"
        )
    };
    let (long, wrong) = (chunked("6\r\n[     \r\n6\r\n     ]\r\n0\r\n\r\n"), chunked("1\r\n[\r\nx\r\n"));
    check_refused(&stage, &stage.raw(&long), 413, "too_large");
    check_refused(&stage, &stage.raw(&wrong), 400, "malformed");
    let mut stream = stage.connect();
    let whole = posted("/v1/imports", BYTES, "", "[]");
    stream.write_all(&whole.as_bytes()[..whole.len() - 1]).unwrap();
    check_refused(&stage, &read_answer(&mut stream), 408, "slow_body");
    assert_eq!(sent(&stage, "", "[]").status, 202, "one that is as it should be is taken all the same");
}

#[test]
fn a_source_is_kept_until_its_job_has_ended_and_what_came_is_told() {
    let stage = Stage::new();
    let query = format!("name=audit/april.json&{PARTNER}&fetched_at=2024-05-01&dry_run=true&sha256={DIGEST}");
    let answer = sent(&stage, &query, "[]");
    assert_eq!(answer.status, 202, "{}", answer.text());
    let job = answer.json();
    let id = job["id"].as_str().unwrap();
    assert_eq!(answer.header("location"), Some(format!("/v1/jobs/{id}").as_str()));
    let order = json!({
        "kind": "import",
        "name": "audit/april.json",
        "partner": "0b2cf1cf-5a4b-4d3c-8a4f-3e9c3d0b7a02",
        "fetched_at": "2024-05-01T00:00:00.0000000Z",
        "dry_run": true,
        "bytes": 2,
        "sha256": DIGEST,
    });
    assert_eq!((&job["kind"], &job["order"]), (&json!("import"), &order), "{job}");
    let running = until(&stage, id, |job| job["progress"]["done"] == 0);
    assert_eq!(running["tally"], json!({"read": 1, "recorded": 0, "repeated": 0, "refused": 0, "unknown": 0}));
    let kept = stage.uploads();
    assert_eq!((kept.len(), std::fs::read(&kept[0]).unwrap()), (1, b"[]".to_vec()));
    stage.steps.send(Step::Found).unwrap();
    let job = until(&stage, id, stands("done"));
    assert_eq!((&job["verdict"], stage.uploads().len()), (&json!("found"), 0), "{job}");
    assert_eq!(stage.get(&format!("/v1/jobs/{id}/result")).json(), json!({"sent": "[]"}));
    assert!(stage.get("/console/operations").text().contains(id), "it is a row like other jobs");
}

#[test]
fn a_source_goes_with_a_job_that_fails_is_cancelled_or_is_stopped() {
    let mut stage = Stage::new();
    for step in [Step::Failed, Step::Panic] {
        let id = taken(&stage, "[]");
        stage.steps.send(step).unwrap();
        until(&stage, &id, stands("failed"));
        assert_eq!(stage.uploads().len(), 0, "{step:?}");
    }
    let (running, waiting) = (taken(&stage, "[1]"), taken(&stage, "[2]"));
    until(&stage, &running, |job| job["progress"]["done"] == 0);
    assert_eq!(stage.uploads().len(), 2);
    let cancel = format!("/v1/jobs/{waiting}/cancel");
    assert_eq!(stage.post(&cancel, "application/json", "", "").status, 202);
    assert_eq!(stage.uploads().len(), 1, "one that waited is gone with its job");
    let last = taken(&stage, "[3]");
    let pause = format!("/v1/jobs/{running}/pause");
    assert_eq!(stage.post(&pause, "application/json", "", "").status, 202, "it is held where it is until the stop");
    stage.stop.ask();
    stage.steps.send(Step::On).unwrap();
    assert_eq!(stage.ended().cancelled, [format!("import {running}"), format!("import {last}")]);
    assert_eq!(stage.uploads().len(), 0);
}

#[test]
fn a_bounded_number_of_sources_waits_and_jobs_that_are_too_many_are_refused_before_a_source_is_taken() {
    let stage = Stage::within(Limits { uploads: 2, ..Limits::default() });
    let first = taken(&stage, "[1]");
    until(&stage, &first, |job| job["progress"]["done"] == 0);
    taken(&stage, "[2]");
    let full = sent(&stage, "", "[3]");
    assert_eq!((full.status, full.json_code().as_deref()), (503, Some("too_many_uploads")));
    stage.steps.send(Step::Found).unwrap();
    until(&stage, &first, stands("done"));
    taken(&stage, "[3]");
    loop {
        if stage.post("/v1/jobs", "application/json", "", r#"{"kind": "replay"}"#).status == 503 {
            break;
        }
    }
    let full = sent(&stage, "", "[4]");
    assert_eq!((full.status, full.json_code().as_deref()), (503, Some("too_many_jobs")));
    assert_eq!(stage.uploads().len(), 2);
}

#[test]
fn what_came_of_a_source_is_given_to_whoever_sent_it() {
    let stage = Stage::asking(Limits::default());
    let token = |name: &str, role| stage.token(name, role, Scope::OfRole);
    let (own, other) = (token("own", AccessRole::Operator), token("other", AccessRole::Operator));
    let auditor = token("kim", AccessRole::Auditor);
    let job = stage.post("/v1/imports?name=a.json", BYTES, &own, "[]").json();
    let path = format!("/v1/jobs/{}", job["id"].as_str().unwrap());
    stage.steps.send(Step::Found).unwrap();
    while stage.get_with(&path, &own).json()["state"] != "done" {}
    let result = format!("{path}/result");
    assert_eq!(stage.get_with(&result, &own).json(), json!({"sent": "[]"}));
    for elsewhere in [&other, &auditor] {
        assert_eq!(stage.get_with(&result, elsewhere).status, 403);
    }
    let told = stage.get_with(&path, &auditor).json();
    assert!(told.get("order").is_none() && told["tally"]["read"] == 1, "whose it is stays out of sight: {told}");
}
