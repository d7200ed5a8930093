//! The vocabulary and the rules of cloud reseller relationships, and nothing that touches the world.

pub mod actor;
pub mod command;
pub mod decide;
pub mod decision;
pub mod effect;
pub mod entra_role;
pub mod event;
pub mod evidence;
pub mod fold;
pub mod ground;
pub mod id;
pub mod personal;
pub mod policy;
pub mod precedence;
pub mod refusal;
pub mod rule;
pub mod state;
pub mod stream;
pub mod time;
pub mod vocabulary;

mod apply;
mod text;
mod wire;

pub use crate::actor::{Actor, ActorKind, Role};
pub use crate::command::{Command, ParsedCommand, Request, Subject};
pub use crate::decide::{Streams, When, decide, partners_named, partners_needed, streams_written};
pub use crate::decision::{Decision, Entry, Outcome};
pub use crate::event::{Event, Family};
pub use crate::evidence::{AuditHeader, Completeness, CustomizedPair, Evidence, SourceSystem};
pub use crate::fold::{Cell, EventRef, Fact, History, Stamp, State};
pub use crate::id::{
    AccessAssignmentId, ApproverName, Authority, CheckpointKey, CommandId, CustomerId, Digest, GdapRelationshipId,
    HoldId, LogOrigin, Market, OrderId, PartnerId, PartnerTenantId, ProductId, Reason, RoleId, SecurityGroupId,
    ServiceName, SubjectId, SubscriptionId, TicketId, TransferId, UserName, Workload,
};
pub use crate::policy::{Cloud, Policy, PolicyRef};
pub use crate::refusal::{Ground, Refusal, Upstream};
pub use crate::state::{Custody, Customer, GdapRelationship, GdapStatusAt, Partner};
pub use crate::stream::{StreamId, StreamVersion};
pub use crate::time::Timestamp;
