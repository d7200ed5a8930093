//! The console: pages that say what the answers say, lead to entries, and hold nothing from outside as markup.

mod api;
mod entries;
mod kept;
mod others;
mod overview;
mod roles;
mod sheets;

use ofrecord_core::vocabulary::{BillingCycle, Services, TermDuration};
use ofrecord_testkit::{Story, name, product};
use serde_json::Value;

use crate::stage::{Answer, FOUNDED, Stage, customer, told};

const EVIL: &str = "<script>alert(1)</script> & \"Co\"";
/// A customer that no entry speaks of.
const UNKNOWN: &str = "4b827261-d21f-4aa9-b7db-7fa1f56fb163";

/// Where the story ends.
const END: u64 = FOUNDED + 8;

/// The story, and then a purchase from the reseller, and another partner who may administer.
fn stage() -> Stage {
    let stage = Stage::new();
    recorded(&stage);
    stage
}

/// Records it.
fn recorded(stage: &Stage) {
    stage.record(told());
    let story = Story::new(9);
    let office =
        product::line(name::subscription("S"), product::office_legacy(), 25, TermDuration::P1Y, BillingCycle::Annual);
    stage.record([
        story.at("2024-03-01").ledger().records_direct_agreement("C"),
        story.at("2024-03-02").partner("P").orders("C", "order-1", vec![office]),
        story.at("2024-03-03").partner("Q").requests_relationship_with_dap(Services::All),
        story.at("2024-03-04").customer("C").accepts_with_dap("Q", Services::All),
    ]);
}

/// The page of the story's customer.
fn page(parameters: &str) -> String {
    format!("/console/customers/{}{parameters}", customer())
}

/// What stands in a page between two marks, for the first time.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).and_then(|(_, rest)| rest.split_once(after)).unwrap_or_else(|| panic!("{before}")).0
}

/// The section with an anchor.
fn section<'a>(text: &'a str, anchor: &str) -> &'a str {
    between(text, &format!("<section id=\"{anchor}\""), "</section>")
}

/// Every position of entries in an answer.
fn positions(value: &Value) -> Vec<u64> {
    let own = value.get("positions").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_u64);
    let inner: Vec<&Value> = match value {
        Value::Object(fields) => fields.values().collect(),
        Value::Array(items) => items.iter().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    own.chain(inner.into_iter().flat_map(positions)).collect()
}

/// What every page has, whatever it says.
#[track_caller]
fn check_frame(path: &str, answer: &Answer) {
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
    let policy = answer.header("content-security-policy").unwrap_or_default();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'; script-src 'self'"), "{path}: {policy}");
    assert!(!policy.contains("unsafe"), "{path}: {policy}");
    let text = answer.text();
    assert!(text.starts_with("<!DOCTYPE html><html lang=\"en\">"), "{path}");
    assert!(!between(&text, "<title>", "</title>").trim().is_empty(), "{path}");
    assert_eq!(text.matches("<h1>").count(), 1, "{path}");
    for sign in
        ["<a class=\"skip\" href=\"#content\">", "<main id=\"content\"", "<header", "<nav aria-label=", "<footer>"]
    {
        assert!(text.contains(sign), "{path}: {sign}");
    }
    assert_eq!(text.matches("<script").count(), 1, "{path}: the script from the server and no other");
    for sign in [" style=\"", " onload=", " onclick=", "javascript:", "<style", "http://", "https://"] {
        assert!(!text.replace("http://www.w3.org/2000/svg", "").contains(sign), "{path}: {sign}");
    }
    let fields = text.split("<input ").skip(1).filter(|field| !field.starts_with("type=\"hidden\""));
    for field in fields {
        let id = between(field, "id=\"", "\"");
        assert!(text.contains(&format!("<label for=\"{id}\">")), "{path}: {id} has no label");
    }
}

#[track_caller]
fn check_problem(stage: &Stage, path: &str, status: u16, words: &str) {
    let answer = stage.get(path);
    check_frame(path, &answer);
    let text = answer.text();
    assert_eq!(answer.status, status, "{path}: {text}");
    assert!(text.contains("role=\"alert\"") && text.contains(words), "{path}: {text}");
    assert!(text.contains(answer.header("x-request-id").unwrap()), "{path}");
}

#[test]
fn what_is_no_page_is_told_on_a_page_with_what_and_where() {
    let stage = stage();
    for (path, status, words) in [
        ("/console/nowhere", 404, "no route has this path"),
        ("/console/customers/nobody", 400, "customer: "),
        ("/console/customers/%3Cscript%3E", 400, "&lt;script&gt;"),
        (&format!("/console/customers/{UNKNOWN}"), 404, UNKNOWN),
        (&page("?as_of=yesterday"), 400, "as_of: "),
        (&page("?as_of=2024-03-01&day=3"), 400, "day: "),
        (&page("?known_at=soon"), 400, "known_at: "),
        (&page("?known_at=@139"), 400, "known_at: "),
        (&page("?known_at=@9&learned=1"), 400, "learned: "),
        (&page("?learned=0"), 400, "learned: the customer has 6 entries"),
        (&page("?learned=7"), 400, "learned: the customer has 6 entries"),
        (&page("?from=2024-03-01&to=2024-02-01"), 400, "to: "),
        (&page("?colour=red"), 400, "colour: "),
        ("/console?after=nobody", 400, "after: "),
    ] {
        check_problem(&stage, path, status, words);
    }
    let other = "GET /console HTTP/1.1\r\nHost: ledger.example\r\nConnection: close\r\n\r\n";
    assert_eq!(stage.raw(other).status, 421, "the console answers to the machine's own names as well");
    assert_eq!(stage.post("/console", "application/x-www-form-urlencoded", "", "").status, 405);
}

#[test]
fn every_page_has_a_title_a_heading_landmarks_labels_and_a_strict_policy() {
    let stage = stage();
    for path in [
        "/console",
        "/console/operations",
        "/console/compare",
        "/console/find",
        "/console/find?q=C",
        &page(""),
        &page("?as_of=2024-03-01T10:00&known_at="),
    ] {
        let answer = stage.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        check_frame(path, &answer);
    }
    for (path, media) in [
        ("style.css", "text/css; charset=utf-8"),
        ("script.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ] {
        let answer = stage.get(&format!("/console/{path}"));
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(media)));
    }
}

#[test]
fn a_name_from_outside_is_shown_as_text() {
    let stage = stage();
    stage.record([Story::new(8).at("2024-03-01").ledger().registers_customer(EVIL)]);
    for path in [
        "/console".to_owned(),
        format!("/console/customers/{}", name::customer(EVIL)),
        "/console/find?q=%3Cscript%3E".to_owned(),
        "/console/find?q=%3Cb%3E".to_owned(),
    ] {
        let answer = stage.get(&path);
        check_frame(&path, &answer);
        assert!(answer.text().contains("&lt;"), "{path}: {}", answer.text());
    }
}

#[test]
fn the_overview_says_what_the_status_says_and_names_the_newest_entries() {
    let stage = stage();
    let text = stage.get("/console").text();
    let status = stage.get("/v1/status").json();
    let log = section(&text, "log");
    for field in ["origin", "tree_size", "root", "health", "verified_through"] {
        let said = status[field].as_str().map_or_else(|| status[field].to_string(), str::to_owned);
        assert!(log.contains(&said), "{field}: {log}");
    }
    let recent = section(&text, "recent");
    for position in 0..END {
        assert!(recent.contains(&format!("href=\"/console/entries/{position}\"")), "{position}: {recent}");
    }
    assert!(recent.contains("refused: "), "{recent}");
    let findings = section(&text, "findings");
    assert!(findings.contains("1 customer was looked at") && findings.contains("there are none after"), "{findings}");
    let found = stage.get(&format!("/v1/customers/{}/findings", customer())).json();
    for row in found["rows"].as_array().unwrap() {
        assert!(findings.contains(row["code"].as_str().unwrap()), "{row}: {findings}");
    }
    assert!(section(&text, "customers").contains(&customer()));
}

#[test]
fn a_customers_page_says_what_the_answers_say_and_leads_to_every_entry_behind_them() {
    let stage = stage();
    for parameters in
        ["?as_of=2024-05-01&known_at=@13", "?as_of=2024-02-01&known_at=@13", "?as_of=2024-05-01&known_at=@7"]
    {
        let text = stage.get(&page(parameters)).text();
        let mut told = 0;
        for question in ["resellers", "subscriptions", "access", "gdap", "findings"] {
            let answer = stage.get(&format!("/v1/customers/{}/{question}{parameters}", customer())).json();
            let anchor = if question == "gdap" { "granular-administration" } else { question };
            let said = section(&text, anchor);
            let behind = positions(&answer["rows"]);
            told += behind.len();
            for position in behind {
                let link = format!("href=\"/console/entries/{position}\"");
                assert!(said.contains(&link), "{parameters} {question} {position}: {said}");
            }
        }
        assert_eq!(told > 0, !parameters.contains("2024-02-01"), "{parameters}: {told}");
        let basis = stage.get(&format!("/v1/customers/{}/resellers{parameters}", customer())).json();
        assert!(text.replace("<wbr>", "").contains(basis["basis"]["root"].as_str().unwrap()), "{parameters}");
    }
}

#[test]
fn who_can_administer_right_now_stands_beside_who_could_then() {
    let stage = stage();
    let q = name::partner("Q").to_string();
    let past = stage.get(&page("?as_of=2024-02-15")).text();
    assert!(section(&past, "right-now").contains("DAP"), "{past}");
    assert!(section(&past, "right-now").contains(&q) && !section(&past, "access").contains(&q), "{past}");
    let before = stage.get(&page("?as_of=2024-02-15&known_at=@7")).text();
    assert!(section(&before, "right-now").contains("Nobody"), "{before}");
    assert!(!stage.get(&page("")).text().contains("id=\"right-now\""), "the present is asked about");
}

#[test]
fn fields_and_sliders_ask_the_same() {
    let stage = stage();
    let resellers = |parameters: &str| {
        let answer = stage.get(&page(parameters));
        assert_eq!(answer.status, 200, "{parameters}: {}", answer.text());
        section(&answer.text(), "resellers").to_owned()
    };
    // The first fact is of 2024-01-01, and the second entry of the customer establishes the relationship.
    for (field, slider) in [
        ("?as_of=2024-02-15T00:00", "?day=45"),
        ("?as_of=2024-01-15T00:00:00&known_at=", "?day=14&known_at="),
        ("?as_of=2024-05-01&known_at=6", "?as_of=2024-05-01&learned=2"),
        ("?as_of=2024-05-01&known_at=@5", "?as_of=2024-05-01&learned=1"),
    ] {
        assert_eq!(resellers(field), resellers(slider), "{field} {slider}");
    }
    assert_ne!(resellers("?day=45"), resellers("?day=14"));
    assert_ne!(resellers("?as_of=2024-05-01&learned=2"), resellers("?as_of=2024-05-01&learned=1"));
}

#[test]
fn the_picture_of_other_periods_is_one_step_away() {
    let stage = stage();
    let text = stage.get(&page("?as_of=2024-03-15&known_at=@12&from=2024-01-01&to=2024-03-01")).text();
    let ways = between(&text, "<p class=\"ways\">", "</p>");
    for (name, period) in [
        ("Whole", ""),
        ("Closer", "&amp;from=2024-01-16&amp;to=2024-02-15"),
        ("Wider", "&amp;from=2023-12-02&amp;to=2024-03-31"),
        ("Earlier", "&amp;from=2023-12-02&amp;to=2024-01-31"),
        ("Later", "&amp;from=2024-01-31&amp;to=2024-03-31"),
        ("90 days around the instant asked about", "&amp;from=2024-01-30&amp;to=2024-04-29"),
    ] {
        let way = ways.split("<a href=\"").find(|way| way.contains(&format!(">{name}</a>"))).unwrap();
        let place = way.split('"').next().unwrap();
        assert!(place.ends_with(&format!("&amp;known_at=@12{period}#picture")), "{name}: {place}");
        assert!(place.contains("as_of=2024-03-15"), "{name}: {place}");
        let answer = stage.get(place.replace("&amp;", "&").trim_end_matches("#picture"));
        assert_eq!(answer.status, 200, "{name}: {}", answer.text());
    }
}

#[test]
fn sliders_say_by_ear_where_they_stand_and_the_zone_is_utc_without_script() {
    let stage = stage();
    let text = stage.get(&page("?as_of=2024-02-15&learned=2")).text();
    for said in [
        "aria-valuetext=\"2024-02-15\"",
        "aria-valuetext=\"2 of 6 entries\"",
        "<label for=\"day\">",
        "<label for=\"learned\">",
        "<div class=\"zone\" hidden>",
        "Instants are in <span data-zone>UTC</span>",
    ] {
        assert!(text.contains(said), "{said}");
    }
}

#[test]
fn what_is_looked_for_leads_to_its_page() {
    let stage = stage();
    let command = told()[0].command_id.to_string();
    for (wanted, path) in [
        (customer(), format!("/console/customers/{}", customer())),
        (customer().to_uppercase(), format!("/console/customers/{}", customer())),
        (name::partner("P").to_string(), format!("/console/partners/{}", name::partner("P"))),
        (command, format!("/console/entries/{FOUNDED}")),
        ("+7+".to_owned(), "/console/entries/7".to_owned()),
    ] {
        let answer = stage.get(&format!("/console/find?q={wanted}"));
        assert_eq!((answer.status, answer.header("location")), (303, Some(path.as_str())), "{wanted}");
    }
    let nothing = stage.get(&format!("/console/find?q={UNKNOWN}"));
    assert_eq!(nothing.status, 404);
    assert!(nothing.text().contains("1 customer was read"), "{}", nothing.text());
}
