//! The description of the routes, held against a served ledger by `schemathesis`: whatever it makes of the description,
//! right or wrong, is answered as the description says.
//!
//! Where the package of `tests/foreign/requirements.txt` is not installed the test is skipped and says so, except in CI,
//! where it fails.

use std::process::Command;

use ofrecord_acceptance::programs;
use ofrecord_acceptance::serving::Serving;
use ofrecord_acceptance::stage::Stage;
use serde_json::Value;

/// Runs its command line.
const SCHEMATHESIS: &str = "from schemathesis.cli import schemathesis; schemathesis()";
/// How long requests are made for at most, beside those that every run makes.
const SECONDS: &str = "30";
const SEED: &str = "1";
/// Pages are for people; of lines of JSON it makes none, and what a text has to mean no schema says.
const LEFT_OUT: [&str; 4] =
    ["--exclude-path-regex", "^/(console|api)|:batch", "--exclude-checks", "positive_data_acceptance"];

#[test]
fn whatever_a_client_makes_of_the_description_is_answered_as_the_description_says() {
    let test = "whatever_a_client_makes_of_the_description_is_answered_as_the_description_says";
    let schemathesis = || {
        let mut command = Command::new(programs::python());
        command.args(["-c", SCHEMATHESIS]);
        command
    };
    if let Err(reason) = programs::run(schemathesis().arg("--version")) {
        return programs::left_out(test, &reason);
    }
    let stage = Stage::empty();
    let told = |arguments: &[&str]| {
        let ran = stage.ran(&[arguments, &["--ledger", "ledger"]].concat(), b"");
        assert_eq!(ran.code, Some(0), "{}", ran.shown());
        ran.stdout
    };
    stage.ran(&["demo", "--customers", "50", "--dir", "ledger"], b"").must_exit(0);
    told(&["key", "create"]);
    let token = told(&["token", "create", "kim", "--role", "compliance_officer"]).trim().to_owned();
    let mut serving = Serving::listening(&stage, &["serve", "--listen", "127.0.0.1:0", "--ledger", "ledger"]);
    let (status, customers) = serving.asked_with("/v1/customers?limit=1", &token);
    assert_eq!(status, 200, "{customers}");
    let customers: Value = serde_json::from_str(&customers).unwrap();
    let customer = customers.pointer("/rows/0/customer").unwrap();
    // Something that is there, and nothing that is waited for.
    let given = format!(
        "[parameters]\n\"path.customer\" = {customer}\n\"path.position\" = 3\n\"query.min_position\" = 0\n\
         \"query.wait\" = 0\n"
    );
    stage.write("schemathesis.toml", given);
    let mut command = schemathesis();
    command.current_dir(stage.folder()).args(["--config-file", "schemathesis.toml", "run"]);
    command.arg(format!("{}/openapi.json", serving.url)).arg("--header").arg(format!("Authorization: Bearer {token}"));
    command.args(["--phases", "coverage,fuzzing", "--seed", SEED, "--max-time", SECONDS, "--continue-on-failure"]);
    command.args(["--generation-database", "none", "--no-color"]).args(LEFT_OUT);
    let told = programs::run(&mut command).unwrap_or_else(|reason| panic!("seed {SEED}: {reason}"));
    assert!(told.contains(" passed"), "{told}");
    assert_eq!(serving.ended().0, Some(0));
}
