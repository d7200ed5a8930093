//! Tests of the reading of Rust source: whatever it gets wrong, the tidy test gets wrong.

use super::*;

fn source(text: &str) -> Source {
    Source::read(TextFile { path: "crates/x/src/y.rs".to_owned(), text: text.to_owned() })
}

fn check(text: &str, code: &[&str], comment: &[&str]) {
    let source = source(text);
    let read: Vec<_> = source.lines.iter().map(|line| line.code.trim()).collect();
    assert_eq!(read, code, "code of {text:?}");
    let read: Vec<_> = source.lines.iter().map(|line| line.comment.trim()).collect();
    assert_eq!(read, comment, "comments of {text:?}");
}

#[test]
fn code_comments_and_literals_are_told_apart() {
    check("a // b\n", &["a"], &["// b"]);
    check("a /* b /* c */ d */ e", &["a  e"], &["b  c  d"]);
    check("let s = \"{ // \\\" }\";", &["let s = \"\";"], &[""]);
    check("let s = r#\"{ \" // }\"#;", &["let s = r\"\";"], &[""]);
    check("let c = '{'; let d = '\\''; let e: &'static str", &["let c = ''; let d = ''; let e: &'static str"], &[""]);
    check("r#type + for\"x\"", &["r#type + for\"\""], &[""]);
    check("\"a\n{ b\"\n}", &["\"", "\"", "}"], &["", "", ""]);
    check("let b = b\"{\"; let c = br\"{\";", &["let b = b\"\"; let c = br\"\";"], &[""]);
}

#[test]
fn functions_are_counted_by_their_braces() {
    let functions = source(
        "fn one() {}\n\
         trait T {\n    fn declared(&self) -> [u8; 2];\n}\n\
         fn two(a: fn(u8) -> u8, b: &str)\n-> u8 where u8: Copy\n{\n    \"}\";\n    // }\n    3\n}\n",
    )
    .functions();
    let told: Vec<_> = functions.iter().map(|f| (f.name.as_str(), f.line, f.length)).collect();
    assert_eq!(told, [("one", 1, 1), ("two", 5, 7)]);
    assert_eq!(functions[1].parameters, "a: fn(u8) -> u8, b: &str");
}

#[test]
fn test_code_is_known_by_its_attribute_or_its_place() {
    let source =
        source("fn a() {}\n#[cfg(test)]\nmod tests;\nfn b() {}\n#[cfg(test)]\nmod t {\n  fn c() {}\n}\nfn d() {}\n");
    let told: Vec<bool> = source.lines.iter().map(|line| line.in_tests).collect();
    assert_eq!(told, [false, true, true, false, true, true, true, true, false]);
}

#[test]
fn a_word_is_not_a_part_of_a_longer_one() {
    for (text, word, found) in [
        ("use sled::Db", "sled", true),
        ("tousled", "sled", false),
        ("sledge", "sled", false),
        ("x: bool", "bool", true),
    ] {
        assert_eq!(has_word(text, word), found, "{word} in {text}");
    }
}

#[test]
fn a_module_declared_for_tests_is_test_code_with_all_below_it() {
    let file = |path: &str, text: &str| TextFile { path: path.to_owned(), text: text.to_owned() };
    let sources = read_all(vec![
        file("crates/x/src/lib.rs", "mod a;\n#[cfg(all(test, unix))]\nmod laws;\n"),
        file("crates/x/src/a.rs", "#[cfg(test)]\nmod story;\n"),
        file("crates/x/src/a/story.rs", "fn a() {}\n"),
        file("crates/x/src/laws.rs", "fn a() {}\n"),
        file("crates/x/src/laws/one.rs", "fn a() {}\n"),
        file("crates/x/src/lawsuit.rs", "fn a() {}\n"),
    ]);
    let told: Vec<bool> = sources.iter().map(|source| source.lines[0].in_tests).collect();
    assert_eq!(told, [false, true, true, true, true, false]);
}
