//! Who could administer the customer, through which mechanism, and whether they were reseller.

use std::collections::BTreeSet;

use ofrecord_core::command::relationship::AzureRole;
use ofrecord_core::state::access::DapCoverage;
use ofrecord_core::state::{Access, Customer, DapGrant};
use ofrecord_core::vocabulary::AgentGroup;
use ofrecord_core::{PartnerTenantId, Policy, ServiceName, Stamp, Timestamp};
use serde::Serialize;

use crate::cells::Cells;
use crate::record::CustomerRecord;
use crate::roles;
use crate::viewpoint::Viewpoint;

pub(crate) mod granular;
mod terminations;
mod users;

pub use self::granular::{Approved, AtEnd, GranularAccess, GranularKey};
pub use self::terminations::{DapTermination, ReplacedBy, dap_terminations};
pub use self::users::{Members, UserAccessRow, user_access};

/// Through what a partner could administer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mechanism {
    /// Delegated administration privileges.
    Dap,
    /// An access assignment of a granular relationship.
    Gdap,
    /// An Azure role assignment.
    AzureRole,
}

/// What the access reached.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// The whole tenant.
    Tenant,
    /// One service.
    Service(ServiceName),
    /// One Azure scope.
    Scope(String),
}

/// Whether the partner was reseller at the same instant (questions 8 and 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// A reseller of the customer.
    Reseller,
    /// It was one, and is no longer.
    FormerReseller,
    /// The ledger never saw it as one.
    NeverReseller,
}

/// A role held, and by whom of the partner.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct HeldRole {
    /// The role in the customer's tenant or on the scope, by its published name where it has one.
    pub role: String,
    /// The agent group that holds it by DAP; none for an Azure role and where an assignment names the group.
    pub through: Option<String>,
}

/// One way in which a partner could administer the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccessRow {
    /// The partner.
    pub partner: PartnerTenantId,
    /// Through what.
    pub mechanism: Mechanism,
    /// What it reached.
    pub coverage: Coverage,
    /// The roles; those of DAP are derived, since no source lists them (rule D-4).
    pub roles: BTreeSet<HeldRole>,
    /// Since when, as the ledger saw it.
    pub since: Timestamp,
    /// Since when, as a source says that showed it already there.
    pub started_at: Option<Timestamp>,
    /// When its end is reached, as far as one is known; what happens then stands with the granular relationship.
    pub until: Option<Timestamp>,
    /// The granular relationship and the assignment behind it; none for the other mechanisms.
    pub granular: Option<GranularAccess>,
    /// Whether the partner was reseller.
    pub standing: Standing,
    /// The entries that set the fields, by field.
    pub cells: Cells,
    /// All of them.
    pub positions: Vec<u64>,
}

impl AccessRow {
    /// The row's name: partner, mechanism, and what tells it from the partner's other rows.
    #[must_use]
    pub fn key(&self) -> String {
        let reach = match &self.coverage {
            Coverage::Tenant => "tenant",
            Coverage::Service(name) => name.as_str(),
            Coverage::Scope(scope) => scope,
        };
        match (self.mechanism, &self.granular) {
            (Mechanism::Gdap, Some(granular)) => {
                format!("{}/gdap/{}/{}", self.partner, granular.key.relationship, granular.key.assignment)
            }
            (Mechanism::Dap | Mechanism::Gdap, _) => format!("{}/dap/{reach}", self.partner),
            (Mechanism::AzureRole, _) => {
                let role = self.roles.first().map_or("", |held| held.role.as_str());
                format!("{}/azure_role/{reach}/{role}", self.partner)
            }
        }
    }
}

/// Who could administer at a viewpoint: by partner, mechanism, and coverage or assignment.
#[must_use]
pub fn access(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Vec<AccessRow> {
    of_state(&record.state(viewpoint), viewpoint.as_of, viewpoint.policy)
}

/// The rows of a state at an instant not before the newest event folded into it.
pub(crate) fn of_state(customer: &Customer, at: Timestamp, policy: &Policy) -> Vec<AccessRow> {
    let mut rows = Vec::new();
    for (partner, access) in &customer.access.partners {
        rows.extend(by_dap(customer, *partner, access));
    }
    rows.extend(granular::rows(customer, at, policy));
    for (partner, access) in &customer.access.partners {
        rows.extend(by_azure_role(customer, *partner, access));
    }
    rows.sort_by_key(|row| (row.partner, row.mechanism));
    rows
}

fn by_dap(customer: &Customer, partner: PartnerTenantId, access: &Access) -> Vec<AccessRow> {
    let row = |(coverage, grant): (&DapCoverage, &DapGrant)| {
        let mut cells = Cells::default();
        cells.stamp("access", grant.granted);
        AccessRow {
            partner,
            mechanism: Mechanism::Dap,
            coverage: reach(coverage),
            roles: DAP_ROLES.iter().map(dap_role).collect(),
            since: grant.granted.effective_at,
            started_at: grant.started_at,
            until: None,
            granular: None,
            standing: standing(customer, partner, &mut cells),
            positions: cells.positions(),
            cells,
        }
    };
    access.dap.iter().map(row).collect()
}

fn by_azure_role(customer: &Customer, partner: PartnerTenantId, access: &Access) -> Vec<AccessRow> {
    let row = |(assignment, stamp): (&AzureRole, &Stamp)| {
        let mut cells = Cells::default();
        cells.stamp("access", *stamp);
        AccessRow {
            partner,
            mechanism: Mechanism::AzureRole,
            coverage: Coverage::Scope(assignment.scope.clone()),
            roles: BTreeSet::from([HeldRole { role: assignment.role.clone(), through: None }]),
            since: stamp.effective_at,
            started_at: None,
            until: None,
            granular: None,
            standing: standing(customer, partner, &mut cells),
            positions: cells.positions(),
            cells,
        }
    };
    access.azure_roles.iter().map(row).collect()
}

fn reach(coverage: &DapCoverage) -> Coverage {
    match coverage {
        DapCoverage::Tenant => Coverage::Tenant,
        DapCoverage::Service(name) => Coverage::Service(name.clone()),
    }
}

/// Rule D-4.
const DAP_ROLES: [(&str, AgentGroup); 2] =
    [("Global administrator", AgentGroup::AdminAgents), ("Helpdesk administrator", AgentGroup::HelpdeskAgents)];

fn dap_role((role, group): &(&str, AgentGroup)) -> HeldRole {
    HeldRole { role: (*role).to_owned(), through: Some(roles::agents(group)) }
}

pub(crate) fn standing(customer: &Customer, partner: PartnerTenantId, cells: &mut Cells) -> Standing {
    let Some(relationship) = customer.resellers.relationships.get(&partner) else { return Standing::NeverReseller };
    cells.cell("standing", Some(&relationship.kind));
    cells.cell("standing", Some(&relationship.established));
    cells.cell("standing", relationship.ended.as_ref());
    if relationship.stands() {
        Standing::Reseller
    } else if relationship.ended.is_some() {
        Standing::FormerReseller
    } else {
        Standing::NeverReseller
    }
}

#[cfg(test)]
mod tests;
