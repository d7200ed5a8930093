//! How many sources a fact has, and whether they agree.

use ofrecord_core::Event;
use ofrecord_core::event::ledger::EvidenceAdded;
use ofrecord_core::event::subscription::SubscriptionObserved;
use ofrecord_core::evidence::SourceSystem;

use super::{Agreement, sources_of_facts};
use crate::laws::nothing_shown;
use crate::story::{Story, accepted, bought, china, purchase, q, seen_at};

const AUDIT: SourceSystem = SourceSystem::PartnerCenterAudit;
const WEBHOOK: SourceSystem = SourceSystem::PartnerCenterWebhook;
const REST: SourceSystem = SourceSystem::PartnerCenterRest;

fn agreements(story: &Story) -> Vec<Agreement> {
    let policy = china();
    sources_of_facts(&story.record(), &seen_at("2024-12-01", &policy)).iter().map(|fact| fact.agreement).collect()
}

#[test]
fn a_fact_has_no_source_one_or_two_that_agree() {
    let here = Story::new().on("2024-01-01", [accepted(q())]);
    assert_eq!(agreements(&here), [Agreement::DecidedHere]);
    let told = Story::new().told("2024-01-01", AUDIT, [accepted(q())]);
    assert_eq!(agreements(&told), [Agreement::OneSource]);
    let second = Event::EvidenceAdded(EvidenceAdded { position: told.last(), event_index: 0 });
    assert_eq!(agreements(&told.clone().told("2024-01-02", AUDIT, [second.clone()])), [Agreement::OneSource]);
    let policy = china();
    let both = told.told("2024-01-02", WEBHOOK, [second]);
    let fact = sources_of_facts(&both.record(), &seen_at("2024-12-01", &policy)).remove(0);
    assert_eq!((fact.agreement, fact.sources), (Agreement::SourcesAgree, [AUDIT, WEBHOOK].into()));
    assert_eq!(fact.positions, [both.entries[0].position, both.entries[1].position]);
}

#[test]
fn both_sides_of_a_conflict_are_marked() {
    let shown = |quantity: u64| {
        let shown = SubscriptionObserved { quantity: Some(quantity), ..nothing_shown(1) };
        Story::new()
            .told("2024-01-01", AUDIT, [accepted(q())])
            .told("2024-01-02", AUDIT, [bought(purchase(1, q()))])
            .told("2024-01-03", REST, [Event::SubscriptionObserved(Box::new(shown))])
    };
    let (one, conflict) = (Agreement::OneSource, Agreement::SourcesConflict);
    assert_eq!(agreements(&shown(30)), [one, conflict, conflict]);
    assert_eq!(agreements(&shown(25)), [one, one, one]);
}
