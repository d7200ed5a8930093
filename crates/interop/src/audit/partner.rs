//! Audit operations on partner accounts and partnerships.

use ofrecord_core::event::partner::{PartnerObserved, PartnerRelationshipCreated, PartnerRelationshipRemoved};
use ofrecord_core::{Event, PartnerId, PartnerTenantId};

use super::{AuditRecord, Gap, Telling};
use crate::resource::partnership::{Side, partnership};
use crate::scribe::Scribe;

pub(super) fn partnership_created(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Telling {
    let pair = pair(record, scribe)?;
    let created = PartnerRelationshipCreated {
        provider: pair.provider,
        reseller: pair.reseller,
        reseller_partner_id: pair.reseller_partner_id,
    };
    Ok(record.of_partner(record.partner()?, vec![Event::PartnerRelationshipCreated(created)]))
}

pub(super) fn partnership_removed(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Telling {
    let pair = pair(record, scribe)?;
    let removed = PartnerRelationshipRemoved { provider: pair.provider, reseller: pair.reseller };
    Ok(record.of_partner(record.partner()?, vec![Event::PartnerRelationshipRemoved(removed)]))
}

struct Pair {
    provider: PartnerTenantId,
    reseller: PartnerTenantId,
    reseller_partner_id: Option<PartnerId>,
}

/// Who provides and who resells: the record's partner is one side, the resource names the other and says which.
fn pair(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Result<Pair, Gap> {
    let partner = record.partner()?;
    let node = record.new_value().or_else(|| record.old_value()).ok_or(Gap::Content("resourceNewValue"))?;
    let shown = partnership(&node, scribe).ok_or(Gap::Content("resourceNewValue.Id"))?;
    match shown.side {
        Side::Provider => Ok(Pair { provider: partner, reseller: shown.other, reseller_partner_id: shown.partner_id }),
        Side::Reseller => Ok(Pair { provider: shown.other, reseller: partner, reseller_partner_id: None }),
        Side::Unknown => Err(Gap::Content("resourceNewValue.RelationshipType")),
    }
}

/// The partner ID that an account is now associated with.
pub(super) fn partner_id_associated(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Telling {
    let partner = record.partner()?;
    let shown = record.new_value().and_then(|node| {
        let name = if node.has("mpnId") { "mpnId" } else { "partnerId" };
        node.id::<PartnerId>(name, scribe)
    });
    let partner_id = shown.or_else(|| record.customized("MpnId").and_then(|id| id.parse().ok()));
    let partner_id = partner_id.ok_or(Gap::Content("resourceNewValue.MpnId"))?;
    let seen = PartnerObserved {
        partner,
        name: None,
        partner_id: Some(partner_id),
        agreement_signed: None,
        indirect_reseller_enrolment: None,
    };
    Ok(record.of_partner(partner, vec![Event::PartnerObserved(seen)]))
}
