//! Judging granular relationships in force, their ends, and the transition that Microsoft leads (rules G-15 to G-19, G-24, D-6).

use ofrecord_core::command::gdap::{
    RemoveGlobalAdministratorRole, SetGdapAutoExtend, StartMicrosoftLedTransition, TerminateGdap,
};
use ofrecord_core::vocabulary::{GdapAutoExtend, GdapDuration, GdapStatus};
use ofrecord_core::{ActorKind, Command, CustomerId, GdapRelationshipId, PartnerTenantId};

use super::granted::Granular;
use super::granular::{Led, Terms, Told, What};
use super::terms::{end_after, judge_roles};
use super::{Judgement, Scene, cloud};

impl Scene<'_> {
    /// Microsoft, or the ledger's own people and imports, say what provisioning did.
    pub(super) fn is_recorder(&self) -> bool {
        self.is_ledgers_own() || self.actor.kind == ActorKind::Microsoft
    }

    pub(super) fn judge_recorder(&self, found: &mut Judgement) {
        if !self.is_recorder() {
            found.code("only_microsoft_may");
        }
    }

    /// Commands that put on record what happened to a relationship by itself.
    pub(super) fn judge_record(&self, command: &Command, found: &mut Judgement) {
        self.judge_recorder(found);
        let (partner, relationship) = if let Command::ActivateGdap(command) = command {
            (command.partner, &command.relationship)
        } else if let Command::RecordGdapTermination(command) = command {
            (command.partner, &command.relationship)
        } else if let Command::ExtendGdap(command) = command {
            (command.partner, &command.relationship)
        } else if let Command::ExpireGdap(command) = command {
            (command.partner, &command.relationship)
        } else if let Command::RecordGdapCleanUp(command) = command {
            (command.partner, &command.relationship)
        } else {
            return;
        };
        let Some(known) = self.judge_found(partner, relationship, found) else { return };
        let status = self.status_of(known);
        if let Command::ActivateGdap(_) = command {
            if !matches!(status, Some(GdapStatus::Approved | GdapStatus::Activating)) {
                found.code("invalid_transition");
            }
        } else if let Command::RecordGdapTermination(_) = command {
            if !matches!(status, Some(GdapStatus::TerminationRequested | GdapStatus::Terminating)) {
                found.code("invalid_transition");
            }
        } else if let Command::ExtendGdap(_) = command {
            self.judge_extension(known, found);
        } else if let Command::ExpireGdap(_) = command {
            let due = known.told() == Some(&GdapStatus::Active) && status == Some(GdapStatus::Expired);
            if !due && known.told() != Some(&GdapStatus::Expiring) {
                found.code("end_not_reached");
            }
        } else if let Command::RecordGdapCleanUp(_) = command {
            use GdapStatus::{Deleted, Expired, Rejected, RequestExpired, Terminated};
            if !matches!(status, Some(Expired | Terminated | RequestExpired | Deleted | Rejected)) {
                found.code("invalid_transition");
            }
        }
    }

    /// An extension is recorded when the end as it was told has passed and moved (rule G-18).
    fn judge_extension(&self, known: &Granular, found: &mut Judgement) {
        let end = known.end_by(self.at).filter(|_| known.is_active_at(self.at));
        match (known.end_told, end) {
            (Some(told), Some(end)) if told < end => {
                // Something else that was told since may have said so too.
                found.unsure |= known.changed_after(told);
            }
            _ => found.code("end_not_reached"),
        }
    }

    pub(super) fn judge_end(&self, command: &TerminateGdap, found: &mut Judgement) {
        let Some(known) = self.judge_found(command.partner, &command.relationship, found) else { return };
        if self.acting() != Some(command.partner) && !self.is_global_admin_of_customer() {
            found.code("actor_not_party");
            found.code("customer_global_admin_required");
        }
        if !known.is_active_at(self.at) {
            found.code("invalid_transition");
        }
    }

    pub(super) fn judge_global_administrator(&self, command: &RemoveGlobalAdministratorRole, found: &mut Judgement) {
        let Some(known) = self.judge_found(command.partner, &command.relationship, found) else { return };
        self.judge_party(command.partner, known, found);
        self.judge_version(command.version, known.version(), found);
        if !known.is_active_at(self.at) {
            found.code("not_editable_in_status");
        }
        if !known.holds_global_administrator() {
            found.code("role_not_in_relationship");
        }
    }

    pub(super) fn judge_auto_extend(&self, command: &SetGdapAutoExtend, found: &mut Judgement) {
        let Some(known) = self.judge_found(command.partner, &command.relationship, found) else { return };
        self.judge_party(command.partner, known, found);
        self.judge_version(command.version, known.version(), found);
        if !matches!(self.status_of(known), Some(GdapStatus::Created | GdapStatus::Active)) {
            found.code("not_editable_in_status");
        }
        if !command.auto_extend.is_recognised() {
            found.code("auto_extend_invalid");
        }
        if command.auto_extend == GdapAutoExtend::P180D && known.holds_global_administrator() {
            found.code("auto_extend_not_allowed_with_global_administrator");
        }
    }

    pub(super) fn judge_transition(&self, command: &StartMicrosoftLedTransition, found: &mut Judgement) {
        if !cloud::gdap_offered(self.cloud) {
            found.code("gdap_not_available");
        }
        if self.actor.kind != ActorKind::Microsoft {
            found.code("only_microsoft_may");
        }
        if self.customer.dap.get(&command.partner).is_none_or(std::collections::BTreeSet::is_empty) {
            found.code("dap_not_active");
        }
        // Rule D-6 speaks of the partner and the customer, whenever the other transition was.
        if self
            .granular
            .ever_shared()
            .iter()
            .any(|((partner, _), known)| *partner == command.partner && known.led.is_some())
        {
            found.code("transition_already_started");
        }
        self.judge_new(command.partner, &command.relationship, found);
        if !is_name_of_transition(&command.display_name) {
            found.code("display_name_invalid");
        }
        self.judge_name(command.partner, &command.relationship, &command.display_name, found);
        judge_roles(&command.roles, found);
    }

    /// Whether the days of the partner's transition are over.
    pub(super) fn transition_is_over(&self, partner: PartnerTenantId) -> bool {
        let led = self
            .granular
            .shared()
            .iter()
            .filter(|((owner, _), _)| *owner == partner)
            .filter_map(|(_, known)| known.led)
            .max();
        led.is_some_and(|led| led.plus_days(cloud::TRANSITION_DAYS) <= self.at)
    }

    /// What accepted commands change once a relationship is approved.
    pub(super) fn running_changes(&self, command: &Command, told: &mut Vec<Told>) {
        let mut tell = |partner, relationship: &GdapRelationshipId, what| {
            told.push(Told { partner, relationship: relationship.clone(), customer: self.customer_id, what });
        };
        let known = |partner, relationship: &GdapRelationshipId| self.granular_of(partner, relationship);
        if let Command::ActivateGdap(command) = command {
            let duration = known(command.partner, &command.relationship).and_then(|known| known.duration.as_ref());
            let end = duration.and_then(|duration| end_after(duration, self.at));
            let what = What::Begun { customer: None, end, terms: None, led: Led::ByNobody };
            tell(command.partner, &command.relationship, what);
        } else if let Command::TerminateGdap(command) = command {
            tell(command.partner, &command.relationship, What::EndAsked);
        } else if let Command::RecordGdapTermination(command) = command {
            tell(command.partner, &command.relationship, What::Ended);
        } else if let Command::RemoveGlobalAdministratorRole(command) = command {
            tell(command.partner, &command.relationship, What::GlobalAdministratorOut);
        } else if let Command::SetGdapAutoExtend(command) = command {
            let known = known(command.partner, &command.relationship).and_then(|known| known.extension.as_ref());
            // Telling again what holds already is not recorded.
            if known != Some(&command.auto_extend) {
                let what = What::ExtensionSet(command.auto_extend.clone());
                tell(command.partner, &command.relationship, what);
            }
        } else if let Command::ExtendGdap(command) = command {
            let end = known(command.partner, &command.relationship).and_then(|known| known.end_by(self.at));
            end.into_iter().for_each(|end| tell(command.partner, &command.relationship, What::Extended { end }));
        } else if let Command::ExpireGdap(command) = command {
            tell(command.partner, &command.relationship, What::Expired);
        } else if let Command::RecordGdapCleanUp(command) = command {
            if known(command.partner, &command.relationship).is_some_and(|known| !known.cleaned_up) {
                tell(command.partner, &command.relationship, What::CleanedUp);
            }
        } else if let Command::StartMicrosoftLedTransition(command) = command {
            let what = led(command, self.customer_id, self.at);
            tell(command.partner, &command.relationship, what);
        }
    }
}

/// One year from the start, without the customer's approval (rule D-6).
fn led(command: &StartMicrosoftLedTransition, customer: Option<CustomerId>, at: ofrecord_core::Timestamp) -> What {
    let terms = Terms {
        name: command.display_name.clone(),
        duration: GdapDuration::of_days(365),
        extension: GdapAutoExtend::P0D,
        roles: command.roles.clone(),
    };
    What::Begun { customer, end: Some(at.plus_days(365)), terms: Some(terms), led: Led::ByMicrosoft }
}

/// `MLT_` and three groups of eight characters joined by `_`.
fn is_name_of_transition(name: &str) -> bool {
    let mut parts = name.split('_');
    parts.next() == Some("MLT")
        && parts.clone().count() == 3
        && parts.all(|part| part.chars().count() == 8 && part.chars().all(char::is_alphanumeric))
}
