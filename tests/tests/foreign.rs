//! Programs that are not ours read what this one writes: DuckDB, pyarrow and the CloudEvents SDK the exports, run by
//! `tests/foreign/exports.py`, and axe in Chromium the dossiers, run by `tests/foreign/accessible.py`.
//!
//! Where they are not installed a test is skipped and says so, except in CI, where it fails.

use std::error::Error;
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

/// What keeps the foreign programs from being run, by what Python answers.
fn missing(question: &str) -> Option<String> {
    let output = Command::new(python()).args(["-c", question]).output();
    match output {
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(told(&output)),
        Err(error) => Some(error.to_string()),
    }
}

/// Runs a script over the built program in an empty folder; it must end with `good`.
#[track_caller]
fn check(test: &str, script: &str, question: &str, more: &[(&str, &str)]) -> Result<(), Box<dyn Error>> {
    if let Some(reason) = missing(question) {
        let reason = format!(
            "{} cannot run tests/foreign/{script}: {}\ninstall tests/foreign/requirements.txt, and for accessible.py Chromium, and name the Python in {PYTHON}",
            python().display(),
            reason.trim_end()
        );
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{reason}");
        // Printed past the test's capture: a test that was skipped must not look like one that passed.
        writeln!(std::io::stderr(), "SKIPPED {test}: {reason}")?;
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let root = workspace::root();
    let mut command = Command::new(python());
    command.arg("-B").arg(root.join("tests/foreign").join(script));
    command.arg("--binary").arg(product::binary()?).arg("--folder").arg(folder.path());
    for (name, path) in more {
        command.arg(name).arg(root.join(path));
    }
    let output = command.output()?;
    assert!(output.status.success(), "{}", told(&output));
    assert!(told(&output).ends_with("good\n"), "{}", told(&output));
    Ok(())
}

#[test]
fn other_programs_read_in_the_exports_what_this_one_answers() {
    check(
        "other_programs_read_in_the_exports_what_this_one_answers",
        "exports.py",
        "import cloudevents, duckdb, pyarrow",
        &[
            ("--page", "docs/guides/exporting.md"),
            ("--reference", "docs/reference/data-set.md"),
            ("--story", "tests/fixtures/cli/story-worldwide"),
            ("--story", "tests/fixtures/cli/story-transfers"),
        ],
    )
    .unwrap();
}

#[test]
fn a_dossier_has_no_barrier_that_axe_finds() {
    check(
        "a_dossier_has_no_barrier_that_axe_finds",
        "accessible.py",
        "import importlib.util, shutil, sys\nfound = shutil.which('chromium') and importlib.util.find_spec('axe_playwright_python')\nsys.exit(None if found else 'no chromium or no axe')",
        &[("--page", "tests/snapshots/cli_report/dossier.html")],
    )
    .unwrap();
}
