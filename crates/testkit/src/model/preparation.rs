//! Judging granular relationships until they are approved (rules G-1 to G-14, G-20, G-21).

use ofrecord_core::command::gdap::{
    ApproveGdap, CreateGdapRelationship, DeleteGdapRelationship, LockGdapForApproval, RejectGdap,
    UpdateGdapRelationship,
};
use ofrecord_core::vocabulary::{GdapAutoExtend, GdapStatus};
use ofrecord_core::{ActorKind, Command, CustomerId, GdapRelationshipId, PartnerTenantId};

use super::granted::Granular;
use super::granular::{Terms, Told, What};
use super::terms::Asked;
use super::{Judgement, Scene, cloud};
use crate::role::GLOBAL_ADMINISTRATOR;

impl Scene<'_> {
    /// A relationship of a partner by everything that was told of it until the instant of the command.
    pub(super) fn granular_of(&self, partner: PartnerTenantId, id: &GdapRelationshipId) -> Option<&Granular> {
        self.granular.known().get(&(partner, id.clone()))
    }

    /// The relationship that a command is about, which must be the customer's whom it names, or nobody's when it names none.
    pub(super) fn judge_found(
        &self,
        partner: PartnerTenantId,
        id: &GdapRelationshipId,
        found: &mut Judgement,
    ) -> Option<&Granular> {
        let known = self.granular_of(partner, id);
        match known {
            None => found.code("gdap_relationship_not_found"),
            Some(known) if known.customer != self.customer_id => found.code("customer_mismatch"),
            Some(_) => {}
        }
        known
    }

    /// The partner prepares and changes its relationship, or the provider who made it for its reseller.
    pub(super) fn judge_party(&self, partner: PartnerTenantId, known: &Granular, found: &mut Judgement) {
        let acting = self.acting();
        if acting.is_none() || (acting != Some(partner) && acting != known.provider) {
            found.code("actor_not_party");
        }
    }

    /// Rule G-11.
    pub(super) fn judge_version(&self, version: Option<u64>, present: u64, found: &mut Judgement) {
        match version {
            None => found.code("precondition_required"),
            Some(version) if version != present => found.code("precondition_failed"),
            Some(_) => {}
        }
    }

    fn is_partner_itself(&self, partner: PartnerTenantId) -> bool {
        self.customer_id.map(CustomerId::as_partner) == Some(partner)
    }

    pub(super) fn status_of(&self, known: &Granular) -> Option<GdapStatus> {
        known.status_at(self.at).map(|(status, _)| status)
    }

    /// Whether anything is known under the id: of the partner at any time, or of whomever with the customer.
    pub(super) fn judge_new(&self, partner: PartnerTenantId, id: &GdapRelationshipId, found: &mut Judgement) {
        let own = self.granular.ever().contains_key(&(partner, id.clone()));
        if own || self.granular.shared().keys().any(|(_, known)| known == id) {
            found.code("gdap_relationship_exists");
        }
    }

    /// Nobody else's relationship with the customer has the id.
    fn judge_id_with_customer(&self, partner: PartnerTenantId, id: &GdapRelationshipId, found: &mut Judgement) {
        if self.granular.shared().keys().any(|(other, known)| known == id && *other != partner) {
            found.code("gdap_relationship_exists");
        }
    }

    pub(super) fn judge_making(&self, command: &CreateGdapRelationship, found: &mut Judgement) {
        if !cloud::gdap_offered(self.cloud) {
            found.code("gdap_not_available");
        }
        match self.acting() {
            Some(acting) if acting == command.partner => {}
            Some(acting) if self.partners.partnerships.contains(&(acting, command.partner)) => {}
            Some(_) => found.code("no_provider_partnership"),
            None => found.code("actor_not_party"),
        }
        self.require_registered(command.partner, found);
        if self.is_partner_itself(command.partner) {
            found.code("partner_equals_customer");
        }
        self.judge_new(command.partner, &command.relationship, found);
        self.judge_terms(
            &Asked {
                partner: command.partner,
                relationship: &command.relationship,
                name: Some(&command.display_name),
                duration: Some(&command.duration),
                extension: Some(&command.auto_extend),
                roles: Some(&command.roles),
            },
            found,
        );
    }

    pub(super) fn judge_change(&self, command: &UpdateGdapRelationship, found: &mut Judgement) {
        let Some(known) = self.granular_of(command.partner, &command.relationship) else {
            found.code("gdap_relationship_not_found");
            return;
        };
        self.judge_party(command.partner, known, found);
        self.judge_version(command.version, known.version(), found);
        let status = self.status_of(known);
        if status != Some(GdapStatus::Created) {
            found.code("not_editable_in_status");
        }
        let added = command.roles.iter().flatten().any(|role| known.roles.as_ref().is_none_or(|on| !on.contains(role)));
        if added && status != Some(GdapStatus::Created) {
            found.code("roles_can_only_shrink");
        }
        // The text lets the customer be changed too; whose stream such a change stands in, it does not say.
        let moved = known.customer.is_some() && known.customer != self.customer_id;
        found.unsure |= moved || known.terms().is_none();
        if self.is_partner_itself(command.partner) {
            found.code("partner_equals_customer");
        }
        self.judge_id_with_customer(command.partner, &command.relationship, found);
        self.judge_terms(
            &Asked {
                partner: command.partner,
                relationship: &command.relationship,
                name: command.display_name.as_deref(),
                duration: command.duration.as_ref(),
                extension: None,
                roles: command.roles.as_ref(),
            },
            found,
        );
        let holds = command.roles.as_ref().is_some_and(|roles| roles.contains(&GLOBAL_ADMINISTRATOR));
        if holds && known.extension == Some(GdapAutoExtend::P180D) {
            found.code("auto_extend_not_allowed_with_global_administrator");
        }
        // What it has already may be against the rules by evidence; that it stays so is not said to be refused.
        found.unsure |= command.display_name.is_none() || command.duration.is_none() || command.roles.is_none();
    }

    pub(super) fn judge_deletion(&self, command: &DeleteGdapRelationship, found: &mut Judgement) {
        let Some(known) = self.judge_found(command.partner, &command.relationship, found) else { return };
        self.judge_party(command.partner, known, found);
        self.judge_version(command.version, known.version(), found);
        if self.status_of(known) != Some(GdapStatus::Created) {
            found.code("delete_only_in_created");
        }
    }

    pub(super) fn judge_lock(&self, command: &LockGdapForApproval, found: &mut Judgement) {
        let Some(known) = self.judge_found(command.partner, &command.relationship, found) else { return };
        self.judge_party(command.partner, known, found);
        if self.status_of(known) != Some(GdapStatus::Created) {
            found.code("invalid_transition");
        }
    }

    pub(super) fn judge_approval(&self, command: &ApproveGdap, found: &mut Judgement) {
        let Some(known) = self.granular_of(command.partner, &command.relationship) else {
            found.code("gdap_relationship_not_found");
            return;
        };
        if self.acting() == Some(command.partner) {
            self.judge_consent(known, found);
            return;
        }
        if !self.is_global_admin_of_customer() {
            found.code("only_customer_may_approve");
        }
        let Some(customer) = self.customer_id else { return };
        // Rule G-20 holds of the relationship, whenever the other customer used the link.
        let ever = self.granular.ever().get(&(command.partner, command.relationship.clone()));
        if ever.is_some_and(|ever| ever.approved_by.iter().any(|by| *by != customer)) {
            found.code("invitation_already_used");
        }
        if known.customer.is_some_and(|made_for| made_for != customer) {
            found.code("customer_mismatch");
        }
        self.judge_id_with_customer(command.partner, &command.relationship, found);
        if self.is_partner_itself(command.partner) {
            found.code("partner_equals_customer");
        }
        self.judge_answer(known, found);
        if known.agreed == Some(false) {
            found.code("partner_consent_pending");
        }
    }

    /// Rules G-12 and G-14.
    fn judge_answer(&self, known: &Granular, found: &mut Judgement) {
        match self.status_of(known) {
            Some(GdapStatus::ApprovalPending) => {}
            Some(GdapStatus::RequestExpired) => found.code("request_expired"),
            Some(_) | None => found.code("invalid_transition"),
        }
    }

    /// The reseller answers what its provider made for it. Whether it may before the lock is not said.
    fn judge_consent(&self, known: &Granular, found: &mut Judgement) {
        match known.agreed {
            None => found.code("only_customer_may_approve"),
            Some(true) => found.unsure = true,
            Some(false) if self.status_of(known) == Some(GdapStatus::Created) => found.unsure = true,
            Some(false) => self.judge_answer(known, found),
        }
    }

    pub(super) fn judge_rejection(&self, command: &RejectGdap, found: &mut Judgement) {
        let Some(known) = self.judge_found(command.partner, &command.relationship, found) else { return };
        if self.acting() != Some(command.partner) || known.agreed.is_none() {
            found.code("only_reseller_may_reject");
        }
        match (known.agreed, self.status_of(known)) {
            (Some(true), _) => found.code("only_reseller_may_reject"),
            (Some(false), Some(GdapStatus::Created)) => found.unsure = true,
            (Some(false), _) => self.judge_answer(known, found),
            (None, _) => {}
        }
    }

    /// What accepted commands change until a relationship is approved.
    pub(super) fn preparation_changes(&self, command: &Command, told: &mut Vec<Told>) {
        let mut tell = |partner, relationship: &GdapRelationshipId, what| {
            told.push(Told { partner, relationship: relationship.clone(), customer: self.customer_id, what });
        };
        if let Command::CreateGdapRelationship(command) = command {
            let provider = self.acting().filter(|acting| *acting != command.partner);
            let terms = Terms {
                name: command.display_name.clone(),
                duration: command.duration.clone(),
                extension: command.auto_extend.clone(),
                roles: command.roles.clone(),
            };
            let customer = self.customer_id;
            tell(command.partner, &command.relationship, What::Made { customer, provider, terms });
        } else if let Command::UpdateGdapRelationship(command) = command {
            if let Some(terms) = self.changed_terms(command) {
                tell(command.partner, &command.relationship, What::Changed { customer: self.customer_id, terms });
            }
        } else if let Command::DeleteGdapRelationship(command) = command {
            tell(command.partner, &command.relationship, What::Deleted);
        } else if let Command::LockGdapForApproval(command) = command {
            tell(command.partner, &command.relationship, What::Locked);
        } else if let Command::ApproveGdap(command) = command {
            if let Some(what) = self.answer(command) {
                tell(command.partner, &command.relationship, what);
            }
        } else if let Command::RejectGdap(command) = command {
            tell(command.partner, &command.relationship, What::Rejected);
        }
    }

    /// The terms as a change leaves them, all of them; none when nothing differs.
    fn changed_terms(&self, command: &UpdateGdapRelationship) -> Option<Terms> {
        let known = self.granular_of(command.partner, &command.relationship)?;
        let before = known.terms()?;
        let terms = Terms {
            name: command.display_name.clone().unwrap_or_else(|| before.name.clone()),
            duration: command.duration.clone().unwrap_or_else(|| before.duration.clone()),
            extension: before.extension.clone(),
            roles: command.roles.clone().unwrap_or_else(|| before.roles.clone()),
        };
        (terms != before || known.customer != self.customer_id).then_some(terms)
    }

    fn answer(&self, command: &ApproveGdap) -> Option<What> {
        let known = self.granular_of(command.partner, &command.relationship)?;
        if self.actor.kind != ActorKind::CustomerAdmin {
            return (known.agreed == Some(false)).then_some(What::Agreed);
        }
        Some(What::Approved { customer: self.customer_id?, terms: known.terms() })
    }
}
