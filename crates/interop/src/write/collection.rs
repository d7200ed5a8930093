//! What stands around the items of a collection.

use super::parts::{attributes, self_link};
use super::shape::{Properties, Shape};

/// Where the metadata of Microsoft Graph's collections stands.
const GRAPH_METADATA: &str = "https://graph.microsoft.com/v1.0/tenantRelationships/$metadata";

/// A collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Collection {
    /// One of Partner Center, by the address that it would be read from.
    PartnerCenter(String),
    /// One of Microsoft Graph, by its name.
    Graph(&'static str),
}

impl Collection {
    /// The collection of Partner Center that is read from an address.
    #[must_use]
    pub fn at(uri: impl Into<String>) -> Self {
        Self::PartnerCenter(uri.into())
    }

    /// The name under which the items stand.
    #[must_use]
    pub fn name_of_items(&self) -> &'static str {
        match self {
            Self::PartnerCenter(_) => "items",
            Self::Graph(_) => "value",
        }
    }

    /// What is said before the items, when how many there are is not known yet.
    #[must_use]
    pub fn ahead(&self) -> Properties {
        match self {
            Self::PartnerCenter(_) => Properties::new(),
            Self::Graph(name) => Properties::new().put("@odata.context", format!("{GRAPH_METADATA}#{name}")),
        }
    }

    /// What is said of the items once they are counted.
    #[must_use]
    pub fn behind(&self, total: u64) -> Properties {
        match self {
            Self::PartnerCenter(_) => Properties::new().put("totalCount", total).and(self.last()),
            Self::Graph(_) => Properties::new(),
        }
    }

    /// The collection with its items, in the published order.
    #[must_use]
    pub fn of(&self, items: Vec<Shape>) -> Shape {
        let total = u64::try_from(items.len()).unwrap_or(u64::MAX);
        let first = match self {
            Self::PartnerCenter(_) => Properties::new().put("totalCount", total),
            Self::Graph(_) => self.ahead(),
        };
        first.put(self.name_of_items(), items).and(self.last()).into()
    }

    fn last(&self) -> Properties {
        match self {
            Self::PartnerCenter(uri) => {
                Properties::new().put("links", self_link(uri)).put("attributes", attributes("Collection"))
            }
            Self::Graph(_) => Properties::new(),
        }
    }
}
