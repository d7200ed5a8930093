//! Whom an entry is about: the partners, subscriptions and granular relationships that its command and its events name.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use ofrecord_core::{Event, GdapRelationshipId, PartnerTenantId, SubscriptionId};
use serde::Deserializer;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
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
        self.walk(&mut serde_json::Deserializer::from_slice(&crate::json::canonical(event)));
    }

    fn walk<'de>(&mut self, json: impl Deserializer<'de>) {
        // What cannot be read names nobody; an event and a parsed command always can.
        Walk { named: self, field: None }.deserialize(json).unwrap_or_default();
    }
}

/// What the texts of a field name.
#[derive(Debug, Clone, Copy)]
enum Field {
    Partner,
    Subscription,
    Relationship,
}

impl Field {
    fn of(key: &str) -> Option<Self> {
        if PARTNER_FIELDS.contains(&key) {
            Some(Self::Partner)
        } else if SUBSCRIPTION_FIELDS.contains(&key) {
            Some(Self::Subscription)
        } else {
            (key == RELATIONSHIP_FIELD).then_some(Self::Relationship)
        }
    }
}

/// Goes through a value without keeping it, and notes what its fields name.
struct Walk<'a> {
    named: &'a mut Named,
    field: Option<Field>,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        match self.field {
            Some(Field::Partner) => self.named.partners.extend(text.parse::<PartnerTenantId>()),
            Some(Field::Subscription) => self.named.subscriptions.extend(text.parse::<SubscriptionId>()),
            Some(Field::Relationship) => self.named.relationships.extend(text.parse::<GdapRelationshipId>()),
            None => {}
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Self { named, field } = self;
        while items.next_element_seed(Walk { named, field })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(key) = members.next_key::<Cow<'_, str>>()? {
            members.next_value_seed(Walk { named: self.named, field: Field::of(&key) })?;
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
}
