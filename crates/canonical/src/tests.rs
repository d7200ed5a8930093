//! One spelling per value: the writer and the scanner agree on it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::*;

fn refused(text: &str) -> CanonicalError {
    check_canonical(text.as_bytes()).expect_err(text)
}

#[test]
fn values_are_written_in_their_one_spelling() {
    let value = json!({
        "b": [1, -2, 0, true, false, null, INTEGER_MAX],
        "a_9": {"text": "tab\t quote\" backslash\\ bell\u{7} del\u{7f} ü €"},
        "a": {},
        "c": []
    });
    let expected = "{\"a\":{},\"a_9\":{\"text\":\"tab\\t quote\\\" backslash\\\\ bell\\u0007 del\u{7f} ü €\"},\
                    \"b\":[1,-2,0,true,false,null,9007199254740991],\"c\":[]}";
    let written = to_canonical(&value).unwrap();
    assert_eq!(String::from_utf8(written.clone()).unwrap(), expected);
    assert_eq!(from_canonical(&written), Ok(value));
}

#[test]
fn the_plain_serialiser_escapes_strings_the_same_way() {
    for code in 0..0x300_u32 {
        let Some(character) = char::from_u32(code) else { continue };
        let value = json!({"s": character.to_string()});
        let written = to_canonical(&value).unwrap();
        assert_eq!(written, serde_json::to_vec(&value).unwrap(), "U+{code:04X}");
        check_canonical(&written).unwrap();
    }
}

#[test]
fn any_other_spelling_is_refused() {
    let spellings = [
        "",
        " {}",
        "{} ",
        "{ }",
        "{\"a\" :1}",
        "{\"a\": 1}",
        "[1, 2]",
        "[1,]",
        "[,1]",
        "{\"a\":1,}",
        "{,}",
        "tru",
        "nul",
        "True",
        "\"open",
        "\"\\/\"",
        "\"\\u0041\"",
        "\"\\u000A\"",
        "\"\\u000a\"",
        "\"\\u001F\"",
        "\"\\u00e9\"",
        "\"raw\u{1}\"",
        "'a'",
        "[1",
        "{\"a\"",
        "{\"a\":",
        "[]]",
        "{}{}",
        "\"\\",
        "\"\\u00",
        "/**/1",
    ];
    for text in spellings {
        assert!(matches!(refused(text), CanonicalError::Spelling { .. }), "{text}: {}", refused(text));
    }
    for text in
        ["1.0", "1e3", "-0", "01", "-", "9007199254740992", "-9007199254740992", "1E2", "00", "99999999999999999999"]
    {
        assert!(matches!(refused(text), CanonicalError::Number { .. }), "{text}: {}", refused(text));
    }
    for text in ["{\"b\":1,\"a\":2}", "{\"a\":1,\"a\":2}"] {
        assert!(matches!(refused(text), CanonicalError::KeyOrder { .. }), "{text}");
    }
    for text in ["{\"A\":1}", "{\"\":1}", "{\"a-b\":1}", "{\"ü\":1}", "{\"a\\n\":1}"] {
        assert!(matches!(refused(text), CanonicalError::Key { .. }), "{text}");
    }
    assert_eq!(check_canonical(b"\"\xff\""), Err(CanonicalError::Spelling { at: 1, expected: "UTF-8" }));
}

#[test]
fn a_byte_that_ends_a_text_or_may_not_be_in_it_is_seen_wherever_it_stands() {
    for length in 0..20 {
        for at in 0..=length {
            for plain in ["x", "~", "!", "ü"] {
                let text = |odd: &str| format!("\"{}{odd}{}\"", plain.repeat(at), plain.repeat(length - at));
                assert_eq!(check_canonical(text("").as_bytes()), Ok(()));
                assert_eq!(check_canonical(text("\\n").as_bytes()), Ok(()));
                for odd in ["\"", "\\", "\\/", "\u{0}", "\u{1f}"] {
                    let wrong = text(odd);
                    assert!(matches!(refused(&wrong), CanonicalError::Spelling { .. }), "{wrong:?}");
                    assert_eq!(to_canonical(&wrong).unwrap(), serde_json::to_vec(&wrong).unwrap(), "{wrong:?}");
                }
            }
        }
    }
}

#[test]
fn a_byte_that_may_not_be_in_a_key_is_seen_wherever_it_stands() {
    for length in 1..20 {
        let key: String = "a0_z9bcdefghijklmnopq".chars().take(length).collect();
        assert_eq!(check_canonical(format!("{{\"{key}\":1}}").as_bytes()), Ok(()), "{key}");
        assert!(matches!(refused(&format!("{{\"{key}")), CanonicalError::Spelling { expected: "a closing quote", .. }));
        for at in 0..length {
            for code in 0..=0x100_u32 {
                let odd = char::from_u32(code).unwrap();
                let (before, behind) = key.split_at(at);
                let text = format!("{{\"{before}{odd}{}\":1}}", behind.get(1..).unwrap());
                let sound = odd.is_ascii_lowercase() || odd.is_ascii_digit() || odd == '_';
                assert_eq!(check_canonical(text.as_bytes()).is_ok(), sound, "{text:?}");
                let written = to_canonical(&BTreeMap::from([(format!("{before}{odd}"), 1)]));
                assert_eq!(written.is_ok(), sound, "{text:?}");
            }
        }
    }
}

#[test]
fn keys_are_in_order_when_their_bytes_are() {
    let keys =
        ["a", "a0", "a_", "aa", "abcdefgh", "abcdefgh0", "abcdefgha", "abcdefghi", "abcdefghijklmnopq", "b", "z9"];
    for (index, one) in keys.iter().enumerate() {
        for (other_index, other) in keys.iter().enumerate() {
            let text = format!("{{\"{one}\":[],\"{other}\":{{}}}}");
            let checked = check_canonical(text.as_bytes());
            if index < other_index {
                assert_eq!(checked, Ok(()), "{text}");
            } else {
                let at = one.len() + 7;
                assert_eq!(checked, Err(CanonicalError::KeyOrder { key: (*other).to_owned(), at }), "{text}");
            }
        }
    }
}

#[test]
fn a_member_is_split_off_where_its_value_ends() {
    let refused = ["", "}", "{", "{\"a\":1", "01,", "1.0,", "nul", "\"a", " 1", &"[".repeat(DEPTH_MAX)];
    for text in refused {
        let error = split_canonical_member(text).unwrap_err();
        assert_eq!(Err(error), check_canonical_member(text.as_bytes()), "{text}");
    }
    let deepest = format!("{}{}", "[".repeat(DEPTH_MAX - 1), "]".repeat(DEPTH_MAX - 1));
    for value in ["{}", "[1,{\"a\":\"ü}\"}]", "\"\\\"\"", "-12", "true", "null", &deepest] {
        for behind in ["", ",", "}", ",\"b\":2}", "ü"] {
            assert_eq!(split_canonical_member(&format!("{value}{behind}")), Ok((value, behind)));
        }
    }
}

#[test]
fn an_object_is_taken_apart_into_what_its_members_spell() {
    let deepest = format!("{{\"a\":{}{}}}", "[".repeat(DEPTH_MAX), "]".repeat(DEPTH_MAX));
    for text in ["{", "{}{}", "{} ", "{\"b\":1,\"a\":2}", "{\"a\":1,}", "{\"a\":01}", "{\"A\":1}", &deepest] {
        assert_eq!(canonical_members(text), Err(refused(text)));
    }
    for text in ["", "}", "[]", "1", " {}"] {
        let expected = "an opening brace";
        assert_eq!(canonical_members(text), Err(CanonicalError::Spelling { at: 0, expected }), "{text}");
    }
    assert_eq!(canonical_members("{}"), Ok(vec![]));
    let text = "{\"a\":{\"b\":[1]},\"c_9\":\"ü\\\",}\",\"d\":null}";
    assert_eq!(canonical_members(text), Ok(vec![("a", "{\"b\":[1]}"), ("c_9", "\"ü\\\",}\""), ("d", "null")]));
}

#[test]
fn values_outside_the_profile_cannot_be_written() {
    assert!(matches!(to_canonical(&json!(1.5)), Err(CanonicalError::Number { .. })));
    assert!(matches!(to_canonical(&json!(u64::MAX)), Err(CanonicalError::Number { .. })));
    assert!(matches!(to_canonical(&json!({"A": 1})), Err(CanonicalError::Key { .. })));
    let long = "x".repeat(ENTRY_BYTES_MAX - 1);
    assert!(matches!(to_canonical(&json!(long)), Err(CanonicalError::TooLong { .. })));
}

#[test]
fn a_value_is_appended_as_it_would_stand_there() {
    let nested = |depth: usize| (1..depth).fold(json!([]), |inside, _| json!([inside]));
    for depth in [1, 2, DEPTH_MAX - 1] {
        let mut bytes = b"{\"a\":".to_vec();
        append_canonical_member(&nested(depth), &mut bytes).unwrap();
        bytes.push(b'}');
        assert_eq!(bytes, to_canonical(&json!({"a": nested(depth)})).unwrap());
    }
    let too_deep = append_canonical_member(&nested(DEPTH_MAX), &mut Vec::new());
    assert!(matches!(too_deep, Err(CanonicalError::TooDeep { .. })), "{too_deep:?}");
    append_canonical(&nested(DEPTH_MAX), &mut Vec::new()).unwrap();
}

#[test]
fn nesting_has_a_limit_on_both_sides() {
    let nested = |depth: usize| {
        let mut value = json!(1);
        for _ in 0..depth {
            value = json!([value]);
        }
        value
    };
    let deepest = to_canonical(&nested(DEPTH_MAX)).unwrap();
    check_canonical(&deepest).unwrap();
    assert!(matches!(to_canonical(&nested(DEPTH_MAX + 1)), Err(CanonicalError::TooDeep { .. })));
    let deeper = "[".repeat(50_000);
    assert!(matches!(refused(&deeper), CanonicalError::TooDeep { at: DEPTH_MAX, depth_max: DEPTH_MAX }));
}

#[test]
fn the_scanner_accepts_a_changed_text_only_if_the_writer_gives_it_back() {
    const SEED: u64 = 7;
    let base = to_canonical(&json!({"a": [1, {"b": "x\ny"}, -5], "c": "é\u{1}", "d": true})).unwrap();
    let mut accepted = 0;
    let mut seed = SEED;
    for round in 0..20_000_u64 {
        // SplitMix64.
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let draw = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb).to_be_bytes();
        let mut text = base.clone();
        let at = usize::from(draw[0]) % text.len();
        match draw[1] % 3 {
            0 => text[at] = draw[2] % 128,
            1 => text.insert(at, draw[2] % 128),
            _ => drop(text.remove(at)),
        }
        let rewritten = serde_json::from_slice::<Value>(&text).ok().and_then(|value| to_canonical(&value).ok());
        let canonical = rewritten.as_ref() == Some(&text);
        assert_eq!(check_canonical(&text).is_ok(), canonical, "seed {SEED} round {round}: {text:?}");
        accepted += u32::from(canonical);
    }
    println!("seed {SEED}: {accepted} of 20000 changed texts were canonical");
}

/// One of every form that a value can take, its fields not in the order of their names.
#[derive(Serialize)]
struct Every<'a> {
    z: Option<u8>,
    y: (i64, char, bool),
    x: &'a [u16],
    w: BTreeMap<i32, &'a str>,
    variants: [Variant; 5],
    a: f32,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Variant {
    Unit,
    One(u8),
    Two(u8, u8),
    Fields { b: u8, a: u8 },
    Tagged(Tagged),
}

#[derive(Serialize)]
#[serde(tag = "type")]
enum Tagged {
    Event { subscription: u8, actor: u8 },
}

fn every(a: f32) -> Every<'static> {
    let variants = [
        Variant::Unit,
        Variant::One(1),
        Variant::Two(1, 2),
        Variant::Fields { b: 1, a: 2 },
        Variant::Tagged(Tagged::Event { subscription: 1, actor: 2 }),
    ];
    Every { z: None, y: (-5, 'é', true), x: &[], w: BTreeMap::from([(10, "ten"), (9, "nine")]), variants, a }
}

#[test]
fn a_value_is_written_as_the_tree_of_it_would_be() {
    #[derive(Serialize)]
    struct Exact<'a> {
        z: Option<u8>,
        y: (i64, char, bool),
        x: &'a [u16],
        w: BTreeMap<i32, &'a str>,
        variants: [Variant; 5],
    }
    let Every { z, y, x, w, variants, .. } = every(0.0);
    let exact = Exact { z, y, x, w, variants };
    let tree = serde_json::to_value(&exact).unwrap();
    let written = to_canonical(&exact).unwrap();
    assert_eq!(String::from_utf8(written.clone()).unwrap(), String::from_utf8(to_canonical(&tree).unwrap()).unwrap());
    // A map of `serde_json` is sorted, so its own text is the one spelling.
    assert_eq!(written, serde_json::to_vec(&tree).unwrap());
    assert!(matches!(to_canonical(&every(0.5)), Err(CanonicalError::Number { .. })));
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    #[derive(Serialize)]
    struct Twice {
        b: u8,
        a: u8,
        #[serde(flatten)]
        rest: BTreeMap<&'static str, u8>,
    }
    let twice = Twice { b: 1, a: 2, rest: BTreeMap::from([("b", 3)]) };
    assert!(matches!(to_canonical(&twice), Err(CanonicalError::KeyOrder { key, .. }) if key == "b"));
    let once = Twice { b: 1, a: 2, rest: BTreeMap::from([("aa", 3)]) };
    assert_eq!(to_canonical(&once).unwrap(), b"{\"a\":2,\"aa\":3,\"b\":1}");
}

#[test]
fn rows_may_have_keys_of_any_text() {
    let value = json!({"Ü \"x\"": 1, "A-b": {"z": 1, "a": []}});
    assert_eq!(to_sorted(&value).unwrap(), serde_json::to_vec(&value).unwrap());
    assert!(matches!(to_canonical(&value), Err(CanonicalError::Key { .. })));
    let numbered = BTreeMap::from([((1, 2), 3)]);
    assert!(matches!(to_sorted(&numbered), Err(CanonicalError::Value { .. })));
}
