//! Readable ids: the same name gives the same GUID, and a short name can be read in its last digits.

use ofrecord_core::{
    AccessAssignmentId, CommandId, CustomerId, GdapRelationshipId, PartnerTenantId, SecurityGroupId, SubscriptionId,
    TransferId, UserName,
};
use uuid::Uuid;

/// Longest name that is written into the GUID itself.
const LETTERS_MAX: usize = 6;

fn guid(kind: u32, name: &str) -> Uuid {
    let low = if name.len() <= LETTERS_MAX {
        name.bytes().fold(0, |number, letter| (number << 8) | u64::from(letter))
    } else {
        // FNV-1a, cut to the 48 bits that the last group has.
        name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, letter| {
            (hash ^ u64::from(letter)).wrapping_mul(0x0000_0100_0000_01b3)
        }) & 0xffff_ffff_ffff
    };
    Uuid::from_u128((u128::from(kind) << 96) | (0x4000_8000_u128 << 48) | u128::from(low))
}

/// The tenant of a partner called so.
#[must_use]
pub fn partner(name: &str) -> PartnerTenantId {
    PartnerTenantId::new(guid(0xa000_0000, name))
}

/// The tenant of a customer called so.
#[must_use]
pub fn customer(name: &str) -> CustomerId {
    CustomerId::new(guid(0xc000_0000, name))
}

/// The subscription called so.
#[must_use]
pub fn subscription(name: &str) -> SubscriptionId {
    SubscriptionId::new(guid(0x5000_0000, name))
}

/// The transfer called so.
#[must_use]
pub fn transfer(name: &str) -> TransferId {
    crate::product::text(&guid(0x7000_0000, name).to_string())
}

/// The granular relationship called so.
#[must_use]
#[expect(clippy::expect_used, reason = "two GUIDs in lower case joined by a hyphen are such an id")]
pub fn granular(name: &str) -> GdapRelationshipId {
    format!("{}-{}", guid(0x6000_0000, name), guid(0x6100_0000, name)).parse().expect("the id of a relationship")
}

/// The access assignment called so.
#[must_use]
pub fn assignment(name: &str) -> AccessAssignmentId {
    AccessAssignmentId::new(guid(0x7100_0000, name))
}

/// The security group called so.
#[must_use]
pub fn group(name: &str) -> SecurityGroupId {
    SecurityGroupId::new(guid(0x8000_0000, name))
}

/// The user called so, in the tenant of some partner.
#[must_use]
#[expect(clippy::expect_used, reason = "the names are written in tests; one that is no name is a mistake there")]
pub fn user(name: &str) -> UserName {
    format!("{name}@partner.example").parse().expect("a user's name")
}

/// The command of a number, within a family of commands such as one seed's.
#[must_use]
pub fn command(family: u64, number: u64) -> CommandId {
    let high = u128::from(family & 0xffff_ffff);
    CommandId::new(Uuid::from_u128((high << 96) | (0x4000_9000_u128 << 48) | u128::from(number & 0xffff_ffff_ffff)))
}
