//! What is known of a partner's account: name, kind, partner ID, markets, and whether it is in order.

use std::collections::BTreeSet;

use ofrecord_core::vocabulary::{AccountSuspensionReason, PartnerType, ProgrammeStatus, ResellerEnrolment};
use ofrecord_core::{Market, PartnerId, PartnerTenantId, Timestamp};
use serde::Serialize;

use crate::cells::Cells;
use crate::record::PartnerRecord;
use crate::viewpoint::Viewpoint;

/// A partner as the ledger knows it. What no source says is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountRow {
    /// The partner.
    pub partner: PartnerTenantId,
    /// Name.
    pub name: Option<String>,
    /// What kind of partner.
    pub partner_type: Option<PartnerType>,
    /// Partner ID.
    pub partner_id: Option<PartnerId>,
    /// Markets it may sell in.
    pub markets: Option<BTreeSet<Market>>,
    /// Whether its reseller programme is active.
    pub programme: Option<ProgrammeStatus>,
    /// How far its enrolment as indirect reseller is.
    pub indirect_reseller_enrolment: Option<ResellerEnrolment>,
    /// Why the account is suspended; none where nothing says that it is.
    pub suspended: Option<AccountSuspensionReason>,
    /// When the Microsoft Partner Agreement was accepted.
    pub agreement_accepted: Option<Timestamp>,
    /// The entries that set the fields, by field.
    pub cells: Cells,
    /// All of them.
    pub positions: Vec<u64>,
}

/// What is known of a partner's account at a viewpoint.
#[must_use]
pub fn account(record: &PartnerRecord, viewpoint: &Viewpoint<'_>) -> AccountRow {
    let known = record.state(viewpoint);
    let mut cells = Cells::default();
    if let Some(accepted) = known.agreement_accepted {
        cells.stamp("agreement_accepted", accepted);
    }
    let row = AccountRow {
        partner: record.id(),
        name: cells.read("name", known.name.as_ref()),
        partner_type: cells.read("partner_type", known.partner_type.as_ref()),
        partner_id: cells.read("partner_id", known.partner_id.as_ref()),
        markets: cells.read("markets", known.markets.as_ref()),
        programme: cells.read("programme", known.programme.as_ref()),
        indirect_reseller_enrolment: cells
            .read("indirect_reseller_enrolment", known.indirect_reseller_enrolment.as_ref()),
        suspended: cells.read("suspended", known.suspended.as_ref()),
        agreement_accepted: known.agreement_accepted.map(|accepted| accepted.effective_at),
        cells: Cells::default(),
        positions: Vec::new(),
    };
    AccountRow { positions: cells.positions(), cells, ..row }
}

#[cfg(test)]
mod tests;
