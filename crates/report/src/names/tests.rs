//! Names of partners and subscriptions, and sentences that use them.

use std::collections::BTreeMap;

use super::{Names, short_ids};
use crate::document::Piece;

const QUAY: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const RELATIONSHIP: &str = "5d027261-d21f-4aa9-b7db-7fa1f56fb163-8777b240-c6f0-4469-9e98-a3205431b836";
const OFFICE: &str = "5ab5c81b-0000-4000-8000-000000000001";

fn names() -> Names {
    Names {
        partners: BTreeMap::from([(QUAY.parse().unwrap(), "Quay".to_owned())]),
        subscriptions: BTreeMap::from([(OFFICE.parse().unwrap(), "Office 365 E3".to_owned())]),
        granular: BTreeMap::from([(RELATIONSHIP.parse().unwrap(), "Helpdesk".to_owned())]),
        partner_ids: BTreeMap::new(),
    }
}

fn check(sentence: &str, told: &[&str]) {
    let phrase = names().sentence(sentence);
    let pieces: Vec<String> = phrase
        .0
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => format!("text {text}"),
            Piece::Name(name) => format!("name {name}"),
            Piece::Place(anchor, name) => format!("place {anchor} {name}"),
            Piece::At(at) => format!("instant {}", crate::instant::text(*at)),
            Piece::Code(_) | Piece::Strong(_) | Piece::Mark(..) | Piece::Entry(_) => format!("{piece:?}"),
        })
        .collect();
    assert_eq!(pieces, told);
}

#[test]
fn ids_that_are_known_and_instants_are_told_as_people_read_them() {
    check("nothing to name", &["text nothing to name"]);
    check("", &[]);
    check(
        &format!("DAP of partner {QUAY} ended at 2018-08-01T00:00:00.0000000Z"),
        &["text DAP of partner ", "name Quay", "text  ended at ", "instant 2018-08-01 00:00 UTC"],
    );
    check(&format!("({QUAY}, {QUAY})"), &["text (", "name Quay", "text , ", "name Quay", "text )"]);
    check(
        &format!("seats of subscription {OFFICE}, 世纪"),
        &["text seats of subscription ", &format!("place subscription-{OFFICE} Office 365 E3"), "text , 世纪"],
    );
    check(
        &format!("granular relationship {RELATIONSHIP} ended"),
        &["text granular relationship ", &format!("place granular-{RELATIONSHIP} Helpdesk"), "text  ended"],
    );
    for part in [format!("/subscriptions/{OFFICE}"), format!("{QUAY}{QUAY}"), format!("{OFFICE}/x"), format!("a{QUAY}")]
    {
        check(&part, &[&format!("text {part}")]);
    }
    let unknown = "99999999-0000-4000-8000-000000000001 and 2018-08-01T00:00:00.00000Z";
    check(unknown, &[&format!("text {unknown}")]);
}

#[test]
fn ids_that_would_look_the_same_are_written_whole() {
    let alike = ["aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-111100000001"];
    let other = "bbbbbbbb-0000-4000-8000-000000000001";
    let short = short_ids(alike.into_iter().chain([other]).map(str::to_owned));
    assert_eq!(short.get(other).map(String::as_str), Some("bbbbbbbb…0001"));
    assert!(alike.iter().all(|id| short.get(*id).map(String::as_str) == Some(id)));
}
