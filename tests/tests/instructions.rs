//! The instructions of an append, a decode, a fold and a proof, counted by callgrind: a guard that does not mind noise.
//!
//! What is counted is the build that tests run, so a figure says nothing about speed; it says that the work has not grown.
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::process::Command;

use ofrecord_acceptance::{product, programs};

/// Instructions of one entry in thousands, as counted when the line was written, by work.
const COUNTED: &[(&str, f64)] = &[("append", 656.0), ("decode", 74.4), ("fold", 77.4), ("prove", 2_792.0)];
/// How much more may be counted before somebody must say why.
const MORE: f64 = 1.4;
/// How much less may be counted before the line should be written anew.
const LESS: f64 = 0.6;
/// Commands of the shorter and of the longer history; their difference has nothing of what comes once.
const COMMANDS: [u64; 2] = [100, 300];

/// Instructions and entries of one run.
fn counted(work: &str, commands: u64) -> (f64, f64) {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(product::bench().expect("build the races"))
        .args(["count", work, "--commands", &commands.to_string()])
        .output()
        .expect("run valgrind");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let instructions = said
        .lines()
        .find_map(|line| line.split_once("Collected :"))
        .and_then(|(_, count)| count.trim().parse().ok())
        .unwrap_or_else(|| panic!("no count in: {said}"));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a count says how many entries");
    (instructions, report.get("entries").and_then(serde_json::Value::as_f64).expect("a number"))
}

/// Thousands of instructions for one entry more.
fn for_one_entry(work: &str) -> f64 {
    let [(few, fewer), (many, more)] = COMMANDS.map(|commands| counted(work, commands));
    (many - few) / (more - fewer) / 1_000.0
}

#[test]
fn the_work_for_an_entry_has_not_grown() {
    if let Err(reason) = programs::run(Command::new("valgrind").arg("--version")) {
        programs::left_out("the_work_for_an_entry_has_not_grown", &reason);
        return;
    }
    let append = for_one_entry("append");
    let mut outside = Vec::new();
    for (work, expected) in COUNTED {
        let found = if *work == "append" { append } else { for_one_entry(work) - append };
        println!("{work}: {found:.1} thousand instructions an entry, {expected:.1} when the line was written");
        if found > expected * MORE || found < expected * LESS {
            outside.push(format!("{work}: {found:.1}, and the line says {expected:.1}"));
        }
    }
    assert!(outside.is_empty(), "{outside:?}");
}
