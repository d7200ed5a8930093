//! Every ground of refusal is reachable: for each, a short history and a command that is refused on exactly that ground.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![expect(clippy::needless_pass_by_value, reason = "rows of a table are written as values")]

mod custody;
#[path = "../transfers/deal.rs"]
#[expect(dead_code, unused_imports, reason = "the stories of transfers use more of it")]
mod deal;
mod granular;
#[path = "../granular/office.rs"]
#[expect(dead_code, unused_imports, reason = "the stories of granular administration use more of it")]
mod office;
mod partner;
mod record;
mod relationship;
#[path = "../relationships/sample.rs"]
#[expect(dead_code, reason = "the tables of relationships use more of it")]
mod sample;
#[path = "../subscriptions/shop.rs"]
#[expect(unused_imports, reason = "the stories of subscriptions use more of it")]
mod shop;
#[path = "../relationships/story.rs"]
#[expect(dead_code, reason = "the stories of relationships use more of it")]
mod story;
mod subscription;
mod transfer;

use std::collections::BTreeSet;

use ofrecord_core::{Actor, Outcome, Refusal, ground};
use serde_json::Value;

use crate::story::Story;

/// Grounds that the ledger's writer refuses on before any rule is asked; its own tests meet them.
const DECIDED_BY_THE_WRITER: [(&str, &str); 3] =
    [("L-2", "wrong_expected_version"), ("L-3", "request_id_reused"), ("L-19", "command_redacted")];

/// Given a history, what somebody asks for at an instant is refused under a rule with a code.
struct Row {
    because: (&'static str, &'static str),
    given: Story,
    at: &'static str,
    actor: Actor,
    customer: Option<&'static str>,
    asked: Value,
}

/// Rows of a table, all at one instant.
struct Rows {
    at: &'static str,
    rows: Vec<Row>,
}

impl Rows {
    fn at(at: &'static str) -> Self {
        Self { at, rows: Vec::new() }
    }

    /// Adds a row at the instant of the table.
    fn row(
        &mut self,
        because: (&'static str, &'static str),
        given: Story,
        (actor, customer, asked): (Actor, Option<&'static str>, Value),
    ) {
        self.rows.push(Row { because, given, at: self.at, actor, customer, asked });
    }

    /// Adds a row at another instant.
    fn row_at(
        &mut self,
        at: &'static str,
        because: (&'static str, &'static str),
        given: Story,
        (actor, customer, asked): (Actor, Option<&'static str>, Value),
    ) {
        self.rows.push(Row { because, given, at, actor, customer, asked });
    }
}

#[test]
fn every_ground_is_reached_by_a_row_and_no_row_misses_its_ground() {
    let tables = [
        partner::rows(),
        relationship::rows(),
        granular::rows(),
        subscription::rows(),
        transfer::rows(),
        record::rows(),
        custody::rows(),
    ];
    let mut reached: BTreeSet<(&str, &str)> = DECIDED_BY_THE_WRITER.into();
    for Row { because, mut given, at, actor, customer, asked } in tables.into_iter().flatten() {
        let Outcome::Refused(refusal) = given.at(at, &actor, customer, asked.clone()) else {
            panic!("{asked} is accepted instead of refused on {because:?}");
        };
        assert_eq!((refusal.rule.as_ref(), refusal.code.as_ref()), because, "{asked}: {refusal:?}");
        let ground = ground::all().find(|ground| (ground.rule, ground.code) == because).expect("a ground on the list");
        let plain = Refusal { details: Default::default(), ..refusal };
        assert_eq!(plain, Refusal::because(ground), "the refusal says what its ground says");
        reached.insert(because);
    }
    let unreached: Vec<_> =
        ground::all().map(|ground| (ground.rule, ground.code)).filter(|one| !reached.contains(one)).collect();
    assert_eq!(unreached, [], "grounds without a row");
}
