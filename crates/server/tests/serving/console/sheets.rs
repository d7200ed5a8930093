//! Tables of the pages as files: the rows that the answers have, safe in a spreadsheet, and recorded as they leave.

use std::collections::BTreeMap;

use ofrecord_ledger::KnownAt;
use ofrecord_server::{AccessRole, Limits, Scope};
use ofrecord_testkit::{Story, name};
use serde_json::Value;

use super::{UNKNOWN, check_problem, recorded, section, stage};
use crate::stage::{Answer, Stage, customer};

/// A file as its lines, each by its header.
fn lines(answer: &Answer) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(answer.body.as_slice());
    let header = reader.headers().unwrap().clone();
    let line = |line: csv::StringRecord| {
        header.iter().map(str::to_owned).zip(line.iter().map(str::to_owned)).collect::<BTreeMap<_, _>>()
    };
    reader.records().map(|record| line(record.unwrap())).collect()
}

#[track_caller]
fn taken(stage: &Stage, path: &str) -> Vec<BTreeMap<String, String>> {
    let answer = stage.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8; header=present"), "{path}");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    let disposition = answer.header("content-disposition").unwrap();
    assert!(disposition.starts_with("attachment; filename=\"") && disposition.ends_with(".csv\""), "{disposition}");
    let text = answer.text();
    assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains('\r'), "{path}: {text}");
    lines(&answer)
}

fn of_customer(table: &str) -> String {
    format!("/console/customers/{}/csv/{table}", customer())
}

fn disclosures(stage: &Stage) -> u64 {
    let reader = stage.ledger.reader();
    let snapshot = reader.snapshot(KnownAt::Now).unwrap();
    reader.custody(&snapshot).unwrap().latest().disclosures
}

#[test]
fn what_is_no_table_is_told_on_a_page_and_nothing_is_recorded() {
    let stage = stage();
    for (path, status, words) in [
        (of_customer("colours"), 400, "table: "),
        (format!("/console/customers/{UNKNOWN}/csv/resellers"), 404, UNKNOWN),
        (format!("{}?as_of=soon", of_customer("resellers")), 400, "as_of: "),
        (format!("{}?known_at=@99", of_customer("resellers")), 400, "known_at: "),
        (format!("/console/partners/{UNKNOWN}/csv/book"), 404, UNKNOWN),
        (format!("/console/partners/{}/csv/colours", name::partner("P")), 400, "table: "),
        (format!("/console/partners/{}/csv/expiring?within=731", name::partner("P")), 400, "within: "),
        ("/console/compare/csv".to_owned(), 400, "customer: "),
        ("/console/csv/colours".to_owned(), 400, "none of entries, findings, customers"),
        ("/console/csv/entries?from=0&to=99999999".to_owned(), 200, ""),
    ] {
        if status == 200 {
            assert_eq!(stage.get(&path).status, 200, "no more than the log has is asked for: {path}");
            continue;
        }
        check_problem(&stage, &path, status, words);
    }
    assert_eq!(disclosures(&stage), 1, "of the one that left");
}

#[test]
fn a_table_has_the_rows_of_the_answer_and_the_entries_behind_each() {
    let stage = stage();
    let viewpoint = "as_of=2024-05-01&known_at=@13";
    let mut told = 0;
    for (table, question) in [
        ("resellers", "resellers"),
        ("subscriptions", "subscriptions"),
        ("partners-of-record", "partners-of-record"),
        ("administrators", "access"),
        ("granular-administration", "gdap"),
        ("transfers", "transfers"),
        ("findings", "findings"),
        ("timeline", "timeline"),
    ] {
        let answer = stage.get(&format!("/v1/customers/{}/{question}?{viewpoint}", customer())).json();
        let rows = answer["rows"].as_array().unwrap();
        let taken = taken(&stage, &format!("{}?{viewpoint}", of_customer(table)));
        assert_eq!(taken.len(), rows.len(), "{table}");
        for (row, line) in rows.iter().zip(&taken) {
            told += 1;
            let positions: Vec<String> = row["positions"].as_array().unwrap().iter().map(ToString::to_string).collect();
            assert_eq!(line["positions"], positions.join(";"), "{table}");
            for (field, value) in row.as_object().unwrap() {
                // Every plain field of a row has its column.
                if let (Value::String(text), true) = (value, field != "etag") {
                    let cell = line.get(field).unwrap_or_else(|| panic!("{table} has no column {field}"));
                    assert_eq!(cell, text, "{table} {field}");
                }
            }
        }
    }
    assert!(told > 8, "{told}");
    let resellers = taken(&stage, &format!("{}?{viewpoint}", of_customer("resellers")));
    assert!(resellers[0]["since"].ends_with('Z') && resellers[0]["partner_name"].contains('P'), "{resellers:?}");
}

#[test]
fn no_cell_begins_a_formula() {
    let stage = stage();
    let evil = "=HYPERLINK(\"http://elsewhere\",\"x\")";
    stage.record([Story::new(8).at("2024-03-01").ledger().registers_customer(evil)]);
    let lines = taken(&stage, "/console/csv/customers");
    let named = lines.iter().find(|line| line["customer"] == name::customer(evil).to_string()).unwrap();
    assert_eq!(named["customer_name"], format!("'{evil}"));
    for line in taken(&stage, "/console/csv/entries").iter().chain(&lines) {
        for cell in line.values().filter(|cell| cell.parse::<i64>().is_err()) {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }
}

#[test]
fn the_tables_of_the_overview_a_partner_and_a_comparison_say_what_their_pages_say() {
    let stage = stage();
    let entries = taken(&stage, "/console/csv/entries?from=3&to=8");
    let positions: Vec<&str> = entries.iter().map(|line| line["position"].as_str()).collect();
    assert_eq!(positions, ["3", "4", "5", "6", "7"]);
    assert!(taken(&stage, "/console/csv/entries").iter().any(|line| !line["refusal_code"].is_empty()));
    assert_eq!(taken(&stage, "/console/csv/customers").len(), 1);
    let found = stage.get(&format!("/v1/customers/{}/findings", customer())).json();
    assert_eq!(taken(&stage, "/console/csv/findings").len(), found["rows"].as_array().unwrap().len());

    let of_partner = |table: &str| taken(&stage, &format!("/console/partners/{}/csv/{table}", name::partner("P")));
    let book = of_partner("book");
    assert_eq!(book.len(), 1);
    assert_eq!((book[0]["customer"].as_str(), book[0]["subscriptions_owned"].as_str()), (&*customer(), "1"));
    assert!(!book[0]["reseller_since"].is_empty() && book[0]["reseller_until"].is_empty(), "{book:?}");
    for table in ["dormant", "outlived", "expiring"] {
        assert_eq!(of_partner(table).len(), 0, "{table}");
    }

    let sides = format!("customer={}&from_as_of=2024-01-15&to_as_of=2024-05-01", customer());
    let differences = taken(&stage, &format!("/console/compare/csv?{sides}"));
    let page = stage.get(&format!("/console/compare?{sides}")).text();
    let fields = section(&page, "world").matches("<th scope=\"row\">").count();
    assert_eq!(differences.len(), fields, "a line for each field that differs");
    let since = differences.iter().find(|line| line["field"] == "since" && line["view"] == "resellers").unwrap();
    assert_eq!((since["first"].as_str(), &since["second"][..10]), ("", "2024-02-02"), "{since:?}");
}

#[test]
fn that_tables_leave_is_recorded_once_for_each_who_sees_everything_and_of_each_customer() {
    let stage = Stage::asking(Limits::default());
    recorded(&stage);
    let auditor = stage.auditor();
    let own = stage.partner("P");
    let other = stage.token("c", AccessRole::CustomerAdmin, Scope::Customer(name::customer("C")));
    for (path, token, recorded) in [
        (of_customer("resellers"), &own, 0),
        (of_customer("resellers"), &other, 0),
        (format!("/console/partners/{}/csv/book", name::partner("P")), &own, 0),
        (of_customer("resellers"), &auditor, 1),
        (of_customer("findings"), &auditor, 1),
        (format!("/console/customers/{UNKNOWN}/csv/findings"), &auditor, 1),
        ("/console/csv/entries".to_owned(), &auditor, 2),
        ("/console/csv/findings".to_owned(), &auditor, 2),
    ] {
        stage.get_with(&path, token);
        assert_eq!(disclosures(&stage), recorded, "{path}");
    }
    let last = stage.ledger.reader().log().tree_size() - 1;
    let entry = stage.get_with(&format!("/console/entries/{last}"), &auditor).text();
    assert!(entry.contains("taken as tables from the console") && entry.contains("auditor"), "{entry}");
}

#[test]
fn a_partner_takes_what_its_share_has() {
    let stage = Stage::asking(Limits::default());
    recorded(&stage);
    let (own, stranger) = (stage.partner("P"), stage.partner("R"));
    assert_eq!(stage.get_with(&of_customer("resellers"), &stranger).status, 404);
    assert_eq!(stage.get_with("/console/csv/customers", &own).status, 403);
    for (table, rows) in [("resellers", 1), ("administrators", 0), ("subscriptions", 1)] {
        let answer = stage.get_with(&of_customer(table), &own);
        assert_eq!(lines(&answer).len(), rows, "{table}: {}", answer.text());
    }
    let timeline = stage.get_with(&of_customer("timeline"), &own).text();
    assert!(!timeline.contains(&name::partner("Q").to_string()), "{timeline}");
}
