//! Every row of the page of audit questions is run on a story's ledger, and the answer is the story's.
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use ofrecord_acceptance::stage::Stage;
use ofrecord_acceptance::workspace;
use serde_json::Value;

/// What stands in for the page's `C`, `P`, `S` and `X`.
const CUSTOMER: &str = "cccccccc-0000-4000-8000-000000000001";
const PARTNER: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const SUBSCRIPTION: &str = "5ab5c81b-0000-4000-8000-000000000001";
const INSTANT: &str = "2018-06-15";

/// A question's number and the commands that answer it; none where the page says that it is not answered yet.
fn rows() -> Vec<(u32, Vec<String>)> {
    let page = std::fs::read_to_string(workspace::root().join("docs/guides/audit-questions.md")).expect("the page");
    page.lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let number = cells.get(1)?.parse().ok()?;
            let commands = cells
                .get(3)?
                .split('`')
                .skip(1)
                .step_by(2)
                .filter_map(|code| code.strip_prefix("ofrecord "))
                .map(str::to_owned)
                .collect();
            Some((number, commands))
        })
        .collect()
}

/// The arguments of a command of the page.
fn arguments(command: &str) -> Vec<&str> {
    command
        .split(' ')
        .map(|word| match word {
            "C" => CUSTOMER,
            "P" => PARTNER,
            "S" => SUBSCRIPTION,
            "X" => INSTANT,
            other => other,
        })
        .collect()
}

/// Where an answer's rows are; what has no rows is a row itself.
fn rows_of(answer: &Value) -> Vec<Value> {
    ["rows", "entries", "events"]
        .iter()
        .find_map(|name| answer.get(name).and_then(Value::as_array).cloned())
        .unwrap_or_else(|| vec![answer.clone()])
}

/// The answers to every question, each as the rows of each of its commands.
fn answers() -> BTreeMap<u32, Vec<Vec<Value>>> {
    let stage = Stage::with_story();
    let mut answers = BTreeMap::new();
    for (number, commands) in rows() {
        let mut given = Vec::new();
        for command in &commands {
            let mut asked = arguments(command);
            asked.extend(["--format", "json", "--clock", "2018-12-31"]);
            let ran = stage.ran(&asked, b"");
            assert_eq!(ran.code, Some(0), "question {number}\n{}", ran.shown());
            let answer: Value = serde_json::from_str(&ran.stdout)
                .unwrap_or_else(|error| panic!("question {number}: {error}\n{}", ran.shown()));
            if !matches!(asked.first(), Some(&"rebuild" | &"replay")) {
                assert!(answer.pointer("/basis/root").is_some(), "question {number} has no basis\n{}", ran.shown());
            }
            given.push(rows_of(&answer));
        }
        answers.insert(number, given);
    }
    answers
}

#[test]
fn every_question_of_the_page_gets_the_storys_answer() {
    let answers = answers();
    assert_eq!(answers.keys().copied().collect::<Vec<u32>>(), (1..=30).collect::<Vec<u32>>());
    for (number, command, pointer, expected) in EXPECTED {
        let given = answers.get(number).and_then(|given| given.get(*command)).expect("an answer");
        let found: Vec<String> = given
            .iter()
            .filter_map(|row| row.pointer(pointer))
            .map(|value| value.to_string().replace('"', ""))
            .collect();
        assert_eq!(found.join(" "), *expected, "question {number}, command {command}, {pointer}\n{given:#?}");
    }
}

/// Question, which of its commands, field of the rows, and what the rows say.
const EXPECTED: &[(u32, usize, &str, &str)] = &[
    (1, 0, "/partner", "aaaaaaaa-0000-4000-8000-000000000001 aaaaaaaa-0000-4000-8000-000000000002"),
    (1, 0, "/positions", "[6,8] [10,13]"),
    (
        1,
        1,
        "/event",
        "ResellerRelationshipAcceptedByCustomer DapGranted OrderPlaced SubscriptionPurchased ResellerRelationshipAcceptedByCustomer OrderPlaced SubscriptionPurchased",
    ),
    (2, 0, "/accepted_by", "lin@contoso.example lin@contoso.example"),
    (2, 0, "/since", "2018-01-05T00:00:00.0000000Z 2018-06-01T00:00:00.0000000Z"),
    (3, 0, "/from", ""),
    (4, 0, "/customer", ""),
    (5, 0, "/unchanged", "true true true true true true true true"),
    (6, 0, "/value/established_by", "accepted_by_customer accepted_by_customer accepted_by_customer"),
    (6, 0, "/valid_to", "null 2018-08-01T00:00:00.0000000Z null"),
    (7, 0, "/customer", ""),
    (8, 0, "/partner", "aaaaaaaa-0000-4000-8000-000000000001"),
    (8, 0, "/roles/0/role", "Global administrator"),
    (8, 0, "/mechanism", "dap"),
    (9, 0, "/code", ""),
    (9, 1, "/standing", "reseller"),
    (11, 0, "/code", ""),
    (13, 0, "/position", ""),
    (16, 0, "/customer", ""),
    (17, 0, "/order", "7f0c2a4be51d"),
    (17, 0, "/agreement", "MicrosoftCustomerAgreement"),
    (17, 1, "/position", "8 8 19"),
    (18, 0, "/command", "PlaceOrder PlaceOrder SuspendSubscription SuspendSubscription RemoveResellerRelationship"),
    (19, 0, "/owner", "aaaaaaaa-0000-4000-8000-000000000001"),
    (21, 0, "/status", "active"),
    (21, 0, "/quantity", "25"),
    (21, 0, "/next_change/change", "renews"),
    (22, 1, "/position", "19"),
    (23, 0, "/customer", ""),
    (24, 0, "/position", "8 8 11 19 20"),
    (25, 0, "/customer", ""),
    (26, 0, "/drifted", "0"),
    (26, 1, "/commands", "21"),
    (27, 0, "/key", ""),
    (
        28,
        0,
        "/agreement",
        "decided_here decided_here decided_here decided_here decided_here decided_here decided_here decided_here decided_here decided_here decided_here decided_here decided_here decided_here decided_here decided_here decided_here",
    ),
    (29, 0, "/source", ""),
    (30, 0, "/position", ""),
];
