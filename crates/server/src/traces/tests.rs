//! Parents that are none are passed over, and those of later versions are read as far as they are known.

use axum::http::HeaderMap;

use super::{PARENT, STATE, parent, written};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

fn named(parents: &[&str], states: &[&str]) -> Option<String> {
    let mut headers = HeaderMap::new();
    for text in parents {
        headers.append(PARENT, text.parse().unwrap());
    }
    for text in states {
        headers.append(STATE, text.parse().unwrap());
    }
    parent(&headers).map(|context| format!("{} {}", written(&context), context.trace_state().header()))
}

#[test]
fn what_is_no_parent_is_passed_over() {
    let whole = format!("00-{TRACE}-00f067aa0ba902b7-01");
    for wrong in [
        String::new(),
        "00".to_owned(),
        whole.to_uppercase(),
        whole.replacen("00-", "ff-", 1),
        whole.replace(TRACE, &"0".repeat(32)),
        whole.replace("00f067aa0ba902b7", &"0".repeat(16)),
        whole.replace('-', "_"),
        format!("{whole}-what-the-future-brings"),
        format!("cc{}x", &whole[2..]),
        format!("00-{TRACE}-00f067aa0ba902b-701"),
    ] {
        assert_eq!(named(&[&wrong], &[]), None, "{wrong}");
    }
    assert_eq!(named(&[], &["a=1"]), None);
    assert_eq!(named(&[&whole, &whole], &[]), None, "two parents are none");
}

#[test]
fn a_parent_is_carried_on_with_its_state() {
    let whole = format!("00-{TRACE}-00f067aa0ba902b7-01");
    let long = format!("a={}", "x".repeat(600));
    for (given, states, expected) in [
        (whole.clone(), &[][..], format!("{whole} ")),
        (whole.clone(), &["a=1", "b=2"], format!("{whole} a=1,b=2")),
        (whole.clone(), &["none of it"], format!("{whole} ")),
        (whole.clone(), &[&long], format!("{whole} ")),
        (whole.replacen("-01", "-00", 1), &[], format!("00-{TRACE}-00f067aa0ba902b7-00 ")),
        (format!("cc{}-what-the-future-brings", &whole[2..]), &[], format!("{whole} ")),
        (whole.replacen("-01", "-ff", 1), &[], format!("{whole} ")),
    ] {
        assert_eq!(named(&[&given], states), Some(expected), "{given} {states:?}");
    }
}
