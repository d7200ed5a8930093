//! A shop: Q sells to C, everything in order, and what most stories of subscriptions begin with.

use ofrecord_core::{Actor, Cloud, Event, Outcome, StreamId, SubscriptionId};
use serde_json::{Value, json};

pub(crate) use crate::story::with;
pub(crate) use crate::story::{C, I, IR, P, Q, S1, S2, Story, admin, agent, app, at, event, of_kind};
use crate::story::{customer_id, partner_id};

/// The day of most purchases.
pub(crate) const BOUGHT: &str = "2024-03-01T00:00:00Z";
/// Inside the window of a purchase.
pub(crate) const SOON: &str = "2024-03-05T00:00:00Z";
/// Outside the window, inside the term.
pub(crate) const LATER: &str = "2024-06-01T00:00:00Z";
/// A third subscription.
pub(crate) const S3: &str = "50000000-0000-0000-0000-000000000003";

/// P, Q and I transact and are resellers of C; C accepted the agreement directly.
pub(crate) fn shop(cloud: Cloud) -> Story {
    let mut story = without_agreement(cloud);
    story = story.about_customer(
        C,
        json!({"type": "CustomerAgreementConfirmed", "agreement_type": "MicrosoftCustomerAgreement",
            "date_agreed": "2018-01-04T00:00:00Z", "method": "direct"}),
    );
    story
}

/// As [`shop`], without any customer agreement.
pub(crate) fn without_agreement(cloud: Cloud) -> Story {
    [P, Q, I].into_iter().fold(Story::in_cloud(cloud).with_partners().with_partnership(), |story, partner| {
        story.about_partner(partner, json!({"type": "PartnerAgreementAccepted", "partner": partner})).reseller(partner)
    })
}

/// A product of a family.
pub(crate) fn product(id: &str, family: &str) -> Value {
    json!({"id": id, "name": "Product", "family": family, "service": "Office 365"})
}

/// A purchase by Q of ten seats for a year; new-commerce licences with their window.
pub(crate) fn purchase(subscription: &str, family: &str) -> Value {
    let purchase = json!({
        "type": "SubscriptionPurchased", "subscription": subscription, "owner": Q, "order": "order-1",
        "product": product("product-1", family), "quantity": 10, "term": "P1Y", "billing_cycle": "monthly",
        "auto_renew": "on", "trial": "paid", "commitment_end": "2025-02-28T23:59:59Z",
    });
    if family == "new_commerce_license" {
        return with(purchase, json!({"cancellation_allowed_until": "2024-03-08T00:00:00Z"}));
    }
    purchase
}

/// Q sold C a legacy licence in 21Vianet.
pub(crate) fn legacy() -> Story {
    shop(Cloud::China21Vianet).told(BOUGHT, purchase(S1, "legacy_license"))
}

/// Q sold C a new-commerce licence worldwide.
pub(crate) fn nce() -> Story {
    shop(Cloud::Worldwide).told(BOUGHT, purchase(S1, "new_commerce_license"))
}

/// Q sold C something worldwide, with these fields.
pub(crate) fn sold(family: &str, fields: Value) -> Story {
    shop(Cloud::Worldwide).told(BOUGHT, with(purchase(S1, family), fields))
}

impl Story {
    /// An event of C at an instant.
    pub(crate) fn told(self, instant: &str, value: Value) -> Self {
        self.on(instant, StreamId::Customer(customer_id(C)), value)
    }

    /// An event of a partner's account at an instant.
    pub(crate) fn told_of(self, partner: &str, value: Value) -> Self {
        self.on("2019-01-01T00:00:00Z", StreamId::Partner(partner_id(partner)), value)
    }
}

/// A command on a subscription.
pub(crate) fn on(name: &str, subscription: &str, fields: Value) -> Value {
    with(json!({"type": name, "subscription": subscription}), fields)
}

pub(crate) fn id(text: &str) -> SubscriptionId {
    text.parse().unwrap()
}

/// What somebody asks for at an instant is refused under a rule with a code.
#[track_caller]
pub(crate) fn refused(mut given: Story, instant: &str, actor: Actor, asked: Value, because: (&str, &str)) {
    let before = given.customer();
    match given.at(instant, &actor, Some(C), asked) {
        Outcome::Refused(refusal) => {
            assert_eq!((refusal.rule.as_ref(), refusal.code.as_ref()), because, "{refusal:?}");
            assert_eq!(given.customer(), before, "a refusal changes nothing");
        }
        Outcome::Accepted(events) => panic!("{events:?} instead of {because:?}"),
    }
}

/// What somebody asks for at an instant happens, as events of these names.
#[track_caller]
pub(crate) fn happens(given: Story, instant: &str, actor: Actor, asked: Value, names: &[&str]) -> Story {
    let (story, events) = events_of(given, instant, actor, asked);
    let happened: Vec<&str> = events.iter().map(Event::name).collect();
    assert_eq!(happened, names);
    story
}

/// What somebody asks for at an instant is accepted; the events.
#[track_caller]
pub(crate) fn events_of(mut given: Story, instant: &str, actor: Actor, asked: Value) -> (Story, Vec<Event>) {
    match given.at(instant, &actor, Some(C), asked) {
        Outcome::Accepted(events) => (given, events),
        Outcome::Refused(refusal) => panic!("{refusal:?}"),
    }
}
