//! The reference tables hold: rules name tests that exist, grounds name rules, and commands name grounds.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ofrecord_core::precedence::grounds_of;
use ofrecord_core::rule::Kept;
use ofrecord_core::{Command, ground, rule};

/// The Rust sources of the workspace.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() && !path.ends_with("target") {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Names of the functions that stand below a `#[test]`.
fn tests_of_the_workspace() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for folder in ["crates", "tests"] {
        sources(&root.join(folder), &mut files);
    }
    let mut names = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let mut awaited = false;
        for line in text.lines().map(str::trim) {
            if line == "#[test]" {
                awaited = true;
            } else if let Some(rest) = line.strip_prefix("fn ").filter(|_| awaited) {
                names.insert(rest.split('(').next().unwrap_or_default().to_owned());
                awaited = false;
            }
        }
    }
    names
}

#[test]
fn every_rule_names_a_test_that_exists() {
    let tests = tests_of_the_workspace();
    for rule in rule::all() {
        match rule.kept {
            Kept::Refuses | Kept::Holds => assert!(tests.contains(rule.test), "{}: no test {:?}", rule.id, rule.test),
            Kept::NotDecidable(reason) | Kept::Later(reason) => assert!(!reason.is_empty(), "{}", rule.id),
        }
    }
}

/// Rule ids by family, without gaps.
const FAMILIES: &[(&str, u32, &[&str])] = &[
    ("S", 14, &[]),
    ("R", 17, &["R-2b"]),
    ("M", 12, &[]),
    ("D", 7, &[]),
    ("G", 25, &[]),
    ("A", 9, &[]),
    ("I", 13, &[]),
    ("B", 11, &[]),
    ("U", 21, &[]),
    ("T", 20, &[]),
    ("L", 19, &[]),
];

#[test]
fn every_rule_of_the_domain_has_one_row() {
    let rows: Vec<&str> = rule::all().map(|rule| rule.id).collect();
    let unique: BTreeSet<&str> = rows.iter().copied().collect();
    assert_eq!(rows.len(), unique.len(), "a rule stands twice");
    let wanted: BTreeSet<String> = FAMILIES
        .iter()
        .flat_map(|(family, last, more)| {
            (1..=*last).map(move |number| format!("{family}-{number}")).chain(more.iter().map(|id| (*id).to_owned()))
        })
        .collect();
    let missing: Vec<&String> = wanted.iter().filter(|id| !unique.contains(id.as_str())).collect();
    let strange: Vec<&&str> = unique.iter().filter(|id| !wanted.contains(**id)).collect();
    assert!(missing.is_empty() && strange.is_empty(), "missing {missing:?}, strange {strange:?}");
}

#[test]
fn every_sentence_is_one_sentence() {
    for rule in rule::all() {
        assert!(rule.sentence.ends_with('.') && rule.sentence.len() > 20, "{}: {}", rule.id, rule.sentence);
    }
    for ground in ground::all() {
        let first = ground.message.chars().next().unwrap_or(' ');
        let plain = !ground.message.ends_with('.') && (!first.is_uppercase() || ground.message.starts_with("Azure"));
        assert!(plain, "{}: {}", ground.code, ground.message);
    }
}

#[test]
fn every_ground_belongs_to_a_rule_that_refuses() {
    let mut seen = BTreeSet::new();
    for ground in ground::all() {
        let once = seen.insert((ground.rule, ground.code, ground.message));
        assert!(once, "{} ({}) stands twice with the same words", ground.code, ground.rule);
        let rule = rule::all().find(|rule| rule.id == ground.rule);
        assert!(rule.is_some(), "{}: no rule {}", ground.code, ground.rule);
        let snake = ground.code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        assert!(snake, "{} is not snake_case", ground.code);
    }
    for rule in rule::all().filter(|rule| rule.kept == Kept::Refuses) {
        assert!(ground::all().any(|ground| ground.rule == rule.id), "{} refuses on no ground", rule.id);
    }
}

#[test]
fn every_ground_is_listed_for_a_command_and_every_command_lists_its_own() {
    let mut listed = BTreeSet::new();
    for name in Command::NAMES {
        let grounds = grounds_of(name);
        assert!(!grounds.is_empty(), "{name} lists no ground");
        let mut own = BTreeSet::new();
        for ground in grounds {
            let once = own.insert((ground.rule, ground.code, ground.message));
            assert!(once, "{name} lists {} ({}) twice", ground.code, ground.rule);
        }
        listed.extend(own);
    }
    for ground in ground::all() {
        assert!(
            listed.contains(&(ground.rule, ground.code, ground.message)),
            "{} ({}) refuses nothing",
            ground.code,
            ground.rule
        );
    }
    assert!(grounds_of("NoSuchCommand").is_empty());
}
