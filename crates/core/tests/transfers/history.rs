//! Facts on transfers in any order of arrival, and random histories and commands (rules L-4, S-5).

use std::collections::BTreeMap;

use ofrecord_core::precedence::grounds_of;
use ofrecord_core::vocabulary::LineStatus;
use ofrecord_core::{Actor, Customer, EventRef, Fact, History, Outcome};
use serde_json::{Value, json};

use crate::deal::*;
use crate::story::event;

/// A small generator of numbers; the same seed gives the same story.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())].clone()
    }
}

/// The whole life of a transfer, with what was sold before and changed after.
fn life() -> Vec<(&'static str, Value)> {
    vec![
        (BOUGHT, with(purchase(S1, "legacy_license"), json!({}))),
        (BOUGHT, with(purchase(S2, "legacy_azure"), json!({"entitlement": S3}))),
        (
            ASKED,
            json!({"type": "SubscriptionTransferRequested", "transfer": T1, "family": "legacy_license",
            "source": Q, "target": P, "initiated_by": Q,
            "lines": [{"subscription": S1, "quantity": 10}, {"subscription": S2, "quantity": 10}]}),
        ),
        (ANSWERED, json!({"type": "SubscriptionTransferAccepted", "transfer": T1})),
        (
            DONE,
            json!({"type": "SubscriptionTransferCompleted", "transfer": T1, "source": Q, "target": P,
            "items": [{"source_subscription": S1, "new_subscription": NEW1},
                {"source_subscription": S2, "new_subscription": NEW2}],
            "billing_split_date": "2024-06-12", "outcome": "complete"}),
        ),
        (AFTER, json!({"type": "SubscriptionSeatsChanged", "subscription": NEW1, "before": 10, "after": 12})),
        (AFTER, json!({"type": "SubscriptionTransferObserved", "transfer": T1, "status": "Complete"})),
    ]
}

fn fold(facts: &[Fact]) -> Customer {
    let mut history: History<Customer> = History::default();
    facts.iter().for_each(|fact| history.push(fact.clone()));
    history.latest().clone()
}

#[test]
fn folding_a_transfer_in_any_order_of_arrival_ends_in_the_same_state() {
    let facts: Vec<Fact> = (0_u64..)
        .zip(life())
        .map(|(position, (instant, value))| Fact {
            at: EventRef { position, index: 0 },
            effective_at: at(instant),
            event: event(value).into(),
            corrected_by: None,
        })
        .collect();
    let expected = fold(&facts);
    assert_eq!(expected.subscriptions.by_id[&id(NEW1)].terms.quantity.as_ref().unwrap().value, 12);
    assert_eq!(expected.subscriptions.by_id[&id(NEW2)].terms.entitlement.as_ref().unwrap().value, id(S3));
    for seed in 1..=300 {
        println!("seed {seed}");
        let mut dice = Dice(seed);
        let mut shuffled = facts.clone();
        for end in (1..shuffled.len()).rev() {
            shuffled.swap(end, dice.roll(end + 1));
        }
        assert_eq!(fold(&shuffled), expected, "seed {seed}");
    }
}

#[test]
fn a_purchase_learned_after_the_transfer_gives_the_new_id_its_terms() {
    let told = |story: Story, step: (&str, Value)| story.told(step.0, step.1);
    let early = life().into_iter().fold(nothing_sold(), told);
    let late = life().into_iter().rev().fold(nothing_sold(), told);
    let terms = |story: &Story| {
        let terms = story.subscription(NEW1).terms;
        (terms.product.unwrap().value, terms.commitment_end.unwrap().value, terms.quantity.unwrap().value)
    };
    assert_eq!(terms(&early), terms(&late));
}

/// Anything that might be asked for.
fn any_request(dice: &mut Dice) -> Value {
    let line = |dice: &mut Dice| {
        json!({"subscription": dice.pick(&[S1, S2, S3, NEW1]),
            "partner_id_on_record": dice.pick(&[json!(null), json!(null), json!("1000004"), json!("9")]),
            "eligibility": dice.pick(&[json!(null), json!("eligible"), json!("not_eligible")])})
    };
    let lines: Vec<Value> = (0..dice.roll(3)).map(|_| line(dice)).collect();
    json!({"type": "RequestTransfer", "transfer": dice.pick(&[T1, T2]),
        "family": dice.pick(&["legacy_license", "new_commerce", "azure_plan", "manual_legacy_azure", "barter"]),
        "source": dice.pick(&[P, Q, I]), "target": dice.pick(&[P, Q, I]), "lines": lines,
        "partner_id_on_record": dice.pick(&[json!(null), json!("1000004")]),
        "signatures": dice.pick(&[json!([]), manual_request()["signatures"].clone()])})
}

/// A request that often fits: of one subscription of its owner, by who may ask.
fn fitting_request(dice: &mut Dice, story: &Story) -> (Actor, Value) {
    let subscription = dice.pick(&[S1, S2, S3]);
    let source = story.owner_of(subscription).unwrap();
    let target = dice.pick(&[P, Q]);
    let family = story.subscription(subscription).terms.product.unwrap().value.family;
    let (asking, family) =
        if family.is_new_commerce() { (target, "new_commerce") } else { (&*source, "legacy_license") };
    let asked = json!({"type": "RequestTransfer", "transfer": dice.pick(&[T1, T2]), "family": family,
        "source": source, "target": target, "lines": [{"subscription": subscription}]});
    (agent(asking), asked)
}

/// An outcome for every open line of a transfer.
fn fitting_outcome(dice: &mut Dice, story: &Story) -> Value {
    let customer = story.customer();
    let lines = customer.transfers.get(&transfer_id(T1)).into_iter().flat_map(|transfer| &transfer.lines);
    let open = lines.filter(|(_, line)| line.status.value == LineStatus::Open);
    let outcomes = open.map(|(id, _)| match dice.roll(4) {
        0 => failed(&id.to_string()),
        1 => moved(&id.to_string()),
        _ => moved_to(&id.to_string(), &id.to_string().replacen('5', "6", 1)),
    });
    complete(Value::Array(outcomes.collect()))
}

fn any_command(dice: &mut Dice, story: &Story) -> (Actor, Value) {
    let actor = dice.pick(&[agent(P), agent(Q), agent(Q), agent(I), microsoft(), admin(C)]);
    let transfer = json!({"transfer": dice.pick(&[T1, T1, T2])});
    let subscription = dice.pick(&[S1, S2, S3]);
    let asked = match dice.roll(12) {
        0 => return (actor, any_request(dice)),
        1 | 2 => return fitting_request(dice, story),
        3 | 4 => accept(&[]),
        5 => accept(&[subscription]),
        6 => reject(),
        7 => withdraw(),
        8 => complete(json!([moved_to(subscription, NEW1), failed(S2)])),
        _ => return (microsoft(), fitting_outcome(dice, story)),
    };
    (actor, with(asked, transfer))
}

fn any_story(dice: &mut Dice) -> Story {
    let families =
        ["legacy_license", "legacy_azure", "new_commerce_license", "azure_plan", "azure_reservation", "hardware"];
    let mut story = nothing_sold();
    for subscription in [S1, S2, S3] {
        let owner = dice.pick(&[P, Q, Q, I]);
        let bought = with(
            purchase(subscription, dice.pick(&families)),
            json!({"owner": owner,
            "parent": dice.pick(&[json!(null), json!(S1)])}),
        );
        story = story.told(BOUGHT, bought);
    }
    story
}

#[test]
fn deciding_on_transfers_never_fails_and_only_completions_move_anything() {
    let mut accepted: BTreeMap<String, u32> = BTreeMap::new();
    let mut grounds: BTreeMap<String, u32> = BTreeMap::new();
    for seed in 1..=600 {
        println!("seed {seed}");
        let mut dice = Dice(seed);
        let mut story = any_story(&mut dice);
        for hours in 0..40_i64 {
            let (actor, asked) = any_command(&mut dice, &story);
            let name = asked["type"].as_str().unwrap().to_owned();
            let before = story.customer();
            let instant = at(ASKED).plus_hours(hours).to_string();
            match story.at(&instant, &actor, Some(C), asked) {
                Outcome::Accepted(_) => *accepted.entry(name.clone()).or_default() += 1,
                Outcome::Refused(refusal) => {
                    assert_eq!(before, story.customer(), "seed {seed}: a refused {name} changed something");
                    *grounds.entry(refusal.code.to_string()).or_default() += 1;
                    continue;
                }
            }
            let after = story.customer();
            assert_eq!((&before.resellers, &before.access), (&after.resellers, &after.access), "seed {seed}: {name}");
            if name != "CompleteTransfer" {
                assert_eq!(before.subscriptions, after.subscriptions, "seed {seed}: {name}");
            }
        }
    }
    for name in ["RequestTransfer", "AcceptTransfer", "RejectTransfer", "WithdrawTransfer", "CompleteTransfer"] {
        assert!(accepted.get(name).is_some_and(|count| *count > 20), "{name} in {accepted:?}");
        assert!(!grounds_of(name).is_empty());
    }
    assert!(grounds.len() > 18, "{grounds:?} shows too little");
}
