//! Whom an entry is about: the partners, subscriptions and granular relationships that its command and its events name.

use std::collections::BTreeSet;

use ofrecord_core::{Event, GdapRelationshipId, PartnerTenantId, SubscriptionId};
use serde_json::Value;

/// The partners, subscriptions and granular relationships named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Named {
    pub(crate) partners: BTreeSet<PartnerTenantId>,
    pub(crate) subscriptions: BTreeSet<SubscriptionId>,
    pub(crate) relationships: BTreeSet<GdapRelationshipId>,
}

/// Fields of commands and events that name a partner by its tenant. Where one of them holds something else,
/// such as the source of a reading, it is no tenant's id and names nobody.
const PARTNER_FIELDS: [&str; 11] = [
    "partner",
    "provider",
    "reseller",
    "via_provider",
    "from_partner",
    "owner",
    "attested_by",
    "support_contact",
    "source",
    "target",
    "initiated_by",
];
/// Fields of commands and events that name subscriptions. `parent` and
/// `entitlement` are left out: they place a subscription, they are not what an entry is about.
const SUBSCRIPTION_FIELDS: [&str; 6] = [
    "subscription",
    "subscriptions",
    "to_subscription",
    "subscriptions_considered",
    "source_subscription",
    "new_subscription",
];
/// The field of commands and events that names a granular relationship; elsewhere it holds a word, which is no id.
const RELATIONSHIP_FIELD: &str = "relationship";

impl Named {
    /// Adds what a command's JSON names, the lines of an order and the events of an observation included.
    pub(crate) fn command(&mut self, command: &Value) {
        self.walk(command);
    }

    /// Adds what an event names.
    pub(crate) fn event(&mut self, event: &Event) {
        self.walk(&crate::json::value(event));
    }

    fn walk(&mut self, value: &Value) {
        match value {
            Value::Object(map) => {
                for (key, inner) in map {
                    if PARTNER_FIELDS.contains(&key.as_str()) {
                        self.partners.extend(texts(inner).filter_map(|text| text.parse::<PartnerTenantId>().ok()));
                    } else if SUBSCRIPTION_FIELDS.contains(&key.as_str()) {
                        self.subscriptions.extend(texts(inner).filter_map(|text| text.parse::<SubscriptionId>().ok()));
                    } else if key == RELATIONSHIP_FIELD {
                        self.relationships.extend(texts(inner).filter_map(|text| text.parse().ok()));
                    }
                    self.walk(inner);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.walk(item)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let one = value.as_str();
    let many = value.as_array().into_iter().flatten().filter_map(Value::as_str);
    one.into_iter().chain(many)
}
