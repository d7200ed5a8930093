//! Pages of entries: what was decided and where it stands, and the bytes only once it is recorded that they leave.

use ofrecord_log::{Hash, merkle};
use serde_json::{Value, json};

use super::{END, EVIL, between, check_frame, check_problem, section, stage};
use crate::stage::{Answer, FOUNDED, Stage};

/// The form by which bytes are taken out, sent with some headers.
fn taken_out(stage: &Stage, position: u64, headers: &str, body: &str) -> Answer {
    stage.post(&format!("/console/entries/{position}/bytes"), "application/x-www-form-urlencoded", headers, body)
}

/// Text as a page shows it.
fn shown(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

fn decision(stage: &Stage, position: u64) -> Value {
    let bytes = stage.ledger.reader().log().read(position).unwrap();
    serde_json::from_slice::<Value>(&bytes).unwrap()["decision"].clone()
}

#[test]
fn what_is_no_entry_is_told_on_a_page() {
    let stage = stage();
    for (path, status, words) in [
        ("/console/entries/x", 400, "position: "),
        ("/console/entries/13", 404, "there is no entry 13"),
        ("/console/entries/3?tree_size=3", 404, "there is no entry 3"),
        ("/console/entries/3?tree_size=14", 400, "tree_size: "),
    ] {
        check_problem(&stage, path, status, words);
    }
}

#[test]
fn bytes_leave_for_a_page_of_this_server_alone_and_nothing_is_recorded_otherwise() {
    let stage = stage();
    for headers in [
        "",
        "Origin: http://elsewhere.example\r\n",
        "Origin: null\r\n",
        "Sec-Fetch-Site: cross-site\r\nOrigin: http://localhost\r\n",
        "Sec-Fetch-Site: none\r\n",
    ] {
        let answer = taken_out(&stage, 3, headers, "");
        check_frame(headers, &answer);
        assert_eq!(answer.status, 400, "{headers}");
        assert!(!answer.text().contains("id=\"exact\""), "{headers}");
    }
    for (position, body, status) in [(13, "", 404), (3, "colour=red", 400), (3, "purpose=%", 200)] {
        let answer = taken_out(&stage, position, "Sec-Fetch-Site: same-origin\r\n", body);
        assert_eq!(answer.status, status, "{position} {body}: {}", answer.text());
    }
    assert_eq!(stage.ledger.reader().log().tree_size(), END + 1);
}

#[test]
fn the_exact_bytes_are_shown_once_it_is_recorded_that_they_leave() {
    let stage = stage();
    let log = stage.ledger.reader().log().clone();
    stage.record([ofrecord_testkit::Story::new(8).at("2024-03-05").ledger().registers_customer(EVIL)]);
    for (position, customer) in [(END, "customer"), (0, "none")] {
        assert!(!stage.get(&format!("/console/entries/{position}")).text().contains("id=\"exact\""));
        let size = log.tree_size();
        let answer = taken_out(&stage, position, "Origin: http://localhost\r\n", "purpose=for+the+audit%3Cb%3E");
        assert_eq!(answer.status, 200, "{}", answer.text());
        check_frame("bytes", &answer);
        let text = answer.text();
        let exact = shown(between(&text, "<pre id=\"exact\" class=\"exact\">", "</pre>"));
        let bytes = log.read(position).unwrap();
        assert_eq!(exact.as_bytes(), bytes.as_slice(), "{position}");
        assert_eq!(log.tree_size(), size + 1, "{position}");
        let disclosed = decision(&stage, size);
        let command = &disclosed["command"];
        assert_eq!(command["type"], json!("RecordDisclosure"), "{disclosed}");
        assert_eq!(
            (&command["kind"], &command["digest"], &command["purpose"], command["customer"].is_string()),
            (
                &json!("export"),
                &json!(Hash::of(&bytes).to_string()),
                &json!("for the audit<b>"),
                customer == "customer"
            ),
            "{disclosed}"
        );
    }
}

#[test]
fn an_entrys_page_says_what_was_decided_and_leads_to_its_neighbours() {
    let stage = stage();
    let log = stage.ledger.reader().log().clone();
    for position in 0..END {
        let path = format!("/console/entries/{position}");
        let answer = stage.get(&path);
        check_frame(&path, &answer);
        let text = answer.text();
        let entry: Value = serde_json::from_slice(&log.read(position).unwrap()).unwrap();
        let decided = &entry["decision"];
        for said in [&entry["command_id"], &entry["request_hash"], &decided["command"]["type"]] {
            assert!(section(&text, "what").contains(said.as_str().unwrap()), "{path}: {said}");
        }
        let came = section(&text, "came");
        for event in decided["events"].as_array().into_iter().flatten() {
            assert!(came.contains(event["type"].as_str().unwrap()), "{path}: {event}");
        }
        for field in ["code", "rule"] {
            if let Some(said) = decided["refusal"][field].as_str() {
                assert!(came.contains(said), "{path}: {came}");
            }
        }
        for link in entry["streams"].as_array().unwrap() {
            let positions = log.stream_positions(link["stream"].as_str().unwrap(), 0).unwrap();
            let place = positions.iter().position(|one| *one == position).unwrap();
            let beside = [place.checked_sub(1), Some(place + 1)].into_iter().flatten();
            for one in beside.filter_map(|place| positions.get(place)) {
                let led = format!("href=\"/console/entries/{one}\"");
                assert!(section(&text, "streams").contains(&led), "{path}: {one}");
            }
        }
    }
    let refused = stage.get(&format!("/console/entries/{}", FOUNDED + 3)).text();
    assert!(section(&refused, "came").contains("Refused"), "{refused}");
}

#[test]
fn the_proof_on_the_page_is_the_one_that_the_log_gives() {
    let stage = stage();
    let log = stage.ledger.reader().log().clone();
    for (position, size) in [(0, 1), (0, END), (5, 6), (5, END), (END - 1, END), (7, 8), (3, 7)] {
        let text = stage.get(&format!("/console/entries/{position}?tree_size={size}")).text();
        let proof = section(&text, "proof");
        let attribute = |name: &str| between(proof, &format!("{name}=\""), "\"").to_owned();
        let hash = |text: &str| text.parse::<Hash>().unwrap();
        let path = proof.split("<li><code>").skip(1).map(|rest| hash(rest.split('<').next().unwrap()));
        let path: Vec<Hash> = path.collect();
        let (leaf, root) = (hash(&attribute("data-leaf")), hash(&attribute("data-root")));
        assert_eq!(root, log.root_at(size).unwrap());
        assert_eq!((attribute("data-position"), attribute("data-size")), (position.to_string(), size.to_string()));
        let proven = merkle::verify_inclusion(&leaf, position, size, &path, &root);
        assert!(proven.is_ok(), "{position} of {size}: {proven:?}");
        assert!(proof.contains("data-outcome=\"unchecked\">") && proof.contains("data-outcome=\"holds\" hidden"));
    }
}
