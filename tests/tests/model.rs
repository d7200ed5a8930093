//! The reference model against the whole ledger: random histories submitted, then asked back through the views.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::vocabulary::SubscriptionStatus;
use ofrecord_core::{CustomerId, Outcome, PartnerTenantId, SubscriptionId};
use ofrecord_ledger::{KnownAt, ReceiptOutcome};
use ofrecord_log::MemoryLog;
use ofrecord_testkit::generator::{Range, cloud_of};
use ofrecord_testkit::model::{Coverage, SubscriptionPicture};
use ofrecord_testkit::random::seeds;
use ofrecord_testkit::story::instant;
use ofrecord_testkit::{Generator, Model, Random, Running, picture};
use ofrecord_views::{
    AccessRow, Coverage as Shown, CustomerRecord, Mechanism, OfRecord, SubscriptionRow, Viewpoint, access, resellers,
    subscriptions,
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
    let known = record.history().state_at(as_of, known_below).access.granular;
    let granular = picture::granular(&known, as_of, viewpoint.policy);
    assert_eq!(granular, model.granular(customer, as_of, known_below), "{place}");
}

/// Granular relationships change at instants of their own, so those are asked about too.
fn ask_around_the_turns(running: &Running, model: &Model, customer: CustomerId) {
    let Ok((record, snapshot)) = running.record(customer, KnownAt::Now) else { return };
    let reader = running.reader();
    for turn in model.turns(customer) {
        for as_of in [-1, 0, 1].map(|seconds| turn.plus_seconds(seconds)) {
            let viewpoint = reader.viewpoint(&snapshot, as_of);
            let known = record.history().state_at(as_of, u64::MAX).access.granular;
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
    let state = record.history().state_at(as_of, known_below);
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
