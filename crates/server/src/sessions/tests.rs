//! The end of sessions: by rest, by age, by signing out, and where others need the room.

use std::time::Duration;

use ofrecord_log::Hash;
use tokio::time::Instant;

use super::{Sessions, SignedIn, form_token};
use crate::limits::Limits;

fn limits() -> Limits {
    let (rest, time) = (Duration::from_secs(10), Duration::from_secs(25));
    Limits { sessions: 2, session_rest: rest, session_time: time, ..Limits::default() }
}

fn kim() -> SignedIn {
    SignedIn::ByToken(Hash::of(b"kim"))
}

#[test]
fn a_session_ends_by_rest_and_by_age_whatever_it_is_used_for() {
    for (uses, last) in [(&[9, 18, 24][..], 25), (&[10][..], 10), (&[9][..], 19), (&[0, 9, 9, 18][..], 28)] {
        let (sessions, began) = (Sessions::default(), Instant::now());
        let text = sessions.begin(kim(), &limits(), began).unwrap();
        let used = |seconds: u64| sessions.used(&text, &limits(), began + Duration::from_secs(seconds));
        for seconds in uses {
            let expected = (*seconds < last).then(kim);
            assert_eq!(used(*seconds), expected, "{uses:?} at {seconds}");
        }
        assert_eq!(used(last), None, "{uses:?} at {last}");
        assert_eq!(used(0), None, "{uses:?}: what is over does not begin again");
    }
}

#[test]
fn a_session_that_was_ended_or_never_begun_is_nobodys() {
    let (sessions, now) = (Sessions::default(), Instant::now());
    let text = sessions.begin(kim(), &limits(), now).unwrap();
    for other in ["", "kim", &text.to_uppercase(), &Hash::of(text.as_bytes()).to_string()] {
        assert_eq!(sessions.used(other, &limits(), now), None, "{other}");
    }
    assert_eq!(sessions.used(&text, &limits(), now), Some(kim()));
    sessions.end(&text);
    assert_eq!(sessions.used(&text, &limits(), now), None);
}

#[test]
fn where_there_is_no_room_the_one_that_rested_longest_makes_it() {
    let (sessions, now) = (Sessions::default(), Instant::now());
    let at = |seconds: u64| now + Duration::from_secs(seconds);
    let begin = |seconds: u64| sessions.begin(kim(), &limits(), at(seconds)).unwrap();
    let (first, second) = (begin(0), begin(1));
    assert!(sessions.used(&first, &limits(), at(2)).is_some());
    let third = begin(3);
    let stand = [&first, &second, &third].map(|text| sessions.used(text, &limits(), at(4)).is_some());
    assert_eq!(stand, [true, false, true]);
}

#[test]
fn the_token_of_forms_is_neither_the_text_nor_that_by_which_the_session_is_known() {
    let token = form_token("text");
    assert_ne!(token, Hash::of(b"text"));
    assert_ne!(token, form_token("texts"));
}
