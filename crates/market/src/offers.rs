//! What is sold in the generated histories: published offers, with the limits that the price list states.

use std::collections::BTreeSet;

use ofrecord_core::command::subscription::Product;
use ofrecord_core::vocabulary::ProductFamily;

/// An offer as published.
#[derive(Debug)]
pub(crate) struct Offer {
    /// Offer id or catalogue item.
    id: &'static str,
    /// Name.
    name: &'static str,
    /// Family whose lifecycle it follows.
    family: ProductFamily,
    /// The service it belongs to.
    pub(crate) service: &'static str,
    /// Largest quantity sold.
    quantity_max: u64,
    /// Index of the offer that it is often upgraded to.
    pub(crate) upgrade: Option<u8>,
}

/// The offers, grouped so that neighbours belong to one service.
pub(crate) const OFFERS: &[Offer] = &[
    Offer {
        id: "BD938F12-058F-4927-BBA3-AE36B1D2501C",
        name: "Office 365 Business Essentials",
        family: ProductFamily::LegacyLicense,
        service: "Office 365",
        quantity_max: 300,
        upgrade: Some(1),
    },
    Offer {
        id: "031C9E47-4802-4248-838E-778FB1D2CC05",
        name: "Office 365 Business Premium",
        family: ProductFamily::LegacyLicense,
        service: "Office 365",
        quantity_max: 300,
        upgrade: Some(2),
    },
    Offer {
        id: "796B6B5F-613C-4E24-A17C-EBA730D49C02",
        name: "Office 365 Enterprise E3",
        family: ProductFamily::LegacyLicense,
        service: "Office 365",
        quantity_max: 10_000_000,
        upgrade: None,
    },
    Offer {
        id: "79C29AF7-3CD0-4A6F-B182-A81E31DEC84E",
        name: "Enterprise Mobility + Security E3",
        family: ProductFamily::LegacyLicense,
        service: "Enterprise Mobility",
        quantity_max: 10_000_000,
        upgrade: None,
    },
    Offer {
        id: "E5AEEDC5-E2F0-4099-AA45-95802034D7F8",
        name: "Dynamics 365 for Sales Enterprise",
        family: ProductFamily::LegacyLicense,
        service: "Dynamics CRM Online",
        quantity_max: 10_000_000,
        upgrade: None,
    },
    Offer {
        id: "CFQ7TTC0LH18:0001:CFQ7TTC0K971",
        name: "Microsoft 365 Business Basic",
        family: ProductFamily::NewCommerceLicense,
        service: "Office 365",
        quantity_max: 300,
        upgrade: None,
    },
    Offer {
        id: "CFQ7TTC0LF8Q:0001:CFQ7TTC0K39X",
        name: "Office 365 E1",
        family: ProductFamily::NewCommerceLicense,
        service: "Office 365",
        quantity_max: 10_000_000,
        upgrade: None,
    },
];

/// The trial that some customers begin with.
pub(crate) const TRIAL: Offer = Offer {
    id: "C0BD2E08-11AC-4836-BDC7-3712E744922F",
    name: "Office 365 Business Premium Trial",
    family: ProductFamily::LegacyLicense,
    service: "Office 365",
    quantity_max: 25,
    upgrade: Some(1),
};

impl Offer {
    /// The offer as an order line names it. The ids above are constants of this file and always valid.
    pub(crate) fn product(&self) -> Option<Product> {
        Some(Product {
            id: self.id.parse().ok()?,
            name: self.name.to_owned(),
            family: self.family.clone(),
            service: self.service.parse().ok(),
            quantity_min: Some(if self.quantity_max == 25 { 25 } else { 1 }),
            quantity_max: Some(self.quantity_max),
            markets: BTreeSet::new(),
        })
    }

    /// Whether the new-commerce lifecycle applies.
    pub(crate) fn is_new_commerce(&self) -> bool {
        self.family.is_new_commerce()
    }
}
