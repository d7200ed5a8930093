//! The configuration of the server: what is refused and what is said then, what comes before what, and the page of it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use ofrecord_acceptance::serving::Serving;
use ofrecord_acceptance::stage::Stage;
use ofrecord_acceptance::{page, workspace};
use serde_json::Value;

const PAGE: &str = "docs/reference/configuration.md";

#[test]
fn what_a_file_must_not_say_is_refused_and_named_with_what_to_write_instead() {
    let stage = Stage::empty();
    for (content, key, instead) in [
        ("listen = 127", "`listen`", "in quotes: listen = \"ADDRESS:PORT\""),
        ("listen = \"127.0.0.1\"", "`listen`", "an address and a port, such as 127.0.0.1:8470"),
        ("lisen = \"127.0.0.1:1\"", "`lisen`", "did you mean `listen`?"),
        ("something_else = 1", "`something_else`", "the keys are "),
        ("format = \"json\"", "`format`", "there is no such key"),
        ("watch_drift = \"yes\"", "`watch_drift`", "write true or false, without quotes"),
        ("verbose = true", "`verbose`", "write a number from 0 to 9"),
        ("ledger = [\"a\"]", "`ledger`", "in quotes"),
        ("[serve]\nlisten = \"127.0.0.1:0\"", "`serve`", "there is no such key"),
        ("keys = \"k\"\nkeys = \"k\"", "line 2", "duplicate key"),
        ("listen \"x\"", "line 1", ""),
        ("tls_cert = \"c.pem\"", "`tls_key`", "write it too"),
    ] {
        stage.write("server.toml", content);
        let ran = stage.ran(&["serve", "--config", "server.toml", "--check"], b"");
        assert_eq!(ran.code, Some(2), "{content}: {}", ran.shown());
        for part in ["could not use server.toml", key, instead] {
            assert!(ran.stderr.contains(part), "{content}: {part}: {}", ran.stderr);
        }
    }
    let ran = stage.ran(&["serve", "--config", "nowhere.toml"], b"");
    assert!(ran.code == Some(2) && ran.stderr.contains("could not use nowhere.toml"), "{}", ran.shown());
    for (name, value, instead) in [
        ("OFRECORD_WATCH_DRIFT", "yes", "write true or false"),
        ("OFRECORD_VERBOSE", "much", "write a number such as 1"),
        ("OFRECORD_TLS_CERT", "c.pem", "--tls-key"),
    ] {
        let ran = stage.ran_among(&[(name, value)], &["serve", "--check"]);
        assert!(ran.code == Some(2) && ran.stderr.contains(instead), "{name}: {}", ran.shown());
    }
}

/// Each setting with its value and where it comes from.
fn settings(stage: &Stage, environment: &[(&str, &str)], arguments: &[&str]) -> BTreeMap<String, (Value, String)> {
    let ran = stage.ran_among(environment, &[&["serve", "--check", "--format", "json"], arguments].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    let rows: Value = serde_json::from_str(&ran.stdout).unwrap();
    let rows = rows.as_array().unwrap().iter();
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    rows.map(|row| (text(row, "setting"), (row["value"].clone(), text(row, "from")))).collect()
}

#[test]
fn a_flag_comes_before_the_environment_and_that_before_the_file() {
    let stage = Stage::empty();
    stage.write("server.toml", "listen = \"127.0.0.1:1\"\nresults = \"r\"\nwatch_drift = true\nverbose = 0\n");
    let file = &["--config", "server.toml"][..];
    let port = |number: u8| Value::from(format!("127.0.0.1:{number}"));
    let (of_environment, of_flag) = ([("OFRECORD_LISTEN", "127.0.0.1:2")], ["--listen", "127.0.0.1:3"]);
    let cases = [
        (&[][..], vec![], Value::from("127.0.0.1:8470"), "default"),
        (&[], vec![file], port(1), "server.toml"),
        (&of_environment, vec![], port(2), "OFRECORD_LISTEN"),
        (&of_environment, vec![file], port(2), "OFRECORD_LISTEN"),
        (&of_environment, vec![file, &of_flag], port(3), "flag"),
        (&[], vec![&of_flag, file], port(3), "flag"),
        (&[("OFRECORD_CONFIG", "server.toml")], vec![], port(1), "server.toml"),
    ];
    for (environment, arguments, value, from) in cases {
        let found = settings(&stage, environment, &arguments.concat());
        assert_eq!(found["listen"], (value, from.to_owned()), "{environment:?} {arguments:?}");
    }
    let found = settings(&stage, &[], file);
    assert_eq!(found["watch_drift"], (Value::from("true"), "server.toml".to_owned()));
    assert_eq!(found["backups"], (Value::Null, "default".to_owned()));
    let found = settings(&stage, &[("OFRECORD_WATCH_DRIFT", "false")], file);
    assert_eq!(found["watch_drift"], (Value::from("false"), "OFRECORD_WATCH_DRIFT".to_owned()));
}

#[test]
fn a_path_of_a_file_is_one_from_its_folder_on_unless_it_is_whole() {
    let stage = Stage::empty();
    std::fs::create_dir(stage.folder().join("etc")).unwrap();
    stage.write("etc/server.toml", "ledger = \"../market\"\nbackups = \"/backup\"\n");
    let found = settings(&stage, &[], &["--config", "etc/server.toml"]);
    assert_eq!(found["ledger"].0, Value::from("etc/../market"));
    assert_eq!(found["backups"].0, Value::from("/backup"));
}

#[test]
fn a_server_is_what_its_file_says() {
    let stage = Stage::with_story();
    stage.write("server.toml", "listen = \"127.0.0.1:0\"\nledger = \"ledger\"\nbackups = \"copies\"\n");
    let mut serving = Serving::listening(&stage, &["serve", "--config", "server.toml", "--clock", "2018-09-01"]);
    let (status, job) = serving.sent("/v1/jobs", "application/json", r#"{"kind":"backup"}"#);
    assert_eq!(status, 202, "{job}");
    assert_eq!(serving.ended().0, Some(0));
}

#[test]
fn the_page_has_what_the_program_prints_and_that_is_a_file_which_says_nothing() {
    let stage = Stage::empty();
    let printed = stage.ran(&["serve", "--print-config"], b"");
    assert_eq!(printed.code, Some(0), "{}", printed.shown());
    let rendered = format!("```toml\n{}```\n", printed.stdout);
    let text = workspace::read(PAGE).unwrap().text;
    if std::env::var_os("OFRECORD_BLESS").is_some() {
        let text = page::with_part(&text, "settings", &rendered).unwrap();
        std::fs::write(workspace::root().join(PAGE), text).unwrap();
    } else {
        assert_eq!(page::part(&text, "settings").unwrap(), rendered, "OFRECORD_BLESS=1 writes {PAGE} again");
    }
    stage.write("server.toml", &printed.stdout);
    let found = settings(&stage, &[], &["--config", "server.toml"]);
    assert!(found.len() > 8 && found.values().all(|(_, from)| from == "default"), "{found:?}");
    for key in found.keys() {
        assert!(printed.stdout.contains(&format!("# {key} = ")), "{key}");
    }
}
