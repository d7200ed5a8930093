//! Jobs: who may order which, that one is done at a time beside the writer, and what can become of it.

use std::io::{BufRead as _, BufReader, Write as _};

use ofrecord_server::{AccessRole, JobKind, Limits, Scope};
use ofrecord_testkit::name;
use serde_json::{Value, json};

use crate::rehearsal::Step;
use crate::stage::{Answer, FOUNDED, Stage, customer, lines};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const OWN_PAGE: &str = "Sec-Fetch-Site: same-origin\r\n";

fn ordered(stage: &Stage, token: &str, order: &Value) -> Answer {
    stage.post("/v1/jobs", JSON, token, &order.to_string())
}

/// The id of a job that is taken.
fn taken(stage: &Stage, order: &Value) -> String {
    let answer = ordered(stage, "", order);
    assert_eq!((answer.status, answer.json_code()), (202, None), "{}", answer.text());
    let job = answer.json();
    let id = job["id"].as_str().unwrap().to_owned();
    assert_eq!(answer.header("location"), Some(format!("/v1/jobs/{id}").as_str()));
    id
}

fn changed(stage: &Stage, id: &str, change: &str) -> Answer {
    stage.post(&format!("/v1/jobs/{id}/{change}"), JSON, "", "")
}

/// Follows a job until what is told of it fits.
pub(crate) fn until(stage: &Stage, id: &str, fits: impl Fn(&Value) -> bool) -> Value {
    let mut stream = stage.connect();
    let head = format!("GET /v1/jobs/{id} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    let mut told = lines.filter_map(|line| serde_json::from_str(line.strip_prefix("data: ")?).ok());
    told.find(fits).unwrap_or_else(|| panic!("the stream of {id} ended"))
}

pub(crate) fn stands(state: &'static str) -> impl Fn(&Value) -> bool {
    move |job| job["state"] == state
}

/// Orders a job of a kind; a source is sent rather than ordered.
fn ordered_of(stage: &Stage, token: &str, kind: JobKind) -> Answer {
    match kind {
        JobKind::Import => stage.post("/v1/imports", "application/octet-stream", token, "[]"),
        JobKind::Evidence
        | JobKind::Rebuild
        | JobKind::Replay
        | JobKind::Verify
        | JobKind::Certify
        | JobKind::Backup => ordered(stage, token, &order_of(kind)),
    }
}

fn order_of(kind: JobKind) -> Value {
    match kind {
        JobKind::Evidence => json!({"kind": "evidence", "customer": customer()}),
        JobKind::Rebuild | JobKind::Replay | JobKind::Verify | JobKind::Certify | JobKind::Backup | JobKind::Import => {
            json!({"kind": kind.word()})
        }
    }
}

#[test]
fn an_order_that_is_none_is_refused_and_says_what_is_wrong() {
    let stage = Stage::new();
    for (body, named) in [
        ("", "EOF"),
        ("{}", "kind"),
        (r#"{"kind":"restore"}"#, "restore"),
        (r#"{"kind":"import"}"#, "import"),
        (r#"{"kind":"verify","from":1}"#, "from"),
        (r#"{"kind":"replay","from":"x"}"#, "invalid type"),
        (r#"{"kind":"certify","customer":"x"}"#, "GUID"),
        (r#"{"kind":"certify","known_at":"@x"}"#, "known_at"),
        (r#"{"kind":"evidence"}"#, "name one of the two"),
        (&json!({"kind": "evidence", "customer": customer(), "partner": customer()}).to_string(), "one of the two"),
    ] {
        let answer = stage.post("/v1/jobs", JSON, "", body);
        assert_eq!((answer.status, answer.json_code().as_deref()), (400, Some("malformed")), "{body}");
        assert!(answer.text().contains(named), "{named}: {}", answer.text());
    }
    let answer = stage.post("/v1/jobs", "text/plain", "", r#"{"kind":"verify"}"#);
    assert_eq!(answer.json_code().as_deref(), Some("media_type"));
    let answer = ordered(&stage, "", &json!({"kind": "backup"}));
    assert_eq!((answer.status, answer.json_code().as_deref()), (409, Some("job_not_possible")));
    assert!(answer.text().contains("no folder for backups"), "{}", answer.text());
    assert_eq!(stage.get("/v1/jobs").json(), json!({"jobs": []}));
    for path in ["/v1/jobs/0-1", "/v1/jobs/0-1/result"] {
        assert_eq!(stage.get(path).status, 404, "{path}");
    }
    assert_eq!(changed(&stage, "0-1", "cancel").status, 404);
}

#[test]
fn what_a_page_from_elsewhere_sends_orders_and_changes_nothing() {
    let stage = Stage::new();
    let order = json!({"kind": "replay"});
    for foreign in ["Origin: https://evil.example\r\n", "Sec-Fetch-Site: cross-site\r\n", "Origin: null\r\n"] {
        assert_eq!(ordered(&stage, foreign, &order).status, 400, "{foreign}");
        assert_eq!(stage.post("/v1/jobs/0-1/cancel", JSON, foreign, "").status, 400, "{foreign}");
        assert_eq!(stage.post("/console/jobs", FORM, foreign, "kind=replay").status, 400, "{foreign}");
    }
    assert_eq!(stage.post("/console/jobs", FORM, "", "kind=replay").status, 400, "a form comes from a page");
    assert_eq!(stage.get("/v1/jobs").json(), json!({"jobs": []}));
}

/// Which roles may order which kind, in the order of the roles. Written out here, so that the server is held to it.
fn may(kind: JobKind) -> [bool; 5] {
    match kind {
        JobKind::Verify | JobKind::Replay => [false, false, true, true, true],
        JobKind::Rebuild | JobKind::Backup | JobKind::Import => [false, false, false, false, true],
        JobKind::Certify | JobKind::Evidence => [false, false, true, true, false],
    }
}

#[test]
fn every_kind_of_job_is_ordered_by_the_roles_that_may_and_refused_to_every_other() {
    let stage = Stage::asking(Limits::default());
    let roles = [
        (AccessRole::PartnerUser, Scope::Partner(name::partner("P"))),
        (AccessRole::CustomerAdmin, Scope::Customer(name::customer("C"))),
        (AccessRole::Auditor, Scope::OfRole),
        (AccessRole::ComplianceOfficer, Scope::OfRole),
        (AccessRole::Operator, Scope::OfRole),
    ];
    assert_eq!(roles.map(|(role, _)| role), AccessRole::ALL);
    let tokens = roles.map(|(role, scope)| stage.token(role.word(), role, scope));
    for kind in JobKind::ALL {
        for ((token, role), may) in tokens.iter().zip(AccessRole::ALL).zip(may(kind)) {
            let answer = ordered_of(&stage, token, kind);
            let said = format!("{} as {}: {}", kind.word(), role.word(), answer.text());
            // The folder of backups that is missing is found only after the role was looked at.
            let expected = if kind == JobKind::Backup { 409 } else { 202 };
            assert_eq!(answer.status, if may { expected } else { 403 }, "{said}");
        }
    }
    let jobs = stage.get_with("/v1/jobs", &tokens[4]).json();
    for job in jobs["jobs"].as_array().unwrap() {
        let is_content = ["certify", "evidence"].contains(&job["kind"].as_str().unwrap());
        assert_eq!(job.get("order").is_none(), is_content, "an operator sees no content: {job}");
        if is_content {
            let cancel = format!("/v1/jobs/{}/cancel", job["id"].as_str().unwrap());
            assert_eq!(stage.post(&cancel, JSON, &tokens[4], "").status, 403, "{job}");
        }
    }
}

#[test]
fn what_comes_of_a_job_is_given_to_whoever_ordered_it() {
    let stage = Stage::asking(Limits::default());
    let token = |name: &str, role| stage.token(name, role, Scope::OfRole);
    let (kim, robin) = (token("kim", AccessRole::Auditor), token("robin", AccessRole::ComplianceOfficer));
    let operator = token("op", AccessRole::Operator);
    let answer = ordered(&stage, &kim, &order_of(JobKind::Evidence)).json();
    let id = answer["id"].as_str().unwrap();
    let path = format!("/v1/jobs/{id}");
    let job = loop {
        let job = stage.get_with(&path, &kim).json();
        if job["state"] == "done" {
            break job;
        }
    };
    assert_eq!((&job["by"], &job["report"]), (&json!("kim"), &json!({"bytes": 6})), "{job}");
    let result = format!("{path}/result");
    assert_eq!(job["result"], json!(result));
    let answer = stage.get_with(&result, &kim);
    assert_eq!((answer.status, answer.text().as_str()), (200, "a pack"));
    assert_eq!(answer.header("content-type"), Some("application/zip"));
    let named = format!("attachment; filename=\"evidence-{id}.zip\"");
    assert_eq!(answer.header("content-disposition"), Some(named.as_str()));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    for other in [&robin, &operator] {
        assert_eq!(stage.get_with(&result, other).status, 403);
        let told = stage.get_with(&path, other).json();
        assert!(told.get("result").is_none() && told.get("report").is_none(), "{told}");
    }
}

#[test]
fn a_job_goes_on_beside_the_writer_and_can_be_paused_and_resumed() {
    let stage = Stage::new();
    let id = taken(&stage, &json!({"kind": "verify"}));
    let job = until(&stage, &id, |job| job["progress"]["done"] == 0);
    assert_eq!((&job["state"], &job["progress"]["stage"]), (&json!("running"), &json!("led")), "{job}");
    assert_eq!(changed(&stage, &id, "resume").json_code().as_deref(), Some("job_state"), "it is not paused");
    let paused = changed(&stage, &id, "pause");
    assert_eq!((paused.status, &paused.json()["state"]), (202, &json!("paused")));
    // The step is taken, and the one after it is not begun.
    stage.steps.send(Step::On).unwrap();
    until(&stage, &id, |job| job["progress"]["done"] == 1 && job["state"] == "paused");
    stage.steps.send(Step::Found).unwrap();
    for (number, line) in (0..).zip(lines().iter().take(2)) {
        let answer = stage.command("", line);
        assert_eq!((answer.status, &answer.json()["position"]), (201, &json!(FOUNDED + number)), "{}", answer.text());
    }
    assert_eq!(stage.get(&format!("/v1/jobs/{id}")).json()["state"], "paused");
    assert_eq!(stage.get(&format!("/v1/jobs/{id}/result")).status, 404, "nothing has come of it");
    assert!(stage.get("/metrics").text().contains("ofrecord_jobs{state=\"running\"} 1"));
    assert_eq!(changed(&stage, &id, "pause").status, 409, "it is paused already");
    assert_eq!(changed(&stage, &id, "resume").status, 202);
    let job = until(&stage, &id, stands("done"));
    assert_eq!(job["verdict"], "found", "{job}");
    assert!(job["started_at"].is_string() && job["ended_at"].is_string(), "{job}");
    assert_eq!(stage.get(&format!("/v1/jobs/{id}/result")).json(), json!({"led": true}));
    assert_eq!(changed(&stage, &id, "cancel").json_code().as_deref(), Some("job_state"), "it has ended");
}

#[test]
fn a_replay_as_a_job_says_what_a_replay_says() {
    let stage = Stage::new();
    let id = taken(&stage, &json!({"kind": "replay", "from": 1, "to": FOUNDED}));
    let job = until(&stage, &id, stands("done"));
    assert_eq!((&job["verdict"], &job["order"]["from"]), (&json!("sound"), &json!(1)), "{job}");
    let report = stage.get(&format!("/v1/jobs/{id}/result")).json();
    assert_eq!((&report["from"], &report["commands"]), (&json!(1), &json!(FOUNDED - 1)), "{report}");
}

#[test]
fn one_job_is_done_at_a_time_and_a_bounded_number_waits() {
    let stage = Stage::new();
    let first = taken(&stage, &json!({"kind": "verify"}));
    until(&stage, &first, stands("running"));
    let waiting: Vec<String> = (0..16).map(|_| taken(&stage, &json!({"kind": "replay"}))).collect();
    let full = ordered(&stage, "", &json!({"kind": "replay"}));
    assert_eq!((full.status, full.json_code().as_deref()), (503, Some("too_many_jobs")));
    assert!(full.header("retry-after").is_some());
    let listed = stage.get("/v1/jobs").json();
    let states: Vec<&str> =
        listed["jobs"].as_array().unwrap().iter().map(|job| job["state"].as_str().unwrap()).collect();
    assert_eq!((states.len(), states[0], states[16]), (17, "queued", "running"), "the newest first");
    assert_eq!(changed(&stage, &waiting[0], "pause").status, 409, "what waits is not paused");
    assert_eq!(changed(&stage, &waiting[0], "cancel").json()["state"], "cancelled");
    let again = taken(&stage, &json!({"kind": "replay"}));
    stage.steps.send(Step::Found).unwrap();
    until(&stage, &again, stands("done"));
    assert_eq!(stage.get(&format!("/v1/jobs/{}", waiting[0])).json()["state"], "cancelled", "it was never begun");
}

#[test]
fn a_job_that_fails_or_breaks_or_is_cancelled_ends_itself_and_no_other() {
    let stage = Stage::new();
    let failed = taken(&stage, &json!({"kind": "verify"}));
    stage.steps.send(Step::Failed).unwrap();
    let job = until(&stage, &failed, stands("failed"));
    assert_eq!((&job["problem"], &job["hint"]), (&json!("could not go on"), &json!("try again")), "{job}");
    let broken = taken(&stage, &json!({"kind": "verify"}));
    stage.steps.send(Step::Panic).unwrap();
    let job = until(&stage, &broken, stands("failed"));
    assert_eq!(job["problem"], "the work ended by a panic");
    let cancelled = taken(&stage, &json!({"kind": "certify"}));
    until(&stage, &cancelled, stands("running"));
    assert_eq!(changed(&stage, &cancelled, "pause").status, 202);
    assert_eq!(changed(&stage, &cancelled, "cancel").status, 202, "also while it is paused");
    stage.steps.send(Step::On).unwrap();
    until(&stage, &cancelled, stands("cancelled"));
    let next = taken(&stage, &json!({"kind": "replay"}));
    until(&stage, &next, stands("done"));
}

#[test]
fn a_server_that_stops_cancels_its_jobs_and_says_so() {
    let mut stage = Stage::new();
    let running = taken(&stage, &json!({"kind": "verify"}));
    until(&stage, &running, stands("running"));
    let waiting = taken(&stage, &json!({"kind": "replay"}));
    assert_eq!(changed(&stage, &running, "pause").status, 202);
    let mut followers = [&running, &waiting].map(|id| {
        let mut stream = stage.connect();
        let head = format!("GET /v1/jobs/{id} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
        assert!(lines.any(|line| line == "event: job"), "it is followed before the server is asked to stop");
        lines
    });
    stage.stop.ask();
    stage.steps.send(Step::On).unwrap();
    for lines in &mut followers {
        let end = lines.find(|line| line.contains("\"ended_at\"")).unwrap();
        assert!(end.contains("\"state\":\"cancelled\""), "{end}");
    }
    assert_eq!(stage.ended().cancelled, [format!("verify {running}"), format!("replay {waiting}")]);
}

#[test]
fn the_page_of_operations_orders_shows_and_changes_jobs() {
    let stage = Stage::new();
    let page = || stage.get("/console/operations").text();
    assert!(page().contains("None was ordered") && !page().contains("data-refresh"), "{}", page());
    let answer = stage.post("/console/jobs", FORM, OWN_PAGE, "kind=verify&purpose=");
    assert_eq!((answer.status, answer.header("location")), (303, Some("/console/operations#jobs")));
    let id = stage.get("/v1/jobs").json()["jobs"][0]["id"].as_str().unwrap().to_owned();
    until(&stage, &id, |job| job["progress"]["done"] == 0);
    let shown = page();
    for part in ["data-refresh", "<progress max=\"10\" value=\"0\"", &format!("/console/jobs/{id}/pause"), "running"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let paused = stage.post(&format!("/console/jobs/{id}/pause"), FORM, OWN_PAGE, "");
    assert_eq!(paused.status, 303, "{}", paused.text());
    assert!(page().contains(&format!("/console/jobs/{id}/resume")) && page().contains("paused"), "{}", page());
    let wrong = stage.post("/console/jobs", FORM, OWN_PAGE, "kind=replay&from=x");
    assert!(wrong.status == 400 && wrong.text().contains("the form"), "{}", wrong.text());
    assert_eq!(stage.post(&format!("/console/jobs/{id}/cancel"), FORM, OWN_PAGE, "").status, 303);
    stage.steps.send(Step::On).unwrap();
    until(&stage, &id, stands("cancelled"));
    assert!(!page().contains("data-refresh") && page().contains("cancelled"), "{}", page());
}

#[test]
fn the_page_of_a_customer_orders_files_about_it_at_its_viewpoint() {
    let stage = Stage::new();
    let page = stage.get(&format!("/console/customers/{}?as_of=2024-03-01&known_at=@5", customer())).text();
    let mut ordered = Vec::new();
    for form in page.split("action=\"/console/jobs\"").skip(1) {
        let fields = form.split("</form>").next().unwrap().split("type=\"hidden\" name=\"").skip(1);
        let fields: Vec<String> = fields
            .map(|field| {
                let (name, rest) = field.split_once("\" value=\"").unwrap();
                format!("{name}={}", rest.split('"').next().unwrap())
            })
            .collect();
        let answer = stage.post("/console/jobs", FORM, OWN_PAGE, &fields.join("&"));
        assert_eq!((answer.status, answer.header("location")), (303, Some("/console/operations#jobs")), "{fields:?}");
        ordered.push(fields);
    }
    let of_customer = format!("customer={}", customer());
    let at = "as_of=2024-03-01T00:00:00.0000000Z".to_owned();
    assert_eq!(
        ordered,
        [
            vec!["kind=evidence".to_owned(), of_customer.clone(), "known_at=@5".to_owned(), at],
            vec!["kind=certify".to_owned(), of_customer, "known_at=@5".to_owned()],
        ]
    );
    let jobs = stage.get("/v1/jobs").json();
    let kinds: Vec<&Value> = jobs["jobs"].as_array().unwrap().iter().map(|job| &job["kind"]).collect();
    assert!(kinds.len() == 2 && kinds.contains(&&json!("certify")) && kinds.contains(&&json!("evidence")), "{jobs}");
    let stage = Stage::asking(Limits::default());
    let token = stage.token("own", AccessRole::CustomerAdmin, Scope::Customer(name::customer("C")));
    let page = stage.get_with(&format!("/console/customers/{}", customer()), &token).text();
    assert!(!page.contains("/console/jobs"), "whoever may not order it is not shown the form: {page}");
}
