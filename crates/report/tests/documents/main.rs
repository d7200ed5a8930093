//! Documents of a story: the same bytes again, nothing of later, every position listed, and both forms alike.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod scene;

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_report::{Entries, Report};
use ofrecord_testkit::name;
use scene::{CUSTOMER, PIER, QUAY, Scene};

/// Every form of a report as text.
fn forms(report: &Report) -> [(&'static str, String); 4] {
    let json = serde_json::to_string(&report.json()).unwrap();
    [("Markdown", report.markdown()), ("HTML", report.html()), ("JSON", json), ("SVG", report.picture().svg())]
}

/// The positions that a text links to, in order.
fn linked(text: &str, before: &str, after: char) -> Vec<u64> {
    let found = text.split(before).skip(1).filter_map(|rest| rest.split(after).next());
    found.map(|position| position.parse().unwrap()).collect()
}

fn without_pictures(html: &str) -> String {
    let mut kept = String::new();
    for (index, piece) in html.split("<svg xmlns").enumerate() {
        let after = if index == 0 { piece } else { piece.rsplit("</svg>").next().unwrap() };
        kept.push_str(after);
    }
    kept
}

#[test]
fn the_same_story_gives_the_same_bytes() {
    let report = || Scene::with_q().with_p().with_late_news().report("2018-09-01");
    for ((form, first), (_, second)) in forms(&report()).into_iter().zip(forms(&report())) {
        assert!(first == second, "{form}");
        assert!(!first.is_empty(), "{form}");
    }
}

#[test]
fn an_instant_in_the_past_says_nothing_of_later() {
    let scene = Scene::with_q().with_p();
    let past = scene.report("2018-02-01");
    let later = [PIER, "Pier", "S-AZ", "Azure", "5139005", "2018-06", "2018-07", &name::partner(PIER).to_string()]
        .map(str::to_owned);
    let later = later.into_iter().chain([name::subscription("S-AZ").to_string(), "entry-9".to_owned()]);
    let forms = forms(&past);
    for word in later {
        for (form, text) in &forms {
            let text = text.replace("Azure role", "").replace("Azure subscription", "");
            assert!(!text.contains(&word), "{form} of the past says {word}");
        }
    }
    let present = scene.report("2018-09-01").markdown();
    assert!(present.contains("Pier's Cloud") && present.contains("2018-06-02"), "and the present does");
}

#[test]
fn every_position_leads_to_an_entry_that_is_there() {
    let scene = Scene::with_q().with_p().with_late_news();
    for (entries, all) in [(Entries::Cited, false), (Entries::All, true)] {
        let report = scene.report("2018-09-01").listing(entries);
        let (html, markdown) = (report.html(), report.markdown());
        let listed = report.positions_listed();
        for (form, cited, there) in [
            ("HTML", linked(&html, "href=\"#entry-", '"'), linked(&html, "<h3 id=\"entry-", '"')),
            ("Markdown", linked(&markdown, "(#entry-", ')'), linked(&markdown, "### Entry ", '\n')),
        ] {
            let (cited, there): (BTreeSet<u64>, BTreeSet<u64>) =
                (cited.into_iter().collect(), there.into_iter().collect());
            assert!(cited.is_subset(&there), "{form}: {cited:?} {there:?}");
            assert_eq!(there, listed, "{form}");
        }
        assert_eq!(listed.contains(&16), all, "what changed nothing is cited by no answer, and listed with everything");
    }
}

#[test]
fn without_entries_positions_lead_nowhere_and_their_count_is_said() {
    let report = Scene::with_q().with_p().report("2018-09-01").listing(Entries::None);
    for (form, text) in forms(&report) {
        assert!(!text.contains("#entry-"), "{form}");
    }
    assert!(report.markdown().contains("15 entries are not listed"));
    assert!(report.markdown().contains("\\[8\\]"));
    assert_eq!(report.positions_listed().len(), 0);
}

#[test]
fn both_forms_of_a_document_cite_the_same_in_the_same_order() {
    let report = Scene::with_q().with_p().with_late_news().report("2018-09-01");
    let html = without_pictures(&report.html());
    assert_eq!(linked(&html, "href=\"#entry-", '"'), linked(&report.markdown(), "(#entry-", ')'));
}

#[test]
fn the_data_hold_what_the_document_lists() {
    let report = Scene::with_q().with_p().with_late_news().report("2018-09-01");
    let hashes: BTreeMap<u64, String> =
        report.positions_listed().into_iter().map(|at| (at, format!("{at:064x}"))).collect();
    let report = report.with_leaf_hashes(hashes);
    let json = serde_json::to_value(report.json()).unwrap();
    let listed: BTreeSet<u64> =
        json["entries"].as_array().unwrap().iter().map(|entry| entry["position"].as_u64().unwrap()).collect();
    assert_eq!(listed, report.positions_listed());
    assert!(json["entries"][0]["leaf_hash"].is_string());
    let dossier = serde_json::to_value(Scene::with_q().with_p().with_late_news().dossier("2018-09-01")).unwrap();
    for (answer, said) in dossier.as_object().unwrap().iter().filter(|(answer, _)| *answer != "timeline") {
        assert_eq!(&json[answer], said, "{answer}");
    }
    let rows = json["timeline"].as_array().unwrap().len();
    assert!(rows < json["timeline_rows"].as_u64().unwrap().try_into().unwrap());
    for position in report.positions_listed() {
        assert!(report.markdown().contains(&format!("`{position:064x}`")), "the leaf hash of {position}");
    }
}

#[test]
fn names_from_outside_are_never_markup() {
    let report = Scene::with_q().with_p().with_late_news().report("2018-09-01");
    let [(_, markdown), (_, html), _, (_, svg)] = forms(&report);
    for text in [&html, &svg] {
        for sign in ["<script", "<b>", "<i>", "<u>", "\"& Sons"] {
            assert!(!text.contains(sign), "{sign}");
        }
        assert!(text.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Co&quot; | x"));
    }
    assert!(!markdown.contains("<script") && !markdown.contains("Quay \"& Sons\" <b>"));
    for name in [CUSTOMER, QUAY] {
        assert!(!markdown.contains(name), "{name} stands in the Markdown as it came");
    }
}

#[test]
fn a_picture_alone_is_well_formed() {
    for scene in [Scene::with_q(), Scene::with_q().with_p().with_late_news()] {
        let svg = scene.report("2018-09-01").picture().svg();
        let mut open = Vec::new();
        for tag in svg.split('<').skip(2).map(|rest| rest.split('>').next().unwrap()) {
            match tag.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop(), Some(name.to_owned())),
                None => open.push(tag.split(' ').next().unwrap().to_owned()),
            }
        }
        assert_eq!(open.len(), 0, "every element ends");
        assert!(svg.starts_with("<?xml") && svg.contains("<title id=") && svg.contains("<desc id="));
        assert!(!svg.contains("href"), "a picture alone leads nowhere");
    }
}

#[test]
fn an_answer_that_late_news_took_back_is_told_with_what_was_said_before() {
    let told = "earlier answer about instants that had already passed no longer stands";
    assert!(!Scene::with_q().with_p().report("2018-09-01").markdown().contains(told));
    let late = Scene::with_q().with_p().with_late_news().report("2018-09-01").markdown();
    assert!(late.contains(told), "{late}");
}

#[test]
fn a_dossier_of_before_everything_says_so_in_words() {
    let before = Scene::with_q().report("2017-12-01").markdown();
    for sentence in
        ["**nobody** is reseller", "There is nothing to draw", "There is no finding", "There are no entries"]
    {
        assert!(before.contains(sentence), "{sentence}: {before}");
    }
}

#[test]
fn parts_for_another_page_say_what_the_document_says_and_lead_to_a_page_for_each_entry() {
    let report = Scene::with_q().with_p().with_late_news().report("2018-09-01").listing(Entries::All);
    let (html, parts) = (report.html(), report.parts(&["resellers", "picture", "nowhere"], "/entries/"));
    let anchors: Vec<&str> = parts.sections.iter().map(|part| part.anchor.as_str()).collect();
    assert_eq!(anchors, ["picture", "resellers"], "in the order of the document");
    for said in parts.sections.iter().map(|part| &part.html).chain([&parts.head]) {
        assert!(html.contains(&said.replace("href=\"/entries/", "href=\"#entry-")), "{said}");
        assert!(!said.contains("#entry-") && !said.contains("<script") && !said.contains("style="), "{said}");
        assert!(!linked(said, "href=\"/entries/", '"').is_empty(), "{said}");
    }
}
