//! Random histories and random commands: deciding never fails, refusals are listed, and nobody touches what another owns (S-3, S-5).

use std::collections::BTreeMap;

use ofrecord_core::vocabulary::SubscriptionStatus;
use ofrecord_core::{Actor, ActorKind, Cloud, Customer, Event, Outcome, PartnerTenantId, Role, SubscriptionId};
use serde_json::{Value, json};

use crate::shop::{C, I, IR, P, Q, S1, S2, S3, admin, agent, app, at, of_kind, on, product, purchase, shop, with};
use crate::story::Story;

/// A small generator of numbers; the same seed gives the same story.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from.get(self.roll(from.len())).unwrap().clone()
    }
}

const INSTANTS: &[&str] = &[
    "0001-01-01T00:00:00Z",
    "2018-01-05T00:00:00Z",
    "2024-02-29T23:59:59.9999999Z",
    "2024-03-01T00:00:00Z",
    "2024-03-05T00:00:00Z",
    "2024-03-08T00:00:01Z",
    "2024-06-01T00:00:00Z",
    "2025-02-28T23:59:59Z",
    "2025-03-01T00:00:00Z",
    "2025-04-15T00:00:00Z",
    "9999-12-31T23:59:59.9999999Z",
];
const FAMILIES: &[&str] = &[
    "legacy_license",
    "legacy_azure",
    "new_commerce_license",
    "azure_plan",
    "azure_reservation",
    "perpetual_software",
    "software_subscription",
    "marketplace_saas",
    "hardware",
];
const QUANTITIES: &[u64] = &[0, 1, 2, 9, 10, 11, 1 << 52, u64::MAX];
const TERMS: &[&str] = &["P1M", "P1Y", "P3Y", "none", "P9Y"];
const CYCLES: &[&str] = &["monthly", "annual", "triennial", "none", "weekly"];
const STATUSES: &[&str] = &["none", "active", "suspended", "deleted", "expired", "pending", "disabled", "on_holiday"];

fn any_product(dice: &mut Dice) -> Value {
    let id = dice.pick(&["product-1", "product-2"]);
    let family = dice.pick(FAMILIES);
    let limits = dice.pick(&[json!({}), json!({"quantity_min": 2, "quantity_max": 20, "markets": ["CN"]})]);
    with(product(id, family), limits)
}

fn any_event(dice: &mut Dice) -> Value {
    let subscription = dice.pick(&[S1, S2, S3]);
    let name = dice.pick(&[
        "SubscriptionPurchased",
        "SubscriptionPurchased",
        "SubscriptionObserved",
        "SubscriptionSeatsChanged",
        "SubscriptionSuspended",
        "SubscriptionReactivated",
        "SubscriptionCancelled",
        "SubscriptionRenewed",
        "SubscriptionConverted",
        "SubscriptionOperationPending",
        "SubscriptionNextTermScheduled",
        "SubscriptionDeleted",
        "SubscriptionUpdateNotified",
        "ResellerOfRecordChanged",
    ]);
    let quantity = dice.pick(QUANTITIES);
    let (term, cycle, instant) = (dice.pick(TERMS), dice.pick(CYCLES), dice.pick(INSTANTS));
    let fields = match name {
        "SubscriptionPurchased" => with(
            purchase(subscription, dice.pick(FAMILIES)),
            json!({"owner": dice.pick(&[P, Q, I]), "quantity": quantity, "term": term, "billing_cycle": cycle,
                "commitment_end": dice.pick(&[json!(null), json!(instant)]), "product": any_product(dice),
                "trial": dice.pick(&["trial", "paid", "maybe"]), "auto_renew": dice.pick(&["on", "off", "maybe"]),
                "parent": dice.pick(&[json!(null), json!(S1), json!(S3)])}),
        ),
        "SubscriptionObserved" => json!({"status": dice.pick(STATUSES), "quantity": quantity,
            "commitment_end": dice.pick(&[json!(null), json!(instant)])}),
        "SubscriptionSeatsChanged" => {
            json!({"before": dice.pick(QUANTITIES), "after": quantity, "refundable_until": instant})
        }
        "SubscriptionSuspended" => json!({"reason": "fraud"}),
        "SubscriptionCancelled" => json!({"data_kept_until": instant}),
        "SubscriptionRenewed" => json!({"product": "product-2", "quantity": quantity, "term": term,
            "billing_cycle": cycle, "commitment_end": instant}),
        "SubscriptionConverted" => json!({"from_product": "product-1", "to_product": any_product(dice),
            "to_subscription": dice.pick(&[json!(null), json!(S2)]), "transition_type": "transition_only"}),
        "SubscriptionOperationPending" => json!({"operation": "upgrade"}),
        "SubscriptionNextTermScheduled" => json!({"cause": "requested", "next_term": {"product": "product-2",
            "quantity": quantity, "term": term, "billing_cycle": cycle}}),
        "ResellerOfRecordChanged" => json!({"after": "1000004"}),
        _ => json!({}),
    };
    on(name, subscription, fields)
}

fn any_command(dice: &mut Dice) -> Value {
    let mut commands = crate::seats::owners_commands();
    let (term, cycle, quantity) = (dice.pick(TERMS), dice.pick(CYCLES), dice.pick(QUANTITIES));
    let into = dice.pick(&[json!(null), json!(S1), json!(S2), json!(S3)]);
    let partner_id = dice.pick(&[json!(null), json!("1000003"), json!("1000004"), json!("9")]);
    let next = json!({"product": "product-1", "quantity": quantity, "term": term, "billing_cycle": cycle});
    let line = json!({"subscription": dice.pick(&[S1, S2, S3]), "product": any_product(dice), "quantity": quantity,
        "term": term, "billing_cycle": cycle, "parent": into, "partner_id_on_record": partner_id});
    commands.extend([
        on("AddSeats", S1, json!({"seats": quantity})),
        on("RemoveSeats", S1, json!({"seats": quantity})),
        on("ChangeTerm", S1, json!({"term": term})),
        on("ChangeBillingCycle", S1, json!({"billing_cycle": cycle, "through": "order_update"})),
        on("ScheduleNextTerm", S1, json!({"next_term": next})),
        on("ReplaceSubscription", S1, json!({"quantity": quantity, "auto_renew": "on", "next_term": next})),
        on(
            "ConvertSubscription",
            S1,
            json!({"to_product": any_product(dice), "to_subscription": into,
            "transition_type": "transition_only"}),
        ),
        on(
            "ConvertTrial",
            S1,
            json!({"to_product": any_product(dice), "quantity": quantity, "term": term,
            "billing_cycle": cycle}),
        ),
        on("ChangeResellerOfRecord", S1, json!({"partner_id": partner_id})),
        on("SetDpor", S1, json!({"partner_id": partner_id})),
        on("SetPal", S1, json!({"partner_id": partner_id})),
        on("SetSupportContact", S1, json!({"partner": dice.pick(&[P, IR])})),
    ]);
    let order = json!({"type": "PlaceOrder", "order": "order-2", "lines": [line]});
    let agreement = json!({"type": "ConfirmCustomerAgreement", "agreement_type": "MicrosoftCloudAgreement",
        "date_agreed": dice.pick(INSTANTS), "method": dice.pick(&["attested", "direct", "oral"])});
    let stated = any_event(dice);
    let observation = json!({"type": "RecordObservation", "events": [stated]});
    let correction = json!({"type": "CorrectEvent", "position": dice.roll(30), "reason": "wrong",
        "replacement": dice.pick(&[json!(null), stated]), "replacement_effective_at": dice.pick(INSTANTS)});
    let on_subscription = with(dice.pick(&commands), json!({"subscription": dice.pick(&[S1, S2, S3])}));
    dice.pick(&[on_subscription.clone(), on_subscription, order, agreement, observation, correction])
}

fn any_actor(dice: &mut Dice) -> Actor {
    let officer = Actor { role: Some(Role::ComplianceOfficer), ..of_kind(ActorKind::Operator) };
    dice.pick(&[
        agent(P),
        agent(Q),
        agent(Q),
        agent(I),
        agent(IR),
        app(Q),
        admin(C),
        officer,
        of_kind(ActorKind::Importer),
        of_kind(ActorKind::Microsoft),
        of_kind(ActorKind::System),
        of_kind(ActorKind::PartnerUser),
        of_kind(ActorKind::Unrecognised("ghost".into())),
    ])
}

fn owners(customer: &Customer) -> BTreeMap<SubscriptionId, PartnerTenantId> {
    let known = customer.subscriptions.by_id.iter();
    known.filter_map(|(id, subscription)| Some((*id, subscription.owner.as_ref()?.value))).collect()
}

/// What a partner's accepted command may touch: its own subscriptions, and for
/// a partner ID linked through a credential any.
fn assert_own(actor: &Actor, events: &[Event], before: &BTreeMap<SubscriptionId, PartnerTenantId>, seed: u64) {
    let Some(partner) = actor.partner() else { return };
    for event in events.iter().filter(|event| event.name() != "PartnerAdminLinked") {
        let Some(touched) = event.subscription() else { continue };
        let owner = before.get(&touched).copied();
        let bought = event.name() == "SubscriptionPurchased" && event.partner() == Some(partner) && owner.is_none();
        assert!(bought || owner == Some(partner), "seed {seed}: {partner} touched {event:?} of {owner:?}");
    }
}

fn one_story(seed: u64) -> (usize, usize) {
    let mut dice = Dice(seed);
    let cloud = dice.pick(&Cloud::ALL);
    let mut story: Story = shop(cloud);
    for _ in 0..dice.roll(12) {
        let instant = dice.pick(INSTANTS);
        story = story.told(instant, any_event(&mut dice));
    }
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..12 {
        let (instant, actor, asked) = (dice.pick(INSTANTS), any_actor(&mut dice), any_command(&mut dice));
        let as_of = story.customers.get(&C.parse().unwrap()).unwrap().state_at(at(instant), u64::MAX);
        match story.at(instant, &actor, Some(C), asked) {
            Outcome::Accepted(events) => {
                assert_own(&actor, &events, &owners(&as_of), seed);
                accepted += 1;
            }
            Outcome::Refused(refusal) => {
                assert!(!refusal.code.is_empty(), "seed {seed}");
                refused += 1;
            }
        }
        for subscription in story.customer().subscriptions.by_id.values() {
            for instant in INSTANTS {
                let found = subscription.status_at(at(instant), &story.policy);
                let recorded = subscription.terms.status.as_ref().map(|status| &status.value);
                let moved = found.rule.is_some() || recorded.unwrap_or(&SubscriptionStatus::None) == &found.status;
                assert!(moved, "seed {seed}: {found:?} without a rule");
            }
        }
    }
    (accepted, refused)
}

#[test]
fn deciding_is_total_and_touches_only_what_the_actor_owns() {
    let first: u64 = std::env::var("OFRECORD_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    println!("seeds {first} to {}; set OFRECORD_SEED to begin elsewhere", first + 399);
    let (mut accepted, mut refused) = (0, 0);
    for seed in first..first + 400 {
        let (more_accepted, more_refused) = one_story(seed);
        accepted += more_accepted;
        refused += more_refused;
    }
    assert!(accepted > 100 && refused > 1_000, "{accepted} accepted and {refused} refused show too little");
}
