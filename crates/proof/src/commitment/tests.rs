//! Which lines a commitment refuses, and what its proofs do not show.

use super::*;

fn line(stream: &str) -> StreamLine {
    StreamLine { count: 3, head: leaf_hash(stream.as_bytes()), stream: stream.to_owned(), view: Hash([7; 32]) }
}

fn lines(keys: &[&str]) -> Vec<StreamLine> {
    keys.iter().map(|key| line(key)).collect()
}

fn committed(keys: &[&str]) -> Commitment {
    Commitment::over(lines(keys)).unwrap()
}

const KEYS: [&str; 5] = ["b", "d", "f", "h", "j"];

#[test]
fn lines_that_are_not_sorted_are_refused() {
    for keys in [["a", "a"], ["b", "a"], ["a", "B"], ["é", "z"]] {
        let order = CommitmentError::Order { key: keys[1].to_owned() };
        assert_eq!(Commitment::over(lines(&keys)), Err(order.clone()));
        assert_eq!(Standing::of("x", lines(&keys)), Err(order));
    }
    let long = KeyLine { key: "a".repeat(65_535) };
    assert!(matches!(Commitment::over([long]), Err(CommitmentError::Canonical(CanonicalError::TooLong { .. }))));
}

#[test]
fn a_line_is_hashed_as_canonical_json() {
    let head = Hash([1; 32]);
    let line = StreamLine { count: 2, head, stream: "a/b".to_owned(), view: Hash([2; 32]) };
    let text = format!(r#"{{"count":2,"head":"{head}","stream":"a/b","view":"{}"}}"#, Hash([2; 32]));
    assert_eq!(Commitment::over([line]), Ok(Commitment { count: 1, root: leaf_hash(text.as_bytes()) }));
    let pair = KeyLine { key: "a|b".to_owned() };
    assert_eq!(Commitment::over([pair]).map(|one| one.root), Ok(leaf_hash(br#"{"key":"a|b"}"#)));
    assert_eq!(Commitment::over(Vec::<KeyLine>::new()), Ok(Commitment { count: 0, root: empty_root() }));
}

#[test]
fn a_list_that_was_kept_is_the_same_list_only_byte_for_byte() {
    for count in 0..=KEYS.len() {
        let mut list = WholeList::default();
        lines(&KEYS).iter().take(count).for_each(|line| list.push(line).unwrap());
        let kept = WholeList::<StreamLine>::from_bytes(list.as_bytes()).unwrap();
        assert_eq!(kept.commitment(), committed(KEYS.get(..count).unwrap()));
        for key in ["a", "b", "e", "j", "k"] {
            assert_eq!(kept.standing(key), list.standing(key));
        }
        assert_eq!(kept.lines().collect::<Result<Vec<_>, _>>().unwrap(), lines(KEYS.get(..count).unwrap()));
        for at in 0..list.as_bytes().len() {
            let mut spoiled = list.as_bytes().to_vec();
            *spoiled.get_mut(at).unwrap() ^= 1;
            let spoiled = WholeList::<StreamLine>::from_bytes(&spoiled);
            assert!(spoiled.is_err() || spoiled.is_ok_and(|spoiled| spoiled.commitment() != list.commitment()));
        }
        let mut kept = kept;
        assert_eq!(kept.push(&line("a")).is_err(), count > 0, "what stands in it is known");
        kept.push(&line("k")).unwrap();
    }
}

#[test]
fn a_proof_shows_its_key_and_no_other() {
    let commitment = committed(&KEYS);
    for key in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", ""] {
        let standing = Standing::of(key, lines(&KEYS)).unwrap();
        for other in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", ""] {
            // The neighbours of a gap show every key of that gap.
            let place = |key: &str| (KEYS.iter().filter(|known| **known < key).count(), KEYS.contains(&key));
            let shown = commitment.verify(other, &standing).is_ok();
            assert_eq!(shown, place(key) == place(other), "{other:?} with the proof of {key:?}");
        }
        assert!(committed(&["b", "d", "f", "h", "k"]).verify(key, &standing).is_err());
        assert_eq!(matches!(standing, Standing::Present(_)), KEYS.contains(&key), "{key}");
    }
}

#[test]
fn a_line_that_says_something_else_is_not_in_the_list() {
    let commitment = committed(&KEYS);
    let Standing::Present(right) = Standing::of("f", lines(&KEYS)).unwrap() else { panic!("f stands in it") };
    assert_eq!(commitment.verify_membership(&right), Ok(()));
    let mut path = right.path.clone();
    path.pop();
    let other_path = Membership { path, ..right.clone() };
    let other_index = Membership { index: 3, ..right.clone() };
    let other_count = Membership { line: StreamLine { count: 4, ..right.line.clone() }, ..right };
    for wrong in [other_path, other_index, other_count] {
        assert!(matches!(commitment.verify_membership(&wrong), Err(NotShown::Proof(_))), "{wrong:?}");
    }
}

#[test]
fn lines_that_are_not_neighbours_show_no_absence() {
    let commitment = committed(&KEYS);
    let at = |key: &str| match Standing::of(key, lines(&KEYS)).unwrap() {
        Standing::Present(membership) => Some(membership),
        Standing::Absent(_) => panic!("{key} stands in it"),
    };
    for (key, before, after) in [
        ("g", at("d"), at("h")),
        ("g", at("f"), at("j")),
        ("g", None, at("h")),
        ("g", at("f"), None),
        ("g", None, None),
        ("g", at("h"), at("j")),
        ("g", at("h"), at("f")),
        ("f", at("f"), at("h")),
        ("f", at("d"), at("f")),
        ("a", None, at("d")),
        ("k", at("h"), None),
    ] {
        let absence = Absence { before, after };
        assert_eq!(commitment.verify_absence(key, &absence), Err(NotShown::Neighbours), "{key}: {absence:?}");
    }
    let nothing: Absence<StreamLine> = Absence { before: None, after: None };
    let empty = committed(&[]);
    assert_eq!(empty.verify_absence("g", &nothing), Ok(()));
    let lying = Commitment { count: 0, root: commitment.root };
    assert_eq!(lying.verify_absence("g", &nothing), Err(NotShown::Neighbours));
}

#[test]
fn a_proof_is_read_as_written_and_in_no_other_spelling() {
    for key in ["a", "d", "e", "k"] {
        let standing = Standing::of(key, lines(&KEYS)).unwrap();
        let bytes = standing.to_bytes().unwrap();
        assert_eq!(Standing::<StreamLine>::from_bytes(&bytes), Ok(standing));
    }
    let absent = Standing::of("a", lines(&KEYS)).unwrap().to_bytes().unwrap();
    let text = String::from_utf8(absent).unwrap();
    for (from, to) in [("\"before\":null", "\"before\": null"), ("{\"absent\"", "{\"absent\" ")] {
        let read = Standing::<StreamLine>::from_bytes(text.replacen(from, to, 1).as_bytes());
        assert!(matches!(read, Err(CommitmentError::Canonical(_))), "{from}");
    }
    for (from, to) in
        [(",\"before\":null", ""), ("\"before\":null}", "\"before\":null,\"c\":0}"), ("absent", "missing")]
    {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        let read = Standing::<StreamLine>::from_bytes(changed.as_bytes());
        assert_eq!(read, Err(CommitmentError::Json), "{changed}");
    }
}
