//! The bodies of Graph's commands. A property that nobody may set is refused rather than passed over; annotations, which
//! begin with `@`, say nothing that is needed.

use std::collections::BTreeSet;

use ofrecord_core::vocabulary::{AccessContainerType, GdapAutoExtend, GdapDuration, GdapRequestAction};
use ofrecord_core::{CustomerId, RoleId, SecurityGroupId};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::problem::Problem;

/// A relationship as it is made or changed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Relationship {
    pub(super) display_name: Option<String>,
    pub(super) duration: Option<GdapDuration>,
    pub(super) customer: Option<Customer>,
    pub(super) access_details: Option<AccessDetails>,
    pub(super) auto_extend_duration: Option<GdapAutoExtend>,
}

/// Whom a relationship is made for. The name is the customer's own.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Customer {
    pub(super) tenant_id: CustomerId,
    #[serde(default, rename = "displayName")]
    _display_name: Option<String>,
}

/// Which roles.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AccessDetails {
    unified_roles: Vec<UnifiedRole>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UnifiedRole {
    role_definition_id: RoleId,
}

/// What is asked of a relationship.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Asking {
    pub(super) action: GdapRequestAction,
}

/// An access assignment as it is made.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Assignment {
    pub(super) access_container: Container,
    pub(super) access_details: AccessDetails,
}

/// An access assignment as it is changed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AssignmentChange {
    pub(super) access_container: Option<Container>,
    pub(super) access_details: AccessDetails,
}

/// What an assignment gives roles to.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Container {
    pub(super) access_container_id: SecurityGroupId,
    #[serde(default = "security_group")]
    pub(super) access_container_type: AccessContainerType,
}

fn security_group() -> AccessContainerType {
    AccessContainerType::SecurityGroup
}

impl AccessDetails {
    pub(super) fn roles(&self) -> BTreeSet<RoleId> {
        self.unified_roles.iter().map(|role| role.role_definition_id).collect()
    }
}

/// Reads a body.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| Problem::malformed("the body", &error))?;
    serde_json::from_value(bare(value)).map_err(|error| Problem::malformed("the body", &error))
}

/// The value without annotations.
fn bare(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(name, _)| !name.contains('@'));
            Value::Object(kept.map(|(name, value)| (name, bare(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(bare).collect()),
        same @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => same,
    }
}
