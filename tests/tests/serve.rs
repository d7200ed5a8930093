//! `ofrecord serve` as a process: its answers are those of the command line, and it stops without losing anything.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::process::Command;

use ofrecord_acceptance::programs;
use ofrecord_acceptance::serving::Serving;
use ofrecord_acceptance::stage::{Stage, fixture};

const CONTOSO: &str = "cccccccc-0000-4000-8000-000000000001";
const OFFICE: &str = "5ab5c81b-0000-4000-8000-000000000001";
const SERVE: &[&str] = &["serve", "--listen", "127.0.0.1:0", "--clock", "2018-09-01"];

#[test]
fn an_address_that_others_reach_is_refused_before_the_ledger_is_opened() {
    let stage = Stage::empty();
    let ran = stage.ran(&["serve", "--listen", "0.0.0.0:0"], b"");
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
    assert!(ran.stderr.contains("could not listen on 0.0.0.0:0: others could reach it"), "{}", ran.stderr);
}

#[test]
fn every_answer_is_byte_for_byte_what_the_command_prints() {
    let stage = Stage::with_story();
    let questions = [
        ("resellers?as_of=2018-06-15", "resellers CONTOSO --as-of 2018-06-15"),
        ("resellers", "resellers CONTOSO"),
        ("resellers?history=true", "resellers CONTOSO --history"),
        ("resellers?gaps=true", "resellers CONTOSO --gaps"),
        ("resellers?as_of=2018-06-15&known_at=%407", "resellers CONTOSO --as-of 2018-06-15 --known-at @7"),
        ("resellers?known_at=2018-05-31", "resellers CONTOSO --known-at 2018-05-31"),
        ("subscriptions", "subscriptions CONTOSO"),
        ("subscriptions?history=owner", "subscriptions CONTOSO --history owner"),
        (
            "subscriptions?history=partner-of-record&subscription=OFFICE",
            "subscriptions CONTOSO --history partner-of-record --subscription OFFICE",
        ),
        ("transfers", "transfers CONTOSO"),
        ("partners-of-record?subscription=OFFICE", "partners-of-record CONTOSO --subscription OFFICE"),
        ("access?as_of=2018-06-15", "access CONTOSO --as-of 2018-06-15"),
        ("access?show=users&mechanism=dap", "access CONTOSO --users --mechanism dap"),
        ("access?show=terminated", "access CONTOSO --terminated"),
        ("access?show=history", "access CONTOSO --history"),
        ("gdap", "gdap CONTOSO"),
        ("gdap?history=true", "gdap CONTOSO --history"),
        ("timeline", "timeline CONTOSO"),
        ("timeline?refusals=true&from=2018-02-01", "timeline CONTOSO --refusals --from 2018-02-01"),
        ("findings", "findings CONTOSO"),
        ("explain?answer=resellers", "explain resellers CONTOSO"),
        ("coverage", "coverage CONTOSO"),
        ("coverage?from=2018-01-01&to=2018-06-01", "coverage CONTOSO --from 2018-01-01 --to 2018-06-01"),
        ("coverage?facts=true", "coverage CONTOSO --facts"),
        ("billing?from=2018-03-01", "billing CONTOSO --from 2018-03-01"),
        ("interference", "interference CONTOSO"),
        ("diff?from_as_of=2018-03-01", "diff CONTOSO --from-as-of 2018-03-01"),
        ("diff?as_of=2018-06-15&from_known_at=%407", "diff CONTOSO --as-of 2018-06-15 --from-known-at @7"),
        ("../../findings", "findings"),
        ("../../findings?code=relationship_dormant", "findings --code relationship_dormant"),
        ("../../coverage", "coverage"),
        ("explain?answer=subscriptions&subscription=OFFICE", "explain subscriptions CONTOSO --subscription OFFICE"),
    ];
    let mut serving = Serving::listening(&stage, SERVE);
    let answers = questions.map(|(question, _)| {
        let path = match question.strip_prefix("../../") {
            Some(of_all) => format!("/v1/{of_all}"),
            None => format!("/v1/customers/{CONTOSO}/{}", question.replace("OFFICE", OFFICE)),
        };
        let (status, body) = serving.asked(&path);
        assert_eq!(status, 200, "{question}: {body}");
        body
    });
    assert_eq!(serving.ended(), (Some(0), String::new()));
    for ((question, command), answer) in questions.into_iter().zip(answers) {
        let named = command.replace("CONTOSO", CONTOSO).replace("OFFICE", OFFICE);
        let mut arguments: Vec<&str> = named.split(' ').collect();
        arguments.extend(["--format", "json", "--clock", "2018-09-01"]);
        let ran = stage.ran(&arguments, b"");
        assert_eq!(ran.stdout, answer, "{question} beside `{command}`");
    }
}

#[test]
fn a_served_ledger_is_held_and_what_it_acknowledged_stands_after_its_end() {
    let stage = Stage::with_ledger();
    let mut days: Vec<_> = fs::read_dir(fixture("story")).unwrap().map(|day| day.unwrap().path()).collect();
    days.sort();
    let first = fs::read_to_string(&days[0]).unwrap();
    let day = days[0].file_stem().unwrap().to_str().unwrap().to_owned();
    let mut serving = Serving::listening(&stage, &["serve", "--listen", "127.0.0.1:0", "--clock", &day, "-v"]);
    let held = stage.ran(&["stats"], b"");
    assert_eq!(held.code, Some(1), "{}", held.shown());
    let (status, receipts) = serving.sent("/v1/commands:batch", "application/jsonl", &first);
    assert_eq!(status, 200, "{receipts}");
    let one = first.lines().next().unwrap();
    assert_eq!(serving.sent("/v1/commands", "application/json", one).0, 200, "it was in the batch");
    let (code, said) = serving.ended();
    assert_eq!(code, Some(0), "{said}");
    let again = stage.ran(&["submit", "--clock", &day, "--quiet"], first.as_bytes());
    let repeated = receipts.lines().filter(|line| line.contains("\"position\"")).count();
    assert!(repeated > 0, "{receipts}");
    assert_eq!(again.stdout.matches("\"outcome\":\"repeated\"").count(), repeated, "{}", again.stdout);
    assert_eq!(stage.ran(&["verify"], b"").code, Some(0));
    assert!(said.contains("/v1/commands:batch"), "the log names the route: {said}");
    let actor = "\"kind\"";
    assert!(!said.contains(actor) && !said.contains(CONTOSO), "and nothing that was sent: {said}");
}

/// Makes a token as a person at the machine does, and gives it.
fn token(stage: &Stage, arguments: &[&str]) -> String {
    let arguments: Vec<&str> = ["token", "create"].iter().chain(arguments).copied().collect();
    let ran = stage.ran(&arguments, b"");
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    ran.stdout.trim().to_owned()
}

#[test]
fn a_token_that_makes_no_sense_is_refused_and_none_is_made() {
    let stage = Stage::with_story();
    let refused: [&[&str]; 4] = [
        &["", "--role", "auditor"],
        &["kim", "--role", "partner_user"],
        &["kim", "--role", "auditor", "--customer", CONTOSO],
        &["kim", "--role", "owner"],
    ];
    for arguments in refused {
        let arguments: Vec<&str> = ["token", "create"].iter().chain(arguments).copied().collect();
        let ran = stage.ran(&arguments, b"");
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{}", ran.shown());
    }
    assert_eq!(stage.ran(&["token", "revoke", "kim"], b"").code, Some(2));
    assert_eq!(stage.ran(&["token", "list", "--format", "json"], b"").stdout, "[]\n");
}

#[test]
fn with_tokens_others_may_reach_it_and_nobody_is_answered_without_one() {
    let stage = Stage::with_story();
    let kim = token(&stage, &["kim", "--role", "auditor", "--expires", "2999-01-01"]);
    let robin = token(&stage, &["robin", "--role", "operator", "--expires", "2999-01-01"]);
    let mut serving = Serving::listening(&stage, &["serve", "--listen", "0.0.0.0:0", "-vv"]);
    let asked = format!("/v1/customers/{CONTOSO}/resellers");
    assert_eq!(serving.asked(&asked).0, 401);
    assert_eq!(serving.asked_with(&asked, &robin).0, 403);
    assert_eq!(serving.asked_with(&asked, &kim).0, 200);
    assert_eq!(stage.ran(&["token", "revoke", "kim"], b"").code, Some(0), "while the server has the ledger");
    assert_eq!(serving.asked_with(&asked, &kim).0, 401);
    let (code, said) = serving.ended();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("/v1/customers/{customer}/resellers"), "the log names the route: {said}");
    for secret in [&kim, &robin] {
        assert!(!said.contains(secret.trim_start_matches("ofrecord_")), "and no token: {said}");
    }
    let listed = stage.ran(&["token", "--format", "csv"], b"").stdout;
    assert!(listed.contains("kim,auditor") && listed.contains("revoked"), "{listed}");
    assert!(listed.contains("2999-01-01T00:00:00.0000000Z"), "an end is told with its zone: {listed}");
}

/// The ids of events that come on a stream from a cursor on, until some have come or the server is gone.
fn streamed(serving: &Serving, last: Option<&str>, until: usize) -> Vec<String> {
    let mut stream = TcpStream::connect(serving.url.strip_prefix("http://").unwrap()).unwrap();
    let last = last.map(|last| format!("Last-Event-ID: {last}\r\n")).unwrap_or_default();
    let head = "GET /v1/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream";
    stream.write_all(format!("{head}\r\n{last}\r\n").as_bytes()).unwrap();
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    let ids = lines.filter_map(|line| Some(line.strip_prefix("id: ")?.to_owned()));
    ids.filter(|id| id.contains('-')).take(until).collect()
}

#[test]
fn who_follows_through_a_killed_server_misses_nothing_and_gets_nothing_twice() {
    let stage = Stage::with_ledger();
    let mut days: Vec<_> = fs::read_dir(fixture("story")).unwrap().map(|day| day.unwrap().path()).collect();
    days.sort();
    let mut followed: Vec<String> = Vec::new();
    for day in &days {
        let clock = day.file_stem().unwrap().to_str().unwrap();
        let mut serving = Serving::listening(&stage, &["serve", "--listen", "127.0.0.1:0", "--clock", clock]);
        let (status, receipts) =
            serving.sent("/v1/commands:batch", "application/jsonl", &fs::read_to_string(day).unwrap());
        assert_eq!(status, 200, "{receipts}");
        // One event is there at least: that somebody follows. The server is killed with the stream open.
        let some = streamed(&serving, followed.last().map(String::as_str), 2);
        followed.extend(some);
        serving.kill();
    }
    let clock = days.last().unwrap().file_stem().unwrap().to_str().unwrap();
    let mut serving = Serving::listening(&stage, &["serve", "--listen", "127.0.0.1:0", "--clock", clock]);
    loop {
        let after = followed.last().unwrap();
        let (status, page) = serving.asked(&format!("/v1/events?wait=0&after={after}"));
        assert_eq!(status, 200, "{page}");
        let ids: Vec<String> = page
            .lines()
            .filter_map(|line| line.split_once("\"id\":\"").map(|(_, rest)| rest.split('"').next().unwrap().to_owned()))
            .collect();
        if ids.is_empty() {
            break;
        }
        followed.extend(ids);
    }
    assert_eq!(serving.ended().0, Some(0));
    let exported = stage.ran(&["export", "--as", "cloudevents", "--clock", clock], b"");
    let mut all: Vec<&str> = exported
        .stdout
        .lines()
        .map(|line| line.split("\"id\":\"").nth(1).unwrap().split('"').next().unwrap())
        .collect();
    // The export itself is recorded before it reads.
    all.truncate(followed.len());
    assert!(followed.len() > 2 * days.len(), "{followed:?}");
    assert_eq!(followed, all);
}

#[test]
fn the_tiles_and_the_checkpoint_are_those_that_an_export_writes() {
    let stage = Stage::with_story();
    let exported = stage.ran(&["export", "--tiles", "tiles", "--clock", "2018-09-01"], b"");
    assert_eq!(exported.code, Some(0), "{}", exported.shown());
    let mut serving = Serving::listening(&stage, SERVE);
    let (mut folders, mut compared) = (vec![stage.folder().join("tiles")], 0);
    while let Some(folder) = folders.pop() {
        for found in fs::read_dir(folder).unwrap() {
            let path = found.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(stage.folder().join("tiles")).unwrap().to_str().unwrap().to_owned();
            if name == "checkpoint" {
                continue;
            }
            assert_eq!(serving.fetched(&format!("/{name}")), (200, fs::read(&path).unwrap()), "{name}");
            compared += 1;
        }
    }
    assert!(compared >= 2, "hashes and entries: {compared}");
    let (status, checkpoint) = serving.asked("/checkpoint");
    assert_eq!(status, 200, "{checkpoint}");
    assert_eq!(serving.asked("/checkpoint").1, checkpoint, "the same head is signed once");
    let (_, overview) = serving.asked("/console");
    for said in ["the signature holds", "It is the root of this log at that size", "every entry is under it"] {
        assert!(overview.contains(said), "{said}: {overview}");
    }
    assert_eq!(serving.ended(), (Some(0), String::new()));
    let newest = stage.ran(&["checkpoint", "--newest"], b"");
    assert_eq!(newest.stdout, checkpoint, "what was served is kept as every checkpoint is");
}

#[test]
fn the_command_line_asks_and_submits_through_a_server_as_it_does_without() {
    let stage = Stage::with_story();
    let questions = [
        "resellers CONTOSO --as-of 2018-06-15",
        "resellers CONTOSO --history",
        "subscriptions CONTOSO --history owner",
        "partners-of-record CONTOSO",
        "access CONTOSO --users --mechanism dap",
        "access CONTOSO --terminated",
        "findings CONTOSO",
        "findings --code relationship_dormant",
        "timeline CONTOSO --from 2018-02-01",
        "timeline CONTOSO --refusals",
        "transfers CONTOSO",
        "gdap CONTOSO --history",
        "coverage CONTOSO --facts",
        "coverage --from 2018-02-01",
        "billing CONTOSO --from 2018-01-01 --to 2018-09-01",
        "interference CONTOSO",
        "diff CONTOSO --from-as-of 2018-01-01 --from-known-at @9",
        "explain resellers CONTOSO",
    ];
    let asked = |question: &str, more: &[&str]| {
        let named = question.replace("CONTOSO", CONTOSO);
        let mut arguments: Vec<&str> = named.split(' ').collect();
        arguments.extend(["--clock", "2018-09-01"]);
        arguments.extend(more);
        stage.ran(&arguments, b"")
    };
    let before = questions.map(|question| ["json", "csv"].map(|format| asked(question, &["--format", format]).stdout));
    let kim = token(&stage, &["kim", "--role", "auditor", "--expires", "2999-01-01"]);
    stage.write("kim", &kim);
    let mut serving = Serving::listening(&stage, SERVE);
    let held = asked("stats", &[]);
    assert!(held.code == Some(1) && held.stderr.contains("--server"), "{}", held.shown());
    let unknown = asked("resellers CONTOSO", &["--server", &serving.url]);
    assert_eq!(unknown.code, Some(2), "{}", unknown.shown());
    let elsewhere = asked("resellers CONTOSO", &["--server", "http://ledger.example", "--token-file", "kim"]);
    assert!(elsewhere.code == Some(2) && elsewhere.stderr.contains("others could read it"), "{}", elsewhere.shown());
    for (question, [json, csv]) in questions.into_iter().zip(before) {
        let through =
            |format: &str| asked(question, &["--format", format, "--server", &serving.url, "--token-file", "kim"]);
        assert_eq!(through("json").stdout, json, "{question}");
        let told = through("csv").stdout;
        assert_eq!(told.lines().count(), csv.lines().count(), "{question}: {told}");
        assert_eq!(told.lines().next(), csv.lines().next(), "{question}: {told}");
        assert_eq!(through("table").code, Some(0), "{question}");
    }
    for (question, what) in [
        ("timeline --partner aaaaaaaa-0000-4000-8000-000000000002", "the timeline of a partner"),
        ("gdap --partner aaaaaaaa-0000-4000-8000-000000000002", "all customers of a partner"),
        ("transfers CONTOSO --lines", "the lines of transfers"),
    ] {
        let refused = asked(question, &["--server", &serving.url, "--token-file", "kim"]);
        assert!(refused.code == Some(2) && refused.stderr.contains(what), "{question}: {}", refused.shown());
    }
    let refused = stage.ran(&["submit", "--server", &serving.url, "--token-file", "kim"], b"{}\n");
    assert!(refused.code == Some(2) && refused.stderr.contains("forbidden"), "{}", refused.shown());
    assert_eq!(serving.ended().0, Some(0));
}

#[test]
fn submitting_through_a_server_gives_the_receipts_and_the_numbers_of_lines_of_submitting_without() {
    let (own, served) = (Stage::with_ledger(), Stage::with_ledger());
    let mut days: Vec<_> = fs::read_dir(fixture("story")).unwrap().map(|day| day.unwrap().path()).collect();
    days.sort();
    let clock = days[0].file_stem().unwrap().to_str().unwrap().to_owned();
    let first = fs::read_to_string(&days[0]).unwrap();
    let lines = format!("{first}\n\n{{}}\n{}\n", first.lines().next().unwrap());
    let local = own.ran(&["submit", "--clock", &clock], lines.as_bytes());
    let mut serving = Serving::listening(&served, &["serve", "--listen", "127.0.0.1:0", "--clock", &clock]);
    let through = served.ran(&["submit", "--server", &serving.url], lines.as_bytes());
    assert_eq!((through.code, &through.stderr), (local.code, &local.stderr), "{}", through.shown());
    let places = |stdout: &str| -> Vec<String> {
        let kept = ["\"command_id\"", "\"outcome\"", "\"line\"", "\"position\""];
        let fields = |line: &str| -> String {
            line.split(',').filter(|field| kept.iter().any(|kept| field.contains(kept))).collect()
        };
        stdout.lines().map(fields).collect()
    };
    assert_eq!(places(&through.stdout), places(&local.stdout), "{}", through.stdout);
    assert_eq!(serving.ended().0, Some(0));
}

#[test]
fn a_client_that_unpacks_answers_reads_the_same_bytes_and_fewer_come() {
    let test = "a_client_that_unpacks_answers_reads_the_same_bytes_and_fewer_come";
    let stage = Stage::with_story();
    let serving = Serving::listening(&stage, SERVE);
    for path in ["/openapi.json", "/console", "/console/style.css"] {
        let url = format!("{}{path}", serving.url);
        let fetched = |encoding: &[&str]| {
            let mut curl = Command::new("curl");
            curl.args(["--silent", "--fail", "--write-out", "\n%{size_download}"]).args(encoding).arg(&url);
            programs::run(&mut curl)
        };
        let plain = match fetched(&[]) {
            Ok(plain) => plain,
            Err(reason) => return programs::left_out(test, &reason),
        };
        let parts = |told: &str| {
            let (body, size) = told.trim_end().rsplit_once('\n').unwrap();
            (body.to_owned(), size.parse::<u64>().unwrap())
        };
        let (body, size) = parts(&plain);
        for encoding in ["gzip", "zstd"] {
            let packed = fetched(&["--compressed", "--header", &format!("Accept-Encoding: {encoding}")]).unwrap();
            let (unpacked, came) = parts(&packed);
            assert_eq!(unpacked, body, "{path} {encoding}");
            assert!(came * 2 < size, "{path} {encoding}: {came} of {size}");
        }
    }
}
