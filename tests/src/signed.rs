//! A ledger that signs: customers by number, the keys, and what a run says.

use std::fs;
use std::path::Path;

use crate::stage::{Ran, Stage};

/// Later than everything recorded before.
pub const TODAY: &str = "2026-01-01";

/// A command that makes a customer known.
#[must_use]
pub fn register(number: u32) -> String {
    format!(
        "{{\"command_id\":\"00000000-0000-4000-8000-{number:012}\",\"actor\":{{\"kind\":\"operator\"}},\
         \"customer\":\"cccccccc-0000-4000-8000-{number:012}\",\
         \"command\":{{\"type\":\"RegisterCustomer\",\"name\":\"Customer {number}\"}}}}\n"
    )
}

/// Registers customers, by number.
///
/// # Panics
/// When one is not accepted.
pub fn grow(stage: &Stage, numbers: std::ops::Range<u32>) {
    let lines: String = numbers.map(register).collect();
    stage.ran(&["submit", "--quiet", "--clock", TODAY], lines.as_bytes()).must_exit(0);
}

/// A run of today.
pub fn ran(stage: &Stage, arguments: &[&str]) -> Ran {
    stage.ran(&[arguments, &["--clock", TODAY]].concat(), b"")
}

/// What a run prints that ends well.
///
/// # Panics
/// When it does not.
pub fn said(stage: &Stage, arguments: &[&str]) -> String {
    let ran = ran(stage, arguments);
    let said = ran.stdout.clone();
    ran.must_exit(0);
    said
}

/// Everything that a run prints that ends with a code, errors included.
///
/// # Panics
/// When it ends with another.
pub fn ended(stage: &Stage, arguments: &[&str], code: i32) -> String {
    let ran = ran(stage, arguments);
    let printed = format!("{}{}", ran.stdout, ran.stderr);
    ran.must_exit(code);
    printed
}

/// The keys that sign.
///
/// # Panics
/// When the ledger cannot be read.
#[must_use]
pub fn keys(stage: &Stage) -> Vec<String> {
    said(stage, &["key", "--quiet"]).lines().map(str::to_owned).collect()
}

/// Copies a folder with everything in it.
///
/// # Panics
/// When something cannot be read or written.
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder to copy");
    for entry in fs::read_dir(from).expect("a folder to copy") {
        let path = entry.expect("a folder to copy").path();
        let target = to.join(path.file_name().expect("a folder to copy"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a folder to copy");
        }
    }
}
