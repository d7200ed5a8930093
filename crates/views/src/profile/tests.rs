//! The customer itself: every field with the entry that set it, and nothing that no source says.

use ofrecord_core::Event;
use ofrecord_core::event::customer::{AssociatedPartnerChanged, CustomerProfileChanged, CustomerRegistered};
use ofrecord_core::vocabulary::TenantType;

use super::profile;
use crate::story::{Story, china, q, seen_at};

fn registered(name: &str) -> Event {
    Event::CustomerRegistered(CustomerRegistered {
        name: name.to_owned(),
        domain: None,
        market: Some("CN".parse().unwrap()),
        tenant_type: TenantType::Organisation,
    })
}

#[test]
fn each_field_names_the_entry_that_set_it() {
    let renamed: CustomerProfileChanged = serde_json::from_str(r#"{"name":"Contoso & Co"}"#).unwrap();
    let associated = AssociatedPartnerChanged { partner: q(), associated_partner_id: None };
    let story = Story::new().on("2024-01-01", [registered("Contoso")]);
    let first = story.last();
    let story = story.on("2024-02-01", [Event::CustomerProfileChanged(renamed)]);
    let second = story.last();
    let story = story.on("2024-03-01", [Event::AssociatedPartnerChanged(associated)]);
    let policy = china();
    let row = profile(&story.record(), &seen_at("2024-04-01", &policy));
    let by = |field: &str| row.cells.of(field).collect::<Vec<_>>();
    assert_eq!((row.name.as_deref(), by("name")), (Some("Contoso & Co"), vec![second]));
    assert_eq!((row.market.clone(), by("market")), (Some("CN".parse().unwrap()), vec![first]));
    assert_eq!((row.associated_partner.get(&q()), by("associated_partner")), (Some(&None), vec![story.last()]));
    assert_eq!((row.domain, row.account_status), (None, None));
    assert_eq!(row.positions, [first, second, story.last()]);
    let before = profile(&story.record(), &seen_at("2024-01-15", &policy));
    assert_eq!(before.name.as_deref(), Some("Contoso"));
}
