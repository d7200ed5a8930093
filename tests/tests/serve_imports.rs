//! Sources that are sent to `ofrecord serve` as a process: each says and records what `ofrecord import` says and records.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;

use ofrecord_acceptance::serving::Serving;
use ofrecord_acceptance::stage::{Stage, fixture};
use serde_json::{Value, json};

const PARTNER: &str = "aaaaaaaa-0000-4000-8000-000000000002";
const CLOCK: &str = "2018-09-15";
const BYTES: &str = "application/octet-stream";
/// Records of a source that takes long enough to be paused.
const MANY: usize = 500;

fn served(stage: &Stage) -> Serving {
    Serving::listening(stage, &["serve", "--listen", "127.0.0.1:0", "--clock", CLOCK])
}

fn source(name: &str) -> String {
    fs::read_to_string(fixture("records").join(name)).unwrap()
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn sent(serving: &Serving, query: &str, source: &str) -> String {
    let (status, job) = serving.sent(&format!("/v1/imports?{query}"), BYTES, source);
    assert_eq!(status, 202, "{job}");
    value(&job)["id"].as_str().unwrap().to_owned()
}

/// Follows a job until what is told of it fits.
fn until(serving: &Serving, id: &str, fits: impl Fn(&Value) -> bool) -> Value {
    let mut stream = TcpStream::connect(serving.url.strip_prefix("http://").unwrap()).unwrap();
    let head = format!("GET /v1/jobs/{id} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    let mut told = lines.filter_map(|line| serde_json::from_str(line.strip_prefix("data: ")?).ok());
    told.find(fits).unwrap_or_else(|| panic!("the stream of {id} ended"))
}

fn stands(state: &'static str) -> impl Fn(&Value) -> bool {
    move |job| job["state"] == state
}

fn changed(serving: &Serving, id: &str, change: &str) {
    let (status, job) = serving.sent(&format!("/v1/jobs/{id}/{change}"), "application/json", "");
    assert_eq!(status, 202, "{job}");
}

/// Sends a source, and has its job held on its way.
fn held(serving: &Serving, source: &str) -> String {
    let id = sent(serving, "name=many.json", source);
    until(serving, &id, stands("running"));
    changed(serving, &id, "pause");
    until(serving, &id, stands("paused"));
    id
}

/// Sends a source, and gives the job and its report.
fn done(serving: &Serving, query: &str, source: &str) -> (Value, Value) {
    let job = until(serving, &sent(serving, query, source), stands("done"));
    let report = value(&serving.asked(job["result"].as_str().unwrap()).1);
    (job, report)
}

fn size(serving: &Serving) -> u64 {
    value(&serving.asked("/v1/status").1)["tree_size"].as_u64().unwrap()
}

/// What `import --format json` says of the same bytes under the same name.
fn said(stage: &Stage, name: &str, source: &str, more: &[&str]) -> Value {
    stage.write(name, source);
    let ran = stage.ran(&[&["import", name, "--clock", CLOCK, "--format", "json"][..], more].concat(), b"");
    value(&ran.stdout)
}

#[test]
fn what_is_sent_is_reported_and_recorded_as_import_does_it() {
    let (stage, other) = (Stage::with_story(), Stage::with_story());
    let of_partner = format!("partner={PARTNER}");
    let covers = format!("{of_partner}&fetched_at=2018-09-01&covers_from=2018-04-01&covers_to=2018-05-01");
    let period = ["--fetched-at", "2018-09-01", "--covers-from", "2018-04-01", "--covers-to", "2018-05-01"];
    let assignments = fs::read_dir(fixture("records/gdap/accessAssignments")).unwrap().next().unwrap().unwrap();
    let assignments = fs::read_to_string(assignments.path()).unwrap();
    let mut serving = served(&stage);
    for (name, content, query, more) in [
        ("truncated.json", source("truncated.json"), "", &[][..]),
        ("half-readable.json", source("half-readable.json"), "", &[]),
        ("april.json", source("audit/april.json"), "dry_run=true", &["--dry-run"]),
        ("april.json", source("audit/april.json"), &covers, &[&["--partner", PARTNER][..], &period].concat()),
        ("april.json", source("audit/april.json"), "", &[]),
        ("other.json", source("same-id-other-content.json"), "", &[]),
        ("relationships.json", source("gdap/relationships.json"), &of_partner, &["--partner", PARTNER]),
        ("assignments.json", assignments, &of_partner, &["--partner", PARTNER]),
    ] {
        let before = size(&serving);
        let (job, report) = done(&serving, &format!("name={name}&{query}"), &content);
        assert_eq!(report, said(&other, name, &content, more), "{name} {query}");
        let count = |key: &str| report[key].as_u64().unwrap();
        let tally = &job["tally"];
        assert_eq!(tally["read"], report["records"], "{job}");
        assert_eq!(tally["refused"], json!(count("refused") + count("conflicts")), "{job}");
        assert_eq!(
            (&tally["repeated"], &tally["unknown"]),
            (&report["repeated"], &json!(count("bad") + count("unrecognised")))
        );
        let is_clean = count("refused") + count("conflicts") + count("bad") == 0;
        assert_eq!(job["verdict"], if is_clean { "sound" } else { "found" }, "{job}");
        if query.contains("dry_run") || count("repeated") == count("statements") {
            assert_eq!(size(&serving), before, "{name} {query}");
        }
    }
    let entries = size(&serving);
    assert_eq!(serving.ended(), (Some(0), String::new()));
    let stats = |stage: &Stage| value(&stage.ran(&["stats", "--format", "json"], b"").stdout);
    assert_eq!(stats(&stage)["tree_size"], json!(entries));
    assert_eq!(stats(&stage)["root"], stats(&other)["root"], "the same entries, to the byte");
}

/// A source with many records, of one partner and one customer.
fn many() -> String {
    let april = value(&source("audit/april.json"));
    let record = &april["items"][2];
    let items: Vec<Value> = (0..MANY)
        .map(|number| {
            let mut record = record.clone();
            let id = record["id"].as_str().unwrap().rsplit_once('_').unwrap().0.to_owned();
            record["id"] = json!(format!("{id}_{}", 636_590_196_000_000_000_u64 + number as u64));
            record
        })
        .collect();
    json!({"totalCount": MANY, "items": items}).to_string()
}

#[test]
fn a_source_can_be_paused_resumed_and_cancelled_and_sent_again_repeats_nothing() {
    let stage = Stage::with_story();
    let mut serving = served(&stage);
    let many = many();
    let id = held(&serving, &many);
    changed(&serving, &id, "resume");
    until(&serving, &id, stands("running"));
    changed(&serving, &id, "cancel");
    let cancelled = until(&serving, &id, stands("cancelled"));
    let recorded = cancelled["tally"]["recorded"].as_u64().unwrap_or_default();
    assert!(recorded < MANY as u64, "it was stopped on its way: {cancelled}");
    let (_, report) = done(&serving, "name=many.json", &many);
    assert_eq!(report["statements"], json!(MANY));
    assert_eq!(report["repeated"], json!(recorded), "{cancelled}");
    let entries = size(&serving);
    let (job, report) = done(&serving, "name=again.json", &many);
    assert_eq!((&report["repeated"], &job["tally"]["recorded"]), (&json!(MANY), &json!(0)), "{job}");
    assert_eq!(size(&serving), entries);
    assert_eq!(serving.ended(), (Some(0), String::new()));
    let verified = stage.ran(&["verify"], b"");
    assert_eq!(verified.code, Some(0), "{}", verified.shown());
}

#[test]
fn a_server_that_is_killed_leaves_no_source_to_the_next_one_and_the_same_source_goes_on() {
    let stage = Stage::with_story();
    let many = many();
    let mut serving = served(&stage);
    held(&serving, &many);
    serving.kill();
    let folder = stage.folder().join("ledger.uploads");
    let kept = || fs::read_dir(&folder).unwrap().count();
    assert_eq!(kept(), 1, "the source of a job that was not ended");
    serving = served(&stage);
    assert_eq!(serving.asked("/v1/jobs").1.trim(), r#"{"jobs":[]}"#);
    assert_eq!(kept(), 0, "nobody will import it");
    let (_, report) = done(&serving, "name=many.json", &many);
    let (repeated, new) = (report["repeated"].as_u64().unwrap(), report["kept"].as_u64().unwrap());
    assert_eq!(repeated + new, MANY as u64, "{report}");
    assert_eq!(kept(), 0);
    assert_eq!(serving.ended(), (Some(0), String::new()));
}
