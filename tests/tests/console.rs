//! The console in a real browser: from the overview to an entry and its proof, by keyboard too, and without barriers.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "console/browser.rs"]
mod browser;
#[path = "console/login.rs"]
mod login;

use std::process::Command;

use browser::{Browser, Keys, journey};
use ofrecord_acceptance::programs;
use ofrecord_acceptance::serving::Serving;
use ofrecord_acceptance::stage::Stage;
use serde_json::{Value, json};

const CONTOSO: &str = "cccccccc-0000-4000-8000-000000000001";
const SERVE: &[&str] = &["serve", "--listen", "127.0.0.1:0", "--clock", "2018-09-01"];
/// What axe looks for: WCAG 2.2 (A and AA), and its own good practice.
const RULES: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/// Pages with most of what there is.
const PAGES: [&str; 5] = [
    "/console",
    "/console/customers/cccccccc-0000-4000-8000-000000000001",
    "/console/compare?customer=cccccccc-0000-4000-8000-000000000001&from_as_of=2018-01-01",
    "/console/operations",
    "/console/entries/3",
];
/// Prints the script of axe, as the Python package brings it.
const AXE: &str = "import importlib.util, pathlib
package = importlib.util.find_spec('axe_playwright_python')
print((pathlib.Path(package.submodule_search_locations[0]) / 'axe.min.js').read_text(encoding='utf-8'))";
/// Waits until the page says what became of the proof, and gives it.
const OUTCOME: &str = "const done = arguments[0];
const look = () => {
  const told = document.querySelector('[data-outcome]:not([hidden]):not([data-outcome=unchecked])');
  told === null ? requestAnimationFrame(look) : done([told.dataset.outcome, told.textContent]);
};
look();";

/// A served story and a browser; none where a program is missing, which is said.
fn begin(test: &str) -> Option<(Browser, Serving, Stage)> {
    if !can_browse(test) {
        return None;
    }
    let stage = Stage::with_story();
    let serving = Serving::listening(&stage, SERVE);
    let browser = Browser::start(&stage.folder().join("browser"));
    Some((browser, serving, stage))
}

/// Whether there is a browser; where a program is missing, that is said.
fn can_browse(test: &str) -> bool {
    let there = programs::run(Command::new("timeout").args(["60", "chromium", "--version"]))
        .and_then(|_| programs::run(Command::new("chromedriver").arg("--version")));
    if let Err(reason) = &there {
        programs::left_out(test, reason);
    }
    there.is_ok()
}

/// The script of axe; none where there is none, which is said.
fn axe(test: &str) -> Option<String> {
    let script = programs::run(Command::new(programs::python()).args(["-c", AXE]));
    script.inspect_err(|reason| programs::left_out(test, &format!("no axe: {reason}"))).ok()
}

/// Has axe look at the page that is open.
fn check_barriers(browser: &Browser, axe: &str, page: &str) {
    browser.run(axe);
    let found = browser.run_and_wait(&format!(
        "const done = arguments[0];
        axe.run(document, {{runOnly: {}}}).then(found => done({{passes: found.passes.length, violations:
            found.violations.map(one => [one.id, one.help, one.nodes.map(node => node.html.slice(0, 300))])}}));",
        json!(RULES)
    ));
    assert_eq!(found["violations"], json!([]), "{page}: {found:#}");
    assert!(found["passes"].as_u64().unwrap() > 10, "{page}: {found}");
}

/// What became of the proof on the page.
fn outcome(browser: &Browser) -> (String, String) {
    let told = browser.run_and_wait(OUTCOME);
    (told[0].as_str().unwrap().to_owned(), told[1].as_str().unwrap().to_owned())
}

#[test]
fn an_auditor_goes_from_the_overview_to_the_proof_of_an_entry() {
    journey(|| {
        let Some((browser, serving, _stage)) = begin("an_auditor_goes_from_the_overview_to_the_proof_of_an_entry")
        else {
            return;
        };
        browser.open(&format!("{}/console", serving.url));
        assert_eq!(browser.title(), "Overview – ofrecord");
        browser.type_into("#search", &format!("{CONTOSO}{}", Keys::ENTER));
        browser.until_at(&format!("/console/customers/{CONTOSO}"));

        let resellers = |browser: &Browser| browser.text("#resellers");
        let present = resellers(&browser);
        browser.type_into("#day", Keys::HOME);
        browser.until_at("day=0");
        let focus = "return [document.activeElement.id, document.getElementById('day').getAttribute('aria-valuetext')]";
        assert_eq!(browser.run(focus)[0], json!("day"), "whoever moves it by keys goes on moving it");
        assert_eq!(browser.run(focus)[1].as_str(), Some(browser.text("output[for=day]").as_str()));
        assert!(resellers(&browser).contains("Nobody") || resellers(&browser) != present, "{}", resellers(&browser));
        browser.run("document.getElementById('as_of').value = '2018-06-15T00:00'");
        browser.click(".fields button");
        browser.until_at("as_of=2018-06-15T00%3A00");
        let (_, answer) = serving.asked(&format!("/v1/customers/{CONTOSO}/resellers?as_of=2018-06-15"));
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let said = resellers(&browser);
        for row in answer["rows"].as_array().unwrap() {
            assert!(said.contains(&row["since"].as_str().unwrap()[..10]), "{row}: {said}");
        }

        let position = answer["rows"][0]["positions"][0].to_string();
        browser.click(&format!("#resellers a[href='/console/entries/{position}']"));
        browser.until_at(&format!("/console/entries/{position}"));
        assert_eq!(browser.title(), format!("Entry {position} – ofrecord"));
        let (became, told) = outcome(&browser);
        assert!(became == "holds" && told.contains("whose exact bytes are not on this page"), "{became}: {told}");

        browser.type_into("#purpose", "the journey of a test");
        browser.click("#bytes button");
        browser.until_at(&format!("/console/entries/{position}/bytes"));
        let (became, told) = outcome(&browser);
        assert!(became == "holds" && told.contains("exact bytes shown"), "{became}: {told}");
        assert!(browser.text("#bytes").contains("\"command_id\""));
        assert_eq!(browser.complaints(), Vec::<String>::new(), "nothing was blocked and nothing was missing");
    });
}

#[test]
fn instants_are_shown_in_the_zone_that_was_chosen_and_asked_about_in_utc() {
    journey(|| {
        let Some((browser, serving, _stage)) =
            begin("instants_are_shown_in_the_zone_that_was_chosen_and_asked_about_in_utc")
        else {
            return;
        };
        let shown = "return Array.from(document.querySelectorAll('time'), time => [time.dateTime, time.textContent])";
        let page = format!("{}/console/customers/{CONTOSO}?as_of=2018-06-15T00:00", serving.url);
        browser.open(&page);
        assert!(browser.text("footer").contains("Instants are in UTC"), "{}", browser.text("footer"));
        for (zone, summer, winter) in
            [("Europe/Berlin", "02:00 +02:00", "01:00 +01:00"), ("UTC", "00:00 UTC", "00:00 UTC")]
        {
            browser.run(&format!(
            "const zone = document.getElementById('zone'); zone.value = '{zone}'; zone.dispatchEvent(new Event('change'))"
        ));
            // It is kept from one page to the next.
            browser.open(&page);
            assert!(browser.text("footer").contains(&format!("Instants are in {zone}")), "{}", browser.text("footer"));
            let times = browser.run(shown);
            let said = |at: &str| {
                let mut times = times.as_array().unwrap().iter();
                times.find(|time| time[0] == at).map(|time| time[1].as_str().unwrap().to_owned())
            };
            assert_eq!(said("2018-06-15T00:00:00.000Z"), Some(format!("2018-06-15 {summer}")), "{times}");
            browser.open(&format!("{}/console/customers/{CONTOSO}?as_of=2018-01-15T00:00", serving.url));
            let times = browser.run(shown);
            let winters = times.as_array().unwrap().iter().any(|time| time[1] == json!(format!("2018-01-15 {winter}")));
            assert!(winters, "{times}");
            assert_eq!(browser.run("return document.getElementById('as_of').value"), json!("2018-01-15T00:00"));
        }
        assert_eq!(browser.complaints(), Vec::<String>::new());
    });
}

#[test]
fn pages_fit_a_phone_and_nothing_but_what_is_read_is_printed() {
    journey(|| {
        let Some((browser, serving, _stage)) = begin("pages_fit_a_phone_and_nothing_but_what_is_read_is_printed")
        else {
            return;
        };
        browser.wide(360, 740);
        for path in PAGES {
            browser.open(&format!("{}{path}", serving.url));
            let widths = browser.run("return [document.documentElement.scrollWidth, innerWidth]");
            assert!(widths[0].as_f64() <= widths[1].as_f64(), "{path} is wider than a phone: {widths}");
        }
        browser.on_paper();
        let seen = "return Array.from(document.querySelectorAll('header.top, form, button, a.csv'))
        .filter(one => one.checkVisibility()).map(one => one.outerHTML.slice(0, 99))";
        for path in PAGES {
            browser.open(&format!("{}{path}", serving.url));
            assert_eq!(browser.run(seen), json!([]), "{path}");
            assert_eq!(browser.run("return document.querySelector('h1').checkVisibility()"), json!(true), "{path}");
        }
    });
}

#[test]
fn a_proof_that_was_tampered_with_does_not_hold() {
    journey(|| {
        let Some((browser, serving, _stage)) = begin("a_proof_that_was_tampered_with_does_not_hold") else { return };
        let tampered = [
            "document.getElementById('exact').textContent += ' '",
            "const hash = document.querySelector('.path code'); hash.textContent = 'f'.repeat(64)",
            "document.querySelector('.path li').remove()",
            "document.querySelector('[data-proof]').dataset.root = 'f'.repeat(64)",
            "document.querySelector('[data-proof]').dataset.position = '4'",
        ];
        for change in tampered {
            browser.open(&format!("{}/console/entries/3", serving.url));
            browser.click("#bytes button");
            browser.until_at("/console/entries/3/bytes");
            assert_eq!(outcome(&browser).0, "holds", "{change}: before it");
            browser.run(change);
            browser.run_and_wait("check(document.querySelector('[data-proof]')).then(arguments[0])");
            assert_eq!(outcome(&browser).0, "fails", "{change}");
        }
    });
}

#[test]
fn the_console_is_read_without_script_and_by_keyboard() {
    journey(|| {
        let Some((browser, serving, _stage)) = begin("the_console_is_read_without_script_and_by_keyboard") else {
            return;
        };
        browser.open(&format!("{}/console", serving.url));
        browser.type_into("body", Keys::TAB);
        assert_eq!(browser.run("return document.activeElement.textContent"), json!("Skip to the content"));
        browser.type_into("a.skip", Keys::ENTER);
        assert_eq!(browser.run("return document.activeElement.id"), json!("content"));
        browser.without_script();
        browser.open(&format!("{}/console/customers/{CONTOSO}", serving.url));
        browser.click(".slider button");
        browser.until_at("day=");
        browser.open(&format!("{}/console/entries/3", serving.url));
        assert!(browser.text("#proof").contains("Not checked in this browser"), "{}", browser.text("#proof"));
    });
}

#[test]
fn no_page_has_a_barrier_that_axe_finds_in_light_or_in_dark() {
    journey(|| {
        let test = "no_page_has_a_barrier_that_axe_finds_in_light_or_in_dark";
        let Some(axe) = axe(test) else { return };
        let Some((browser, serving, _stage)) = begin(test) else { return };
        let (_, resellers) = serving.asked(&format!("/v1/customers/{CONTOSO}/resellers"));
        let resellers: Value = serde_json::from_str(&resellers).unwrap();
        let partner = resellers["rows"][0]["partner"].as_str().unwrap().to_owned();
        for colours in ["light", "dark"] {
            browser.prefer(colours);
            for path in [
                "/console",
                &format!("/console/customers/{CONTOSO}"),
                "/console/entries/3",
                &format!("/console/partners/{partner}"),
                &format!("/console/compare?customer={CONTOSO}&from_as_of=2018-01-01"),
                "/console/operations",
                "/console/find?q=nobody",
                "/console/nowhere",
            ] {
                browser.open(&format!("{}{path}", serving.url));
                check_barriers(&browser, &axe, &format!("{path} in {colours}"));
            }
        }
    });
}
