//! Whom an entry is about: the partners, subscriptions and granular relationships that its command and its events name.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use ofrecord_core::command::StatedCommand;
use ofrecord_core::{Event, GdapRelationshipId, PartnerTenantId, SubscriptionId};
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::{Deserializer, Serialize};

use self::naming::Naming;

mod naming;

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
    pub(crate) fn command(&mut self, command: &StatedCommand) {
        let walk = Walk { named: self, field: None };
        // What cannot be read names nobody; a parsed command always can.
        walk.deserialize(&mut serde_json::Deserializer::from_str(command.json())).unwrap_or_default();
    }

    /// Adds what an event names.
    pub(crate) fn event(&mut self, event: &Event) {
        // An event can always be written.
        event.serialize(Naming { named: self, field: None }).unwrap_or_default();
    }

    /// Adds what a text in a field names, where it is an id.
    fn note(&mut self, field: Field, text: &str) {
        match field {
            Field::Partner => self.partners.extend(text.parse::<PartnerTenantId>()),
            Field::Subscription => self.subscriptions.extend(text.parse::<SubscriptionId>()),
            Field::Relationship => self.relationships.extend(text.parse::<GdapRelationshipId>()),
        }
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
        if let Some(field) = self.field {
            self.named.note(field, text);
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
