//! A ledger that signs: customers by number, the keys, and what a run says.

use std::fs;
use std::path::Path;

use ofrecord_acceptance::stage::Stage;

/// Later than everything recorded before.
pub(crate) const TODAY: &str = "2026-01-01";

/// A command that makes a customer known.
pub(crate) fn register(number: u32) -> String {
    format!(
        "{{\"command_id\":\"00000000-0000-4000-8000-{number:012}\",\"actor\":{{\"kind\":\"operator\"}},\
         \"customer\":\"cccccccc-0000-4000-8000-{number:012}\",\
         \"command\":{{\"type\":\"RegisterCustomer\",\"name\":\"Customer {number}\"}}}}\n"
    )
}

/// Registers customers, by number.
pub(crate) fn grow(stage: &Stage, numbers: std::ops::Range<u32>) {
    let lines: String = numbers.map(register).collect();
    stage.ran(&["submit", "--quiet", "--clock", TODAY], lines.as_bytes()).must_exit(0);
}

/// What a run prints that ends well.
pub(crate) fn said(stage: &Stage, arguments: &[&str]) -> String {
    let arguments = [arguments, &["--clock", TODAY]].concat();
    let ran = stage.ran(&arguments, b"");
    let said = ran.stdout.clone();
    ran.must_exit(0);
    said
}

/// The keys that sign.
pub(crate) fn keys(stage: &Stage) -> Vec<String> {
    said(stage, &["key", "--quiet"]).lines().map(str::to_owned).collect()
}

/// Copies a folder with everything in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}
