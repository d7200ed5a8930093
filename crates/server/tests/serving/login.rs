//! Signing in by a browser: what is refused first, then the session, its forms, and how it ends.

use std::time::Duration;

use ofrecord_server::{AccessRole, Limits, Scope, route_lines};
use ofrecord_testkit::{name, story};

use crate::stage::{Answer, FOUNDED, Stage, customer, lines, told};

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
/// What a browser says of a request that a page of this server makes.
pub(crate) const OWN: &str = "Sec-Fetch-Site: same-origin\r\n";

/// The token of a header that shows it.
fn text(header: &str) -> &str {
    header.trim_end().rsplit(' ').next().unwrap()
}

pub(crate) fn signed_in(stage: &Stage, token: &str, to: &str) -> Answer {
    stage.post("/console/login/token", FORM, OWN, &format!("token={}&to={to}", text(token)))
}

/// The header by which a browser shows what it was told to keep.
pub(crate) fn the_cookie(answer: &Answer) -> String {
    let kept = answer.header("set-cookie").unwrap_or_else(|| panic!("no cookie: {} {}", answer.status, answer.text()));
    format!("Cookie: {}\r\n", kept.split(';').next().unwrap())
}

/// What the forms of a page carry.
pub(crate) fn form_token(page: &str) -> String {
    let field = page.split("name=\"form-token\" value=\"").nth(1).unwrap_or_else(|| panic!("no form: {page}"));
    field.split('"').next().unwrap().to_owned()
}

fn auditor(stage: &Stage) -> String {
    stage.token("kim", AccessRole::Auditor, Scope::OfRole)
}

#[test]
fn whoever_is_not_signed_in_is_shown_how_wherever_they_come() {
    let stage = Stage::asking(Limits::default());
    auditor(&stage);
    for path in ["/console", "/console/operations", "/console/entries/3?tree_size=4"] {
        let answer = stage.get(path);
        assert_eq!((answer.status, answer.json_code().as_deref()), (401, Some("not_authenticated")), "{path}");
        let page = answer.text();
        assert!(page.contains("<h1>Sign in</h1>"), "{page}");
        assert!(page.contains(&format!("<input type=\"hidden\" name=\"to\" value=\"{path}\">")), "{path}: {page}");
        assert!(!page.contains("href=\"/console/operations\"") && !page.contains("role=\"search\""), "{page}");
    }
    let answer = stage.get("/console/login?to=//evil.example");
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("name=\"to\" value=\"/console\""), "{}", answer.text());
    let led = stage.get_with("/console/entries/3", "Sec-Fetch-Site: cross-site\r\n").text();
    assert!(led.contains("<meta http-equiv=\"refresh\" content=\"0; url=/console/entries/3\">"), "{led}");
}

#[test]
fn a_token_that_is_nobodys_or_comes_from_another_page_signs_nobody_in() {
    let stage = Stage::asking(Limits::default());
    let good = auditor(&stage);
    let gone = stage.token("gone", AccessRole::Auditor, Scope::OfRole);
    stage.tokens().revoke("gone", story::instant("2024-06-01")).unwrap();
    let body = |token: &str| format!("token={}&to=/console", text(token));
    for (headers, body, status) in [
        ("", body(&good), 400),
        ("Sec-Fetch-Site: cross-site\r\n", body(&good), 400),
        ("Sec-Fetch-Site: same-site\r\n", body(&good), 400),
        ("Origin: http://evil.example\r\n", body(&good), 400),
        (OWN, String::new(), 400),
        (OWN, "token=".to_owned(), 400),
        (OWN, format!("{}&colour=red", body(&good)), 400),
        (OWN, body(&gone), 401),
        (OWN, "token=ofrecord_0&to=/console".to_owned(), 401),
        (OWN, "token=a.b.c&to=/console".to_owned(), 401),
    ] {
        let answer = stage.post("/console/login/token", FORM, headers, &body);
        assert_eq!((answer.status, answer.header("set-cookie")), (status, None), "{headers} {body}");
    }
    let provider = stage.get("/console/login/provider");
    assert_eq!((provider.status, provider.header("location")), (400, None), "there is none");
    assert_eq!(stage.get("/console/login/returned?code=1&state=2&session_state=3").status, 401);
}

#[test]
fn a_browser_that_signed_in_is_known_on_every_page_and_question_by_what_it_keeps() {
    let stage = Stage::asking(Limits::default());
    stage.record(told());
    let token = auditor(&stage);
    let answer = signed_in(&stage, &token, "/console/entries/3");
    assert_eq!((answer.status, answer.header("location")), (303, Some("/console/entries/3")), "{}", answer.text());
    let kept = answer.header("set-cookie").unwrap();
    for part in ["; HttpOnly", "; SameSite=Strict", "; Path=/;", "; Max-Age=43200"] {
        assert!(kept.contains(part), "{part}: {kept}");
    }
    let value = kept.strip_prefix("ofrecord=").unwrap().split(';').next().unwrap();
    assert!(value.len() == 64 && !token.contains(value), "256 bits, and not those of the token: {kept}");
    assert!(!kept.contains("Secure") && !kept.contains("Domain"), "{kept}");
    let cookie = the_cookie(&answer);
    for path in ["/console", "/console/operations", "/console/login", "/console/nowhere", "/console/entries/99"] {
        let page = stage.get_with(path, &cookie);
        assert!(page.text().contains("<strong>kim</strong>, auditor"), "{path}: {}", page.text());
        assert!(page.text().contains("action=\"/console/logout\""), "{path}");
        assert_eq!(page.header("cache-control"), Some("no-store"), "{path}");
    }
    assert_eq!(stage.get_with(&format!("/v1/customers/{}/resellers", customer()), &cookie).status, 200);
    let planted = format!("{}; {}\r\n", cookie.trim_end(), cookie.trim_end().trim_start_matches("Cookie: "));
    assert_eq!(stage.get_with("/console", &planted).status, 401, "of two, nobody knows which is right");
    let other = stage.token("robin", AccessRole::Operator, Scope::OfRole);
    let both = stage.get_with("/console/operations", &format!("{cookie}{other}")).text();
    assert!(both.contains("<strong>robin</strong>, operator"), "a token that is shown comes first: {both}");
    let again = signed_in(&stage, &token, "//evil.example");
    assert_eq!(again.header("location"), Some("/console"));
    assert_ne!(again.header("set-cookie"), Some(kept), "each login has a text of its own");
}

#[test]
fn over_tls_the_cookie_is_bound_to_the_host_and_to_tls() {
    let stage = Stage::asking(Limits::default());
    let token = auditor(&stage);
    let proxied = format!("{OWN}X-Forwarded-Proto: https\r\n");
    let answer = stage.post("/console/login/token", FORM, &proxied, &format!("token={}", text(&token)));
    let kept = answer.header("set-cookie").unwrap();
    assert!(kept.starts_with("__Host-ofrecord=") && kept.ends_with("; Secure"), "{kept}");
    let cookie = the_cookie(&answer);
    assert_eq!(stage.get_with("/console", &format!("{cookie}X-Forwarded-Proto: https\r\n")).status, 200);
    let renamed = cookie.replace("__Host-", "");
    assert_eq!(stage.get_with("/console", &format!("{renamed}X-Forwarded-Proto: https\r\n")).status, 401);
    assert_eq!(stage.get_with("/console", &cookie).status, 401, "in the open it is not looked at");
}

#[test]
fn a_form_that_a_page_of_the_session_did_not_send_does_nothing() {
    let stage = Stage::asking(Limits::default());
    let officer = stage.token("kim", AccessRole::ComplianceOfficer, Scope::OfRole);
    let other = the_cookie(&signed_in(&stage, &officer, ""));
    let cookie = the_cookie(&signed_in(&stage, &officer, ""));
    let page = stage.get_with("/console/entries/3", &cookie).text();
    let (own, others) = (form_token(&page), form_token(&stage.get_with("/console", &other).text()));
    assert_eq!(page.matches(&own).count(), 2, "the form for bytes and the one for signing out");
    let sent = |path: &str, headers: &str, token: &str| {
        let kind = if path == "/console/jobs" { "&kind=verify" } else { "" };
        stage.post(path, FORM, &format!("{cookie}{headers}"), &format!("form-token={token}{kind}")).status
    };
    for path in ["/console/entries/3/bytes", "/console/jobs", "/console/logout"] {
        for (headers, token) in [
            (OWN, ""),
            (OWN, "x"),
            (OWN, others.as_str()),
            ("", own.as_str()),
            ("Sec-Fetch-Site: cross-site\r\n", own.as_str()),
            ("Origin: http://evil.example\r\n", own.as_str()),
        ] {
            assert_eq!(sent(path, headers, token), 400, "{path} {headers} {token}");
        }
    }
    for headers in ["", OWN, &format!("{OWN}Form-Token: {others}\r\n"), &format!("Form-Token: {own}\r\n")] {
        let answer = stage.command(&format!("{cookie}{headers}"), &lines()[0]);
        assert_eq!((answer.status, answer.json_code().as_deref()), (400, Some("malformed")), "{headers}");
    }
    assert_eq!(stage.ledger.reader().log().tree_size(), FOUNDED);
    let answer = stage.command(&format!("{cookie}{OWN}Form-Token: {own}\r\n"), &lines()[0]);
    assert_eq!(answer.status, 403, "the form is right, and the role acts as nobody of a partner: {}", answer.text());
    assert_eq!(sent("/console/jobs", OWN, &own), 303);
    assert_eq!(sent("/console/entries/3/bytes", OWN, &own), 200);
    assert_eq!(stage.ledger.reader().log().tree_size(), FOUNDED + 1);
}

#[test]
fn a_session_ends_by_signing_out_by_rest_by_age_and_with_its_token() {
    let stage = Stage::asking(Limits::default());
    let token = auditor(&stage);
    let begin = |stage: &Stage, token: &str| the_cookie(&signed_in(stage, token, ""));
    let (first, second) = (begin(&stage, &token), begin(&stage, &token));
    let form = form_token(&stage.get_with("/console", &first).text());
    let out = stage.post("/console/logout", FORM, &format!("{first}{OWN}"), &format!("form-token={form}"));
    assert_eq!((out.status, out.header("location")), (303, Some("/console/login")));
    assert!(out.header("set-cookie").unwrap().starts_with("ofrecord=; Path=/; Max-Age=0;"));
    let status = |cookie: &str| stage.get_with("/v1/status", cookie).status;
    assert_eq!((status(&first), status(&second)), (401, 200), "the other session goes on");
    stage.tokens().revoke("kim", story::instant("2024-06-01")).unwrap();
    assert_eq!(status(&second), 401);
    let fresh = stage.token("kim", AccessRole::Auditor, Scope::OfRole);
    assert_eq!((status(&second), status(&begin(&stage, &fresh))), (401, 200), "a token of the same name is another");
    for limits in [
        Limits { session_rest: Duration::ZERO, ..Limits::default() },
        Limits { session_time: Duration::ZERO, ..Limits::default() },
    ] {
        let stage = Stage::asking(limits);
        let cookie = begin(&stage, &auditor(&stage));
        assert_eq!(stage.get_with("/v1/status", &cookie).status, 401);
    }
}

#[test]
fn an_address_that_fails_too_often_is_not_heard_until_its_period_is_over() {
    let stage =
        Stage::asking(Limits { login_failures: 3, login_period: Duration::from_secs(3_600), ..Limits::default() });
    let token = auditor(&stage);
    for _ in 0..5 {
        assert_eq!(signed_in(&stage, &token, "").status, 303, "what succeeds is not counted");
    }
    let cookie = the_cookie(&signed_in(&stage, &token, ""));
    for _ in 0..3 {
        assert_eq!(signed_in(&stage, "ofrecord_0", "").status, 401);
    }
    for token in ["ofrecord_0", &token] {
        let answer = signed_in(&stage, token, "");
        assert_eq!((answer.status, answer.json_code().as_deref()), (429, Some("too_many_requests")), "{token}");
    }
    assert_eq!(stage.get_with("/v1/status", &cookie).status, 200, "who is signed in stays so");
    assert_eq!(stage.get_with("/v1/status", &token).status, 200, "and so do programs");
}

#[test]
fn what_the_server_asks_nobody_for_needs_no_login() {
    let stage = Stage::new();
    for path in ["/console", "/console/login", "/console/nowhere"] {
        assert!(stage.get(path).text().contains("Nobody is asked who is there"), "{path}");
    }
    assert!(!stage.get("/console/login").text().contains("name=\"token\""));
}

#[test]
fn every_page_of_a_role_says_who_is_signed_in() {
    let stage = Stage::asking(Limits::default());
    stage.record(told());
    let token = stage.token("<kim>", AccessRole::PartnerUser, Scope::Partner(name::partner("P")));
    let cookie = the_cookie(&signed_in(&stage, &token, ""));
    for [method, path, ..] in route_lines() {
        let asked = path.replace("{customer}", &customer()).replace("{position}", "0");
        let asked = asked.replace("{partner}", &name::partner("P").to_string());
        if method == "GET" && path.starts_with("/console") {
            let answer = stage.get_with(&asked, &cookie);
            if answer.header("content-type") == Some("text/html; charset=utf-8") && answer.status != 303 {
                assert!(answer.text().contains("<strong>&lt;kim&gt;</strong>, partner user"), "{asked}");
            }
        }
    }
}
