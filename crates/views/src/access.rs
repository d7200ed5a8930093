//! Who could administer the customer, through which mechanism, and whether they were reseller.

use std::collections::BTreeSet;

use ofrecord_core::state::Customer;
use ofrecord_core::state::access::DapCoverage;
use ofrecord_core::{PartnerTenantId, ServiceName, Timestamp};
use serde::Serialize;

use crate::cells::Cells;
use crate::record::CustomerRecord;
use crate::viewpoint::Viewpoint;

/// Through what a partner could administer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mechanism {
    /// Delegated administration privileges.
    Dap,
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
    /// The role in the customer's tenant or on the scope.
    pub role: String,
    /// The partner's group that holds it; none for an Azure role.
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
    /// Whether the partner was reseller.
    pub standing: Standing,
    /// The entries that set the fields, by field.
    pub cells: Cells,
    /// All of them.
    pub positions: Vec<u64>,
}

impl AccessRow {
    /// The row's name: partner, mechanism, coverage and, for an Azure role, the role.
    #[must_use]
    pub fn key(&self) -> String {
        let reach = match &self.coverage {
            Coverage::Tenant => "tenant",
            Coverage::Service(name) => name.as_str(),
            Coverage::Scope(scope) => scope,
        };
        match self.mechanism {
            Mechanism::Dap => format!("{}/dap/{reach}", self.partner),
            Mechanism::AzureRole => {
                let role = self.roles.first().map_or("", |held| held.role.as_str());
                format!("{}/azure_role/{reach}/{role}", self.partner)
            }
        }
    }
}

/// Who could administer at a viewpoint: by partner, mechanism and coverage.
#[must_use]
pub fn access(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Vec<AccessRow> {
    of_state(&record.state(viewpoint))
}

pub(crate) fn of_state(customer: &Customer) -> Vec<AccessRow> {
    let mut rows = Vec::new();
    for (partner, access) in &customer.access.partners {
        for (coverage, grant) in &access.dap {
            let mut cells = Cells::default();
            cells.stamp("access", grant.granted);
            rows.push(AccessRow {
                partner: *partner,
                mechanism: Mechanism::Dap,
                coverage: reach(coverage),
                roles: dap_roles(),
                since: grant.granted.effective_at,
                started_at: grant.started_at,
                standing: standing(customer, *partner, &mut cells),
                positions: cells.positions(),
                cells,
            });
        }
        for (assignment, stamp) in &access.azure_roles {
            let mut cells = Cells::default();
            cells.stamp("access", *stamp);
            rows.push(AccessRow {
                partner: *partner,
                mechanism: Mechanism::AzureRole,
                coverage: Coverage::Scope(assignment.scope.clone()),
                roles: BTreeSet::from([HeldRole { role: assignment.role.clone(), through: None }]),
                since: stamp.effective_at,
                started_at: None,
                standing: standing(customer, *partner, &mut cells),
                positions: cells.positions(),
                cells,
            });
        }
    }
    rows
}

fn reach(coverage: &DapCoverage) -> Coverage {
    match coverage {
        DapCoverage::Tenant => Coverage::Tenant,
        DapCoverage::Service(name) => Coverage::Service(name.clone()),
    }
}

/// Rule D-4.
fn dap_roles() -> BTreeSet<HeldRole> {
    [("Global administrator", "Admin agents"), ("Helpdesk administrator", "Helpdesk agents")]
        .into_iter()
        .map(|(role, through)| HeldRole { role: role.to_owned(), through: Some(through.to_owned()) })
        .collect()
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
