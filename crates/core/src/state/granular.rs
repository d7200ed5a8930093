//! Granular relationships and what holds of them at an instant: ends and extensions are computed, never awaited (rules G-14, G-18, L-7).

use std::collections::{BTreeMap, BTreeSet};

use crate::entra_role::GLOBAL_ADMINISTRATOR;
use crate::event::gdap::{GdapOperationObserved, GdapRequestObserved, GdapTerms};
use crate::fold::{Cell, Stamp};
use crate::id::{AccessAssignmentId, CustomerId, GdapRelationshipId, PartnerTenantId, RoleId, SecurityGroupId};
use crate::policy::Policy;
use crate::state::SharedMap;
use crate::time::Timestamp;
use crate::vocabulary::{
    AccessContainerType, ApprovalBasis, AssignmentStatus, GdapAutoExtend, GdapDuration, GdapStatus, RemovedBy,
};

/// Granular relationships by their id, ended ones included: of one customer, or of one partner.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GranularRelationships {
    /// By relationship.
    pub by_id: SharedMap<GdapRelationshipId, GdapRelationship>,
    /// The ids of those that have a name, so that a name is looked up in as many relationships as have it.
    ids_by_name: SharedMap<String, BTreeSet<GdapRelationshipId>>,
}

/// One granular relationship. What no source says is absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GdapRelationship {
    /// The partner who administers.
    pub partner: PartnerTenantId,
    /// The customer, once known.
    pub customer: Option<Cell<CustomerId>>,
    /// Its name.
    pub display_name: Option<Cell<String>>,
    /// How long it runs.
    pub duration: Option<Cell<GdapDuration>>,
    /// By how much it goes on at its end.
    pub auto_extend: Option<Cell<GdapAutoExtend>>,
    /// The roles it may give.
    pub roles: Option<Cell<BTreeSet<RoleId>>>,
    /// Since when Global Administrator was in it, and when it was taken out.
    pub global_administrator: Option<GlobalAdministratorSpell>,
    /// The provider who made it for its reseller.
    pub provider: Option<Cell<PartnerTenantId>>,
    /// Whether the reseller's consent is pending, where its provider made it.
    pub partner_consent: Option<Cell<Consent>>,
    /// Status as last recorded; what holds at an instant follows from it.
    pub status: Option<Cell<GdapStatus>>,
    /// When it was made, as far as known.
    pub created_at: Option<Cell<Timestamp>>,
    /// When it was last changed, as a source says.
    pub modified_at: Option<Cell<Timestamp>>,
    /// When it was locked for approval.
    pub submitted: Option<Stamp>,
    /// The customer's side.
    pub approval: Option<Cell<Approval>>,
    /// When it came into force; set once (rule G-19).
    pub activated_at: Option<Cell<Timestamp>>,
    /// When it ends, with the extensions that were due when something was last recorded of it.
    pub ends_at: Option<Cell<Timestamp>>,
    /// When its end first moved by itself or by an event, and how often it has.
    pub extended: Option<Cell<u32>>,
    /// Which side asked for its end.
    pub termination: Option<Cell<RemovedBy>>,
    /// When Microsoft ceased to show it.
    pub cleaned_up: Option<Stamp>,
    /// The source's entity tag, verbatim.
    pub etag: Option<Cell<String>>,
    /// Its access assignments; a partner's own stream does not have them.
    pub assignments: SharedMap<AccessAssignmentId, AccessAssignment>,
    /// Requests as sources show them, by id.
    pub requests: BTreeMap<String, Cell<GdapRequestObserved>>,
    /// Long-running operations as sources show them, by id.
    pub operations: BTreeMap<String, Cell<GdapOperationObserved>>,
    /// How often it was changed: the version that a change must name (rule G-11).
    pub version: u64,
    /// The newest change; several events of one entry are one.
    pub changed: Stamp,
    /// The event by which it came into the ledger.
    pub first_seen: Stamp,
}

/// Whether a reseller agreed to what its provider made for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Consent {
    /// Not yet.
    Pending,
    /// It did.
    Given,
}

/// The customer's side of a granular relationship.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// On what it rests.
    pub basis: ApprovalBasis,
    /// Who approved, where a source says.
    pub by: Option<String>,
}

/// Since when a relationship held Global Administrator, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlobalAdministratorSpell {
    /// The event by which it was first seen with the role.
    pub since: Stamp,
    /// The event that took it out.
    pub removed: Option<Stamp>,
}

/// What gives a group of the partner's tenant roles of a relationship.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessAssignment {
    /// The group.
    pub group: Option<Cell<SecurityGroupId>>,
    /// What kind of container that is.
    pub container_type: Option<Cell<AccessContainerType>>,
    /// The roles given.
    pub roles: Option<Cell<BTreeSet<RoleId>>>,
    /// Status as last recorded.
    pub status: Option<Cell<AssignmentStatus>>,
    /// When it was made, as far as known.
    pub created_at: Option<Cell<Timestamp>>,
    /// When it was last changed, as a source says.
    pub modified_at: Option<Cell<Timestamp>>,
    /// The source's entity tag, verbatim.
    pub etag: Option<Cell<String>>,
    /// How often it was changed: the version that a change must name (rule A-6).
    pub version: u64,
    /// The newest change.
    pub changed: Stamp,
    /// The event by which it came into the ledger.
    pub first_seen: Stamp,
}

/// The status of a granular relationship at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GdapStatusAt {
    /// The status; none when no source gave one.
    pub status: Option<GdapStatus>,
    /// Since when.
    pub since: Timestamp,
    /// When it ends or ended, with every extension due by the instant.
    pub ends_at: Option<Timestamp>,
    /// How often its end has moved by the instant.
    pub extensions: u32,
    /// The rule by which time alone brought the status or the end about.
    pub rule: Option<&'static str>,
    /// The event that it follows from.
    pub set: Stamp,
}

impl GdapStatusAt {
    /// Whether the relationship is in force.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == Some(GdapStatus::Active)
    }
}

impl GdapRelationship {
    /// A relationship of which nothing is known but that a source spoke of it.
    fn unknown(partner: PartnerTenantId, seen: Stamp) -> Self {
        Self {
            partner,
            customer: None,
            display_name: None,
            duration: None,
            auto_extend: None,
            roles: None,
            global_administrator: None,
            provider: None,
            partner_consent: None,
            status: None,
            created_at: None,
            modified_at: None,
            submitted: None,
            approval: None,
            activated_at: None,
            ends_at: None,
            extended: None,
            termination: None,
            cleaned_up: None,
            etag: None,
            assignments: SharedMap::default(),
            requests: BTreeMap::new(),
            operations: BTreeMap::new(),
            version: 0,
            changed: seen,
            first_seen: seen,
        }
    }

    /// The terms, when all of them are known.
    #[must_use]
    pub fn terms(&self) -> Option<GdapTerms> {
        Some(GdapTerms {
            display_name: self.display_name.as_ref()?.value.clone(),
            duration: self.duration.as_ref()?.value.clone(),
            auto_extend: self.auto_extend.as_ref()?.value.clone(),
            roles: self.roles.as_ref()?.value.clone(),
        })
    }

    /// Whether a role is in it, as far as its roles are known.
    #[must_use]
    pub fn holds(&self, role: RoleId) -> bool {
        self.roles.as_ref().is_some_and(|roles| roles.value.contains(&role))
    }

    /// The end and the number of extensions due by an instant, given that it is in force until then.
    #[must_use]
    pub(crate) fn end_by(&self, at: Timestamp) -> Option<(Timestamp, u32)> {
        let end = self.ends_at.as_ref()?.value;
        let days = self.auto_extend.as_ref().and_then(|known| known.value.days());
        let Some(days) = days.filter(|_| end <= at && !self.holds(GLOBAL_ADMINISTRATOR)) else { return Some((end, 0)) };
        let extensions = at.days_since(end) / days + 1;
        Some((end.plus_days(extensions.saturating_mul(days)), u32::try_from(extensions).unwrap_or(u32::MAX)))
    }

    /// The status at an instant not before the newest event folded.
    #[must_use]
    pub fn status_at(&self, at: Timestamp, policy: &Policy) -> GdapStatusAt {
        let known = self.extended.as_ref().map_or(0, |extended| extended.value);
        let Some(recorded) = &self.status else {
            let (set, ends_at) = (self.first_seen, self.ends_at.as_ref().map(|end| end.value));
            return GdapStatusAt { status: None, since: set.effective_at, ends_at, extensions: known, rule: None, set };
        };
        let as_recorded = GdapStatusAt {
            status: Some(recorded.value.clone()),
            since: recorded.set.effective_at,
            ends_at: self.ends_at.as_ref().map(|end| end.value),
            extensions: known,
            rule: None,
            set: recorded.set,
        };
        match recorded.value {
            GdapStatus::Active => self.active_at(as_recorded, at),
            GdapStatus::ApprovalPending => {
                let asked = self.submitted.map_or(recorded.set.effective_at, |submitted| submitted.effective_at);
                let over = asked.plus_days(policy.gdap_request_days);
                if at < over {
                    return as_recorded;
                }
                let status = Some(GdapStatus::RequestExpired);
                GdapStatusAt { status, since: over, rule: Some("G-14"), ..as_recorded }
            }
            GdapStatus::Created
            | GdapStatus::Approved
            | GdapStatus::Activating
            | GdapStatus::Expiring
            | GdapStatus::Expired
            | GdapStatus::TerminationRequested
            | GdapStatus::Terminating
            | GdapStatus::Terminated
            | GdapStatus::Rejected
            | GdapStatus::RequestExpired
            | GdapStatus::Deleted
            | GdapStatus::Unrecognised(_) => as_recorded,
        }
    }

    /// Rule G-18: at its end it goes on by its extension, or has expired, whether an event says so or not.
    fn active_at(&self, recorded: GdapStatusAt, at: Timestamp) -> GdapStatusAt {
        let Some((end, extensions)) = self.end_by(at) else { return recorded };
        if end <= at {
            let status = Some(GdapStatus::Expired);
            return GdapStatusAt { status, since: end, rule: Some("G-18"), ..recorded };
        }
        let rule = (extensions > 0).then_some("G-18");
        GdapStatusAt {
            ends_at: Some(end),
            extensions: recorded.extensions.saturating_add(extensions),
            rule,
            ..recorded
        }
    }

    /// The next instant after `at` at which time alone changes the status or the end; none when nothing follows.
    #[must_use]
    pub fn next_change(&self, at: Timestamp, policy: &Policy) -> Option<Timestamp> {
        let holds = self.status_at(at, policy);
        let next = match holds.status {
            Some(GdapStatus::Active) => holds.ends_at,
            Some(GdapStatus::ApprovalPending) => {
                Some(self.submitted.map_or(holds.since, |asked| asked.effective_at).plus_days(policy.gdap_request_days))
            }
            Some(_) | None => None,
        };
        next.filter(|next| at < *next && *next < Timestamp::MAX)
    }

    /// Whether Microsoft would still show it at an instant, as far as known: its name is taken as long (rule G-2).
    #[must_use]
    pub fn is_visible_at(&self, at: Timestamp, policy: &Policy) -> bool {
        if self.cleaned_up.is_some() {
            return false;
        }
        let holds = self.status_at(at, policy);
        match holds.status {
            Some(GdapStatus::Deleted | GdapStatus::Rejected | GdapStatus::RequestExpired) => false,
            Some(GdapStatus::Expired | GdapStatus::Terminated) => at < holds.since.plus_days(policy.gdap_kept_days),
            Some(_) | None => true,
        }
    }

    /// The roles that an assignment really gives: those that are in the relationship too, where both are known.
    #[must_use]
    pub fn roles_given(&self, assignment: &AccessAssignment) -> BTreeSet<RoleId> {
        let given = assignment.roles.as_ref().map(|roles| &roles.value);
        match (given, self.roles.as_ref().map(|roles| &roles.value)) {
            (Some(given), Some(held)) => given & held,
            (Some(given), None) => given.clone(),
            (None, _) => BTreeSet::new(),
        }
    }
}

impl AccessAssignment {
    /// An assignment of which nothing is known but that a source spoke of it.
    fn unknown(seen: Stamp) -> Self {
        Self {
            group: None,
            container_type: None,
            roles: None,
            status: None,
            created_at: None,
            modified_at: None,
            etag: None,
            version: 0,
            changed: seen,
            first_seen: seen,
        }
    }

    /// Whether it is there or will be: its group cannot be given another one (rule A-4).
    #[must_use]
    pub fn is_live(&self) -> bool {
        matches!(
            self.status.as_ref().map(|status| &status.value),
            Some(AssignmentStatus::Pending | AssignmentStatus::Active)
        )
    }

    /// Whether it is in force, given that its relationship is (rule A-8).
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.value == AssignmentStatus::Active)
    }
}

impl GranularRelationships {
    /// The relationship; one that no source spoke of before comes into being.
    pub fn entry(&mut self, partner: PartnerTenantId, id: &GdapRelationshipId, seen: Stamp) -> &mut GdapRelationship {
        self.by_id.get_or_insert_with(id.clone(), || GdapRelationship::unknown(partner, seen))
    }

    /// Those that have a name, in the order of their ids.
    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = (&GdapRelationshipId, &GdapRelationship)> {
        self.ids_by_name.get(name).into_iter().flatten().filter_map(|id| self.by_id.get_key_value(id))
    }

    /// Keeps the names in step with one relationship. Must be called after every event on it, with its name before.
    pub(crate) fn note_name(&mut self, id: &GdapRelationshipId, before: Option<&str>) {
        let now = self.by_id.get(id).and_then(|known| known.display_name.as_ref()).map(|name| name.value.as_str());
        if now == before {
            return;
        }
        if let Some(before) = before
            && let Some(ids) = self.ids_by_name.get_mut(before)
        {
            ids.remove(id);
            if ids.is_empty() {
                self.ids_by_name.remove(before);
            }
        }
        if let Some(now) = now {
            self.ids_by_name.get_or_default(now.to_owned()).insert(id.clone());
        }
    }

    /// Whether any relationship of a partner is in force at an instant.
    #[must_use]
    pub fn any_active(&self, partner: PartnerTenantId, at: Timestamp, policy: &Policy) -> bool {
        self.by_id.values().any(|known| known.partner == partner && known.status_at(at, policy).is_active())
    }

    /// Whether a group of the partner holds a role at an instant, by an assignment in force.
    #[must_use]
    pub fn gives(&self, partner: PartnerTenantId, roles: &[RoleId], at: Timestamp, policy: &Policy) -> bool {
        let of_partner = self.by_id.values().filter(|known| known.partner == partner);
        of_partner.filter(|known| known.status_at(at, policy).is_active()).any(|known| {
            let active = known.assignments.values().filter(|assignment| assignment.is_active());
            active
                .map(|assignment| known.roles_given(assignment))
                .any(|given| roles.iter().any(|role| given.contains(role)))
        })
    }
}

impl GdapRelationship {
    /// The assignment; one that no source spoke of before comes into being.
    pub(crate) fn assignment(&mut self, id: AccessAssignmentId, seen: Stamp) -> &mut AccessAssignment {
        self.assignments.get_or_insert_with(id, || AccessAssignment::unknown(seen))
    }
}
