//! Pages by role: what each role opens, what it is refused, and that no page leads to one that is refused.

use std::collections::BTreeSet;

use ofrecord_server::{AccessRole, Limits, Scope, route_lines};
use ofrecord_testkit::{Story, name};

use super::{UNKNOWN, recorded};
use crate::login::{FORM, OWN, form_token, signed_in, the_cookie};
use crate::stage::{Answer, Stage, customer};

/// The roles as the columns below have them.
fn roles() -> [(AccessRole, Scope); 6] {
    [
        (AccessRole::PartnerUser, Scope::Partner(name::partner("P"))),
        (AccessRole::PartnerUser, Scope::Partner(name::partner("R"))),
        (AccessRole::CustomerAdmin, Scope::Customer(name::customer("C"))),
        (AccessRole::Auditor, Scope::OfRole),
        (AccessRole::ComplianceOfficer, Scope::OfRole),
        (AccessRole::Operator, Scope::OfRole),
    ]
}

/// The stage, and what each role shows.
fn stage() -> (Stage, [String; 6]) {
    let stage = Stage::asking(Limits::default());
    recorded(&stage);
    stage.record([Story::new(8).at("2024-03-01").ledger().registers_customer("D")]);
    let mut number = 0;
    let tokens = roles().map(|(role, scope)| {
        number += 1;
        stage.token(&format!("{} {number}", role.word()), role, scope)
    });
    (stage, tokens)
}

/// Every address that a page leads to or loads.
fn links(page: &str) -> BTreeSet<String> {
    let places = ["href=\"", "src=\"", "action=\""].into_iter().flat_map(|mark| page.split(mark).skip(1));
    let places = places.filter_map(|rest| rest.split('"').next());
    places.filter(|place| place.starts_with('/')).map(|place| place.replace("&amp;", "&")).collect()
}

#[test]
fn each_page_is_opened_by_the_roles_that_may_and_refused_to_every_other() {
    let (stage, tokens) = stage();
    let (own, other) = (customer(), name::customer("D").to_string());
    let (p, q) = (name::partner("P"), name::partner("Q"));
    for (path, statuses) in [
        ("/console".to_owned(), [200, 200, 200, 200, 200, 200]),
        ("/console/find".to_owned(), [200, 200, 200, 200, 200, 403]),
        (format!("/console/find?q={own}"), [303, 404, 303, 303, 303, 403]),
        (format!("/console/find?q={other}"), [404, 404, 404, 303, 303, 403]),
        (format!("/console/find?q={p}"), [303, 404, 404, 303, 303, 403]),
        (format!("/console/find?q={q}"), [404, 404, 404, 303, 303, 403]),
        (format!("/console/find?q={}", crate::stage::told()[0].command_id), [404, 404, 404, 303, 303, 403]),
        (format!("/console/customers/{own}"), [200, 404, 200, 200, 200, 403]),
        (format!("/console/customers/{other}"), [404, 404, 403, 200, 200, 403]),
        (format!("/console/customers/{UNKNOWN}"), [404, 404, 403, 404, 404, 403]),
        (format!("/console/partners/{p}"), [200, 403, 403, 200, 200, 403]),
        (format!("/console/partners/{q}"), [403, 403, 403, 200, 200, 403]),
        ("/console/compare".to_owned(), [200, 200, 200, 200, 200, 403]),
        (format!("/console/compare?customer={own}"), [200, 404, 200, 200, 200, 403]),
        (format!("/console/compare?customer={other}"), [404, 404, 403, 200, 200, 403]),
        ("/console/operations".to_owned(), [403, 403, 403, 200, 200, 200]),
        ("/console/entries/3".to_owned(), [200, 200, 200, 200, 200, 200]),
        ("/console/login".to_owned(), [200, 200, 200, 200, 200, 200]),
    ] {
        let given = tokens.each_ref().map(|token| stage.get_with(&path, token).status);
        assert_eq!(given, statuses, "{path}");
    }
}

#[test]
fn no_page_leads_to_one_that_is_refused() {
    let (stage, tokens) = stage();
    let pages = route_lines().into_iter().filter(|[method, path, ..]| method == "GET" && path.starts_with("/console"));
    assert!(pages.count() > 10);
    for (number, token) in tokens.iter().enumerate() {
        let (mut open, mut seen) = (vec!["/console".to_owned()], BTreeSet::new());
        while let Some(path) = open.pop() {
            let place = path.split('#').next().unwrap().to_owned();
            if !seen.insert(place.clone()) || place == "/console/logout" || place.starts_with("/console/login/") {
                continue;
            }
            let answer = if place.ends_with("/bytes") || place.starts_with("/console/jobs") {
                stage.post(&place, FORM, &format!("{token}{OWN}"), "")
            } else {
                stage.get_with(&place, token)
            };
            let led = format!("{:?}: {place}: {}", roles()[number].0, answer.status);
            assert!(!matches!(answer.status, 401 | 403 | 405) && answer.status < 500, "{led}");
            if place.starts_with("/console") && answer.status == 200 && place != "/console/script.js" {
                // The picture of one period leads to those of others, without end.
                let is_picture = |place: &str| place.contains("&from=") || place.contains("?from=");
                let led = links(&answer.text()).into_iter();
                open.extend(led.filter(|to| !(is_picture(&place) && is_picture(to))));
            }
        }
        assert!(seen.len() >= 5, "{:?}: {seen:?}", roles()[number].0);
        let entries = seen.iter().any(|place| place.ends_with("/bytes"));
        assert_eq!(entries, number == 3 || number == 4, "{:?}: {seen:?}", roles()[number].0);
    }
}

#[test]
fn an_operator_sees_how_the_ledger_is_and_no_name_or_id_of_anybody() {
    let (stage, tokens) = stage();
    let ids = [
        customer(),
        name::customer("D").to_string(),
        name::partner("P").to_string(),
        name::partner("Q").to_string(),
        name::subscription("S").to_string(),
    ];
    for path in ["/console", "/console/operations", "/console/entries/3", "/console/entries/9"] {
        let page = stage.get_with(path, &tokens[5]).text();
        assert!(page.contains("data-root") || page.contains("takes entries"), "{path}: {page}");
        for id in &ids {
            assert!(!page.contains(id), "{path}: {id}");
        }
    }
    let operations = stage.get_with("/console/operations", &tokens[5]).text();
    assert!(!operations.contains("id=\"holds\"") && !operations.contains("id=\"erasures\""), "{operations}");
    assert!(stage.get_with("/console/operations", &tokens[3]).text().contains("id=\"holds\""));
}

#[test]
fn a_partner_sees_the_book_of_its_own_customers_and_nothing_of_how_many_others_there_are() {
    let (stage, tokens) = stage();
    let path = format!("/console/partners/{}", name::partner("P"));
    let book = |answer: Answer| super::section(&answer.text(), "book").to_owned();
    let own = book(stage.get_with(&path, &tokens[0]));
    assert!(own.contains(&customer()) && own.contains("1 record names") && !own.contains("read"), "{own}");
    assert!(book(stage.get_with(&path, &tokens[3])).contains("2 customers were read"));
    let page = stage.get_with(&format!("/console/customers/{}", customer()), &tokens[0]).text();
    assert!(page.contains(&name::subscription("S").to_string()), "what it sold itself: {page}");
    assert!(!page.contains(&name::partner("Q").to_string()), "{page}");
    assert!(!page.contains("ofrecord certify"), "{page}");
}

#[test]
fn a_session_may_what_its_role_may() {
    let (stage, tokens) = stage();
    for (token, status) in tokens.iter().zip([403, 403, 403, 200, 200, 403]) {
        let cookie = the_cookie(&signed_in(&stage, token, ""));
        let form = form_token(&stage.get_with("/console", &cookie).text());
        let path = "/console/entries/3/bytes";
        let answer = stage.post(path, FORM, &format!("{cookie}{OWN}"), &format!("form-token={form}"));
        assert_eq!(answer.status, status, "{}", answer.text());
    }
}
