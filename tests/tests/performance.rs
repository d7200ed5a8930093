//! The page on performance says what its results say: tables between marks, and drawings beside them.
//!
//! With `OFRECORD_BLESS=1` the tables and the drawings are written instead.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ofrecord_acceptance::{page, product, snapshot, workspace};

const PAGE: &str = "docs/performance.md";
const RESULTS: &str = "docs/performance";
/// Results that nobody measured, so that every drawing is made of something that stays.
const FIXED: &str = "tests/fixtures/performance/sizes.json";

fn is_blessing() -> bool {
    std::env::var_os("OFRECORD_BLESS").is_some_and(|bless| bless == "1")
}

/// Files of the folder of results with an ending, by name.
fn files(ending: &str) -> Vec<PathBuf> {
    let folder = workspace::root().join(RESULTS);
    let entries = fs::read_dir(folder).expect("the folder of results").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|found| found == ending)).collect();
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn bench(arguments: &[&Path]) -> String {
    let output = Command::new(product::bench().expect("build the races")).args(arguments).output().expect("run it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// Every drawing of some results, by the name of its file.
fn drawn(results: &[PathBuf]) -> BTreeMap<String, String> {
    let scratch = tempfile::tempdir().expect("a folder");
    let [plot, out] = ["plot", "--out"].map(Path::new);
    let results = results.iter().map(PathBuf::as_path);
    bench(&[plot, out, scratch.path()].into_iter().chain(results).collect::<Vec<_>>());
    let entries = fs::read_dir(scratch.path()).expect("the drawings").map(|entry| entry.expect("an entry").path());
    entries.map(|path| (name(&path), fs::read_to_string(&path).expect("a drawing"))).collect()
}

#[test]
fn every_table_of_the_page_is_that_of_its_results() {
    let mut text = workspace::read(PAGE).expect("the page").text;
    let results = files("json");
    assert!(!results.is_empty());
    for result in results {
        let part = result.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let [show, format, markdown] = ["show", "--format", "markdown"].map(Path::new);
        let table = bench(&[show, &result, format, markdown]);
        if is_blessing() {
            text = page::with_part(&text, &part, &table).unwrap_or_else(|missing| panic!("{PAGE}: {missing:?}"));
            continue;
        }
        let told = page::part(&text, &part).unwrap_or_else(|missing| panic!("{PAGE}: {missing:?}"));
        assert_eq!(told, table, "{PAGE}, part {part}; OFRECORD_BLESS=1 writes it again");
    }
    if is_blessing() {
        fs::write(workspace::root().join(PAGE), text).expect("write the page");
    }
}

#[test]
fn every_drawing_of_the_page_is_that_of_its_results() {
    let fresh = drawn(&files("json"));
    if is_blessing() {
        let folder = workspace::root().join(RESULTS);
        fresh.iter().for_each(|(name, svg)| fs::write(folder.join(name), svg).expect("write a drawing"));
    }
    let kept: BTreeMap<String, String> =
        files("svg").iter().map(|path| (name(path), fs::read_to_string(path).expect("a drawing"))).collect();
    assert_eq!(kept, fresh, "{RESULTS}; OFRECORD_BLESS=1 writes them again");
    let text = workspace::read(PAGE).expect("the page").text;
    for name in kept.keys() {
        assert!(text.contains(&format!("(performance/{name})")), "{PAGE} does not show {name}");
    }
}

#[test]
fn the_same_results_are_drawn_the_same() {
    let drawings = drawn(&[workspace::root().join(FIXED)]);
    assert_eq!(drawings.len(), 5);
    for (name, svg) in drawings {
        snapshot::check_file(&format!("performance/{name}"), &svg);
    }
}

#[test]
fn what_is_no_result_is_not_shown() {
    let scratch = tempfile::tempdir().expect("a folder");
    let path = scratch.path().join("result.json");
    for text in ["", "{}", "{\"kind\":\"race\"}", "{\"kind\":\"something\",\"lines\":[]}"] {
        fs::write(&path, text).expect("write it");
        let output =
            Command::new(product::bench().expect("build the races")).arg("show").arg(&path).output().expect("run it");
        assert!(!output.status.success() && output.stdout.is_empty(), "{text}");
        assert!(String::from_utf8_lossy(&output.stderr).starts_with("read "), "{text}");
    }
}
