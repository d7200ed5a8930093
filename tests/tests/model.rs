//! The reference model against the whole ledger: random histories submitted, then asked back through the views.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::vocabulary::{LineStatus, SubscriptionStatus};
use ofrecord_core::{
    AccessAssignmentId, CustomerId, GdapRelationshipId, Outcome, PartnerTenantId, RoleId, SubscriptionId, TransferId,
    UserName,
};
use ofrecord_ledger::{KnownAt, ReceiptOutcome};
use ofrecord_log::MemoryLog;
use ofrecord_testkit::generator::{Range, cloud_of};
use ofrecord_testkit::model::{Coverage, SubscriptionPicture, TransferPicture};
use ofrecord_testkit::random::seeds;
use ofrecord_testkit::story::instant;
use ofrecord_testkit::{Generator, Model, Random, Running, picture};
use ofrecord_views::{
    AccessRow, Coverage as Shown, CustomerRecord, Mechanism, OfRecord, SubscriptionRow, TransferRow, UserAccessRow,
    Viewpoint, access, resellers, subscriptions, transfers, user_access,
};

const HISTORIES: u64 = 24;
const COMMANDS: usize = 300;
const QUESTIONS: usize = 20;

fn shown_resellers(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> BTreeMap<PartnerTenantId, u32> {
    resellers(record, viewpoint).into_iter().map(|row| (row.partner, row.generation)).collect()
}

fn shown_access(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> BTreeMap<PartnerTenantId, BTreeSet<Coverage>> {
    let mut found: BTreeMap<PartnerTenantId, BTreeSet<Coverage>> = BTreeMap::new();
    let by_dap = |row: &AccessRow| row.mechanism == Mechanism::Dap;
    for row in access(record, viewpoint).into_iter().filter(by_dap) {
        let coverage = match row.coverage {
            Shown::Tenant => Coverage::Tenant,
            Shown::Service(name) => Coverage::Service(name),
            Shown::Scope(_) => continue,
        };
        found.entry(row.partner).or_default().insert(coverage);
    }
    for coverage in found.values_mut().filter(|coverage| coverage.contains(&Coverage::Tenant)) {
        *coverage = [Coverage::Tenant].into();
    }
    found
}

fn shown_subscriptions(
    record: &CustomerRecord,
    viewpoint: &Viewpoint<'_>,
) -> BTreeMap<SubscriptionId, SubscriptionPicture> {
    let who = |of_record: &OfRecord| match of_record {
        OfRecord::NotSaid | OfRecord::Nobody => None,
        OfRecord::Partner(id) => Some(id.clone()),
    };
    let picture = |row: SubscriptionRow| SubscriptionPicture {
        owner: row.owner,
        status: (row.status != SubscriptionStatus::None).then_some(row.status),
        quantity: row.quantity,
        reseller_of_record: who(&row.partner_of_record.reseller_of_record),
        dpor: who(&row.partner_of_record.dpor),
        pal: who(&row.partner_of_record.pal),
    };
    subscriptions(record, viewpoint).into_iter().map(|row| (row.subscription, picture(row))).collect()
}

fn shown_transfers(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> BTreeMap<TransferId, TransferPicture> {
    let picture = |row: TransferRow| {
        let open = row.lines.iter().filter(|line| line.outcome == LineStatus::Open).map(|line| line.subscription);
        let (open, source, target) = (open.collect(), row.source?, row.target?);
        Some((row.transfer, TransferPicture { status: row.status?, source, target, open }))
    };
    transfers(record, viewpoint).into_iter().filter_map(picture).collect()
}

/// A partner, its relationship with the customer, and an assignment of it.
type Assigned = (PartnerTenantId, GdapRelationshipId, AccessAssignmentId);

/// The roles that assignments in force give.
fn shown_given(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> BTreeMap<Assigned, BTreeSet<RoleId>> {
    let given = |row: AccessRow| {
        let granular = row.granular?;
        Some(((row.partner, granular.key.relationship, granular.key.assignment), granular.roles?))
    };
    access(record, viewpoint).into_iter().filter_map(given).collect()
}

fn expected_given(
    model: &Model,
    customer: CustomerId,
    viewpoint: &Viewpoint<'_>,
) -> BTreeMap<Assigned, BTreeSet<RoleId>> {
    let mut given = BTreeMap::new();
    for ((partner, relationship), picture) in model.granular(customer, viewpoint.as_of, viewpoint.known_below) {
        for (assignment, picture) in picture.assignments {
            if !picture.gives.is_empty() {
                given.insert((partner, relationship.clone(), assignment), picture.gives);
            }
        }
    }
    given
}

/// Who has the roles of which assignment.
fn shown_users(rows: &[UserAccessRow]) -> BTreeSet<(Assigned, UserName)> {
    let named = |row: &UserAccessRow| {
        let (granular, user) = (row.granular.clone()?, row.user.clone()?);
        granular.roles?;
        Some(((row.partner, granular.key.relationship, granular.key.assignment), user))
    };
    rows.iter().filter_map(named).collect()
}

fn expected_users(model: &Model, customer: CustomerId, viewpoint: &Viewpoint<'_>) -> BTreeSet<(Assigned, UserName)> {
    let (as_of, known_below) = (viewpoint.as_of, viewpoint.known_below);
    let granular = model.granular(customer, as_of, known_below);
    let mut found = BTreeSet::new();
    for (assigned, _) in expected_given(model, customer, viewpoint) {
        let (partner, relationship, assignment) = assigned.clone();
        let group =
            granular.get(&(partner, relationship)).and_then(|known| known.assignments.get(&assignment)).unwrap().group;
        let groups = model.members(partner, as_of, known_below);
        let users = group.and_then(|group| groups.get(&group)).into_iter().flatten();
        found.extend(users.map(|user| (assigned.clone(), user.clone())));
    }
    found
}

/// Tells both a history; the first disagreement about an outcome ends it.
fn told(seed: u64, generator: &mut Generator) -> (Running, Model) {
    let cloud = cloud_of(seed);
    let running = Running::over(Box::new(MemoryLog::new("ofrecord.test/model")), cloud).unwrap();
    let mut model = Model::new(cloud);
    for _ in 0..COMMANDS {
        let draft = generator.draft();
        let judgement = model.judge(&draft.request, draft.recorded_at);
        let Ok(receipt) = running.hear_draft(&draft) else { continue };
        let (position, outcome) = match receipt.outcome {
            ReceiptOutcome::Accepted { recorded, .. } => (recorded.position, Outcome::Accepted(Vec::new())),
            ReceiptOutcome::Refused { recorded, refusal } => (recorded.position, Outcome::Refused(refusal)),
            ReceiptOutcome::Repeated { .. } | ReceiptOutcome::Conflict { .. } => continue,
        };
        let command = draft.request.command.command();
        assert_eq!(judgement.disagreement(&outcome), None, "seed {seed} position {position}: {command:?}");
        if matches!(outcome, Outcome::Accepted(_)) {
            model.take(&draft.request, draft.recorded_at, position);
        }
    }
    (running, model)
}

fn ask(running: &Running, model: &Model, customer: CustomerId, random: &mut Random, days: u64) {
    let reader = running.reader();
    let size = reader.log().tree_size();
    let known_below = if random.percent(50) { size } else { random.below(size + 1) };
    let as_of = instant("2022-01-01").plus_seconds(i64::try_from(random.below(days * 86_400)).unwrap());
    let Ok((record, snapshot)) = running.record(customer, KnownAt::TreeSize(known_below)) else { return };
    let viewpoint = reader.viewpoint(&snapshot, as_of);
    let place = format!("{customer} as of {as_of} below {known_below}");
    assert_eq!(shown_resellers(&record, &viewpoint), model.resellers(customer, as_of, known_below), "{place}");
    assert_eq!(shown_access(&record, &viewpoint), model.access(customer, as_of, known_below), "{place}");
    assert_eq!(shown_subscriptions(&record, &viewpoint), model.subscriptions(customer, as_of, known_below), "{place}");
    let known = record.state_at(as_of, known_below).access.granular;
    let granular = picture::granular(&known, as_of, viewpoint.policy);
    assert_eq!(granular, model.granular(customer, as_of, known_below), "{place}");
    assert_eq!(shown_transfers(&record, &viewpoint), model.transfers(customer, as_of, known_below), "{place}");
    assert_eq!(shown_given(&record, &viewpoint), expected_given(model, customer, &viewpoint), "{place}");
    let partners = reader.partners_of(&record, &snapshot, &viewpoint).unwrap();
    let users = user_access(&record, &partners, &viewpoint);
    assert_eq!(shown_users(&users), expected_users(model, customer, &viewpoint), "{place}");
    let granted: BTreeSet<_> = shown_users(&users).into_iter().map(|((partner, ..), user)| (partner, user)).collect();
    let by_dap = users.iter().filter(|row| row.mechanism == Mechanism::Dap);
    for (partner, user) in by_dap.filter_map(|row| Some((row.partner, row.user.clone()?))) {
        assert!(!granted.contains(&(partner, user)), "{place}: {partner} has a user with both");
    }
}

/// Granular relationships change at instants of their own, so those are asked about too.
fn ask_around_the_turns(running: &Running, model: &Model, customer: CustomerId) {
    let Ok((record, snapshot)) = running.record(customer, KnownAt::Now) else { return };
    let reader = running.reader();
    for turn in model.turns(customer) {
        for as_of in [-1, 0, 1].map(|seconds| turn.plus_seconds(seconds)) {
            let viewpoint = reader.viewpoint(&snapshot, as_of);
            let known = record.state_at(as_of, u64::MAX).access.granular;
            let granular = picture::granular(&known, as_of, viewpoint.policy);
            assert_eq!(granular, model.granular(customer, as_of, u64::MAX), "{customer} as of {as_of}");
        }
    }
}

/// What a partner's own stream says of who is in its groups.
fn ask_partner(running: &Running, model: &Model, partner: PartnerTenantId, random: &mut Random, days: u64) {
    let reader = running.reader();
    let size = reader.log().tree_size();
    let known_below = random.below(size + 1);
    let as_of = instant("2022-01-01").plus_seconds(i64::try_from(random.below(days * 86_400)).unwrap());
    let snapshot = reader.snapshot(KnownAt::TreeSize(known_below)).unwrap();
    let Ok(record) = reader.partner(partner, &snapshot) else { return };
    let state = record.state_at(as_of, known_below);
    let place = format!("{partner} as of {as_of} below {known_below}");
    assert_eq!(picture::members(&state), model.members(partner, as_of, known_below), "{place}");
}

#[test]
fn the_ledger_answers_as_the_model_does_at_random_instants() {
    for seed in seeds(5_000, HISTORIES) {
        println!("seed {seed} {:?}", cloud_of(seed));
        let mut generator = Generator::over(seed, Range::Modelled, 3, 6);
        let (running, model) = told(seed, &mut generator);
        let days = u64::try_from(generator.now().days_since(instant("2022-01-01"))).unwrap() + 200;
        let mut random = Random::new(seed);
        for _ in 0..QUESTIONS {
            let customer = *random.one_of(generator.customers());
            ask(&running, &model, customer, &mut random, days);
            let partner = *random.one_of(generator.partners());
            ask_partner(&running, &model, partner, &mut random, days);
        }
        for customer in generator.customers() {
            ask_around_the_turns(&running, &model, *customer);
        }
    }
}
