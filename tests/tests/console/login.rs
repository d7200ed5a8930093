//! Signing in in a real browser: by a token, and by a real identity provider at another site.

use std::net::TcpListener;

use ofrecord_acceptance::provider::Provider;
use serde_json::json;

use super::*;

#[test]
fn an_auditor_signs_in_by_a_token_comes_to_the_page_that_was_asked_for_and_signs_out() {
    journey(|| {
        let test = "an_auditor_signs_in_by_a_token_comes_to_the_page_that_was_asked_for_and_signs_out";
        if !can_browse(test) {
            return;
        }
        let stage = Stage::with_story();
        let clock = ["--clock", "2018-09-01"];
        let made = stage.ran(&[&["token", "create", "kim", "--role", "auditor"][..], &clock].concat(), b"");
        assert_eq!(made.code, Some(0), "{}", made.shown());
        let token = made.stdout.trim().to_owned();
        let serving = Serving::listening(&stage, SERVE);
        let browser = Browser::start(&stage.folder().join("browser"));
        browser.open(&format!("{}/console/entries/3", serving.url));
        assert_eq!(browser.title(), "Sign in – ofrecord");
        if let Some(axe) = axe(test) {
            for colours in ["light", "dark"] {
                browser.prefer(colours);
                check_barriers(&browser, &axe, &format!("signing in, in {colours}"));
            }
        }
        browser.type_into("#token", &format!("ofrecord_nobody{}", Keys::ENTER));
        browser.until_at("/console/login/token");
        assert!(browser.text(".problem").contains("nobody's"), "{}", browser.text(".problem"));
        browser.open(&format!("{}/console/entries/3", serving.url));
        browser.type_into("#token", &format!("{token}{}", Keys::ENTER));
        browser.until_titled("Entry 3 – ofrecord");
        assert_eq!(browser.text(".who"), "kim, auditor\nSign out");
        assert_eq!(browser.run("return document.cookie"), json!(""), "no script reads what the browser keeps");
        browser.click("#bytes button");
        browser.until_at("/console/entries/3/bytes");
        assert_eq!(outcome(&browser).0, "holds");
        browser.click(".who button");
        browser.until_at("/console/login");
        browser.open(&format!("{}/console", serving.url));
        assert_eq!(browser.title(), "Sign in – ofrecord");
    });
}

#[test]
fn routes_are_tried_by_the_session_and_by_a_token_and_what_comes_back_is_shown() {
    journey(|| {
        let test = "routes_are_tried_by_the_session_and_by_a_token_and_what_comes_back_is_shown";
        if !can_browse(test) {
            return;
        }
        let stage = Stage::with_story();
        let made = |name: &str, role: &str| {
            let made = stage.ran(&["token", "create", name, "--role", role, "--clock", "2018-09-01"], b"");
            assert_eq!(made.code, Some(0), "{}", made.shown());
            made.stdout.trim().to_owned()
        };
        let (officer, operator) = (made("kim", "compliance_officer"), made("robin", "operator"));
        let serving = Serving::listening(&stage, SERVE);
        let browser = Browser::start(&stage.folder().join("browser"));
        browser.open(&format!("{}/console/login?to=/api", serving.url));
        browser.type_into("#token", &format!("{officer}{}", Keys::ENTER));
        browser.until_titled("API – ofrecord");
        browser.run("document.querySelectorAll('details').forEach(route => { route.open = true; })");
        if let Some(axe) = axe(test) {
            check_barriers(&browser, &axe, "the routes");
        }
        let tried = |route: &str| {
            browser.click(&format!("#{route} button"));
            let place = format!("#{route} .answer pre");
            browser.run_and_wait(&format!(
                "const done = arguments[0];
            const look = () => document.querySelector('{place}') === null ? requestAnimationFrame(look)
                : done(document.querySelector('#{route} .answer').innerText);
            look();"
            ))
        };
        browser.run(&format!("document.getElementById('resellers-customer').value = '{CONTOSO}'"));
        let shown = tried("resellers");
        assert!(shown.as_str().unwrap().starts_with("200 OK") && shown.to_string().contains("basis"), "{shown}");
        let shown = tried("submitCommand");
        assert!(shown.as_str().unwrap().starts_with("400 ") && shown.to_string().contains("not_a_command"), "{shown}");
        browser.run("document.querySelectorAll('.answer').forEach(place => place.replaceChildren())");
        browser.type_into("#bearer", &operator);
        let shown = tried("resellers");
        assert!(shown.as_str().unwrap().starts_with("403 ") && shown.to_string().contains("operator"), "{shown}");
        let refused: Vec<String> = browser.complaints().into_iter().filter(|line| line.contains("Policy")).collect();
        assert_eq!(refused, Vec::<String>::new());
    });
}

#[test]
fn an_auditor_signs_in_by_an_identity_provider_at_another_site() {
    journey(|| {
        let test = "an_auditor_signs_in_by_an_identity_provider_at_another_site";
        if !can_browse(test) {
            return;
        }
        // The provider has to know the address before anything listens there; the name makes it another site.
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        let ledger = format!("http://localhost:{port}");
        let provider = match Provider::start(0, Some(&ledger)) {
            Ok(provider) => provider,
            Err(reason) => return programs::left_out(test, &reason),
        };
        let stage = Stage::with_story();
        stage.write("secret", "secret of the console\n");
        programs::run(Command::new("chmod").arg("600").arg(stage.folder().join("secret"))).unwrap();
        let settings = json!({
            "issuer": provider.issuer, "audience": "https://ledger.example",
            "roles": [{"claim": "roles", "value": "Ledger.Audit", "role": "auditor"}],
            "login": {
                "client_id": "console",
                "client_secret_file": "secret",
                "redirect_uri": format!("{ledger}/console/login/returned"),
            },
        });
        stage.write("oidc.json", settings.to_string());
        drop(free);
        let listen = format!("127.0.0.1:{port}");
        let serving = Serving::listening(&stage, &["serve", "--listen", &listen, "--oidc", "oidc.json"]);
        let browser = Browser::start(&stage.folder().join("browser"));
        browser.open(&format!("{ledger}/console/entries/3"));
        assert_eq!(browser.title(), "Sign in – ofrecord");
        browser.click("a.button");
        browser.until_titled("Entry 3 – ofrecord");
        assert_eq!(browser.text(".who"), "kim@auditor.example, auditor\nSign out");
        browser.open(&format!("{}/console", provider.issuer));
        browser.run(&format!(
            "const way = document.createElement('a'); way.href = '{ledger}/console/operations';
        document.body.append(way); way.click()"
        ));
        browser.until_titled("Operations – ofrecord");
        browser.click(".who button");
        browser.until_titled("Sign in – ofrecord");
        let replayed = serving.asked("/console/login/returned?code=x&state=y");
        assert_eq!(replayed.0, 401, "{}", replayed.1);
    });
}
