//! The page of the routes: every one that may be asked has its form, and a policy that lets the page ask this server.

use ofrecord_server::{AccessRole, Limits, Scope, route_lines};

use super::{between, check_frame};
use crate::access::may;
use crate::login::{signed_in, the_cookie};
use crate::stage::Stage;

/// The routes that a page has forms for, as method and path.
fn forms(page: &str) -> Vec<(String, String)> {
    let forms = page.split("<form class=\"asked fields\" data-method=\"").skip(1);
    forms
        .map(|form| (form.split('"').next().unwrap().to_owned(), between(form, "data-path=\"", "\"").to_owned()))
        .collect()
}

#[test]
fn every_route_that_may_be_asked_has_its_form_with_a_field_for_each_parameter() {
    let stage = Stage::asking(Limits::default());
    // Beside each role, its place in the table of roles.
    for (role, place) in [
        (None, None),
        (Some(AccessRole::Auditor), Some(2)),
        (Some(AccessRole::ComplianceOfficer), Some(3)),
        (Some(AccessRole::Operator), Some(4)),
    ] {
        let cookie =
            role.map(|role| the_cookie(&signed_in(&stage, &stage.token(role.word(), role, Scope::OfRole), "")));
        let answer = stage.get_with("/api", &cookie.unwrap_or_default());
        check_frame("/api", &answer);
        let page = answer.text();
        let listed = forms(&page);
        let mut expected = Vec::new();
        for [method, path, needs, parameters, _] in route_lines() {
            let is_refused = place.is_some_and(|place: usize| !may(&needs)[place]);
            if path.starts_with("/console") || path == "/api" || is_refused {
                continue;
            }
            let mark = format!("data-method=\"{method}\" data-path=\"{path}\"");
            let form = page.split(&mark).nth(1).unwrap_or_else(|| panic!("{role:?}: {mark}"));
            let form = form.split("</form>").next().unwrap();
            for parameter in parameters.split(", ").filter(|parameter| !parameter.is_empty()) {
                let field = format!("data-name=\"{}\"", parameter.trim_matches('`'));
                assert!(form.contains(&field), "{path}: {parameter}");
            }
            expected.push((method, path));
        }
        assert_eq!(listed, expected, "{role:?}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.ends_with("; connect-src 'self'"), "{policy}");
    }
    let elsewhere = stage.get("/console/login");
    assert!(!elsewhere.header("content-security-policy").unwrap().contains("connect-src"), "no other page asks");
}
