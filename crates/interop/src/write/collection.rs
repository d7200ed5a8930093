//! What stands around the items of a collection.

use super::parts::{attributes, self_link};
use super::shape::{Properties, Shape};

/// Where the metadata of Microsoft Graph's collections stands.
const GRAPH_METADATA: &str = "https://graph.microsoft.com/v1.0/tenantRelationships/$metadata";

/// Where the items of a collection go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The address of the next page.
    pub address: String,
    /// What Partner Center wants to be shown with it, in the header `MS-ContinuationToken`.
    pub token: String,
}

impl Next {
    fn link(&self) -> Properties {
        let header = Properties::new().put("key", "MS-ContinuationToken").put("value", self.token.as_str());
        let headers = vec![Shape::from(header)];
        Properties::new().put("uri", self.address.as_str()).put("method", "GET").put("headers", headers)
    }
}

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

    /// One page of the collection: its items, how many there are in all where that was counted, and where those that
    /// come next are.
    #[must_use]
    pub fn page(&self, items: Vec<Shape>, counted: Option<u64>, next: Option<&Next>) -> Shape {
        let total = u64::try_from(items.len()).unwrap_or(u64::MAX);
        let address = next.map(|next| next.address.as_str());
        match self {
            Self::PartnerCenter(uri) => {
                let token = next.map(|next| next.token.as_str());
                let links = self_link(uri).put_if("next", next.map(Next::link));
                let page = Properties::new().put("totalCount", counted.unwrap_or(total)).put("items", items);
                page.put("links", links)
                    .put_if("continuationToken", token)
                    .put("attributes", attributes("Collection"))
                    .into()
            }
            Self::Graph(_) => {
                let ahead = self.ahead().put_if("@odata.count", counted).put_if("@odata.nextLink", address);
                ahead.put("value", items).into()
            }
        }
    }

    /// A resource alone, as the answer that has nothing else in it.
    #[must_use]
    pub fn alone(&self, resource: Shape) -> Shape {
        match resource {
            Shape::Object(properties) => self.ahead().and(properties).into(),
            other @ (Shape::Null | Shape::Flag(_) | Shape::Number(_) | Shape::Text(_) | Shape::List(_)) => other,
        }
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
