//! The parts that every resource of Partner Center has: links, attributes and instants.

use ofrecord_core::{Market, ProductId, Timestamp};

use super::shape::{Properties, Shape};

/// An address to be read.
pub(super) fn link(uri: impl Into<String>) -> Properties {
    Properties::new().put("uri", uri.into()).put("method", "GET").put("headers", Shape::List(Vec::new()))
}

/// The links of a resource that has only its own address.
pub(super) fn self_link(uri: impl Into<String>) -> Properties {
    Properties::new().put("self", link(uri))
}

/// What kind of resource it is.
pub(super) fn attributes(object_type: &str) -> Properties {
    Properties::new().put("objectType", object_type)
}

/// The links to what was bought: to the three parts of a catalogue item, or to a legacy offer.
pub(super) fn product_links(product: &ProductId, market: Option<&Market>) -> Properties {
    let country = market.map(|market| format!("?country={market}")).unwrap_or_default();
    let parts: Vec<&str> = product.as_str().split(':').collect();
    let [product, sku, availability] = parts.as_slice() else {
        return Properties::new().put("offer", link(format!("/offers/{product}{country}")));
    };
    let (product, sku) = (format!("/products/{product}"), format!("/products/{product}/skus/{sku}"));
    Properties::new()
        .put("product", link(format!("{product}{country}")))
        .put("sku", link(format!("{sku}{country}")))
        .put("availability", link(format!("{sku}/availabilities/{availability}{country}")))
}

/// An instant as Partner Center writes it: in UTC, without zeros at the end of the fraction.
pub(super) fn instant(at: Timestamp) -> Shape {
    let text = at.to_string();
    let whole = text.trim_end_matches('Z').trim_end_matches('0').trim_end_matches('.');
    Shape::Text(format!("{whole}Z"))
}

/// An instant as agreements write it: with three digits of the fraction.
pub(super) fn instant_of_agreement(at: Timestamp) -> Shape {
    let text = at.to_string();
    let millis = text.len().saturating_sub("0000Z".len());
    Shape::Text(format!("{}Z", text.get(..millis).unwrap_or(&text)))
}
