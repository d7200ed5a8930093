//! The table of finding codes.

use std::collections::BTreeSet;

use super::FindingCode;

#[test]
fn every_code_has_its_own_word_and_is_explained() {
    let words: BTreeSet<&str> = FindingCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(words.len(), FindingCode::ALL.len());
    for code in FindingCode::ALL {
        assert_eq!(serde_json::to_value(code).unwrap(), code.as_str(), "the word in JSON is the code");
        assert!(code.title().ends_with('.') && code.meaning().ends_with('.'), "{}", code.as_str());
    }
}

#[test]
fn every_code_has_a_history_that_shows_it() {
    let histories = [
        include_str!("../findings/tests.rs"),
        include_str!("../findings/tests/granular.rs"),
        include_str!("../findings/tests/transfer.rs"),
    ]
    .concat();
    for code in FindingCode::ALL {
        assert!(histories.contains(&format!("FindingCode::{code:?}")), "no test shows {}", code.as_str());
    }
}

#[test]
fn the_codes_that_the_questions_name_exist() {
    let map = include_str!("../lib.rs");
    let codes: BTreeSet<&str> = FindingCode::ALL.iter().map(|code| code.as_str()).collect();
    let rows = map.lines().filter_map(|line| line.split_once("[`findings`]: ").map(|(_, codes)| codes));
    let named: Vec<&str> =
        rows.flat_map(|row| row.split('`').filter(|word| word.contains('_') && !word.contains('['))).collect();
    assert!(named.len() >= 9, "{named:?}");
    for code in named.into_iter().filter(|word| !word.ends_with("_history")) {
        assert!(codes.contains(code), "{code} is no finding");
    }
}
