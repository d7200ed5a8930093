//! The dossier of a story: every answer by one viewpoint, and nothing of later.

use ofrecord_core::vocabulary::Services;

use super::{Dossier, dossier};
use crate::record::PartnerRecord;
use crate::story::{Story, accepted, at, bought, china, customer, dap, dap_removed, p, purchase, q, removed, seen_at};
use crate::viewpoint::Period;

fn story() -> Story {
    Story::new()
        .on("2024-01-01", [accepted(q()), dap(q(), Services::All)])
        .on("2024-02-01", [bought(purchase(1, q()))])
        .on("2024-03-01", [accepted(p())])
        .on("2024-04-01", [dap_removed(q(), Services::All)])
        .on("2024-05-01", [removed(q())])
}

fn asked(story: &Story, as_of: &str) -> Dossier {
    let policy = china();
    let partners = [PartnerRecord::new(q()), PartnerRecord::new(p())];
    let partners: Vec<&PartnerRecord> = partners.iter().collect();
    dossier(&story.record(), &partners, &seen_at(as_of, &policy))
}

#[test]
fn an_instant_in_the_past_knows_nothing_of_later() {
    let past = asked(&story(), "2024-02-15");
    let partners: Vec<_> = past.accounts.iter().map(|row| row.partner).collect();
    assert_eq!((past.customer, partners), (customer(), vec![q()]));
    let spells: Vec<_> = past.reseller_history.iter().map(|spell| (spell.key, spell.valid_to)).collect();
    assert_eq!(spells, [(q(), None)]);
    assert!(past.access_history.iter().all(|spell| spell.valid_to.is_none() && spell.ended_by.is_empty()));
    assert_eq!((past.access.len(), past.interference.events.len()), (1, 2));
    assert!(past.timeline.iter().all(|row| row.effective_at <= past.as_of));
    let first = at("2024-01-01");
    assert_eq!(past.period.from, first);
    assert_eq!(past.period.to, past.as_of);
}

#[test]
fn a_dossier_of_before_the_first_fact_is_empty() {
    let before = asked(&story(), "2023-12-31");
    assert_eq!((before.accounts.len(), before.timeline.len(), before.subscriptions.len()), (0, 0, 0));
    assert_eq!(before.period, Period { from: before.as_of, to: before.as_of });
}

#[test]
fn what_came_later_changes_no_answer_about_the_past() {
    let story = story();
    let before = Story { entries: story.entries[..2].to_vec() };
    let (early, late) = (asked(&before, "2024-02-15"), asked(&story, "2024-02-15"));
    assert_eq!(Dossier { entries: early.entries.clone(), ..late }, early);
}
