//! What is written of a partner's account: its resellers, and the link by which it asks for a relationship.

use std::collections::BTreeMap;

use ofrecord_core::{Partner, PartnerTenantId, StreamId};
use ofrecord_interop::write::{self, Collection};
use ofrecord_ledger::ReadFailure;

use super::Asked;
use super::document::Document;
use crate::failure::Failure;

fn account(asked: &Asked<'_>, partner: PartnerTenantId) -> Result<Partner, Failure> {
    let inquiry = asked.inquiry;
    let record = inquiry.reader.partner(partner, &inquiry.snapshot)?;
    if record.entries().is_empty() {
        let stream = StreamId::Partner(partner).to_string();
        return Err(ReadFailure::NotFound { stream, size: inquiry.snapshot.basis.tree_size }.into());
    }
    Ok(record.state(&inquiry.viewpoint()))
}

/// The provider's indirect resellers.
pub(super) fn indirect_resellers(
    asked: &Asked<'_>,
    provider: PartnerTenantId,
    document: &mut Document<'_>,
) -> Result<u64, Failure> {
    let account = account(asked, provider)?;
    let inquiry = asked.inquiry;
    let mut resellers = BTreeMap::new();
    for (_, reseller) in account.partnerships.keys() {
        let record = inquiry.reader.partner(*reseller, &inquiry.snapshot)?;
        resellers.insert(*reseller, record.state(&inquiry.viewpoint()));
    }
    let items = write::indirect_resellers(provider, &account, &resellers);
    document.collection(Collection::at("/relationships?relationship_type=IsIndirectCloudSolutionProviderOf"), &items)
}

/// The newest link that works.
pub(super) fn relationship_request(
    asked: &Asked<'_>,
    partner: PartnerTenantId,
    document: &mut Document<'_>,
) -> Result<u64, Failure> {
    let link = write::relationship_request(&account(asked, partner)?, asked.inquiry.as_of);
    let what = || format!("a link that a source shows for partner {partner}");
    document.resource(&link.ok_or_else(|| asked.nothing(what()))?)
}
