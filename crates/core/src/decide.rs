//! Deciding a command: a pure function of the request, the streams read, the policy and the time given to it.

mod access;
mod agreement;
mod correction;
mod custody;
mod customer;
mod extension;
mod granular;
mod guard;
mod observation;
mod order;
mod partner;
mod partner_of_record;
mod relationship;
mod removal;
mod subscription;
mod transfer;

use std::collections::{BTreeMap, BTreeSet};

use crate::command::{BeyondScope, Command, Request, Subject};
use crate::decision::Outcome;
use crate::event::Event;
use crate::fold::Fact;
use crate::ground;
use crate::id::{CustomerId, PartnerTenantId};
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::state::{Custody, Customer, Partner};
use crate::stream::StreamId;
use crate::time::Timestamp;

/// What the rules of one command come to.
pub(crate) type Ruling = Result<Vec<Event>, Refusal>;

/// The streams a decision reads, folded to the instant it is decided for.
#[derive(Debug, Clone)]
pub struct Streams<'a> {
    /// The customer's; an empty one for a command that concerns none.
    pub customer: &'a Customer,
    /// The partners' that were read. One that is absent was not asked for.
    pub partners: BTreeMap<PartnerTenantId, &'a Partner>,
    /// The ledger's own custody; an empty one for a command that does not concern it.
    pub custody: &'a Custody,
    /// The facts of the stream decided in, in the order of the world: what
    /// corrections refer to, and where a second source finds a fact again.
    pub facts: &'a [Fact],
}

/// The instants a decision depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// When the command becomes true in the world.
    pub effective_at: Timestamp,
    /// When it is recorded.
    pub recorded_at: Timestamp,
}

/// What the rules of a family are given.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) request: &'a Request,
    pub(crate) customer_id: Option<CustomerId>,
    pub(crate) customer: &'a Customer,
    pub(crate) partners: &'a BTreeMap<PartnerTenantId, &'a Partner>,
    pub(crate) custody: &'a Custody,
    pub(crate) facts: &'a [Fact],
    pub(crate) policy: &'a Policy,
    pub(crate) when: When,
}

/// Decides a command. Total and deterministic: the same arguments give the same outcome forever.
#[must_use]
pub fn decide(request: &Request, streams: &Streams<'_>, policy: &Policy, when: When) -> Outcome {
    let case = Case {
        request,
        customer_id: request.customer,
        customer: streams.customer,
        partners: &streams.partners,
        custody: streams.custody,
        facts: streams.facts,
        policy,
        when,
    };
    match rule_on(&case) {
        Ok(events) => Outcome::Accepted(events),
        Err(refusal) => Outcome::Refused(refusal),
    }
}

/// Streams that one entry may stand in.
pub const STREAMS_MAX: usize = 4;

/// The streams that an entry of this request is appended to, one to
/// [`STREAMS_MAX`], the first being the one decided in. Nothing when the
/// request's subject and its customer do not fit together, or when observed
/// facts concern accounts that cannot share an entry; `decide` refuses those.
#[must_use]
pub fn streams_written(request: &Request) -> Option<Vec<StreamId>> {
    let command = request.command.command();
    let accounts = partner::accounts_of(command)?.into_iter().map(StreamId::Partner);
    let streams: Vec<StreamId> = match (command.subject(), request.customer) {
        (Subject::Customer, Some(customer)) => vec![StreamId::Customer(customer)],
        (Subject::Partner | Subject::PartnerForCustomer | Subject::Either, None) => accounts.collect(),
        (Subject::PartnerForCustomer | Subject::PartnerAndCustomer, Some(customer)) => {
            accounts.chain([StreamId::Customer(customer)]).collect()
        }
        (Subject::Either, Some(customer)) => [StreamId::Customer(customer)].into_iter().chain(accounts).collect(),
        (Subject::Ledger, None) => vec![StreamId::Ledger],
        (Subject::Customer | Subject::PartnerAndCustomer, None) | (Subject::Partner | Subject::Ledger, Some(_)) => {
            return None;
        }
    };
    (1..=STREAMS_MAX).contains(&streams.len()).then_some(streams)
}

/// The partners whose streams the decision needs by its request alone: some of [`partners_needed`].
#[must_use]
pub fn partners_named(request: &Request) -> BTreeSet<PartnerTenantId> {
    let accounts = partner::accounts_of(request.command.command()).into_iter().flatten();
    accounts.chain(request.actor.partner()).collect()
}

/// The partners whose streams the decision needs, given those read so far; the
/// caller reads them and asks again until nothing is added. The rules may look
/// at no other partner. Whoever reads more of them is never told to need fewer.
#[must_use]
pub fn partners_needed(request: &Request, streams: &Streams<'_>) -> BTreeSet<PartnerTenantId> {
    let mut needed = partners_named(request);
    needed.extend(relationship::partners_needed(request, streams));
    needed.extend(access::partners_needed(request, streams));
    needed.extend(order::partners_needed(request, streams));
    needed.extend(transfer::partners_needed(request, streams));
    needed
}

/// What is asked of every command, whatever it is.
fn require_in_scope(case: &Case<'_>) -> Result<(), Refusal> {
    if streams_written(case.request).is_none() {
        return Err(Refusal::because(&ground::relationship::SUBJECT_MISMATCH)
            .with("command", case.request.command.command().name()));
    }
    if case.when.effective_at > case.when.recorded_at {
        return Err(Refusal::because(&ground::ledger::EFFECTIVE_AT_IN_FUTURE)
            .with("effective_at", case.when.effective_at)
            .with("recorded_at", case.when.recorded_at));
    }
    if let Some((scope, field)) = case.request.command.beyond_scope() {
        let ground = match scope {
            BeyondScope::Subscription => &ground::relationship::RELATIONSHIP_COMMAND_CANNOT_CHANGE_SUBSCRIPTION,
            BeyondScope::AccountOwnership => &ground::relationship::ACCOUNT_OWNERSHIP_NOT_IN_SCOPE,
            BeyondScope::PartnerOfRecord => &ground::relationship::PARTNER_OF_RECORD_NOT_CHANGED_BY_RELATIONSHIP,
        };
        return Err(Refusal::because(ground).with("field", field));
    }
    Ok(())
}

/// Whose function rules on each command, family by family. A command that no family names does not compile.
macro_rules! rulings {
    ($case:ident; $($family:ident { $($command:ident: $rule:ident,)+ })+) => {
        match $case.request.command.command() {
            $($(Command::$command(command) => $family::$rule($case, command),)+)+
        }
    };
}

fn rule_on(case: &Case<'_>) -> Ruling {
    require_in_scope(case)?;
    rulings! { case;
        partner {
            RegisterPartner: register, UpdatePartner: update, SuspendPartnerAccount: suspend,
            ReinstatePartnerAccount: reinstate, AcceptPartnerAgreement: accept_agreement, InvitePartner: invite,
            AcceptPartnership: accept_partnership, RemovePartnership: remove_partnership,
        }
        relationship {
            RequestResellerRelationship: request, AcceptResellerRelationship: accept,
        }
        customer {
            RegisterCustomer: register, UpdateCustomer: update, CreateCustomer: create,
            SetAssociatedPartner: set_associated_partner,
        }
        extension {
            ExtendResellerRelationship: extend,
        }
        removal {
            RemoveResellerRelationship: remove, DeleteCustomer: delete_customer,
        }
        access {
            GrantDap: grant_dap, RemoveDap: remove_dap, RecordMicrosoftDapTermination: record_microsoft_termination,
            RecordAzureRoleAssignment: record_azure_role, RecordAzureRoleRemoval: record_azure_role_removal,
        }
        granular {
            CreateGdapRelationship: create, UpdateGdapRelationship: update, DeleteGdapRelationship: delete,
            LockGdapForApproval: lock, ApproveGdap: approve, RejectGdap: reject, ActivateGdap: activate,
            TerminateGdap: terminate, RecordGdapTermination: record_termination,
            RemoveGlobalAdministratorRole: remove_global_administrator, SetGdapAutoExtend: set_auto_extend,
            ExtendGdap: extend, ExpireGdap: expire, RecordGdapCleanUp: record_clean_up,
            CreateAccessAssignment: create_assignment, ActivateAccessAssignment: activate_assignment,
            RecordAccessAssignmentFailure: record_assignment_failure, UpdateAccessAssignment: update_assignment,
            DeleteAccessAssignment: delete_assignment, AddSecurityGroupMember: add_member,
            RemoveSecurityGroupMember: remove_member, StartMicrosoftLedTransition: start_transition,
        }
        agreement {
            ConfirmCustomerAgreement: confirm,
        }
        order {
            PlaceOrder: place,
        }
        subscription {
            AddSeats: add_seats, RemoveSeats: remove_seats, SuspendSubscription: suspend,
            ReactivateSubscription: reactivate, CancelSubscription: cancel, RenewSubscription: renew,
            ConvertSubscription: convert, ConvertTrial: convert_trial, ChangeTerm: change_term,
            ChangeBillingCycle: change_billing_cycle, SetAutoRenew: set_auto_renew,
            ScheduleNextTerm: schedule_next_term, ReplaceSubscription: replace,
            RecordPendingOperation: record_pending,
        }
        transfer {
            RequestTransfer: request, AcceptTransfer: accept, RejectTransfer: reject, WithdrawTransfer: withdraw,
            CompleteTransfer: complete,
        }
        partner_of_record {
            ChangeResellerOfRecord: change_reseller_of_record, SetDpor: set_dpor, SetPal: set_pal,
            SetSupportContact: set_support_contact,
        }
        observation {
            RecordObservation: record,
        }
        custody {
            AddCheckpointKey: add_key, RetireCheckpointKey: retire_key, StartEpoch: start_epoch,
            CommitState: commit_state, AnchorTime: anchor_time, RecordDisclosure: record_disclosure,
            PlaceHold: place_hold, ReleaseHold: release_hold, EraseSubject: erase,
            RedactEntry: redact,
        }
        correction {
            CorrectEvent: correct,
        }
    }
}
