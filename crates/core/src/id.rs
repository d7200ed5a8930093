//! The identifiers of the field, each a type of its own so that they cannot be swapped.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;
use uuid::Uuid;

use crate::text::read_text;

/// Longest textual identifier that is accepted, in bytes.
pub const ID_BYTES_MAX: usize = 256;

/// Why a text is not the identifier it should be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdError {
    /// Not a GUID.
    #[error("`{text}` is not a GUID")]
    NotAGuid {
        /// The text as given.
        text: String,
    },
    /// Empty, longer than [`ID_BYTES_MAX`] or with control characters.
    #[error("`{text}` is empty, longer than {ID_BYTES_MAX} bytes or holds control characters")]
    NotAToken {
        /// The text as given.
        text: String,
    },
    /// Not the id of a granular relationship.
    #[error("`{text}` is not the id of a granular relationship: two GUIDs in lower case joined by a hyphen")]
    NotAGdapRelationship {
        /// The text as given.
        text: String,
    },
    /// Not SHA-256 as text.
    #[error("`{text}` is not a SHA-256: 64 hexadecimal digits in lower case")]
    NotADigest {
        /// The text as given.
        text: String,
    },
    /// Not a verifier key of signed notes.
    #[error("`{text}` is not a verifier key: name, eight hexadecimal digits and base64, joined by `+`")]
    NotACheckpointKey {
        /// The text as given.
        text: String,
    },
    /// Not the origin of a log.
    #[error("`{text}` is not an origin: 1 to 255 printable characters without space and `+`")]
    NotAnOrigin {
        /// The text as given.
        text: String,
    },
    /// Not a decimal partner ID.
    #[error("`{text}` is not a partner ID: 1 to 12 decimal digits")]
    NotAPartnerId {
        /// The text as given.
        text: String,
    },
}

macro_rules! guid_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The identifier of a GUID that is already parsed.
            #[must_use]
            pub const fn new(guid: Uuid) -> Self {
                Self(guid)
            }

            /// The GUID itself.
            #[must_use]
            pub const fn guid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut text = Uuid::encode_buffer();
                f.pad(self.0.hyphenated().encode_lower(&mut text))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            /// Reads a hyphenated or bare GUID in either case.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text.trim())
                    .map(Self)
                    .map_err(|_| IdError::NotAGuid { text: text.to_owned() })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut text = Uuid::encode_buffer();
                serializer.serialize_str(self.0.hyphenated().encode_lower(&mut text))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read_text(deserializer, str::parse)
            }
        }
    };
}

guid_id! {
    /// A customer's Entra tenant: the Microsoft ID, `customerId`, `customer-tenant-id`.
    CustomerId
}
guid_id! {
    /// A partner's Entra tenant.
    PartnerTenantId
}
guid_id! {
    /// A subscription's id. Legacy ids come in upper case and are compared
    /// without regard to case, so a GUID is the right type.
    SubscriptionId
}
guid_id! {
    /// An access assignment of a granular relationship.
    AccessAssignmentId
}
guid_id! {
    /// A security group in a partner's tenant: the access container of an assignment.
    SecurityGroupId
}
guid_id! {
    /// An Entra role by its template: `roleDefinitionId`.
    RoleId
}
guid_id! {
    /// A person whose personal fields are sealed, without any word of who it is (rule L-10).
    SubjectId
}
guid_id! {
    /// A command's id: the idempotency key (`MS-RequestId`, rule L-3).
    CommandId
}

impl CustomerId {
    /// The same tenant in the role of a partner, to compare across roles (rule R-9).
    #[must_use]
    pub const fn as_partner(self) -> PartnerTenantId {
        PartnerTenantId(self.0)
    }
}

impl PartnerTenantId {
    /// The same tenant in the role of a customer (rule R-8).
    #[must_use]
    pub const fn as_customer(self) -> CustomerId {
        CustomerId(self.0)
    }
}

macro_rules! text_id {
    ($(#[$meta:meta])* $name:ident, $read:expr) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The text as given.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let read: fn(&str) -> Result<Box<str>, IdError> = $read;
                read(text.trim()).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read_text(deserializer, str::parse)
            }
        }
    };
}

fn token(text: &str) -> Result<Box<str>, IdError> {
    if text.is_empty() || text.len() > ID_BYTES_MAX || text.chars().any(char::is_control) {
        return Err(IdError::NotAToken { text: text.to_owned() });
    }
    Ok(text.into())
}

fn gdap_relationship(text: &str) -> Result<Box<str>, IdError> {
    let guids = text.len() == 73 && text.is_ascii() && text.as_bytes().get(36) == Some(&b'-');
    let parts = || [text.get(..36), text.get(37..)];
    if guids && parts().into_iter().flatten().all(|part| Uuid::try_parse(part).is_ok()) && !holds_upper_case(text) {
        return Ok(text.into());
    }
    Err(IdError::NotAGdapRelationship { text: text.to_owned() })
}

fn holds_upper_case(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// A GUID in lower case, as published samples write it; any other token as it is.
fn guid_or_token(text: &str) -> Result<Box<str>, IdError> {
    match Uuid::try_parse(text) {
        Ok(guid) => Ok(guid.hyphenated().to_string().into()),
        Err(_) => token(text),
    }
}

fn decimal_partner_id(text: &str) -> Result<Box<str>, IdError> {
    if text.is_empty() || text.len() > 12 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(IdError::NotAPartnerId { text: text.to_owned() });
    }
    Ok(text.into())
}

fn digest(text: &str) -> Result<Box<str>, IdError> {
    if text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Ok(text.into());
    }
    Err(IdError::NotADigest { text: text.to_owned() })
}

fn origin(text: &str) -> Result<Box<str>, IdError> {
    let fits = (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'+');
    if fits { Ok(text.into()) } else { Err(IdError::NotAnOrigin { text: text.to_owned() }) }
}

/// The shape only: whether the key is one is for whoever verifies with it.
fn checkpoint_key(text: &str) -> Result<Box<str>, IdError> {
    let mut parts = text.splitn(3, '+');
    let (name, id, key) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let fits = origin(name).is_ok()
        && id.len() == 8
        && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && (1..=ID_BYTES_MAX).contains(&key.len())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='));
    if fits { Ok(text.into()) } else { Err(IdError::NotACheckpointKey { text: text.to_owned() }) }
}

text_id! {
    /// A SHA-256 as 64 hexadecimal digits in lower case.
    Digest, digest
}
text_id! {
    /// The name of a log, as its checkpoints carry it.
    LogOrigin, origin
}
text_id! {
    /// The public key of a signer of checkpoints, in the text form of signed notes: `name+id+base64`.
    CheckpointKey, checkpoint_key
}
text_id! {
    /// The name of a hold, as those who placed it call it.
    HoldId, token
}
text_id! {
    /// Why somebody did something, in words.
    Reason, token
}
text_id! {
    /// By whose order, or on which legal ground, somebody did something.
    Authority, token
}
text_id! {
    /// A ticket or file number, as those who keep it write it.
    TicketId, token
}
text_id! {
    /// The name of who approved what somebody else asked for.
    ApproverName, token
}
text_id! {
    /// A partner ID (MPN ID, PLA ID): decimal digits, as attributed on orders and subscriptions.
    PartnerId, decimal_partner_id
}
text_id! {
    /// A granular delegated admin relationship (GDAP): two GUIDs in lower case joined by a hyphen.
    GdapRelationshipId, gdap_relationship
}
text_id! {
    /// A user of a partner's tenant as a source names it: a user principal name or an object id.
    UserName, token
}
text_id! {
    /// An order's id: a GUID (legacy) or a 33-character token.
    OrderId, token
}
text_id! {
    /// What was bought: a legacy offer GUID or `productId:skuId:availabilityId`.
    ProductId, token
}
text_id! {
    /// The name of an online service that delegated administration covers, such as `Office 365`; an open vocabulary (rule L-8).
    ServiceName, token
}
text_id! {
    /// An ISO 3166 country or region code naming a market, in upper case as sources give it.
    Market, token
}
text_id! {
    /// A transfer's id: a GUID where Partner Center gave it, compared without regard to case; the support
    /// ticket's number where a change of provider was made by hand.
    TransferId, guid_or_token
}
text_id! {
    /// A workload that a claiming partner of record is claimed for, such as `Exchange Online`; an open vocabulary (rule L-8).
    Workload, token
}
