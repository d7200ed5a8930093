//! The four lines: no relationship ever changes a subscription, an owner, a term or a partner of record (S-1 to S-14).

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::effect::{Column, may_change};
use ofrecord_core::event::Family;
use ofrecord_core::fold::State;
use ofrecord_core::{
    Actor, ActorKind, Cloud, Command, Customer, Event, EventRef, Fact, History, Outcome, Partner, Role, StreamId,
};
use serde_json::{Value, json};

use crate::sample::{GLOBAL, R1, READER, about_the_others, command_of, customer_of, event_of};
use crate::story::{
    C, I, IR, P, Q, S1, S2, Story, TODAY, Then::*, admin, agent, app, at, check, customer_id, event, of_kind, user,
};

/// Families of relationship events, as S-1 means them, and those that reach no subscription either.
const RELATIONSHIP_FAMILIES: &[Family] = &[
    Family::Relationship,
    Family::Removal,
    Family::Access,
    Family::Granular,
    Family::Invitation,
    Family::Partner,
    Family::Customer,
];
/// Families that make the subscription view.
const SUBSCRIPTION_FAMILIES: &[Family] = &[
    Family::Purchase,
    Family::Subscription,
    Family::Transfer,
    Family::TransferCompletion,
    Family::PartnerOfRecord,
    Family::SubscriptionObservation,
];

fn kinds(families: &[Family]) -> Vec<Event> {
    Event::KINDS
        .iter()
        .filter(|(_, family)| families.contains(family))
        .flat_map(|(kind, _)| {
            let sample = event_of(kind).unwrap_or_else(|| panic!("{kind} has no sample"));
            [event(about_the_others(&sample)), event(sample)]
        })
        .collect()
}

#[test]
fn every_event_has_a_sample_and_every_command_too() {
    for (kind, family) in Event::KINDS {
        let sample = event(event_of(kind).unwrap_or_else(|| panic!("{kind} has no sample")));
        assert_eq!((sample.name(), sample.family()), (*kind, *family));
    }
    for name in Command::NAMES {
        assert!(command_of(name).is_some(), "{name} has no sample");
    }
}

/// A column's content as text, of subscriptions only what is set.
fn content(customer: &Customer, column: Column) -> String {
    let known = || customer.subscriptions.by_id.iter();
    match column {
        Column::Resellers => format!("{:?}", customer.resellers),
        Column::Access => format!("{:?}", customer.access),
        Column::Owner => {
            format!("{:?}", known().filter_map(|(id, known)| Some((id, known.owner.as_ref()?))).collect::<Vec<_>>())
        }
        Column::Terms => format!("{:?}", known().map(|(id, known)| (id, &known.terms)).collect::<Vec<_>>()),
        Column::PartnersOfRecord => {
            format!("{:?}", known().map(|(id, known)| (id, &known.partners_of_record)).collect::<Vec<_>>())
        }
    }
}

/// Q sold S1 and has DAP and an Azure role; P is reseller, sold S2 and has an approved granular relationship.
fn lived_in() -> Story {
    let story = Story::in_china().with_partners().reseller(P).reseller(Q).dap(Q, json!({"names": ["Intune"]}));
    let approved = json!({"type": "GdapRelationshipObserved", "partner": P, "relationship": R1, "customer": C,
        "display_name": "Contoso", "roles": [GLOBAL, READER], "status": "approved", "duration": "P2Y"});
    story
        .sold(Q, S1, "legacy_license")
        .sold(P, S2, "new_commerce_license")
        .about_customer(
            C,
            json!({"type": "AzureRoleAssigned", "partner": Q,
                "assignment": {"scope": "/subscriptions/1", "role": "Owner"}}),
        )
        .about_partner(P, approved.clone())
        .about_customer(C, approved)
}

#[test]
fn every_event_changes_only_its_columns() {
    let before = lived_in().customer();
    for (kind, family) in Event::KINDS {
        let fact = Fact {
            at: EventRef { position: 1_000, index: 0 },
            effective_at: at("2018-06-01T00:00:00Z"),
            event: event(event_of(kind).unwrap()).into(),
            corrected_by: None,
        };
        let mut after = before.clone();
        after.apply(&fact);
        let changed: Vec<Column> =
            Column::ALL.into_iter().filter(|column| content(&before, *column) != content(&after, *column)).collect();
        let allowed = may_change(*family);
        assert!(changed.iter().all(|column| allowed.contains(column)), "{kind} changed {changed:?}");
        let seen =
            changed.is_empty() == allowed.is_empty() || matches!(*kind, "OrderPlaced" | "SubscriptionUpdateNotified");
        assert!(seen, "the sample of {kind} shows nothing: {changed:?}");
    }
}

#[test]
fn only_a_purchase_a_completed_transfer_or_a_source_says_who_owns_a_subscription() {
    for (kind, family) in Event::KINDS {
        let owns = may_change(*family).contains(&Column::Owner);
        let ways = ["SubscriptionPurchased", "SubscriptionTransferCompleted", "SubscriptionObserved"];
        assert_eq!(owns, ways.contains(kind), "{kind}");
    }
}

/// A small generator of numbers, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides.max(1)).unwrap()).unwrap()
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.roll(list.len())]
    }
}

fn random_facts(dice: &mut Dice, from: &[Event], count: usize, first_position: u64) -> Vec<Fact> {
    (first_position..)
        .take(count)
        .map(|position| Fact {
            at: EventRef { position, index: 0 },
            effective_at: at("2018-01-01T00:00:00Z").plus_days(i64::try_from(dice.roll(40)).unwrap()),
            event: dice.pick(from).clone().into(),
            corrected_by: None,
        })
        .collect()
}

fn shuffled(dice: &mut Dice, mut facts: Vec<Fact>) -> Vec<Fact> {
    for end in (1..facts.len()).rev() {
        let other = dice.roll(end + 1);
        facts.swap(end, other);
    }
    facts
}

fn fold(facts: &[Fact]) -> Customer {
    let mut history: History<Customer> = History::default();
    for fact in facts {
        history.push(fact.clone());
    }
    history.latest().clone()
}

#[test]
fn relationship_events_anywhere_leave_the_subscriptions_as_they_are() {
    let (sales, relationships) = (kinds(SUBSCRIPTION_FAMILIES), kinds(RELATIONSHIP_FAMILIES));
    for seed in 1..=200 {
        println!("seed {seed}");
        let mut dice = Dice(seed);
        let sold = random_facts(&mut dice, &sales, 25, 0);
        let related = random_facts(&mut dice, &relationships, 25, 100);
        let all = shuffled(&mut dice, sold.iter().chain(&related).cloned().collect());
        let (alone, together) = (fold(&sold), fold(&all));
        assert_eq!(alone.subscriptions, together.subscriptions, "seed {seed}");
        assert_eq!(fold(&related).resellers, together.resellers, "seed {seed}");
        assert_eq!(fold(&related).access, together.access, "seed {seed}");
        assert_eq!(alone.transfers, together.transfers, "seed {seed}");
    }
}

#[test]
fn relationship_events_alone_make_no_subscription() {
    let facts: Vec<Event> = kinds(RELATIONSHIP_FAMILIES);
    let mut dice = Dice(7);
    let customer = fold(&random_facts(&mut dice, &facts, 200, 0));
    assert!(customer.subscriptions.by_id.is_empty() && customer.transfers.is_empty());
    let sales = fold(&random_facts(&mut dice, &kinds(SUBSCRIPTION_FAMILIES), 200, 0));
    assert!(sales.resellers.relationships.is_empty() && sales.access.partners.is_empty());
}

/// Everybody who might ask, the unlikely included.
fn everybody() -> Vec<Actor> {
    let mut actors = vec![admin(C), user(P, Role::HelpdeskAgent), app(P), user(P, Role::ComplianceOfficer)];
    actors.extend([P, Q, I, IR].map(agent));
    let kinds = [
        ActorKind::Operator,
        ActorKind::Importer,
        ActorKind::Microsoft,
        ActorKind::System,
        ActorKind::PartnerUser,
        ActorKind::Unrecognised("robot".into()),
    ];
    actors.extend(kinds.map(of_kind));
    let mut officer = of_kind(ActorKind::Operator);
    officer.role = Some(Role::ComplianceOfficer);
    actors.push(officer);
    actors
}

#[test]
fn no_command_moves_a_subscription_by_a_relationship_and_none_panics() {
    let (actors, likely) = (everybody(), [admin(C), agent(P), agent(Q)]);
    let mut names_accepted: BTreeSet<&str> = BTreeSet::new();
    for seed in 1..=120 {
        println!("seed {seed}");
        let mut dice = Dice(seed * 7_919);
        let cloud = *dice.pick(&Cloud::ALL);
        let mut story = lived_in();
        story.policy = ofrecord_core::Policy::current(cloud);
        story = story.with_partnership().link(P).link(Q).joint_link();
        for step in 0..240_i64 {
            let name = *dice.pick(Command::NAMES);
            let mut asked = command_of(name).unwrap();
            if dice.roll(3) == 0 {
                asked = about_the_others(&asked);
            }
            let customer = if dice.roll(20) == 0 { None } else { customer_of(name) };
            let instant = at(TODAY).plus_days(step).to_string();
            let before = story.customer();
            let actor = if dice.roll(2) == 0 { dice.pick(&likely) } else { dice.pick(&actors) };
            let outcome = story.at(&instant, actor, customer, asked);
            let after = story.customer();
            let Outcome::Accepted(events) = outcome else {
                assert_eq!(before, after, "seed {seed}: a refused {name} changed something");
                continue;
            };
            names_accepted.insert(name);
            let allowed: Vec<Column> =
                events.iter().flat_map(|event| may_change(event.family()).iter().copied()).collect();
            if name == "CorrectEvent" {
                continue;
            }
            for column in Column::ALL.into_iter().filter(|column| !allowed.contains(column)) {
                assert_eq!(content(&before, column), content(&after, column), "seed {seed}: {name}, {column:?}");
            }
        }
    }
    for name in [
        "RequestResellerRelationship",
        "AcceptResellerRelationship",
        "GrantDap",
        "RemoveDap",
        "RemoveResellerRelationship",
        "RemovePartnership",
        "ActivateGdap",
        "CreateAccessAssignment",
        "TerminateGdap",
    ] {
        assert!(names_accepted.contains(name), "{name} was never accepted, so nothing was shown of it");
    }
}

fn carrying(field: &str) -> Value {
    let mut command = json!({"type": "AcceptResellerRelationship", "partner": P});
    command[field] = json!("anything");
    command
}

#[test]
fn a_relationship_command_cannot_carry_a_subscription() {
    let given = || Story::in_china().with_partners().link(P);
    let refused = Refused("S-2", "relationship_command_cannot_change_subscription");
    for field in ["quantity", "status", "auto_renew", "subscription", "term_end"] {
        check(given(), (admin(C), Some(C), carrying(field)), &refused);
    }
    let mut remove = json!({"type": "RemovePartnership", "provider": I, "reseller": IR});
    remove["seats"] = json!(3);
    check(given(), (agent(I), None, remove), &refused);
}

#[test]
fn account_ownership_is_nothing_a_relationship_carries() {
    let given = || Story::in_china().with_partners().link(P);
    for field in ["account_owner", "tenant_owner", "customer_global_admins"] {
        check(given(), (admin(C), Some(C), carrying(field)), &Refused("S-7", "account_ownership_not_in_scope"));
    }
}

#[test]
fn a_partner_of_record_is_nothing_a_relationship_carries() {
    let given = || Story::in_china().with_partners().link(P);
    let refused = Refused("S-11", "partner_of_record_not_changed_by_relationship");
    for field in ["partner_of_record", "dpor", "partner_id_on_record"] {
        check(given(), (admin(C), Some(C), carrying(field)), &refused);
    }
}

#[test]
fn partner_states_depend_on_nothing_about_customers() {
    let families =
        [Family::Relationship, Family::Removal, Family::Access, Family::Purchase, Family::Subscription, Family::Ledger];
    let mut history: History<Partner> = History::default();
    for (position, event) in (0_u64..).zip(kinds(&families)) {
        history.push(Fact {
            at: EventRef { position, index: 0 },
            effective_at: at(TODAY),
            event: event.into(),
            corrected_by: None,
        });
    }
    assert_eq!(*history.latest(), Partner::default());
}

#[test]
fn an_event_reaches_only_the_customer_it_is_about() {
    let other = StreamId::Customer(customer_id("c0000000-0000-0000-0000-000000000002"));
    let before: BTreeMap<&str, Customer> = [("c", lived_in().customer())].into();
    let mut story = lived_in();
    for (kind, _) in Event::KINDS {
        story = story.on(TODAY, other, event_of(kind).unwrap());
    }
    assert_eq!(before["c"], story.customer());
}
