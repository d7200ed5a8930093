//! Every fixture, read: what it says stands beside it, statement by statement.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use ofrecord_core::{Cloud, Event};
use ofrecord_interop::{Context, Reading, Statement, read};

/// What the operator says about the fixtures: the partner, and when they were fetched; and what another file says,
/// with which customer one granular relationship is.
fn context() -> Context {
    let relationship = "0e000000-0000-4000-8000-0000000000e1-0e000000-0000-4000-8000-0000000000e0";
    let customer = "0c000000-0000-4000-8000-0000000000c1";
    Context {
        customers_of: relationship.parse().ok().zip(customer.parse().ok()).into_iter().collect(),
        partner: "0a000000-0000-4000-8000-0000000000a1".parse().ok(),
        customer: None,
        fetched_at: "2024-06-01T00:00:00Z".parse().ok(),
        ..Context::new(Cloud::Worldwide)
    }
}

fn fixtures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut found = Vec::new();
    for group in fs::read_dir(root).expect("the fixtures are there") {
        let group = group.expect("a folder of fixtures").path();
        for file in fs::read_dir(group).expect("a folder of fixtures") {
            let path = file.expect("a fixture").path();
            if path.extension().is_some_and(|extension| extension != "says") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn reading_of(path: &Path, context: &Context) -> Reading {
    read(&name_of(path), &fs::read(path).expect("a fixture is readable"), context)
}

/// A reading as text, one line per statement, event and problem.
fn told(reading: &Reading) -> String {
    let mut text = format!("{} records\n", reading.records);
    for statement in &reading.statements {
        text.push_str(&told_statement(statement));
    }
    for problem in &reading.problems {
        writeln!(text, "{}: {problem}", problem.severity).expect("a text can be written to");
    }
    text
}

fn told_statement(statement: &Statement) -> String {
    let at = statement.effective_at.map_or_else(|| "undated".to_owned(), |at| at.to_string());
    let evidence = &statement.evidence;
    let id = if evidence.record_id.starts_with("sha256:") { "by content" } else { evidence.record_id.as_str() };
    let mut text = format!(
        "{}.{} {} at {at}\n  {} {}, {id}{}\n",
        statement.record_index,
        statement.part,
        statement.stream,
        evidence.source,
        evidence.completeness,
        statement.actor.as_ref().map(|actor| format!(", by {actor}")).unwrap_or_default(),
    );
    if let Some(audit) = &evidence.audit {
        let audit = serde_json::to_string(audit).expect("a header is JSON");
        writeln!(text, "  {audit}").expect("a text can be written to");
    }
    for event in &statement.events {
        let event = serde_json::to_string(&shortened(event)).expect("an event is JSON");
        writeln!(text, "  {event}").expect("a text can be written to");
    }
    text
}

/// A kept record repeats the fixture itself, which says nothing new.
fn shortened(event: &Event) -> Event {
    let mut event = event.clone();
    if let Event::SourceRecordKept(kept) = &mut event {
        kept.raw = kept.raw.as_ref().map(|_| "the record".to_owned());
    }
    event
}

/// Compares a reading with the text beside its fixture. To accept what is read
/// now, run with `OFRECORD_ACCEPT=1` and review the difference in version control.
fn check(path: &Path) -> Option<String> {
    let says = told(&reading_of(path, &context()));
    let beside = path.with_extension("says");
    if std::env::var_os("OFRECORD_ACCEPT").is_some() {
        fs::write(&beside, &says).expect("the expectation is writable");
    }
    let expected = fs::read_to_string(&beside).unwrap_or_default();
    (says != expected).then(|| format!("{}\n--- expected\n{expected}\n--- read\n{says}", path.display()))
}

#[test]
fn every_fixture_says_what_stands_beside_it() {
    let differing: Vec<String> = fixtures().iter().filter_map(|path| check(path)).collect();
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert!(fixtures().len() > 50, "the fixtures are there");
}
