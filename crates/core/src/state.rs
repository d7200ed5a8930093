//! What folding a stream leaves: a customer, a partner and the ledger's own custody as the rules and the views see them, every value with the event that set it.
//!
//! The columns of the effect matrix are separate types here, so that the fold
//! of an event family can be given only the columns it may change.

pub mod access;
pub mod custody;
pub mod customer;
pub mod granular;
pub mod partner;
mod shared_map;
pub mod subscription;
pub mod transfer;

pub use self::access::{Access, DapEnd, DapGrant};
pub use self::custody::Custody;
pub use self::customer::{Agreement, Customer, Establishment, Profile, Relationship, ResellerSet};
pub use self::granular::{AccessAssignment, GdapRelationship, GdapStatusAt, GranularRelationships};
pub use self::partner::{Invitation, Partner, Partnership, SecurityGroup};
pub use self::shared_map::{Iter, SharedMap};
pub use self::subscription::{
    CporAssociation, CporClaim, PartnersOfRecord, StatusAt, Subscription, Subscriptions, Terms,
};
pub use self::transfer::{Transfer, TransferStatusAt, Transfers};
