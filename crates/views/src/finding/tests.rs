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
