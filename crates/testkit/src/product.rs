//! Products to order, one or more of every family, with what the price list says of them.

use std::collections::BTreeSet;

use ofrecord_core::command::subscription::{OrderLine, Product};
use ofrecord_core::vocabulary::{AutoRenew, BillingCycle, ProductFamily, TermDuration, Trial};
use ofrecord_core::{Market, ProductId, ServiceName, SubscriptionId};

/// An id or name that is written by hand in a test.
#[expect(clippy::expect_used, reason = "the texts are written in tests; one that is no id is a mistake there")]
pub(crate) fn text<T: std::str::FromStr<Err = ofrecord_core::id::IdError>>(text: &str) -> T {
    text.parse().expect("a text that is an id")
}

/// A market by its code.
#[must_use]
pub fn market(code: &str) -> Market {
    text(code)
}

/// A service by its name.
#[must_use]
pub fn service(name: &str) -> ServiceName {
    text(name)
}

/// A partner ID by its digits.
#[must_use]
pub fn partner_id(digits: &str) -> ofrecord_core::PartnerId {
    text(digits)
}

/// An order by its id.
#[must_use]
pub fn order_id(id: &str) -> ofrecord_core::OrderId {
    text(id)
}

/// A product without limits on quantity and market.
#[must_use]
pub fn product(id: &str, name: &str, family: ProductFamily) -> Product {
    Product {
        id: text::<ProductId>(id),
        name: name.to_owned(),
        family,
        service: None,
        quantity_min: None,
        quantity_max: None,
        markets: BTreeSet::new(),
    }
}

/// Office 365 E3 as sold before new commerce.
#[must_use]
pub fn office_legacy() -> Product {
    Product {
        service: Some(service("Office 365")),
        ..product("796B6B5F-613C-4E24-A17C-EBA730D49C02", "Office 365 Enterprise E3", ProductFamily::LegacyLicense)
    }
}

/// Office 365 E3 of new commerce.
#[must_use]
pub fn office_new_commerce() -> Product {
    Product {
        service: Some(service("Office 365")),
        quantity_min: Some(1),
        quantity_max: Some(10_000),
        ..product("CFQ7TTC0LF8R:0001:CFQ7TTC0K39X", "Office 365 E3", ProductFamily::NewCommerceLicense)
    }
}

/// Every family that orders can name, with a term and a billing cycle that fit it.
#[must_use]
pub fn every_family() -> Vec<(Product, TermDuration, BillingCycle)> {
    use BillingCycle::{Annual, Monthly, OneTime};
    use TermDuration::{None, P1M, P1Y, P3Y};
    let plain = |id, name, family| product(id, name, family);
    vec![
        (office_legacy(), P1Y, Annual),
        (office_new_commerce(), P1Y, Annual),
        (office_new_commerce(), P1M, Monthly),
        (office_new_commerce(), P3Y, Annual),
        (plain("MS-AZR-0145P", "Microsoft Azure", ProductFamily::LegacyAzure), None, Monthly),
        (plain("DZH318Z0BPS6:0001:DZH318Z0BMTX", "Azure plan", ProductFamily::AzurePlan), None, Monthly),
        (plain("DZH318Z08ZSX:003C", "Reserved instance", ProductFamily::AzureReservation), P1Y, OneTime),
        (plain("DG7GMGF0D7D2:0001", "Windows Server 2022", ProductFamily::PerpetualSoftware), None, OneTime),
        (plain("DG7GMGF0D5SL:0004", "SUSE Linux", ProductFamily::SoftwareSubscription), P1Y, Annual),
        (plain("DZH318Z0C0FB:0001", "A marketplace product", ProductFamily::MarketplaceSaas), P1M, Monthly),
    ]
}

/// An order line for some seats of a product.
#[must_use]
pub fn line(
    subscription: SubscriptionId,
    product: Product,
    quantity: u64,
    term: TermDuration,
    billing_cycle: BillingCycle,
) -> OrderLine {
    OrderLine {
        subscription,
        product,
        quantity,
        term,
        billing_cycle,
        auto_renew: AutoRenew::On,
        trial: Trial::Paid,
        parent: None,
        partner_id_on_record: None,
        additional_partner_ids_on_record: BTreeSet::new(),
        price_terms: None,
        entitlement: None,
    }
}
