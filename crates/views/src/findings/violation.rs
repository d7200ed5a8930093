//! Facts that the rules would have refused as commands: each is held against the state just before it (rule L-12).

use ofrecord_core::event::dap::DapEndCause;
use ofrecord_core::event::subscription::{SubscriptionSeatsChanged, SubscriptionTermChanged};
use ofrecord_core::fold::Fact;
use ofrecord_core::policy::{DapOffer, IndirectInvitation};
use ofrecord_core::state::Subscription;
use ofrecord_core::vocabulary::{RelationshipKind, SubscriptionStatus, TenantType};
use ofrecord_core::{Customer, Event, Family, PartnerTenantId, State, SubscriptionId};

use super::{Scene, finding};
use crate::cells::Cells;
use crate::finding::{Finding, FindingCode, FindingSubject};
use crate::viewpoint::Viewpoint;

mod granular;
mod transfer;

pub(super) fn findings(scene: &Scene<'_>) -> Vec<Finding> {
    let mut state = Customer::default();
    let mut found = Vec::new();
    for fact in &scene.facts {
        let before = Before { scene, state: &state, fact };
        found.extend(before.violation());
        state.apply(fact);
    }
    found
}

/// A fact and the state that it met.
struct Before<'a> {
    scene: &'a Scene<'a>,
    state: &'a Customer,
    fact: &'a Fact,
}

impl Before<'_> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the rest is about one subscription, or holds in every state")]
    fn violation(&self) -> Option<Finding> {
        match &*self.fact.event {
            Event::ResellerRelationshipAcceptedByCustomer(event) => self.establishing(event.partner),
            Event::ResellerRelationshipReestablished(event) => self.establishing(event.partner),
            Event::ResellerRelationshipExtended(event) => self.establishing(event.provider),
            Event::CustomerAdded(event) => self.establishing(event.partner),
            Event::ResellerRelationshipRemovedByPartner(event) => self.removing(event.partner),
            Event::DapGranted(event) => self.granting(event.partner),
            Event::DapRemovedByCustomer(event) => self.ending_dap(event.partner),
            Event::DapRemovedByPartner(event) => match event.cause {
                DapEndCause::Requested => self.ending_dap(event.partner),
                // The end of the relationship took it along, and comes before it in the same entry (rule M-9).
                DapEndCause::RelationshipRemoved => None,
            },
            Event::DapTerminatedByMicrosoft(event) => self.ending_dap(event.partner),
            Event::CustomerAgreementConfirmed(event) if event.date_agreed > self.fact.effective_at => {
                let sentence =
                    format!("an agreement of {} was confirmed before that day", event.date_agreed.date_text());
                Some(self.broken("B-3", FindingSubject::default(), sentence, &Cells::default()))
            }
            Event::SubscriptionPurchased(event) => self.buying(event.owner, event.subscription),
            event if event.family() == Family::Granular => self.granular(),
            Event::SubscriptionTransferRequested(event) => self.requesting(event),
            Event::SubscriptionTransferAccepted(event) => self.accepting(event),
            Event::SubscriptionTransferCompleted(event) => self.carrying_out(event),
            event => {
                let id = event.subscription()?;
                self.changing(id, self.state.subscriptions.by_id.get(&id)?)
            }
        }
    }

    fn broken(&self, rule: &'static str, subject: FindingSubject, sentence: String, behind: &Cells) -> Finding {
        let positions = self.fact.stamp().positions().chain(behind.positions());
        Finding {
            rule: Some(rule),
            ..finding(FindingCode::RuleViolatedInEvidence, subject, self.fact.effective_at, sentence, positions)
        }
    }

    /// Rules.
    fn establishing(&self, partner: PartnerTenantId) -> Option<Finding> {
        let subject = FindingSubject::partner(partner);
        if self.scene.record.id().as_partner() == partner {
            let sentence = "the customer is the partner itself".to_owned();
            return Some(self.broken("R-9", subject, sentence, &Cells::default()));
        }
        let tenant = self.state.profile.tenant_type.as_ref()?;
        let rule = match &tenant.value {
            TenantType::B2c | TenantType::ExternalId => "R-6",
            TenantType::CspTransaction => "R-8",
            TenantType::Organisation | TenantType::CspCorporate | TenantType::Unrecognised(_) => return None,
        };
        let mut behind = Cells::default();
        behind.cell("tenant_type", Some(tenant));
        let sentence =
            format!("a relationship with partner {partner} was established in a tenant of type {}", tenant.value);
        Some(self.broken(rule, subject, sentence, &behind))
    }

    /// Rules M-1 and M-11.
    fn removing(&self, partner: PartnerTenantId) -> Option<Finding> {
        let subject = FindingSubject::partner(partner);
        if self.state.resellers.standing(partner).is_none() {
            let sentence = format!("the relationship with partner {partner} was removed when none stood");
            return Some(self.broken("M-11", subject, sentence, &Cells::default()));
        }
        let mut behind = Cells::default();
        let mut active = Vec::new();
        for (id, subscription) in &self.state.subscriptions.by_id {
            let owned = subscription.owner.as_ref().filter(|owner| owner.value == partner);
            if owned.is_some() && self.status(subscription) == SubscriptionStatus::Active {
                behind.cell("owner", owned);
                crate::subscriptions::status_cells(subscription, "status", &mut behind);
                active.push(id.to_string());
            }
        }
        if active.is_empty() {
            return None;
        }
        let sentence =
            format!("partner {partner} removed the relationship with active subscriptions {}", active.join(", "));
        Some(self.broken("M-1", subject, sentence, &behind))
    }

    /// Rules D-2 and R-13.
    fn granting(&self, partner: PartnerTenantId) -> Option<Finding> {
        let subject = FindingSubject::partner(partner);
        if !self.may_have_dap(partner) {
            let sentence = format!("DAP was granted to partner {partner} without a relationship");
            return Some(self.broken("D-2", subject, sentence, &Cells::default()));
        }
        match self.scene.viewpoint.policy.dap_offer {
            DapOffer::OfferedUntil(end) if self.fact.effective_at >= end => {
                let sentence =
                    format!("DAP was granted to partner {partner}; the cloud offered it until {}", end.date_text());
                Some(self.broken("R-13", subject, sentence, &Cells::default()))
            }
            DapOffer::OfferedUntil(_) | DapOffer::Offered | DapOffer::Required => None,
        }
    }

    /// As the rule takes it: resellers, advisors, and resellers of a provider who is one.
    fn may_have_dap(&self, partner: PartnerTenantId) -> bool {
        let own = self.state.resellers.relationships.get(&partner).filter(|known| known.ended.is_none());
        let kinds = [RelationshipKind::Reseller, RelationshipKind::Advisor];
        let through_provider = || {
            self.scene.viewpoint.policy.indirect_invitation == IndirectInvitation::ProviderOnly
                && self.scene.partners.get(&partner).is_some_and(|account| {
                    account.partnerships.iter().any(|((provider, reseller), partnership)| {
                        *reseller == partner
                            && partnership.is_active()
                            && self.state.resellers.standing(*provider).is_some()
                    })
                })
        };
        own.is_some_and(|known| kinds.contains(&known.kind.value)) || through_provider()
    }

    /// Rule D-3.
    fn ending_dap(&self, partner: PartnerTenantId) -> Option<Finding> {
        if self.state.access.of(partner).is_some_and(ofrecord_core::state::Access::has_dap) {
            return None;
        }
        let sentence = format!("DAP of partner {partner} ended when none was on");
        Some(self.broken("D-3", FindingSubject::partner(partner), sentence, &Cells::default()))
    }

    /// Rule B-2.
    fn buying(&self, owner: PartnerTenantId, id: SubscriptionId) -> Option<Finding> {
        if self.state.resellers.standing(owner).is_some() {
            return None;
        }
        let subject = FindingSubject { partner: Some(owner), ..FindingSubject::subscription(id) };
        let sentence = format!("subscription {id} was sold by partner {owner}, which was not a reseller then");
        Some(self.broken("B-2", subject, sentence, &Cells::default()))
    }

    fn status(&self, subscription: &Subscription) -> SubscriptionStatus {
        let then = Viewpoint { as_of: self.fact.effective_at, ..*self.scene.viewpoint };
        crate::subscriptions::status(subscription, &then).status
    }

    /// Rules U-1, U-3, U-4 and U-7.
    #[expect(clippy::wildcard_enum_match_arm, reason = "no other change breaks a rule that the record can show")]
    fn changing(&self, id: SubscriptionId, subscription: &Subscription) -> Option<Finding> {
        let (rule, what) = match &*self.fact.event {
            // A source may show or announce a deleted subscription, partners of record stay
            // changeable, and a second word that it is deleted says nothing new.
            Event::SubscriptionObserved(_)
            | Event::SubscriptionUpdateNotified(_)
            | Event::SubscriptionDeleted(_)
            | Event::ResellerOfRecordChanged(_)
            | Event::DigitalPartnerOfRecordSet(_)
            | Event::PartnerAdminLinked(_)
            | Event::CporClaimSubmitted(_)
            | Event::CporClaimApproved(_)
            | Event::CporClaimRejected(_)
            | Event::CporClaimDisputed(_)
            | Event::SubscriptionTransferLineFailed(_)
            | Event::SupportContactChanged(_) => return None,
            _ if self.status(subscription) == SubscriptionStatus::Deleted => {
                ("U-4", "was changed when it was deleted already".to_owned())
            }
            Event::SubscriptionCancelled(_) => self.cancelled_late(subscription)?,
            Event::SubscriptionSeatsChanged(event) => self.seats_while_suspended(event, subscription)?,
            Event::SubscriptionTermChanged(event) => shortened(event)?,
            _ => return None,
        };
        let mut behind = Cells::default();
        crate::subscriptions::status_cells(subscription, "status", &mut behind);
        let sentence = format!("subscription {id} {what}");
        Some(self.broken(rule, FindingSubject::subscription(id), sentence, &behind))
    }

    fn cancelled_late(&self, subscription: &Subscription) -> Option<(&'static str, String)> {
        let until = subscription.terms.cancellation_allowed_until.as_ref()?.value;
        (until < self.fact.effective_at).then(|| ("U-1", format!("was cancelled after its window closed at {until}")))
    }

    fn seats_while_suspended(
        &self,
        event: &SubscriptionSeatsChanged,
        subscription: &Subscription,
    ) -> Option<(&'static str, String)> {
        let suspended = self.status(subscription) == SubscriptionStatus::Suspended;
        (suspended && event.after > event.before).then(|| ("U-3", "got seats while it was suspended".to_owned()))
    }
}

fn shortened(event: &SubscriptionTermChanged) -> Option<(&'static str, String)> {
    let (before, after) = (event.before.months()?, event.after.months()?);
    (after < before).then(|| ("U-7", format!("had its term shortened from {} to {}", event.before, event.after)))
}
