//! Jobs of `ofrecord serve` as a process: each says what the command of its name says, beside commands that come in.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fs;

use ofrecord_acceptance::serving::Serving;
use ofrecord_acceptance::stage::{Stage, fixture};
use serde_json::{Value, json};

const CONTOSO: &str = "cccccccc-0000-4000-8000-000000000001";
const CLOCK: &str = "2018-09-01";

fn served(stage: &Stage, more: &[&str]) -> Serving {
    let mut arguments = vec!["serve", "--listen", "127.0.0.1:0", "--clock", CLOCK];
    arguments.extend(more);
    Serving::listening(stage, &arguments)
}

fn ordered(serving: &Serving, order: &Value) -> (u16, Value) {
    let (status, body) = serving.sent("/v1/jobs", "application/json", &order.to_string());
    (status, serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}")))
}

/// Orders a job, and waits for its end.
fn done(serving: &Serving, order: &Value) -> Value {
    let (status, job) = ordered(serving, order);
    assert_eq!(status, 202, "{job}");
    let id = job["id"].as_str().unwrap();
    let request = format!(
        "GET /v1/jobs/{id} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: text/event-stream\r\n\r\n"
    );
    let told = serving.answer(request.as_bytes());
    let end = told.split("event: end\ndata: ").nth(1).unwrap_or_else(|| panic!("no end: {told}"));
    let job: Value = serde_json::from_str(end.lines().next().unwrap()).unwrap();
    assert_eq!(job["state"], "done", "{job}");
    job
}

fn result(serving: &Serving, job: &Value) -> (u16, Vec<u8>) {
    serving.fetched(job["result"].as_str().unwrap())
}

fn report(serving: &Serving, job: &Value) -> Value {
    serde_json::from_slice(&result(serving, job).1).unwrap()
}

#[test]
fn what_takes_keys_or_a_folder_that_the_server_was_not_given_is_refused_and_says_which() {
    let stage = Stage::with_story();
    let mut serving = served(&stage, &["--keys", "nowhere"]);
    for (order, named) in [
        (json!({"kind": "certify"}), "ofrecord key create"),
        (json!({"kind": "evidence", "customer": CONTOSO}), "no keys to sign with"),
        (json!({"kind": "backup"}), "--backups DIR"),
    ] {
        let (status, problem) = ordered(&serving, &order);
        assert_eq!((status, &problem["code"]), (409, &json!("job_not_possible")), "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(named), "{problem}");
    }
    let (_, job) = ordered(&serving, &json!({"kind": "replay", "from": 3, "to": 1}));
    let path = format!("/v1/jobs/{}", job["id"].as_str().unwrap());
    let failed = loop {
        let told: Value = serde_json::from_str(&serving.asked(&path).1).unwrap();
        if told["state"] == "failed" {
            break told;
        }
    };
    assert!(failed["problem"].as_str().unwrap().starts_with("could not "), "{failed}");
    assert!(failed["hint"].as_str().unwrap().contains("ofrecord stats"), "{failed}");
    assert_eq!(serving.ended().0, Some(0));
}

#[test]
fn every_job_says_what_the_command_of_its_name_says() {
    let stage = Stage::with_story();
    let said = |arguments: &str| -> Value {
        let mut all: Vec<&str> = arguments.split(' ').collect();
        all.extend(["--format", "json", "--clock", CLOCK]);
        let ran = stage.ran(&all, b"");
        assert_eq!(ran.code, Some(0), "{}", ran.shown());
        serde_json::from_str(&ran.stdout).unwrap()
    };
    let (verified, replayed) = (said("verify"), said("replay --from 2 --to 9"));
    assert_eq!(said("rebuild")["drifted"], json!(0));
    let mut serving = served(&stage, &["--backups", "backups"]);
    let job = done(&serving, &json!({"kind": "verify"}));
    assert_eq!((&job["verdict"], report(&serving, &job)), (&json!("sound"), verified));
    let job = done(&serving, &json!({"kind": "replay", "from": 2, "to": 9}));
    assert_eq!((&job["verdict"], report(&serving, &job)), (&json!("sound"), replayed));
    let job = done(&serving, &json!({"kind": "rebuild"}));
    let rebuilt = report(&serving, &job);
    assert!(rebuilt["compared_with"].is_u64() && rebuilt["drifted"] == json!(0), "{rebuilt}");
    let job = done(&serving, &json!({"kind": "backup", "purpose": "the daily one"}));
    let copied = report(&serving, &job);
    assert_eq!((&copied["origin"], &copied["kept_files"]), (&json!("example.cn/ledger"), &json!(0)), "{copied}");
    let (_, page) = serving.asked("/console/operations");
    let kept = ["answers come from it", "from the next start on", "0 of them differ", "It is the root of this log"];
    for said in kept.into_iter().chain(["No drill left its certificate"]) {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert_eq!(serving.ended(), (Some(0), String::new()));
    let checked = stage.ran(&["backup", "--verify", "backups"], b"");
    assert_eq!(checked.code, Some(0), "{}", checked.shown());
    let tried = stage.ran(&["restore", "backups", "--drill", "--clock", CLOCK], b"");
    assert_eq!(tried.code, Some(0), "{}", tried.shown());
    let mut serving = served(&stage, &["--backups", "backups"]);
    let (_, page) = serving.asked("/console/operations");
    assert!(page.contains("Drills that tried to restore it") && page.contains("<td>sound</td>"), "{page}");
    assert_eq!(serving.ended(), (Some(0), String::new()));
    for command in [&["verify"][..], &["drift"], &["resellers", CONTOSO, "--as-of", "2018-06-15"]] {
        let ran = stage.ran(command, b"");
        assert_eq!(ran.code, Some(0), "by the rows that the job put in place: {}", ran.shown());
    }
}

#[test]
fn certificates_and_packs_of_jobs_are_signed_recorded_kept_and_given_out() {
    let stage = Stage::with_story();
    let mut serving = served(&stage, &["--results", "results"]);
    let size = |serving: &Serving| -> u64 {
        serde_json::from_str::<Value>(&serving.asked("/v1/status").1).unwrap()["tree_size"].as_u64().unwrap()
    };
    let before = size(&serving);
    assert_eq!(serving.asked("/checkpoint").0, 200, "checkpoints are signed beside what jobs sign");
    let of_one = done(&serving, &json!({"kind": "certify", "customer": CONTOSO, "purpose": "audit"}));
    let of_all = done(&serving, &json!({"kind": "certify"}));
    let pack = done(&serving, &json!({"kind": "evidence", "customer": CONTOSO, "as_of": "2018-06-15"}));
    assert_eq!(serving.asked("/checkpoint").0, 200);
    assert!(size(&serving) >= before + 3, "each is recorded");
    for (job, name) in [(&of_one, "one.json"), (&of_all, "all.json"), (&pack, "pack.zip")] {
        let (status, bytes) = result(&serving, job);
        assert_eq!(status, 200, "{job}");
        stage.write(name, &bytes);
        let kept = job["report"]["file"].as_str().or(job["report"]["pack"].as_str()).unwrap();
        assert_eq!(fs::read(stage.folder().join("results").join(kept)).unwrap(), bytes, "{kept}");
    }
    assert_eq!(serving.ended(), (Some(0), String::new()));
    let key = stage.ran(&["key", "--quiet"], b"").stdout.trim().to_owned();
    for check in [&["check", "one.json"][..], &["check", "all.json"], &["evidence", "verify", "pack.zip"]] {
        let ran = stage.ran(&[check, &["--key", &key]].concat(), b"");
        assert_eq!(ran.code, Some(0), "{}", ran.shown());
    }
    let told = stage.ran(&["export", "--as", "cloudevents", "--clock", CLOCK], b"").stdout;
    assert!(told.contains("\"purpose\":\"audit\""), "the purpose stands in the entry");
}

#[test]
fn commands_come_in_while_jobs_are_done_and_a_stop_says_which_were_cancelled() {
    let stage = Stage::with_ledger();
    let mut days: Vec<_> = fs::read_dir(fixture("story")).unwrap().map(|day| day.unwrap().path()).collect();
    days.sort();
    let clock = days.first().unwrap().file_stem().unwrap().to_str().unwrap().to_owned();
    let mut serving = Serving::listening(&stage, &["serve", "--listen", "127.0.0.1:0", "--clock", &clock]);
    let first = fs::read_to_string(days.first().unwrap()).unwrap();
    for line in first.lines() {
        let (status, job) = ordered(&serving, &json!({"kind": "verify"}));
        assert!(status == 202 || status == 503, "{job}");
        let (status, receipt) = serving.sent("/v1/commands", "application/json", line);
        assert_eq!(status, 201, "{receipt}");
    }
    // One may end before it can be paused; one that is paused does not.
    let paused = loop {
        let (_, job) = ordered(&serving, &json!({"kind": "verify"}));
        let Some(id) = job["id"].as_str() else { continue };
        if serving.sent(&format!("/v1/jobs/{id}/pause"), "application/json", "").0 == 202 {
            break id.to_owned();
        }
    };
    let (code, said) = serving.ended();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("jobs were cancelled: ") && said.contains(&format!("verify {paused}")), "{said}");
    let verified = stage.ran(&["verify"], b"");
    assert_eq!(verified.code, Some(0), "{}", verified.shown());
}
