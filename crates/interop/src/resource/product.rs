//! What was bought, and the family whose lifecycle it follows.

use ofrecord_core::ProductId;
use ofrecord_core::command::subscription::Product;
use ofrecord_core::vocabulary::{ProductFamily, TermDuration};
use uuid::Uuid;

use crate::node::Node;
use crate::scribe::Scribe;
use crate::uri;

/// The product of a subscription or of an order line; `microsoft` says whether it is Microsoft's own, where known.
pub(crate) fn product(
    node: &Node<'_>,
    term: Option<&TermDuration>,
    microsoft: Option<bool>,
    scribe: &mut Scribe<'_>,
) -> Option<Product> {
    let id: ProductId = if node.text("offerId").is_some() { node.id("offerId", scribe)? } else { linked_offer(node)? };
    let name = ["offerName", "friendlyName"].into_iter().find_map(|name| node.text(name));
    Some(Product {
        name: name.map_or_else(|| id.to_string(), str::to_owned),
        family: family(node, &id, term, microsoft, scribe),
        id,
        service: None,
        quantity_min: None,
        quantity_max: None,
        markets: std::collections::BTreeSet::new(),
    })
}

/// A product of which only the id is said.
pub(crate) fn product_by_id(id: ProductId, name: Option<&str>) -> Product {
    Product {
        name: name.map_or_else(|| id.to_string(), str::to_owned),
        family: family_by_id(&id, None),
        id,
        service: None,
        quantity_min: None,
        quantity_max: None,
        markets: std::collections::BTreeSet::new(),
    }
}

fn linked_offer(node: &Node<'_>) -> Option<ProductId> {
    node.links().into_iter().find_map(|link| uri::id_after(link, "offers"))
}

fn family(
    node: &Node<'_>,
    id: &ProductId,
    term: Option<&TermDuration>,
    microsoft: Option<bool>,
    scribe: &mut Scribe<'_>,
) -> ProductFamily {
    let Some(kind) = node.object("productType").and_then(|kind| kind.text("id")) else {
        return family_by_id(id, microsoft);
    };
    match kind.to_ascii_lowercase().as_str() {
        "onlineservicesnce" => ProductFamily::NewCommerceLicense,
        "azureplan" => ProductFamily::AzurePlan,
        "azurereservation" | "reservedinstance" | "virtualmachinereservedinstance" => ProductFamily::AzureReservation,
        "software" if matches!(term, None | Some(TermDuration::None)) => ProductFamily::PerpetualSoftware,
        "software" => ProductFamily::SoftwareSubscription,
        "saas" => ProductFamily::MarketplaceSaas,
        _ => {
            scribe.unrecognised(&node.path("productType.id"), kind);
            ProductFamily::Unrecognised(kind.into())
        }
    }
}

/// The family by the form of the id: a GUID is a legacy offer,
/// `MS-AZR-` a legacy Azure one; of the catalogue items only those that are
/// always licences are told apart, the others stay open rather than guessed.
fn family_by_id(id: &ProductId, microsoft: Option<bool>) -> ProductFamily {
    let text = id.as_str();
    if Uuid::try_parse(text).is_ok() {
        ProductFamily::LegacyLicense
    } else if text.to_ascii_uppercase().starts_with("MS-AZR-") {
        ProductFamily::LegacyAzure
    } else if text.starts_with("CFQ7TTC0") {
        ProductFamily::NewCommerceLicense
    } else if microsoft == Some(false) {
        ProductFamily::MarketplaceSaas
    } else {
        ProductFamily::NotStated
    }
}
