//! A short soak: kills, errands, backups and every law, as `ofrecord-bench soak` does for hours.

use std::process::Command;

use ofrecord_acceptance::product;

#[test]
fn a_short_soak_finds_every_law_kept() {
    let scratch = tempfile::tempdir().expect("a folder");
    let seconds = std::env::var("OFRECORD_SOAK_SECONDS").unwrap_or_else(|_| "15".to_owned());
    let seed = std::env::var("OFRECORD_SEED").unwrap_or_else(|_| "1".to_owned());
    println!("seed {seed}, {seconds} s");
    let output = Command::new(product::bench().expect("build the races"))
        .args(["soak", "--time", &seconds, "--seed", &seed, "--program"])
        .arg(product::binary().expect("build the binary"))
        .arg("--scratch")
        .arg(scratch.path().join("soak"))
        .output()
        .expect("run the soak");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a soak says what it did");
    println!("{report}");
    for counted in ["rounds", "checks", "backups", "commands_acknowledged"] {
        assert!(
            report.get(counted).and_then(serde_json::Value::as_u64).is_some_and(|count| count > 0),
            "{counted}: {report}"
        );
    }
}

#[test]
fn a_soak_of_a_program_that_is_none_says_so() {
    let scratch = tempfile::tempdir().expect("a folder");
    let output = Command::new(product::bench().expect("build the races"))
        .args(["soak", "--time", "1", "--program", "/bin/false", "--scratch"])
        .arg(scratch.path().join("soak"))
        .output()
        .expect("run the soak");
    assert!(!output.status.success());
}
