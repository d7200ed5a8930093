//! Partner Center's resources, wherever they stand: read over REST, or as old and new value of an audit record.

pub(crate) mod agreement;
pub(crate) mod customer;
pub(crate) mod granular;
pub(crate) mod granular_step;
pub(crate) mod order;
pub(crate) mod partnership;
pub(crate) mod product;
pub(crate) mod subscription;
pub(crate) mod transfer;

use ofrecord_core::CustomerId;

use crate::document::Page;
use crate::node::Node;
use crate::uri;

/// The customer that the addresses of a resource, or of the collection it came in, name.
pub(crate) fn customer_of_links(node: &Node<'_>, page: &Page) -> Option<CustomerId> {
    let links = node.links();
    links.into_iter().chain(page.self_uri.as_deref()).find_map(|link| uri::id_after(link, "customers"))
}
