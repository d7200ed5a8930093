//! What `ofrecord serve` is told of limits and by signals, as a process: what cannot be is refused before anything is
//! served, and what is asked for is held.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use ofrecord_acceptance::product;
use ofrecord_acceptance::serving::Serving;
use ofrecord_acceptance::stage::Stage;

/// Followers beyond those that there may be without being told.
const MANY: usize = 600;

#[test]
fn a_limit_that_cannot_be_is_refused_with_what_to_write() {
    let stage = Stage::empty();
    for (file, named) in [
        ("limits = 3", "`limits`: write it as a table: [limits]"),
        ("[limits]\nfollower = 3", "`follower`: there is no such key; the keys are command_bytes,"),
        ("[limits]\nfollowers = \"3\"", "`followers`: write a number from 0 to 1000000, without quotes"),
        ("[limits]\nquestions = 0", "`questions`: write a number from 1 to 1024"),
        ("[limits]\ncommand_bytes = 1048577", "`command_bytes`: write a number from 1 to 1048576"),
        ("[limits]\nhead_bytes = 100", "`head_bytes`: write a number from 8192"),
        ("[limits]\nstop_time_seconds = -1", "`stop_time_seconds`: write a number from 1 to 3600"),
        ("[limits]\nfollowers = 1024", "`followers`: each is on a connection: raise `connections` above it"),
        ("[limits]\nconnections = 100", "raise `connections` above it"),
        ("[limits]\npeer_connections = 2000", "`peer_connections`: one address cannot have more"),
        ("[limits]\nbatch_bytes = 1000", "`command_bytes`: a batch of one command is longer"),
        ("[limits]\nbody_time_seconds = 31", "`body_time_seconds`: the body is part of a request"),
        ("[limits]\nrequest_time_seconds = 60", "`request_time_seconds`: a stop waits"),
        ("[limits]\nsession_time_seconds = 60", "`session_rest_seconds`: a session lasts no longer"),
    ] {
        stage.write("server.toml", file);
        let ran = stage.ran(&["serve", "--config", "server.toml", "--check"], b"");
        assert_eq!(ran.code, Some(2), "{file}: {}", ran.shown());
        assert!(ran.stderr.contains("could not use server.toml") && ran.stderr.contains(named), "{}", ran.shown());
    }
    stage.write("server.toml", "limits.followers = 7\n");
    let ran = stage.ran(&["serve", "--config", "server.toml", "--check", "--format", "csv"], b"");
    assert!(ran.stdout.contains("limits.followers,7,server.toml\n"), "{}", ran.shown());
    assert!(ran.stdout.contains("limits.connections,1024,default\n"), "{}", ran.shown());
}

#[test]
fn more_connections_than_the_system_has_files_for_are_refused_with_what_to_raise() {
    let stage = Stage::empty();
    let run = |connections: usize| {
        stage.write("server.toml", format!("[limits]\nconnections = {connections}\n"));
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -n 1000 && exec \"$0\" serve --config server.toml --check"]);
        command.arg(product::binary().unwrap()).current_dir(stage.folder()).env_clear();
        let output = command.stdin(Stdio::null()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = run(20_000);
    assert_eq!(code, Some(2), "{said}");
    for part in ["20000 connections", "the system allows 1000", "RLIMIT_NOFILE", "LimitNOFILE="] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(run(1_024), (Some(0), String::new()), "what holds without a file is served as far as there is room");
}

fn follow(serving: &Serving) -> (String, BufReader<TcpStream>) {
    let mut stream = TcpStream::connect(serving.url.strip_prefix("http://").unwrap()).unwrap();
    stream.write_all(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n").unwrap();
    let (mut reader, mut line) = (BufReader::new(stream), String::new());
    reader.read_line(&mut line).unwrap();
    (line, reader)
}

#[test]
fn as_many_follow_as_the_file_says_and_the_next_one_is_refused() {
    let stage = Stage::with_ledger();
    let connections = MANY + 10;
    let limits = [("followers", MANY), ("connections", connections), ("peer_connections", connections)];
    let lines: Vec<String> = limits.iter().map(|(key, value)| format!("limits.{key} = {value}\n")).collect();
    stage.write("server.toml", lines.concat());
    let mut serving = Serving::listening(
        &stage,
        &["serve", "--listen", "127.0.0.1:0", "--config", "server.toml", "--clock", "2018-01-02"],
    );
    let following: Vec<_> = (0..MANY).map(|_| follow(&serving)).collect();
    let refused = following.iter().find(|(line, _)| !line.contains(" 200 "));
    assert!(refused.is_none(), "{refused:?}");
    assert!(follow(&serving).0.contains(" 503 "));
    assert_eq!(serving.asked("/healthz").0, 200);
    assert_eq!(serving.ended().0, Some(0));
    for (_, mut stream) in following {
        let mut rest = String::new();
        stream.read_to_string(&mut rest).unwrap();
        assert!(rest.contains("event: end"), "each is told of the end: {rest}");
    }
}

#[test]
fn a_hangup_stops_nothing_and_says_what_was_read_again() {
    let stage = Stage::with_ledger();
    let mut serving = Serving::listening(&stage, &["serve", "--listen", "127.0.0.1:0", "--clock", "2018-01-02"]);
    for _ in 0..3 {
        serving.signalled("HUP");
        assert_eq!(serving.asked("/readyz").0, 200);
    }
    let (code, said) = serving.ended();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("read the certificate, the tokens and the keys"), "{said}");
}
