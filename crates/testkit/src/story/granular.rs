//! What all sides say about granular administration.

use std::collections::BTreeSet;

use ofrecord_core::command::gdap::{
    ActivateAccessAssignment, ActivateGdap, AddSecurityGroupMember, ApproveGdap, CreateAccessAssignment,
    CreateGdapRelationship, ExpireGdap, ExtendGdap, LockGdapForApproval, RecordGdapCleanUp,
    RemoveGlobalAdministratorRole, SetGdapAutoExtend, StartMicrosoftLedTransition,
};
use ofrecord_core::command::relationship::RecordMicrosoftDapTermination;
use ofrecord_core::vocabulary::{AccessContainerType, AgentGroup, DapTerminationCause, GdapAutoExtend, GdapDuration};
use ofrecord_core::{Command, PartnerTenantId, Request, Role, RoleId};

use super::{CustomerVoice, LedgerVoice, PartnerVoice};
use crate::{actor, name};

/// What a granular relationship is made for.
#[derive(Debug, Clone)]
pub struct Terms {
    /// For how many days.
    pub days: u32,
    /// By how much it goes on at its end.
    pub auto_extend: GdapAutoExtend,
    /// The roles that it may give.
    pub roles: BTreeSet<RoleId>,
}

impl Terms {
    /// Terms that end by themselves.
    #[must_use]
    pub fn of_days(days: u32, roles: &[RoleId]) -> Self {
        Self { days, auto_extend: GdapAutoExtend::P0D, roles: roles.iter().copied().collect() }
    }

    /// The same terms, going on at the end.
    #[must_use]
    pub fn going_on(self) -> Self {
        Self { auto_extend: GdapAutoExtend::P180D, ..self }
    }
}

impl PartnerVoice<'_> {
    /// Makes a granular relationship for a customer.
    #[must_use]
    pub fn makes_granular(self, customer: &str, relationship: &str, terms: Terms) -> Request {
        let command = CreateGdapRelationship {
            partner: self.partner,
            relationship: name::granular(relationship),
            display_name: format!("administration {relationship}"),
            duration: GdapDuration::of_days(terms.days),
            auto_extend: terms.auto_extend,
            roles: terms.roles,
        };
        self.about(customer, Command::CreateGdapRelationship(command))
    }

    /// Locks it, so that the customer can answer.
    #[must_use]
    pub fn locks_granular(self, customer: &str, relationship: &str) -> Request {
        let command = LockGdapForApproval { partner: self.partner, relationship: name::granular(relationship) };
        self.about(customer, Command::LockGdapForApproval(command))
    }

    /// Gives a group of its own roles of a relationship.
    #[must_use]
    pub fn assigns(
        self,
        customer: &str,
        relationship: &str,
        (assignment, group): (&str, &str),
        roles: &[RoleId],
    ) -> Request {
        let command = CreateAccessAssignment {
            partner: self.partner,
            relationship: name::granular(relationship),
            assignment: name::assignment(assignment),
            group: name::group(group),
            container_type: AccessContainerType::SecurityGroup,
            roles: roles.iter().copied().collect(),
        };
        self.about(customer, Command::CreateAccessAssignment(command))
    }

    /// Lets a relationship go on at its end, having read this version of it.
    #[must_use]
    pub fn lets_granular_go_on(self, customer: &str, relationship: &str, version: u64) -> Request {
        let command = SetGdapAutoExtend {
            partner: self.partner,
            relationship: name::granular(relationship),
            version: Some(version),
            auto_extend: GdapAutoExtend::P180D,
        };
        self.about(customer, Command::SetGdapAutoExtend(command))
    }

    /// Takes Global Administrator out of a relationship, having read this version of it.
    #[must_use]
    pub fn gives_global_administrator_up(self, customer: &str, relationship: &str, version: u64) -> Request {
        let command = RemoveGlobalAdministratorRole {
            partner: self.partner,
            relationship: name::granular(relationship),
            version: Some(version),
        };
        self.about(customer, Command::RemoveGlobalAdministratorRole(command))
    }

    /// Puts a user into a group of its own, which may be one of the agent groups.
    #[must_use]
    pub fn puts_user_into(self, group: &str, user: &str, agent_group: Option<AgentGroup>) -> Request {
        let command = AddSecurityGroupMember {
            partner: self.partner,
            group: name::group(group),
            user: name::user(user),
            group_name: Some(group.to_owned()),
            agent_group,
        };
        let administrator = actor::partner_user(self.partner, Role::GlobalAdmin);
        self.by(administrator).about_account(Command::AddSecurityGroupMember(command))
    }
}

impl CustomerVoice<'_> {
    /// Approves a partner's granular relationship.
    #[must_use]
    pub fn approves_granular(self, partner: &str, relationship: &str) -> Request {
        let (partner, relationship) = (name::partner(partner), name::granular(relationship));
        self.asks(Command::ApproveGdap(ApproveGdap { partner, relationship }))
    }
}

impl LedgerVoice<'_> {
    fn on_granular(self, customer: &str, partner: &str, command: impl FnOnce(PartnerTenantId) -> Command) -> Request {
        let command = command(name::partner(partner));
        self.moment.request(actor::microsoft(), Some(name::customer(customer)), command)
    }

    /// Microsoft brings a relationship into force.
    #[must_use]
    pub fn activates_granular(self, customer: &str, partner: &str, relationship: &str) -> Request {
        let relationship = name::granular(relationship);
        self.on_granular(customer, partner, |partner| Command::ActivateGdap(ActivateGdap { partner, relationship }))
    }

    /// Microsoft brings an access assignment into force.
    #[must_use]
    pub fn activates_assignment(self, customer: &str, partner: &str, relationship: &str, assignment: &str) -> Request {
        let (relationship, assignment) = (name::granular(relationship), name::assignment(assignment));
        self.on_granular(customer, partner, |partner| {
            Command::ActivateAccessAssignment(ActivateAccessAssignment { partner, relationship, assignment })
        })
    }

    /// Microsoft moves the end of a relationship.
    #[must_use]
    pub fn extends_granular(self, customer: &str, partner: &str, relationship: &str) -> Request {
        let relationship = name::granular(relationship);
        self.on_granular(customer, partner, |partner| Command::ExtendGdap(ExtendGdap { partner, relationship }))
    }

    /// Microsoft tells that a relationship ended at its end.
    #[must_use]
    pub fn expires_granular(self, customer: &str, partner: &str, relationship: &str) -> Request {
        let relationship = name::granular(relationship);
        self.on_granular(customer, partner, |partner| Command::ExpireGdap(ExpireGdap { partner, relationship }))
    }

    /// Microsoft no longer shows a relationship.
    #[must_use]
    pub fn cleans_granular_up(self, customer: &str, partner: &str, relationship: &str) -> Request {
        let relationship = name::granular(relationship);
        self.on_granular(customer, partner, |partner| {
            Command::RecordGdapCleanUp(RecordGdapCleanUp { partner, relationship })
        })
    }

    /// Microsoft begins to lead a partner from DAP to a granular relationship.
    #[must_use]
    pub fn leads_to_granular(self, customer: &str, partner: &str, relationship: &str, roles: &[RoleId]) -> Request {
        let relationship = name::granular(relationship);
        let roles = roles.iter().copied().collect();
        let display_name = "MLT_abcd1234_efgh5678_ijkl9012".to_owned();
        self.on_granular(customer, partner, |partner| {
            let command = StartMicrosoftLedTransition { partner, relationship, display_name, roles };
            Command::StartMicrosoftLedTransition(command)
        })
    }

    /// Microsoft ends DAP because the transition that it led is over.
    #[must_use]
    pub fn ends_dap_after_transition(self, customer: &str, partner: &str) -> Request {
        let cause = Some(DapTerminationCause::MicrosoftLedTransition);
        self.on_granular(customer, partner, |partner| {
            let command = RecordMicrosoftDapTermination { partner, last_sign_in_at: None, cause };
            Command::RecordMicrosoftDapTermination(command)
        })
    }
}
