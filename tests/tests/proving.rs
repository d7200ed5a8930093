//! The guide to proving works as it is written, with the shell and `openssl` beside the program.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use ofrecord_acceptance::programs::{left_out, run};
use ofrecord_acceptance::signed::{grow, register};
use ofrecord_acceptance::stage::Stage;
use ofrecord_acceptance::{product, workspace};

/// Every block of shell commands of the page.
fn blocks() -> Vec<String> {
    let page = workspace::read("docs/guides/proving.md").unwrap().text;
    page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// A folder with a ledger of seven entries and a file of commands, and `ofrecord` where the shell finds it.
fn desk() -> Stage {
    let stage = Stage::with_ledger();
    grow(&stage, 0..7);
    stage.write("commands.jsonl", (7..10).map(register).collect::<String>());
    fs::create_dir(stage.folder().join("bin")).unwrap();
    symlink(product::binary().unwrap(), stage.folder().join("bin/ofrecord")).unwrap();
    stage
}

fn bash(stage: &Stage, script: &str) -> Result<String, String> {
    let mut bash = Command::new("bash");
    bash.args(["-e", "-u", "-o", "pipefail", "-c", script]).current_dir(stage.folder());
    let path = format!("{}:{}", stage.folder().join("bin").display(), std::env::var("PATH").unwrap());
    bash.env("PATH", path).env_remove("OFRECORD_LEDGER").env_remove("OFRECORD_KEYS");
    run(bash.env("OFRECORD_LEDGER", "ledger"))
}

#[test]
fn the_guide_to_proving_works_as_it_is_written() {
    if let Err(reason) = run(Command::new("openssl").arg("version")) {
        left_out("the_guide_to_proving_works_as_it_is_written", &reason);
        return;
    }
    let stage = desk();
    for block in blocks() {
        let outcome = bash(&stage, &block);
        assert!(outcome.is_ok(), "{block}\n{outcome:?}");
    }
}

#[test]
fn the_walk_of_the_guide_ends_elsewhere_for_another_entry() {
    if let Err(reason) = run(Command::new("openssl").arg("version")) {
        left_out("the_walk_of_the_guide_ends_elsewhere_for_another_entry", &reason);
        return;
    }
    let walk = blocks().into_iter().find(|block| block.contains("> sibling")).unwrap();
    let stage = desk();
    for position in 0..7 {
        bash(&stage, &format!("ofrecord prove {position} --with-entry -o 3.tlog-proof")).unwrap();
        bash(&stage, &walk).unwrap();
        let spoiled = fs::read_to_string(stage.folder().join("3.tlog-proof")).unwrap();
        stage.write("3.tlog-proof", spoiled.replacen("extra eyJ", "extra eyK", 1));
        bash(&stage, &walk).unwrap_err();
    }
}
