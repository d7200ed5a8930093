//! Streams: all entries that touch one customer, one partner, or the ledger itself (the units of consistency and of reading).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::id::{CustomerId, PartnerTenantId};
use crate::text::read_text;

/// The name of a stream: `customer/<guid>`, `partner/<guid>` or `ledger`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StreamId {
    /// All entries that touch a customer.
    Customer(CustomerId),
    /// All entries that touch a partner's account.
    Partner(PartnerTenantId),
    /// All entries on the ledger's own custody.
    Ledger,
}

/// A text that is not a stream's name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a stream like customer/<guid>, partner/<guid> or ledger")]
pub struct StreamIdError {
    /// The text as given.
    pub text: String,
}

/// A stream and how many entries of it were read: part of a decision's read set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamVersion {
    /// The stream.
    pub stream: StreamId,
    /// How many entries it had.
    pub version: u64,
}

impl StreamId {
    /// The customer, where it is a customer's stream.
    #[must_use]
    pub fn customer(self) -> Option<CustomerId> {
        match self {
            Self::Customer(customer) => Some(customer),
            Self::Partner(_) | Self::Ledger => None,
        }
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customer(id) => write!(f, "customer/{id}"),
            Self::Partner(id) => write!(f, "partner/{id}"),
            Self::Ledger => f.write_str("ledger"),
        }
    }
}

impl FromStr for StreamId {
    type Err = StreamIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || StreamIdError { text: text.to_owned() };
        if text == "ledger" {
            return Ok(Self::Ledger);
        }
        let (kind, id) = text.split_once('/').ok_or_else(error)?;
        match kind {
            "customer" => id.parse().map(Self::Customer).map_err(|_| error()),
            "partner" => id.parse().map(Self::Partner).map_err(|_| error()),
            _ => Err(error()),
        }
    }
}

impl Serialize for StreamId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StreamId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, str::parse)
    }
}
