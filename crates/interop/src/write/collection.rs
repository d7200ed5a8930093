//! What stands around the items of a collection.

use super::parts::{attributes, self_link};
use super::shape::{Properties, Shape};

/// A collection of Partner Center.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Collection {
    /// The address it would be read from.
    pub uri: Option<String>,
}

impl Collection {
    /// The collection that is read from an address.
    #[must_use]
    pub fn at(uri: impl Into<String>) -> Self {
        Self { uri: Some(uri.into()) }
    }

    /// The name under which the items stand.
    #[must_use]
    pub fn name_of_items(&self) -> &'static str {
        "items"
    }

    /// What is said of the items once they are counted.
    #[must_use]
    pub fn around(&self, total: u64) -> Properties {
        Properties::new().put("totalCount", total).and(self.behind())
    }

    /// The collection with its items, in the published order.
    #[must_use]
    pub fn of(&self, items: Vec<Shape>) -> Shape {
        let total = u64::try_from(items.len()).unwrap_or(u64::MAX);
        Properties::new().put("totalCount", total).put(self.name_of_items(), items).and(self.behind()).into()
    }

    fn behind(&self) -> Properties {
        let links = self.uri.as_ref().map(self_link);
        Properties::new().put_if("links", links).put("attributes", attributes("Collection"))
    }
}
