//! Who may do what: every route in every role, who is nobody, and as whom a command may come.

use std::time::Duration;

use ofrecord_core::Timestamp;
use ofrecord_server::{AccessRole, Limits, Scope, TokenGrant, route_lines};
use ofrecord_testkit::{name, story};
use serde_json::{Value, json};

use crate::stage::{FOUNDED, Stage, bearer, filled, lines, told};

/// The roles as this page has them, with whose content each shows.
fn roles() -> [(AccessRole, Scope); 5] {
    [
        (AccessRole::PartnerUser, Scope::Partner(name::partner("P"))),
        (AccessRole::CustomerAdmin, Scope::Customer(name::customer("C"))),
        (AccessRole::Auditor, Scope::OfRole),
        (AccessRole::ComplianceOfficer, Scope::OfRole),
        (AccessRole::Operator, Scope::OfRole),
    ]
}

/// Who may what, in the order of the roles. Written out here, so that the table of the server is held to it.
pub(crate) fn may(needs: &str) -> [bool; 5] {
    match needs {
        "nothing" | "any role" => [true; 5],
        "condition" => [false, false, true, true, true],
        "content" => [true, true, true, true, false],
        "all content" => [false, false, true, true, false],
        "commands" => [true, true, false, true, true],
        "commands of a tenant" => [true, true, false, false, false],
        "checks" => [false, false, true, true, true],
        "approving" => [false, false, false, true, false],
        "importing" => [false, false, false, false, true],
        other => panic!("no such need: {other}"),
    }
}

/// A request to a route that nothing but its access refuses before it is answered.
fn asked(stage: &Stage, method: &str, path: &str, headers: &str) -> crate::stage::Answer {
    let path = filled(path);
    if method == "GET" { stage.get_with(&path, headers) } else { stage.sent(method, &path, "text/plain", headers, "") }
}

#[test]
fn every_route_answers_the_roles_that_may_and_refuses_every_other() {
    let stage = Stage::asking(Limits::default());
    stage.record(told());
    let tokens = roles().map(|(role, scope)| stage.token(role.word(), role, scope));
    for [method, path, needs, ..] in route_lines() {
        for ((role, _), (token, may)) in roles().iter().zip(tokens.iter().zip(may(&needs))) {
            let answer = asked(&stage, &method, &path, token);
            let said = format!("{method} {path} as {}: {}", role.word(), answer.status);
            assert_ne!(answer.status, 401, "{said}");
            assert_eq!(answer.status != 403, may, "{said}");
            if !may {
                assert_eq!(answer.json_code().as_deref(), Some("forbidden"), "{said}");
                assert!(answer.text().contains(role.word()), "{said}");
            }
        }
    }
}

#[test]
fn whoever_shows_no_token_is_told_how_and_nothing_else() {
    let stage = Stage::asking(Limits::default());
    let good = stage.token("kim", AccessRole::Auditor, Scope::OfRole);
    let until = |name: &str, expires_at: Timestamp| {
        let grant = TokenGrant { name: name.to_owned(), role: AccessRole::Auditor, scope: Scope::OfRole, expires_at };
        let made = stage.tokens().create(&grant, story::instant("2024-05-01"), &ofrecord_ledger::Entropy::System);
        bearer(&made.unwrap())
    };
    let (expired, revoked) = (until("old", story::instant("2024-06-01")), until("gone", story::instant("2024-07-01")));
    stage.tokens().revoke("gone", story::instant("2024-06-01")).unwrap();
    let last = good.trim_end().chars().last().unwrap();
    let almost = format!("{}{}\r\n", good.trim_end().trim_end_matches(last), if last == '0' { '1' } else { '0' });
    let nobody = [
        "",
        &expired,
        &revoked,
        &almost,
        "Authorization: Basic a2ltOmtpbQ==\r\n",
        "Authorization: Bearer\r\n",
        "Authorization: Bearer ofrecord_\r\n",
        &format!("{good}{good}"),
    ];
    for [method, path, needs, ..] in route_lines() {
        for headers in nobody {
            let answer = asked(&stage, &method, &path, headers);
            if needs == "nothing" {
                assert_ne!(answer.status, 401, "{path}");
                continue;
            }
            assert_eq!(
                (answer.status, answer.json_code().as_deref()),
                (401, Some("not_authenticated")),
                "{path} {headers}"
            );
            assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"ofrecord\""));
        }
    }
    let in_query = format!("/v1/status?access_token={}", good.split(' ').nth(2).unwrap().trim());
    assert_eq!(stage.get(&in_query).status, 401, "a token in a query would stand in every log on the way");
    assert_eq!(stage.get_with("/v1/status", &good).status, 200);
    assert_eq!(stage.get("/v2/nothing").status, 404, "what does not exist is not asked for");
}

#[test]
fn a_token_that_is_revoked_while_the_server_runs_is_nobodys_from_then_on() {
    let stage = Stage::asking(Limits::default());
    let token = stage.token("kim", AccessRole::Auditor, Scope::OfRole);
    assert_eq!(stage.get_with("/v1/status", &token).status, 200);
    stage.tokens().revoke("kim", story::instant("2024-06-01")).unwrap();
    assert_eq!(stage.get_with("/v1/status", &token).status, 401);
    let again = stage.token("kim", AccessRole::Operator, Scope::OfRole);
    assert_eq!(stage.get_with("/v1/status", &again).status, 200);
}

#[test]
fn a_file_of_tokens_that_others_may_read_lets_nobody_in() {
    use std::os::unix::fs::PermissionsExt as _;
    let stage = Stage::asking(Limits::default());
    let token = stage.token("kim", AccessRole::Auditor, Scope::OfRole);
    let path = stage.tokens().path().to_owned();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    std::fs::write(&path, std::fs::read(&path).unwrap()).unwrap();
    let answer = stage.get_with("/v1/status", &token);
    assert_eq!((answer.status, answer.json_code().as_deref()), (500, Some("failed")));
}

#[test]
fn a_customer_sees_its_own_tenant_and_is_refused_every_other_known_or_not() {
    let stage = Stage::asking(Limits::default());
    stage.record(told());
    let own = stage.token("own", AccessRole::CustomerAdmin, Scope::Customer(name::customer("C")));
    let other = stage.token("other", AccessRole::CustomerAdmin, Scope::Customer(name::customer("D")));
    let asked = |token: &str, of: &str| {
        stage.get_with(&format!("/v1/customers/{}/resellers?as_of=2024-05-01", name::customer(of)), token)
    };
    assert_eq!(asked(&own, "C").status, 200);
    let (known, unknown) = (asked(&other, "C"), asked(&other, "E"));
    assert_eq!((known.status, unknown.status), (403, 403));
    assert_eq!(known.json()["detail"], unknown.json()["detail"]);
    assert_eq!(asked(&other, "D").status, 404);
}

fn with(line: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut value = serde_json::from_str(line).unwrap();
    change(&mut value);
    value.to_string()
}

#[test]
fn a_command_comes_from_an_actor_that_its_token_may_act_as_or_not_at_all() {
    let stage = Stage::asking(Limits::default());
    let partner = |name: &str, of: &str| stage.token(name, AccessRole::PartnerUser, Scope::Partner(name::partner(of)));
    let (p, q) = (partner("agent@partner.example", "P"), partner("other agent", "Q"));
    let customer =
        stage.token("admin@customer.example", AccessRole::CustomerAdmin, Scope::Customer(name::customer("C")));
    let stranger = stage.token("stranger", AccessRole::CustomerAdmin, Scope::Customer(name::customer("D")));
    let operator = stage.token("operator", AccessRole::Operator, Scope::OfRole);
    let officer = stage.token("officer", AccessRole::ComplianceOfficer, Scope::OfRole);
    let auditor = stage.token("auditor", AccessRole::Auditor, Scope::OfRole);
    let all = lines();
    let (requests, accepts) = (&all[0], &all[1]);
    let as_operator = |role: Option<&str>| {
        with(requests, |value| {
            value["actor"] = json!({"kind": "operator", "user": "operator"});
            role.into_iter().for_each(|role| value["actor"]["role"] = json!(role));
        })
    };
    let refused = [
        (&q, requests.clone(), "tenant_id"),
        (&customer, requests.clone(), "actor.kind"),
        (&operator, requests.clone(), "actor.kind"),
        (&officer, requests.clone(), "actor.kind"),
        (&auditor, requests.clone(), "does not include commands"),
        (&p, accepts.clone(), "actor.kind"),
        (&stranger, accepts.clone(), "tenant_id"),
        (&p, with(requests, |value| value["actor"]["user"] = json!("somebody else")), "actor.user"),
        (&p, with(requests, |value| value["actor"]["role"] = json!("compliance_officer")), "actor.role"),
        (&p, with(requests, |value| drop(value["actor"].as_object_mut().unwrap().remove("tenant_id"))), "tenant_id"),
        (&operator, as_operator(Some("compliance_officer")), "actor.role"),
        (&officer, as_operator(None), "actor.role"),
        (&officer, as_operator(Some("compliance_officer")), "actor.user"),
        (&customer, with(accepts, |value| value["customer"] = json!(name::customer("D").to_string())), "`customer`"),
    ];
    for (token, body, named) in refused {
        let answer = stage.command(token, &body);
        let problem = answer.json();
        assert_eq!((answer.status, &problem["code"]), (403, &json!("forbidden")), "{body}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(named), "{named}: {problem}");
    }
    assert_eq!(stage.ledger.reader().log().tree_size(), FOUNDED, "nothing of it is recorded");
    for (token, body) in [(&p, requests), (&customer, accepts)] {
        let answer = stage.command(token, body);
        assert_eq!(answer.status, 201, "{}", answer.text());
    }
    let body = format!("{}\n{accepts}\n", with(requests, |value| value["actor"]["user"] = json!("x")));
    let answer = stage.post("/v1/commands:batch", "application/jsonl", &customer, &body);
    let outcomes: Vec<Value> =
        answer.text().lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["outcome"].clone()).collect();
    assert_eq!(outcomes, ["forbidden", "repeated"]);
}

#[test]
fn a_principal_that_asks_too_often_is_told_when_to_come_again_and_nobody_else_is() {
    let stage = Stage::asking(Limits {
        principal_requests: 3,
        principal_period: Duration::from_secs(3_600),
        ..Limits::default()
    });
    let (kim, robin) = (
        stage.token("kim", AccessRole::Auditor, Scope::OfRole),
        stage.token("robin", AccessRole::Auditor, Scope::OfRole),
    );
    for _ in 0..3 {
        assert_eq!(stage.get_with("/v1/status", &kim).status, 200);
    }
    let answer = stage.get_with("/v1/status", &kim);
    assert_eq!((answer.status, answer.json_code().as_deref()), (429, Some("too_many_requests")));
    let again: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=3_600).contains(&again), "{again}");
    assert_eq!(stage.get_with("/v1/status", &robin).status, 200);
    assert_eq!(stage.get("/healthz").status, 200);
}

#[test]
fn every_answer_tells_a_browser_to_keep_its_hands_off() {
    let stage = Stage::new();
    for path in ["/healthz", "/v1/status", "/nowhere"] {
        let answer = stage.get(path);
        assert!(answer.header("content-security-policy").unwrap().starts_with("default-src 'none'"), "{path}");
        for (header, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(header), Some(value), "{path}");
        }
    }
}
