//! What the generator draws comes to something: transfers take every step, and relationships are extended.

use std::collections::BTreeMap;

use ofrecord_core::{Event, Outcome, Policy};
use ofrecord_testkit::generator::{Range, cloud_of};
use ofrecord_testkit::random::seeds;
use ofrecord_testkit::{Desk, Generator};

#[test]
fn transfers_that_are_drawn_take_every_step() {
    let mut events: BTreeMap<&str, u64> = BTreeMap::new();
    for seed in seeds(1, 120) {
        let mut desk = Desk::new(Policy::current(cloud_of(seed)));
        let mut generator = Generator::over(seed, Range::Everything, 3, 6);
        for _ in 0..400 {
            let draft = generator.draft();
            if let Some(Outcome::Accepted(happened)) = desk.submit(&draft.request, draft.recorded_at) {
                happened.iter().for_each(|event| *events.entry(event.name()).or_default() += 1);
            }
        }
    }
    println!("{events:?}");
    let steps = Event::KINDS.iter().map(|(name, _)| *name).filter(|name| name.starts_with("SubscriptionTransfer"));
    let by_command = steps.filter(|name| !name.ends_with("Observed") && !name.ends_with("Expired"));
    for name in by_command.chain(["ResellerRelationshipExtended"]) {
        assert!(events.get(name).is_some_and(|count| *count > 0), "{name} in {events:?}");
    }
}
