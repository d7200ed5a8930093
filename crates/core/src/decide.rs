//! Deciding a command: a pure function of the request, the streams read, the policy and the time given to it.

mod access;
mod agreement;
mod correction;
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
use crate::state::{Customer, Partner};
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
        (Subject::Customer | Subject::PartnerAndCustomer, None) | (Subject::Partner, Some(_)) => return None,
    };
    (1..=STREAMS_MAX).contains(&streams.len()).then_some(streams)
}

/// The partners whose streams the decision needs, given those read so far; the
/// caller reads them and asks again until nothing is added. The rules may look
/// at no other partner.
#[must_use]
pub fn partners_needed(request: &Request, streams: &Streams<'_>) -> BTreeSet<PartnerTenantId> {
    let mut needed: BTreeSet<PartnerTenantId> =
        partner::accounts_of(request.command.command()).into_iter().flatten().collect();
    needed.extend(request.actor.partner());
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

fn rule_on(case: &Case<'_>) -> Ruling {
    require_in_scope(case)?;
    match case.request.command.command() {
        Command::RegisterPartner(command) => partner::register(case, command),
        Command::UpdatePartner(command) => partner::update(case, command),
        Command::SuspendPartnerAccount(command) => partner::suspend(case, command),
        Command::ReinstatePartnerAccount(command) => partner::reinstate(case, command),
        Command::AcceptPartnerAgreement(command) => partner::accept_agreement(case, command),
        Command::InvitePartner(command) => partner::invite(case, command),
        Command::AcceptPartnership(command) => partner::accept_partnership(case, command),
        Command::RemovePartnership(command) => partner::remove_partnership(case, command),
        Command::RequestResellerRelationship(command) => relationship::request(case, command),
        Command::RegisterCustomer(command) => customer::register(case, command),
        Command::UpdateCustomer(command) => customer::update(case, command),
        Command::AcceptResellerRelationship(command) => relationship::accept(case, command),
        Command::ExtendResellerRelationship(command) => extension::extend(case, command),
        Command::CreateCustomer(command) => customer::create(case, command),
        Command::RemoveResellerRelationship(command) => removal::remove(case, command),
        Command::DeleteCustomer(command) => removal::delete_customer(case, command),
        Command::SetAssociatedPartner(command) => customer::set_associated_partner(case, command),
        Command::GrantDap(command) => access::grant_dap(case, command),
        Command::RemoveDap(command) => access::remove_dap(case, command),
        Command::RecordMicrosoftDapTermination(command) => access::record_microsoft_termination(case, command),
        Command::RecordAzureRoleAssignment(command) => access::record_azure_role(case, command),
        Command::RecordAzureRoleRemoval(command) => access::record_azure_role_removal(case, command),
        Command::CreateGdapRelationship(command) => granular::create(case, command),
        Command::UpdateGdapRelationship(command) => granular::update(case, command),
        Command::DeleteGdapRelationship(command) => granular::delete(case, command),
        Command::LockGdapForApproval(command) => granular::lock(case, command),
        Command::ApproveGdap(command) => granular::approve(case, command),
        Command::RejectGdap(command) => granular::reject(case, command),
        Command::ActivateGdap(command) => granular::activate(case, command),
        Command::TerminateGdap(command) => granular::terminate(case, command),
        Command::RecordGdapTermination(command) => granular::record_termination(case, command),
        Command::RemoveGlobalAdministratorRole(command) => granular::remove_global_administrator(case, command),
        Command::SetGdapAutoExtend(command) => granular::set_auto_extend(case, command),
        Command::ExtendGdap(command) => granular::extend(case, command),
        Command::ExpireGdap(command) => granular::expire(case, command),
        Command::RecordGdapCleanUp(command) => granular::record_clean_up(case, command),
        Command::CreateAccessAssignment(command) => granular::create_assignment(case, command),
        Command::ActivateAccessAssignment(command) => granular::activate_assignment(case, command),
        Command::RecordAccessAssignmentFailure(command) => granular::record_assignment_failure(case, command),
        Command::UpdateAccessAssignment(command) => granular::update_assignment(case, command),
        Command::DeleteAccessAssignment(command) => granular::delete_assignment(case, command),
        Command::AddSecurityGroupMember(command) => granular::add_member(case, command),
        Command::RemoveSecurityGroupMember(command) => granular::remove_member(case, command),
        Command::StartMicrosoftLedTransition(command) => granular::start_transition(case, command),
        Command::ConfirmCustomerAgreement(command) => agreement::confirm(case, command),
        Command::PlaceOrder(command) => order::place(case, command),
        Command::AddSeats(command) => subscription::add_seats(case, command),
        Command::RemoveSeats(command) => subscription::remove_seats(case, command),
        Command::SuspendSubscription(command) => subscription::suspend(case, command),
        Command::ReactivateSubscription(command) => subscription::reactivate(case, command),
        Command::CancelSubscription(command) => subscription::cancel(case, command),
        Command::RenewSubscription(command) => subscription::renew(case, command),
        Command::ConvertSubscription(command) => subscription::convert(case, command),
        Command::ConvertTrial(command) => subscription::convert_trial(case, command),
        Command::ChangeTerm(command) => subscription::change_term(case, command),
        Command::ChangeBillingCycle(command) => subscription::change_billing_cycle(case, command),
        Command::SetAutoRenew(command) => subscription::set_auto_renew(case, command),
        Command::ScheduleNextTerm(command) => subscription::schedule_next_term(case, command),
        Command::ReplaceSubscription(command) => subscription::replace(case, command),
        Command::RecordPendingOperation(command) => subscription::record_pending(case, command),
        Command::RequestTransfer(command) => transfer::request(case, command),
        Command::AcceptTransfer(command) => transfer::accept(case, command),
        Command::RejectTransfer(command) => transfer::reject(case, command),
        Command::WithdrawTransfer(command) => transfer::withdraw(case, command),
        Command::CompleteTransfer(command) => transfer::complete(case, command),
        Command::ChangeResellerOfRecord(command) => partner_of_record::change_reseller_of_record(case, command),
        Command::SetDpor(command) => partner_of_record::set_dpor(case, command),
        Command::SetPal(command) => partner_of_record::set_pal(case, command),
        Command::SetSupportContact(command) => partner_of_record::set_support_contact(case, command),
        Command::RecordObservation(command) => observation::record(case, command),
        Command::CorrectEvent(command) => correction::correct(case, command),
    }
}
