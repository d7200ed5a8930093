//! Who could administer a customer: DAP per service and Azure roles, per partner.

use std::collections::BTreeMap;

use crate::command::relationship::AzureRole;
use crate::fold::{Cell, Stamp};
use crate::id::{GdapRelationshipId, PartnerTenantId, ServiceName};
use crate::state::SharedMap;
use crate::state::granular::GranularRelationships;
use crate::time::Timestamp;
use crate::vocabulary::{DapTerminationCause, RemovedBy, Services};

/// Access of every partner: column `D` of the effect matrix.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccessMap {
    /// By partner.
    pub partners: SharedMap<PartnerTenantId, Access>,
    /// Granular relationships and their access assignments.
    pub granular: GranularRelationships,
}

/// What one partner could do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Access {
    /// DAP that is on, by what it covers.
    pub dap: BTreeMap<DapCoverage, DapGrant>,
    /// How the newest DAP ended, when some has ended.
    pub dap_ended: Option<DapEnd>,
    /// The last sign-in a source told of.
    pub last_sign_in: Option<Cell<Timestamp>>,
    /// Azure roles that are there (rules D-7, M-9).
    pub azure_roles: BTreeMap<AzureRole, Stamp>,
    /// The granular relationship that replaces DAP where Microsoft leads the transition (rule D-6).
    pub transition: Option<Cell<GdapRelationshipId>>,
    /// The newest use of the access that the customer's side saw.
    pub used: Option<Stamp>,
    /// Whether the customer's tenant lists the partner as a service provider.
    pub listed: Option<Cell<Listing>>,
}

/// Whether the customer's tenant lists a partner as a service provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Listing {
    /// It is listed.
    Listed,
    /// It is no longer.
    NotListed,
}

/// What one DAP grant covers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum DapCoverage {
    /// The whole tenant.
    Tenant,
    /// One named service.
    Service(ServiceName),
}

/// A DAP grant that is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DapGrant {
    /// Since when, and by which event.
    pub granted: Stamp,
    /// When the source says that it began, where an observation showed it already on.
    pub started_at: Option<Timestamp>,
}

/// How DAP ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DapEnd {
    /// By whom.
    pub by: RemovedBy,
    /// Why, where Microsoft ended it and a source says.
    pub cause: Option<DapTerminationCause>,
    /// When, and by which event.
    pub set: Stamp,
}

impl AccessMap {
    /// The partner's access, when there is any on record.
    #[must_use]
    pub fn of(&self, partner: PartnerTenantId) -> Option<&Access> {
        self.partners.get(&partner)
    }
}

impl Access {
    /// Whether any DAP is on.
    #[must_use]
    pub fn has_dap(&self) -> bool {
        !self.dap.is_empty()
    }

    /// What DAP covers; none when it is off.
    #[must_use]
    pub fn services(&self) -> Option<Services> {
        let names = self.dap.keys().map(|coverage| match coverage {
            DapCoverage::Tenant => None,
            DapCoverage::Service(name) => Some(name.clone()),
        });
        // One tenant-wide grant makes the whole answer tenant-wide.
        self.has_dap().then(|| names.collect::<Option<_>>().map_or(Services::All, Services::Names))
    }

    /// The grant that covers a service, the whole tenant's included.
    #[must_use]
    pub fn dap_for(&self, service: &ServiceName) -> Option<&DapGrant> {
        self.dap.get(&DapCoverage::Tenant).or_else(|| self.dap.get(&DapCoverage::Service(service.clone())))
    }
}
