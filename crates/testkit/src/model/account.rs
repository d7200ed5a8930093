//! Judging commands on partner accounts and partnerships, and saying what every accepted command changes.

use ofrecord_core::command::partner::{AcceptPartnership, InvitePartner, RemovePartnership};
use ofrecord_core::vocabulary::{PartnerType, ProgrammeStatus, ResellerEnrolment};
use ofrecord_core::{ActorKind, Command, PartnerTenantId, Timestamp};

use super::granular::Told;
use super::world::{CustomerChange, PartnerChange};
use super::{Judgement, Reason, Scene};

/// A pattern for several commands, whatever they hold.
macro_rules! any_of {
    ($($command:ident)+) => {
        $(Command::$command(_))|+
    };
}

impl Scene<'_> {
    /// Adds every reason that forbids a command.
    pub(super) fn judge(&self, command: &Command, recorded_at: Timestamp, found: &mut Judgement) {
        match command {
            Command::RegisterPartner(_)
            | Command::UpdatePartner(_)
            | Command::SuspendPartnerAccount(_)
            | Command::ReinstatePartnerAccount(_)
            | Command::AcceptPartnerAgreement(_)
            | Command::InvitePartner(_)
            | Command::AcceptPartnership(_)
            | Command::RemovePartnership(_) => self.judge_account(command, found),
            Command::RequestResellerRelationship(command) => self.judge_link(command, found),
            Command::RegisterCustomer(_) | Command::UpdateCustomer(_) => self.judge_customer(command, found),
            Command::AcceptResellerRelationship(command) => self.judge_acceptance(command, found),
            Command::CreateCustomer(command) => self.judge_creation(command, found),
            Command::RemoveResellerRelationship(command) => self.judge_removal(command, found),
            Command::GrantDap(command) => self.judge_grant(command, found),
            Command::RemoveDap(command) => self.judge_dap_removal(command, found),
            Command::RecordMicrosoftDapTermination(command) => self.judge_termination(command, found),
            Command::RecordAzureRoleAssignment(_) | Command::RecordAzureRoleRemoval(_) => {
                self.judge_azure_role(command, found);
            }
            Command::ConfirmCustomerAgreement(command) => self.judge_agreement(command, recorded_at, found),
            Command::PlaceOrder(command) => self.judge_order(command, found),
            Command::AddSeats(_)
            | Command::RemoveSeats(_)
            | Command::SuspendSubscription(_)
            | Command::ReactivateSubscription(_)
            | Command::CancelSubscription(_)
            | Command::SetAutoRenew(_)
            | Command::ChangeResellerOfRecord(_)
            | Command::RenewSubscription(_)
            | Command::ChangeBillingCycle(_)
            | Command::ConvertSubscription(_)
            | Command::SetSupportContact(_)
            | Command::RecordPendingOperation(_)
            | Command::SetDpor(_)
            | Command::SetPal(_) => self.judge_subscription(command, found),
            Command::RecordObservation(_) => self.judge_observation(found),
            Command::CreateGdapRelationship(command) => self.judge_making(command, found),
            Command::UpdateGdapRelationship(command) => self.judge_change(command, found),
            Command::DeleteGdapRelationship(command) => self.judge_deletion(command, found),
            Command::LockGdapForApproval(command) => self.judge_lock(command, found),
            Command::ApproveGdap(command) => self.judge_approval(command, found),
            Command::RejectGdap(command) => self.judge_rejection(command, found),
            Command::TerminateGdap(command) => self.judge_end(command, found),
            Command::RemoveGlobalAdministratorRole(command) => self.judge_global_administrator(command, found),
            Command::SetGdapAutoExtend(command) => self.judge_auto_extend(command, found),
            Command::StartMicrosoftLedTransition(command) => self.judge_transition(command, found),
            Command::ActivateGdap(_)
            | Command::RecordGdapTermination(_)
            | Command::ExtendGdap(_)
            | Command::ExpireGdap(_)
            | Command::RecordGdapCleanUp(_) => self.judge_record(command, found),
            Command::CreateAccessAssignment(command) => self.judge_giving(command, found),
            Command::ActivateAccessAssignment(_)
            | Command::RecordAccessAssignmentFailure(_)
            | Command::UpdateAccessAssignment(_)
            | Command::DeleteAccessAssignment(_) => self.judge_assignment(command, found),
            Command::AddSecurityGroupMember(_) | Command::RemoveSecurityGroupMember(_) => {
                self.judge_member(command, found);
            }
            Command::ExtendResellerRelationship(command) => self.judge_extension_to_provider(command, found),
            Command::RequestTransfer(command) => self.judge_transfer_request(command, found),
            Command::AcceptTransfer(_)
            | Command::RejectTransfer(_)
            | Command::WithdrawTransfer(_)
            | Command::CompleteTransfer(_) => self.judge_transfer(command, found),
            Command::DeleteCustomer(command) => self.judge_sandbox(command, found),
            Command::SetAssociatedPartner(command) => self.judge_association(command, found),
            // Nobody in a market asks for the last of these: the tables of core judge them.
            any_of!(
                ConvertTrial ChangeTerm ScheduleNextTerm ReplaceSubscription CorrectEvent
                AddCheckpointKey RetireCheckpointKey StartEpoch CommitState AnchorTime RecordDisclosure PlaceHold
                ReleaseHold EraseSubject RedactEntry
            ) => found.unsure = true,
        }
    }

    fn judge_account(&self, command: &Command, found: &mut Judgement) {
        let microsoft_too = self.is_ledgers_own() || self.actor.kind == ActorKind::Microsoft;
        if let Command::RegisterPartner(command) = command {
            self.require_own(found);
            if self.is_registered(command.partner) {
                found.code("partner_already_registered");
            }
        } else if let Command::UpdatePartner(command) = command {
            self.require_own(found);
            self.require_registered(command.partner, found);
        } else if let Command::SuspendPartnerAccount(command) = command {
            if !microsoft_too {
                found.code("only_microsoft_may");
            }
            self.require_registered(command.partner, found);
        } else if let Command::ReinstatePartnerAccount(command) = command {
            if !microsoft_too {
                found.code("only_microsoft_may");
            }
            self.require_registered(command.partner, found);
            if !self.partners.accounts.get(&command.partner).is_some_and(|account| account.suspended) {
                found.code("partner_account_not_suspended");
            }
        } else if let Command::AcceptPartnerAgreement(command) = command {
            if !microsoft_too && self.acting() != Some(command.partner) {
                found.code("actor_not_party");
            }
            self.require_registered(command.partner, found);
        } else if let Command::InvitePartner(command) = command {
            self.judge_invitation(command, found);
        } else if let Command::AcceptPartnership(command) = command {
            self.judge_partnership(command, found);
        } else if let Command::RemovePartnership(command) = command {
            self.judge_parting(command, found);
        }
    }

    fn judge_invitation(&self, command: &InvitePartner, found: &mut Judgement) {
        if self.acting() != Some(command.provider) {
            found.code("actor_not_party");
        }
        self.require_registered(command.provider, found);
        self.require_registered(command.reseller, found);
        if self.type_of(command.provider) != Some(PartnerType::IndirectProvider) {
            found.forbid(Reason::Some("only a provider invites"));
        }
        // A direct-bill partner that has completed its enrolment is one too (3.5).
        let enrolled = self.partners.accounts.get(&command.reseller).is_some_and(|account| account.enrolled);
        if self.type_of(command.reseller) != Some(PartnerType::IndirectReseller) && !enrolled {
            found.forbid(Reason::Some("only an indirect reseller is invited"));
        }
        if self.partners.partnerships.contains(&(command.provider, command.reseller)) {
            found.forbid(Reason::Some("the partnership stands"));
        }
    }

    fn judge_partnership(&self, command: &AcceptPartnership, found: &mut Judgement) {
        let pair = (command.provider, command.reseller);
        if self.acting() != Some(command.reseller) {
            found.code("actor_not_party");
        }
        self.require_registered(command.provider, found);
        self.require_registered(command.reseller, found);
        if !self.partners.invited.contains(&pair) || self.partners.partnerships.contains(&pair) {
            found.forbid(Reason::Some("no open invitation"));
        }
        let account = self.partners.accounts.get(&command.reseller);
        if account.is_none_or(|account| !account.agreement) {
            found.forbid(Reason::Upstream(900_123));
        }
        if account.is_some_and(|account| account.not_in_programme()) {
            found.forbid(Reason::Upstream(900_154));
        }
    }

    fn judge_parting(&self, command: &RemovePartnership, found: &mut Judgement) {
        let acting = self.acting();
        if acting != Some(command.provider) && acting != Some(command.reseller) {
            found.code("actor_not_party");
        }
        if !self.partners.partnerships.contains(&(command.provider, command.reseller)) {
            found.forbid(Reason::Some("there is no partnership"));
        }
    }

    pub(super) fn require_own(&self, found: &mut Judgement) {
        if !self.is_ledgers_own() {
            found.code("only_registrar");
        }
    }

    pub(super) fn require_registered(&self, partner: PartnerTenantId, found: &mut Judgement) {
        if !self.is_registered(partner) {
            found.code("partner_not_registered");
        }
    }

    fn is_registered(&self, partner: PartnerTenantId) -> bool {
        self.type_of(partner).is_some()
    }

    pub(super) fn type_of(&self, partner: PartnerTenantId) -> Option<PartnerType> {
        self.partners.accounts.get(&partner).and_then(|account| account.partner_type.clone())
    }

    fn holds_already(&self, change: &PartnerChange) -> bool {
        let account = |partner| self.partners.accounts.get(partner);
        if let PartnerChange::Suspended { partner } = change {
            account(partner).is_some_and(|account| account.suspended)
        } else if let PartnerChange::AgreementAccepted { partner } = change {
            account(partner).is_some_and(|account| account.agreement)
        } else if let PartnerChange::Programme { partner, active } = change {
            account(partner).is_some_and(|account| account.programme_known == Some(*active))
        } else if let PartnerChange::Markets { partner, markets } = change {
            account(partner).is_some_and(|account| account.markets == *markets)
        } else if let PartnerChange::Enrolled { partner, completed } = change {
            account(partner).is_some_and(|account| account.enrolled == *completed)
        } else {
            false
        }
    }

    /// What an accepted command changes, in partner accounts and in the customer.
    pub(super) fn changes(&self, command: &Command) -> (Vec<PartnerChange>, Vec<CustomerChange>) {
        let mut accounts = account_changes(command);
        // Telling again what holds already is not recorded.
        accounts.retain(|change| !self.holds_already(change));
        let mut customer = Vec::new();
        self.relationship_changes(command, &mut customer);
        self.subscription_changes(command, &mut customer);
        self.transfer_changes(command, &mut customer);
        self.upkeep_changes(command, &mut customer);
        self.group_changes(command, &mut accounts);
        (accounts, customer)
    }

    /// What an accepted command changes in granular relationships.
    pub(super) fn granular_changes(&self, command: &Command) -> Vec<Told> {
        let mut told = Vec::new();
        self.preparation_changes(command, &mut told);
        self.running_changes(command, &mut told);
        self.assignment_changes(command, &mut told);
        self.granular_observed(command, &mut told);
        told
    }
}

fn account_changes(command: &Command) -> Vec<PartnerChange> {
    if let Command::RegisterPartner(command) = command {
        vec![PartnerChange::Registered {
            partner: command.partner,
            partner_type: command.partner_type.clone(),
            digits: command.partner_id.clone(),
            markets: command.markets.clone(),
            enrolled: command.indirect_reseller_enrolment == Some(ResellerEnrolment::Completed),
        }]
    } else if let Command::UpdatePartner(command) = command {
        let partner = command.partner;
        let markets = command.markets.clone().map(|markets| PartnerChange::Markets { partner, markets });
        let programme = command
            .programme
            .clone()
            .map(|programme| PartnerChange::Programme { partner, active: programme == ProgrammeStatus::Active });
        let enrolment = command.indirect_reseller_enrolment.as_ref();
        let enrolled = enrolment.map(|enrolment| *enrolment == ResellerEnrolment::Completed);
        let enrolled = enrolled.map(|completed| PartnerChange::Enrolled { partner, completed });
        markets.into_iter().chain(programme).chain(enrolled).collect()
    } else if let Command::SuspendPartnerAccount(command) = command {
        vec![PartnerChange::Suspended { partner: command.partner }]
    } else if let Command::ReinstatePartnerAccount(command) = command {
        vec![PartnerChange::Reinstated { partner: command.partner }]
    } else if let Command::AcceptPartnerAgreement(command) = command {
        vec![PartnerChange::AgreementAccepted { partner: command.partner }]
    } else if let Command::InvitePartner(command) = command {
        vec![PartnerChange::Invited { provider: command.provider, reseller: command.reseller }]
    } else if let Command::AcceptPartnership(command) = command {
        vec![PartnerChange::Joined { provider: command.provider, reseller: command.reseller }]
    } else if let Command::RemovePartnership(command) = command {
        vec![PartnerChange::Parted { provider: command.provider, reseller: command.reseller }]
    } else if let Command::RequestResellerRelationship(command) = command {
        vec![super::relationship::linked(command)]
    } else {
        Vec::new()
    }
}
