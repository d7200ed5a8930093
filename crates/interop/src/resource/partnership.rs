//! The partner relationship resource: provider and reseller.

use ofrecord_core::{Market, PartnerId, PartnerTenantId};

use crate::node::Node;
use crate::scribe::Scribe;
use crate::word::snake_case;

/// What a partner relationship resource says of the other partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Partnership {
    /// The other partner.
    pub(crate) other: PartnerTenantId,
    /// What the reader of the list is to the other.
    pub(crate) side: Side,
    pub(crate) name: Option<String>,
    pub(crate) partner_id: Option<PartnerId>,
    pub(crate) market: Option<Market>,
    /// `state`, verbatim; a list of one customer's resellers shows none.
    pub(crate) state: Option<String>,
}

/// Whose list a partner relationship stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The provider's: the other is a reseller.
    Provider,
    /// The reseller's: the other is a provider.
    Reseller,
    /// The source's word is not one of the two.
    Unknown,
}

/// Reads a partner relationship; none when it names no partner.
pub(crate) fn partnership(node: &Node<'_>, scribe: &mut Scribe<'_>) -> Option<Partnership> {
    let other = node.required_id("id", scribe)?;
    let kind = node.text("relationshipType").unwrap_or_default();
    let side = match snake_case(kind).as_str() {
        "is_indirect_cloud_solution_provider_of" => Side::Provider,
        "is_indirect_reseller_of" => Side::Reseller,
        _ => {
            scribe.unrecognised(&node.path("relationshipType"), kind);
            Side::Unknown
        }
    };
    let partner_id = if node.has("mpnId") { "mpnId" } else { "partnerId" };
    Some(Partnership {
        other,
        side,
        name: node.text("name").map(str::to_owned),
        partner_id: node.id(partner_id, scribe),
        market: node.id("location", scribe),
        state: node.text("state").map(str::to_owned),
    })
}
