//! Every row of the page of audit questions is run on a story's ledger, and the answer is the story's.
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use ofrecord_acceptance::stage::Stage;
use ofrecord_acceptance::workspace;
use serde_json::Value;

/// A story, what stands in for the page's letters, and the instant at which it is told.
struct Told {
    stage: fn() -> Stage,
    letters: &'static [(&'static str, &'static str)],
    clock: &'static str,
}

/// The cloud in China: reseller relationships, delegated administration and subscriptions.
const CHINA: Told = Told {
    stage: Stage::with_story,
    letters: &[
        ("C", "cccccccc-0000-4000-8000-000000000001"),
        ("P", "aaaaaaaa-0000-4000-8000-000000000001"),
        ("S", "5ab5c81b-0000-4000-8000-000000000001"),
        ("X", "2018-06-15"),
    ],
    clock: "2018-12-31",
};

/// The worldwide cloud: granular administration, and what became of delegated administration.
const WORLDWIDE: Told = Told {
    stage: Stage::with_worldwide_story,
    letters: &[
        ("C", "cccccccc-0000-4000-8000-000000000011"),
        ("P", "aaaaaaaa-0000-4000-8000-000000000011"),
        ("S", "5ab5c81b-0000-4000-8000-000000000011"),
        ("X", "2023-08-15"),
    ],
    clock: "2025-08-01",
};

/// The worldwide cloud: transfers of subscriptions, an extension of a relationship, and claims of partners of record.
const TRANSFERS: Told = Told {
    stage: Stage::with_transfers,
    letters: &[
        ("C", "cccccccc-0000-4000-8000-000000000021"),
        ("P", "aaaaaaaa-0000-4000-8000-000000000022"),
        ("S", "5ab5c81b-0000-4000-8000-000000000021"),
        ("X", "2024-08-20"),
    ],
    clock: "2025-01-15",
};

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
fn arguments<'a>(command: &'a str, letters: &[(&'a str, &'a str)]) -> Vec<&'a str> {
    let stands_for = |word| letters.iter().find(|(letter, _)| *letter == word).map_or(word, |(_, id)| *id);
    command.split(' ').map(stands_for).collect()
}

/// Where an answer's rows are; what has no rows is a row itself.
fn rows_of(answer: &Value) -> Vec<Value> {
    ["rows", "entries", "events"]
        .iter()
        .find_map(|name| answer.get(name).and_then(Value::as_array).cloned())
        .unwrap_or_else(|| vec![answer.clone()])
}

/// The answers to every question, each as the rows of each of its commands.
fn answers(told: &Told) -> BTreeMap<u32, Vec<Vec<Value>>> {
    let stage = (told.stage)();
    let mut answers = BTreeMap::new();
    for (number, commands) in rows() {
        let mut given = Vec::new();
        for command in &commands {
            let mut asked = arguments(command, told.letters);
            asked.extend(["--format", "json", "--clock", told.clock]);
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

/// Question, which of its commands, field of the rows, and what the rows say.
type Expected = (u32, usize, &'static str, &'static str);

fn check(told: &Told, expected: &[Expected]) {
    let answers = answers(told);
    assert_eq!(answers.keys().copied().collect::<Vec<u32>>(), (1..=30).collect::<Vec<u32>>());
    for (number, command, pointer, expected) in expected {
        let given = answers.get(number).and_then(|given| given.get(*command)).expect("an answer");
        let found: Vec<String> = given
            .iter()
            .filter_map(|row| row.pointer(pointer))
            .map(|value| value.to_string().replace('"', ""))
            .collect();
        assert_eq!(found.join(" "), *expected, "question {number}, command {command}, {pointer}\n{given:#?}");
    }
}

#[test]
fn every_question_of_the_page_gets_the_storys_answer() {
    check(&CHINA, EXPECTED);
}

#[test]
fn every_question_of_the_page_gets_the_worldwide_storys_answer() {
    check(&WORLDWIDE, EXPECTED_WORLDWIDE);
}

#[test]
fn every_question_of_the_page_gets_the_answer_of_the_story_of_transfers() {
    check(&TRANSFERS, EXPECTED_OF_TRANSFERS);
}

const EXPECTED: &[Expected] = &[
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
    (8, 1, "/members", "not_known not_known"),
    (9, 0, "/code", ""),
    (9, 1, "/standing", "reseller"),
    (11, 0, "/code", ""),
    (10, 0, "/relationship", ""),
    (12, 0, "/customer", ""),
    (13, 0, "/partner", ""),
    (14, 0, "/customer", ""),
    (15, 0, "/customer", ""),
    (16, 0, "/customer", ""),
    (17, 0, "/order", "7f0c2a4be51d"),
    (17, 0, "/agreement", "MicrosoftCustomerAgreement"),
    (17, 1, "/position", "8 8 19"),
    (18, 0, "/command", "PlaceOrder PlaceOrder SuspendSubscription SuspendSubscription RemoveResellerRelationship"),
    (18, 2, "/transfer", ""),
    (19, 0, "/owner", "aaaaaaaa-0000-4000-8000-000000000001"),
    (19, 1, "/transfer", ""),
    (19, 2, "/value", "aaaaaaaa-0000-4000-8000-000000000001"),
    (21, 0, "/status", "active"),
    (21, 0, "/quantity", "25"),
    (21, 0, "/next_change/change", "renews"),
    (22, 1, "/position", "19"),
    (23, 0, "/customer", ""),
    (20, 0, "/subscription", ""),
    (24, 0, "/kind", "reseller_of_record tpor"),
    (24, 0, "/partner_id", "null 4847383"),
    (24, 1, "/position", "8 8 11 19 20"),
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

/// The granular relationship of the story that goes on, the one of the transition, and the one of the other partner.
const EXPECTED_WORLDWIDE: &[Expected] = &[
    (1, 0, "/partner", "aaaaaaaa-0000-4000-8000-000000000011"),
    (
        8,
        0,
        "/partner",
        "aaaaaaaa-0000-4000-8000-000000000011 aaaaaaaa-0000-4000-8000-000000000011 aaaaaaaa-0000-4000-8000-000000000012",
    ),
    (8, 0, "/mechanism", "dap gdap gdap"),
    (8, 0, "/roles/0/role", "Global administrator Global reader Global reader"),
    (8, 0, "/granular/group", "96000000-0000-4000-8000-000000000002 96000000-0000-4000-8000-000000000009"),
    (8, 0, "/until", "null 2024-02-02T00:00:00.0000000Z 2024-06-30T08:30:00.0000000Z"),
    (8, 1, "/user", "ana@harbour.example bo@harbour.example cy@harbour.example null null"),
    (8, 1, "/mechanism", "dap gdap gdap dap gdap"),
    (8, 1, "/members", "seen seen seen not_known not_known"),
    (9, 0, "/code", ""),
    (9, 1, "/standing", "reseller reseller never_reseller"),
    (10, 0, "/display_name", "Fabrikam support MLT_4f3c2b1a_9d8e7f6a_0c1b2d3e Tailspin projects"),
    (10, 0, "/role_names/0", "Global reader Global reader Global reader"),
    (10, 0, "/ends_at", "2026-01-22T00:00:00.0000000Z 2024-05-21T00:00:00.0000000Z null"),
    (10, 0, "/auto_extend", "P180D P0D P0D"),
    (
        10,
        0,
        "/auto_extend_since",
        "2023-03-01T00:00:00.0000000Z 2023-05-22T00:00:00.0000000Z 2024-01-10T00:00:00.0000000Z",
    ),
    (10, 1, "/assignments/0/effect", "in_force"),
    (12, 0, "/subject/relationship", "6da90000-0000-4000-8000-000000000001-6da90000-0000-4000-8000-000000000000"),
    (12, 0, "/since", "2023-02-02T00:00:00.0000000Z"),
    (12, 0, "/until", "2023-03-01T00:00:00.0000000Z"),
    (12, 1, "/global_administrator/since", "2023-02-01T00:00:00.0000000Z"),
    (13, 0, "/replaced_by", "gdap"),
    (13, 0, "/last_sign_in_at", "2023-11-20T07:45:00.0000000Z"),
    (13, 1, "/customer", ""),
    (14, 0, "/subject/relationship", "6da90000-0000-4000-8000-000000000003-6da90000-0000-4000-8000-000000000000"),
    (14, 1, "/approved/basis", "customer_global_admin"),
    (14, 2, "/subject/relationship", "6da90000-0000-4000-8000-000000000002-6da90000-0000-4000-8000-000000000000"),
    (
        15,
        0,
        "/subject/relationship",
        "6da90000-0000-4000-8000-000000000003-6da90000-0000-4000-8000-000000000000 6da90000-0000-4000-8000-000000000002-6da90000-0000-4000-8000-000000000000",
    ),
    (16, 0, "/customer", "cccccccc-0000-4000-8000-000000000013"),
    (26, 0, "/drifted", "0"),
    (26, 1, "/commands", "36"),
];

/// A legacy subscription that got another id, one of new commerce that kept its own, and a request that expired.
const EXPECTED_OF_TRANSFERS: &[Expected] = &[
    (4, 0, "/subject/partner", "aaaaaaaa-0000-4000-8000-000000000021 aaaaaaaa-0000-4000-8000-000000000023"),
    (5, 0, "/unchanged", "true true true true true true"),
    (6, 0, "/value/established_by", "accepted_by_customer accepted_by_customer extension"),
    (6, 0, "/value/extended_from", "null null aaaaaaaa-0000-4000-8000-000000000022"),
    (6, 0, "/value/consent_reference", "null null letter of 2024-11-04"),
    (18, 0, "/command", "PlaceOrder PlaceOrder RequestTransfer AcceptTransfer CompleteTransfer"),
    (18, 2, "/transfer", "7ab5c81b-0000-4000-8000-000000000021"),
    (19, 0, "/owner", "aaaaaaaa-0000-4000-8000-000000000021"),
    (19, 0, "/transferred_to", "5ab5c81b-0000-4000-8000-000000000031"),
    (19, 1, "/source", "aaaaaaaa-0000-4000-8000-000000000021"),
    (19, 1, "/target", "aaaaaaaa-0000-4000-8000-000000000022"),
    (19, 1, "/approvals/source/actor/user", "ana@quarry.example"),
    (19, 1, "/approvals/source/through", "request"),
    (19, 1, "/approvals/target/actor/user", "wei@prairie.example"),
    (19, 1, "/approvals/target/through", "acceptance"),
    (19, 1, "/billing_split_date", "2024-08-06T00:00:00.0000000Z"),
    (19, 1, "/positions", "[16,17,18]"),
    (19, 2, "/value", "aaaaaaaa-0000-4000-8000-000000000021 aaaaaaaa-0000-4000-8000-000000000022"),
    (20, 0, "/subscription", "5ab5c81b-0000-4000-8000-000000000021 5ab5c81b-0000-4000-8000-000000000022"),
    (20, 0, "/new_subscription", "5ab5c81b-0000-4000-8000-000000000031 null"),
    (20, 0, "/outcome", "complete complete"),
    (24, 0, "/kind", "reseller_of_record tpor reseller_of_record dpor cpor tpor"),
    (24, 0, "/partner_id", "null 4847383 null 5100200 5100200 5100200"),
    (24, 0, "/workload", "null null null null Teams null"),
    (26, 0, "/drifted", "0"),
    (26, 1, "/commands", "29"),
];
