//! Judging delegated administration and Azure roles (rules D-1 to D-7).

use ofrecord_core::command::relationship::{GrantDap, RecordMicrosoftDapTermination, RemoveDap};
use ofrecord_core::vocabulary::{DapTerminationCause, Services};
use ofrecord_core::{ActorKind, Command, PartnerTenantId};

use super::fold::coverages;
use super::world::{Coverage, CustomerChange};
use super::{Judgement, Scene, cloud};

impl Scene<'_> {
    pub(super) fn judge_grant(&self, command: &GrantDap, found: &mut Judgement) {
        if !self.is_global_admin_of_customer() {
            found.code("customer_global_admin_required");
        }
        if !self.stands(command.partner) && !self.supports_through_provider(command.partner) {
            found.code("no_reseller_relationship");
        }
        if !cloud::dap_offered(self.cloud, self.at) {
            found.code("dap_not_offered");
        }
        self.judge_services(&command.services, found);
        self.judge_one_partner_per_service(command.partner, &command.services, found);
    }

    pub(super) fn judge_dap_removal(&self, command: &RemoveDap, found: &mut Judgement) {
        let by_partner = self.acting() == Some(command.partner);
        if !by_partner && !self.is_global_admin_of_customer() {
            found.code("actor_not_party");
            found.code("customer_global_admin_required");
        }
        if by_partner {
            self.require_registered(command.partner, found);
        }
        self.require_something_on(command, found);
        self.judge_services_of_removal(&command.services, command, found);
    }

    fn require_something_on(&self, command: &RemoveDap, found: &mut Judgement) {
        let on = self.customer.dap.get(&command.partner).cloned().unwrap_or_default();
        if on.is_empty() {
            found.code("dap_not_active");
            return;
        }
        if let Services::Names(_) = &command.services {
            let named = coverages(&command.services);
            if on.contains(&Coverage::Tenant) {
                found.code("dap_covers_whole_tenant");
            } else if named.is_disjoint(&on) {
                found.code("dap_not_active");
            } else {
                // Some of what is named is on and some is not: the text does not say.
                found.unsure |= !named.is_subset(&on);
            }
        }
    }

    fn judge_services_of_removal(&self, services: &Services, command: &RemoveDap, found: &mut Judgement) {
        let Services::Names(names) = services else { return };
        if names.is_empty() {
            found.code("dap_names_no_service");
        }
        let by_service = self.customer.dap.get(&command.partner).is_some_and(|on| !on.contains(&Coverage::Tenant));
        if !cloud::dap_by_service(self.cloud) && !by_service {
            found.code("dap_covers_whole_tenant");
        }
    }

    pub(super) fn judge_termination(&self, command: &RecordMicrosoftDapTermination, found: &mut Judgement) {
        if self.actor.kind != ActorKind::Microsoft {
            found.code("only_microsoft_may");
            // An import of what Microsoft did is an import.
            found.unsure |= self.actor.kind == ActorKind::Importer;
        }
        if self.customer.dap.get(&command.partner).is_none_or(std::collections::BTreeSet::is_empty) {
            found.code("dap_not_active");
        }
        if command.cause == Some(DapTerminationCause::MicrosoftLedTransition) {
            if !self.transition_is_over(command.partner) {
                found.code("transition_not_over");
            }
        } else if command.last_sign_in_at.is_some_and(|last| self.at <= last.plus_days(90)) {
            found.code("dap_not_inactive");
        }
        if matches!(command.cause, Some(DapTerminationCause::Unrecognised(_))) {
            found.code("value_not_recognised");
        }
    }

    pub(super) fn judge_azure_role(&self, command: &Command, found: &mut Judgement) {
        let (partner, removal) = if let Command::RecordAzureRoleAssignment(command) = command {
            (command.partner, false)
        } else if let Command::RecordAzureRoleRemoval(command) = command {
            (command.partner, true)
        } else {
            return;
        };
        let party = self.acting() == Some(partner)
            || self.is_ledgers_own()
            || self.actor.kind == ActorKind::Microsoft
            || self.actor.kind == ActorKind::CustomerAdmin;
        if !party {
            found.code("actor_not_party");
        }
        found.unsure |= self.actor.kind == ActorKind::CustomerAdmin;
        if removal && !self.customer.azure.contains(&partner) {
            found.code("azure_role_not_assigned");
        }
    }

    /// A grant of what is on already is not recorded: a removal before it that is learned of later stands.
    pub(super) fn granted(&self, partner: PartnerTenantId, services: &Services) -> Option<CustomerChange> {
        let nothing = std::collections::BTreeSet::new();
        let on = self.customer.dap.get(&partner).unwrap_or(&nothing);
        let new = !on.contains(&Coverage::Tenant) && !coverages(services).is_subset(on);
        new.then(|| CustomerChange::DapOn { partner, services: services.clone() })
    }

    /// What a removal of everything removes: what is on at its instant, and nothing learned of later.
    pub(super) fn services_on(&self, partner: PartnerTenantId) -> Option<Services> {
        let on = self.customer.dap.get(&partner).filter(|on| !on.is_empty())?;
        let name = |one: &Coverage| match one {
            Coverage::Tenant => None,
            Coverage::Service(name) => Some(name.clone()),
        };
        Some(on.iter().map(name).collect::<Option<_>>().map_or(Services::All, Services::Names))
    }

    pub(super) fn access_changes(&self, command: &Command, changes: &mut Vec<CustomerChange>) {
        if let Command::GrantDap(command) = command {
            changes.extend(self.granted(command.partner, &command.services));
        } else if let Command::RemoveDap(command) = command {
            let services = match &command.services {
                Services::All => self.services_on(command.partner).unwrap_or_default(),
                named @ Services::Names(_) => named.clone(),
            };
            changes.push(CustomerChange::DapOff { partner: command.partner, services });
        } else if let Command::RecordMicrosoftDapTermination(command) = command {
            changes.push(CustomerChange::DapOff { partner: command.partner, services: Services::All });
        } else if let Command::RecordAzureRoleAssignment(command) = command {
            changes.push(CustomerChange::AzureRole { partner: command.partner });
        } else if let Command::RecordAzureRoleRemoval(command) = command {
            changes.push(CustomerChange::AzureRoleGone { partner: command.partner });
        }
    }
}
