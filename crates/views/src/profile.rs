//! What is known of the customer itself: name, domain, market, kind of tenant and account status.

use std::collections::BTreeMap;

use ofrecord_core::vocabulary::{CustomerAccountStatus, TenantType};
use ofrecord_core::{Market, PartnerId, PartnerTenantId};
use serde::Serialize;

use crate::cells::Cells;
use crate::record::CustomerRecord;
use crate::viewpoint::Viewpoint;

/// The customer as the ledger knows it. What no source says is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProfileRow {
    /// Company name.
    pub name: Option<String>,
    /// Primary domain.
    pub domain: Option<String>,
    /// Market.
    pub market: Option<Market>,
    /// What kind of tenant.
    pub tenant_type: Option<TenantType>,
    /// Account status.
    pub account_status: Option<CustomerAccountStatus>,
    /// The associated indirect reseller by the provider who set it; none is the provider's word that there is nobody (rule I-8).
    pub associated_partner: BTreeMap<PartnerTenantId, Option<PartnerId>>,
    /// The entries that set the fields, by field.
    pub cells: Cells,
    /// All of them.
    pub positions: Vec<u64>,
}

/// What is known of the customer itself at a viewpoint.
#[must_use]
pub fn profile(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> ProfileRow {
    let known = record.state(viewpoint).profile;
    let mut cells = Cells::default();
    let associated = known
        .associated_partner
        .iter()
        .filter_map(|(provider, cell)| Some((*provider, cells.read("associated_partner", Some(cell))?)));
    let associated_partner = associated.collect();
    let row = ProfileRow {
        name: cells.read("name", known.name.as_ref()),
        domain: cells.read("domain", known.domain.as_ref()),
        market: cells.read("market", known.market.as_ref()),
        tenant_type: cells.read("tenant_type", known.tenant_type.as_ref()),
        account_status: cells.read("account_status", known.account_status.as_ref()),
        associated_partner,
        cells: Cells::default(),
        positions: Vec::new(),
    };
    ProfileRow { positions: cells.positions(), cells, ..row }
}

#[cfg(test)]
mod tests;
