//! Audit records and webhook bodies of operations of which no record is published, made from the published shape of records and the published words.
//!
//! Where such a record carries its ids is not published either, so each is made with them in one of the places where
//! one could have them.

use ofrecord_core::{AccessAssignmentId, CustomerId, GdapRelationshipId, PartnerTenantId, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::random::Random;

/// An operation of the granular or of the DAP family, told by an audit record and by a webhook.
#[derive(Debug, Clone)]
pub struct SourceRecord {
    /// The published `operationType`.
    pub operation: &'static str,
    /// When it happened.
    pub at: Timestamp,
    /// The partner.
    pub partner: PartnerTenantId,
    /// The customer.
    pub customer: CustomerId,
    /// The granular relationship; of the DAP family nothing but this id is made for nothing.
    pub relationship: GdapRelationshipId,
    /// The access assignment.
    pub assignment: AccessAssignmentId,
    /// Where the record has its ids.
    place: Place,
}

/// Where a record carries the ids of what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In `customizedData`.
    Customized,
    /// In the resource after the operation.
    NewValue,
    /// In the resource before the operation.
    OldValue,
    /// In the audit id alone.
    AuditId,
}

const PLACES: &[Place] = &[Place::Customized, Place::NewValue, Place::OldValue, Place::AuditId];

/// The operations that are made, and the webhook event that tells the same, where one is published.
pub const OPERATIONS: &[(&str, Option<&str>)] = &[
    ("granular_admin_relationship_approved", Some("granular-admin-relationship-approved")),
    ("granular_admin_relationship_activated", Some("granular-admin-relationship-activated")),
    ("granular_admin_relationship_termination_requested", None),
    ("granular_admin_relationship_terminated", Some("granular-admin-relationship-terminated")),
    ("granular_admin_relationship_expired", Some("granular-admin-relationship-expired")),
    ("granular_admin_relationship_cleaned_up", None),
    ("granular_admin_access_assignment_created", Some("granular-admin-access-assignment-created")),
    ("granular_admin_access_assignment_activated", Some("granular-admin-access-assignment-activated")),
    ("granular_admin_access_assignment_updated", Some("granular-admin-access-assignment-updated")),
    ("granular_admin_access_assignment_deleted", Some("granular-admin-access-assignment-deleted")),
    ("dap_admin_relationship_approved", Some("dap-admin-relationship-approved")),
    ("dap_admin_relationship_terminated", Some("dap-admin-relationship-terminated")),
    ("dap_admin_relationship_terminated_by_microsoft", Some("dap-admin-relationship-terminated-by-microsoft")),
];

impl SourceRecord {
    /// An operation on things of its own, at an instant of 2023 with digits down to 100 ns.
    #[must_use]
    pub fn draw(random: &mut Random, operation: &'static str) -> Self {
        let guid = |random: &mut Random| {
            Uuid::from_u64_pair(random.next_number() & !0xf000 | 0x4000, random.next_number() >> 2 | 1 << 63)
        };
        let (partner, customer) = (PartnerTenantId::new(guid(random)), CustomerId::new(guid(random)));
        let start = Timestamp::from_date(2023, 1, 1).unwrap_or(Timestamp::MIN);
        let ticks = start.ticks().saturating_add(random.below(365 * 86_400 * 10_000_000));
        Self {
            operation,
            at: Timestamp::from_ticks(ticks).unwrap_or(start),
            partner,
            customer,
            relationship: relationship(guid(random), partner),
            assignment: AccessAssignmentId::new(guid(random)),
            place: *random.one_of(PLACES),
        }
    }

    /// Whether it is about an access assignment.
    #[must_use]
    pub fn is_of_assignment(&self) -> bool {
        self.operation.contains("access_assignment")
    }

    fn is_granular(&self) -> bool {
        self.operation.starts_with("granular")
    }

    /// The id that the audit record has: who, whom, what, and the ticks of when.
    #[must_use]
    pub fn audit_id(&self) -> String {
        let (operation, ticks) = (self.operation.replace('_', ""), self.at.ticks());
        let resource = match (self.place, self.is_granular(), self.is_of_assignment()) {
            (Place::AuditId, true, true) => format!("_{}_{}", self.relationship, self.assignment),
            (Place::AuditId, true, false) => format!("_{}", self.relationship),
            _ => String::new(),
        };
        format!("{}_{}{resource}_{operation}_{ticks}", self.partner, self.customer)
    }

    /// The audit record.
    #[must_use]
    pub fn audit(&self) -> Value {
        let resource_type = match (self.is_granular(), self.is_of_assignment()) {
            (true, true) => "granular_admin_access_assignment",
            (true, false) => "granular_admin_relationship",
            (false, _) => "partner_customer_dap",
        };
        let mut record = json!({
            "id": self.audit_id(),
            "partnerId": self.partner,
            "participants": [self.partner],
            "customerId": self.customer,
            "customerName": "A customer",
            "userPrincipalName": "owner@customer.example",
            "resourceType": resource_type,
            "operationType": self.operation,
            "operationDate": self.at,
            "operationStatus": "succeeded",
            "attributes": { "objectType": "AuditRecord" },
        });
        if let (Some((name, value)), Some(fields)) = (self.content(), record.as_object_mut()) {
            fields.insert(name.to_owned(), value);
        }
        record
    }

    /// The property that carries the ids, and its value; values of resources are texts of JSON.
    fn content(&self) -> Option<(&'static str, Value)> {
        let of_assignment = self.is_of_assignment();
        let customized = || {
            let mut pairs = vec![json!({"key": "RelationshipId", "value": self.relationship})];
            pairs.extend(of_assignment.then(|| json!({"key": "AccessAssignmentId", "value": self.assignment})));
            Value::Array(pairs)
        };
        let value = || {
            let shown = if of_assignment {
                json!({"Id": self.assignment, "RelationshipId": self.relationship})
            } else {
                json!({"Id": self.relationship})
            };
            Value::String(shown.to_string())
        };
        match self.place {
            _ if !self.is_granular() => None,
            Place::Customized => Some(("customizedData", customized())),
            Place::NewValue => Some(("resourceNewValue", value())),
            Place::OldValue => Some(("resourceOldValue", value())),
            Place::AuditId => None,
        }
    }

    /// The webhook body that tells the same, where one is published. It names its audit record.
    #[must_use]
    pub fn webhook(&self) -> Option<Value> {
        let event = OPERATIONS.iter().find(|(operation, _)| *operation == self.operation)?.1?;
        let resource = match (self.is_granular(), self.is_of_assignment()) {
            (true, false) => format!("https://partner.microsoft.com/granularAdminRelationships/{}", self.relationship),
            (true, true) => format!(
                "https://partner.microsoft.com/granularAdminRelationships/{}/accessAssignments/{}",
                self.relationship, self.assignment
            ),
            (false, _) => format!("https://api.partnercenter.microsoft.com/v1/customers/{}", self.customer),
        };
        Some(json!({
            "EventName": event,
            "ResourceUri": resource,
            "ResourceName": "GranularAdminRelationship",
            "AuditUri": format!(
                "https://api.partnercenter.microsoft.com/auditactivity/v1/auditrecords/{}",
                self.audit_id()
            ),
            "ResourceChangeUtcDate": self.at,
        }))
    }
}

#[expect(clippy::expect_used, reason = "two GUIDs in lower case are an id; another text is a mistake here")]
fn relationship(own: Uuid, partner: PartnerTenantId) -> GdapRelationshipId {
    format!("{own}-{partner}").parse().expect("two GUIDs joined by a hyphen")
}
