//! Programs that are not ours read the exports: DuckDB, pyarrow and the CloudEvents SDK, run by `tests/foreign/exports.py`.
//!
//! Where they are not installed the test is skipped and says so, except in CI, where it fails.

use std::ffi::OsString;
use std::io::Write as _;
use std::process::{Command, Output};

use ofrecord_acceptance::{product, workspace};

/// Says which Python has them; `.ci/run` sets it.
const PYTHON: &str = "OFRECORD_PYTHON";

fn python() -> OsString {
    std::env::var_os(PYTHON).unwrap_or_else(|| {
        let own = workspace::root().join("target/foreign/bin/python");
        if own.exists() { own.into_os_string() } else { "python3".into() }
    })
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What keeps the foreign programs from being run.
fn missing() -> Option<String> {
    let output = Command::new(python()).args(["-c", "import cloudevents, duckdb, pyarrow"]).output();
    match output {
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(told(&output)),
        Err(error) => Some(error.to_string()),
    }
}

#[test]
fn other_programs_read_in_the_exports_what_this_one_answers() {
    if let Some(reason) = missing() {
        let reason = format!(
            "{} cannot run tests/foreign/exports.py: {}\ninstall tests/foreign/requirements.txt and name the Python in {PYTHON}",
            python().display(),
            reason.trim_end()
        );
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{reason}");
        // Printed past the test's capture: a test that was skipped must not look like one that passed.
        writeln!(std::io::stderr(), "SKIPPED other_programs_read_in_the_exports_what_this_one_answers: {reason}")
            .unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let root = workspace::root();
    let output = Command::new(python())
        .arg("-B")
        .arg(root.join("tests/foreign/exports.py"))
        .arg("--binary")
        .arg(product::binary().unwrap())
        .arg("--page")
        .arg(root.join("docs/guides/exporting.md"))
        .arg("--reference")
        .arg(root.join("docs/reference/data-set.md"))
        .arg("--story")
        .arg(root.join("tests/fixtures/cli/story-worldwide"))
        .arg("--story")
        .arg(root.join("tests/fixtures/cli/story-transfers"))
        .arg("--folder")
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", told(&output));
    assert!(told(&output).ends_with("good\n"), "{}", told(&output));
}
