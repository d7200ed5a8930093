//! The two partners of a transfer, and who of them asks and who answers (rules T-1, T-8).

use super::Case;
use crate::ground::transfer as ground;
use crate::id::{PartnerTenantId, TransferId};
use crate::refusal::Refusal;
use crate::state::{Partner, Transfer};
use crate::vocabulary::TransferFamily;

/// Source and target of a transfer, and the procedure that says who does what.
#[derive(Debug, Clone)]
pub(super) struct Sides {
    pub(super) family: TransferFamily,
    pub(super) source: PartnerTenantId,
    pub(super) target: PartnerTenantId,
}

impl Sides {
    /// As the record has them; a transfer of which a source showed too little cannot be acted on.
    pub(super) fn of(id: &TransferId, transfer: &Transfer) -> Result<Self, Refusal> {
        let missing =
            |field: &str| Refusal::because(&ground::TRANSFER_NOT_KNOWN).with("transfer", id).with("field", field);
        let family = transfer.family.as_ref().filter(|family| family.value.is_recognised());
        Ok(Self {
            family: family.ok_or_else(|| missing("family"))?.value.clone(),
            source: transfer.source.as_ref().ok_or_else(|| missing("source"))?.value,
            target: transfer.target.as_ref().ok_or_else(|| missing("target"))?.value,
        })
    }

    /// Who asks: the source of a legacy transfer, the target of a new-commerce one.
    pub(super) fn initiator(&self) -> PartnerTenantId {
        if self.family.is_new_commerce() { self.target } else { self.source }
    }

    /// Who answers; nobody where all three have signed already.
    pub(super) fn counterparty(&self) -> Option<PartnerTenantId> {
        match self.family {
            TransferFamily::NewCommerce | TransferFamily::AzurePlan => Some(self.source),
            TransferFamily::LegacyLicense => Some(self.target),
            TransferFamily::ManualLegacyAzure | TransferFamily::Unrecognised(_) => None,
        }
    }

    /// The account of the side that acts: a target takes something new and must be in order, a source manages
    /// what exists (rule R-1).
    pub(super) fn require_account<'a>(&self, case: &Case<'a>, acting: PartnerTenantId) -> Result<&'a Partner, Refusal> {
        if acting == self.target { case.partner_in_order(acting) } else { case.registered_partner(acting) }
    }
}
