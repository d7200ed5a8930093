//! Commands: requests to change the record, imperative, one struct each, grouped by the family of their rules.

pub mod agreement;
pub mod custody;
pub mod gdap;
pub mod ledger;
pub mod partner;
pub mod partner_of_record;
pub mod relationship;
pub mod subscription;
pub mod transfer;

mod parse;
mod stated;

use serde::{Deserialize, Serialize};

pub use self::parse::{BeyondScope, CommandError, ParsedCommand};
pub use self::stated::StatedCommand;
use crate::actor::Actor;
use crate::evidence::Evidence;
use crate::id::{CommandId, CustomerId};
use crate::time::Timestamp;

macro_rules! commands {
    ($($(#[$meta:meta])* $name:ident($path:path) on $subject:ident,)+) => {
        /// A request to the ledger, tagged by `type` in its JSON form.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "type")]
        pub enum Command {
            $($(#[$meta])* $name($path),)+
        }

        impl Command {
            /// Every command's name, in the order of the reference.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name),)+];

            /// The command's name.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($name),)+
                }
            }

            /// Whose stream the command is decided in.
            #[must_use]
            pub fn subject(&self) -> Subject {
                match self {
                    $(Self::$name(_) => Subject::$subject,)+
                }
            }

            /// The subject of a command by its name; none for a name that is no command's.
            #[must_use]
            pub fn subject_of(name: &str) -> Option<Subject> {
                match name {
                    $(stringify!($name) => Some(Subject::$subject),)+
                    _ => None,
                }
            }
        }
    };
}

/// Whose stream a command is decided in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A customer's; the request must name the customer.
    Customer,
    /// A partner's account; the request must not name a customer.
    Partner,
    /// A partner's account; the request may name the customer it is meant for.
    PartnerForCustomer,
    /// A partner's account and a customer; the request must name the customer.
    PartnerAndCustomer,
    /// A customer's or the partner's own, as the content says.
    Either,
    /// The ledger's own; the request must not name a customer.
    Ledger,
}

commands! {
    /// Make a partner account known.
    RegisterPartner(partner::RegisterPartner) on Partner,
    /// Change what is known of a partner account.
    UpdatePartner(partner::UpdatePartner) on Partner,
    /// Suspend a partner account.
    SuspendPartnerAccount(partner::SuspendPartnerAccount) on Partner,
    /// Reinstate a suspended partner account.
    ReinstatePartnerAccount(partner::ReinstatePartnerAccount) on Partner,
    /// Record that the partner accepted the Microsoft Partner Agreement.
    AcceptPartnerAgreement(partner::AcceptPartnerAgreement) on Partner,
    /// Invite an indirect reseller to a partnership with a provider.
    InvitePartner(partner::InvitePartner) on Partner,
    /// Accept a provider's partnership invitation.
    AcceptPartnership(partner::AcceptPartnership) on Partner,
    /// End a provider–reseller partnership.
    RemovePartnership(partner::RemovePartnership) on Partner,
    /// Ask for a reseller relationship: create the reusable link.
    RequestResellerRelationship(relationship::RequestResellerRelationship) on PartnerForCustomer,
    /// Make a customer known.
    RegisterCustomer(relationship::RegisterCustomer) on Customer,
    /// Change what is known of a customer.
    UpdateCustomer(relationship::UpdateCustomer) on Customer,
    /// Accept a partner's link as the customer.
    AcceptResellerRelationship(relationship::AcceptResellerRelationship) on Customer,
    /// Extend a relationship to a provider, as a direct-bill partner who becomes its reseller.
    ExtendResellerRelationship(relationship::ExtendResellerRelationship) on Customer,
    /// Create the customer's tenant as a partner.
    CreateCustomer(relationship::CreateCustomer) on Customer,
    /// Remove the reseller relationship as the partner.
    RemoveResellerRelationship(relationship::RemoveResellerRelationship) on Customer,
    /// Delete a customer of the integration sandbox.
    DeleteCustomer(relationship::DeleteCustomer) on Customer,
    /// Associate an indirect reseller with the customer's account.
    SetAssociatedPartner(relationship::SetAssociatedPartner) on Customer,
    /// Grant delegated administration privileges.
    GrantDap(relationship::GrantDap) on Customer,
    /// Remove delegated administration privileges.
    RemoveDap(relationship::RemoveDap) on Customer,
    /// Record that Microsoft ended delegated administration privileges.
    RecordMicrosoftDapTermination(relationship::RecordMicrosoftDapTermination) on Customer,
    /// Record an Azure role assignment of a partner.
    RecordAzureRoleAssignment(relationship::RecordAzureRoleAssignment) on Customer,
    /// Record that an Azure role assignment is gone.
    RecordAzureRoleRemoval(relationship::RecordAzureRoleRemoval) on Customer,
    /// Make a granular relationship.
    CreateGdapRelationship(gdap::CreateGdapRelationship) on PartnerForCustomer,
    /// Change a granular relationship before it is locked.
    UpdateGdapRelationship(gdap::UpdateGdapRelationship) on PartnerForCustomer,
    /// Delete a granular relationship before it is locked.
    DeleteGdapRelationship(gdap::DeleteGdapRelationship) on PartnerForCustomer,
    /// Lock a granular relationship, so that the customer can answer.
    LockGdapForApproval(gdap::LockGdapForApproval) on PartnerForCustomer,
    /// Approve a granular relationship, as the customer or as the reseller it was made for.
    ApproveGdap(gdap::ApproveGdap) on PartnerForCustomer,
    /// Say no, as the reseller, to a granular relationship that the provider made for it.
    RejectGdap(gdap::RejectGdap) on PartnerForCustomer,
    /// Record that an approved granular relationship came into force.
    ActivateGdap(gdap::ActivateGdap) on PartnerAndCustomer,
    /// Ask for the end of an active granular relationship.
    TerminateGdap(gdap::TerminateGdap) on PartnerAndCustomer,
    /// Record that a termination that was asked for is carried out.
    RecordGdapTermination(gdap::RecordGdapTermination) on PartnerAndCustomer,
    /// Take Global Administrator out of an active granular relationship.
    RemoveGlobalAdministratorRole(gdap::RemoveGlobalAdministratorRole) on PartnerAndCustomer,
    /// Switch whether a granular relationship goes on at its end.
    SetGdapAutoExtend(gdap::SetGdapAutoExtend) on PartnerForCustomer,
    /// Record that the end of a granular relationship moved.
    ExtendGdap(gdap::ExtendGdap) on PartnerAndCustomer,
    /// Record that a granular relationship ended at its end.
    ExpireGdap(gdap::ExpireGdap) on PartnerAndCustomer,
    /// Record that Microsoft no longer shows an ended granular relationship.
    RecordGdapCleanUp(gdap::RecordGdapCleanUp) on PartnerForCustomer,
    /// Give a security group roles of a granular relationship.
    CreateAccessAssignment(gdap::CreateAccessAssignment) on Customer,
    /// Record that an access assignment is in force.
    ActivateAccessAssignment(gdap::ActivateAccessAssignment) on Customer,
    /// Record that an access assignment could not be provisioned.
    RecordAccessAssignmentFailure(gdap::RecordAccessAssignmentFailure) on Customer,
    /// Replace the roles of an access assignment.
    UpdateAccessAssignment(gdap::UpdateAccessAssignment) on Customer,
    /// Delete an access assignment.
    DeleteAccessAssignment(gdap::DeleteAccessAssignment) on Customer,
    /// Put a user into a security group of the partner's tenant.
    AddSecurityGroupMember(gdap::AddSecurityGroupMember) on Partner,
    /// Take a user out of a security group of the partner's tenant.
    RemoveSecurityGroupMember(gdap::RemoveSecurityGroupMember) on Partner,
    /// Record that Microsoft began to lead a transition from DAP to granular administration.
    StartMicrosoftLedTransition(gdap::StartMicrosoftLedTransition) on PartnerAndCustomer,
    /// Confirm the customer agreement.
    ConfirmCustomerAgreement(agreement::ConfirmCustomerAgreement) on Customer,
    /// Place an order.
    PlaceOrder(subscription::PlaceOrder) on Customer,
    /// Add seats.
    AddSeats(subscription::AddSeats) on Customer,
    /// Take seats away.
    RemoveSeats(subscription::RemoveSeats) on Customer,
    /// Suspend a subscription.
    SuspendSubscription(subscription::SuspendSubscription) on Customer,
    /// Reactivate a suspended subscription.
    ReactivateSubscription(subscription::ReactivateSubscription) on Customer,
    /// Cancel a subscription.
    CancelSubscription(subscription::CancelSubscription) on Customer,
    /// Renew a subscription at the end of its term.
    RenewSubscription(subscription::RenewSubscription) on Customer,
    /// Upgrade or transition a subscription to another product.
    ConvertSubscription(subscription::ConvertSubscription) on Customer,
    /// Turn a trial into a paid subscription.
    ConvertTrial(subscription::ConvertTrial) on Customer,
    /// Change the term.
    ChangeTerm(subscription::ChangeTerm) on Customer,
    /// Change how often the subscription is billed.
    ChangeBillingCycle(subscription::ChangeBillingCycle) on Customer,
    /// Switch automatic renewal.
    SetAutoRenew(subscription::SetAutoRenew) on Customer,
    /// Schedule what the next term will be.
    ScheduleNextTerm(subscription::ScheduleNextTerm) on Customer,
    /// Replace the changeable part of a subscription, as PATCH does.
    ReplaceSubscription(subscription::ReplaceSubscription) on Customer,
    /// Record that an operation on a subscription has begun and is pending.
    RecordPendingOperation(subscription::RecordPendingOperation) on Customer,
    /// Ask for a transfer of subscriptions to another partner.
    RequestTransfer(transfer::RequestTransfer) on Customer,
    /// Accept a transfer as the other partner.
    AcceptTransfer(transfer::AcceptTransfer) on Customer,
    /// Decline a transfer as the other partner.
    RejectTransfer(transfer::RejectTransfer) on Customer,
    /// Take a transfer back as the partner who asked for it.
    WithdrawTransfer(transfer::WithdrawTransfer) on Customer,
    /// Record how a transfer was carried out.
    CompleteTransfer(transfer::CompleteTransfer) on Customer,
    /// Change the reseller of record.
    ChangeResellerOfRecord(partner_of_record::ChangeResellerOfRecord) on Customer,
    /// Set the digital partner of record.
    SetDpor(partner_of_record::SetDpor) on Customer,
    /// Link a partner ID to the customer's Azure (PAL).
    SetPal(partner_of_record::SetPal) on Customer,
    /// Set a subscription's support contact.
    SetSupportContact(partner_of_record::SetSupportContact) on Customer,
    /// Record what an imported source record says.
    RecordObservation(ledger::RecordObservation) on Either,
    /// Correct an event by appending its replacement.
    CorrectEvent(ledger::CorrectEvent) on Either,
    /// Let a key sign checkpoints from here on.
    AddCheckpointKey(custody::AddCheckpointKey) on Ledger,
    /// Let a key sign no more.
    RetireCheckpointKey(custody::RetireCheckpointKey) on Ledger,
    /// Go on after a loss, under another origin.
    StartEpoch(custody::StartEpoch) on Ledger,
    /// Commit to the state of all streams at a size of the log.
    CommitState(custody::CommitState) on Ledger,
    /// Record that an authority stamped a head with the time.
    AnchorTime(custody::AnchorTime) on Ledger,
    /// Record that information left the ledger.
    RecordDisclosure(custody::RecordDisclosure) on Ledger,
    /// Keep something from being erased or redacted.
    PlaceHold(custody::PlaceHold) on Ledger,
    /// Release a hold.
    ReleaseHold(custody::ReleaseHold) on Ledger,
    /// Make the personal fields of a subject unreadable.
    EraseSubject(custody::EraseSubject) on Ledger,
    /// Take the bytes of a whole entry away, and leave its hash.
    RedactEntry(custody::RedactEntry) on Ledger,
}

/// A command with everything its decision depends on, but for the streams, the policy and the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The idempotency key.
    pub command_id: CommandId,
    /// Who asks.
    pub actor: Actor,
    /// The customer concerned, for commands decided in a customer's stream.
    pub customer: Option<CustomerId>,
    /// When it became true in the world; the decision's own time when absent.
    pub effective_at: Option<Timestamp>,
    /// The stream version the asker has seen (rule L-2).
    pub expected_version: Option<u64>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// What is asked.
    pub command: ParsedCommand,
}
